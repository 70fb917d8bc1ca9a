"""Each recurrence of the table, judged by others: python-dateutil, recurring-ical-events, vobject."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from dateutil.rrule import rrulestr
from icalendar import Calendar

from groups.bankholidays import bank_holidays
from groups.calendars import calendar_of, span_of_calendars
from groups.models import Meeting
from groups.recurrence import next_starts
from groups.rulereading import read_rule
from groups.rules import rule_text
from tests.factories import MeetingBreakFactory, MeetingExceptionFactory, MeetingFactory
from tests.groups.recurrences import TABLE

TODAY = date(2026, 11, 23)
SINCE, UNTIL = span_of_calendars(TODAY)
START, END = datetime.combine(SINCE, time(), tzinfo=UTC), datetime.combine(UNTIL, time(23), tzinfo=UTC)
FROM_HERE = datetime.combine(TODAY, time(), tzinfo=UTC)
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


def test_dateutil_reads_the_same_dates_in_the_rule(meeting):
    rules = rrulestr(rule_text(meeting, SINCE, UNTIL), forceset=True, tzids=ZoneInfo)
    theirs = [each.astimezone(UTC) for each in rules.between(START, END, inc=True)]
    assert ours(meeting)
    assert list(dict.fromkeys(theirs)) == ours(meeting)


def test_another_parser_reads_the_same_dates_in_the_calendar(meeting):
    written = calendar_of("Dates", [meeting], lambda group: "https://directory.example.org/", today=TODAY)
    events = recurring_ical_events.of(Calendar.from_ical(written)).between(START, END)
    theirs = sorted(each["DTSTART"].dt.astimezone(UTC) for each in events)
    assert sorted({each for each in theirs if each >= START}) == ours(meeting)


def test_a_third_parser_finds_the_calendar_valid_and_its_clocks_right(meeting):
    written = calendar_of("Dates", [meeting], lambda group: "https://directory.example.org/", today=TODAY).decode()
    calendar = vobject.readOne(written)
    assert calendar.validate(raiseException=True)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    for event in calendar.vevent_list:
        # vobject reads the VTIMEZONE of the file, and no time zone database.
        zone = event.dtstart.value.tzinfo
        for month in range(1, 13):
            for moment in (datetime(2027, month, 28, 2, 30), datetime(2027, month, 14, 12)):
                there = moment.replace(tzinfo=meeting.zone)
                assert moment.replace(tzinfo=zone).utcoffset() == there.utcoffset(), moment


def test_what_a_rule_says_comes_back_as_the_same_meeting(meeting):
    text = rule_text(meeting, SINCE, UNTIL)
    if "RRULE" in text and "RDATE" in text:
        pytest.skip("moved dates stand beside a rule, and a meeting's fields hold the rule")
    fields, cancelled = read_rule(text)
    again = MeetingFactory(minutes=meeting.minutes, **fields)
    for day in cancelled:
        MeetingExceptionFactory(meeting=again, on=day)
    assert ours(again) == ours(meeting)


def test_the_table_is_long_enough():
    assert len(TABLE) >= 60


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
