"""A group's own people look after its page by a link that comes by e-mail, and withdraw it at once."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from directory import actions, safety
from directory.choices import PublicationState, Visibility
from directory.forms import stamp_for
from directory.history import CannotUndo, undo
from directory.models import Act, Change, Suggestion
from groups.links import own_path
from groups.models import Group, GroupContact, Venue
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    LanguageFactory,
    MeetingFactory,
    PlaceFactory,
    SupportRoleFactory,
    TopicFactory,
    VenueFactory,
)
from tests.forms import filled
from tests.pages import main_of

pytestmark = pytest.mark.django_db
ASK = "/groups/own/"
OURS = "ines@example.org"


@pytest.fixture(autouse=True)
def world(settings):
    settings.MAIL_GOES_OUT = True
    SupportRoleFactory(slug="facilitator", name="Facilitator")
    LanguageFactory()
    PlaceFactory()


@pytest.fixture
def group():
    """A published group whose organiser's address nobody sees."""
    group = GroupFactory(name="Tea & Talk", slug="tea-and-talk", about="We drink tea.", topics=[TopicFactory()])
    venue = VenueFactory(address="4 Lantern Yard")
    MeetingFactory(group=group, venue=venue, join_url="https://meet.example/tea", join_visibility="everyone")
    GroupContactFactory(group=group, value=OURS, visibility="curators")
    agreed = {"personal": "yes", "consented_on": timezone.localdate(), "consented_how": "by email"}
    GroupContactFactory(group=group, kind="phone", value="0113 496 0171", visibility="everyone", **agreed)
    GroupContactFactory(group=group, value="tea@example.org", visibility="everyone", **agreed)
    return group


def ask(client, email, seconds=60, **changes):
    stamp = stamp_for("groups.own", timezone.now() - timedelta(seconds=seconds))
    return client.post(ASK, {"email": email, "stamp": stamp, "homepage": ""} | changes)


def links_in(letter):
    return re.findall(r"http://testserver(/\S+)", letter.body)


def curator():
    return get_user_model().objects.get_or_create(username="curator")[0]


# The letter


def test_a_link_comes_by_letter_whoever_may_see_the_address_and_the_page_does_not_tell_who_is_known(client, group):
    known = ask(client, OURS.upper())
    unknown = ask(client, "nobody@example.org")
    assert known.status_code == unknown.status_code == 200
    assert main_of(known) == main_of(unknown)
    letter, none = mail.outbox
    assert letter.to == [OURS.upper()]
    assert "for no group" in none.body
    assert links_in(none) == []
    (link,) = links_in(letter)
    assert "Is all this still true?" in main_of(client.get(link))
    assert Group.objects.get().confirmed_at is None


def test_an_international_address_is_known_however_it_is_written(client, group):
    group.contacts.filter(value=OURS).delete()
    GroupContactFactory(group=group, value="ines@exämple.org", visibility="curators")
    for written in ["ines@exämple.org", "INES@EXÄMPLE.ORG", "ines@xn--exmple-cua.org"]:
        ask(client, written)
        assert client.get(links_in(mail.outbox[-1])[0]).status_code == 200
        assert mail.outbox[-1].to[0].lower() == "ines@xn--exmple-cua.org"


def test_one_letter_has_the_links_to_all_groups_that_still_are(client, group):
    GroupContactFactory(group__name="Second", value=OURS, visibility="relay")
    GroupContactFactory(group__state="archived", value=OURS)
    GroupContactFactory(group__state="draft", value=OURS)
    GroupContactFactory(group__sample=True, value=OURS)
    GroupContactFactory(group__name="Buy my cure", group__state="pending", value=OURS)
    GroupContactFactory(kind="website", value=f"https://{OURS}")
    ask(client, OURS)
    (letter,) = mail.outbox
    assert len(links_in(letter)) == 3
    assert "Second" in letter.body
    # Words that nobody has read are not sent to anyone.
    assert "Buy my cure" not in letter.body


def test_nobody_is_flooded_with_letters_and_bad_input_is_said(client, group):
    answers = [ask(client, OURS, seconds=60 + n) for n in range(6)]
    # Who asked here before is told neither by words nor by what one's own network may still send.
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert len({main_of(each) for each in answers[:5]}) == 1
    assert "One address gets three letters a day at most." in main_of(answers[0])
    assert "from your network" in main_of(answers[5])
    assert len(mail.outbox) == 3
    for email in ("", "x", "a\0b@example.org", "x" * 1_000_000, f"{OURS}\nBcc: b@example.org"):
        assert ask(client, email, seconds=100).status_code == 422


def test_a_link_is_refused_when_it_is_old_changed_or_for_an_address_that_is_gone(client, group, settings):
    path = own_path(group, OURS)
    for token in (path[:-3] + "xx/", "/groups/confirm/token/", "/groups/confirm/%00/"):
        refused = client.get(token)
        assert refused.status_code == 410
        assert ASK in refused.content.decode()
    other = own_path(GroupContactFactory(value="else@example.org").group, OURS)
    assert client.get(other).status_code == 410
    assert client.get(f"{other}change/").status_code == 410
    GroupContact.objects.filter(value=OURS).update(value="new@example.org")
    assert client.post(path, {"withdraw": "1"}).status_code == 410
    assert Group.objects.get(pk=group.pk).is_published


@pytest.mark.parametrize("age", [timedelta(days=6), timedelta(days=8)])
def test_a_link_lasts_seven_days(client, group, age, monkeypatch):
    import time

    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now - age.total_seconds())
    path = own_path(group, OURS)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now)
    assert client.get(path).status_code == (200 if age.days < 7 else 410)


def test_pages_behind_a_link_are_kept_out_of_caches_searches_and_other_sites(client, group):
    path = own_path(group, OURS)
    for page in (client.get(path), client.post(path, {"confirm": "1"}), client.get(f"{path}change/")):
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]
        assert page["Referrer-Policy"] == "no-referrer"
        assert page.cookies == {}
    assert Client(enforce_csrf_checks=True).post(path, {"confirm": "1"}).status_code == 200


# What counts at once


def test_one_button_confirms(client, group):
    page = client.post(own_path(group, OURS), {"confirm": "1"})
    assert "Thank you" in main_of(page)
    group.refresh_from_db()
    assert (group.confirmed_by, group.confirmed_at.date()) == ("owner", timezone.now().date())
    act = Change.objects.about("groups_group", [group.pk]).latest("pk").act
    assert (act.who, act.by) == ("the organiser", None)


def test_one_button_hides_a_contact_an_address_or_a_way_to_join_at_once(client, group):
    public = group.get_absolute_url()
    path = own_path(group, OURS)
    words = ["0113 496 0171", "tea@example.org", "4 Lantern Yard", "https://meet.example/tea"]
    for word in words:
        assert word in client.get(public).content.decode()
    page = client.get(path).content.decode()
    keys = re.findall(r'name="hide" value="([\w-]+)"', page.replace("\n", " "))
    assert len(keys) == 4
    for key in [*keys, *keys, "contact-0", "x", "\0"]:
        assert client.post(path, {"hide": key}).status_code == 200
    page = client.get(public).content.decode()
    for word in words:
        assert word not in page
    # Messages still get through, and whoever hid it has taken the consent back.
    assert client.get(f"{public}contact/").status_code == 200
    assert not group.contacts.exclude(consented_on=None).exists()


def test_an_address_that_others_use_too_stays_for_them(client, group):
    other = MeetingFactory(venue=group.meetings.get().venue).group
    venue = group.meetings.get().venue
    client.post(own_path(group, OURS), {"hide": f"address-{venue.pk}"})
    assert "4 Lantern Yard" not in client.get(group.get_absolute_url()).content.decode()
    assert "4 Lantern Yard" in client.get(other.get_absolute_url()).content.decode()
    assert Venue.objects.count() == 2


def test_nobody_hides_what_belongs_to_another_group(client, group):
    other = GroupContactFactory(kind="phone", visibility="everyone", value="0113 496 0999")
    client.post(own_path(group, OURS), {"hide": f"contact-{other.pk}"})
    other.refresh_from_db()
    assert other.visibility == Visibility.EVERYONE


def test_what_support_a_group_looks_for_counts_at_once(client, group):
    path = own_path(group, OURS)
    client.post(path, {"seek": "1", "seeking": ["facilitator", "unknown", "\0"]})
    assert "Facilitator" in client.get(group.get_absolute_url()).content.decode()
    assert "Tea" in client.get("/groups/?seeking=facilitator").content.decode()
    client.post(path, {"seek": "1"})
    assert not group.seeking.exists()


def test_times_and_contacts_change_at_once_and_new_words_wait_for_a_curator(client, group):
    path = f"{own_path(group, OURS)}change/"
    sent = filled(client.get(path))
    meeting, phone = group.meetings.get(), group.contacts.get(kind="phone")
    assert OURS in str(sent)
    sent |= {"about": "Buy my cure", "cost": "free", f"meetings.{meeting.pk}.start_time": "18:30"}
    sent |= {f"contacts.{phone.pk}.value": "0113 496 0172", f"contacts.{phone.pk}.label": "Buy my book"}
    new = "contacts.new1"
    sent["parts"] = [*sent["parts"], new]
    filled_in = {"kind": "text", "value": "07700 900111", "label": "Buy", "visibility": "everyone"}
    sent |= {f"{new}.{name}": value for name, value in filled_in.items()}
    page = client.post(path, sent)
    assert page.status_code == 200, main_of(page)
    assert "A curator reads your new words first" in main_of(page)
    public = client.get(group.get_absolute_url()).content.decode()
    assert "Buy" not in public
    for word in ("We drink tea.", "Free", "0113 496 0172", "07700 900111", "6.30"):
        assert word in public, word
    group.refresh_from_db()
    assert group.confirmed_by == "owner"
    text = group.contacts.get(kind="text")
    assert (text.consented_on, text.consented_how) == (timezone.localdate(), "on the form")
    waits = Suggestion.objects.get()
    assert waits.values == {"about": "Buy my cure", f"contacts.{phone.pk}.label": "Buy my book"}
    assert waits.before["about"] == "We drink tea."
    assert "Buy" in waits.note
    act = Change.objects.about("groups_group", [group.pk]).latest("pk").act
    assert (act.who, act.why) == ("the organiser", "Changed its page")


def test_what_only_curators_see_is_not_on_the_form_but_for_the_address_of_the_link(client, group):
    GroupContactFactory(group=group, kind="phone", value="0113 496 0666", visibility="curators")
    group.curator_notes = "Quarrelsome"
    group.save()
    page = client.get(f"{own_path(group, OURS)}change/").content.decode()
    assert OURS in page
    assert "0113 496 0666" not in page
    assert "Quarrelsome" not in page


def test_what_is_wrong_in_the_form_is_said_and_nothing_is_saved(client, group):
    path = f"{own_path(group, OURS)}change/"
    sent = filled(client.get(path))
    for bad in ({"name": ""}, {"cost": "gold"}, {"about": "a\0b"}, {"about": "x" * 1_000_000}, {"topics": "\0"}):
        assert client.post(path, sent | bad).status_code == 422
    assert not Suggestion.objects.exists()
    assert Group.objects.get().confirmed_at is None
    with_part = client.post(path, sent | {"add": "contacts"})
    assert "contacts.new1.value" in with_part.content.decode()


def test_while_a_safety_concern_hides_contacts_their_owner_cannot_show_them_again(client, group):
    held = safety.report(group, concern="private", note="x", email="", form="1", network="192.0.2.0/24")
    safety.hide(held, by=curator(), hides="contacts")
    path = f"{own_path(group, OURS)}change/"
    sent = filled(client.get(path))
    email = group.contacts.get(value="tea@example.org")
    assert client.post(path, sent | {f"contacts.{email.pk}.visibility": "everyone"}).status_code == 200
    assert not group.contacts.public().exists()


# Away, and back


def test_withdrawn_is_gone_from_everywhere_at_once(client, group):
    topic = group.topics.get()
    own, shortlist = group.get_absolute_url(), f"/shortlist/?g={group.pk}"
    places = [
        "/groups/",
        "/groups/?q=tea",
        "/groups/?view=week",
        "/groups/?view=map",
        "/groups/map.json",
        "/groups/calendar.ics",
        "/search/?q=tea",
        "/complete/?q=tea",
        "/sitemap-groups.xml",
        "/",
        topic.get_absolute_url(),
        shortlist,
        own,
        f"{own}calendar.ics",
        f"{own}contact/",
        f"{own}suggest/",
        f"{own}report/",
    ]

    def shown():
        found = set()
        for each in places:
            answer = client.get(each)
            text = (b"".join(answer) if answer.streaming else answer.content).decode()
            text = text.replace("tea-and-talk", "Tea &amp; Talk")
            if re.search(r"Tea (&amp;|&|\\u0026) Talk", text):
                found.add(each)
        return found

    everywhere = shown()
    assert {"/groups/", "/groups/map.json", "/groups/calendar.ics", "/sitemap-groups.xml", own, shortlist} <= everywhere
    assert {"/search/?q=tea", "/complete/?q=tea", topic.get_absolute_url()} <= everywhere
    page = client.post(own_path(group, OURS), {"withdraw": "1"})
    assert "not listed any more" in main_of(page)
    assert shown() == set()
    assert client.get(own).status_code == 404


def test_only_its_people_bring_a_group_back_or_a_curator_whom_they_ask(client, group):
    path = own_path(group, OURS)
    client.post(path, {"withdraw": "1"})
    group.refresh_from_db()
    assert group.state == PublicationState.ARCHIVED
    act = Change.objects.about("groups_group", [group.pk]).latest("pk").act
    with pytest.raises(CannotUndo, match="did this themselves"):
        undo(Act.objects.get(pk=act.pk), by=curator())
    with pytest.raises(ValidationError, match="took it away"):
        actions.publish(group, by=curator())
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.update(state="published")
    # Other buttons do nothing any more, and a new link still comes.
    for pressed in ("confirm", "hide", "seek"):
        client.post(path, {pressed: "1"})
    assert client.get(f"{path}change/").status_code == 302
    ask(client, OURS)
    (link,) = links_in(mail.outbox[-1])
    assert "Do you want it back?" in main_of(client.get(link))
    page = main_of(client.post(link, {"come_back": "1"}))
    assert "A curator looks at it first" in page
    group.refresh_from_db()
    assert (group.state, group.withdrawn_on) == ("pending", None)
    assert actions.publish(group, by=curator())


def test_a_curator_lists_a_group_again_only_by_saying_that_its_people_asked(admin_client, group):
    Client().post(own_path(group, OURS), {"withdraw": "1"})
    changelist = "/admin/groups/group/"
    admin_client.post(changelist, {"action": "publish", "_selected_action": [group.pk]})
    assert Group.objects.get(pk=group.pk).state == "archived"
    asked = admin_client.post(changelist, {"action": "come_back", "_selected_action": [group.pk]})
    assert Group.objects.get(pk=group.pk).state == "archived"
    admin_client.post(changelist, filled(asked))
    assert Group.objects.get(pk=group.pk).state == "pending"
    assert Change.objects.about("groups_group", [group.pk]).latest("pk").act.by.username == "admin"


def test_what_a_curator_archived_its_people_do_not_bring_back(client, group):
    path = own_path(group, OURS)
    actions.archive(group, by=curator())
    assert "Do you want it back?" not in main_of(client.get(path))
    client.post(path, {"come_back": "1"})
    assert Group.objects.get(pk=group.pk).state == "archived"
    ask(client, OURS)
    assert links_in(mail.outbox[-1]) == []


def test_who_may_be_listed_is_a_public_page_that_the_site_leads_to(client):
    address = "/who-may-be-listed/"
    page = main_of(client.get(address))
    for word in ("What we refuse", "health", "How to be taken off at once", "We made them ourselves"):
        assert word in page
    assert ASK in client.get(address).content.decode()
    for leading in ("/", "/about/", "/groups/add/", "/practitioners/add/", "/case-studies/add/"):
        assert f'href="{address}"' in client.get(leading).content.decode(), leading
