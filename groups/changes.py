"""What is not as usual with a meeting, in sentences: a pause, a break to come, a date that is cancelled or moved."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from groups.choices import Frequency
from groups.recurrence import (
    breaks_of,
    changes_of,
    is_bank_holiday,
    next_starts,
    occurrence_on,
    regular_dates,
)
from groups.wording import clock_span, day_and_month, day_of_year, month_of

AHEAD = timedelta(days=92)
# Beyond so many days, the month of the next date says enough.
FAR = 45
MOST = 6


class Pause(NamedTuple):
    """A break that is on, in words: 'No meetings until September', and why, as the group says it."""

    words: str
    reason: str


def pause_of(meeting, now=None):
    """Return the `Pause` of a meeting where a break is on and takes dates away, else `None`."""
    now = now or timezone.now()
    today = now.astimezone(meeting.zone).date()
    pause = next((each for each in breaks_of(meeting) if each.covers(today)), None)
    if pause is None:
        return None
    if pause.ends_on is None:
        return Pause(_("No meetings for now"), pause.reason)
    upcoming = next(iter(next_starts(meeting, 1, now)), None)
    if upcoming is None:
        return None
    day = upcoming.at.date()
    if next(regular_dates(meeting, today, day - timedelta(days=1)), None) is None:
        return None
    when = month_of(day, today) if (day - today).days > FAR else day_and_month(day, today)
    return Pause(_("No meetings until %(when)s") % {"when": when}, pause.reason)


def changes_in_words(meeting, now=None):
    """Return sentences on what is different in the next three months, in order."""
    now = now or timezone.now()
    today = now.astimezone(meeting.zone).date()
    if meeting.frequency == Frequency.APPOINTMENT or meeting.start_time is None:
        return []
    end = today + AHEAD
    changes = [each for each in changes_of(meeting) if today <= each.on <= end or _moved_into(each, today, end)]
    found = [(each.on, _change(meeting, each, today)) for each in changes]
    taken = {each.on for each in changes}
    pauses = [each for each in breaks_of(meeting) if not each.covers(today)]
    said = set()
    for day in regular_dates(meeting, today, end):
        pause = next((each for each in pauses if each.covers(day)), None)
        if day in taken or any(each.covers(day) for each in breaks_of(meeting) if each not in pauses):
            continue
        if pause is not None:
            if pause.pk not in said:
                said.add(pause.pk)
                found.append((day, _break(pause)))
        elif is_bank_holiday(meeting, day):
            words = _("No meeting on %(day)s: it is a bank holiday.")
            found.append((day, words % {"day": day_and_month(day, today)}))
    return [sentence for _day, sentence in sorted(found)][:MOST]


def _moved_into(change, today, end):
    return change.moved_to_on is not None and today <= change.moved_to_on <= end


def _change(meeting, change, today):
    day = day_and_month(change.on, today)
    if change.moved_to_on is None:
        return _with_note(_("No meeting on %(day)s.") % {"day": day}, change.note)
    to = occurrence_on(meeting, change.moved_to_on, change.moved_to_time)
    words = _("Instead of %(day)s, the meeting is on %(new)s, %(time)s.")
    return _with_note(
        words % {"day": day, "new": day_and_month(to.at.date(), today), "time": clock_span(to.at, to.until)},
        change.note,
    )


def _break(pause):
    if pause.ends_on is None:
        words = _("No meetings from %(start)s on.") % {"start": day_of_year(pause.starts_on)}
    else:
        days = {"start": day_of_year(pause.starts_on), "end": day_of_year(pause.ends_on)}
        words = _("No meetings from %(start)s to %(end)s.") % days
    return _with_note(words, pause.reason)


def _with_note(words, note):
    return f"{words} {note.rstrip('.')}." if note else words
