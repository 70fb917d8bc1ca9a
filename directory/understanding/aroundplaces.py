"""The wording around a place, which says no more than the place: 'short drive from north Leeds', 'Leeds area'."""

import re

from directory.understanding.placenames import PlaceNames
from directory.understanding.placewords import DIRECTIONS
from directory.understanding.words import EDGES, set_of

# In 'near the centre of Leeds' the place stands a few words after the sign.
BEFORE_NAMES = DIRECTIONS | set_of("the of centre center city town outskirts edge middle heart area suburbs parts")
_DIRECTION = rf"(?:{'|'.join(sorted(DIRECTIONS, key=len, reverse=True))})"
_PART = r"(?:centre|center|middle|heart|outskirts|edge|suburbs|parts?|side|area|city|town|village|borough)"
_MODE = r"(?:walk|walking|drive|driving|ride|bus|train|tram|car|bike|cycle|cycling|journey|trip|travel|commute)"
_FROM = r"(?:from|of|to)"
_LIMIT = r"(?:(?:within|about|around|under|less than|up to|at most|(?:no|not) more than|not over|in|only|roughly) )"
_COUNT = (
    r"(?:an?|(?:about |around )?(?:half|quarter of|three quarters of) an?|\d{1,3}"
    r"|one|two|three|five|ten|fifteen|twenty|thirty|forty)"
)
_HOW_LONG = rf"{_COUNT} (?:and a half )?(?:hours?|hrs?|minutes?|mins?)(?: and a half)?(?: or so)?"
_HOW_FAR = (
    rf"{_LIMIT}*(?:{_HOW_LONG}(?: by)?(?: {_MODE}){{0,2}}"
    rf"|(?:(?:a|an|the) )?(?:(?:short|quick|easy|reasonable) )?{_MODE}(?: ride| journey| trip| distance)?"
    r"|(?:(?:a|an) )?(?:(?:short|easy|reasonable|travelling|commuting) )+"
    rf"(?:distance|reach)|reach|distance)(?: away)? {_FROM}"
)
# Said right before a place.
_BEFORE = re.compile(
    r"(?:^| )(?P<said>"
    rf"{_DIRECTION}(?: {_PART})?(?: of)?|{_PART} of|{_HOW_FAR}"
    r"|(?:not|isnt|arent) (?:(?:too|very|so|that) )?far(?: away)? from"
    r"|(?:close|closer|closest|near|nearer|nearest|nearby|next|convenient|local|handy) (?:to|for)|close by"
    r"|(?:easy to (?:get|travel|drive|reach)|commutable)(?: to)? from|easy to (?:get|travel|drive) to"
    r"|(?:just |right |not |nothing |nowhere )?outside(?: of)?|not beyond"
    r"|(?:anywhere|somewhere|anything|everywhere|all|round) (?:in|near|around|round|over|across)"
    r"|round|across|throughout"
    r"|in (?:and|or) (?:around|near|round)"
    r")(?: the)?$"
)
# Said right after it.
_AFTER = re.compile(r"(?:(?:city|town|village) (?:centre|center)|(?:postcode )?areas?)(?= |$)")
# These only where nothing follows that they may belong to: 'Leeds city', but 'Leeds City Church'.
_AFTER_IF_CLOSED = re.compile(
    rf"(?:{_DIRECTION}(?: {_DIRECTION})?|city|town|centre|center|region|district|borough|county|suburbs|way|side"
    r"|based|postcode"
    r"|(?:or|and) (?:in )?(?:the )?(?:near by|close by"
    r"|(?:surrounding|surroundings|surrounds|around|round|nearby|near|close|local)"
    r"(?: (?:areas?|towns?|villages?|districts?|about))?))(?= |$)"
)
# Their districts are counted: 'Dublin 8', 'Paris 11e'.
_COUNTED_CITIES = set_of("dublin paris lyon marseille")
_COUNT_OF_DISTRICT = re.compile(r"(?:[1-9]|1[0-9]|2[0-4])(?:w|er|e|eme)?(?= |$)")
_MARKS = frozenset(',;:!?()/+<>"')


class AroundPlaces(PlaceNames):
    """Reads what stands around a place."""

    def names_from(self, first):
        """Return the tokens at which a place's name may begin that stands after a sign: 'near the centre of Leeds'."""
        begins = [first]
        while self.words[begins[-1]] in BEFORE_NAMES and not any(self.taken[begins[-1] : begins[-1] + 2]):
            if begins[-1] + 1 == len(self.tokens):
                break
            begins.append(begins[-1] + 1)
        return begins

    def add_place(self, place, name, first, last):
        """Keep the place that was found at some tokens; its part reaches over the wording around it."""
        self.places[name] = place
        label = getattr(place, "full_name", None) or getattr(place, "label", None) or name
        self.add_part("near", name, *self.with_wording(first, last), str(label))

    def with_wording(self, first, last):
        """Return the span of a place together with the wording around it."""
        if self.words[last] in _COUNTED_CITIES:
            last += self.size_after(last, _COUNT_OF_DISTRICT)
        while size := self.size_after(last, _AFTER) or self.size_after(last, _AFTER_IF_CLOSED, closed=True):
            last += size
        while size := self.size_before(first):
            first -= size
        return first, last

    def size_before(self, first):
        """Return how many words right before token `first` are wording around a place."""
        found = _BEFORE.search(" ".join(self.words[:first]))
        size = len(found["said"].split()) + found[0].endswith(" the") if found else 0
        return size if size and self.is_open_span(first - size, first, first) else 0

    def size_after(self, last, wording, *, closed=False):
        """Return how many words right after token `last` are wording around a place."""
        found = wording.match(" ".join(self.words[last + 1 :]))
        size = len(found[0].split()) if found else 0
        if not size or not self.is_open_span(last, last + size, last):
            return 0
        return 0 if closed and not self.is_closed(last + size) else size

    def is_open_span(self, first, last, place):
        """Whether no part stands at tokens `first` to `last`, nor a mark between them; `place` is one of the place."""
        if any(_MARKS & set(self.read[self.tokens[at].end : self.tokens[at + 1].start]) for at in range(first, last)):
            return False
        return not any(self.held[at] or self.is_in_part(at) for at in range(first, last + 1) if at != place)

    def is_in_part(self, index):
        """Whether a token belongs to a part, or to the distance."""
        if self.distance and self.distance[2] <= index <= self.distance[3]:
            return True
        token = self.tokens[index]
        return any(part.start < token.end and token.start < part.end for part in self.parts)

    def is_closed(self, last):
        """Whether nothing follows token `last` that it may belong to."""
        after = last + 1
        if after == len(self.tokens) or self.taken[after] or self.words[after] in EDGES:
            return True
        return bool(_MARKS & set(self.read[self.tokens[last].end : self.tokens[after].start]))
