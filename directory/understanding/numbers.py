"""Distances, times of the clock and ages."""

import re

from django.utils.translation import gettext as _

from directory.choices import Nation
from directory.geo import KM_PER_MILE
from directory.understanding.text import Text
from directory.understanding.words import NEGATIONS, set_of

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "fifty": 50,
}  # fmt: skip
# 'A mile' is a distance only after a sign for one, or before a place.
_LOOSE_NUMBERS = {"a": 1, "half a": 0.5, "a couple of": 2, "a few": 3, "couple of": 2, "few": 3}
_DISTANCE = re.compile(
    r"(?<!\w)(?P<cue>(?:within|up\s+to|less\s+than|under|max(?:imum)?|at\s+most|(?:no|not)\s+(?:more|further|farther)\s+than"
    r"|not\s+over|à\s+moins\s+de|dans\s+un\s+rayon\s+de)\s+(?:(?:about|an?)\s+(?=\S+\s*-?\s*(?:m|k)))?)?"
    rf"(?P<number>\d{{1,5}}(?:[.,]\d+)?|{'|'.join([*_NUMBERS, *_LOOSE_NUMBERS]).replace(' ', chr(92) + 's+')})\s*-?\s*"
    r"(?P<unit>miles?|mi|kms?|kilomet(?:er|re)s?|kilomètres?)(?!\w)"
    r"(?:\s+(?:radius|away|outside))?(?P<from>\s+(?:of|from|de|around)(?!\w))?",
    re.IGNORECASE,
)
# Before a distance these ask for what lies beyond it, unless somebody says no: 'I can't go more than 5 miles'.
_BEYOND = re.compile(
    r"(?:^| )(?P<said>(?:more|further|farther|greater) than|over|beyond|outside(?: of)?|at least|plus de)(?: an?)?$"
)
_NOT_WITHIN = set_of("not isnt arent nothing nowhere no")
_MOVING = set_of("walk walked run ran running cycle cycled swim swam ride drive drove")
_CLOCK = re.compile(
    r"(?<!\w)(?:(?P<hour>1[0-2]|0?[1-9])(?:[.:][0-5]\d)?\s*(?P<half>[ap])\.?m\.?|(?P<day>[01]?\d|2[0-3])(?::[0-5]\d|h(?:[0-5]\d)?))(?!\w)",
    re.IGNORECASE,
)
# Nobody means a morning by three o'clock at night.
_FIRST_MORNING_HOUR = 5
# An hour without its half of the day, after a word that makes it one: 'after 6', 'at ten'.
_HOUR = re.compile(
    r"(?<!\w)(?P<cue>after|past|from|at|around|before|until)\s+"
    rf"(?P<hour>1[0-2]|[1-9]|{'|'.join(word for word, n in _NUMBERS.items() if n <= 12)})"
    r"(?P<sure>\s*o\s*['’]?\s*clock)?(?![\w:/-]|\.\d)",
    re.IGNORECASE,
)
# What may follow such an hour; after any other word a number hardly is one: 'after two strokes', 'at 6 Church Road'.
_AFTER_HOUR = set_of("on in near at every each or and with for please but only if because around close next o oclock")
# What follows a number that is no age.
_NO_AGE = set_of(
    """week weeks month months year years yr yrs day days hour hours minute minutes stone st kg kilo kilos lb lbs pound
    pounds mile miles km percent step steps people pm am times"""
)
_OLD = re.compile(r"(years?|yrs?)( of age| old)|y ?o|ans")


class Numbers(Text):
    """Reads numbers."""

    def read_numbers(self):
        """Read distances and times of the clock."""
        self.read_first_distance()
        for found in _CLOCK.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not inside or any(self.taken[index] for index in inside):
                continue
            hour = int(found["day"]) if found["day"] else int(found["hour"]) % 12
            if found["half"] and found["half"] in "pP":
                hour += 12
            if hour < _FIRST_MORNING_HOUR:
                self.held[inside[0] : inside[-1] + 1] = [True] * len(inside)
                self.fixed.update(inside)
                continue
            self.add_times([_part_of_day(hour)], inside)
        for found in _HOUR.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not any(self.taken[index] or self.held[index] for index in inside) and (
                found["sure"] or self.is_an_hour(inside[-1])
            ):
                hour = found["hour"].casefold()
                self.add_times(_times(found["cue"].casefold(), _NUMBERS.get(hour) or int(hour)), inside)

    def read_first_distance(self):
        """Read the first distance, and whether somebody wants what lies beyond it."""
        self.distance, self.is_beyond = None, False
        for found in _DISTANCE.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not inside:
                continue
            first, self.is_beyond = self.beyond(inside[0], has_cue=bool(found["cue"]))
            before = self.words[first - 1] if first else ""
            number = " ".join(found["number"].casefold().replace(",", ".").split())
            is_loose = number in _LOOSE_NUMBERS and not (found["cue"] or found["from"])
            if is_loose or (before in _MOVING and not found["cue"]):
                continue
            amount = float(_NUMBERS.get(number, 0) or _LOOSE_NUMBERS.get(number, 0) or number)
            self.distance = (amount, found["unit"][0] in "kK", first, inside[-1])
            self.take(first, inside[-1])
            break

    def beyond(self, first, *, has_cue):
        """Return where a distance begins whose number stands at token `first`, and whether what is beyond is meant."""
        words = self.words[:first]
        if has_cue or words[-1:] == ["not"]:
            is_refused = bool(words) and words[-1] in _NOT_WITHIN
            return (first - 1 if is_refused else first), is_refused
        found = _BEYOND.search(" ".join(words))
        if not found:
            return first, False
        first -= len(found[0].split())
        return first, NEGATIONS.isdisjoint(self.words[:first])

    def is_an_hour(self, index):
        """Whether what follows a number leaves it an hour."""
        if index + 1 == len(self.tokens):
            return True
        between = self.read[self.tokens[index].end : self.tokens[index + 1].start]
        after = self.numbers[index + 1]
        is_day = any(meaning.field == "day" for meaning in self.vocabulary.exact.get(after, ()))
        return is_day or after in _AFTER_HOUR or any(mark in between for mark in ",;.!?)")

    def add_times(self, codes, inside):
        """Add a part for each part of the day, at the same words, as far as the vocabulary has it."""
        for code in codes:
            if ("time", code) in self.vocabulary.labels:
                self.add_part("time", code, inside[0], inside[-1])

    def read_age(self):
        """Read 'I am 15', 'aged 15' and '15 year old', where nobody else's age is meant."""
        others = {"my", "our", "his", "her", "their"}.intersection(self.words) or self.family_cues()
        for at, word in enumerate(self.words):
            if not word.isdecimal() or len(word) > 3 or int(word) not in self.vocabulary.ages or self.taken[at]:
                continue
            before = self.words[:at]
            only = bool(before) and before[-1] in {"only", "just", "now", "nearly", "turning"}
            before = before[:-1] if only else before
            is_own = before[-1:] == ["im"] or before[-2:] == ["i", "am"] or before[-2:] == ["j", "ai"]
            is_named = before[-1:] == ["aged"] or before[-1:] == ["age"]
            old = _OLD.match(" ".join(self.words[at + 1 : at + 4]))
            if not (is_own or ((is_named or old) and not others)):
                continue
            if not old and self.words[at + 1 : at + 2] and self.words[at + 1] in _NO_AGE:
                continue
            first = at - only - (is_own or is_named) - (is_own and before[-1] != "im")
            last = at + (len(old[0].split()) if old else 0)
            self.add_part("age", word, first, last, _("Age {n}").format(n=word))
            return

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


def _part_of_day(hour):
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"


def _times(cue, hour):
    """Return the parts of the day that an hour without its half stands for; none where it would be anybody's guess."""
    # People meet between nine in the morning and nine at night.
    hour += 12 if hour < 9 else 0
    if cue in {"at", "around"}:
        return [_part_of_day(hour)]
    if cue in {"before", "until"}:
        return ["morning"] if hour <= 12 else ["morning", "afternoon"] if hour <= 17 else []
    return [] if hour < 12 else ["afternoon", "evening"] if hour < 17 else ["evening"]


def _in_kilometres(place):
    known = getattr(place, "in_kilometres", None)
    if known is not None:
        return bool(known)
    country = getattr(place, "country", None)
    return country in {Nation.IRELAND, Nation.FRANCE}
