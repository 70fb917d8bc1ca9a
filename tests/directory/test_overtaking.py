"""Two people with the same form of the admin open: the second is told, and nothing is overwritten."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from directory.models import HelpLine
from groups.models import Group, Meeting
from tests.factories import GroupFactory, HelpLineFactory, MeetingFactory, TopicFactory
from tests.forms import filled
from tests.selfhelp.test_admin import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben():
    client = Client()
    client.force_login(User.objects.create_superuser("ben"))
    return client


def test_the_second_is_told_who_changed_what_and_keeps_their_words(admin_client, ben):
    group = GroupFactory(name="Old", summary="Old summary", topics=[TopicFactory()])
    page = address(Group, "change", group.pk)
    mine, theirs = (filled(client.get(page)) for client in (admin_client, ben))
    assert ben.post(page, theirs | {"summary": "Ben's summary"}).status_code == 302
    response = admin_client.post(page, mine | {"name": "Mine"})
    assert response.status_code == 200
    text = response.content.decode()
    assert re.search(r"Ben changed this at \d\d:\d\d, .*: summary\.", text)
    assert 'value="Mine"' in text
    group.refresh_from_db()
    assert (group.name, group.summary) == ("Old", "Ben's summary")
    # Who was told may save.
    assert admin_client.post(page, filled(response)).status_code == 302
    group.refresh_from_db()
    assert group.name == "Mine"


def test_a_part_that_was_changed_meanwhile_counts(admin_client):
    meeting = MeetingFactory()
    page = address(Group, "change", meeting.group_id)
    mine = filled(admin_client.get(page))
    Meeting.objects.update(minutes=45)
    text = admin_client.post(page, mine).content.decode()
    assert "The site itself changed this at" in text
    assert Meeting.objects.get().minutes == 45


def test_a_part_with_a_page_of_its_own_is_guarded_too(admin_client):
    meeting = MeetingFactory()
    page = address(Meeting, "change", meeting.pk)
    mine = filled(admin_client.get(page))
    Meeting.objects.update(minutes=45)
    assert admin_client.post(page, mine).status_code == 200
    assert Meeting.objects.get().minutes == 45


def test_what_is_shared_is_guarded_too(admin_client):
    line = HelpLineFactory(name="Old")
    page = address(HelpLine, "change", line.pk)
    mine = filled(admin_client.get(page))
    HelpLine.objects.update(hours="Mondays")
    assert admin_client.post(page, mine).status_code == 200
    assert HelpLine.objects.get().hours == "Mondays"


def test_whoever_is_alone_is_told_nothing(admin_client):
    group = GroupFactory(topics=[TopicFactory()])
    MeetingFactory(group=group)
    page = address(Group, "change", group.pk)
    for name in ("One", "Two"):
        assert admin_client.post(page, filled(admin_client.get(page)) | {"name": name}).status_code == 302
    assert Group.objects.get().name == "Two"


@pytest.mark.parametrize("known", ["", "x", "-1", "\x00", "9" * 1000])
def test_what_no_form_of_ours_carries_is_told_all(admin_client, known):
    group = GroupFactory(topics=[TopicFactory()])
    page = address(Group, "change", group.pk)
    sent = filled(admin_client.get(page)) | {"_latest_change": known, "name": "New"}
    assert admin_client.post(page, sent).status_code == 200
    assert Group.objects.get().name != "New"
