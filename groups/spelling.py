"""The words of a search against the words that the directory holds: which count, which are misspelt."""

from math import log
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection

from groups.models import SearchWord
from groups.search import Term

SHORTEST_MISSPELT = 4
MOST_GUESSES = 30


class Spelt(NamedTuple):
    """The terms of a search. `corrected` holds (typed, taken) for each word that was read as another."""

    terms: tuple
    corrected: tuple


def spell(words, *, literal=False):
    """Return the terms for the words typed, stop words left out, misspelt ones corrected unless `literal`."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, [words])
        rows = cursor.fetchall()
    terms, corrected = [], []
    for word, known, groups, total in rows:
        taken = word
        if not known and not literal and len(word) >= SHORTEST_MISSPELT:
            guess = _nearest(word)
            if guess:
                corrected.append((word, guess.word))
                taken, groups = guess.word, guess.groups
        terms.append(Term(taken, groups, total))
    return Spelt(tuple(terms), tuple(corrected))


_LOOK_UP = """
SELECT typed.word,
       typed.word ~ '[0-9]' OR EXISTS (SELECT FROM groups_searchword s WHERE s.word = typed.word OR s.stem = cut.stem),
       coalesce((SELECT max(s.groups) FROM groups_searchword s WHERE s.stem = cut.stem), 0),
       -- An estimate is enough to weigh words by, and a count would read the whole table.
       (SELECT greatest(reltuples, 1)::bigint FROM pg_class WHERE oid = 'groups_groupsearch'::regclass)
FROM (SELECT word, min(place) AS place
      FROM regexp_split_to_table(search_text(%s), ' ') WITH ORDINALITY AS t(word, place)
      WHERE word <> '' GROUP BY word ORDER BY place LIMIT 12) typed
CROSS JOIN LATERAL (SELECT (tsvector_to_array(to_tsvector('directory', typed.word)))[1] AS stem) cut
WHERE numnode(plainto_tsquery('directory', typed.word)) > 0
ORDER BY typed.place
"""


def _nearest(word):
    """Return the known word that was most likely meant, or `None`: few slips, the first letter right, often used."""
    most = 1 if len(word) < 6 else 2
    guesses = (
        SearchWord.objects.filter(word__trigram_similar=word)
        .annotate(likeness=TrigramSimilarity("word", word))
        .order_by("-likeness")[:MOST_GUESSES]
    )
    ranked = [
        (slips(word, guess.word) + (word[0] != guess.word[0]) * 0.6 - log(1 + guess.groups) * 0.05, guess)
        for guess in guesses
        if slips(word, guess.word) <= most
    ]
    return min(ranked, key=lambda each: each[0])[1] if ranked else None


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
