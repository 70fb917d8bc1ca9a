"""Dates, moments and times of day as people write them."""

import re
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
# Two digits of a year: 70 and later are of the last century.
CENTURY_TURNS = 70

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})(?:\s+00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+")
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.]\s*(\d{2}))?(?::(\d{2})(?:\.(\d{1,6}))?)?\s*(am|pm)?")
_WORDS_OF_THE_CLOCK = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def read_day(text):
    """Return the date that `text` says: 3 March 2026, 03/03/2026 (day first, as the British write), 2026-03-03."""
    said = " ".join(text.casefold().split())
    said = _WEEKDAY.sub("", said)
    if found := _ISO.fullmatch(said):
        year, month, day = (int(each) for each in found.groups())
    elif found := _NUMBERS.fullmatch(said):
        day, month, year = int(found[1]), int(found[2]), _year(found[3])
        if month > len(MONTHS) >= day:
            raise ValueError(
                _("Dates are read the British way, the day first. Write it like 3 March 2026 or 03/03/2026.")
            )
    elif (found := _DAY_FIRST.fullmatch(said)) and _month(found[2]):
        day, month, year = int(found[1]), _month(found[2]), _year(found[3])
    elif (found := _MONTH_FIRST.fullmatch(said)) and _month(found[1]):
        day, month, year = int(found[2]), _month(found[1]), _year(found[3])
    else:
        raise ValueError(_("We cannot read this date. Write it like 3 March 2026, 03/03/2026 or 2026-03-03."))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_("There is no such day in the calendar. Check day, month and year.")) from None


def _month(word):
    return next((number for number, name in enumerate(MONTHS, start=1) if name.startswith(word[:9])), None)


def _year(digits):
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) < CENTURY_TURNS else 1900)


def read_clock(text):
    """Return the time of day that `text` says: 7pm, 7.30 pm, 19:00, noon."""
    said = " ".join(text.casefold().replace("a.m.", "am").replace("p.m.", "pm").split())
    if said in _WORDS_OF_THE_CLOCK:
        return _WORDS_OF_THE_CLOCK[said]
    found = _CLOCK.fullmatch(said.removesuffix("hrs").removesuffix("h").strip())
    if found is None or (found[2] is None and found[5] is None):
        raise ValueError(_("We cannot read this time. Write it like 7pm, 7.30 pm or 19:00."))
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[5]:
        if not 1 <= hour <= 12:
            raise ValueError(_("Write a time with am or pm like 7.30 pm, or without them like 19:30."))
        hour = hour % 12 + (12 if found[5] == "pm" else 0)
    try:
        return time(hour, minute, second, int((found[4] or "0").ljust(6, "0")))
    except ValueError:
        raise ValueError(_("There is no such time on the clock. Write it like 7pm, 7.30 pm or 19:00.")) from None


def read_moment(text):
    """Return the moment that `text` says; a date alone means the start of that day here."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = datetime.combine(read_day(text), time())
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def clock_text(at):
    """Return a time of day without the seconds that nobody set."""
    return at.isoformat("minutes") if at == at.replace(second=0, microsecond=0) else at.isoformat()
