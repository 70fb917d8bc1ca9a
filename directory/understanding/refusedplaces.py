"""Places that somebody does not want."""

from directory.understanding.aroundplaces import AroundPlaces
from directory.understanding.placewords import AMBIGUOUS, IN_WORDS, OR_WORDS, ORDINARY
from directory.understanding.words import NEGATIONS, by_first, set_of

# A place that somebody does not want; the code of such a part begins so.
NOT_NEAR = "not near "
# Before a place that somebody does not want: 'not near Leeds', 'anywhere but Leeds', 'I don't live in Leeds'.
_NEGATIONS = set_of("no not without except isnt arent dont pas sauf excluding nowhere")
_OUTSIDE = [
    *("outside", "outside of", "beyond", "away from", "far from", "far away from", "a long way from", "other than"),
    *("apart from", "hors de", "en dehors de", "loin de"),
]
_REFUSES_PLACES = by_first([*_NEGATIONS, *_OUTSIDE])
_ANYWHERE = set_of("anywhere anything everywhere partout")
_BEFORE_REFUSED = IN_WORDS | set_of("near around the a live want to anywhere")
# After these, what is outside a place or away from it is near it: 'just outside Leeds', 'five minutes away from Leeds'.
_NEAR_ALL_THE_SAME = set_of(
    """just right drive walk ride journey minute minutes min mins hour hours mile miles
    km kms short too"""
)
_HOME = set_of("live lives living based am im we")
_SO_FAR_BACK = 4


class RefusedPlaces(AroundPlaces):
    """Reads where somebody does not look."""

    def read_refused_places(self):
        """Read 'not in Leeds', 'anywhere but London': a search cannot leave a place out, and is not to be around it."""
        self.read_refused_distance()
        for at in range(len(self.words)):
            after_anywhere = at > 0 and self.words[at - 1] in _ANYWHERE
            end = self.refusal_of_place(at, after_anywhere=after_anywhere)
            if end is not None:
                self.add_refused_places(at - 1 if after_anywhere else at, end)

    def refusal_of_place(self, at, *, after_anywhere):
        """Return the token after a refusal of a place that begins at token `at`, or `None`."""
        if self.taken[at]:
            return None
        if after_anywhere and self.words[at] == "but":
            return at + 1
        for phrase in _REFUSES_PLACES.get(self.words[at], ()):
            if tuple(self.words[at : at + len(phrase)]) == phrase:
                is_near = phrase[0] not in _NEGATIONS and self.is_near_all_the_same(at)
                return None if is_near else at + len(phrase)
        return None

    def is_near_all_the_same(self, at):
        """Whether what stands before token `at` turns 'outside Leeds' and 'far from Leeds' into 'near Leeds'."""
        before = self.words[max(0, at - _SO_FAR_BACK) : at]
        is_distance = self.distance is not None and self.distance[3] == at - 1
        is_home = self.words[at] == "outside" and not _HOME.isdisjoint(before[-1:])
        is_near = is_home or not _NEAR_ALL_THE_SAME.isdisjoint(before[-1:])
        return is_distance or is_near or not NEGATIONS.isdisjoint(before)

    def add_refused_places(self, sign, first):
        """Add a part for each place of 'not in Leeds or York', if there is one from token `first` on."""
        span, found = self.refused_place_from(first), False
        while span is not None:
            _begin, last = self.with_wording(*span)
            self.add_part("near", f"{NOT_NEAR}{self.typed(*span)}", sign, last)
            sign, found = last + 1, True
            is_another = sign < len(self.words) and self.words[sign] in OR_WORDS
            span = self.refused_place_from(sign + 1) if is_another else None
        return found

    def read_refused_distance(self):
        """Read 'more than 5 miles from Leeds': what is too near cannot be left out either."""
        if self.distance is None or not self.is_beyond:
            return
        _amount, _in_km, first, last = self.distance
        self.distance = None
        if not self.add_refused_places(first, last + 1):
            self.add_part("near", f"{NOT_NEAR}{self.typed(first, last)}", first, last)

    def refused_place_from(self, first):
        """Return the span of a place that stands after a refusal and cannot be another word, or `None`."""
        while first < len(self.words) and self.words[first] in _BEFORE_REFUSED:
            first += 1
        for begin in self.names_from(first) if first < len(self.words) else ():
            for last in self.runs_from(begin):
                if self.is_refusable(begin, last):
                    return begin, last
        return None

    def is_refusable(self, first, last):
        """Whether some tokens after a refusal name a place and cannot be another word."""
        words = self.words[first : last + 1]
        if not self.is_known(first, last) or (len(words) == 1 and words[0] in ORDINARY | AMBIGUOUS):
            return False
        place = self.ask(self.typed(first, last))
        return place is not None and (self.is_big(place, first, last) or self.tokens[first].has_capital)
