"""Distances, times of the clock and ages."""

import re
from itertools import pairwise
from typing import NamedTuple

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
# What stands before an hour: 'after', 'half past', 'before a quarter to'.
_CUE = (
    r"(?:(?P<cue>after|past|from|at|around|about|before|until|till|by)\s+)?"
    r"(?P<minutes>(?:half(?:\s+past)?|(?:a\s+)?quarter\s+(?:past|to))\s+)?"
)
_CUE_AT_END = re.compile(rf"(?<!\w){_CUE}$", re.IGNORECASE)
_UP_TO, _FROM_THEN_ON = {"before", "until", "till", "by"}, {"after", "past", "from"}
# An hour without its half of the day, after a word that makes it one: 'after 6', 'at ten', 'half past 7'.
_HOUR = re.compile(
    rf"(?<!\w){_CUE}(?<=\s)"
    rf"(?P<hour>1[0-2]|[1-9]|{'|'.join(word for word, n in _NUMBERS.items() if n <= 12)})"
    r"(?P<sure>\s*o\s*['’]?\s*clock)?(?![\w:/-]|\.\d)",
    re.IGNORECASE,
)
# From one hour to another: '7-9pm', 'between 10 and 12', '10.30 to 12'.
_HOURS = re.compile(
    r"(?<![\w.:/-])(?P<cue>between\s+|from\s+)?"
    r"(?P<first>1[0-2]|0?[1-9])(?P<minutes>[.:][0-5]\d)?\s*(?:(?P<first_half>[ap])\.?m\.?\s*)?"
    r"(?:-|–|\bto\b|\band\b|\buntil\b|\btill?\b)\s*"
    r"(?P<last>1[0-2]|0?[1-9])(?:[.:][0-5]\d)?(?:\s*(?P<half>[ap])\.?m\.?)?(?![\w:/-]|\.\d)",
    re.IGNORECASE,
)
# The parts of the day, with the hours at which they begin and end.
_PARTS_OF_DAY = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}
# What may follow such an hour; after any other word a number hardly is one: 'after two strokes', 'at 6 Church Road'.
_AFTER_HOUR = set_of("on in near at every each or and with for please but only if because around close next o oclock")
# What follows a number that is no age.
_NO_AGE = set_of(
    """week weeks month months year years yr yrs day days hour hours minute minutes stone st kg kilo kilos lb lbs pound
    pounds mile miles km percent step steps people pm am times"""
)
_OLD = re.compile(r"(?:(?:years?|yrs?|(?P<baby>months?|weeks?))(?: of age| olds?)|y ?o|ans)\b")
_AGE = re.compile(r"(?P<years>\d{1,3})(?P<old>yo|yrs?|years?)?")
_AGED = {"aged", "age", "ages"}
_OLDEST = 110
_WHOSE, _IS_OTHERS = set_of("my our his her their"), set_of("is hes shes was")
_AFTER_AGE = set_of("has is was with who keeps had got suffers and cant wont")
# Parts beside which a number rather is an age than not.
_OF_PEOPLE = {"audience", "topic"}


class Age(NamedTuple):
    """A number that may be an age, where it stands among the tokens, and whether words say that it is one."""

    first: int
    at: int
    last: int
    years: int
    is_old: bool
    is_named: bool


class Numbers(Text):
    """Reads numbers."""

    def read_numbers(self):
        """Read distances and times of the clock."""
        self.read_first_distance()
        self.read_spans_of_hours()
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
            before = _CUE_AT_END.search(self.read[: found.start()])
            inside = self.tokens_in(before.start(), found.end())
            self.add_times(_times(before, hour) or [_part_of_day(hour)], inside)
        for found in _HOUR.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            cued = found["cue"] or found["minutes"]
            if (
                cued
                and not any(self.taken[index] or self.held[index] for index in inside)
                and (found["sure"] or self.is_an_hour(inside[-1]))
            ):
                hour = found["hour"].casefold()
                # People meet between nine in the morning and nine at night.
                hour = _in_waking_hours(_NUMBERS.get(hour) or int(hour))
                if hour >= 12 or (found["cue"] or "").casefold() not in _FROM_THEN_ON or found["minutes"]:
                    self.add_times(_times(found, hour), inside)

    def read_spans_of_hours(self):
        """Read '7-9pm' and 'between 10 and 12': the parts of the day that lie in them."""
        for found in _HOURS.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            half, first_half = found["half"], found["first_half"]
            cued = found["cue"] or found["minutes"]
            beside_day = any(map(self.is_a_day, (inside[0] - 1, inside[-1] + 1)))
            is_sure = half or first_half or beside_day or (cued and self.is_an_hour(inside[-1]))
            if not is_sure or any(self.taken[index] for index in inside):
                continue
            first = _on_the_clock(int(found["first"]), first_half or half)
            last = _on_the_clock(int(found["last"]), half)
            if first > last:
                # '11 to 1pm' begins in the morning, 'from 7 to 9' ends at night.
                first, last = (first - 12, last) if half else (first, last + 12)
            self.add_times(dict.fromkeys(map(_part_of_day, range(first, max(last, first + 1)))), inside)

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
        return self.is_a_day(index + 1) or after in _AFTER_HOUR or any(mark in between for mark in ",;.!?)")

    def is_a_day(self, index):
        """Whether there is such a token, and it names a day."""
        if not 0 <= index < len(self.tokens):
            return False
        return any(meaning.field == "day" for meaning in self.vocabulary.exact.get(self.numbers[index], ()))

    def add_times(self, codes, inside):
        """Add a part for each part of the day, at the same words, as far as the vocabulary has it."""
        for code in codes:
            if ("time", code) in self.vocabulary.labels:
                self.add_part("time", code, inside[0], inside[-1])

    def ages(self):
        """Yield each number that may be an age."""
        for at, word in enumerate(self.words):
            number = _AGE.fullmatch(word)
            if not number or int(number["years"]) > _OLDEST:
                continue
            old = _OLD.match(" ".join(self.words[at + 1 : at + 4]))
            is_named = bool(at) and self.words[at - 1] in _AGED
            is_old = bool(old or number["old"])
            if not is_old and self.words[at + 1 : at + 2] and self.words[at + 1] in _NO_AGE:
                continue
            # A baby's age in months is less than a year.
            years = 0 if old and old["baby"] else int(number["years"])
            yield Age(at - is_named, at, at + (len(old[0].split()) if old else 0), years, is_old, is_named)

    def read_age(self):
        """Read 'I am 15', 'aged 15' and '15 year old'. The age of somebody else is taken and not asked for."""
        cues = self.family_cues()
        for age in self.ages():
            if self.taken[age.at]:
                continue
            before = self.words[: age.first]
            only = bool(before) and before[-1] in {"only", "just", "now", "nearly", "turning"}
            before = before[:-1] if only else before
            is_own = before[-1:] == ["im"] or before[-2:] == ["i", "am"] or before[-2:] == ["j", "ai"]
            if not (is_own or age.is_old or age.is_named or self.is_bare_age(age)):
                continue
            is_others = bool(cues) or self.is_relative(age.first - 1) or (_WHOSE | _IS_OTHERS).intersection(before[-2:])
            if age.years in self.vocabulary.ages and (is_own or not is_others):
                first = age.first - only - (is_own and (1 if before[-1] == "im" else 2))
                self.add_part("age", str(age.years), first, age.last, _("Age {n}").format(n=age.years))
                return
            self.take(age.first, age.last)

    def ends_a_clause(self, index):
        """Whether nothing follows a token that it counts: 'son, 9', but not 'mum 2 kids'."""
        if index + 1 == len(self.tokens) or self.words[index + 1] in _AFTER_AGE:
            return True
        return any(mark in self.read[self.tokens[index].end : self.tokens[index + 1].start] for mark in ",;.!?)")

    def is_relative(self, index):
        """Whether a token by itself names somebody close: 'son'."""
        return 0 <= index < len(self.tokens) and self.numbers[index] in self.vocabulary.relatives

    def is_bare_age(self, age):
        """Whether a number with no word for an age is one all the same: 'anorexia 14', ', 34,', 'I am gay and 16'."""
        at = age.at
        if self.is_relative(at - 1) or (at and self.words[at - 1] in _IS_OTHERS):
            return self.ends_a_clause(at)
        if age.years not in self.vocabulary.ages or not any(part.field in _OF_PEOPLE for part in self.parts):
            return False
        between = [self.read[each.end : other.start] for each, other in pairwise(self.tokens)]
        is_last = at + 1 == len(self.tokens)
        is_set_off = (not at or "," in between[at - 1] or self.is_of_people(at - 1)) and (
            is_last or "," in between[at] or self.is_of_people(at + 1)
        )
        tells_of_oneself = is_last and self.words[at - 1] == "and" and self.words[0] in {"i", "im"}
        return tells_of_oneself or (is_set_off and self.words[at - 1 : at] != ["covid"])

    def is_of_people(self, index):
        """Whether a token stands in a part that says who somebody is or what they live with."""
        token = self.tokens[index]
        return any(part.field in _OF_PEOPLE and part.start <= token.start < part.end for part in self.parts)

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


def _in_waking_hours(hour):
    return hour + 12 if hour < 9 else hour


def _on_the_clock(hour, half):
    """Return an hour from 0 to 23, with its half of the day where that is known."""
    return hour % 12 + 12 * (half in {"p", "P"}) if half else _in_waking_hours(hour)


def _times(found, hour):
    """Return the parts of the day that an hour with its cue stands for."""
    cue = (found["cue"] or "at").casefold()
    if cue in _UP_TO:
        # What begins in the hour before is over too late.
        return [part for part, (begins, _ends) in _PARTS_OF_DAY.items() if begins + 1 < hour]
    if cue in _FROM_THEN_ON and hour >= 12:
        return [part for part, (_begins, ends) in _PARTS_OF_DAY.items() if hour < ends]
    return [_part_of_day(hour)]


def _in_kilometres(place):
    known = getattr(place, "in_kilometres", None)
    if known is not None:
        return bool(known)
    country = getattr(place, "country", None)
    return country in {Nation.IRELAND, Nation.FRANCE}
