"""The next dates that lists are sorted by, and what a page says of a meeting that is not as usual."""

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from groups.changes import changes_in_words, pause_of
from groups.models import GroupSearch, Meeting
from groups.wording import meeting_in_words
from tests.factories import GroupFactory, MeetingBreakFactory, MeetingExceptionFactory, MeetingFactory, PlaceFactory
from tests.pages import main_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
DAILY = {"weekdays": list(range(7))}


def let_it_pass(*meetings):
    """Make the columns of these meetings as old as if nobody had refreshed them for a week."""
    before = timezone.now() - timedelta(days=7)
    pks = [meeting.pk for meeting in meetings]
    Meeting.objects.filter(pk__in=pks).update(next_at=before)
    GroupSearch.objects.filter(group__meetings__in=pks).update(next_at=before)


def refreshed(**options):
    out = StringIO()
    call_command("refresh_dates", stdout=out, **options)
    return out.getvalue().strip()


def test_a_date_that_has_passed_is_set_anew_in_the_meeting_and_in_the_search():
    old, other = MeetingFactory(**DAILY), MeetingFactory(**DAILY)
    let_it_pass(old)
    assert refreshed() == "1 meeting has another next date."
    old.refresh_from_db()
    assert old.next_at == other.next_at
    assert set(GroupSearch.objects.values_list("next_at", flat=True)) == {old.next_at}
    assert refreshed() == "0 meetings have another next date."


def test_the_last_date_leaves_none():
    meeting = MeetingFactory(frequency="dates", weekdays=[], dates=[date(2026, 1, 6)])
    let_it_pass(meeting)
    refreshed()
    assert Meeting.objects.get().next_at is None
    assert GroupSearch.objects.get().next_at is None


def test_all_meetings_are_looked_at_on_request():
    meeting = MeetingFactory(**DAILY)
    MeetingBreakFactory(meeting=meeting, starts_on=date(2020, 1, 1), ends_on=None)
    assert refreshed() == "0 meetings have another next date."
    assert refreshed(everything=True) == "1 meeting has another next date."
    assert Meeting.objects.get().next_at is None


def test_a_quiet_run_says_nothing(capsys):
    let_it_pass(MeetingFactory(**DAILY))
    assert refreshed(quiet=True) == ""
    assert capsys.readouterr() == ("", "")


def test_a_meeting_that_is_on_has_its_next_start_in_the_column():
    meeting = MeetingFactory()
    meeting.set_next_at(datetime(2026, 11, 24, 19, 30, tzinfo=UTC))
    assert meeting.next_at == datetime(2026, 12, 1, 19, tzinfo=UTC)


def test_a_list_that_nobody_refreshed_is_in_order_all_the_same(client):
    later = timezone.localdate() + timedelta(days=2)
    soon = MeetingFactory(group__name="Soon", **DAILY)
    MeetingFactory(group__name="Later", frequency="dates", weekdays=[], dates=[later])
    let_it_pass(soon)
    response = client.get("/groups/?sort=soonest")
    assert [group.name for group in response.context["listings"]] == ["Soon", "Later"]
    assert Meeting.objects.get(pk=soon.pk).next_at > timezone.now()


def test_what_a_page_shows_does_not_come_from_the_column(client):
    meeting = MeetingFactory(**DAILY)
    client.get("/groups/")  # what has passed is looked for once a minute
    let_it_pass(meeting)
    shown = client.get("/groups/").context["listings"][0].next
    assert shown.at > timezone.now() - timedelta(days=1)


class TestBankHolidays:
    def monday(self, **fields):
        """Return the next date at the end of November 2026, of which the 30th is off in Scotland only."""
        meeting = MeetingFactory(**{"weekdays": [0], "skips_bank_holidays": True} | fields)
        meeting.set_next_at(datetime(2026, 11, 24, tzinfo=UTC))
        return meeting.next_at.date().day

    def test_are_those_of_the_venue(self):
        assert self.monday(venue__country="SCT") == 7
        assert self.monday(venue__country="ENG") == 30

    def test_or_else_of_the_places_that_the_group_serves(self):
        group = GroupFactory()
        group.serves.set([PlaceFactory(country="SCT")])
        assert self.monday(group=group, venue=None, format="online") == 7
        group.serves.add(PlaceFactory(country="ENG"))
        assert self.monday(group=group, venue=None, format="online") == 30

    def test_or_else_of_the_time_zone(self):
        meeting = MeetingFactory(
            weekdays=[2], venue=None, format="online", time_zone="Europe/Paris", skips_bank_holidays=True
        )
        meeting.set_next_at(datetime(2026, 11, 10, tzinfo=UTC))
        assert meeting.next_at.date() == date(2026, 11, 18)  # not on Armistice Day

    def test_of_a_country_that_nobody_knows_are_none(self):
        assert self.monday(venue__country="ZZ") == 30


@pytest.mark.parametrize(
    ("pause", "said"),
    [
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 14)}, "No meetings until Tuesday 15 December"),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2027, 8, 31)}, "No meetings until September"),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2028, 1, 31)}, "No meetings until February 2028"),
        ({"starts_on": date(2026, 11, 1), "ends_on": None}, "No meetings for now"),
        (
            {"starts_on": date(2025, 11, 1), "ends_on": date(2025, 12, 14), "yearly": True},
            "No meetings until Tuesday 15 December",
        ),
        ({"starts_on": date(2026, 11, 23), "ends_on": date(2026, 11, 23)}, None),
        ({"starts_on": date(2026, 12, 1), "ends_on": None}, None),
    ],
)
def test_a_pause_is_said(pause, said):
    meeting = MeetingFactory()
    MeetingBreakFactory(meeting=meeting, **pause)
    found = pause_of(meeting, NOW)
    assert (found.words if found else None) == said


def test_what_is_not_as_usual_is_said_in_order():
    meeting = MeetingFactory(weekdays=[0], skips_bank_holidays=True)
    MeetingExceptionFactory(meeting=meeting, on=date(2026, 12, 7), note="The hall is being painted.")
    MeetingExceptionFactory(
        meeting=meeting, on=date(2026, 12, 14), moved_to_on=date(2026, 12, 15), moved_to_time=time(18)
    )
    MeetingBreakFactory(meeting=meeting, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 11), reason="Winter rest")
    assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in changes_in_words(meeting, NOW)] == [
        "No meeting on Monday 7 December. The hall is being painted.",
        "Instead of Monday 14 December, the meeting is on Tuesday 15 December, 6 pm to 7.30 pm.",
        "No meeting on Monday 28 December: it is a bank holiday.",
        "No meetings from 1 January to 11 January. Winter rest.",
    ]


def test_a_break_of_every_year_is_part_of_the_rule():
    meeting = MeetingFactory()
    MeetingBreakFactory(meeting=meeting, starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 31), yearly=True)
    assert meeting_in_words(meeting).endswith(", not from 1 August to 31 August")


def test_a_group_that_pauses_says_so_on_its_card_and_its_page(client):
    meeting = MeetingFactory(**DAILY)
    MeetingBreakFactory(
        meeting=meeting, starts_on=timezone.localdate(), ends_on=None, reason="Back when the roof is mended"
    )
    for address in ("/groups/", meeting.group.get_absolute_url()):
        page = main_of(client.get(address))
        assert "No meetings for now" in page
        assert "Ask when" not in page
    assert "Back when the roof is mended" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": "online", "venue": None}, "UK time"),
        ({"format": "online", "venue": None, "time_zone": "Europe/Dublin"}, "Irish time"),
        ({"format": "telephone", "venue": None, "time_zone": "America/New_York"}, "time in New York"),
        ({"time_zone": "Europe/Paris"}, "French time"),
    ],
)
def test_whose_time_it_is_stands_beside_it(client, fields, said):
    meeting = MeetingFactory(**DAILY | fields)
    for address in ("/groups/", "/groups/?view=week", meeting.group.get_absolute_url()):
        response = client.get(address)
        assert said in main_of(response)
        if "view" not in address:
            assert ("data-here" in response.content.decode()) == ("format" in fields)


def test_a_meeting_in_a_room_near_by_needs_no_clock(client):
    meeting = MeetingFactory(**DAILY)
    response = client.get(meeting.group.get_absolute_url())
    assert "UK time" not in main_of(response)
    assert "data-here" not in response.content.decode()
