"""Rules out of calendar programs, and meetings that cannot be, in the hands of a curator."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from groups.models import Meeting, MeetingBreak, MeetingException
from groups.rulereading import read_rule
from tests.factories import GroupFactory, MeetingFactory, TopicFactory
from tests.forms import filled


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", {"frequency": "weekly", "weekdays": [1]}),
        ("RRULE:FREQ=WEEKLY;BYDAY=TH,MO;WKST=SU", {"frequency": "weekly", "weekdays": [0, 3]}),
        ("rrule:freq=weekly;byday=tu;until=20271231T235959Z", {"ends_on": date(2027, 12, 31)}),
        ("RRULE:FREQ=DAILY", {"frequency": "weekly", "weekdays": list(range(7))}),
        ("RRULE:FREQ=DAILY;BYDAY=SA,SU", {"frequency": "weekly", "weekdays": [5, 6]}),
        (
            "DTSTART;TZID=Europe/Paris:20261124T193000\nRRULE:FREQ=WEEKLY;INTERVAL=2",
            {
                "weekdays": [1],
                "interval": 2,
                "starts_on": date(2026, 11, 24),
                "start_time": time(19, 30),
                "time_zone": "Europe/Paris",
            },
        ),
        ("RRULE:FREQ=MONTHLY;BYDAY=2TU", {"frequency": "monthly-weekday", "weekdays": [1], "weeks_of_month": [2]}),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", {"weekdays": [4], "weeks_of_month": [-1]}),
        ("RRULE:FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", {"weekdays": [4], "weeks_of_month": [-1]}),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO,3MO", {"weekdays": [0], "weeks_of_month": [1, 3]}),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO,1TU,3MO,3TU", {"weekdays": [0, 1], "weeks_of_month": [1, 3]}),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=15", {"frequency": "monthly-date", "day_of_month": 15}),
        ("DTSTART:20260115T100000Z\nRRULE:FREQ=MONTHLY", {"day_of_month": 15, "time_zone": "UTC"}),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", {"day_of_month": 29, "months": [2]}),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;BYMONTH=4,5,6", {"months": [4, 5, 6]}),
        (
            "DTSTART:20261209T190000\nRDATE:20270203T190000,20270106T190000",
            {"frequency": "dates", "dates": [date(2026, 12, 9), date(2027, 1, 6), date(2027, 2, 3)]},
        ),
        ("RRULE:FREQ=WEEKLY;\r\n BYDAY=TU", {"weekdays": [1]}),
    ],
)
def test_a_rule_becomes_the_fields_of_a_meeting(text, fields):
    found, cancelled = read_rule(text)
    assert {name: found[name] for name in fields} == fields
    assert cancelled == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This is no rule"),
        ("every Tuesday", "We cannot read “every Tuesday”"),
        ("RRULE:", "We cannot read"),
        ("RRULE:FREQ=HOURLY", "weekly or monthly"),
        ("RRULE:FREQ=YEARLY", "weekly or monthly"),
        ("RRULE:BYDAY=TU", "weekly or monthly"),
        ("RRULE:FREQ=DAILY;INTERVAL=3", "weekly or monthly"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=10", "COUNT"),
        ("RRULE:FREQ=WEEKLY;BYDAY=2TU", "plain weekdays"),
        ("RRULE:FREQ=WEEKLY;BYDAY=XX", "“XX” is no weekday"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;INTERVAL=0", "“0” is not a number"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;INTERVAL=53", "“53” is not a number"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;INTERVAL=２", "is not a number"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;INTERVAL=2", "first date"),
        ("DTSTART:20260101T100000\nRRULE:FREQ=WEEKLY;BYDAY=SU,MO;INTERVAL=2;WKST=SU", "WKST"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;BYHOUR=9,17", "cannot hold “BYHOUR”"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;BYDAY=WE", "We cannot read"),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO,3TU", "do not go together"),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "do not go together"),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO", "do not go together"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-2FR", "do not go together"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15", "one day of the month"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "“-1” is not a number"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "together"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;BYMONTH=13", "“13” is not a number"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=soon", "is no date"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270231", "“20270231” is no date"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU\nRRULE:FREQ=WEEKLY;BYDAY=WE", "two rules"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU\nRDATE:20261224T190000", "single dates"),
        ("DTSTART;TZID=Europe/Atlantis:20261124T190000\nRRULE:FREQ=WEEKLY", "Europe/Atlantis"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU" + " " * 20_000 + "\nX", "too long"),
        ("ATTENDEE:mailto:a@example.org", "We cannot read"),
    ],
)
def test_what_a_meeting_cannot_hold_is_refused_with_a_sentence(text, said):
    with pytest.raises(ValidationError) as refused:
        read_rule(text)
    assert said in refused.value.message


def save(client, obj, **changes):
    page = reverse(f"admin:groups_{obj._meta.model_name}_change", args=[obj.pk])
    return client.post(page, filled(client.get(page)) | changes)


def errors_of(response):
    assert response.status_code == 200
    return {name: " ".join(errors) for name, errors in response.context["adminform"].form.errors.items()}


@pytest.mark.django_db
class TestInTheAdmin:
    def test_a_rule_fills_in_the_days_and_cancels_dates(self, admin_client):
        meeting = MeetingFactory()
        rule = "DTSTART;TZID=Europe/Dublin:20270105T183000\nRRULE:FREQ=MONTHLY;BYDAY=1TU\nEXDATE:20270202T183000"
        assert save(admin_client, meeting, rule=rule).status_code == 302
        meeting = Meeting.objects.get()
        assert (meeting.frequency, meeting.weekdays, meeting.weeks_of_month) == ("monthly-weekday", [1], [1])
        assert (meeting.starts_on, meeting.start_time) == (date(2027, 1, 5), time(18, 30))
        assert meeting.time_zone == "Europe/Dublin"
        assert [each.on for each in meeting.exceptions.all()] == [date(2027, 2, 2)]

    def test_a_rule_that_does_not_fit_is_refused_beside_its_field(self, admin_client):
        response = save(admin_client, MeetingFactory(), rule="RRULE:FREQ=SECONDLY")
        assert "weekly or monthly" in errors_of(response)["rule"]

    @pytest.mark.parametrize(
        ("fields", "name", "said"),
        [
            ({"start_time": ""}, "start_time", "at what time"),
            ({"weekdays": []}, "weekdays", "on which day"),
            ({"frequency": "monthly-weekday", "weeks_of_month": []}, "weeks_of_month", "on which day"),
            ({"frequency": "monthly-date"}, "day_of_month", "on which day"),
            ({"frequency": "dates"}, "dates", "on which day"),
            ({"interval": "2"}, "starts_on", "say the first date"),
            ({"interval": "2", "starts_on": "2026-11-22"}, "starts_on", "Sunday 22 November 2026 is none"),
            ({"interval": "99"}, "interval", "12"),
            ({"starts_on": "2027-05-04", "ends_on": "2027-05-03"}, "ends_on", "comes after the first"),
            ({"starts_on": "2027-05-05", "ends_on": "2027-05-10"}, "ends_on", "ends before the first meeting"),
            ({"frequency": "monthly-date", "day_of_month": "31", "months": ["2"]}, "day_of_month", "no day 31"),
            ({"frequency": "monthly-date", "day_of_month": "30", "months": ["2"]}, "day_of_month", "no day 30"),
            ({"frequency": "monthly-date", "day_of_month": "31", "months": ["4", "6"]}, "day_of_month", "no day 31"),
            (
                {"frequency": "monthly-weekday", "weekdays": ["0"], "weeks_of_month": ["5"], "months": ["2"]}
                | {"ends_on": "2043-12-31", "starts_on": "2020-03-01"},
                "ends_on",
                "ends before the first meeting",
            ),
            (
                {"frequency": "monthly-date", "day_of_month": "29", "interval": "12", "starts_on": "2026-02-28"}
                | {"months": ["3"]},
                "frequency",
                "no such day",
            ),
            ({"frequency": "dates", "dates": "2027-01-05", "ends_on": "2026-12-31"}, "ends_on", "before the first"),
            ({"starts_on": "0026-01-06"}, "starts_on", "right year"),
            ({"ends_on": "9999-12-31"}, "ends_on", "right year"),
            ({"time_zone": "Europe/Atlantis"}, "time_zone", "not a time zone"),
            ({"start_time": "25:00"}, "start_time", "valid time"),
            ({"months": ["13"]}, "months", "13"),
            ({"weekdays": ["\x00"]}, "weekdays", "not one of"),
        ],
    )
    def test_what_never_happens_is_refused_beside_its_field(self, admin_client, fields, name, said):
        response = save(admin_client, MeetingFactory(), **fields)
        assert said in errors_of(response)[name]

    def test_the_same_is_said_in_the_form_of_a_group(self, admin_client):
        meeting = MeetingFactory(group=GroupFactory(topics=[TopicFactory()]))
        response = save(admin_client, meeting.group, **{"meetings-0-interval": "2"})
        assert response.status_code == 200
        assert "say the first date" in response.content.decode()

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"starts_on": "2026-12-20", "ends_on": "2026-12-10"}, "ends after it starts"),
            ({"starts_on": "2026-12-20", "yearly": "on"}, "say its last day"),
            ({"starts_on": "2026-12-20", "ends_on": "2027-12-20", "yearly": "on"}, "shorter than a year"),
            ({"starts_on": "9999-12-31"}, "right year"),
        ],
    )
    def test_a_break_that_cannot_be_is_refused(self, admin_client, fields, said):
        row = {"breaks-TOTAL_FORMS": "1"} | {f"breaks-0-{name}": value for name, value in fields.items()}
        response = save(admin_client, MeetingFactory(), **row)
        assert response.status_code == 200
        assert said in response.content.decode()
        assert not MeetingBreak.objects.exists()

    def test_a_pause_may_have_an_open_end(self, admin_client):
        row = {"breaks-TOTAL_FORMS": "1", "breaks-0-starts_on": str(timezone.localdate())}
        assert save(admin_client, MeetingFactory(), **row).status_code == 302
        assert Meeting.objects.get().next_at is None

    def test_a_change_to_a_day_without_a_meeting_is_refused(self, admin_client):
        wednesday = timezone.localdate() + timedelta(days=(2 - timezone.localdate().weekday()) % 7 + 7)
        row = {"exceptions-TOTAL_FORMS": "1", "exceptions-0-on": str(wednesday)}
        response = save(admin_client, MeetingFactory(), **row)
        assert "There is no meeting on Wednesday" in response.content.decode()
        row["exceptions-0-on"] = str(wednesday - timedelta(days=1))
        assert save(admin_client, MeetingFactory(), **row).status_code == 302
        assert MeetingException.objects.count() == 1
