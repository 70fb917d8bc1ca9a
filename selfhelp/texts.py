"""Short texts that a process keeps with their words: topics, learn pages. To search them asks the database nothing."""

from typing import NamedTuple

from django.db import connection

from directory.search import TEXT_CONFIG
from groups.spelling import stems_in

# What a word counts in a title, above it and in the text, as in PostgreSQL's `ts_rank`.
WEIGHTS = {"A": 1.0, "B": 0.4, "D": 0.1}
# What it counts each time that it stands there, which decides between two of a kind.
ONCE_MORE = 0.001


class Text(NamedTuple):
    """What is found, its title, what stands above it, and what it says."""

    found: object
    title: str
    above: str
    says: str


class Shelf(NamedTuple):
    """What is found, and for each how much every stem of its text counts: {stem: weight}."""

    found: list
    stems: list

    @classmethod
    def of(cls, texts):
        """Make one of some `Text`s, in one statement."""
        found, *columns = map(list, zip(*texts, strict=True)) if texts else [[]] * 4
        stems = [{} for _each in found]
        with connection.cursor() as cursor:
            cursor.execute(_STEMS, [TEXT_CONFIG, *columns])
            for place, stem, weights in cursor.fetchall():
                stems[place - 1][stem] = max(WEIGHTS[each] for each in weights) + ONCE_MORE * len(weights)
        return cls(found, stems)

    def matching(self, texts):
        """Return what every word of the first text stands in; where there is none, of the next. The best come first.

        Each text has a word that tells something.
        """
        for text in texts:
            asked = set(stems_in(text))
            if found := self._best(asked, [place for place, stems in enumerate(self.stems) if asked <= stems.keys()]):
                return found
        return []

    def holding_most(self, text):
        """Return what more than half of the words of a question stand in. The best come first."""
        asked = set(stems_in(text))
        return self._best(
            asked, [place for place, stems in enumerate(self.stems) if 2 * len(asked & stems.keys()) > len(asked)]
        )

    def _best(self, asked, places):
        def weight(place):
            return sum(self.stems[place].get(stem, 0) for stem in asked)

        return [self.found[place] for place in sorted(places, key=weight, reverse=True)]


_STEMS = """
SELECT place, lexeme, weights
FROM (SELECT %s::regconfig AS config) AS directory,
    unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS text (title, above, says, place),
    unnest(
        setweight(to_tsvector(config, search_words(title)), 'A')
        || setweight(to_tsvector(config, search_words(above)), 'B')
        || to_tsvector(config, search_words(says))
    ) AS word (lexeme, positions, weights)
"""
