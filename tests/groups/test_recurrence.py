from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from groups.models import Meeting
from groups.recurrence import next_starts
from groups.wording import meeting_in_words
from tests.factories import MeetingBreakFactory, MeetingExceptionFactory, MeetingFactory

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
LONDON = ZoneInfo("Europe/London")


def days(count=3, now=NOW, **fields):
    meeting = Meeting(**{"start_time": time(19), "weekdays": [1]} | fields)
    return [occurrence.at.date().isoformat() for occurrence in next_starts(meeting, count, now)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["2026-11-24", "2026-12-01", "2026-12-08"]),
        ({"weekdays": [0, 3]}, ["2026-11-23", "2026-11-26", "2026-11-30"]),
        ({"interval": 2, "starts_on": date(2026, 11, 17)}, ["2026-12-01", "2026-12-15", "2026-12-29"]),
        ({"interval": 2, "starts_on": date(2019, 1, 1)}, ["2026-11-24", "2026-12-08", "2026-12-22"]),
        ({"starts_on": date(2027, 1, 5)}, ["2027-01-05", "2027-01-12", "2027-01-19"]),
        ({"ends_on": date(2026, 12, 1)}, ["2026-11-24", "2026-12-01"]),
        (
            {"frequency": "monthly-weekday", "weeks_of_month": [1]},
            ["2026-12-01", "2027-01-05", "2027-02-02"],
        ),
        (
            {"frequency": "monthly-weekday", "weeks_of_month": [-1], "weekdays": [4]},
            ["2026-11-27", "2026-12-25", "2027-01-29"],
        ),
        (
            {"frequency": "monthly-weekday", "weeks_of_month": [5], "weekdays": [0]},
            ["2026-11-30", "2027-03-29", "2027-05-31"],
        ),
        ({"frequency": "monthly-date", "day_of_month": 31}, ["2026-12-31", "2027-01-31", "2027-03-31"]),
        (
            {"frequency": "dates", "dates": [date(2027, 2, 3), date(2026, 12, 9), date(2026, 1, 1)]},
            ["2026-12-09", "2027-02-03"],
        ),
        ({"frequency": "appointment", "start_time": None}, []),
    ],
)
def test_the_next_dates(fields, expected):
    assert days(**fields) == expected


def test_a_leap_day_comes_back_in_four_years():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    found = days(2, now, frequency="monthly-date", day_of_month=29, interval=12, starts_on=date(2024, 2, 29))
    assert found == ["2028-02-29", "2032-02-29"]


@pytest.mark.parametrize(
    ("zone", "clock_change"), [("Europe/London", date(2027, 3, 28)), ("Europe/Paris", date(2026, 10, 25))]
)
def test_the_clock_of_the_wall_stays_through_a_clock_change(zone, clock_change):
    meeting = Meeting(start_time=time(19), weekdays=[6], time_zone=zone, minutes=60)
    before = datetime.combine(clock_change, time(0), tzinfo=UTC).replace(day=clock_change.day - 8)
    found = next_starts(meeting, 3, before)
    assert {each.at.time() for each in found} == {time(19)}
    assert len({each.at.utcoffset() for each in found}) == 2


def test_a_meeting_that_is_going_on_is_still_the_next_one():
    meeting = Meeting(start_time=time(19), weekdays=[0], minutes=90)
    at_eight = datetime(2026, 11, 23, 20, tzinfo=LONDON)
    first = next_starts(meeting, 1, at_eight)[0]
    assert first.at.date() == date(2026, 11, 23)
    assert first.is_on(at_eight)
    assert next_starts(meeting, 1, datetime(2026, 11, 23, 20, 30, tzinfo=LONDON))[0].at.date() == date(2026, 11, 30)


def test_a_meeting_over_midnight_in_another_zone_belongs_to_the_day_it_starts():
    meeting = Meeting(start_time=time(23, 30), weekdays=[0], minutes=60, time_zone="America/New_York")
    first = next_starts(meeting, 1, datetime(2026, 11, 24, 5, tzinfo=UTC))[0]
    assert first.at == datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.django_db
def test_breaks_and_changed_dates_are_left_out_or_moved():
    meeting = MeetingFactory()
    MeetingBreakFactory(meeting=meeting, starts_on=date(2026, 12, 15), ends_on=date(2027, 1, 4))
    MeetingExceptionFactory(meeting=meeting, on=date(2026, 12, 1))
    MeetingExceptionFactory(
        meeting=meeting, on=date(2026, 12, 8), moved_to_on=date(2026, 12, 9), moved_to_time=time(18), note="Another day"
    )
    found = next_starts(meeting, 4, NOW)
    assert [each.at.strftime("%m-%d %H") for each in found] == ["11-24 19", "12-09 18", "01-05 19", "01-12 19"]
    assert found[1].note == "Another day"


@pytest.mark.django_db
def test_saving_keeps_the_next_date_for_sorting():
    meeting = MeetingFactory()
    assert meeting.next_at in [each.at for each in next_starts(meeting, 2)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"minutes": 90}, "Every Tuesday, 7 pm to 8.30 pm"),
        ({}, "Every Tuesday, from 7 pm"),
        ({"weekdays": [0, 2, 4]}, "Every Monday, Wednesday and Friday, from 7 pm"),
        ({"weekdays": list(range(7))}, "Every day, from 7 pm"),
        ({"interval": 2, "starts_on": date(2026, 11, 17)}, "Every second Tuesday, from 7 pm"),
        ({"interval": 3, "starts_on": date(2026, 11, 17)}, "Every 3 weeks on Tuesday, from 7 pm"),
        ({"frequency": "monthly-weekday", "weeks_of_month": [1]}, "First Tuesday of the month, from 7 pm"),
        (
            {"frequency": "monthly-weekday", "weeks_of_month": [-1, 2]},
            "Second and last Tuesday of the month, from 7 pm",
        ),
        ({"frequency": "monthly-date", "day_of_month": 15}, "On the 15th of the month, from 7 pm"),
        ({"frequency": "monthly-date", "day_of_month": 31}, "On the 31st of the month, from 7 pm"),
        ({"frequency": "appointment", "start_time": None}, "By arrangement"),
        ({"start_time": time(12), "minutes": 45}, "Every Tuesday, noon to 12.45 pm"),
        ({"start_time": time(0, 15)}, "Every Tuesday, from 12.15 am"),
        ({"months": [4, 5, 6, 7, 8, 9]}, "Every Tuesday from April to September, from 7 pm"),
        ({"months": [1, 2, 11, 12]}, "Every Tuesday from November to February, from 7 pm"),
        ({"months": [3, 6, 9]}, "Every Tuesday in March, June and September, from 7 pm"),
        ({"months": [6]}, "Every Tuesday in June, from 7 pm"),
        ({"skips_bank_holidays": True}, "Every Tuesday, from 7 pm, except bank holidays"),
    ],
)
def test_a_meeting_says_when_it_is(fields, words):
    meeting = Meeting(**{"start_time": time(19), "weekdays": [1]} | fields)
    assert meeting_in_words(meeting).replace("\N{NO-BREAK SPACE}", " ") == words
