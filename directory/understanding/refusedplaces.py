"""Places that somebody does not want."""

from directory.understanding.placenames import PlaceNames
from directory.understanding.placewords import AMBIGUOUS, IN_WORDS, OR_WORDS, ORDINARY
from directory.understanding.words import set_of

# A place that somebody does not want; the code of such a part begins so.
NOT_NEAR = "not near "
# Before a place that somebody does not want: 'not near Leeds', 'anywhere but Leeds', 'I don't live in Leeds'.
_REFUSES_PLACES = set_of("no not without except isnt arent dont pas sauf")
_ANYWHERE = set_of("anywhere anything everywhere partout")
_BEFORE_REFUSED = IN_WORDS | set_of("near around the a live want")


class RefusedPlaces(PlaceNames):
    """Reads where somebody does not look."""

    def read_refused_places(self):
        """Read 'not in Leeds', 'anywhere but London': a search cannot leave a place out, and is not to be around it."""
        for at, word in enumerate(self.words):
            after_anywhere = at > 0 and self.words[at - 1] in _ANYWHERE
            if self.taken[at] or not (word in _REFUSES_PLACES or (word == "but" and after_anywhere)):
                continue
            sign = at - 1 if after_anywhere else at
            span = self.refused_place_from(at + 1)
            while span is not None:
                self.add_part("near", f"{NOT_NEAR}{self.typed(*span)}", sign, span[1])
                sign = span[1] + 1
                is_another = sign < len(self.words) and self.words[sign] in OR_WORDS
                span = self.refused_place_from(sign + 1) if is_another else None

    def refused_place_from(self, first):
        """Return the span of a place that stands after a refusal and cannot be another word, or `None`."""
        while first < len(self.words) and self.words[first] in _BEFORE_REFUSED:
            first += 1
        for last in self.runs_from(first):
            words = self.words[first : last + 1]
            if not self.is_known(first, last) or (len(words) == 1 and words[0] in ORDINARY | AMBIGUOUS):
                continue
            place = self.ask(self.typed(first, last))
            if place is not None and (self.is_big(place, first, last) or self.tokens[first].has_capital):
                return first, last
        return None
