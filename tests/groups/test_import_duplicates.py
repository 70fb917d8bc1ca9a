"""Imports and duplicates: what is new and looks like something that is here, and what was merged since."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from directory.history import undo
from directory.merging import merge
from directory.models import Act, DuplicatePair
from groups.models import Group
from tests.factories import GroupFactory, MeetingFactory, VenueFactory
from tests.groups.test_import_meetings import ROW, feed  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """A group that a curator added by hand, which a feed has too."""
    group = GroupFactory(name="The Heron Grp", slug="the-heron")
    venue = VenueFactory(name="Heron Hall", locality="Leeds", latitude=53.8005, longitude=-1.55)
    MeetingFactory(group=group, venue=venue, weekdays=[0])
    return group


def test_the_report_says_which_new_groups_look_like_one_that_is_here(feed, here, capsys):  # noqa: F811
    GroupFactory(name="Quite another group")
    report = feed([ROW])
    (alike,) = report["alike"]
    assert (alike["slug"], [each["slug"] for each in alike["looks_like"]]) == ("heron-group", ["the-heron"])
    assert "same day and time" in alike["looks_like"][0]["why"]
    pair = DuplicatePair.objects.get()
    assert {pair.first, pair.second} == set(Group.objects.filter(slug__in=["heron-group", "the-heron"]))
    assert feed([ROW])["alike"] == []


def test_what_was_merged_does_not_come_back(feed, here):  # noqa: F811
    feed([ROW])
    curator, imported = User.objects.create_user("curator"), Group.objects.get(slug="heron-group")
    meeting = imported.meetings.get()
    merged = merge(here, imported, {"meetings": [meeting.pk]}, by=curator)
    again = feed([ROW | {"end_time": "21:00", "name": "Heron Group, new name"}], "--publish")
    assert (again["groups"]["new"], again["meetings"]["new"], again["not_taken"]) == (0, 0, [])
    imported.refresh_from_db()
    here.refresh_from_db()
    assert (imported.state, imported.merged_into, imported.name) == ("archived", here, "Heron Group")
    assert here.name == "The Heron Grp"
    # The meeting that moved still follows the feed.
    meeting.refresh_from_db()
    assert (meeting.group, meeting.minutes) == (here, 120)
    assert Group.objects.count() == 2
    call_command("find_duplicates", verbosity=0)
    assert DuplicatePair.objects.get().state == "merged"
    # The import has written since, so the merge cannot be taken back without a look.
    with pytest.raises(Exception, match="changed again since"):
        undo(Act.objects.get(pk=merged.act), by=curator)


def test_a_meeting_that_stayed_with_the_merged_group_stays_there(feed, here):  # noqa: F811
    feed([ROW])
    imported = Group.objects.get(slug="heron-group")
    merge(here, imported, {}, by=User.objects.create_user("curator"))
    report = feed([ROW])
    assert (report["meetings"], report["not_taken"]) == ({"new": 0, "changed": 0, "unchanged": 1}, [])
    assert imported.meetings.count() == here.meetings.count() == 1
