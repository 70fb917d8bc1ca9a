"""Short texts that a process keeps with their search vectors, so that one statement looks through all of them."""

from typing import NamedTuple

from django.db import connection

from directory.search import MOST_WORDS, TEXT_CONFIG


class Text(NamedTuple):
    """What is found, its title, what stands above it, and what it says."""

    found: object
    title: str
    above: str
    says: str


class Shelf(NamedTuple):
    """What is found, and for each the search vector of its text."""

    found: list
    vectors: list

    @classmethod
    def of(cls, texts):
        """Make one of some `Text`s, in one statement."""
        found, *columns = map(list, zip(*texts, strict=True)) if texts else [[]] * 4
        with connection.cursor() as cursor:
            cursor.execute(_VECTORS, [TEXT_CONFIG, *columns])
            return cls(found, [vector for (vector,) in cursor.fetchall()])


def matching(texts, *shelves):
    """Return, for each shelf, what all words of the first text stand in; where there is none, of the next.

    The best stand first, equals in the order of the shelf.
    """
    numbers = [number for number, shelf in enumerate(shelves) for _vector in shelf.vectors]
    vectors = [vector for shelf in shelves for vector in shelf.vectors]
    everything = [each for shelf in shelves for each in shelf.found]
    found = [[[] for _text in texts] for _shelf in shelves]
    with connection.cursor() as cursor:
        cursor.execute(_MATCHING, [TEXT_CONFIG, [_beginning(text) for text in texts], numbers, vectors])
        for number, place, way in cursor.fetchall():
            found[number][way - 1].append(everything[place - 1])
    return [next(filter(None, by_text), []) for by_text in found]


def _beginning(text):
    return " ".join(text.split()[:MOST_WORDS])


_VECTORS = """
SELECT (
    setweight(to_tsvector(config, title), 'A') || setweight(to_tsvector(config, above), 'B')
    || to_tsvector(config, says)
)::text
FROM (SELECT %s::regconfig AS config) AS directory,
    unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS text (title, above, says, place)
ORDER BY place
"""
_MATCHING = """
SELECT shelf, place, way
FROM (SELECT plainto_tsquery(%s::regconfig, typed), way FROM unnest(%s::text[]) WITH ORDINALITY AS each (typed, way))
    AS asked (query, way)
JOIN unnest(%s::integer[], %s::tsvector[]) WITH ORDINALITY AS text (shelf, vector, place) ON vector @@ query
ORDER BY ts_rank(vector, query) DESC, place
"""
