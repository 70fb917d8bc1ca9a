"""The history of listings: whoever writes, by whatever way, it is there, with its author; and there is a way back."""

import contextlib
import json
from datetime import time

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse

from directory.actions import archive, publish
from directory.choices import PublicationState, Visibility
from directory.history import (
    CannotUndo,
    described,
    differences_of,
    erase,
    forget,
    is_erased,
    plan_restore,
    recording,
    restore,
    undo,
)
from directory.models import Act, Change, Listing, Tombstone
from groups.models import Group, GroupContact, GroupSearch, Meeting, MeetingBreak, Venue
from practitioners.actions import withdraw_consent
from practitioners.models import Practitioner
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    MeetingFactory,
    PractitionerFactory,
    TopicFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def make_user(username="curator"):
    """Return an account."""
    return get_user_model().objects.create_user(username)


def changes_of(listing):
    """Return all changes of a listing and its parts."""
    return Change.objects.about(listing._meta.db_table, [listing.pk])


def act_of(listing):
    """Return the latest act on a listing."""
    return changes_of(listing).latest("pk").act


def whole(listing):
    """Return all rows of a listing as the history sees them, with the venues that it uses."""
    last = {}
    for change in changes_of(listing).order_by("pk"):
        last[change.table, change.row_id] = change.after
    return {key: value for key, value in last.items() if value is not None}


def test_each_listing_and_each_part_of_one_is_watched():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'note_change'")
        watched = {table for (table,) in cursor.fetchall()}
    listings = [model for model in apps.get_models() if issubclass(model, Listing)]
    parts = set()
    for model in apps.get_models(include_auto_created=True):
        # What somebody sent in, and what is worked out for the search, is no part of a listing.
        if model.__name__ in {"GroupSearch", "PractitionerSearch", "SoughtRole", "ReaderQuestion", "Submission"}:
            continue
        if any(field.is_relation and field.related_model in listings for field in model._meta.concrete_fields):
            parts.add(model._meta.db_table)
    assert parts | {model._meta.db_table for model in listings} <= watched
    assert {"groups_meetingbreak", "groups_meetingexception", "groups_venue", "directory_topic"} <= watched


def test_a_bulk_update_is_no_silent_one():
    group = GroupFactory(name="Before")
    Group.objects.filter(pk=group.pk).update(name="After")
    change = changes_of(group).latest("pk")
    assert (change.before["name"], change.after["name"]) == ("Before", "After")
    assert change.act.author == "the site itself"


def test_what_changed_nothing_is_not_noted():
    group = GroupFactory()
    MeetingFactory(group=group)
    before = changes_of(group).count()
    group.save()
    group.meetings.get().save()
    assert changes_of(group).count() == before


def test_an_act_has_its_author_who_stays_though_the_account_goes():
    user, group, topic = make_user(username="ada"), GroupFactory(), TopicFactory()
    with recording(by=user, why="tidied"):
        Group.objects.update(name="New")
        group.topics.add(topic)
    act = act_of(group)
    assert (act.by, act.author, act.why) == (user, "ada", "tidied")
    assert act.changes.count() == 2
    user.delete()
    assert Act.objects.get(pk=act.pk).author == "ada"


def test_after_an_act_the_next_change_is_nobodys():
    group = GroupFactory()
    with recording(who="the organiser", why="hid the telephone"):
        Group.objects.update(name="New")
    Group.objects.update(name="Newer")
    assert act_of(group).author == "the site itself"


def test_one_within_another_belongs_to_it():
    user, group = make_user(username="ada"), GroupFactory(state=PublicationState.DRAFT)
    with recording(by=user, why="outer") as outer:
        publish(group, by=user)
        with recording(who="somebody else", why="inner") as inner:
            Group.objects.update(name="New")
    assert inner.act == outer.act
    assert {each.act.why for each in changes_of(group).filter(act=outer.act)} == {"outer"}


def test_what_was_rolled_back_leaves_no_trace():
    group = GroupFactory()
    before = Change.objects.count()
    with contextlib.suppress(ZeroDivisionError), recording(who="x"):
        Group.objects.update(name="New")
        raise ZeroDivisionError
    assert Change.objects.count() == before
    Group.objects.update(name="Newer")
    assert act_of(group).author == "the site itself"


def test_parts_of_parts_belong_to_the_listing_also_when_the_part_goes_first():
    group = GroupFactory()
    meeting = MeetingFactory(group=group)
    MeetingBreak.objects.create(meeting=meeting, starts_on="2030-01-01")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("DELETE FROM groups_meeting")
        cursor.execute("DELETE FROM groups_meetingbreak")
    tables = list(changes_of(group).order_by("pk").values_list("table", "after"))
    assert ("groups_meetingbreak", None) in tables


def test_an_act_is_taken_back_as_a_whole():
    user = make_user()
    groups = [GroupFactory(name="One"), GroupFactory(name="Two")]
    meeting = MeetingFactory(group=groups[0])
    GroupContactFactory(group=groups[1], value="07700 900123", kind="phone", visibility=Visibility.EVERYONE)
    topic = TopicFactory()
    before = [whole(group) for group in groups]
    with recording(by=user, why="bulk") as record:
        Group.objects.update(name="Same")
        groups[0].topics.add(topic)
        meeting.delete()
        GroupContact.objects.all().delete()
    undo(Act.objects.get(pk=record.act), by=user)
    assert [whole(group) for group in groups] == before
    assert list(Group.objects.order_by("name").values_list("name", flat=True)) == ["One", "Two"]
    assert Meeting.objects.get().next_at is not None
    assert groups[0].topics.count() == 0


def test_what_went_back_is_found_again():
    group, user = GroupFactory(name="Serenity evenings"), make_user()
    meeting = MeetingFactory(group=group)
    with recording(by=user) as record:
        Meeting.objects.all().delete()
        Group.objects.update(name="Other")
    undo(Act.objects.get(pk=record.act), by=user)
    assert Meeting.objects.filter(pk=meeting.pk).exists()
    columns = [field.name for field in GroupSearch._meta.concrete_fields if field.name != "indexed_at"]
    fresh = GroupSearch.objects.values(*columns).get(group=group)
    Group.objects.get(pk=group.pk).save()
    assert fresh == GroupSearch.objects.values(*columns).get(group=group)


def test_an_act_is_not_taken_back_over_a_later_one_nor_twice():
    group, user = GroupFactory(name="A"), make_user()
    with recording(by=user) as record:
        Group.objects.update(name="B")
    act = Act.objects.get(pk=record.act)
    Group.objects.update(name="C")
    with pytest.raises(CannotUndo, match="changed again since"):
        undo(act, by=user)
    group.refresh_from_db()
    assert group.name == "C"
    Group.objects.update(name="B")
    undo(act, by=user)
    with pytest.raises(CannotUndo, match="taken back already"):
        undo(act, by=user)


def test_taking_back_can_be_taken_back():
    group, user = GroupFactory(name="A"), make_user()
    with recording(by=user) as record:
        Group.objects.update(name="B")
    back = undo(Act.objects.get(pk=record.act), by=user)
    undo(back, by=user)
    group.refresh_from_db()
    assert group.name == "B"


def test_a_listing_that_an_act_made_is_archived_when_it_is_taken_back():
    user = make_user()
    with recording(by=user) as record:
        group = GroupFactory()
        MeetingFactory(group=group)
    undo(Act.objects.get(pk=record.act), by=user)
    group.refresh_from_db()
    assert group.state == PublicationState.ARCHIVED


def test_nobody_takes_back_what_people_did_with_their_own_consent():
    practitioner = PractitionerFactory()
    with recording(who="the practitioner", why="Took their page away") as record:
        withdraw_consent(practitioner, by=None)
    with pytest.raises(CannotUndo, match="did this themselves"):
        undo(Act.objects.get(pk=record.act), by=make_user())
    practitioner.refresh_from_db()
    assert practitioner.state == PublicationState.ARCHIVED


def test_any_version_comes_back_with_all_its_parts():
    user = make_user()
    group = GroupFactory(name="First", state=PublicationState.PUBLISHED)
    old_topic, new_topic = TopicFactory(), TopicFactory()
    with recording(by=user, why="first"):
        group.topics.set([old_topic])
        meeting = MeetingFactory(group=group, start_time=time(19, 0))
        MeetingBreak.objects.create(meeting=meeting, starts_on="2030-01-01", ends_on="2030-01-08")
    first, rows = act_of(group), whole(group)
    with recording(by=user, why="second"):
        Group.objects.update(name="Second")
        group.topics.set([new_topic])
        Meeting.objects.all().delete()
        MeetingFactory(group=group, start_time=time(10, 0))
    done = restore(group, first, by=user)
    assert whole(group) == rows
    assert (done.by, str(first.at.year) in done.why) == (user, True)
    assert list(group.topics.all()) == [old_topic]
    assert restore(group, first, by=user) is None


def test_going_back_shows_nothing_that_was_hidden_since():
    user = make_user()
    with recording(who="first"):
        group = GroupFactory(name="First", state=PublicationState.PUBLISHED)
        kept = GroupContactFactory(group=group, kind="phone", value="1", visibility=Visibility.EVERYONE)
        gone = GroupContactFactory(group=group, kind="phone", value="2", visibility=Visibility.EVERYONE)
        venue = VenueFactory(address="1 Old Road", exact_address_public=True)
        meeting = MeetingFactory(group=group, venue=venue, join_url="https://example.org/x", join_visibility="everyone")
    first = act_of(group)
    GroupContact.objects.filter(pk=kept.pk).update(visibility=Visibility.CURATORS, value="3")
    gone.delete()
    Meeting.objects.update(join_visibility=Visibility.CURATORS, join_url="https://example.org/y")
    venue.exact_address_public, venue.address = False, "2 New Road"
    venue.save()
    archive(group, by=user)
    restore(group, first, by=user, shared=[("groups_venue", [venue.pk])])
    group.refresh_from_db()
    venue.refresh_from_db()
    assert group.state == PublicationState.ARCHIVED
    assert set(GroupContact.objects.values_list("value", "visibility")) == {("1", "curators"), ("2", "curators")}
    assert Meeting.objects.get(pk=meeting.pk).join_visibility == Visibility.CURATORS
    assert (venue.address, venue.exact_address_public) == ("1 Old Road", False)


def test_a_venue_goes_back_only_where_it_is_asked():
    with recording(who="first"):
        group, venue = GroupFactory(), VenueFactory(name="Old Hall")
        MeetingFactory(group=group, venue=venue)
    first = act_of(group)
    Venue.objects.update(name="New Hall")
    Group.objects.update(summary="x")
    assert {step.model for step in plan_restore(group, first)} == {Group}
    assert {step.model for step in plan_restore(group, first, shared=[("groups_venue", [venue.pk])])} == {Group, Venue}


def test_a_part_that_moved_to_another_listing_is_not_taken_from_it():
    with recording(who="first"):
        group, other = GroupFactory(), GroupFactory()
        meeting = MeetingFactory(group=group)
    first = act_of(group)
    Meeting.objects.update(group=other)
    assert not changes_of(other).filter(table="groups_meeting", after__isnull=True).exists()
    assert changes_of(group).filter(table="groups_meeting", after__isnull=True).exists()
    with pytest.raises(CannotUndo, match="belongs to another listing"):
        restore(group, first, by=make_user())
    meeting.refresh_from_db()
    assert meeting.group == other


def test_a_difference_in_words():
    topic = TopicFactory(label="Grief")
    group = GroupFactory(summary="People meet over tea in the old library and talk about how their week has been.")
    MeetingFactory(group=group, weekdays=[1], start_time=time(19, 0))
    with recording(who="ada") as record:
        Group.objects.update(
            summary="People meet over coffee in the old library and talk about how their week has been.",
            cost="free",
            time_limited=True,
        )
        group.topics.add(topic)
        Meeting.objects.update(weekdays=[0, 3], start_time=time(18, 30))
    parts = {part.name: part for part in described(differences_of(Act.objects.get(pk=record.act).changes.all()))[0]}
    lines = {line.label: line for line in parts["Group"].lines}
    assert [(piece.kind, piece.text) for piece in lines["Summary"].pieces][:3] == [
        ("same", "People meet over "),
        ("gone", "tea "),
        ("new", "coffee "),
    ]
    assert lines["Cost"].now == "Free"
    assert (lines["Time-limited"].was, lines["Time-limited"].now) == ("–", "Yes")
    assert lines["Topics"].now == "Grief"
    meeting = {line.label: (line.was, line.now) for line in parts["Meeting"].lines}
    assert meeting["Weekdays"] == ("Tuesday", "Monday, Thursday")
    assert meeting["Starts at"] == ("19:00", "18:30")


def test_erased_is_gone_out_of_everything_but_a_tombstone(client):
    group = GroupFactory(name="Quiet corner of Mrs Example", state=PublicationState.PUBLISHED)
    venue = VenueFactory(address="12 Secret Street")
    MeetingFactory(group=group, venue=venue)
    GroupContactFactory(group=group, value="mrs@example.org", kind="email")
    Group.objects.update(name="Quiet corner")
    address, uuid = group.get_absolute_url(), group.uuid
    stone = erase(group, by=make_user(), reason="asked")
    assert (stone.uuid, stone.reason) == (uuid, "asked")
    told = json.dumps(list(Change.objects.values("before", "after"))) + json.dumps(
        list(Tombstone.objects.values("table", "addresses", "reason"))
    )
    for word in ("Quiet", "Secret", "mrs@"):
        assert word not in told
    assert not Group.objects.exists()
    assert not Venue.objects.exists()
    assert client.get(address).status_code == 410
    assert client.get(reverse("groups:detail", args=["never-here"])).status_code == 404
    assert is_erased(Group, group.slug)


def test_a_venue_that_others_use_stays_when_a_group_is_erased():
    venue, group = VenueFactory(), GroupFactory()
    MeetingFactory(group=group, venue=venue)
    MeetingFactory(group=GroupFactory(), venue=venue)
    erase(group, by=make_user(), reason="asked")
    assert Venue.objects.filter(pk=venue.pk).exists()


def test_forgotten_leaves_not_even_a_tombstone():
    practitioner = PractitionerFactory()
    forget(practitioner)
    assert not Tombstone.objects.exists()
    assert not Change.objects.filter(subject_table=Practitioner._meta.db_table).exists()
