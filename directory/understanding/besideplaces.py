"""Two places that stand side by side: 'Aylsham Norfolk', 'London SE13', 'leeds bradford'."""

from directory.geo import distance_km
from directory.understanding.placenames import LONGEST_PLACE, WIDE_PLACES, PlaceNames
from directory.understanding.placewords import AMBIGUOUS, ORDINARY
from directory.understanding.words import EDGES, SENTENCE


class BesidePlaces(PlaceNames):
    """Reads places that stand beside another, with nothing between."""

    def runs_beside(self, first, last):
        """Return the spans, longest first, that may be a place's name right after or right before some tokens."""
        after = [(last + 1, end) for end in self.runs_from(last + 1) if self.is_beside(last, last + 1, ",")]
        is_before = first > 0 and self.is_beside(first - 1, first, ",")
        begins = range(max(0, first - LONGEST_PLACE), first) if is_before else ()
        before = [(at, first - 1) for at in begins if first - 1 in self.runs_from(at)]
        return [span for span in (*after, *before) if self.is_name(*span)]

    def is_beside(self, first, second, but=""):
        """Whether nothing but blanks, or the mark `but`, stands between two tokens."""
        return not self.read[self.tokens[first].end : self.tokens[second].start].replace(but, "").strip()

    def is_name(self, first, last):
        """Whether some tokens are known as a place and carry more than every sentence does."""
        is_word = first == last and self.words[first] in EDGES | SENTENCE | (ORDINARY - AMBIGUOUS)
        return bool(self.vocabulary.places) and not is_word and self.is_known(first, last)

    def is_sure(self, place, first, last):
        """Whether a place's bare name is told from a word by its size or its capital letter."""
        has_capital = self.tokens[first].has_capital
        is_word = first == last and ((self.words[first] in AMBIGUOUS and not has_capital) or self.needs_a_sign(first))
        return not is_word and self.is_told(place, first, last)

    def is_told(self, place, first, last):
        """Whether a place is big or has a capital letter that tells something."""
        return (self.tokens[first].has_capital and self.capitals_tell) or self.is_big(place, first, last)

    def narrowed(self, place, name, first, last):
        """Return the narrower of a place and those beside it that it lies in or that lie in it, its name and span."""
        for begin, end in self.runs_beside(first, last):
            typed = self.typed(begin, end)
            span = min(first, begin), max(last, end)
            longer = f"{typed}, {name}"
            within = None if "," in name else self.ask(longer)
            is_country = bool(getattr(place, "nations", ()))
            # So many places are in a country that one is called like nearly every word.
            if within is not None and (not is_country or self.is_told(within, begin, end)):
                return within, longer, *span
            beside = self.ask(typed)
            if beside is None or not self.is_sure(beside, begin, end):
                continue
            if _contains(beside, place):
                return place, name, *span
            if _contains(place, beside):
                return beside, typed, *span
        return place, name, first, last

    def with_town(self, place, first, last):
        """Return the span of a postcode together with the town beside it."""
        for begin, end in self.runs_beside(first, last):
            town = self.ask(self.typed(begin, end))
            if town is not None and _reaches(town, place, times=2):
                return min(first, begin), max(last, end)
        return first, last


def _reaches(wide, narrow, *, times=1):
    return distance_km(wide.point, narrow.point) <= times * wide.radius_km + narrow.radius_km


def _contains(wide, narrow):
    if nations := getattr(wide, "nations", ()):
        return narrow.country in nations
    # Croydon was once in Surrey: the circle of a county is a rough one.
    is_wide = getattr(wide, "kind", "") in WIDE_PLACES
    return wide.radius_km >= 2 * narrow.radius_km and _reaches(wide, narrow, times=1.5 if is_wide else 1)
