"""The page on which the first curator makes an account."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from directory.links import make_key
from selfhelp.first_curator import first_curator_path

pytestmark = pytest.mark.django_db

GOOD = {"username": "mary", "password1": "nine-lives-of-tea", "password2": "nine-lives-of-tea"}


@pytest.fixture
def path():
    return first_curator_path()


def curators():
    return list(get_user_model().objects.filter(is_superuser=True).values_list("username", flat=True))


def test_the_form_says_what_goes_where(client, path):
    page = client.get(path).content.decode()
    for words in ('<label for="id_username">', 'autocomplete="username"', 'id="id_password1_helptext"'):
        assert words in page
    assert page.count('autocomplete="new-password"') == 2
    assert page.count("<h1") == 1


def test_a_form_that_is_right_makes_the_account_and_the_address_ends(client, path):
    response = client.post(path, GOOD)
    assert (response.status_code, response["Location"]) == (302, "/admin/second-step/set-up/")
    assert "Your account is ready" in client.get(response["Location"]).content.decode()
    curator = get_user_model().objects.get()
    assert curator.is_superuser
    assert curator.is_staff
    assert curator.check_password(GOOD["password1"])
    for again in (client.get(path), client.post(path, GOOD | {"username": "second"})):
        assert again.status_code == 410
        assert "does not work any more" in again.content.decode()
    assert curators() == ["mary"]


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"username": ""}, "username", "required"),
        ({"username": "two words"}, "username", "Enter a valid username"),
        ({"username": "a\0b"}, "username", "Null characters"),
        ({"password2": "something else"}, "password2", "didn’t match"),
        ({"password1": "short", "password2": "short"}, "password2", "too short"),
        ({"password1": "password", "password2": "password"}, "password2", "too common"),
    ],
)
def test_an_error_stands_beside_its_field(client, path, wrong, field, message):
    response = client.post(path, GOOD | wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert curators() == []
    error = page.split(f'id="id_{field}_error"')[1].split("</p>")[0]
    assert message in error
    described = page.split(f'name="{field}"')[1].split(">")[0]
    assert f"id_{field}_error" in described
    assert f'href="#id_{field}"' in page.split('role="alert"')[1].split("</div>")[0]
    assert 'aria-invalid="true"' in described
    assert "<title>" in page
    assert "Error:" in page.split("</title>")[0]
    assert GOOD["password1"] not in page


def test_an_address_that_is_not_ours_is_refused(client, path):
    elsewhere = make_key("curator", "another")
    for address in (path[:-2] + "/", "/first-curator/x/", f"/first-curator/{elsewhere}/", "/first-curator/%00/"):
        assert client.get(address).status_code == 410
        assert client.post(address, GOOD).status_code == 410
    assert curators() == []


def test_an_address_ends_after_a_day(client, path, monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: (timezone.now() + timedelta(hours=23)).timestamp())
    assert client.get(path).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: (timezone.now() + timedelta(hours=25)).timestamp())
    assert client.get(path).status_code == 410


def test_the_address_goes_nowhere_else(client, path):
    for response in (client.get(path), client.post(path, {}), client.get("/first-curator/x/")):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]


def test_the_address_alone_lets_somebody_in_though_the_browser_tells_no_origin(path):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert strict.post("/first-curator/x/", GOOD).status_code == 410
    assert curators() == []
    assert strict.post(path, GOOD).status_code == 302
    assert curators() == ["mary"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_post_at_once_one_is_first(path):
    answers = {}
    together = threading.Barrier(2)

    def post(name):
        together.wait()
        answers[name] = Client().post(path, GOOD | {"username": name}).status_code
        connection.close()

    threads = [threading.Thread(target=post, args=[name]) for name in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [302, 410]
    assert curators() == [name for name, status in answers.items() if status == 302]


def test_the_command_prints_an_address_that_works(client, settings):
    settings.ALLOWED_HOSTS = ["directory.example.org"]
    settings.HTTPS = True
    said = StringIO()
    call_command("first_curator", stdout=said)
    address = said.getvalue().strip()
    assert address.startswith("https://directory.example.org/first-curator/")
    path = address.removeprefix("https://directory.example.org")
    assert client.get(path, headers={"host": "directory.example.org"}).status_code == 200

    said = StringIO()
    call_command("first_curator", host="other.example:8443", stdout=said)
    assert said.getvalue().startswith("https://other.example:8443/first-curator/")


def test_the_command_knows_the_port_of_this_machine(settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    monkeypatch.setenv("PORT", "8123")
    said = StringIO()
    call_command("first_curator", stdout=said)
    assert said.getvalue().startswith("http://127.0.0.1:8123/first-curator/")


def test_the_command_refuses_where_there_is_a_curator():
    get_user_model().objects.create_superuser("mary", password="nine-lives-of-tea")
    with pytest.raises(CommandError, match="There is a curator already"):
        call_command("first_curator")
