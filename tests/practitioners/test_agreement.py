"""The working agreement: filled in, shown, downloaded, and stored nowhere."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practitioners.models import Support
from tests.factories import SupportFactory, SupportRoleFactory
from tests.forms import filled
from tests.pages import main_of

pytestmark = pytest.mark.django_db

ADDRESS = "/practitioners/agreement/"
FILLED = {
    "group": "The Kettle",
    "practitioner": "Ada",
    "role": "facilitator",
    "starts_on": "2026-12-01",
    "review_on": "01/03/2027",
    "group_expects": "Six meetings\nand tea <b>",
    "risk": "We call 999.",
}


@pytest.fixture(autouse=True)
def role():
    return SupportRoleFactory(slug="facilitator", name="Facilitator", agree_first=["Who asked you to come."])


def words_of(response):
    """Return the paragraphs of a document, in order."""
    with zipfile.ZipFile(BytesIO(response.content)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        root = ElementTree.fromstring(package.read("word/document.xml"))
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    return ["".join(each.itertext()) for each in root.iterfind(".//w:p", space)]


def test_the_form_begins_with_the_role_and_what_to_think_of(client):
    response = client.get(f"{ADDRESS}?role=facilitator")
    assert filled(response)["role"] == ["facilitator"]
    assert "Who asked you to come." in main_of(response)
    assert set(response.cookies) <= {"csrftoken"}
    assert client.get(f"{ADDRESS}?role=wizard%00").status_code == 200


def test_it_is_shown_as_a_page_to_print_and_can_be_changed(client):
    shown = client.post(ADDRESS, FILLED | {"show": "1"})
    for said in ["The Kettle", "Ada", "Facilitator", "1 December 2026", "1 March 2027", "Six meetings", "We call 999."]:
        assert said in main_of(shown)
    assert "<b>" not in shown.content.decode().split("<main")[1].split("<form")[0]
    assert shown["Cache-Control"].startswith("max-age=0")
    again = client.post(ADDRESS, filled(shown) | {"change": "1"})
    assert filled(again)["group_expects"].split() == FILLED["group_expects"].split()


def test_it_is_downloaded_as_a_document(client):
    response = client.post(ADDRESS, FILLED | {"download": "1"})
    assert response["Content-Disposition"] == 'attachment; filename="working-agreement-the-kettle.docx"'
    words = words_of(response)
    assert words[0] == "Working agreement"
    assert "The group: The Kettle" in words
    assert words[words.index("What the group expects") + 1 :][:2] == ["Six meetings", "and tea <b>"]


@pytest.mark.parametrize(
    "name", ['x"; filename="evil.exe', "a\r\nSet-Cookie: b=c", "../../etc/passwd", "Ünïcode – ”", "\x1b[31m", "日本"]
)
def test_no_name_breaks_out_of_the_header_or_the_document(client, name):
    response = client.post(ADDRESS, FILLED | {"group": name, "risk": "\x0b\ud7ff \x1f", "download": "1"})
    header = response["Content-Disposition"]
    assert header.startswith('attachment; filename="working-agreement')
    assert header.removeprefix('attachment; filename="').removesuffix('.docx"').replace("-", "").isalnum()
    assert not response.cookies
    words_of(response)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"group": ""}, "Write a name here"),
        ({"starts_on": "soon"}, "We cannot read this date"),
        ({"review_on": "2026-01-01"}, "This day comes before the start"),
        ({"role": "wizard"}, "We do not know this role"),
        ({"risk": "x" * 1_000_000}, "That is very long"),
        ({"practitioner": "x" * 200}, "That is very long for a name"),
    ],
)
def test_bad_input_gets_a_message_and_keeps_what_was_written(client, wrong, said):
    response = client.post(ADDRESS, FILLED | wrong | {"download": "1"})
    assert response.status_code == 200
    assert said in main_of(response)
    assert "Six meetings" in response.content.decode()


def test_a_nul_byte_is_no_error(client):
    assert client.post(ADDRESS, FILLED | {"group": "\x00", "role": "\x00", "show": "1"}).status_code == 200


def test_nothing_is_stored(client):
    with CaptureQueriesContext(connection) as captured:
        client.post(ADDRESS, FILLED | {"show": "1"})
        client.post(ADDRESS, FILLED | {"download": "1"})
    assert all(query["sql"].startswith("SELECT") for query in captured)
    assert not any("django_session" in query["sql"] for query in captured)


def test_it_is_sent_only_from_its_own_form(role):
    assert Client(enforce_csrf_checks=True).post(ADDRESS, FILLED).status_code == 403


def test_it_says_how_both_pages_can_show_that_there_is_one(client):
    for response in (client.get(ADDRESS), client.post(ADDRESS, FILLED | {"show": "1"})):
        assert "Are you both listed here?" in main_of(response)
        for link in ("/practitioners/own/", "/groups/own/"):
            assert f'href="{link}"' in response.content.decode()


AGREED = {"boundaries_agreed_on": "2026-12-01", "review_on": "2027-03-01"}


def test_both_pages_say_since_when_there_is_one_and_when_they_look_at_it_again(client, role):
    support = SupportFactory(role=role, **AGREED)
    for page in (support.group.get_absolute_url(), support.practitioner.get_absolute_url()):
        words = main_of(client.get(page))
        assert "On 1 December 2026 they agreed what this support is, and what it is not." in words
        assert "The day to look at it again: 1 March 2027." in words


@pytest.mark.parametrize(
    "hidden",
    [
        {"group_agrees": False},
        {"practitioner_agrees": False},
        {"practitioner__state": "draft"},
        {"practitioner__state": "archived", "practitioner__consent_given_on": None},
    ],
)
def test_no_day_is_shown_where_the_support_is_not(client, role, hidden):
    support = SupportFactory(role=role, **AGREED, **hidden)
    for page in (support.group.get_absolute_url(), support.practitioner.get_absolute_url()):
        assert "December 2026" not in client.get(page).content.decode()


def test_what_has_ended_is_not_looked_at_again(client, role):
    support = SupportFactory(role=role, ended_on="2027-01-05", **AGREED)
    words = main_of(client.get(support.group.get_absolute_url()))
    assert "On 1 December 2026 they agreed" in words
    assert "1 March 2027" not in words


@pytest.mark.parametrize(
    ("days", "constraint"),
    [
        ({"review_on": "2027-03-01"}, "support_review_of_an_agreement"),
        ({"boundaries_agreed_on": "2027-03-01", "review_on": "2027-03-01"}, "support_review_after_agreement"),
    ],
)
def test_there_is_no_day_to_look_again_at_nothing(role, days, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SupportFactory(role=role, **days)
    assert not Support.objects.exists()
