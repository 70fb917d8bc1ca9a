"""A practitioner and a group's people say by their own links that they work together, and what may be shown of it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.history import undo
from directory.models import Act, Change
from groups.links import own_path as group_path
from practitioners.actions import withdraw_consent
from practitioners.links import own_path as practitioner_path
from practitioners.models import Practitioner, Support
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    PractitionerFactory,
    SupportFactory,
    SupportRoleFactory,
)
from tests.forms import filled
from tests.pages import main_of

pytestmark = pytest.mark.django_db

DAYS = {"agreed_on": "2026-01-12", "review_on": "12/04/2026"}
SHOWN_DAYS = "On 12 January 2026 they agreed"


@pytest.fixture(autouse=True)
def role():
    return SupportRoleFactory(slug="facilitator", name="Facilitator")


@pytest.fixture
def ada():
    return PractitionerFactory(name="Ada Vale", slug="ada", own_email="ada@example.org")


@pytest.fixture
def kettle():
    group = GroupFactory(name="The Kettle", slug="kettle")
    GroupContactFactory(group=group, value="ines@example.org", visibility="curators")
    return group


@pytest.fixture
def hers(ada):
    return practitioner_path(ada) + "groups/"


@pytest.fixture
def ours(kettle):
    token = group_path(kettle, "ines@example.org").rstrip("/").split("/")[-1]
    return reverse("practitioners:group_supports", args=[token])


@pytest.fixture
def support(ada, kettle, role):
    """They work together, and nobody has agreed to show it."""
    return SupportFactory(
        practitioner=ada,
        group=kettle,
        role=role,
        group_agrees=False,
        practitioner_agrees=False,
        started_on="2025-05-01",
    )


def propose(client, page, name, **changes):
    data = {"words": name, "other": "kettle", "role": "facilitator", "started_on": "", "propose": "1"}
    return client.post(page, data | changes)


def press(client, page, verb, support=None, **fields):
    support = support or Support.objects.get()
    data = {f"{verb}{support.pk}-{name}": value for name, value in fields.items()}
    return client.post(page, {verb: support.pk} | data)


def is_public(client, support):
    """Whether any public page tells of it."""
    pages = [
        support.group.get_absolute_url(),
        support.practitioner.get_absolute_url(),
        support.role.get_absolute_url(),
        f"/groups/?receiving={support.role.slug}",
    ]
    told = []
    for page in pages:
        words = client.get(page).content.decode()
        told.append(support.group.name in words and (support.practitioner.name in words or "receiving" in page))
    assert len(set(told)) == 1, told
    return told[0]


def latest_act(practitioner):
    return Act.objects.get(pk=Change.objects.about("practitioners_practitioner", [practitioner.pk]).latest("pk").act_id)


def curator():
    return get_user_model().objects.get_or_create(username="curator")[0]


# That they work together


@pytest.mark.parametrize("first", ["practitioner", "group"])
def test_what_one_side_says_only_the_other_sees_until_they_confirm_it(client, ada, kettle, hers, ours, first):
    mine, theirs, other = (hers, ours, "kettle") if first == "practitioner" else (ours, hers, "ada")
    words = kettle.name if first == "practitioner" else ada.name
    found = client.post(mine, {"find": "1", "words": words})
    assert words in main_of(found)
    sent = filled(found) | {"propose": "1", "role": "facilitator"}
    assert sent["other"] == [other]
    assert "They have not answered yet" in main_of(client.post(mine, sent))
    support = Support.objects.get()
    assert (support.proposed_by, support.ended_on) == (first, None)
    assert not is_public(client, support)
    assert "Is that so?" not in main_of(client.get(mine))
    assert "Is that so?" in main_of(client.get(theirs))
    own = practitioner_path(ada) if first == "group" else group_path(kettle, "ines@example.org")
    assert "1 waits for your answer" in main_of(client.get(own))
    # Whoever said it cannot confirm it for the other side.
    assert "Nothing has changed" in main_of(press(client, mine, "confirm_and_show"))
    assert not is_public(client, support)

    assert "It stands on both pages" in main_of(press(client, theirs, "confirm_and_show"))
    assert is_public(client, support)
    assert "waits for your answer" not in main_of(client.get(own))


def test_it_can_be_so_without_being_shown(client, hers, ours):
    propose(client, hers, "Kettle")
    press(client, ours, "confirm")
    support = Support.objects.get()
    assert (support.proposed_by, support.group_agrees, support.practitioner_agrees) == ("", False, True)
    assert not is_public(client, support)
    press(client, ours, "show")
    assert is_public(client, support)


def test_where_both_say_so_of_themselves_it_is_confirmed(client, hers, ours):
    propose(client, hers, "Kettle")
    propose(client, ours, "Ada", other="ada")
    assert is_public(client, Support.objects.get())


def test_a_no_is_kept_so_that_nobody_is_asked_again_and_only_they_can_change_it(client, hers, ours):
    propose(client, hers, "Kettle")
    page = main_of(press(client, ours, "deny"))
    assert "Ada" not in page
    assert "They say that this is not so" in main_of(client.get(hers))
    again = propose(client, hers, "Kettle", started_on="2026-01-01")
    assert again.status_code == 422
    assert "They said no before" in main_of(again)
    for verb in ("take_back", "show", "days", "stop", "confirm"):
        press(client, hers, verb, agreed_on="2026-01-01", ended_on="2026-01-01")
    assert not is_public(client, Support.objects.get())
    propose(client, ours, "Ada", other="ada")
    assert is_public(client, Support.objects.get())


def test_what_nobody_has_answered_can_be_taken_back(client, hers, ours):
    propose(client, hers, "Kettle")
    press(client, ours, "take_back")
    assert Support.objects.exists()
    press(client, hers, "take_back")
    assert not Support.objects.exists()


@pytest.mark.parametrize("hidden", [{"state": "draft"}, {"state": "archived"}, {"state": "pending"}, {"sample": True}])
def test_nothing_tells_whether_a_hidden_listing_is_there(client, hers, ours, hidden):
    GroupFactory(name="Hidden Harbour", slug="hidden-harbour", **hidden)
    PractitionerFactory(name="Hidden Hannah", slug="hidden-hannah", **hidden)

    def answers(page, kind, slug, name):
        said = []
        for words in (name, f"http://testserver/{kind}/{slug}/", slug):
            for post in (client.post(page, {"find": "1", "words": words}), propose(client, page, words, other=slug)):
                said.append((post.status_code, main_of(post)))
        return said

    for page, kind, name in [(hers, "groups", "Harbour"), (ours, "practitioners", "Hannah")]:
        there = answers(page, kind, f"hidden-{name.lower()}", f"Hidden {name}")
        assert there == answers(page, kind, "nobody-at-all", "Nobody At All")
        assert {status for status, _words in there} == {422}
    assert not Support.objects.exists()


def test_only_one_of_those_found_can_be_chosen(client, hers, kettle):
    GroupFactory(name="Lantern", slug="lantern")
    response = propose(client, hers, "Kettle", other="lantern")
    assert "Choose one of these." in main_of(response)
    assert propose(client, hers, "http://testserver/groups/kettle/").status_code == 200
    assert Support.objects.get().group == kettle


def test_whoever_is_not_public_says_nothing_of_others(client, ada, support, hers):
    withdraw_consent(ada, by=None)
    Practitioner.objects.update(state="pending")
    page = client.get(hers)
    assert "Your page is not public now" in main_of(page)
    assert "Kettle" not in main_of(page)
    press(client, hers, "show")
    propose(client, hers, "Kettle")
    support.refresh_from_db()
    assert Support.objects.count() == 1
    assert not support.practitioner_agrees


def test_there_are_limits(client, hers, role):
    for number in range(20):
        GroupFactory(name=f"Kettle {number}", slug=f"kettle-{number}")
        assert propose(client, hers, f"Kettle {number}", other=f"kettle-{number}").status_code == 200
    GroupFactory(name="Lantern", slug="lantern")
    refused = propose(client, hers, "Lantern", other="lantern")
    assert refused.status_code == 422
    assert "Try again in" in main_of(refused)
    assert Support.objects.count() == 20


def test_too_many_may_not_wait_for_an_answer(client, hers, ada, role, kettle):
    for _each in range(20):
        SupportFactory(practitioner=ada, role=role, proposed_by="practitioner", group_agrees=False)
    assert "Too many have not answered you yet" in main_of(propose(client, hers, "Kettle"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": ""}, "Type the name."),
        ({"words": "\0"}, "We cannot read one of these characters"),
        ({"words": "x" * 1_000_000}, "That is very long"),
        ({"words": "/groups/../"}, "We find no listed group of this name"),
        ({"words": "/practitioners/kettle/"}, "We find no listed group of this name"),
        ({"other": ""}, "Choose one."),
        ({"other": "\0"}, "Choose one of these."),
        ({"role": ""}, "Choose a role."),
        ({"role": "wizard"}, "We do not know this role"),
        ({"role": "\0"}, "Null characters are not allowed"),
        ({"started_on": "soon"}, "We cannot read this date"),
        ({"started_on": "2099-01-01"}, "This day is still to come"),
    ],
)
def test_bad_input_gets_a_sentence(client, hers, kettle, changes, said):
    response = propose(client, hers, "Kettle", **changes)
    assert response.status_code == 422
    assert said in main_of(response)
    assert not Support.objects.exists()


def test_the_same_is_not_said_twice(client, hers, support):
    assert "This is on your list already" in main_of(propose(client, hers, "Kettle"))
    press(client, hers, "stop", ended_on="2026-02-01")
    assert "This is on your list already" in main_of(propose(client, hers, "Kettle", started_on="2025-05-01"))
    assert propose(client, hers, "Kettle", started_on="2026-03-01").status_code == 200


# What is shown, and the days


def test_each_side_agrees_for_itself_and_takes_it_back_alone(client, support, hers, ours):
    press(client, hers, "show")
    assert not is_public(client, support)
    assert "They agree to show it. You do not" in main_of(client.get(ours))
    press(client, ours, "show")
    assert is_public(client, support)
    press(client, hers, "hide")
    assert not is_public(client, support)
    act = latest_act(support.practitioner)
    assert (act.who, act.by) == ("the practitioner", None)


@pytest.mark.parametrize("first", ["practitioner", "group"])
def test_days_count_when_the_other_side_confirms_them(client, support, hers, ours, first):
    mine, theirs = (hers, ours) if first == "practitioner" else (ours, hers)
    for page in (mine, theirs):
        press(client, page, "show")
    public = support.group.get_absolute_url()
    assert "They have not confirmed them yet" in main_of(press(client, mine, "days", **DAYS))
    assert "January 2026" not in client.get(public).content.decode()
    assert "Nothing has changed" in main_of(press(client, mine, "confirm_days"))
    assert "Agreed on 12 January 2026, to look at it again on 12 April 2026." in main_of(client.get(theirs))
    press(client, theirs, "confirm_days")
    assert SHOWN_DAYS in main_of(client.get(public))
    # New days take the place of those that both agreed on only when both agree again.
    press(client, theirs, "days", agreed_on="2026-02-01", review_on="")
    assert SHOWN_DAYS in main_of(client.get(public))
    press(client, mine, "leave_days")
    assert SHOWN_DAYS in main_of(client.get(public))
    press(client, theirs, "drop_days")
    assert SHOWN_DAYS not in main_of(client.get(public))
    # The same said by both is agreed.
    for page in (theirs, mine):
        press(client, page, "days", **DAYS)
    assert SHOWN_DAYS in main_of(client.get(public))


@pytest.mark.parametrize(
    ("verb", "fields", "said"),
    [
        ("days", {"agreed_on": ""}, "Say on which day."),
        ("days", {"agreed_on": "2099-01-01"}, "This day is still to come"),
        ("days", {"agreed_on": "2026-01-12", "review_on": "2026-01-12"}, "This day comes before the agreement"),
        ("days", {"agreed_on": "\0", "review_on": "x" * 1_000_000}, "We cannot read this date"),
        ("stop", {"ended_on": "2099-01-01"}, "This day is still to come"),
        ("stop", {"ended_on": "2025-04-30"}, "This day comes before the start"),
        ("stop", {"ended_on": "soon"}, "We cannot read this date"),
    ],
)
def test_a_day_that_cannot_be_gets_a_sentence_beside_its_field(client, support, hers, verb, fields, said):
    response = press(client, hers, verb, **fields)
    assert response.status_code == 422
    assert said in main_of(response)
    assert main_of(response).count(said) == 2 * main_of(response).count("Error:")
    support.refresh_from_db()
    assert (support.new_days_by, support.ended_on) == ("", None)


def test_either_side_says_that_it_has_ended(client, support, hers, ours):
    for page in (hers, ours):
        press(client, page, "show")
    press(client, hers, "days", **DAYS)
    page = main_of(press(client, ours, "stop", ended_on="2026-06-30"))
    assert "Until: 30 June 2026." in page
    support.refresh_from_db()
    assert (str(support.ended_on), support.new_days_by) == ("2026-06-30", "")
    assert "supported it as" in main_of(client.get(support.group.get_absolute_url()))
    assert "The Kettle" not in main_of(client.get("/groups/?receiving=facilitator"))
    # What is over can still be hidden.
    press(client, hers, "hide")
    assert "supported it as" not in main_of(client.get(support.group.get_absolute_url()))


def test_nobody_touches_what_belongs_to_others(client, hers, ours):
    other = SupportFactory(group_agrees=False, practitioner_agrees=False)
    for page in (hers, ours):
        for verb in ("show", "hide", "confirm", "deny", "stop", "days", "confirm_days"):
            response = press(client, page, verb, other, ended_on="2026-01-01", **DAYS)
            assert "Nothing has changed" in main_of(response)
        for number in ("", "0", "x", "\0", "9" * 5000):
            assert client.post(page, {"show": number}).status_code == 200
    other.refresh_from_db()
    assert not other.group_agrees
    assert not other.practitioner_agrees


def test_whoever_is_hidden_vanishes_from_the_page_of_the_other_side(client, support, ada, ours):
    assert "Ada Vale" in main_of(client.get(ours))
    withdraw_consent(ada, by=None)
    assert "Ada" not in client.get(ours).content.decode()
    assert "Nothing has changed" in main_of(press(client, ours, "show"))


def test_consent_that_is_withdrawn_hides_all_of_it_and_coming_back_shows_nothing(client, support, ada, hers, ours):
    for page in (hers, ours):
        press(client, page, "show")
    press(client, hers, "days", **DAYS)
    press(client, ours, "confirm_days")
    withdraw_consent(ada, by=None)
    page = client.get(support.group.get_absolute_url()).content.decode()
    assert "Ada" not in page
    assert "January 2026" not in page
    Practitioner.objects.update(state="published", consent_given_on=timezone.localdate())
    assert not is_public(client, support)


# The link, the history, and the curators


def test_a_link_opens_only_its_own_page_and_is_kept_out_of_caches(client, hers, ours):
    for page in (hers, ours):
        for response in (client.get(page), Client(enforce_csrf_checks=True).post(page, {"show": "1"})):
            assert response.status_code == 200
            assert response["Referrer-Policy"] == "no-referrer"
            assert "no-store" in response["Cache-Control"]
            assert response.cookies == {}
    token = re.search(r"own/([^/]+)/groups/", hers)[1]
    assert client.get(reverse("practitioners:group_supports", args=[token])).status_code == 410
    assert client.get(reverse("practitioners:own_supports", args=[ours.split("/")[-2]])).status_code == 410
    assert client.post("/practitioners/own/x/groups/", {"show": "1"}).status_code == 410


def test_a_curator_takes_back_what_was_said_but_gives_nobodys_word(client, support, hers, ours):
    press(client, hers, "show")
    agreed = latest_act(support.practitioner)
    undo(agreed, by=curator())
    support.refresh_from_db()
    assert not support.practitioner_agrees
    for page in (hers, ours):
        press(client, page, "show")
    press(client, hers, "hide")
    with pytest.raises(Exception, match="did this themselves"):
        undo(latest_act(support.practitioner), by=curator())
    for page in (hers, ours):
        press(client, page, "days", **DAYS)
    undo(latest_act(support.practitioner), by=curator())
    support.refresh_from_db()
    assert (support.boundaries_agreed_on, support.new_days_by) == (None, "practitioner")
    press(client, ours, "stop", ended_on="2026-06-30")
    undo(latest_act(support.practitioner), by=curator())
    support.refresh_from_db()
    assert support.ended_on is None


def test_a_curator_takes_back_a_confirmation_and_a_proposal(client, ada, hers, ours):
    propose(client, hers, "Kettle")
    proposed = latest_act(ada)
    press(client, ours, "confirm_and_show")
    undo(latest_act(ada), by=curator())
    assert Support.objects.get().proposed_by == "practitioner"
    assert not is_public(client, Support.objects.get())
    undo(proposed, by=curator())
    assert not Support.objects.exists()


def test_curators_see_what_one_side_says_and_it_counts_for_nothing_yet(client, admin_client, ada, hers):
    propose(client, hers, "Kettle")
    page = admin_client.get(reverse("admin:practitioners_practitioner_change", args=[ada.pk])).content.decode()
    assert "Said by one side only" in page
    overview = admin_client.get(reverse("admin:practitioners_overview")).context
    assert overview["without_group"] == [ada]


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"proposed_by": "nobody"}, "support_proposed_by_known"),
        ({"new_days_by": "group"}, "support_new_days_whole"),
        ({"new_agreed_on": "2026-01-01"}, "support_new_days_whole"),
        (
            {"new_days_by": "group", "new_agreed_on": "2026-01-01", "new_review_on": "2026-01-01"},
            "support_new_review_after_agreement",
        ),
        ({"proposed_by": "group", "boundaries_agreed_on": "2026-01-01"}, "support_days_of_both"),
        ({"proposed_by": "group", "new_days_by": "group", "new_agreed_on": "2026-01-01"}, "support_days_of_both"),
    ],
)
def test_the_database_holds_what_belongs_together(role, row, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SupportFactory(role=role, **row)


@pytest.mark.parametrize("proposed_by", ["group", "practitioner"])
def test_what_one_side_says_is_public_by_no_way(client, role, proposed_by):
    support = SupportFactory(role=role, proposed_by=proposed_by, group_agrees=True, practitioner_agrees=True)
    assert not is_public(client, support)
    assert is_public(client, SupportFactory(role=role))


def test_the_page_makes_as_many_queries_for_many_as_for_one(client, ada, role, hers):
    SupportFactory(practitioner=ada, role=role)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _each in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(hers)
        counts.append(len(captured))
        for n in range(5):
            SupportFactory(practitioner=ada, role=role, started_on=timezone.localdate() - timedelta(days=n))
    assert counts[0] == counts[1]
