"""Practitioners add their own page, agree to it, change it and take it away, by links that come by e-mail."""

import io
import logging
import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.forms import stamp_for
from directory.models import RelayCount
from practitioners.joining import forget_unconfirmed
from practitioners.links import own_path
from practitioners.models import Practitioner
from tests.factories import LanguageFactory, PlaceFactory, PractitionerFactory, SupportRoleFactory, TopicFactory
from tests.forms import filled
from tests.pages import main_of

pytestmark = pytest.mark.django_db
ADD, LINK = "/practitioners/add/", "/practitioners/own/"
HERS = "ada@example.org"


@pytest.fixture(autouse=True)
def world(settings):
    settings.MAIL_GOES_OUT = True
    SupportRoleFactory(slug="facilitator", name="Facilitator")
    SupportRoleFactory(slug="co-educator", name="Co-educator")
    TopicFactory(slug="grief", label="Grief")
    LanguageFactory()
    PlaceFactory()


@pytest.fixture
def ada():
    """A published practitioner who looks after her own page."""
    ada = PractitionerFactory(
        slug="ada", name="Ada", own_email=HERS, roles=list(Practitioner.roles.rel.model.objects.all()[:1])
    )
    ada.contacts.create(kind="email", value=HERS, visibility="relay")
    return ada


def stamped(purpose, seconds=60):
    return {"stamp": stamp_for(purpose, timezone.now() - timedelta(seconds=seconds)), "homepage": ""}


def entry(seconds=60, **changes):
    words = {"name": "Ada Vale", "email": HERS, "profession": "nurse", "sector": "health", "roles": ["facilitator"]}
    more = {"topics": ["grief"], "languages": ["en"], "places": "Leeds", "online": "on", "accepting_requests": "on"}
    more |= {"offers": "An hour a week", "phone": "0113 496 0000"}
    return words | more | stamped("practitioners.add", seconds) | changes


def link_in(letter):
    return re.search(r"http://testserver(/\S+)", letter.body)[1]


def ask(client, email, **changes):
    return client.post(LINK, {"email": email} | stamped("practitioners.own") | changes)


def test_no_link_goes_to_an_address_that_only_looks_like_the_one_on_record(client, ada):
    ada.own_email = "ada@gmail.com"
    ada.save()
    ask(client, "ada@gmaıl.com")
    ask(client, "ada@GMAIL.com")
    stranger, owner = mail.outbox
    assert stranger.to == ["ada@xn--gmal-nza.com"]
    assert own_path(ada)[:20] not in stranger.body
    assert own_path(ada)[:20] in owner.body


def test_the_whole_way_from_the_form_to_the_public_page_and_away_again(client):
    assert "Look in your inbox" in main_of(client.post(ADD, entry()))
    person = Practitioner.objects.get()
    assert (person.state, person.consent_given_on, person.own_email) == ("pending", None, HERS)
    assert [place.name for place in person.places.all()] == ["Leeds"]
    (letter,) = mail.outbox
    assert letter.to == [HERS]
    assert "Ada" not in letter.body  # so that nobody can send words of theirs to strangers
    link = link_in(letter)
    # A program that opens each link of a letter confirms nothing.
    page = client.get(link)
    assert "Is this your page?" in main_of(page)
    person.refresh_from_db()
    assert person.consent_given_on is None
    with pytest.raises(Exception, match="agreed to be listed"):
        actions.publish(person, by=None)

    sent = filled(page)
    assert sent["name"] == ["Ada Vale"]
    refused = client.post(link, sent)
    assert refused.status_code == 422
    assert "Tick this if you agree" in main_of(refused)
    page = main_of(client.post(link, sent | {"consent": "on"}))
    assert "You have agreed" in page
    assert "A curator reads it first." in page
    person.refresh_from_db()
    assert person.consent_given_on == timezone.localdate()
    assert (person.state, person.confirmed_by) == ("pending", "owner")
    assert client.get(person.get_absolute_url()).status_code == 404

    assert actions.publish(person, by=None)
    public = client.get(person.get_absolute_url()).content.decode()
    assert "0113 496 0000" in public
    assert HERS not in public

    assert "Your page is hidden" in main_of(client.post(link, {"withdraw": "1"}))
    person.refresh_from_db()
    assert (person.state, person.consent_given_on) == ("archived", None)
    assert client.get(person.get_absolute_url()).status_code == 404
    assert "Ada Vale" not in client.get("/practitioners/?q=Vale").content.decode().replace("q=Vale", "")
    # It stays away, whatever is sent to the link again.
    assert "Your page is hidden" in main_of(client.post(link, sent | {"consent": "on"}))
    person.refresh_from_db()
    assert person.state == "archived"


def test_choices_and_contacts_count_at_once_and_new_words_wait_for_a_curator(client, ada):
    sent = filled(client.get(own_path(ada)))
    changes = {"about": "Buy my cure", "online": "on", "roles": ["co-educator"], "show_email": "on", "places": "Leeds"}
    page = main_of(client.post(own_path(ada), sent | changes | {"website": "https://ada.example/"}))
    assert "It is saved" in page
    assert "A curator reads your new words first: Anything else about you" in page
    ada.refresh_from_db()
    assert (ada.about, ada.online, ada.state, ada.confirmed_by) == ("", True, "published", "owner")
    public = client.get(ada.get_absolute_url()).content.decode()
    assert "Buy my cure" not in public
    for word in ("Co-educator", HERS, "https://ada.example/", "Leeds"):
        assert word in public
    assert filled(client.get(own_path(ada)))["about"] == "Buy my cure"

    client.force_login(User.objects.create_superuser("curator", password="x"))
    changelist = reverse("admin:practitioners_practitioner_changelist")
    assert "Ada" in main_of_admin(client.get(changelist, {"words": "new"}))
    form = client.get(reverse("admin:practitioners_practitioner_change", args=[ada.pk])).content.decode()
    assert "Buy my cure" in form
    asked = client.post(changelist, {"action": "take_words", "_selected_action": [ada.pk]})
    assert "Buy my cure" in asked.content.decode()
    assert "Buy my cure" not in client.get(ada.get_absolute_url()).content.decode()
    client.post(changelist, filled(asked))
    assert "Buy my cure" in client.get(ada.get_absolute_url()).content.decode()
    client.post(own_path(ada), filled(client.get(own_path(ada))) | {"about": "Better"})
    asked = client.post(changelist, {"action": "leave_words", "_selected_action": [ada.pk]})
    assert "Better" in asked.content.decode()
    client.post(changelist, filled(asked))
    ada.refresh_from_db()
    assert (ada.about, ada.proposed) == ("Buy my cure", {})


def main_of_admin(response):
    return response.content.decode().split('id="result_list"')[1]


def test_saving_the_form_as_it_stands_changes_nothing_of_the_page(client, ada):
    ada.contacts.create(kind="phone", value="0113 496 0001", visibility="curators")
    client.post(own_path(ada), filled(client.get(own_path(ada))))
    before = client.get(ada.get_absolute_url()).content
    assert client.post(own_path(ada), filled(client.get(own_path(ada)))).status_code == 200
    assert client.get(ada.get_absolute_url()).content == before
    ada.refresh_from_db()
    assert ada.proposed == {}
    assert sorted(ada.contacts.values_list("kind", "visibility")) == [("email", "relay"), ("phone", "curators")]


NUMBERS = {"phone": ("0113 496 0001", "0113 496 0002"), "website": ("https://a.example/", "https://b.example/")}


@pytest.mark.parametrize("kind", NUMBERS)
def test_of_several_public_contacts_only_the_one_on_the_form_is_changed(client, ada, kind):
    for value, label in zip(NUMBERS[kind], ("evenings", "mornings"), strict=True):
        ada.contacts.create(kind=kind, value=value, label=label, visibility="everyone", personal="no")
    ada.contacts.create(kind="email", value="office@example.org", visibility="everyone", personal="no")
    first, second = NUMBERS[kind]

    def saved(**changes):
        client.post(own_path(ada), filled(client.get(own_path(ada))) | changes)
        return list(ada.contacts.filter(kind=kind).values_list("value", "label", "personal"))

    assert saved() == [(first, "evenings", "no"), (second, "mornings", "no")]
    changed = first.replace("1", "7").replace("a.", "c.")
    assert saved(show_email="on", **{kind: changed}) == [(changed, "evenings", "yes"), (second, "mornings", "no")]
    assert ada.contacts.get(value=changed).consented_on == timezone.localdate()
    assert "show_email" in filled(client.get(own_path(ada)))
    assert saved(**{kind: ""}) == [(second, "mornings", "no")]


def test_the_line_breaks_of_a_browser_are_no_new_words(client, ada):
    Practitioner.objects.update(offers="Two hours a month\nA room")
    client.post(own_path(ada), filled(client.get(own_path(ada))) | {"offers": "Two hours a month\r\nA room"})
    ada.refresh_from_db()
    assert (ada.offers, ada.proposed) == ("Two hours a month\nA room", {})


@pytest.mark.parametrize("spoil", ["tampered", "old", "of another purpose", "for an address of before", "of nobody"])
def test_a_link_that_is_not_good_is_refused_with_the_way_to_a_new_one(client, ada, spoil, monkeypatch):
    link = own_path(ada)
    match spoil:
        case "tampered":
            link = link[:-3] + "xx/"
        case "old":
            now = timezone.now().timestamp()
            monkeypatch.setattr("django.core.signing.time.time", lambda: now + 8 * 24 * 3600)
        case "of another purpose":
            from django.core import signing

            token = signing.dumps({"id": ada.pk, "for": ""}, salt="practitioners.digest.stop")
            link = reverse("practitioners:own", args=[token])
        case "for an address of before":
            Practitioner.objects.update(own_email="new@example.org")
        case "of nobody":
            Practitioner.objects.all().delete()
    for response in (client.get(link), client.post(link, {"withdraw": "1"})):
        assert response.status_code == 410
        assert "This link does not work any more" in main_of(response)
        assert f'href="{LINK}"' in response.content.decode()
    assert not Practitioner.objects.filter(state="archived").exists()


def test_pages_behind_a_link_are_nobody_elses_business(ada):
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(own_path(ada))
    for response in (page, strict.get(LINK + "nonsense/"), strict.post(own_path(ada), {"name": ""})):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies
    # With that policy browsers send forms with no origin. The address is the key.
    sent = strict.post(own_path(ada), filled(page), headers={"Origin": "null"})
    assert sent.status_code == 200


def test_nothing_tells_whether_an_address_is_known(client, ada):
    pages = []
    for n, email in enumerate([HERS.upper(), "stranger@example.org"]):
        response = ask(client, email)
        pages.append((response.status_code, main_of(response)))
        assert len(mail.outbox) == n + 1
    assert pages[0] == pages[1]
    assert client.get(link_in(mail.outbox[0])).status_code == 200
    assert "There is no page with this address" in mail.outbox[1].body
    assert "practitioners/own" not in mail.outbox[1].body


def test_an_address_is_not_flooded_with_letters_from_many_networks(client):
    codes = []
    for n in range(6):
        client.defaults["REMOTE_ADDR"] = f"198.51.{n}.7"
        codes.append(ask(client, HERS, **stamped("practitioners.own", 60 + n)).status_code)
    assert codes == [200] * 6
    assert len(mail.outbox) == 3
    assert ask(client, "other@example.org").status_code == 200
    assert len(mail.outbox) == 4


def test_whoever_had_enough_letters_today_finds_their_entry_tomorrow(client):
    first = main_of(client.post(ADD, entry(seconds=59)))
    for n in range(2):
        ask(client, HERS, **stamped("practitioners.own", 60 + n))
    assert main_of(client.post(ADD, entry(seconds=61, name="Ada Again"))) == first
    assert len(mail.outbox) == 3
    assert set(Practitioner.objects.values_list("name", "state")) == {("Ada Vale", "pending"), ("Ada Again", "pending")}
    RelayCount.objects.all().delete()
    ask(client, HERS)
    assert len(re.findall("http://testserver/practitioners/own/", mail.outbox[-1].body)) == 2


def test_a_form_is_sent_once_though_its_address_had_enough_letters(client):
    for n in range(3):
        ask(client, HERS, **stamped("practitioners.own", 60 + n))
    sent = entry()
    assert [client.post(ADD, sent).status_code for _each in range(2)] == [200, 429]
    assert Practitioner.objects.count() == 1


def test_a_form_is_sent_once(client):
    sent = entry()
    assert client.post(ADD, sent).status_code == 200
    again = client.post(ADD, sent)
    assert again.status_code == 429
    assert "You have sent this form already" in main_of(again)
    assert Practitioner.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Type your name."),
        ({"name": "NUL \0"}, "We cannot read one of these characters"),
        ({"name": "a" * 161}, "That is too long"),
        ({"email": "ada"}, "Type an email address like"),
        ({"email": "ada@example.org\r\nBcc: b@example.org"}, "one line"),
        ({"roles": []}, "Tick one role at least."),
        ({"roles": ["cook"]}, "not one of the available choices"),
        ({"languages": ["e\0n", "en"], "name": ""}, "Type your name."),
        ({"profession": "wizard"}, "not one of the available choices"),
        ({"places": "Atlantis"}, "We do not know this place: Atlantis"),
        ({"places": "Le\0eds"}, "We cannot read one of these characters"),
        ({"places": "Leeds, Atlantis"}, "We do not know this place: Atlantis"),
        ({"about": "a" * 800_000}, "That is very long"),
        ({"website": "javascript:alert(1)"}, "Type a web address like"),
        ({"homepage": "x"}, "a box that people do not see"),
        ({"stamp": "forged"}, "could not tell which page"),
        ({"seconds": 1}, "very quick"),
        (stamped("practitioners.own"), "could not tell which page"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_words(client, changes, said):
    response = client.post(ADD, entry(**changes))
    assert response.status_code == 422
    assert said in main_of(response)
    assert "An hour a week" in response.content.decode()
    assert not Practitioner.objects.exists()
    assert mail.outbox == []


def test_nothing_is_kept_where_the_mail_server_refuses(client, settings, monkeypatch, caplog):
    def refuse(self, messages):
        raise SMTPServerDisconnected(f"no {HERS}")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    response = client.post(ADD, entry())
    assert response.status_code == 503
    assert "did not take our letter" in main_of(response)
    assert not Practitioner.objects.exists()
    assert "SMTPServerDisconnected" in caplog.text
    assert HERS not in caplog.text


def test_what_nobody_confirms_is_removed_and_nothing_else(client, ada):
    client.post(ADD, entry(email="b@example.org"))
    client.post(ADD, entry(email="c@example.org", seconds=70))
    unconfirmed, confirmed = Practitioner.objects.pending()
    Practitioner.objects.filter(pk=confirmed.pk).update(consent_given_on="2026-01-01")
    imported = PractitionerFactory(state="pending", consent_given_on=None)
    draft = PractitionerFactory(state="draft", consent_given_on=None, own_email="d@example.org")
    forget_unconfirmed()
    assert Practitioner.objects.count() == 5
    Practitioner.objects.update(created_at=timezone.now() - timedelta(days=15))
    forget_unconfirmed()
    assert set(Practitioner.objects.all()) == {ada, confirmed, imported, draft}


def test_no_key_stands_in_the_log(client, ada, monkeypatch):
    handler = next(each for each in logging.getLogger("django").handlers if each.filters)
    written = io.StringIO()
    monkeypatch.setattr(handler, "stream", written)
    token = own_path(ada).split("/")[-2]
    assert client.post(own_path(ada), {"name": ""}).status_code == 422
    assert "/practitioners/own/[key]/" in written.getvalue()
    assert token not in written.getvalue()


@pytest.mark.parametrize(
    ("address", "purpose"),
    [
        (ADD, "practitioners.add"),
        (LINK, "practitioners.own"),
        ("/groups/own/", "groups.own"),
        ("/practitioners/digest/", "practitioners.digest"),
        ("/case-studies/add/", "casestudies.begin"),
    ],
)
def test_nobody_is_sent_to_their_inbox_for_a_link_that_is_not_sent(client, settings, address, purpose):
    settings.MAIL_GOES_OUT = False
    response = client.post(address, entry(title="Tea in May") | stamped(purpose))
    html = response.content.decode()
    assert "The link is kept here, and not sent" in html[html.index("<title>") : html.index("</title>")]
    page = main_of(response)
    assert "The link is kept here, and not sent" in page
    assert "not set up to send email" in page
    assert "inbox" not in page
    assert "We have sent" not in page
