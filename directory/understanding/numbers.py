"""Distances and times of the clock."""

import re

from django.utils.translation import gettext as _

from directory.choices import Nation
from directory.geo import KM_PER_MILE
from directory.understanding.text import Text
from directory.understanding.words import set_of

_NUMBERS = {"one": 1, "two": 2, "three": 3, "five": 5, "six": 6, "ten": 10, "fifteen": 15, "twenty": 20, "fifty": 50}
_DISTANCE = re.compile(
    r"(?<!\w)(?P<cue>(?:within|up\s+to|less\s+than|under|max(?:imum)?|à\s+moins\s+de|dans\s+un\s+rayon\s+de)\s+"
    rf"(?:an?\s+)?)?(?P<number>\d{{1,5}}(?:[.,]\d+)?|{'|'.join(_NUMBERS)})\s*-?\s*"
    r"(?P<unit>miles?|mi|kms?|kilomet(?:er|re)s?|kilomètres?)(?!\w)"
    r"(?:\s+(?:radius|away))?(?P<from>\s+(?:of|from|de|around)(?!\w))?",
    re.IGNORECASE,
)
_MOVING = set_of("walk walked run ran running cycle cycled swim swam ride drive drove")
_CLOCK = re.compile(
    r"(?<!\w)(?:(?P<hour>1[0-2]|0?[1-9])(?:[.:][0-5]\d)?\s*(?P<half>[ap])\.?m\.?|(?P<day>[01]?\d|2[0-3])(?::[0-5]\d|h(?:[0-5]\d)?))(?!\w)",
    re.IGNORECASE,
)


class Numbers(Text):
    """Reads numbers."""

    def read_numbers(self):
        """Read distances and times of the clock."""
        self.distance = None
        for found in _DISTANCE.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not inside:
                continue
            before = self.words[inside[0] - 1] if inside[0] else ""
            if before in _MOVING and not found["cue"]:
                continue
            number = found["number"].casefold().replace(",", ".")
            amount = float(_NUMBERS.get(number, 0) or number)
            self.distance = (amount, found["unit"][0] in "kK", inside[0], inside[-1])
            self.take(inside[0], inside[-1])
            break
        for found in _CLOCK.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not inside or any(self.taken[index] for index in inside):
                continue
            hour = int(found["day"]) if found["day"] else int(found["hour"]) % 12
            if found["half"] and found["half"] in "pP":
                hour += 12
            code = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
            if ("time", code) in self.vocabulary.labels:
                self.add_part("time", code, inside[0], inside[-1])

    def read_distance(self):
        """Add the distance, once the place says in which unit the reader measures."""
        if not self.distance:
            return
        amount, in_km, first, last = self.distance
        distances = sorted(self.vocabulary.distances)
        if self.place is not None:
            wants_km = _in_kilometres(self.place)
            if in_km != wants_km:
                amount = amount / KM_PER_MILE if in_km else amount * KM_PER_MILE
        if not distances:
            self.taken[first : last + 1] = [False] * (last - first + 1)
            return
        code = next((each for each in distances if each >= round(amount, 1)), distances[-1])
        unit_is_km = _in_kilometres(self.place) if self.place is not None else in_km
        label = (_("Within %(n)s km") if unit_is_km else _("Within %(n)s miles")) % {"n": code}
        self.add_part("within", str(code), first, last, label)


def _in_kilometres(place):
    known = getattr(place, "in_kilometres", None)
    if known is not None:
        return bool(known)
    country = getattr(place, "country", None)
    return country in {Nation.IRELAND, Nation.FRANCE}
