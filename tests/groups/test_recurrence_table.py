"""Each recurrence of the table, judged by others: python-dateutil, recurring-ical-events, vobject."""

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from icalendar import Calendar

from groups.bankholidays import bank_holidays
from groups.calendars import calendar_of, span_of_calendars
from groups.models import Meeting
from groups.recurrence import next_starts
from groups.rulereading import read_rule
from groups.rules import IN_UTC, LOCAL, series_of, wall_clock
from tests.factories import MeetingBreakFactory, MeetingExceptionFactory, MeetingFactory
from tests.groups.recurrences import TABLE

TODAY = date(2026, 11, 23)
SINCE, UNTIL = span_of_calendars(TODAY)
START, END = datetime.combine(SINCE, time(), tzinfo=UTC), datetime.combine(UNTIL, time(23), tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(params=TABLE)
def meeting(request):
    fields, breaks, changes = TABLE[request.param]
    made = MeetingFactory(**fields)
    for each in breaks:
        MeetingBreakFactory(meeting=made, **each)
    for each in changes:
        MeetingExceptionFactory(meeting=made, **each)
    return Meeting.objects.for_calendars().get()


def ours(meeting, start=START):
    # All of three years: a daily meeting has 1,096 dates.
    return [each.at.astimezone(UTC) for each in next_starts(meeting, 1100, start) if start <= each.at <= END]


def rule_text(meeting, since, until):
    """DTSTART, RRULE, EXDATE and RDATE of a meeting as lines of RFC 5545; empty where there is no date."""
    series = series_of(meeting, since, until, ends=False)
    if series is None:
        return ""
    zone = f";TZID={meeting.time_zone}:"
    lines = [f"DTSTART{zone}{series.first:{LOCAL}}"]
    if series.rule:
        lines.append("RRULE:" + ";".join(f"{name}={_value(value)}" for name, value in series.rule.items()))
    left_out = sorted([*series.off, *(day for day, _change in [*series.cancelled, *series.moved])])
    lines += [f"EXDATE{zone}{wall_clock(meeting, day):{LOCAL}}" for day in left_out]
    added = sorted([*series.added, *(occurrence for _day, occurrence in series.moved)])
    lines += [f"RDATE:{each.at.astimezone(UTC):{IN_UTC}}" for each in added]
    return "\n".join(lines)


def _value(value):
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return f"{value:{IN_UTC}}" if isinstance(value, datetime) else str(value)


def test_others_read_the_same_dates_in_the_rule_and_in_the_calendar(meeting):
    assert ours(meeting)
    rules = rrulestr(rule_text(meeting, SINCE, UNTIL), compatible=True, tzids=ZoneInfo)
    in_rule = [each.astimezone(UTC) for each in rules.between(START, END, inc=True)]
    assert list(dict.fromkeys(in_rule)) == ours(meeting)

    written = calendar_of("Dates", [meeting], lambda group: "https://directory.example.org/", today=TODAY)
    events = recurring_ical_events.of(Calendar.from_ical(written)).between(START, END)
    held = {each["DTSTART"].dt.astimezone(UTC) for each in events if each.get("STATUS") != "CANCELLED"}
    assert sorted(held) == ours(meeting)
    # Each date that is cancelled is there too, and says so; what is in a break or on a bank holiday is not.
    cancelled = {each["DTSTART"].dt.date() for each in events if each.get("STATUS") == "CANCELLED"}
    assert cancelled == {each.on for each in meeting.exceptions.all() if each.moved_to_on is None}

    assert vobject.readOne(written.decode()).validate(raiseException=True)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_what_a_rule_says_comes_back_as_the_same_meeting(meeting):
    # What was moved stands in rows of its own, and no field holds it.
    meeting.exceptions.exclude(moved_to_on=None).delete()
    meeting = Meeting.objects.for_calendars().get()
    fields, cancelled = read_rule(rule_text(meeting, SINCE, UNTIL))
    again = MeetingFactory(minutes=meeting.minutes, **fields)
    for day in cancelled:
        MeetingExceptionFactory(meeting=again, on=day)
    assert ours(again) == ours(meeting)


def test_the_table_is_long_enough():
    assert len(TABLE) >= 60


@pytest.mark.parametrize(
    "name",
    ["Europe/London", "Europe/Paris", "Europe/Dublin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"],
)
def test_each_hour_of_three_years_is_as_far_from_utc_in_the_calendar_as_in_the_time_zone_database(name):
    meeting = MeetingFactory(time_zone=name)
    written = calendar_of("Dates", [meeting], lambda group: "https://directory.example.org/", today=TODAY).decode()
    # dateutil reads the VTIMEZONE that is in the file.
    theirs, there = tzical(StringIO(written)).get(name), ZoneInfo(name)
    moment = datetime.combine(SINCE, time(0, 30))
    wrong = []
    while moment.date() <= UNTIL:
        offset = moment.replace(tzinfo=there).utcoffset()
        # An hour that is missing or comes twice has two answers.
        if offset == moment.replace(tzinfo=there, fold=1).utcoffset():
            wrong += [moment] if moment.replace(tzinfo=theirs).utcoffset() != offset else []
        moment += timedelta(hours=1)
    assert wrong == []


@pytest.mark.parametrize(
    ("nation", "days"),
    [
        ("ENG", "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        ("WLS", "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        ("SCT", "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28"),
        ("NIR", "01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28"),
        ("IE", "01-01 02-01 03-17 03-29 05-03 06-07 08-02 10-25"),
        ("FR", "01-01 03-29 05-06 05-17 07-14 11-01 11-11"),
    ],
)
def test_the_bank_holidays_of_2027_on_weekdays_are_those_that_were_proclaimed(nation, days):
    found = sorted(day for day in bank_holidays(nation, 2027) if day.weekday() < 5)
    assert " ".join(f"{day:%m-%d}" for day in found) == days
