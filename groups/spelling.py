"""The words of a search against the words that the directory holds: which count, which are misspelt."""

import re
from enum import StrEnum
from math import log
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity

from directory.keeping import kept_for_a_minute
from directory.preparing import prepared_cursor
from directory.search import MOST_WORDS
from directory.understanding import singular
from directory.words import one_slip_from
from groups.matches import Term
from groups.models import SearchWord
from groups.models.search import statistics

SHORTEST_MISSPELT = 4
# From this length on, a word may have two slips.
LONG = 8
MOST_GUESSES = 30
# Words that as many groups hold are kept at hand, so many at most.
COMMON_FROM, MOST_KEPT = 10, 10_000
_PLAIN = re.compile(r"[A-Za-z ]*")


class Held(StrEnum):
    """How the directory holds a word: as it was typed, or another with the same stem, or not at all."""

    AS_TYPED = "as typed"
    BY_STEM = "by stem"
    NOT = ""


class Spelt(NamedTuple):
    """The terms of a search. `corrected` holds (typed, taken) for each word that was read as another.

    `beside` holds the terms, as typed, of each text that was looked up with it.
    """

    terms: tuple
    corrected: tuple
    beside: tuple


def terms_of(*texts):
    """Return the terms of each text as it was typed, stop words left out."""
    return tuple(map(_as_typed, _look_up(texts)))


def _as_typed(rows):
    return tuple(Term(word, groups, total) for word, _stem, _held, groups, total in rows)


def spell(words, known=frozenset(), beside=()):
    """Return the terms for the words typed, stop words left out, misspelt ones corrected.

    `known` are words that are right although no listing holds them. `beside` are texts whose words are looked up in the
    same statement.
    """
    rows, *others = _look_up([words, *beside])
    terms, corrected = [], []
    for word, stem, held, groups, total in rows:
        taken = word
        if held != Held.AS_TYPED and word not in known and len(word) >= SHORTEST_MISSPELT:
            if held == Held.BY_STEM:
                taken = _same_word(word, stem, known)
            elif guess := _nearest(word):
                taken, groups = guess.word, guess.groups
            elif meant := sorted(one_slip_from(word) & known, key=lambda near: (near[0] != word[0], near)):
                taken = meant[0]
            if taken != word:
                corrected.append((word, taken))
        terms.append(Term(taken, groups, total))
    return Spelt(tuple(terms), tuple(corrected), tuple(map(_as_typed, others)))


def _same_word(word, stem, known):
    """Return the known word that `word` misspells although both are cut to one stem: 'diabets'. Else `word`."""
    meant = one_slip_from(word) & known
    # A plural, or the singular of one, means the same as it stands.
    if not meant or any(singular(word) == singular(each) for each in meant):
        return word
    return min(SearchWord.objects.filter(word__in=meant, stem=stem).values_list("word", flat=True), default=word)


@kept_for_a_minute
def common_words():
    """Return {word: (stem, groups)} of the words that most groups hold: most of what people type needs no query."""
    words = SearchWord.objects.filter(groups__gte=COMMON_FROM).order_by("-groups", "word")[:MOST_KEPT]
    return {word: (stem, groups) for word, stem, groups in words.values_list("word", "stem", "groups")}


def _look_up(texts):
    """Return (word, its stem, how it is held, by how many groups, of how many) for the words of each text."""
    common, total = common_words(), max(1, int(statistics().groups))
    # As `search_terms` has it: so many words, and of letters without accents or marks nothing but small ones.
    typed = [list(dict.fromkeys(text.lower().split()))[:MOST_WORDS] for text in texts if _PLAIN.fullmatch(text)]
    if len(typed) == len(texts) and all(word in common for words in typed for word in words):
        return [[(word, common[word][0], Held.AS_TYPED, common[word][1], total) for word in words] for words in typed]
    found = [[] for _text in texts]
    with prepared_cursor() as cursor:
        cursor.execute("SELECT * FROM search_terms(%s)", [list(texts)])
        for number, *row in cursor.fetchall():
            found[number - 1].append(row)
    return found


def _nearest(word):
    """Return the known word that was most likely meant, or `None`: one slip away, two in a long word; often used."""
    near = list(SearchWord.objects.filter(word__in=one_slip_from(word)))
    if not near and len(word) >= LONG:
        alike = SearchWord.objects.filter(word__trigram_similar=word).annotate(likeness=TrigramSimilarity("word", word))
        near = [guess for guess in alike.order_by("-likeness")[:MOST_GUESSES] if slips(word, guess.word) <= 2]
    # The first letter is seldom wrong, and a word that many groups use is the likelier one.
    return min(
        near,
        key=lambda guess: slips(word, guess.word) + (word[0] != guess.word[0]) * 0.6 - log(1 + guess.groups) * 0.05,
        default=None,
    )


def slips(a, b):
    """Return how many slips of the finger lie between two words: a letter wrong, missing, extra, or two swapped.

    The optimal string alignment distance (Damerau and Levenshtein).
    """
    before, row = [], list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
