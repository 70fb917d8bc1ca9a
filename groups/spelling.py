"""The words of a search against the words that the directory holds: which count, which are misspelt."""

import re
import unicodedata
from enum import StrEnum
from math import log
from typing import NamedTuple

from directory.gazetteer import words_of_names
from directory.keeping import answers_to, kept_for_a_minute
from directory.preparing import prepared_cursor
from directory.search import MOST_WORDS
from directory.understanding import singular
from directory.understanding.words import SENTENCE
from directory.words import everyday_words, one_slip_from
from groups.matches import Term
from groups.models import SearchWord
from groups.models.search import statistics

SHORTEST_MISSPELT = 4
# From this length on, a word may have two slips.
LONG = 8
MOST_GUESSES = 30
# Words that as many groups hold are kept at hand, so many at most.
COMMON_FROM, MOST_KEPT = 10, 10_000
_QUOTES, _NOT_WORDS = re.compile("['’‘‛′`´]"), re.compile("[^a-z0-9]+")
_ELIDED = re.compile(r"\b(?:l|d|j|m|n|s|c|qu)'(?=[aeiouhy])")
# Marks that are more than a blank: the dot of an initial, 'and', the line within a word.
_DOTS = ".․'&_"
_INITIALS = re.compile(r"\b(\w)\.(?=\w(?:\.|\b))")
# What the database says tells nothing: 'the'. That never changes.
_stop_words = set()


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


class Row(NamedTuple):
    """A word, its stem (`None` of a stop word), how the directory holds it, and how many groups hold the stem."""

    word: str
    stem: str | None
    held: str
    groups: int


class Guess(NamedTuple):
    """A word that may have been meant by one typed; where the directory holds it, its stem and who holds that.

    A stop word ('with') has no stem. `groups` is how many groups hold the stem.
    """

    typed: str
    word: str
    stem: str | None = None
    groups: int | None = None


def terms_of(*texts):
    """Return the terms of each text as it was typed, stop words left out."""
    return tuple(map(_as_typed, _look_up(texts)))


def stems_in(text):
    """Return the stem of each word of a text, stop words left out."""
    return [row.stem for row in _look_up([text])[0]]


def _as_typed(rows):
    total = _all_groups()
    return tuple(Term(row.word, row.groups, total) for row in rows)


def _all_groups():
    # An estimate is enough to weigh words by, and a count would read the whole table.
    return max(1, int(statistics().groups))


def spell(words, known=frozenset(), beside=()):
    """Return the terms for the words typed, stop words left out, misspelt ones corrected.

    `known` are words that are right although no listing holds them, and may be meant by others. Everyday words are
    right too, and those of the names of places. `beside` are texts whose words are looked up in the same statement.
    """
    rows, *others = _look_up([words, *beside])
    doubtful = {
        row.word: row.stem if row.held == Held.BY_STEM else None
        for row in rows
        if row.held != Held.AS_TYPED and row.word not in known and len(row.word) >= SHORTEST_MISSPELT
        if not (row.word in everyday_words() or is_of_a_place(row.word))
    }
    meant = _meant(doubtful, known) if doubtful else {}
    terms, corrected, total = [], [], _all_groups()
    for row in rows:
        taken = meant.get(row.word, row)
        if taken.word != row.word:
            corrected.append((row.word, taken.word))
            if taken.stem:
                answers_to("word")[taken.word] = Row(taken.word, taken.stem, Held.AS_TYPED, taken.groups)
        terms.append(Term(taken.word, row.groups if taken.groups is None else taken.groups, total))
    return Spelt(tuple(terms), tuple(corrected), tuple(map(_as_typed, others)))


def is_of_a_place(word):
    """Whether a word is right since a place is called so, and one slip from no word of every sentence."""
    return word in words_of_names() and SENTENCE.isdisjoint(one_slip_from(word))


def _meant(doubtful, known):
    """Return {word: the `Guess` at what was meant} for those that were misspelt, in one statement.

    `doubtful` is {word: the stem that it has in common with a word that is held, or `None`}.
    """
    slipped = {word: one_slip_from(word) for word in doubtful}
    guesses = _guesses_at(slipped, long=[word for word, stem in doubtful.items() if not stem and len(word) >= LONG])
    meant = {}
    for word, stem in doubtful.items():
        ones = slipped[word] & known
        if stem:
            meant[word] = _same_word(word, stem, ones, [guess for guess in guesses[word] if guess.word in ones])
        else:
            near = [guess for guess in guesses[word] if slips(word, guess.word) <= 2]
            first = min(ones, key=lambda one, word=word: (one[0] != word[0], one), default=None)
            meant[word] = _likeliest(word, near) or (first and Guess(word, first))
    return {word: guess for word, guess in meant.items() if guess}


def _same_word(word, stem, ones, guesses):
    """Return the `Guess` at a known word that `word` misspells although both have one stem ('diabets'), or `None`."""
    # A plural, or the singular of one, means the same as it stands.
    if any(singular(word) == singular(each) for each in ones):
        return None
    return min((guess for guess in guesses if guess.stem == stem), default=None)


@kept_for_a_minute
def common_words():
    """Return {word: its `Row`} of the words that most groups hold: most of what people type needs no query."""
    words = SearchWord.objects.filter(groups__gte=COMMON_FROM).order_by("-groups", "word")[:MOST_KEPT]
    return {
        word: Row(word, stem, Held.AS_TYPED, groups)
        for word, stem, groups in words.values_list("word", "stem", "groups")
    }


def _look_up(texts):
    """Return a `Row` for each word of each text, stop words left out."""
    common, known = common_words(), answers_to("word")
    typed = [words_in(text) for text in texts]
    missing = {word for words in typed for word in words} - common.keys() - known.keys() - _stop_words
    if missing:
        with prepared_cursor() as cursor:
            cursor.execute(_HELD, [list(missing)])
            known = known | {row[0]: Row(*row) for row in cursor.fetchall()}
        _stop_words.update(word for word in missing if known[word].stem is None)
        answers_to("word").update(known)
    return [[known.get(word) or common[word] for word in words if word not in _stop_words] for words in typed]


def words_in(text):
    """Return the words of a text as the SQL function `search_text` cuts it, each once and so many at most."""
    plain = _without_accents(_QUOTES.sub("'", text)).lower()
    if not plain.isascii():
        # Other letters: what becomes of them, the database knows.
        plain = _as_the_database_cuts(text)
    plain = _ELIDED.sub("", plain).replace("'", "")
    plain = _INITIALS.sub(r"\1", plain.replace("&", " and "))
    return list(dict.fromkeys(_NOT_WORDS.sub(" ", plain).split()))[:MOST_WORDS]


def _without_accents(text):
    """Return a text without the accents of its letters and with blanks for its marks, where nothing else is odd."""
    if text.isascii() or any(map(unicodedata.combining, text)) or not unicodedata.is_normalized("NFC", text):
        return text
    letters = (each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return "".join(" " if each not in _DOTS and unicodedata.category(each)[0] in "PZ" else each for each in letters)


def _as_the_database_cuts(text):
    cut = answers_to("text")
    if text not in cut:
        with prepared_cursor() as cursor:
            cursor.execute("SELECT search_text(%s)", [text])
            (cut[text],) = cursor.fetchone()
    return cut[text]


def _guesses_at(slipped, long):
    """Return {word: guesses at it} for these words at least. `slipped` is {word: what is one slip away}.

    A guess is one of these that the directory holds; where there is none, a word that is spelt much like a `long` one.
    """
    guesses = answers_to("guesses")
    if missing := slipped.keys() - guesses.keys():
        guesses.update((word, []) for word in missing)
        pairs = [(word, slip) for word in missing for slip in slipped[word]]
        columns = map(list, zip(*pairs, strict=True))
        with prepared_cursor() as cursor:
            cursor.execute(_GUESSES, [*columns, [word for word in long if word in missing], MOST_GUESSES])
            for row in cursor.fetchall():
                guess = Guess(*row)
                guesses[guess.typed].append(guess)
    return guesses


_HELD = """
SELECT typed.word, cut.stem,
       CASE WHEN typed.word ~ '[0-9]' OR held.as_typed THEN 'as typed' WHEN held.at_all THEN 'by stem' ELSE '' END,
       coalesce(held.groups, 0)
FROM unnest(%s::text[]) AS typed (word)
CROSS JOIN LATERAL (SELECT (tsvector_to_array(to_tsvector('directory', typed.word)))[1] AS stem OFFSET 0) cut
CROSS JOIN LATERAL (SELECT count(*) > 0 AS at_all, bool_or(s.word = typed.word) AS as_typed,
                           max(s.groups) FILTER (WHERE s.stem = cut.stem) AS groups
                    FROM groups_searchword s WHERE s.word = typed.word OR s.stem = cut.stem) held
"""
# A word that is new has a count of its own until the night, and its stem an older one.
_GUESSES = """
WITH near AS MATERIALIZED (
    SELECT typed, word, held.stem AS own FROM unnest(%s::text[], %s::text[]) slipped (typed, word)
    JOIN groups_searchword held USING (word)
),
alike AS (
    SELECT typed, like_it.* FROM unnest(%s::text[]) long (typed)
    CROSS JOIN LATERAL (SELECT word, stem FROM groups_searchword held WHERE word %% typed
                        ORDER BY similarity(word, typed) DESC, word LIMIT %s) like_it
    WHERE NOT EXISTS (SELECT FROM near WHERE near.typed = long.typed)
)
SELECT typed, word, stem, (SELECT max(groups) FROM groups_searchword same WHERE same.stem = own)
FROM (SELECT * FROM near UNION ALL SELECT * FROM alike) guessed
CROSS JOIN LATERAL (SELECT (tsvector_to_array(to_tsvector('directory', word)))[1] AS stem OFFSET 0) cut
"""


def _likeliest(word, guesses):
    """Return the one of some words that was most likely meant, or `None` where there is none."""

    # The first letter is seldom wrong, and a word that many groups use is the likelier one. Of equals always the same.
    def unlikely(guess):
        first = (word[0] != guess.word[0]) * 0.6
        return slips(word, guess.word) + first - log(1 + guess.groups) * 0.05, guess.word

    return min(guesses, key=unlikely, default=None)


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
