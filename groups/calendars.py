"""Meetings as iCalendar (RFC 5545), with what anyone may know of them and nothing else."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDDDLists, vRecur, vText

from groups.models import Meeting
from groups.rules import series_of, wall_clock
from groups.visibility import public_part
from groups.wording import meeting_in_words

# A calendar of a search holds so many meetings, the soonest first.
MOST_MEETINGS = 300
# Revisions are counted in minutes from here on.
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
SITE_ZONE = "Europe/London"
ASK_AGAIN = timedelta(days=1)


def span_of_calendars(today=None):
    """Return the first and the last day that calendars hold: they stay for a year, so that a file stays the same."""
    year = (today or timezone.localdate()).year
    return date(year, 1, 1), date(year + 2, 12, 31)


def calendar_of(name, meetings, address, note="", today=None):
    """Return the bytes of a calendar; `address` turns a group into the address of its page.

    `meetings` are from `MeetingQuerySet.for_calendars`.
    """
    since, until = span_of_calendars(today)
    calendar = Calendar()
    calendar.add("prodid", "-//selfhelp-directory//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("name", _one_line(name))
    calendar.add("x-wr-calname", vText(_one_line(name)))
    calendar.add("x-wr-caldesc", vText(f"{horizon_in_words(until)} {note}".strip()))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    events = [event for meeting in meetings for event in events_of(meeting, since, until, address(meeting.group))]
    # A calendar without any part is not valid; one without any event is.
    for zone in sorted({SITE_ZONE, *(meeting.time_zone for meeting in meetings)}):
        calendar.add_component(zone_component(zone, since.year, until.year))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def horizon_in_words(until):
    """Return up to when a calendar holds dates, in a sentence."""
    return _("Dates until %(day)s, without breaks and bank holidays that the group keeps.") % {
        "day": formats.date_format(until, "j F Y")
    }


def soonest(groups, chosen):
    """Return (the soonest meetings of these groups that fit what is chosen of a meeting, whether there are more)."""
    meetings = list(
        Meeting.objects.for_calendars()
        .filter(group__in=groups, next_at__isnull=False)
        .fitting(**chosen)
        .order_by("next_at", "pk")[: MOST_MEETINGS + 1]
    )
    return meetings[:MOST_MEETINGS], len(meetings) > MOST_MEETINGS


def events_of(meeting, since, until, url):
    """Return the events of a meeting: one with its rule, and one for each date that is moved or cancelled.

    A date that simply vanished would leave those who had planned for it to wonder, so it stays and says that it is off.
    """
    series = series_of(meeting, since, until)
    if series is None:
        return []
    main = _event(meeting, series.first, url)
    if series.rule:
        main.add("rrule", vRecur(series.rule))
    if series.off:
        main.add("exdate", vDDDLists([wall_clock(meeting, day) for day in series.off]))
    if series.added:
        main.add("rdate", vDDDLists([each.at for each in series.added]))
    events = [main]
    for day, note in series.cancelled:
        cancelled = _event(meeting, wall_clock(meeting, day), url, note)
        cancelled.add("recurrence-id", wall_clock(meeting, day))
        cancelled.add("status", "CANCELLED")
        cancelled.add("transp", "TRANSPARENT")
        # Some programs do not read the status.
        cancelled["summary"] = vText(_("Cancelled: %(name)s") % {"name": _one_line(meeting.group.name)})
        events.append(cancelled)
    for day, occurrence in series.moved:
        moved = _event(meeting, occurrence.at, url, occurrence.note)
        moved.add("recurrence-id", wall_clock(meeting, day))
        events.append(moved)
    return events


def _event(meeting, start, url, note=""):
    group = meeting.group
    changed_at = max(meeting.changed_at, group.updated_at).replace(microsecond=0)
    event = Event()
    # The same for ever, whatever the site is called; a group's other meetings have others.
    event.add("uid", str(uuid.uuid5(group.uuid, str(meeting.pk))))
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    event.add("sequence", int((changed_at - BEGINNING).total_seconds() // 60))
    event.add("summary", _one_line(group.name))
    event.add("dtstart", start)
    if meeting.minutes:
        event.add("duration", timedelta(minutes=meeting.minutes))
    event.add("description", "\n".join(_description(meeting, url, note)))
    event.add("url", url)
    if lines := _place(meeting):
        event.add("location", _one_line(", ".join(lines)))
    point = public_part(meeting).point
    if point and meeting.happens_at_a_venue:
        event.add("geo", tuple(point))
    return event


def _one_line(text):
    return " ".join(text.split())


def _place(meeting):
    """Return where it is, in lines that anyone may read."""
    public = public_part(meeting)
    if meeting.venue and meeting.happens_at_a_venue:
        return [*([public.room] if public.room else []), *public.lines]
    return [str(meeting.get_format_display())]


def _description(meeting, url, note):
    lines = [note, meeting_in_words(meeting), str(meeting.get_format_display())]
    public = public_part(meeting)
    lines += [
        public.join_url and _("Join online: %(url)s") % {"url": public.join_url},
        public.join_phone and _("Join by phone: %(number)s") % {"number": public.join_phone},
        public.passcode and _("Passcode: %(code)s") % {"code": public.passcode},
    ]
    if meeting.group.sample:
        lines.append(_("This is a sample. We made this group up to show the site."))
    lines += [meeting.note, _("See what has changed before you go: %(url)s") % {"url": url}]
    return [line for line in lines if line]


@cache
def zone_component(name, first_year, last_year):
    """Return the VTIMEZONE of a zone for some years.

    icalendar has one too, which (in 7.3) starts summer time an hour late: RFC 5545 wants the hour before the change.
    """
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 31, tzinfo=UTC)
    offset = zone.utcoffset(at.astimezone(zone))
    parts = {(False, offset, offset, at.astimezone(zone).tzname()): [datetime.combine(date(first_year, 1, 1), time())]}
    while at < end:
        later = at + timedelta(days=1)
        if (changed := zone.utcoffset(later.astimezone(zone))) != offset:
            moment = _moment_of_change(zone, at, later)
            key = (changed > offset, offset, changed, later.astimezone(zone).tzname())
            parts.setdefault(key, []).append((moment + offset).replace(tzinfo=None))
            offset = changed
        at = later
    for (is_summer, before, after, tzname), starts in parts.items():
        part = TimezoneDaylight() if is_summer else TimezoneStandard()
        part.add("dtstart", starts[0])
        if starts[1:]:
            part.add("rdate", vDDDLists(starts[1:]))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", tzname)
        component.add_component(part)
    return component


def _moment_of_change(zone, before, after):
    offset = zone.utcoffset(before.astimezone(zone))
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if zone.utcoffset(middle.astimezone(zone)) == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
