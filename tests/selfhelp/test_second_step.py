"""Signing in: two steps, recovery codes, a lock against guessing, sessions that end, and what is kept of it."""

import re
import time
from base64 import b32decode
from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from selfhelp import signin
from tests.factories import GroupFactory
from tests.pages import statements

pytestmark = pytest.mark.django_db

PASSWORD = "nine-lives-of-tea"
SIGN_IN, STEP, SET_UP = "/admin/login/", "/admin/second-step/", "/admin/second-step/set-up/"


@pytest.fixture
def mary():
    return User.objects.create_superuser("mary", password=PASSWORD)


@pytest.fixture
def app(mary):
    return TOTPDevice.objects.create(user=mary)


def give_password(client, password=PASSWORD, to="/admin/", **headers):
    return client.post(f"{SIGN_IN}?next={to}", {"username": "mary", "password": password, "next": to}, **headers)


def code_of(app, ahead=0):
    return f"{totp(app.bin_key, t0=-30 * ahead):06d}"


def words(response):
    return re.sub(r"\s+", " ", response.content.decode())


def where(response):
    return response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"]


def is_in(client):
    return client.get("/admin/groups/group/").status_code == 200


# The way in


def test_whoever_has_no_second_step_sets_it_up_before_anything_else(client, mary):
    give_password(client)
    for page in ("/admin/", "/admin/groups/group/", "/admin/password_change/", f"/admin/auth/user/{mary.pk}/change/"):
        assert where(client.get(page, follow=True)) == SET_UP
    page = words(client.get(SET_UP))
    assert 'class="qr"' in page
    assert not re.search(r"<[^>]*\sstyle=|<style", page)
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1]
    assert re.search(r"<code>([A-Z2-7 ]+)</code>", words(client.get(SET_UP)))[1] == key
    code = totp(b32decode(key.replace(" ", "")))
    wrong = client.post(SET_UP, {"code": f"{(code + 1) % 1_000_000:06d}"})
    assert wrong.status_code == 422
    assert "That code is not right" in words(wrong)
    assert not is_in(client)
    done = client.post(SET_UP, {"code": f"{code:06d}"})
    codes = re.findall(r"<code>([a-z2-9-]{14})</code>", words(done))
    assert len(set(codes)) == 10
    assert "no-store" in done["Cache-Control"]
    assert is_in(client)
    for page in (STEP, SET_UP, "/admin/"):
        assert codes[0] not in words(client.get(page))
    assert LogEntry.objects.get().change_message == "Set up the second step."


def test_a_code_of_the_app_leads_to_the_page_that_was_asked_for(client, app):
    page = f"/admin/groups/group/{GroupFactory().pk}/change/"
    response = client.get(page, follow=True)
    assert where(response) == f"{SIGN_IN}?next={page}"
    asked = client.post(where(response), {"username": "mary", "password": PASSWORD, "next": page}, follow=True)
    assert where(asked).startswith(STEP)
    assert client.get(page).status_code == 302
    let_in = client.post(where(asked), {"code": f" {code_of(app)[:3]} {code_of(app)[3:]}", "next": page})
    assert let_in["Location"] == page
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\x00"])
def test_the_way_leads_nowhere_else(client, app, wanted):
    give_password(client)
    assert client.post(STEP, {"code": code_of(app), "next": wanted})["Location"] == "/admin/"


def test_a_password_alone_neither_sets_up_anew_nor_gives_codes(client, app):
    give_password(client)
    key = app.key
    for page in (SET_UP, "/admin/second-step/codes/"):
        assert client.post(page, {"code": "123456"})["Location"] == STEP
    assert client.get(SET_UP)["Location"] == STEP
    assert TOTPDevice.objects.get().key == key
    assert not StaticToken.objects.exists()


def test_of_two_who_set_up_at_once_the_second_changes_nothing(client, mary):
    give_password(client)
    client.get(SET_UP)
    first = TOTPDevice.objects.create(user=mary)
    assert signin.set_up_app(mary, key=signin.new_key(), step=1) is None
    assert TOTPDevice.objects.get() == first


def test_a_code_works_once_and_after_a_wrong_one_there_is_a_wait(client, app):
    code = code_of(app)
    give_password(client)
    assert client.post(STEP, {"code": code}).status_code == 302
    other = Client()
    give_password(other)
    again = other.post(STEP, {"code": code})
    assert again.status_code == 422
    assert "Wait 1 seconds" in words(again)
    assert other.post(STEP, {"code": code_of(app, ahead=1)}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None, drift=0)
    assert other.post(STEP, {"code": code_of(app, ahead=1)}).status_code == 302


def test_a_recovery_code_works_once(client, mary, app):
    _device, codes = signin.make_codes(mary)
    give_password(client)
    response = client.post(STEP, {"code": codes[3].upper()}, follow=True)
    assert where(response) == "/admin/"
    assert "9 recovery codes are left." in words(response)
    assert LogEntry.objects.get().change_message == "Signed in with a recovery code."
    other = Client()
    give_password(other)
    assert other.post(STEP, {"code": codes[3]}).status_code == 422
    # The codes that let them in may be replaced, and they stay in.
    page = words(client.post("/admin/second-step/codes/"))
    assert len(re.findall(r"<code>([a-z2-9-]{14})</code>", page)) == 10
    assert codes[4] not in page
    assert is_in(client)


@pytest.mark.parametrize(
    "code", ["", "\x00", pytest.param("x" * 500_000, id="long"), "12345", "１２３４５６", "null", "-1"]
)
def test_what_is_no_code_gets_a_message(client, app, code):
    give_password(client)
    for page in (STEP, SET_UP):
        response = client.post(page, {"code": code})
        assert response.status_code in {302, 422}
    assert 'aria-invalid="true"' in words(client.post(STEP, {"code": code}))
    assert not is_in(client)


def test_another_phone_takes_the_place_of_the_first(client, app):
    give_password(client)
    client.post(STEP, {"code": code_of(app)})
    assert "stop working" in words(client.get(SET_UP))
    key = client.session[signin.NEW_KEY]
    assert client.post(SET_UP, {"code": f"{totp(bytes.fromhex(key)):06d}"}).status_code == 200
    assert TOTPDevice.objects.get().key == key
    assert is_in(client)


def test_people_can_sign_out_before_the_second_step(client, app):
    give_password(client)
    client.post("/admin/logout/")
    assert where(client.get(STEP, follow=True)).startswith(SIGN_IN)


def test_strangers_and_members_who_are_not_staff_see_no_second_step(client):
    User.objects.create_user("reader", password=PASSWORD)
    for page in (STEP, SET_UP):
        assert client.get(page)["Location"].startswith(SIGN_IN)
    client.force_login(User.objects.get())
    for page in (STEP, SET_UP):
        assert client.get(page)["Location"].startswith(SIGN_IN)


# A phone is lost


def test_an_administrator_resets_the_step_of_another(admin_client, admin_user, client, mary, app):
    give_password(client)
    client.post(STEP, {"code": code_of(app)})
    page = f"/admin/auth/user/{mary.pk}/second-step/"
    assert f'href="{page}"' in words(admin_client.get(f"/admin/auth/user/{mary.pk}/change/"))
    assert "Reset the second step of mary" in words(admin_client.get(page))
    assert TOTPDevice.objects.filter(user=mary).exists()
    assert admin_client.post(page, follow=True).status_code == 200
    assert not TOTPDevice.objects.filter(user=mary).exists()
    assert client.get("/admin/")["Location"].startswith(SIGN_IN)
    assert client.get(SET_UP)["Location"].startswith(SIGN_IN)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (admin_user, str(mary.pk), "Second step reset.")
    assert is_in(admin_client)
    for nobody in ("987654", "x", "%00"):
        assert admin_client.get(f"/admin/auth/user/{nobody}/second-step/").status_code == 404


def test_the_last_resort_is_a_command(mary, app):
    said = StringIO()
    call_command("reset_second_step", "mary", stdout=said)
    assert "mary sets up the second step anew" in said.getvalue()
    assert not TOTPDevice.objects.exists()
    assert LogEntry.objects.get().change_message == "Second step reset by a command on the server."
    with pytest.raises(CommandError, match="There is no account of the name 'nobody'"):
        call_command("reset_second_step", "nobody")


def test_nobody_reads_the_keys_of_others(admin_client, app):
    for page in ("/admin/otp_totp/totpdevice/", "/admin/otp_static/staticdevice/"):
        assert admin_client.get(page).status_code == 404


# Guessing


def test_who_guesses_is_locked_out_from_that_network_and_others_are_not(client, app, settings):
    for _guess in range(settings.AXES_FAILURE_LIMIT - 1):
        assert give_password(client, "wrong").status_code == 200
    assert give_password(client, "wrong").status_code == 429
    refused = give_password(client)
    assert refused.status_code == 429
    assert "Too many tries" in words(refused)
    assert "mary" not in words(refused)
    assert "no-store" in refused["Cache-Control"]
    assert give_password(Client(), REMOTE_ADDR="127.0.0.9").status_code == 429
    assert give_password(Client(), REMOTE_ADDR="203.0.113.5").status_code == 302
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - settings.AXES_COOLOFF_TIME)
    assert give_password(client).status_code == 302


def test_behind_a_proxy_the_network_is_what_the_proxy_says(client, mary, settings):
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.77"}
    give_password(client, "wrong", **forged)
    assert AccessFailureLog.objects.get().ip_address == "127.0.0.0"
    settings.BEHIND_PROXY = True
    give_password(client, "wrong", **forged)
    assert AccessFailureLog.objects.latest("pk").ip_address == "203.0.113.0"


def test_sign_ins_are_kept_without_what_the_browser_says(client, admin_client, app, caplog):
    browser = {"HTTP_USER_AGENT": "Brambleholt/1", "HTTP_ACCEPT": "text/tansywick"}
    give_password(client, "ottermarl", **browser)
    give_password(client, to="/admin/?q=winterquay", **browser)
    client.post(STEP, {"code": code_of(app)})
    client.post("/admin/logout/")
    for model in (AccessLog, AccessFailureLog, AccessAttempt):
        kept = str(list(model.objects.values()))
        assert not re.search("Brambleholt|tansywick|ottermarl|winterquay|csrf", kept)
    assert caplog.text == ""
    signed_in = AccessLog.objects.filter(username="mary").get()
    assert signed_in.logout_time is not None
    for page in ("/admin/axes/accesslog/", "/admin/axes/accessfailurelog/"):
        assert "mary" in words(admin_client.get(page))
        assert admin_client.get(f"{page}add/").status_code == 403
    assert "session_hash" not in words(admin_client.get(f"/admin/axes/accesslog/{signed_in.pk}/change/"))
    assert admin_client.post(f"/admin/axes/accesslog/{signed_in.pk}/delete/", {"post": "yes"}).status_code == 403


# Sessions


def test_the_cookie_is_for_this_site_alone_and_ends_with_the_browser(client, mary):
    cookie = give_password(client).cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == cookie["expires"] == ""


def test_a_session_lives_on_with_each_page_and_ends_after_half_a_day(admin_client, settings):
    assert is_in(admin_client)
    assert settings.SESSION_COOKIE_AGE == 2 * 3600
    Session.objects.update(expire_date=timezone.now() + timedelta(days=900))
    assert is_in(admin_client)
    assert Session.objects.get().expire_date < timezone.now() + timedelta(hours=3)
    session = admin_client.session
    session[signin.BEGAN_AT] = time.time() - settings.SESSION_LASTS_AT_MOST - 1
    session.save()
    assert not is_in(admin_client)
    assert not Session.objects.exists()


def test_pages_of_the_public_never_look_at_a_session(admin_client):
    with statements() as asked:
        response = admin_client.get("/groups/")
    assert asked
    assert [statement for statement in asked if "django_session" in statement] == []
    assert "session" not in response.cookies
