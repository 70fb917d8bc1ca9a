"""The page of a pair that looks alike: both beside each other, what stays, and the way back."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from directory.models import DuplicatePair
from groups.models import Group
from practitioners.models import Practitioner
from selfhelp.roles import set_roles
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    MeetingFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("admin:directory_duplicatepair_changelist")


def pair_of(one, other, score=0.9, reasons=(("name", 0.82), ("metres", 120), ("phone", None))):
    kind = ContentType.objects.get_for_model(one)
    return DuplicatePair.objects.create(
        content_type=kind, first_id=one.pk, second_id=other.pk, score=score, reasons=[list(each) for each in reasons]
    )


def page_of(pair):
    return reverse("admin:directory_duplicatepair_change", args=[pair.pk])


@pytest.fixture
def pair():
    keep = GroupFactory(name="Tea and Talk", about="Come as you are.", topics=[TopicFactory(label="Anxiety")])
    lose = GroupFactory(name="Tea & Talk Grp", host="The Tea Trust", topics=[TopicFactory(label="Sleep")])
    for group in (keep, lose):
        MeetingFactory(group=group)
        GroupContactFactory(group=group, kind="phone", value="0113 496 0171")
    GroupContactFactory(group=lose, value="tea@example.org")
    return pair_of(keep, lose)


def form_on(page):
    """Return what the page's form sends as it stands."""
    html = page.content.decode()
    sent = {}
    for tag in re.findall(r"<input[^>]+>", html):
        attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if attributes.get("name") in {None, "csrfmiddlewaretoken"} or attributes["type"] == "submit":
            continue
        if attributes["type"] in {"radio", "checkbox"} and " checked" not in tag:
            continue
        sent.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return sent


def test_the_list_has_the_likeliest_first_and_says_why(admin_client, pair):
    pair_of(GroupFactory(name="Likelier"), GroupFactory(), score=0.99)
    done = pair_of(GroupFactory(name="Settled Circle"), GroupFactory())
    DuplicatePair.objects.filter(pk=done.pk).update(state="not-same", decided_at="2031-01-01T10:00Z")
    page = admin_client.get(LIST).content.decode()
    assert page.index("Likelier") < page.index("Tea and Talk")
    assert "names alike: 0.82; 120 metres apart; same telephone" in page
    assert "Settled Circle" not in page
    assert "Settled Circle" in admin_client.get(LIST + "?state=not-same").content.decode()
    assert "Settled Circle" in admin_client.get(LIST + "?state=all").content.decode()


def test_the_page_as_it_stands_merges_with_care(admin_client, admin_user, pair):
    """What one of them lacks is filled from the other, several values stay, what is doubled stays behind."""
    page = admin_client.get(page_of(pair))
    response = admin_client.post(page_of(pair), form_on(page) | {"_merge": "Merge"}, follow=True)
    assert "“Tea &amp; Talk Grp” is now a part of “Tea and Talk”" in response.content.decode()
    keep, lose = Group.objects.get(pk=pair.first_id), Group.objects.get(pk=pair.second_id)
    assert (keep.name, keep.about, keep.host) == ("Tea and Talk", "Come as you are.", "The Tea Trust")
    assert sorted(keep.topics.values_list("label", flat=True)) == ["Anxiety", "Sleep"]
    assert sorted(keep.contacts.values_list("value", flat=True)) == ["0113 496 0171", "tea@example.org"]
    assert keep.meetings.count() == 1
    assert (lose.state, lose.merged_into) == ("archived", keep)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("merged", admin_user)


def test_the_other_one_can_stay_and_each_field_be_chosen(admin_client, pair):
    page = admin_client.get(page_of(pair) + f"?keep={pair.second_id}")
    sent = form_on(page) | {"name": "lose", "topics": "keep", "meetings": [], "_merge": "Merge"}
    admin_client.post(page_of(pair), sent)
    keep = Group.objects.get(pk=pair.second_id)
    assert keep.name == "Tea and Talk"
    assert [topic.label for topic in keep.topics.all()] == ["Sleep"]
    assert Group.objects.get(pk=pair.first_id).merged_into == keep


def test_a_merge_is_undone_with_a_button(admin_client, pair):
    admin_client.post(page_of(pair), form_on(admin_client.get(page_of(pair))) | {"_merge": "Merge"})
    page = admin_client.get(page_of(pair)).content.decode()
    assert 'name="_undo"' in page
    assert 'name="_merge"' not in page
    response = admin_client.post(page_of(pair), {"_undo": "Undo"}, follow=True)
    assert "The merge is taken back. Both are as they were." in response.content.decode()
    assert Group.objects.published().count() == 2
    assert 'name="_merge"' in response.content.decode()
    again = admin_client.post(page_of(pair), {"_undo": "Undo"}, follow=True)
    assert "This was taken back already." in again.content.decode()


def test_two_curators_at_once_get_a_clear_message(admin_client, pair):
    sent = form_on(admin_client.get(page_of(pair))) | {"_merge": "Merge"}
    admin_client.post(page_of(pair), sent)
    response = admin_client.post(page_of(pair), sent)
    assert "was merged into “Tea and Talk” already" in response.content.decode()
    assert 'name="_undo"' in response.content.decode()


def test_what_was_changed_meanwhile_is_looked_at_again(admin_client, pair):
    sent = form_on(admin_client.get(page_of(pair))) | {"_merge": "Merge"}
    group = Group.objects.get(pk=pair.second_id)
    group.about = "New words"
    group.save()
    response = admin_client.post(page_of(pair), sent)
    assert "One of the two was changed since you opened this page" in response.content.decode()
    assert "New words" in response.content.decode()
    assert Group.objects.published().count() == 2
    retry = form_on(response) | {"_merge": "Merge"}
    assert admin_client.post(page_of(pair), retry).status_code == 302


def test_not_the_same_is_remembered_and_can_be_looked_at_again(admin_client, admin_user, pair):
    admin_client.post(page_of(pair), {"_not_same": "Not the same"})
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("not-same", admin_user)
    admin_client.post(LIST + "?state=all", {"action": "look_again", "_selected_action": [pair.pk]})
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by, pair.decided_at) == ("open", None, None)


def test_what_is_merged_is_not_called_different_by_the_list(admin_client, pair):
    admin_client.post(page_of(pair), form_on(admin_client.get(page_of(pair))) | {"_merge": "Merge"})
    admin_client.post(LIST + "?state=all", {"action": "not_the_same", "_selected_action": [pair.pk]})
    pair.refresh_from_db()
    assert pair.state == "merged"


@pytest.mark.parametrize("value", ["", "\x00", "x", "9" * 400, "x" * 1_000_000], ids=["", "nul", "x", "9s", "xs"])
def test_nothing_that_is_sent_fails_the_page(admin_client, pair, value):
    names = ["keep", "seen", "name", "topics", "meetings", "contacts", "confirmed_at"]
    sent = form_on(admin_client.get(page_of(pair)))
    for name in names:
        response = admin_client.post(page_of(pair), sent | {name: value, "_merge": "Merge"})
        assert response.status_code in {200, 302}
        DuplicatePair.objects.filter(pk=pair.pk).exists()
        if response.status_code == 302:
            admin_client.post(page_of(pair), {"_undo": "Undo"})
    assert admin_client.get(page_of(pair), {"keep": value}, follow=True).status_code == 200


def test_a_pair_of_which_one_is_gone_leads_back(admin_client, pair):
    Group.objects.filter(pk=pair.second_id).update(state="archived")
    Group.objects.get(pk=pair.second_id).delete()
    assert admin_client.get(page_of(pair)).status_code == 302
    assert admin_client.get(LIST).status_code == 200


def test_two_that_a_curator_chose_can_be_compared(admin_client):
    one, other, third = GroupFactory(), GroupFactory(), GroupFactory()
    groups = reverse("admin:groups_group_changelist")
    for chosen in ([one.pk], [one.pk, other.pk, third.pk]):
        sent = {"action": "compare_two", "_selected_action": chosen}
        assert "Choose two." in admin_client.post(groups, sent, follow=True).content.decode()
    response = admin_client.post(groups, {"action": "compare_two", "_selected_action": [other.pk, one.pk]}, follow=True)
    assert "chosen by a curator" in response.content.decode()
    pair = DuplicatePair.objects.get()
    admin_client.post(page_of(pair), form_on(response) | {"_merge": "Merge"})
    page = admin_client.get(reverse("admin:groups_group_change", args=[other.pk])).content.decode()
    assert "Merged into" in page


def test_practitioners_are_merged_on_the_same_page(admin_client):
    one, other = PractitionerFactory(), PractitionerFactory()
    PractitionerContactFactory(practitioner=other)
    pair = pair_of(one, other)
    admin_client.post(page_of(pair), form_on(admin_client.get(page_of(pair))) | {"_merge": "Merge"})
    assert Practitioner.objects.get(pk=other.pk).merged_into == one
    assert one.contacts.count() == 1


def test_a_curator_may_merge_and_who_only_looks_may_not(client, pair):
    set_roles()
    curator = User.objects.create_user("the-curator", is_staff=True)
    curator.groups.set(curator.groups.model.objects.filter(name="curator"))
    client.force_login(curator)
    sent = form_on(client.get(page_of(pair))) | {"_merge": "Merge"}
    curator.groups.clear()
    perms = curator.user_permissions.model.objects
    curator.user_permissions.set(perms.filter(codename__in=["change_duplicatepair", "view_group"]))
    page = client.get(page_of(pair))
    assert 'name="_merge"' not in page.content.decode()
    assert client.post(page_of(pair), sent).status_code == 403
    curator.user_permissions.set(perms.filter(codename__in=["change_duplicatepair"]))
    assert client.get(page_of(pair)).status_code == 403


def test_as_many_queries_with_many_meetings_as_with_few(admin_client, django_assert_max_num_queries, pair):
    def count():
        with django_assert_max_num_queries(60) as queries:
            assert admin_client.get(page_of(pair)).status_code == 200
        return len(queries)

    count()
    few = count()
    for number in range(20):
        group = GroupFactory(topics=[TopicFactory()])
        MeetingFactory(group=Group.objects.get(pk=pair.second_id), weekdays=[number % 7])
        MeetingFactory(group=Group.objects.get(pk=pair.first_id), weekdays=[number % 7])
        pair_of(group, GroupFactory())
    assert count() == few
