"""Days, times and time zones as feeds write them, and what their names say beside it."""

import re
import zoneinfo
from datetime import datetime, time
from functools import cache

from django.utils.translation import gettext as _

from groups.choices import Frequency
from groups.imports.addresses import zone_at

_TIME = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(?:([ap])\.?m\.?)?$", re.IGNORECASE)
_NAMED_TIMES = {"noon": time(12), "midnight": time(0)}
# 'Saint Andrew's, 8:15pm Central': the clock by which the people of the group say their time.
_STATED = re.compile(
    r"\b(\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\.?)\W{0,2}"
    r"(central european|eastern|central|mountain|pacific|atlantic|london|uk|irish)\b",
    re.IGNORECASE,
)
_STATED_ZONES = {
    "atlantic": "America/Halifax",
    "central": "America/Chicago",
    "central european": "Europe/Berlin",
    "eastern": "America/New_York",
    "irish": "Europe/Dublin",
    "london": "Europe/London",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "uk": "Europe/London",
}
_SEASONS = [(2024, 1, 15), (2024, 7, 15)]  # winter and summer time; the year does not matter

_WEEKS = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4}
_WEEKS |= {"5th": 5, "fifth": 5, "last": -1}
_WEEK = "|".join(_WEEKS)
_DAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_NTH = re.compile(
    rf"\b((?:{_WEEK})(?:\s*(?:,|&|/|\+|and)+\s*(?:{_WEEK}))*)\s+({'|'.join(_DAY_NAMES)})\w*", re.IGNORECASE
)
_NOT_WEEKLY = re.compile(r"\b(monthly|bi-?monthly|bi-?weekly|fortnightly|every other|alternate|every second)\b", re.I)


class Unreadable(ValueError):
    """A value that is no day, no time, or not the time that its name says."""


def read_time(value):
    """Return the time of day that a value says. Raises `Unreadable`."""
    text = str(value).strip().casefold()
    if text in _NAMED_TIMES:
        return _NAMED_TIMES[text]
    match = _TIME.match(text)
    if not match or not (match[2] or match[3]):
        raise Unreadable(text)
    hour = int(match[1])
    if match[3]:
        if not 1 <= hour <= 12:
            raise Unreadable(text)
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    if hour > 23 or int(match[2] or 0) > 59:
        raise Unreadable(text)
    return time(hour, int(match[2] or 0))


def read_days(value):
    """Return weekdays, 0 for Monday, out of feed days, 0 for Sunday. Raises `Unreadable` with the wrong one."""
    days = set()
    for each in value if isinstance(value, list) else [value]:
        text = "" if isinstance(each, bool) else str(each).strip()
        if text not in {"0", "1", "2", "3", "4", "5", "6"}:
            raise Unreadable(str(each))
        days.add((int(text) + 6) % 7)
    return sorted(days)


def minutes_between(start, end):
    """Return the minutes from start to end; an end before the start is after midnight."""
    return ((end.hour - start.hour) * 60 + end.minute - start.minute) % (24 * 60)


def is_zone(name):
    """Whether the time zone database knows the name."""
    return name in _zones()


@cache
def _zones():
    return zoneinfo.available_timezones()  # which looks through a folder each time


def says_a_clock(name):
    """Whether a name says by which clock its time is."""
    return bool(_STATED.search(name))


def clock_of(name, start, guesses):
    """Return the zone by whose clock a meeting of this name starts at `start`, or an empty string where nobody knows.

    `guesses` are zones, the likeliest first. A name that says its own clock ('2am Eastern') is believed before them:
    feeds place online meetings at some middle point, and write the time of another clock. Raises `Unreadable` where
    the name says a time that no clock brings together with `start`.
    """
    stated = _STATED.search(name)
    if not stated or start is None:
        return guesses[0] if guesses else ""
    said_at, said_zone = read_time(stated[1]), _STATED_ZONES[stated[2].casefold()]
    if said_at == start:
        # 'Central' is said in Mexico too, and 'Mountain' in Arizona: the place's own zone stays where it can be meant.
        return next((zone for zone in guesses if _same_time(start, zone, said_zone)), said_zone)
    for zone in guesses:
        if _same_time(start, zone, said_zone, said_at):
            return zone
    raise Unreadable(_("the name says %(said)s, the row %(time)s") % {"said": stated[0], "time": f"{start:%H:%M}"})


def _same_time(at, zone, other_zone, other_at=None):
    """Whether both clocks show the same moment in one of the seasons at least."""
    for day in _SEASONS:
        moment = datetime(*day, at.hour, at.minute, tzinfo=zoneinfo.ZoneInfo(zone))
        other = moment.astimezone(zoneinfo.ZoneInfo(other_zone))
        if other.time() == (other_at or at):
            return True
    return False


def zone_of_point(point):
    """Return the zone of a point, or an empty string; at sea nobody meets."""
    zone = zone_at(point)
    return zone if is_zone(zone) and not zone.startswith("Etc/") else ""


def rhythm(name, weekdays):
    """Return how often a meeting of this name is, and in which weeks of the month.

    The format knows weekly meetings only, so those that are not say it in their names. Where the weeks are not
    told, the honest answer is 'by arrangement': a wrong date sends somebody to a locked door.
    """
    if not weekdays:
        return Frequency.APPOINTMENT, []
    nth = _NTH.search(name)
    if nth and weekdays == [_DAY_NAMES.index(nth[2].casefold())]:
        return Frequency.MONTHLY_WEEKDAY, sorted(_WEEKS[week.casefold()] for week in re.findall(_WEEK, nth[1], re.I))
    if nth or _NOT_WEEKLY.search(name):
        return Frequency.APPOINTMENT, []
    return Frequency.WEEKLY, []
