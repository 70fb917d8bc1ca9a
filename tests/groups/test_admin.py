"""Groups, meetings and venues in the hands of curators."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups.models import Group, GroupSearch, Meeting, Venue
from tests.factories import GroupContactFactory, GroupFactory, MeetingFactory, TopicFactory, VenueFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return GroupFactory(topics=[TopicFactory()])


def change_page(obj):
    return reverse(f"admin:groups_{obj._meta.model_name}_change", args=[obj.pk])


def save(client, obj, **changes):
    page = change_page(obj)
    return client.post(page, filled(client.get(page)) | changes)


def new_row(prefix, **values):
    """Return what a browser sends for the one row that was added to an inline."""
    return {f"{prefix}-TOTAL_FORMS": "1"} | {f"{prefix}-0-{name}": value for name, value in values.items()}


def test_codes_are_boxes_to_tick_in_words(admin_client, group):
    page = admin_client.get(change_page(group)).content.decode()
    assert "Toilet for wheelchair users" in page
    assert "Monday" in page
    save(admin_client, group, audiences=["women", "adults"], access=["lift"], ways_in=["drop-in"], open_to=["anyone"])
    group = Group.objects.get()
    assert (group.audiences, group.access) == (["women", "adults"], ["lift"])
    assert (group.ways_in, group.open_to) == (["drop-in"], ["anyone"])


def test_a_group_is_indexed_once_however_much_of_it_is_saved(admin_client, group):
    MeetingFactory.create_batch(2, group=group)
    topics = TopicFactory.create_batch(2)
    with CaptureQueriesContext(connection) as captured:
        response = save(admin_client, group, name="Kettle", topics=[topic.pk for topic in topics], access=["lift"])
        assert response.status_code == 302
    assert sum("INSERT INTO groups_groupsearch" in query["sql"] for query in captured) == 1
    found = GroupSearch.objects.with_all_of("topic", [topic.slug for topic in topics]).with_all_of("access", ["lift"])
    assert [row.group.name for row in found] == ["Kettle"]


def test_what_cannot_be_saved_leaves_the_search_as_it_was(admin_client, group):
    before = GroupSearch.objects.get().indexed_at
    save(admin_client, group, audiences=["martians"])
    assert GroupSearch.objects.get().indexed_at == before


def test_a_code_that_nobody_knows_is_refused_beside_its_field(admin_client, group):
    response = save(admin_client, group, audiences=["martians"])
    assert response.context["adminform"].form.errors["audiences"]


def test_a_meeting_is_added_in_the_groups_form(admin_client, group):
    row = new_row(
        "meetings",
        format="online",
        frequency="monthly-weekday",
        interval="1",
        weekdays=["1", "3"],
        weeks_of_month=["1", "-1"],
        start_time="19:00",
        time_zone="Europe/London",
        join_visibility="relay",
    )
    assert save(admin_client, group, **row).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.weekdays, meeting.weeks_of_month) == ([1, 3], [1, -1])
    assert meeting.next_at > timezone.now()


def test_single_dates_are_written_one_a_line(admin_client, group):
    day = timezone.localdate() + timedelta(days=10)
    row = new_row(
        "meetings",
        format="telephone",
        frequency="dates",
        interval="1",
        dates=f"{day:%d/%m/%Y}\n{day + timedelta(days=7)}",
        start_time="10:30",
        time_zone="Europe/London",
        join_visibility="curators",
    )
    assert save(admin_client, group, **row).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.dates == [day, day + timedelta(days=7)]
    assert timezone.localdate(meeting.next_at) == day
    assert save(admin_client, group).status_code == 302
    assert Meeting.objects.get().dates == meeting.dates


def test_a_meeting_without_a_day_gets_a_message(admin_client, group):
    row = new_row(
        "meetings",
        format="online",
        frequency="weekly",
        interval="1",
        start_time="19:00",
        time_zone="Europe/London",
        join_visibility="curators",
    )
    response = save(admin_client, group, **row)
    assert "Say on which day it is." in response.content.decode()
    assert not Meeting.objects.exists()


def test_an_untouched_form_keeps_every_part(admin_client, group):
    meeting = MeetingFactory(group=group, weekdays=[0, 6])
    contact = GroupContactFactory(group=group, visibility="everyone")
    assert save(admin_client, group).status_code == 302
    assert Meeting.objects.values().get() == Meeting.objects.filter(pk=meeting.pk).values().get()
    assert Meeting.objects.get().weekdays == [0, 6]
    assert group.contacts.get().visibility == contact.visibility


def test_a_contact_is_hidden_until_a_curator_says_otherwise(admin_client, group):
    values = {"value": "ada@example.org", "visibility": "curators", "personal": "unknown", "position": "0"}
    row = new_row("contacts", kind="email", **values)
    data = filled(admin_client.get(change_page(group)))
    assert data["contacts-__prefix__-visibility"] == ["curators"]
    assert save(admin_client, group, **row).status_code == 302
    assert not group.contacts.public().exists()
    response = save(admin_client, group, **{"contacts-0-value": "no address"})
    assert response.status_code == 200
    refused = save(admin_client, group, **{"contacts-0-visibility": "everyone"})
    assert "say when and how the person agreed" in refused.content.decode()
    agreed = {"contacts-0-consented_on": "2026-11-01", "contacts-0-consented_how": "by email"}
    assert save(admin_client, group, **{"contacts-0-visibility": "everyone"} | agreed).status_code == 302
    assert group.contacts.public().exists()


def test_groups_are_found_by_contact_and_town(admin_client, group):
    GroupFactory()
    GroupContactFactory(group=group, value="ada@example.org")
    MeetingFactory(group=group, venue__locality="Otley")
    MeetingFactory(group=group, venue__locality="Otley")
    for words in ("ada@example", "otley"):
        found = admin_client.get("/admin/groups/group/", {"q": words}).context["cl"].queryset
        assert list(found) == [group]


def test_a_break_moves_the_next_date(admin_client):
    meeting = MeetingFactory()
    first = Meeting.objects.get().next_at
    starts, ends = timezone.localdate(), timezone.localdate() + timedelta(days=14)
    row = new_row("breaks", starts_on=str(starts), ends_on=str(ends), reason="Summer")
    assert save(admin_client, meeting, **row).status_code == 302
    after = Meeting.objects.get().next_at
    assert timezone.localdate(after) > ends
    assert save(admin_client, meeting, **{"breaks-0-DELETE": "on"}).status_code == 302
    assert Meeting.objects.get().next_at == first


def test_a_cancelled_date_moves_the_next_date(admin_client):
    meeting = MeetingFactory()
    first = Meeting.objects.get().next_at
    row = new_row("exceptions", on=str(timezone.localdate(first)), note="Cancelled")
    assert save(admin_client, meeting, **row).status_code == 302
    assert Meeting.objects.get().next_at > first


def test_the_same_date_cannot_change_twice(admin_client):
    meeting = MeetingFactory()
    rows = {"exceptions-TOTAL_FORMS": "2", "exceptions-0-on": "2031-01-07", "exceptions-1-on": "2031-01-07"}
    assert save(admin_client, meeting, **rows).status_code == 200
    assert not meeting.exceptions.exists()


def test_a_venue_that_hides_its_address_has_another_public_point(admin_client):
    venue = VenueFactory()
    assert save(admin_client, venue, address_visibility="relay").status_code == 302
    venue = Venue.objects.get()
    assert not venue.address_is_public
    assert venue.public_latitude != venue.latitude


def test_a_venue_with_meetings_stays(admin_client):
    venue = MeetingFactory().venue
    response = admin_client.post(f"/admin/groups/venue/{venue.pk}/delete/", {"post": "yes"})
    assert response.status_code == 200
    assert Venue.objects.exists()
