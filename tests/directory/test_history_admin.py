"""The history in the admin: read, go back, take back, erase; each by its right, no query more for more rows."""

from datetime import time

import pytest
from django.contrib.auth.models import Group as Rights
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.choices import PublicationState
from directory.history import recording
from directory.models import Act, Change, Tombstone
from groups.models import Group, Meeting
from selfhelp.roles import set_roles
from tests.factories import CaseStudyFactory, GroupFactory, MeetingFactory, TopicFactory

pytestmark = pytest.mark.django_db


def sign_in(client, role):
    set_roles()
    user = User.objects.create_user(f"the-{role}", is_staff=True)
    user.groups.set(Rights.objects.filter(name=role))
    client.force_login(user)
    return user


def history_of(listing):
    return reverse(f"admin:{listing._meta.app_label}_{listing._meta.model_name}_history", args=[listing.pk])


def make_changed_group(times=1):
    """Return a group with a meeting and a topic, changed so many times."""
    group = GroupFactory(name="The group", summary="Before")
    meeting = MeetingFactory(group=group)
    for number in range(times):
        topic = TopicFactory()
        with recording(who="ada", why=f"Change {number}"):
            Group.objects.filter(pk=group.pk).update(summary=f"After {number}")
            Meeting.objects.filter(pk=meeting.pk).update(start_time=time(number % 20, 15))
            group.topics.set([topic])
    return group


def test_a_form_that_is_saved_is_one_act_of_whoever_saved_it(client):
    user, group = sign_in(client, "curator"), GroupFactory(state=PublicationState.DRAFT)
    page = reverse("admin:groups_group_change", args=[group.pk])
    form = client.get(page).context["adminform"].form
    data = {
        name: "" if (value := form.get_initial_for_field(field, name)) in (None, False) else value
        for name, field in form.fields.items()
    }
    data = {name: value for name, value in data.items() if value not in ("", [])}
    for prefix in ("meetings", "contacts"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"name": "Another name", "topics": [TopicFactory().pk], "_publish": "1"}
    data.pop("confirmed_at", None)
    response = client.post(page, data)
    assert response.status_code == 302, response.context["errors"]
    group.refresh_from_db()
    assert (group.name, group.state) == ("Another name", PublicationState.PUBLISHED)
    acts = Act.objects.filter(changes__subject_table="groups_group", changes__subject_id=group.pk, by=user).distinct()
    assert {act.author for act in acts} == {user.username}
    assert acts.filter(changes__table="groups_group_topics").exists()


def test_the_history_says_who_changed_what_and_leads_back(client):
    sign_in(client, "curator")
    group = make_changed_group(2)
    page = client.get(history_of(group)).content.decode()
    for words in ("Change 1", "ada", "<del>After 0</del>", "<ins>After 1</ins>", "Starts at"):
        assert words in page
    first = Act.objects.get(why="Change 0")
    version = reverse("admin:groups_group_version", args=[group.pk, first.pk])
    assert "<ins>After 0</ins>" in client.get(version).content.decode()
    client.post(version)
    group.refresh_from_db()
    assert group.summary == "After 0"
    assert group.meetings.get().start_time == time(0, 15)
    assert Act.objects.latest("at").author == "the-curator"


def test_an_act_is_taken_back_by_a_button(client):
    sign_in(client, "curator")
    group = make_changed_group()
    act = Act.objects.get(why="Change 0")
    address = reverse("admin:directory_act_undo", args=[act.pk])
    assert "After 0" in client.get(address).content.decode()
    response = client.post(address, follow=True)
    assert "It is taken back." in response.content.decode()
    group.refresh_from_db()
    assert group.summary == "Before"
    again = client.post(address)
    assert "taken back already" in again.content.decode()


def test_what_cannot_be_taken_back_says_why(client):
    sign_in(client, "curator")
    make_changed_group()
    act = Act.objects.get(why="Change 0")
    Group.objects.update(summary="Later")
    address = reverse("admin:directory_act_undo", args=[act.pk])
    for response in (client.get(address), client.post(address)):
        assert "changed again since" in response.content.decode()
    assert Group.objects.get().summary == "Later"


@pytest.mark.parametrize("role", ["curator", "editor", "moderator", "administrator"])
def test_each_role_sees_the_history_of_what_it_may_see(client, role):
    sign_in(client, role)
    group, case = make_changed_group(), CaseStudyFactory()
    with recording(who="ada", why="Case changed"):
        type(case).objects.update(summary="New")
    group_act, case_act = Act.objects.get(why="Change 0"), Act.objects.get(why="Case changed")
    may = {"curator": (200, 200), "editor": (403, 200), "moderator": (403, 403), "administrator": (200, 200)}[role]
    assert (client.get(history_of(group)).status_code, client.get(history_of(case)).status_code) == may
    listed = client.get(reverse("admin:directory_act_changelist"))
    assert listed.status_code == (403 if role == "moderator" else 200)
    if role == "editor":
        assert "Change 0" not in listed.content.decode()
        assert client.get(reverse("admin:directory_act_change", args=[group_act.pk])).status_code == 404
    undo_group = client.post(reverse("admin:directory_act_undo", args=[group_act.pk])).status_code
    undo_case = client.post(reverse("admin:directory_act_undo", args=[case_act.pk])).status_code
    assert (undo_group == 302) == (role in {"curator", "administrator"})
    assert (undo_case == 302) == (role in {"editor", "administrator"})
    erase = reverse("admin:groups_group_erase", args=[group.pk])
    assert client.get(erase).status_code == (200 if role == "administrator" else 403)


def test_erasing_wants_the_name(client):
    sign_in(client, "administrator")
    group = make_changed_group()
    erase = reverse("admin:groups_group_erase", args=[group.pk])
    assert "This is not its name" in client.post(erase, {"reason": "asked", "name": "Other"}).content.decode()
    assert Group.objects.exists()
    client.post(erase, {"reason": "asked", "name": "The group"})
    assert not Group.objects.exists()
    assert Tombstone.objects.get().reason == "asked"
    assert not Change.objects.filter(subject_table="groups_group").exists()


@pytest.mark.parametrize("kind", ["history", "acts", "act", "version"])
def test_more_changes_take_no_more_queries(client, kind):
    sign_in(client, "administrator")

    def queries(group):
        act = Act.objects.filter(changes__subject_table="groups_group", changes__subject_id=group.pk).latest("at")
        address = {
            "history": history_of(group),
            "acts": reverse("admin:directory_act_changelist"),
            "act": reverse("admin:directory_act_change", args=[act.pk]),
            "version": reverse("admin:groups_group_version", args=[group.pk, act.pk]),
        }[kind]
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    few = queries(make_changed_group(2))
    assert queries(make_changed_group(15)) <= few


@pytest.mark.parametrize("bad", ["%00", "nothing", "99999999", "-1"])
def test_a_history_that_is_none(client, bad):
    sign_in(client, "administrator")
    assert client.get(f"/admin/groups/group/{bad}/history/").status_code == 404
    assert client.get(f"/admin/directory/act/{bad}/change/").status_code in {302, 404}
