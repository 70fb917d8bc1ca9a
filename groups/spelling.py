"""The words of a search against the words that the directory holds: which count, which are misspelt."""

import re
from enum import StrEnum
from math import log
from typing import NamedTuple

from directory.keeping import answers_to, kept_for_a_minute
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
_ELIDED = re.compile(r"\b(?:l|d|j|m|n|s|t|c|qu)['`](?=[aeiouhy])")
_APOSTROPHES, _NOT_WORDS = re.compile("['`]"), re.compile("[^a-z0-9]+")
_INITIALS = re.compile(r"\b(\w)\.(?=\w(?:\.|\b))")


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


class Guess(NamedTuple):
    """A word that may have been meant; where the directory holds it, its stem and the groups that hold that.

    `typed` is the word that was looked for, where several were.
    """

    word: str
    stem: str | None = None
    groups: int | None = None
    typed: str = ""


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
    doubtful = {
        word: stem if held == Held.BY_STEM else None
        for word, stem, held, _groups, _total in rows
        if held != Held.AS_TYPED and word not in known and len(word) >= SHORTEST_MISSPELT
    }
    meant = _meant(doubtful, known) if doubtful else {}
    terms, corrected = [], []
    for word, _stem, _held, groups, total in rows:
        taken = meant.get(word, Guess(word))
        if taken.word != word:
            corrected.append((word, taken.word))
        if taken.stem:
            groups = taken.groups
            answers_to("word")[taken.word] = [taken.word, taken.stem, Held.AS_TYPED, groups, total]
        terms.append(Term(taken.word, groups, total))
    return Spelt(tuple(terms), tuple(corrected), tuple(map(_as_typed, others)))


def _meant(doubtful, known):
    """Return {word: the `Guess` at what was meant} for those that were misspelt, in two statements at most.

    `doubtful` is {word: the stem that it has in common with a word that is held, or `None`}.
    """
    slipped = {word: one_slip_from(word) & known if stem else one_slip_from(word) for word, stem in doubtful.items()}
    near = _known_among(set().union(*slipped.values()))
    meant = {}
    for word, stem in doubtful.items():
        guesses = [guess for each in slipped[word] if (guess := near[each])]
        meant[word] = _same_word(word, stem, slipped[word], guesses) if stem else _likeliest(word, guesses)
    left = [word for word, stem in doubtful.items() if not (stem or meant[word])]
    alike = _known_like([word for word in left if len(word) >= LONG])
    for word in left:
        guesses = [guess for guess in alike.get(word, ()) if slips(word, guess.word) <= 2]
        ones = sorted(slipped[word] & known, key=lambda one: (one[0] != word[0], one))
        meant[word] = _likeliest(word, guesses) or (Guess(ones[0]) if ones else None)
    return {word: guess for word, guess in meant.items() if guess}


def _same_word(word, stem, ones, guesses):
    """Return the `Guess` at a known word that `word` misspells although both have one stem ('diabets'), or `None`."""
    # A plural, or the singular of one, means the same as it stands.
    if any(singular(word) == singular(each) for each in ones):
        return None
    return min((guess for guess in guesses if guess.stem == stem), default=None)


@kept_for_a_minute
def common_words():
    """Return {word: (stem, groups)} of the words that most groups hold: most of what people type needs no query."""
    words = SearchWord.objects.filter(groups__gte=COMMON_FROM).order_by("-groups", "word")[:MOST_KEPT]
    return {word: (stem, groups) for word, stem, groups in words.values_list("word", "stem", "groups")}


def _look_up(texts):
    """Return (word, its stem, how it is held, by how many groups, of how many) for the words of each text."""
    common, total, known = common_words(), max(1, int(statistics().groups)), answers_to("word")
    typed = [words_in(text) for text in texts]
    if all(words is not None and all(word in common or word in known for word in words) for words in typed):
        return [[row for word in words if (row := known.get(word) or _row(word, common, total))] for words in typed]
    found = [[] for _text in texts]
    with prepared_cursor() as cursor:
        cursor.execute("SELECT * FROM search_terms(%s)", [list(texts)])
        for number, *row in cursor.fetchall():
            found[number - 1].append(row)
            known[row[0]] = row
    # What tells nothing has no row: 'the'.
    known.update((word, None) for words in typed for word in words or [] if word not in known)
    return found


def _row(word, common, total):
    if word in common:
        stem, groups = common[word]
        return [word, stem, Held.AS_TYPED, groups, total]
    return None


def words_in(text):
    """Return the words of a text as the SQL function `search_text` cuts it, each once, or `None` for other letters."""
    if not text.isascii():
        return None
    text = _APOSTROPHES.sub("", _ELIDED.sub("", text.lower()))
    text = _INITIALS.sub(r"\1", text.replace("&", " and "))
    return list(dict.fromkeys(_NOT_WORDS.sub(" ", text).split()))[:MOST_WORDS]


def _known_among(words):
    """Return {word: its `Guess`, or `None` where the directory does not hold it} for these words at least."""
    near = answers_to("near")
    if missing := words - near.keys():
        near.update(dict.fromkeys(missing))
        near.update((guess.word, guess) for guess in _guesses(_AMONG, [list(missing)]))
    return near


def _known_like(words):
    """Return {word: guesses at it that are spelt much like it} for these words at least."""
    alike = answers_to("spelt like")
    if missing := [word for word in words if word not in alike]:
        alike.update((word, []) for word in missing)
        for guess in _guesses(_LIKE, [missing, MOST_GUESSES]):
            alike[guess.typed].append(guess)
    return alike


def _guesses(statement, params):
    with prepared_cursor() as cursor:
        cursor.execute(statement, params)
        return [Guess(*row) for row in cursor.fetchall()]


# As `search_terms` counts: a word that is new has a count of its own until the night, and its stem an older one.
_COLUMNS = "word, stem, (SELECT max(groups) FROM groups_searchword same WHERE same.stem = held.stem) AS groups"
_AMONG = f"SELECT {_COLUMNS} FROM groups_searchword held WHERE word = ANY(%s)"  # noqa: S608 our own columns
_LIKE = f"""
SELECT near.*, typed FROM unnest(%s::text[]) typed
CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM groups_searchword held WHERE word %% typed
                    ORDER BY similarity(word, typed) DESC, word LIMIT %s) near
"""  # noqa: S608 our own columns


def _likeliest(word, guesses):
    """Return the one of some words that was most likely meant, or `None` where there is none."""
    # The first letter is seldom wrong, and a word that many groups use is the likelier one.
    return min(
        guesses,
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
