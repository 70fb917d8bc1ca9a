"""From a sentence to the parts of a search that a person can see: 'womens group monday evening near Leeds'.

Nothing here knows a request or the database: the words come as a `Vocabulary`, and places from a function.
"""

from collections.abc import Callable

from directory.understanding.families import Families
from directory.understanding.numbers import Numbers
from directory.understanding.parts import DATED, REFUSED, Understanding
from directory.understanding.placenames import MOST_LOOKUPS, is_big_place, place_names_in
from directory.understanding.places import Places
from directory.understanding.refusedplaces import NOT_NEAR
from directory.understanding.tokens import folded, singular, tokens_of
from directory.understanding.vocabulary import ALONE, ALWAYS, CAPITAL, CAPITALS, Meaning, Vocabulary

__all__ = [
    "ALONE",
    "ALWAYS",
    "CAPITAL",
    "CAPITALS",
    "DATED",
    "MOST_LOOKUPS",
    "Meaning",
    "NOT_NEAR",
    "REFUSED",
    "Understanding",
    "Vocabulary",
    "folded",
    "singular",
    "is_big_place",
    "place_names_in",
    "tokens_of",
    "understand",
]


def understand(text, vocabulary, find_place: Callable[[str], object | None]):
    """Return what `text` asks for.

    `find_place(name)` returns a place or `None`; it is asked at most `MOST_LOOKUPS` times.
    """
    return Reading(text or "", vocabulary, find_place).understanding()


class Reading(Numbers, Families, Places):
    """One text while it is read, in steps that each leave less for the next."""

    def understanding(self):
        """Return the result. Each step leaves less for the next."""
        if not self.tokens:
            return Understanding(self.text)
        self.read_numbers()
        self.read_phrases()
        self.read_families()
        self.read_age()
        self.drop_wider_topics()
        self.read_place()
        self.read_weak_phrases()
        self.read_distance()
        spans = tuple(sorted(self.parts, key=lambda part: (part.start, part.end == part.start, part.end)))
        once = {(part.field, part.code): part for part in reversed(spans)}
        parts = tuple(part for part in spans if once[part.field, part.code] is part)
        places = tuple(self.places[part.code] for part in parts if part.field == "near" and part.code in self.places)
        return Understanding(self.text, parts, places, self.words_left(), spans)
