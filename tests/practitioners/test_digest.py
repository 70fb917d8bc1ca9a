"""The weekly letter on groups that newly look for support: nothing before it is confirmed, and one click ends it."""

import re
from datetime import timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from directory import actions
from directory.forms import stamp_for
from practitioners.links import confirm_path, stop_path
from practitioners.models import DigestSubscription, SoughtRole
from tests.factories import (
    CountryFactory,
    GroupContactFactory,
    GroupFactory,
    MeetingFactory,
    PlaceFactory,
    SupportRoleFactory,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db
DIGEST = "/practitioners/digest/"
HERS = "ada@example.org"
stamps = iter(range(1000))


@pytest.fixture(autouse=True)
def bridge(settings):
    settings.MAIL_GOES_OUT = True
    return SupportRoleFactory(slug="bridge-builder", name="Bridge-builder")


@pytest.fixture
def other():
    return SupportRoleFactory(slug="facilitator", name="Facilitator")


def form(**changes):
    shown = timezone.now() - timedelta(seconds=60 + next(stamps))
    stamp = stamp_for("practitioners.digest", shown)
    return {"email": HERS, "near": "", "homepage": "", "stamp": stamp} | changes


def subscription(*roles, place=None, email=HERS, days=10):
    since = timezone.now() - timedelta(days=days)
    made = DigestSubscription.objects.create(email=email, place=place, confirmed_at=since, told_until=since)
    made.roles.set(roles)
    return made


def seeking(name, *roles, **fields):
    group = GroupFactory(name=name, **fields)
    group.seeking.set(roles)
    return group


def send():
    out = StringIO()
    mail.outbox.clear()
    call_command("send_digests", host="directory.example", stdout=out)
    return [letter.body for letter in mail.outbox], out.getvalue()


def a_week_passes():
    for each in DigestSubscription.objects.exclude(sent_on=None):
        each.sent_on -= timedelta(days=7)
        each.save()


def test_nothing_is_sent_before_the_link_is_opened_and_the_button_pressed(client, bridge):
    seeking("Kettle", bridge)
    assert "Look in your inbox" in main_of(client.post(DIGEST, form(roles=["bridge-builder"])))
    (letter,) = mail.outbox
    assert letter.to == [HERS]
    link = re.search(r"http://testserver(/\S+)", letter.body)[1]
    assert send()[0] == []
    assert "Begin the letters?" in main_of(client.get(link))
    assert send()[0] == []
    assert "The letters begin" in main_of(client.post(link))
    page = client.get(link).content.decode()
    assert 'href="/groups/?seeking=bridge-builder"' in page
    seeking("Lantern", bridge)
    (body,) = send()[0]
    assert "Lantern" in body
    kept = DigestSubscription.objects.values().get()
    assert set(kept) == {"id", "email", "place_id", "created_at", "confirmed_at", "sent_on", "told_until"}


def test_a_group_is_told_of_once_and_one_letter_goes_out_in_a_week(bridge):
    subscription(bridge)
    group = seeking("Kettle", bridge, summary="Tea")
    assert send()[1] == "Sent 1 letter.\n"
    (letter,) = mail.outbox
    assert letter.subject == "Open Chair: 1 group looks for support"
    assert f"/groups/{group.slug}/" in letter.body
    assert "Looks for: Bridge-builder" in letter.body
    seeking("Lantern", bridge)
    assert send() == ([], "Sent 0 letters.\n")
    a_week_passes()
    (body,) = send()[0]
    assert "Lantern" in body
    assert "Kettle" not in body
    a_week_passes()
    assert send()[0] == []
    # Whoever looks again one day, is news again.
    group.seeking.clear()
    send()
    group.seeking.set([bridge])
    assert "Kettle" in send()[0][0]


def test_a_country_is_told_of_no_group_across_its_border(bridge):
    subscription(bridge, place=CountryFactory())
    MeetingFactory(group=seeking("Calais", bridge), venue__country="FR")
    MeetingFactory(group=seeking("Dover", bridge), venue__country="ENG")
    (body,) = send()[0]
    assert "Calais" in body
    assert "Dover" not in body


def test_only_what_is_public_and_asked_for_is_told(bridge, other):
    leeds = PlaceFactory()
    subscription(bridge, place=leeds)
    near = seeking("Kettle", bridge, other)
    MeetingFactory(group=near)
    GroupContactFactory(group=near, value="hidden@example.org", visibility="relay")
    far = seeking("Faraway", bridge)
    MeetingFactory(group=far, venue__latitude=50.1, venue__longitude=-5.5)
    for state in ("draft", "pending", "archived"):
        MeetingFactory(group=seeking(f"Unseen {state}", bridge, state=state))
    MeetingFactory(group=seeking("Madeup", bridge, sample=True))
    MeetingFactory(group=seeking("Otherwise", other))
    gone = seeking("Gone", bridge)
    MeetingFactory(group=gone)
    (body,) = send()[0]
    assert "Gone" in body
    assert "Kettle\nLooks for: Bridge-builder\n" in body
    for word in ("Faraway", "Unseen", "Madeup", "Otherwise", "hidden@", "Facilitator"):
        assert word not in body
    subscription(email="b@example.org")
    actions.archive(gone, by=None)
    (body,) = send()[0]
    assert "Gone" not in body
    assert "Looks for: Bridge-builder and Facilitator" in body


def test_each_letter_is_stopped_with_one_click(bridge):
    mine = subscription(bridge)
    theirs = subscription(bridge, email="b@example.org")
    seeking("Kettle", bridge)
    send()
    letter = next(each for each in mail.outbox if each.to == [HERS])
    head = letter.message()
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.fullmatch(r"<https?://directory\.example(/practitioners/digest/stop/\S+/)>", head["List-Unsubscribe"])[1]
    assert stop in letter.body
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(stop)
    assert "Stop the letters?" in main_of(page)
    assert DigestSubscription.objects.count() == 2
    assert (page["Referrer-Policy"], page.cookies) == ("no-referrer", {})
    assert "no-store" in page["Cache-Control"]
    # As the mail program's own button sends it.
    done = strict.post(stop, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert done.status_code == 200
    assert list(DigestSubscription.objects.all()) == [theirs]
    assert "The letters have stopped" in main_of(strict.post(stop))
    assert mine.pk != theirs.pk


@pytest.mark.parametrize("page", ["confirm", "stop"])
def test_a_spoilt_link_is_refused_with_the_way_to_a_new_one(client, page):
    mine = subscription()
    good = confirm_path(mine) if page == "confirm" else stop_path(mine)
    crossed = good.replace("confirm", "@").replace("stop", "confirm").replace("@", "stop")
    for link in (good[:-3] + "xx/", f"{DIGEST}{page}/nonsense/", crossed):
        for response in (client.get(link), client.post(link)):
            assert response.status_code == 410
            assert f'href="{DIGEST}"' in response.content.decode()
    assert DigestSubscription.objects.filter(pk=mine.pk).exists()


def test_a_link_to_confirm_grows_old_and_a_link_to_stop_does_not(client, monkeypatch):
    mine = subscription()
    confirm, stop = confirm_path(mine), stop_path(mine)
    later = timezone.now().timestamp() + 900 * 24 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(confirm).status_code == 410
    assert client.get(stop).status_code == 200


def test_a_stranger_changes_nothing_of_what_somebody_gets(client, bridge, other):
    subscription(bridge)
    client.post(DIGEST, form(email=HERS.upper(), roles=["facilitator"]))
    assert [list(each.roles.all()) for each in DigestSubscription.objects.confirmed()] == [[bridge]]
    new = DigestSubscription.objects.get(confirmed_at=None)
    client.post(confirm_path(new))
    assert [list(each.roles.all()) for each in DigestSubscription.objects.all()] == [[other]]


def test_what_nobody_confirms_is_removed(client):
    client.post(DIGEST, form())
    old = subscription(email="b@example.org")
    send()
    assert DigestSubscription.objects.count() == 2
    DigestSubscription.objects.update(created_at=timezone.now() - timedelta(days=15))
    send()
    assert list(DigestSubscription.objects.all()) == [old]


def test_a_letter_that_was_refused_is_sent_the_next_time(bridge, monkeypatch, caplog):
    subscription(bridge)
    seeking("Kettle", bridge)

    def refuse(self, messages):
        raise SMTPServerDisconnected(f"no {HERS}")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert send() == ([], "Sent 0 letters.\n")
    assert HERS not in caplog.text
    assert len(send()[0]) == 1


def test_an_address_that_no_letter_can_carry_keeps_nobody_else_from_their_letter(bridge):
    subscription(bridge, email="ada@\uffff.org")
    subscription(bridge)
    seeking("Kettle", bridge)
    letters, said = send()
    assert (len(letters), said) == (1, "Sent 1 letter.\n")


def test_nothing_tells_that_an_address_had_enough_letters_today(client):
    pages = {main_of(client.post(DIGEST, form())) for _each in range(4)}
    assert len(pages) == 1
    assert "One address gets three letters a day at most." in pages.pop()
    assert len(mail.outbox) == 3


def test_the_command_is_quiet_when_asked_and_says_no_address(bridge, capsys):
    subscription(bridge)
    seeking("Kettle", bridge)
    call_command("send_digests", verbosity=0)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": ""}, "Type your email address"),
        ({"email": "a\0@example.org"}, "We cannot read one of these characters"),
        ({"near": "Atlantis"}, "We do not know this place: Atlantis"),
        ({"near": "x" * 500_000}, "at most 120"),
        ({"roles": ["cook"]}, "not one of the available choices"),
        ({"homepage": "x"}, "a box that people do not see"),
        ({"stamp": ""}, "could not tell which page"),
    ],
)
def test_bad_input_gets_a_sentence(client, changes, said):
    response = client.post(DIGEST, form(**changes))
    assert response.status_code == 422
    assert said in main_of(response)
    assert not DigestSubscription.objects.exists()
    assert mail.outbox == []


def test_the_database_itself_holds_that_an_address_gets_one_letter_and_none_unconfirmed():
    subscription()
    for wrong in (
        {"email": HERS.upper(), "confirmed_at": timezone.now(), "told_until": timezone.now()},
        {"email": "b@example.org", "sent_on": timezone.localdate()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DigestSubscription.objects.create(**wrong)
    assert not SoughtRole.objects.exists()
