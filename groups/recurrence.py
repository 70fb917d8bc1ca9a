"""The dates on which a meeting happens, computed with RFC 5545 rules, by the clock of the place."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from dateutil import rrule
from django.utils import timezone

from groups.choices import Frequency

WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
# No rule is followed further than this: a leap-day meeting comes every fourth year, every eighth around 2100.
HORIZON = timedelta(days=366 * 8 + 2)


class Occurrence(NamedTuple):
    """One date of a meeting. `at` and `until` are aware, in the meeting's zone; `until` may be `None`."""

    at: datetime
    until: datetime | None
    note: str = ""

    def is_on(self, now):
        """Whether it is going on at `now`."""
        return self.until is not None and self.at <= now < self.until


def next_starts(meeting, count=3, now=None):
    """Return the next `count` occurrences of a meeting that are not over at `now`, breaks and changes applied.

    Reads `meeting.breaks` and `meeting.exceptions`, which lists prefetch.
    """
    if meeting.frequency == Frequency.APPOINTMENT or meeting.start_time is None:
        return []
    now = now or timezone.now()
    today = now.astimezone(meeting.zone).date()
    saved = meeting.pk is not None
    breaks = list(meeting.breaks.all()) if saved else []
    changed = {each.on: each for each in meeting.exceptions.all()} if saved else {}
    found = [
        _occurrence(meeting, each.moved_to_on, each.moved_to_time, each.note)
        for each in changed.values()
        if each.moved_to_on
    ]
    found = [each for each in found if _is_ahead(each, now)]
    regular = 0
    for day in _days(meeting, today - timedelta(days=1)):
        if regular == count:
            break
        if day in changed or any(each.starts_on <= day <= each.ends_on for each in breaks):
            continue
        occurrence = _occurrence(meeting, day)
        if _is_ahead(occurrence, now):
            found.append(occurrence)
            regular += 1
    return sorted(found)[:count]


def _is_ahead(occurrence, now):
    return (occurrence.until or occurrence.at) > now


def _occurrence(meeting, day, at_time=None, note=""):
    at = datetime.combine(day, at_time or meeting.start_time, tzinfo=meeting.zone)
    until = None
    if meeting.minutes:
        # Added in UTC, so that a meeting through a clock change keeps its length.
        until = (at.astimezone(UTC) + timedelta(minutes=meeting.minutes)).astimezone(meeting.zone)
    return Occurrence(at, until, note)


def _days(meeting, since):
    """Yield the regular dates of a meeting from `since` on, in order."""
    if meeting.frequency == Frequency.DATES:
        yield from sorted(day for day in meeting.dates if day >= since)
        return
    rule = rrule_of(meeting, _anchor(meeting, since))
    for moment in rule.xafter(datetime.combine(since, time.min), inc=True):
        if moment.date() > min(meeting.ends_on or date.max, since + HORIZON):
            return
        yield moment.date()


def _anchor(meeting, since):
    """Return a first date that gives the same dates from `since` on, and is near, since rules are walked one by one."""
    if meeting.starts_on is None:
        return since - timedelta(days=31)
    if meeting.frequency == Frequency.WEEKLY and meeting.starts_on < since:
        period = 7 * meeting.interval
        return meeting.starts_on + timedelta(days=(since - meeting.starts_on).days // period * period)
    return meeting.starts_on


def rrule_of(meeting, first):
    """Return the meeting's `dateutil` rule, anchored at the date `first`, in plain dates without a zone."""
    start = datetime.combine(first, time.min)
    until = datetime.combine(meeting.ends_on, time.min) if meeting.ends_on else None
    common = {"dtstart": start, "interval": meeting.interval, "until": until}
    if meeting.frequency == Frequency.WEEKLY:
        return rrule.rrule(rrule.WEEKLY, byweekday=[WEEKDAYS[day] for day in meeting.weekdays], **common)
    if meeting.frequency == Frequency.MONTHLY_WEEKDAY:
        nth = [WEEKDAYS[day](week) for day in meeting.weekdays for week in meeting.weeks_of_month]
        return rrule.rrule(rrule.MONTHLY, byweekday=nth, **common)
    return rrule.rrule(rrule.MONTHLY, bymonthday=meeting.day_of_month, **common)
