"""Safety concerns: reported without a name, read first, and hiding something at once only as far as a rule says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from directory import actions, safety
from directory.choices import Concern, PublicationState, SuggestionState, Visibility
from directory.forms import listing_key, stamp_for
from directory.models import Act, Change, SafetyReport, SafetyRule, Suggestion
from practitioners.links import own_path
from tests.factories import (
    CaseStudyFactory,
    GroupContactFactory,
    GroupFactory,
    HelpLineFactory,
    MeetingFactory,
    PractitionerFactory,
    TopicFactory,
)
from tests.forms import filled
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def curator():
    return get_user_model().objects.get_or_create(username="curator")[0]


def rule(**values):
    return SafetyRule.objects.create(**{"slug": "a-rule", "reports": 1, "hides": "listing"} | values)


def report(listing, concern="private", network="192.0.2.0/24", **values):
    form = f"{Suggestion.objects.count()}"
    return safety.report(
        listing, **{"concern": concern, "note": "x", "email": "", "form": form, "network": network} | values
    )


def sent(listing, seconds=60, **changes):
    at = timezone.now() - timedelta(seconds=seconds)
    stamp = stamp_for(f"report {listing_key(listing)}", at)
    return {"concern": "private", "note": "That is my number.", "email": "", "stamp": stamp, "homepage": ""} | changes


def address(listing):
    return f"{listing.get_absolute_url()}report/"


def main_of_admin(response):
    html = response.content.decode()
    words = re.sub(r"<[^>]+>", " ", html[html.index('id="content"') :])
    return " ".join(unescape(words).split())


def state_of(listing):
    return type(listing).objects.get(pk=listing.pk).state


@pytest.fixture
def group():
    """A group with a person's number, which the person agreed to show."""
    group = GroupFactory(name="Tea & Talk", topics=[TopicFactory()])
    MeetingFactory(group=group)
    agreed = {"personal": "yes", "consented_on": timezone.localdate(), "consented_how": "by email"}
    GroupContactFactory(group=group, kind="phone", value="07700 900111", visibility="everyone", **agreed)
    GroupContactFactory(group=group, value="ada@example.org", visibility="everyone", **agreed)
    GroupContactFactory(group=group, kind="website", value="https://tea.example/", visibility="everyone")
    return group


@pytest.mark.parametrize("make", [GroupFactory, PractitionerFactory, CaseStudyFactory])
def test_every_listing_leads_to_the_form_and_a_report_comes_first_in_the_queue(client, make):
    listing = make()
    Suggestion.objects.create(kind="correction", listing=listing, title="x", risk=99)
    assert f'href="{address(listing)}"' in client.get(listing.get_absolute_url()).content.decode()
    form = filled(client.get(address(listing)))
    form |= sent(listing, concern="danger", note="A man follows people home.")
    response = client.post(address(listing), form)
    first = Suggestion.objects.waiting().order_by("-risk", "sent_at", "pk").first()
    assert response.status_code == 302
    assert str(first.uuid) in response.url
    assert (first.listing, first.kind, first.note, first.email) == (listing, "safety", form["note"], "")
    assert first.safety.concern == Concern.DANGER
    assert state_of(listing) == PublicationState.PUBLISHED


def test_who_is_in_danger_sees_the_emergency_numbers_before_the_form(client):
    HelpLineFactory(name="Emergency services", number="999", note="112 works too.", emergency=True)
    group = GroupFactory()
    page = main_of(client.get(address(group)))
    assert page.index("999") < page.index("What happened?")
    assert "We are not an emergency service" in page
    assert "112 works too." in page


@pytest.mark.parametrize(
    "changes",
    [
        {"concern": ""},
        {"concern": "none"},
        {"note": ""},
        {"note": "x" * 1_000_000},
        {"note": "a\0b"},
        {"email": "nobody"},
        {"email": "a@example.org\nBcc: b@example.org"},
        {"homepage": "https://example.org"},
        {"stamp": "forged"},
        {"stamp": "\0"},
        {"seconds": 0},
    ],
)
def test_what_is_not_filled_in_right_is_said_and_nothing_is_saved(client, changes):
    group = GroupFactory()
    response = client.post(address(group), sent(group, **changes))
    assert response.status_code == 422
    assert "We have not sent it yet" in main_of(response)
    assert not Suggestion.objects.exists()


def test_a_form_is_sent_once_and_nobody_sends_many(client):
    group, others = GroupFactory(), [GroupFactory() for _n in range(6)]
    same = sent(group)
    assert client.post(address(group), same).status_code == 302
    again = client.post(address(group), same)
    assert again.status_code == 429
    assert "sent this form already" in main_of(again)
    statuses = [client.post(address(each), sent(each)).status_code for each in others]
    assert (statuses[0], statuses[-1]) == (302, 429)


def test_nothing_tells_who_reported(client, group):
    client.post(address(group), sent(group), REMOTE_ADDR="192.0.2.77")
    rows = [*Suggestion.objects.values(), *SafetyReport.objects.values()]
    assert "192.0" not in str(rows)
    assert "sessionid" not in client.cookies
    # The same network gives another mark for another listing, and none is left when a curator has decided.
    first = report(group, network="192.0.2.0/24")
    second = report(GroupFactory(), network="192.0.2.0/24")
    assert first.safety.sender != second.safety.sender
    safety.close(first, by=curator(), upheld=True)
    SafetyReport.objects.filter(pk=second.pk).update(sender="old")
    Suggestion.objects.filter(pk=second.pk).update(sent_at=timezone.now() - timedelta(days=31))
    report(GroupFactory())
    assert set(SafetyReport.objects.filter(pk__in=[first.pk, second.pk]).values_list("sender", flat=True)) == {""}


def test_after_thirty_days_nothing_tells_networks_apart_though_nobody_reports(group, capsys):
    old, young = report(group), report(GroupFactory())
    for each, age in [(old, timedelta(days=30)), (young, timedelta(days=29))]:
        Suggestion.objects.filter(pk=each.pk).update(sent_at=timezone.now() - age)
    call_command("remove_old_traces")
    assert capsys.readouterr().out.endswith(" 1 signs of networks.\n")
    assert SafetyReport.objects.get(pk=old.pk).sender == ""
    assert SafetyReport.objects.get(pk=young.pk).sender


# The rules


def test_without_a_rule_nothing_is_hidden_by_any_number_of_reports(group):
    for number in range(12):
        report(group, network=f"192.0.{number}.0/24", concern="abuse")
    assert state_of(group) == PublicationState.PUBLISHED
    assert group.contacts.public().count() == 3


@pytest.mark.usefixtures("content")
def test_as_it_comes_one_report_hides_peoples_details_and_no_listing(client, group):
    report(group, concern="abuse")
    assert group.contacts.public().count() == 3
    report(group, concern="private", network="198.51.100.0/24")
    page = client.get(group.get_absolute_url()).content.decode()
    assert "07700 900111" not in page
    assert "ada@example.org" not in page
    assert "https://tea.example/" in page
    # Nobody is cut off: messages still get through.
    assert client.get(f"{group.get_absolute_url()}contact/").status_code == 200
    act = Act.objects.get(suggestion__safety__hid="contacts")
    assert (act.who, act.by) == ("safety rule private-details", None)
    assert "Someone’s private details are shown, 1 report" in act.why


PLACES = [
    "/groups/?q=tea",
    "/search/?q=tea",
    "/complete/?q=tea",
    "/groups/map.json",
    "/groups/calendar.ics",
    "/groups/?view=week",
    "/sitemap-groups.xml",
    "/topics/",
]


def test_a_rule_takes_a_listing_out_of_everywhere_at_once_and_a_curator_brings_it_back(client, group):
    rule(reports=2, concern="abuse")
    shortlist = f"/shortlist/?g={group.pk}"
    before = {each: "Tea" in str(client.get(each).content) for each in [*PLACES[:2], shortlist]}
    assert set(before.values()) == {True}
    report(group, concern="abuse", note="He hurts Zebedee")
    assert state_of(group) == PublicationState.PUBLISHED
    held = report(group, concern="abuse", network="198.51.100.0/24")
    assert state_of(group) == PublicationState.PENDING
    own = group.get_absolute_url()
    for each in [*PLACES, shortlist, own, f"{own}calendar.ics", f"{own}contact/", address(group)]:
        answer = client.get(each)
        text = (b"".join(answer) if answer.streaming else answer.content).decode()
        assert "Talk" not in text, each
        assert group.slug not in re.sub(r'"[^"]*\?[^"]*"', "", text), each
    page = client.get(own)
    assert (page.status_code, page["X-Robots-Tag"], page["Cache-Control"]) == (404, "noindex", "no-store")
    words = main_of(page)
    assert "closed for now" in words
    for word in ("abuse", "safety", "Zebedee", "report"):
        assert word not in words.casefold()
    assert held.act_id
    assert Change.objects.filter(act=held.act, after__state="pending").exists()

    assert safety.show_again(held, by=curator())
    assert main_of(client.get(own)).count("Tea & Talk")
    assert Act.objects.filter(by=curator(), why__startswith="Shown again").exists()
    assert not safety.show_again(held, by=curator())


def test_one_network_counts_once_and_old_reports_not_at_all(group):
    rule(reports=2, within_days=3)
    old = report(group)
    Suggestion.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=4))
    type(group).objects.update(state_changed_at=timezone.now() - timedelta(days=90))
    group.refresh_from_db()
    for _n in range(3):
        report(group, network="198.51.100.0/24")
    assert state_of(group) == PublicationState.PUBLISHED
    report(group, network="203.0.113.0/24")
    assert state_of(group) == PublicationState.PENDING


def test_a_rule_is_for_its_kind_and_its_concern_and_only_in_force(group):
    from django.contrib.contenttypes.models import ContentType

    person = PractitionerFactory()
    rule(content_type=ContentType.objects.get_for_model(person), concern="untrue")
    report(group, concern="untrue")
    report(person, concern="other", network="198.51.100.0/24")
    assert (state_of(group), state_of(person)) == ("published", "published")
    SafetyRule.objects.update(active=False)
    report(person, concern="untrue")
    assert state_of(person) == "published"
    SafetyRule.objects.update(active=True)
    report(person, concern="untrue", network="203.0.113.0/24")
    assert state_of(person) == "pending"


def test_what_a_curator_found_harmless_is_left_alone_by_the_rules(group):
    rule()
    first = report(group)
    assert safety.close(first, by=curator(), upheld=False, reply="We looked.")
    assert state_of(group) == PublicationState.PUBLISHED
    first.refresh_from_db()
    assert (first.state, first.decided_by, first.reply) == ("refused", curator(), "We looked.")
    report(group, network="198.51.100.0/24")
    assert state_of(group) == PublicationState.PUBLISHED
    Suggestion.objects.filter(pk=first.pk).update(decided_at=timezone.now() - timedelta(days=31))
    report(group, network="203.0.113.0/24")
    assert state_of(group) == PublicationState.PENDING


def test_rules_rest_when_they_act_too_often_in_a_day():
    rule()
    groups = [GroupFactory() for _n in range(safety.MOST_A_DAY + 2)]
    for number, each in enumerate(groups):
        report(each, network=f"192.0.{number}.0/24")
    states = [state_of(each) for each in groups]
    assert states == ["pending"] * safety.MOST_A_DAY + ["published"] * 2


# What curators decide


def test_a_curator_hides_and_closes(client, group):
    held = report(group)
    assert safety.hide(held, by=curator())
    assert not safety.hide(held, by=curator())
    assert client.get(group.get_absolute_url()).status_code == 404
    assert Act.objects.get(pk=held.act_id).by == curator()
    assert safety.close(held, by=curator(), upheld=True)
    assert state_of(group) == PublicationState.ARCHIVED
    assert not safety.close(held, by=curator(), upheld=True)
    held.refresh_from_db()
    assert held.state == SuggestionState.ACCEPTED
    # It is no longer closed for now: it is gone.
    assert "closed for now" not in main_of(client.get(group.get_absolute_url()))


def test_hidden_contacts_come_back_but_not_what_somebody_hid_since(group):
    held = report(group)
    assert safety.hide(held, by=curator(), hides="contacts")
    phone = group.contacts.get(kind="phone")
    assert (phone.visibility, group.contacts.get(kind="email").visibility) == ("curators", "relay")
    phone.consented_on, phone.consented_how = None, ""
    phone.save()
    held = Suggestion.objects.get(pk=held.pk)
    safety.show_again(held, by=curator())
    assert group.contacts.get(kind="phone").visibility == Visibility.CURATORS
    assert group.contacts.get(kind="email").visibility == Visibility.EVERYONE


def test_a_practitioner_cannot_show_again_what_a_concern_hides(client):
    ada = PractitionerFactory(own_email="ada@example.org")
    ada.contacts.create(kind="email", value="ada@example.org", visibility="relay")
    agreed = {"personal": "yes", "consented_on": timezone.localdate(), "consented_how": "by email"}
    ada.contacts.create(kind="phone", value="0113 496 0000", visibility="everyone", **agreed)
    safety.hide(report(ada), by=curator(), hides="contacts")
    sent = filled(client.get(own_path(ada)))
    refused = client.post(own_path(ada), sent | {"phone": "0113 496 0000"})
    assert refused.status_code == 422
    assert "this stays hidden" in main_of(refused)
    assert not ada.contacts.public().exists()


def test_what_its_people_archived_stays_away_whatever_a_curator_decides(group):
    held = report(group)
    safety.hide(held, by=curator())
    group.refresh_from_db()
    actions.archive(group, by=None)
    assert safety.close(held, by=curator(), upheld=False)
    assert state_of(group) == PublicationState.ARCHIVED


def test_curators_decide_in_the_queue_where_a_concern_stands_first(admin_client, group):
    Suggestion.objects.create(kind="correction", listing=group, title="Earlier", risk=99)
    held = report(group, note="He shouts.", email="reader@example.org")
    queue = main_of_admin(admin_client.get("/admin/queue/"))
    assert queue.index("Tea & Talk") < queue.index("Earlier")
    page = f"/admin/queue/{held.pk}/"

    def press(do, **more):
        return admin_client.post(f"{page}concern/", {"do": do} | more)

    assert "He shouts." in main_of_admin(admin_client.get(page))
    press("contacts")
    assert "Hidden now: People’s contact details" in main_of_admin(admin_client.get(page))
    press("show")
    assert group.contacts.public().count() == 3
    press("listing")
    assert state_of(group) == PublicationState.PENDING
    for bad in ("", "burn", "\0"):
        press(bad)
    press("upheld", reply="x" * 1_000_000)
    assert state_of(group) == PublicationState.PENDING
    press("harmless", reply="We have talked to the group.")
    assert state_of(group) == PublicationState.PUBLISHED
    assert "We have talked to the group." in main_of(Client().get(f"/receipts/{held.uuid}/"))
    assert admin_client.get(f"{page}concern/").status_code == 405
    assert Client().post(f"{page}concern/", {"do": "listing"}).status_code == 302
    assert state_of(group) == PublicationState.PUBLISHED


def test_a_concern_stays_with_curators_though_its_sender_takes_the_words_back(client, group):
    rule(reports=1)
    held = report(group, note="He shouts.", email="reader@example.org")
    receipt = f"/receipts/{held.uuid}/"
    assert "It is at the top of our curators’ list" in main_of(client.get(receipt))
    assert "We are not an emergency service" in main_of(client.get(receipt))
    client.post(receipt)
    held.refresh_from_db()
    assert (held.note, held.email, held.state) == ("", "", "waiting")
    assert state_of(group) == PublicationState.PENDING


# Consent


@pytest.mark.parametrize("personal", ["yes", "unknown"])
def test_nobodys_contact_details_can_be_saved_as_public_without_their_consent(personal):
    with pytest.raises(IntegrityError, match="public_with_consent"), transaction.atomic():
        GroupContactFactory(visibility="everyone", personal=personal)
    contact = GroupContactFactory(visibility="relay", personal=personal)
    with pytest.raises(IntegrityError, match="public_with_consent"), transaction.atomic():
        type(contact).objects.update(visibility="everyone")
    contact.visibility = "everyone"
    with pytest.raises(ValidationError, match="when and how the person agreed"):
        contact.full_clean()
    contact.consented_on = timezone.localdate()
    with pytest.raises(IntegrityError, match="consent_whole"), transaction.atomic():
        contact.save()
    contact.consented_how = "by email"
    contact.save()


def test_a_reader_who_was_let_in_once_learns_nothing_more(group):
    """The page of a listing that was never hidden for safety is simply not here."""
    GroupFactory(slug="waits", state="pending")
    assert "closed for now" not in main_of(Client().get("/groups/waits/"))
