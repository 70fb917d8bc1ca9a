"""A meeting's dates as RFC 5545 says them: a first date, a rule, dates left out, moved and added."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from groups.choices import Frequency
from groups.recurrence import (
    breaks_of,
    changes_of,
    is_bank_holiday,
    occurrence_on,
    regular_dates,
)

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
LOCAL, IN_UTC = "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"


def rule_of(meeting, until=None):
    """Return the parts of the meeting's RRULE, in the types that icalendar takes; an empty dict for single dates.

    The rule ends with the meeting, or with `until` where that is sooner.
    """
    if meeting.frequency in {Frequency.DATES, Frequency.APPOINTMENT}:
        return {}
    weekly = meeting.frequency == Frequency.WEEKLY
    rule = {"FREQ": "WEEKLY" if weekly else "MONTHLY"}
    if meeting.interval > 1:
        rule["INTERVAL"] = meeting.interval
    if meeting.months:
        rule["BYMONTH"] = sorted(meeting.months)
    if weekly:
        rule["BYDAY"] = [DAYS[day] for day in sorted(meeting.weekdays)]
    elif meeting.frequency == Frequency.MONTHLY_WEEKDAY:
        rule["BYDAY"] = [f"{week}{DAYS[day]}" for week in meeting.weeks_of_month for day in sorted(meeting.weekdays)]
    else:
        rule["BYMONTHDAY"] = meeting.day_of_month
    last = min(meeting.ends_on or date.max, until or date.max)
    if last != date.max:
        rule["UNTIL"] = datetime.combine(last, time(23, 59, 59), tzinfo=meeting.zone).astimezone(UTC)
    return rule


@dataclass(frozen=True)
class Series:
    """The dates of a meeting, by what becomes of each regular one.

    `off` are dates on which nobody would expect it: breaks and bank holidays. `cancelled` holds (date, note), `moved`
    (date, occurrence), and `added` what is besides the regular dates.
    """

    first: datetime
    rule: dict
    off: list
    cancelled: list
    moved: list
    added: list


def series_of(meeting, since, until, *, ends=True):
    """Return the dates of a meeting from `since` to `until`; `None` where there is none.

    What no rule says, such as bank holidays, is left out date by date. Without `ends` the rule itself goes on.
    """
    if meeting.frequency == Frequency.APPOINTMENT or meeting.start_time is None:
        return None
    breaks, changes = breaks_of(meeting), changes_of(meeting)
    open_ends = [each.starts_on - timedelta(days=1) for each in breaks if each.ends_on is None]
    until = min([until, *open_ends])
    regular = list(regular_dates(meeting, since, until))
    notes = {each.on: each.note for each in changes if each.moved_to_on is None}
    to = {
        each.on: occurrence_on(meeting, each.moved_to_on, each.moved_to_time, each.note)
        for each in changes
        if each.moved_to_on
    }
    moved = [(day, to[day]) for day in regular if day in to]
    off = [
        day
        for day in regular
        if day not in to and (is_bank_holiday(meeting, day) or any(each.covers(day) for each in breaks))
    ]
    cancelled = [(day, notes[day]) for day in regular if day in notes and day not in off]
    added = [each for day, each in to.items() if day not in regular and each.at.date() >= since]
    if not regular:
        return Series(min(added).at, {}, [], [], [], sorted(added)[1:]) if added else None
    rule = rule_of(meeting, until if ends or open_ends else None)
    if not rule:
        added += [occurrence_on(meeting, day) for day in regular[1:]]
    return Series(wall_clock(meeting, regular[0]), rule, off, cancelled, moved, sorted(added))


def wall_clock(meeting, day):
    """Return when a regular date starts, as the clock on the wall is written, also where the clock jumps over it."""
    return datetime.combine(day, meeting.start_time, tzinfo=meeting.zone)
