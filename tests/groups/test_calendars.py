"""Calendars as somebody subscribes to them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events
import vobject
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from groups import calendars
from groups.models import Group, Meeting
from tests.factories import (
    GroupFactory,
    MeetingBreakFactory,
    MeetingExceptionFactory,
    MeetingFactory,
    PlaceFactory,
    TopicFactory,
    VenueFactory,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def events(response):
    """Return the events of a calendar, as another parser reads them."""
    return list(getattr(vobject.readOne(response.content.decode()), "vevent_list", []))


def names(client, query=""):
    return sorted(event.summary.value for event in events(client.get(f"/groups/calendar.ics?{query}")))


def of_group(client, group):
    return client.get(reverse("groups:group_calendar", args=[group.slug]))


def unfolded(response):
    return response.content.decode().replace("\r\n ", "")


def test_a_group_has_a_calendar_with_its_clock_and_its_address(client):
    meeting = MeetingFactory(group__name="Worry, Less; Tuesdays", minutes=90, venue__locality="Leeds")
    response = of_group(client, meeting.group)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert f'filename="{meeting.group.slug}.ics"' in response["Content-Disposition"]
    calendar = vobject.readOne(response.content.decode())
    assert calendar.validate(raiseException=True)
    assert calendar.vtimezone.tzid.value == "Europe/London"
    (event,) = calendar.vevent_list
    assert event.summary.value == "Worry, Less; Tuesdays"
    assert event.location.value == "The Reading Rooms, 4 Lantern Yard, Leeds"
    assert event.url.value == f"http://testserver/groups/{meeting.group.slug}/"
    assert event.duration.value == timedelta(minutes=90)


def test_each_meeting_keeps_its_identifier_and_counts_its_changes(client):
    group = GroupFactory()
    MeetingFactory(group=group, weekdays=[0])
    changed = MeetingFactory(group=group, weekdays=[3])
    before = {event.uid.value: int(event.sequence.value) for event in events(of_group(client, group))}
    Meeting.objects.filter(pk=changed.pk).update(start_time=time(9), changed_at=timezone.now() + timedelta(hours=1))
    after = {event.uid.value: int(event.sequence.value) for event in events(of_group(client, group))}
    assert len(before) == 2
    assert before.keys() == after.keys()
    assert sorted(after[uid] - before[uid] for uid in before) == [0, 60]


def test_the_same_calendar_is_not_sent_twice(client):
    meeting = MeetingFactory(skips_bank_holidays=True)
    first = of_group(client, meeting.group)
    address = reverse("groups:group_calendar", args=[meeting.group.slug])
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    meeting.venue.address_visibility = "relay"
    meeting.venue.save()
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Lantern" not in again.content.decode()


def test_a_date_that_is_moved_or_cancelled_stays_the_same_event_and_says_so(client):
    meeting = MeetingFactory(weekdays=list(range(7)))
    today = timezone.localdate()
    cancelled, moved, to = (today + timedelta(days=days) for days in (2, 3, 40))
    MeetingExceptionFactory(meeting=meeting, on=cancelled, note="The hall is flooded.")
    MeetingExceptionFactory(
        meeting=meeting, on=moved, moved_to_on=to, moved_to_time=time(11), note="In the garden instead."
    )
    response = of_group(client, meeting.group)
    main, off, other = events(response)
    assert main.uid.value == other.uid.value == off.uid.value
    assert off.recurrence_id.value.date() == off.dtstart.value.date() == cancelled
    assert (off.status.value, off.summary.value) == ("CANCELLED", f"Cancelled: {meeting.group.name}")
    assert "The hall is flooded." in off.description.value
    assert not hasattr(main, "exdate")
    assert other.recurrence_id.value.date() == moved
    assert "In the garden instead." in other.description.value
    start = datetime.combine(today, time(), tzinfo=UTC)
    found = recurring_ical_events.of(Calendar.from_ical(response.content)).between(start, start + timedelta(days=50))
    assert [each["DTSTART"].dt.date() for each in found if each.get("STATUS") == "CANCELLED"] == [cancelled]
    days = [each["DTSTART"].dt.date() for each in found if each.get("STATUS") != "CANCELLED"]
    assert cancelled not in days
    assert moved not in days
    assert days.count(to) == 2


def test_a_pause_with_an_open_end_leaves_nothing_after_it(client):
    meeting = MeetingFactory(weekdays=list(range(7)))
    today = timezone.localdate()
    MeetingBreakFactory(meeting=meeting, starts_on=today, ends_on=None)
    found = recurring_ical_events.of(Calendar.from_ical(of_group(client, meeting.group).content))
    assert not list(found.between(today, today + timedelta(days=700)))


def test_a_group_without_dates_has_a_valid_calendar_without_events(client):
    group = GroupFactory()
    MeetingFactory(group=group, frequency="appointment", weekdays=[], start_time=None)
    response = of_group(client, group)
    assert vobject.readOne(response.content.decode()).validate(raiseException=True)
    assert events(response) == []


@pytest.mark.parametrize("state", ["draft", "pending", "archived"])
def test_what_is_not_published_has_no_calendar(client, state):
    meeting = MeetingFactory(group__state=state, group__name="Unseen")
    assert of_group(client, meeting.group).status_code == 404
    assert names(client) == []


def test_a_hidden_address_and_a_hidden_link_stand_nowhere(client):
    venue = VenueFactory(
        name="Violet House",
        address="9 Hidden Row",
        postcode="LS6 1AA",
        travel_notes="Ring twice",
        latitude=53.8123,
        longitude=-1.5123,
        address_visibility="relay",
    )
    meeting = MeetingFactory(
        venue=venue,
        format="hybrid",
        room="Attic",
        join_url="https://example.org/secret",
        join_phone="0113 496 0999",
        passcode="424242",
        join_visibility="relay",
    )
    for response in (of_group(client, meeting.group), client.get("/groups/calendar.ics")):
        text = unfolded(response)
        assert "Headingley" in text
        for hidden in ("Violet", "Hidden Row", "LS6", "Ring twice", "53.8", "Attic", "secret", "0999", "424242"):
            assert hidden not in text


def test_a_link_that_everyone_may_see_is_there(client):
    meeting = MeetingFactory(
        format="online", venue=None, join_url="https://example.org/open", passcode="515151", join_visibility="everyone"
    )
    text = unfolded(of_group(client, meeting.group))
    assert "https://example.org/open" in text
    assert "515151" in text


def test_a_line_break_in_a_name_starts_no_line_of_its_own(client):
    meeting = MeetingFactory(note="Tea\r\nATTENDEE:mailto:someone@example.org", room="Hall\nX-EVIL:1")
    Group.objects.update(name="Kettle\r\nSTATUS:CANCELLED")
    (event,) = events(of_group(client, meeting.group))
    assert not hasattr(event, "attendee")
    assert not hasattr(event, "status")
    assert not hasattr(event, "x_evil")


@pytest.mark.parametrize("query", ["", "q=tea", "topic=anxiety", "day=tue", "near=Leeds", "q=tea&day=tue&near=Leeds"])
def test_a_search_has_a_calendar_of_what_its_page_finds(client, query):
    PlaceFactory()
    anxiety = TopicFactory(slug="anxiety")
    for n in range(4):
        group = GroupFactory(name=f"Tea {n}" if n % 2 else f"Coffee {n}", topics=[anxiety] if n < 2 else [])
        MeetingFactory(group=group, weekdays=[n % 3], venue__latitude=53.8 + n * 0.1, venue__longitude=-1.55)
    page = client.get(f"/groups/?{query}")
    address = page.context["calendar_url"]
    assert f'href="{address.replace("&", "&amp;")}"' in page.content.decode()
    listed = sorted(group.name for group in page.context["listings"])
    assert sorted(event.summary.value for event in events(client.get(address))) == names(client, query) == listed


@pytest.mark.parametrize(
    "query",
    ["near=nowhere", "q=%00", "day=funday", "within=1e9", "q=" + "a" * 100_000, "topic=%00&page=-1", "q=%ED%A0"],
)
def test_bad_input_gets_a_calendar_of_the_rest(client, query):
    assert client.get(f"/groups/calendar.ics?{query}").status_code == 200


def test_a_calendar_that_would_be_too_long_holds_the_soonest_and_says_so(client, monkeypatch):
    monkeypatch.setattr(calendars, "MOST_MEETINGS", 2)
    MeetingFactory(group__name="Late", frequency="monthly-date", day_of_month=1, weekdays=[])
    MeetingFactory.create_batch(2, group__name="Soon", weekdays=list(range(7)))
    response = client.get("/groups/calendar.ics")
    assert [event.summary.value for event in events(response)] == ["Soon", "Soon"]
    assert "narrow your search" in unfolded(response)


def test_a_calendar_takes_as_many_queries_with_twenty_meetings_as_with_one(client):
    def add():
        meeting = MeetingFactory(skips_bank_holidays=True, venue=None, format="online")
        MeetingBreakFactory(meeting=meeting, starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 31), yearly=True)

    add()
    few = queries_of(client, "/groups/calendar.ics")
    for _each in range(19):
        add()
    assert queries_of(client, "/groups/calendar.ics") == few <= 12


def test_the_page_of_a_group_says_how_to_get_the_dates(client):
    meeting = MeetingFactory()
    response = client.get(meeting.group.get_absolute_url())
    html = response.content.decode()
    assert f'href="webcal://testserver/groups/{meeting.group.slug}/calendar.ics"' in html
    assert f'href="/groups/{meeting.group.slug}/calendar.ics"' in html
    assert "will show the name of the group" in main_of(response)
