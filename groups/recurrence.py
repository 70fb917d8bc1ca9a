"""The dates on which a meeting happens, as RFC 5545 reads its rule, by the clock of the place.

A date is looked for day by day: that is quick enough for eight years, and nothing can go round for ever.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from groups.bankholidays import bank_holidays, nation_of
from groups.choices import Frequency

# No rule is followed further than this: a leap-day meeting comes every fourth year, every eighth around 2100.
HORIZON_DAYS = 366 * 8 + 2
LAST = -1


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
    # A meeting may last a day, so yesterday's may still be on.
    since = now.astimezone(meeting.zone).date() - timedelta(days=1)
    ahead = {each.at: each for each in moved_occurrences(meeting) if _is_ahead(each, now)}
    regular = 0
    for day in held_dates(meeting, since):
        if regular == count:
            break
        occurrence = occurrence_on(meeting, day)
        if _is_ahead(occurrence, now):
            ahead.setdefault(occurrence.at, occurrence)
            regular += 1
    return sorted(ahead.values())[:count]


def moved_occurrences(meeting):
    """Return the occurrences that were moved, at their new dates."""
    return [
        occurrence_on(meeting, each.moved_to_on, each.moved_to_time, each.note)
        for each in changes_of(meeting)
        if each.moved_to_on
    ]


def held_dates(meeting, since, until=None):
    """Yield the dates from `since` on that are as usual: in no break, no bank holiday, neither cancelled nor moved."""
    breaks = breaks_of(meeting)
    changed = {each.on for each in changes_of(meeting)}
    open_ends = [each.starts_on - timedelta(days=1) for each in breaks if each.ends_on is None]
    until = min([*open_ends, *([until] if until else [])], default=None)
    for day in regular_dates(meeting, since, until):
        if day not in changed and not any(each.covers(day) for each in breaks) and not is_bank_holiday(meeting, day):
            yield day


def regular_dates(meeting, since, until=None):
    """Yield the dates from `since` to `until` that the rule alone gives, in order."""
    since = max(since, meeting.starts_on or since)
    until = min(until or date.max, meeting.ends_on or date.max)
    if meeting.frequency == Frequency.DATES:
        yield from sorted(day for day in set(meeting.dates) if since <= day <= until)
        return
    by_weekday = meeting.frequency in {Frequency.WEEKLY, Frequency.MONTHLY_WEEKDAY}
    for ordinal in range(since.toordinal(), min(until.toordinal(), since.toordinal() + HORIZON_DAYS) + 1):
        if by_weekday and (ordinal - 1) % 7 not in meeting.weekdays:
            continue
        day = date.fromordinal(ordinal)
        if falls_on(meeting, day):
            yield day


def falls_on(meeting, day):
    """Whether the rule gives `day`, wherever it starts and ends."""
    if meeting.frequency == Frequency.DATES:
        return day in meeting.dates
    if meeting.months and day.month not in meeting.months:
        return False
    if meeting.frequency == Frequency.WEEKLY:
        return day.weekday() in meeting.weekdays and _periods(meeting, _week(day)) % meeting.interval == 0
    if meeting.frequency == Frequency.MONTHLY_WEEKDAY:
        fits = day.weekday() in meeting.weekdays and not weeks_of(day).isdisjoint(meeting.weeks_of_month)
    else:
        fits = meeting.frequency == Frequency.MONTHLY_DATE and day.day == meeting.day_of_month
    return fits and _periods(meeting, _month(day)) % meeting.interval == 0


def weeks_of(day):
    """Return which of its weekday in the month a day is: {2}, or {4, -1} for a fourth that is the last."""
    is_last = day.day + 7 > monthrange(day.year, day.month)[1]
    return {(day.day + 6) // 7} | ({LAST} if is_last else set())


def _periods(meeting, number):
    """Return how many weeks or months have gone by since the first."""
    if meeting.interval == 1 or meeting.starts_on is None:
        return 0
    return number - (_week if meeting.frequency == Frequency.WEEKLY else _month)(meeting.starts_on)


def _week(day):
    return (day.toordinal() - 1) // 7  # 1 January of year 1 was a Monday


def _month(day):
    return day.year * 12 + day.month


def is_bank_holiday(meeting, day):
    """Whether the meeting is off on `day` because it is a bank holiday. A single date was chosen and is never off."""
    return (
        meeting.skips_bank_holidays
        and meeting.frequency != Frequency.DATES
        and day in bank_holidays(nation_of(meeting), day.year)
    )


def breaks_of(meeting):
    """Return the breaks of a meeting; one that is not saved has none."""
    return list(meeting.breaks.all()) if meeting.pk else []


def changes_of(meeting):
    """Return the cancelled and moved dates of a meeting; one that is not saved has none."""
    return list(meeting.exceptions.all()) if meeting.pk else []


def occurrence_on(meeting, day, at_time=None, note=""):
    """Return the occurrence of a date.

    A time that the clock jumps over is shown as what the clock says then, and of a time that comes twice the first is
    meant: as RFC 5545 has it.
    """
    at = datetime.combine(day, at_time or meeting.start_time, tzinfo=meeting.zone).astimezone(UTC)
    # Added in UTC, so that a meeting through a clock change keeps its length.
    until = (at + timedelta(minutes=meeting.minutes)).astimezone(meeting.zone) if meeting.minutes else None
    return Occurrence(at.astimezone(meeting.zone), until, note)


def _is_ahead(occurrence, now):
    return (occurrence.until or occurrence.at) > now
