"""The curators' front page and the search over everything: true numbers, for those who may see them."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory import keeping
from directory.history import recording
from directory.models import DuplicatePair, RelayedMessage
from groups.coverage import by_nation, places_without_group, without_venue
from groups.models import Group
from practitioners.models import Practitioner
from tests.factories import (
    CaseStudyFactory,
    GroupContactFactory,
    GroupFactory,
    HelpLineFactory,
    MeetingFactory,
    PlaceFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    ReaderQuestionFactory,
    TopicFactory,
    VenueFactory,
)
from tests.pages import text_of
from tests.selfhelp.test_admin import assert_nothing_inline, make_word
from tests.selfhelp.test_roles import NAMES, sign_in

pytestmark = pytest.mark.django_db

FRONT, FIND = "/admin/", "/admin/find/"


@pytest.fixture
def everything():
    """One of each thing that may wait, and a few that do not."""
    PlaceFactory()
    for state in ("pending", "draft", "archived"):
        GroupFactory(state=state)
        PractitionerFactory(state=state)
        CaseStudyFactory(state=state)
    group = MeetingFactory(group__name="Kettle").group
    PractitionerFactory(proposed={"name": "Ada"})
    case = CaseStudyFactory()
    ReaderQuestionFactory(case_study=case)
    ReaderQuestionFactory(case_study=case, answered_at=timezone.now(), answer="Yes.", email="")
    of_a_group = {"content_type": ContentType.objects.get_for_model(Group), "object_id": group.pk}
    RelayedMessage.objects.create(outcome="refused", **of_a_group)
    RelayedMessage.objects.create(outcome="refused", at=timezone.now() - timedelta(days=31), **of_a_group)
    RelayedMessage.objects.create(outcome="passed", **of_a_group)
    other = MeetingFactory(group__name="Kettles", group__state="draft").group
    DuplicatePair.objects.create(
        first_id=group.pk, second_id=other.pk, score=0.9, content_type=of_a_group["content_type"]
    )
    HelpLineFactory()
    HelpLineFactory(checked_on=timezone.localdate())
    make_word()


WAITS = {
    "Groups that wait to be published": {"curator", "administrator"},
    "Groups to ask about again": {"curator", "administrator"},
    "Practitioners that wait to be published": {"curator", "administrator"},
    "Practitioners to ask about again": {"curator", "administrator"},
    "Case studies that wait to be published": {"curator", "editor", "administrator"},
    "Case studies to ask about again": {"curator", "editor", "administrator"},
    "Questions from readers without an answer": {"editor", "moderator", "administrator"},
    "Practitioners who sent new words for their page": {"curator", "administrator"},
    "Messages that the mail server refused in the last 30 days": {"curator", "administrator"},
    "Listings that look like one another": {"curator", "administrator"},
    "Help lines to check again": {"curator", "editor", "administrator"},
    "Words of searches that found nothing": {"curator", "editor", "administrator"},
}


@pytest.mark.parametrize("role", NAMES)
def test_each_role_sees_what_waits_for_it_and_each_number_is_that_of_its_list(client, role, everything):
    sign_in(client, role)
    context = client.get(FRONT).context
    waiting = {each.label: each for each in context["waiting"]}
    assert waiting.pop("The queue").url == reverse("admin:queue")
    assert set(waiting) == {label for label, roles in WAITS.items() if role in roles}
    assert context["nothing_waits"] == []
    for label, each in waiting.items():
        listed = client.get(each.url).context["cl"].result_count
        # The list of messages has no filter of its own for the last 30 days.
        assert listed == each.count + ("mail server" in label), label
        assert each.count == 1, label


@pytest.mark.parametrize("role", NAMES)
def test_each_role_sees_only_its_own_parts(client, role, everything):
    sign_in(client, role)
    said = text_of(client.get(FRONT))
    sees_groups = role in {"curator", "administrator"}
    assert ("Where groups meet" in said) == sees_groups
    assert ("How fresh it is" in said) == (role != "moderator")
    assert ("What changed this week" in said) == (role != "moderator")
    assert ("Groups changed by" in said) == sees_groups
    assert ("Find anything" in said) == (role != "moderator")


def test_staff_without_a_role_see_an_empty_page(client, everything):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    response = client.get(FRONT)
    assert "Nothing waits for you." in text_of(response)
    assert response.context["standings"] == []
    assert response.context["changed"] == []
    assert client.get(FIND, {"q": "Kettle"}).context["found"] == []


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(FRONT).status_code == 302
    assert client.get(FIND, {"q": "x"}).status_code == 302


def test_what_does_not_wait_is_named_apart(admin_client):
    context = admin_client.get(FRONT).context
    assert context["waiting"] == []
    assert {each.label for each in context["nothing_waits"]} == {"The queue", *WAITS}


def test_the_page_has_nothing_inline(admin_client, everything):
    for page in (FRONT, FIND, f"{FIND}?q=a"):
        assert_nothing_inline(admin_client.get(page))


def confirmed(days_ago, **more):
    return PractitionerFactory(
        confirmed_at=timezone.now() - timedelta(days=days_ago), confirmed_by="owner", review_due_on="2999-01-01", **more
    )


def test_the_shares_of_freshness_make_a_whole(admin_client):
    for days_ago in (1, 90, 100, 170, 200, 900):
        confirmed(days_ago)
    PractitionerFactory()
    PractitionerFactory()
    confirmed(1, state="draft")
    [_groups, people, _cases] = admin_client.get(FRONT).context["standings"]
    assert {each.code: each.count for each in people["shares"]} == {"fresh": 2, "ageing": 2, "old": 2, "unknown": 2}
    assert [(each.start, each.length) for each in people["shares"]] == [(0, 25), (25, 25), (50, 25), (75, 25)]
    assert [count for count, _url in people["states"]] == [8, 0, 1]


def test_the_bar_says_the_same_as_the_listing_itself():
    from selfhelp.frontpage import _counts_of

    for days_ago in (1, 92, 183):
        confirmed(days_ago)
    counts = _counts_of(Practitioner)
    codes = [each.freshness for each in Practitioner.objects.all()]
    assert {code: codes.count(code) for code in ("fresh", "ageing", "old", "unknown")} == {
        code: counts[code] for code in ("fresh", "ageing", "old", "unknown")
    }


def test_what_changed_this_week_is_told_with_who_changed_it(admin_client, admin_user):
    with recording(by=admin_user, why="Sorting"):
        for _each in range(3):
            group = GroupFactory()
            group.save()
    with recording(who="The importer"):
        PractitionerFactory()
    keeping.forget()
    said = text_of(admin_client.get(FRONT))
    assert "Groups changed by admin: 3" in said
    assert "Practitioners changed by The importer: 1" in said


def test_what_changed_longer_ago_is_left_out(admin_client):
    from directory.models import Act

    GroupFactory()
    Act.objects.update(at=timezone.now() - timedelta(days=8))
    keeping.forget()
    assert "Nothing changed in the last seven days." in text_of(admin_client.get(FRONT))


# Coverage


def test_groups_are_counted_once_a_country():
    group = GroupFactory()
    for region in ("Kent", "Kent", "Essex"):
        MeetingFactory(group=group, venue__region=region)
    MeetingFactory(venue__country="WLS")
    MeetingFactory(venue__country="US", venue__region="Ohio")
    MeetingFactory(group__state="draft")
    MeetingFactory(format="online", venue=None)
    GroupFactory()
    assert by_nation() == [
        {"name": "England", "groups": 1, "regions": [("Essex", 1), ("Kent", 1)]},
        {"name": "US", "groups": 1, "regions": [("Ohio", 1)]},
        {"name": "Wales", "groups": 1, "regions": []},
    ]
    assert without_venue() == 2


def test_large_towns_without_a_group_near_are_named():
    PlaceFactory(name="Leeds", population=455_123)
    PlaceFactory(name="Hull", latitude=53.744, longitude=-0.332, population=284_321)
    PlaceFactory(name="York", latitude=53.958, longitude=-1.08, population=141_685)
    PlaceFactory(name="Selby", latitude=53.78, longitude=-1.06, population=19_760)
    PlaceFactory(name="Kent", kind="county", latitude=51.2, longitude=0.7, population=1_500_000)
    PlaceFactory(name="Nantes", country="FR", latitude=47.218, longitude=-1.554, population=318_808)
    MeetingFactory()  # in Headingley, which is in Leeds
    towns, looked_at = places_without_group()
    assert ([town.name for town in towns], looked_at) == (["Hull", "York"], 3)
    # 10 miles are 16.09 km: one group just inside, one just outside.
    MeetingFactory(venue=VenueFactory(latitude=53.958 + 16.0 / 111.195, longitude=-1.08))
    MeetingFactory(venue=VenueFactory(latitude=53.744 + 16.2 / 111.195, longitude=-0.332))
    assert [town.name for town in places_without_group()[0]] == ["Hull"]
    Group.objects.first().save()
    MeetingFactory(group__state="draft", venue=VenueFactory(latitude=53.744, longitude=-0.332))
    assert [town.name for town in places_without_group()[0]] == ["Hull"]


# Find anything


def found(client, text):
    kinds = client.get(FIND, {"q": text}).context["found"]
    return {(kind.code, each.label) for kind in kinds for each in kind.findings}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kettle", {("group", "The Kettle")}),
        ("KETT the", {("group", "The Kettle")}),
        ("ada", {("practitioner", "Ada Lovelace")}),
        ("timebank", {("casestudy", "A timebank")}),
        ("the blues", {("topic", "Low mood")}),
        ("lantern yard", {("venue", "The Reading Rooms, Headingley")}),
        ("tea@example.org", {("groupcontact", "The Kettle: Email: tea@example.org")}),
        ("07700900123", {("practitionercontact", "Ada Lovelace: Phone: 07700 900 123")}),
        ("0770 0900 123", {("practitionercontact", "Ada Lovelace: Phone: 07700 900 123")}),
        ("01632960007", {("helpline", "Night line")}),
        ("nowhere", set()),
    ],
)
def test_everything_is_found_published_or_not(admin_client, text, expected):
    group = GroupFactory(name="The Kettle", state="archived")
    GroupContactFactory(group=group, value="tea@example.org")
    PractitionerContactFactory(
        practitioner=PractitionerFactory(name="Ada Lovelace", state="draft"), kind="phone", value="07700 900 123"
    )
    CaseStudyFactory(name="A timebank")
    TopicFactory(label="Low mood", synonyms=["the blues"])
    HelpLineFactory(name="Night line", number="01632 960007")
    VenueFactory()
    GroupFactory(name="Other")
    assert found(admin_client, text) == expected


def test_each_finding_leads_to_its_page_and_says_its_state(admin_client):
    contact = GroupContactFactory(group__name="Kettle", group__state="archived", value="kettle@example.org")
    page = admin_client.get(FIND, {"q": "kettle"})
    [link] = set(re.findall(r'href="(/admin/groups/group/\d+/change/)"', page.content.decode()))
    assert link == f"/admin/groups/group/{contact.group.pk}/change/"
    assert "Kettle (Archived)" in text_of(page)
    assert admin_client.get(link).status_code == 200


def test_contacts_are_for_those_who_may_see_them(client):
    GroupContactFactory(group__name="Kettle", value="hidden@example.org")
    PractitionerContactFactory(value="hidden@example.net")
    sign_in(client, "editor")
    TopicFactory(label="Hidden things")
    assert found(client, "hidden") == {("topic", "Hidden things")}
    assert found(client, "kettle") == set()


def test_what_is_more_stands_in_the_list(admin_client):
    for number in range(12):
        GroupFactory(name=f"Kettle {number:02}")
    response = admin_client.get(FIND, {"q": "kettle"})
    assert "These are the first 10." in text_of(response)
    [link] = re.findall(r'href="(/admin/groups/group/\?q=[^"]*)"', response.content.decode())
    assert admin_client.get(link).context["cl"].result_count == 12


@pytest.mark.parametrize("text", ["", "%00", "%", "_", "'\"\\", "x" * 1_000_000, "\x00", "a\x00b", "😀", "1" * 200])
def test_bad_input_never_breaks_the_search(admin_client, text):
    GroupFactory()
    response = admin_client.get(FIND, {"q": text})
    assert response.status_code == 200
    if len(text) > 200:
        assert "That is very long. Use a few words, please." in text_of(response)


def test_a_script_in_a_search_stays_text(admin_client):
    page = admin_client.get(FIND, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def queries(client, page):
    keeping.forget()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_the_front_page_makes_few_queries(admin_client, everything):
    admin_client.get(FRONT)
    assert queries(admin_client, FRONT) <= 30
