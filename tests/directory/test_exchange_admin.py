"""Import and export in the admin: first a look at each row's fate, then a yes; nothing personal is left behind."""

import io
import os
import re
import time

import pytest
from django.contrib.auth.models import Group as Rights
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.exchange.basics import MOST_BYTES
from directory.exchange.kept import SECONDS, remove_old
from directory.models import Act
from groups.models import Group, Meeting
from practitioners.models import Practitioner
from selfhelp.roles import set_roles
from tests.factories import GroupContactFactory, GroupFactory, MeetingFactory, PractitionerFactory
from tests.forms import filled
from tests.selfhelp.test_admin import address, assert_nothing_inline

pytestmark = pytest.mark.django_db
MODELS = [Group, Meeting, Practitioner]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
TABLE = b"name,state,contacts\nTuesday Talk,published,email | talk@example.org\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.IMPORTS_ROOT = tmp_path / "imports"
    return settings.IMPORTS_ROOT


@pytest.fixture
def curator(client):
    set_roles()
    user = User.objects.create_user("kim", is_staff=True)
    user.groups.set(Rights.objects.filter(name="curator"))
    client.force_login(user)
    return client


def send(client, data=TABLE, model=Group, **more):
    file = SimpleUploadedFile("t.csv", data)
    return client.post(address(model, "import"), {"import_file": file, "csrfmiddlewaretoken": "x", **more})


def yes(client, response, model=Group, **more):
    form = response.context["confirm_form"]
    fields = {field.html_name: field.value() for field in form if field.value() not in {None, False}}
    return client.post(address(model, "process_import"), fields | more)


def test_first_a_look_and_then_a_yes(curator, folder):
    looked = send(curator)
    page = looked.content.decode()
    assert "new: 1, changed: 0" in page
    assert "Tuesday Talk" in page
    assert "waits for a curator" in page
    assert not Group.objects.exists()
    [kept] = folder.iterdir()
    assert (kept.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert kept.name not in page
    done = yes(curator, looked)
    assert done.status_code == 302
    assert Group.objects.get().state == "pending"
    assert Act.objects.get().by.username == "kim"
    assert list(folder.iterdir()) == []


def test_the_tick_to_publish_counts_at_the_yes(curator):
    yes(curator, send(curator, publish="on"))
    assert Group.objects.get().is_published


def test_a_refused_row_names_column_value_and_advice_and_keeps_no_file(curator, folder):
    response = send(curator, b"name,founded\nTea,soon\n")
    page = response.content.decode()
    for told in ("founded", "soon", "Write a whole number", "refused: 1", "Nothing was changed"):
        assert told in page
    assert "confirm_form" not in response.context
    assert list(folder.iterdir()) == []
    assert_nothing_inline(response)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"name\n", "no rows under"),
        (b"PK\x03\x04", "damaged"),
        (b"name\nA\x00", "not a text file"),
        (b"title\nx\n", "must hold the names of the columns"),
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 32.0"),
    ],
    ids=["no rows", "damaged", "binary", "no headings", "empty", "large"],
)
def test_a_file_that_cannot_be_taken_gets_a_message_and_is_not_kept(curator, folder, data, told):
    response = send(curator, data)
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not folder.exists() or list(folder.iterdir()) == []


class LongFile(io.BytesIO):
    name = "long.csv"
    size = 200 * 1024 * 1024

    def __init__(self):
        super().__init__()
        self.left = self.size

    def read(self, size=-1):
        taken = min(self.left, size if size > 0 else self.left)
        self.left -= taken
        return b"x" * taken


def test_a_file_of_200_mb_is_dropped_while_it_comes_in(curator, folder):
    response = curator.post(address(Group, "import"), {"csrfmiddlewaretoken": "x", "import_file": LongFile()})
    assert "larger than 32.0" in response.content.decode()
    assert not folder.exists()


@pytest.fixture
def no_place_for_files(settings, tmp_path):
    """A folder that is not there: whoever begins to write a file into it fails."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "missing"
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0


@pytest.mark.usefixtures("no_place_for_files")
@pytest.mark.parametrize("size", [1, 200 * 1024 * 1024])
@pytest.mark.parametrize("path", ["/shortlist/", "/groups/add/", "/practitioners/own/", "/case-studies/add/"])
def test_no_public_page_takes_a_file(curator, path, size):
    file = LongFile()
    file.left = size
    response = curator.post(path, {"add": "1", "x": file}, headers={"Origin": "http://testserver"})
    assert response.status_code == 413
    assert "more than we can take" in response.content.decode()


@pytest.mark.usefixtures("no_place_for_files")
@pytest.mark.parametrize("path", ["groups/group/import/", "casestudies/source/add/", "login/"])
def test_the_admin_takes_no_file_from_who_is_not_signed_in(path):
    stranger = Client(enforce_csrf_checks=True)
    token = filled(stranger.get("/admin/login/"))["csrfmiddlewaretoken"]
    response = stranger.post(f"/admin/{path}", {"csrfmiddlewaretoken": token, "file": LongFile()})
    assert response.status_code == (200 if path == "login/" else 302)


def test_a_document_that_is_larger_than_any_is_stopped_while_it_comes_in(admin_client):
    response = admin_client.post("/admin/casestudies/source/add/", {"title": "Tea", "file": LongFile()})
    assert response.status_code == 413


def test_no_file_at_all_gets_a_message(curator):
    assert "required" in curator.post(address(Group, "import"), {"csrfmiddlewaretoken": "x"}).content.decode()


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "\x00", "x" * 10_000], ids=range(5))
def test_a_forged_yes_reads_no_file(curator, token):
    response = yes(curator, send(curator), import_file_name=token)
    assert response.headers["Location"] == address(Group, "import")
    assert not Group.objects.exists()


def test_nobody_says_yes_to_the_file_of_another(curator, client):
    looked = send(curator)
    client.force_login(User.objects.create_superuser("other"))
    yes(client, looked)
    assert not Group.objects.exists()


def test_a_second_yes_and_one_after_an_hour_say_that_the_file_is_gone(curator, folder):
    looked = send(curator)
    yes(curator, looked)
    assert yes(curator, looked).headers["Location"] == address(Group, "import")
    assert Group.objects.count() == 1
    send(curator)
    [kept] = folder.iterdir()
    os.utime(kept, (0, time.time() - SECONDS - 1))
    assert remove_old() == 1
    assert list(folder.iterdir()) == []


def test_what_changed_since_the_look_is_told_and_nothing_is_done(curator, folder):
    looked = send(curator)
    GroupFactory(slug="tuesday-talk", name="Tuesday Talk", summary="Another.")
    Group.objects.update(state="draft")
    response = yes(curator, looked)
    assert response.status_code == 200
    assert "Nothing was changed" in response.content.decode()
    assert not Group.objects.filter(contacts__isnull=False).exists()
    assert list(folder.iterdir()) == []


@each_model
def test_pages_have_nothing_inline_and_lists_lead_to_them(curator, model):
    for page in ("changelist", "import", "export"):
        response = curator.get(address(model, page))
        assert response.status_code == 200
        assert_nothing_inline(response)
    page = curator.get(address(model, "changelist")).content.decode()
    assert address(model, "import") in page
    assert address(model, "export") in page


@each_model
@pytest.mark.parametrize("role", ["editor", "moderator"])
def test_only_who_may_add_and_change_may_import_and_export(client, model, role):
    set_roles()
    user = User.objects.create_user("kim", is_staff=True)
    user.groups.set(Rights.objects.filter(name=role))
    client.force_login(user)
    for page, args in (("import", ()), ("export", ()), ("table_template", ("csv",))):
        assert client.get(address(model, page, *args)).status_code == 403
    for page in ("import", "export", "process_import"):
        assert client.post(address(model, page), {"format": "0"}).status_code == 403


@each_model
def test_strangers_are_asked_to_sign_in(client, model):
    for page in ("import", "export"):
        assert client.get(address(model, page)).status_code == 302


def test_looking_alone_is_not_enough(client):
    user = User.objects.create_user("kim", is_staff=True)
    user.user_permissions.set(user.user_permissions.model.objects.filter(codename="view_group"))
    client.force_login(user)
    assert client.get(address(Group, "export")).status_code == 403
    assert address(Group, "export") not in client.get(address(Group, "changelist")).content.decode()


@each_model
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_templates_come_as_files(curator, model, ending):
    response = curator.get(address(model, "table_template", ending))
    assert response.status_code == 200
    assert re.fullmatch(rf'attachment; filename="\w+-template.{ending}"', response["Content-Disposition"])
    assert curator.get(address(model, "table_template", "exe")).status_code == 404


def test_an_export_holds_what_the_list_showed_and_comes_back_unchanged(curator):
    GroupContactFactory(group=GroupFactory(name="Tea"), value="organiser@example.org")
    GroupFactory(name="Coffee")
    page = address(Group, "export")
    response = curator.post(f"{page}?q=Tea", {"format": "0"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert b"organiser@example.org" in response.content
    assert b"Coffee" not in response.content
    assert "unchanged: 1" in send(curator, response.content).content.decode()
    assert curator.post(page, {"format": "1"}).content.startswith(b"PK")
    for query in ("state=bogus&o=x", "bogus=1", "q=%00", "e=1"):
        assert curator.get(f"{page}?{query}").status_code in {200, 302, 400}
    assert curator.post(page, {"format": "7"}).status_code == 200


def test_what_excel_cannot_hold_is_told(curator):
    GroupFactory(about="x" * 40_000)
    response = curator.post(address(Group, "export"), {"format": "1"})
    assert "Excel cannot hold row 2, column about" in response.content.decode()


def test_exports_make_as_many_queries_for_many_rows_as_for_few(admin_client):
    counts = []
    for _each in range(2):
        for _row in range(5):
            MeetingFactory()
            PractitionerFactory()
        export_queries(admin_client, Practitioner)
        counts.append([len(export_queries(admin_client, model)) for model in MODELS])
    assert counts[0] == counts[1]


def export_queries(client, model):
    with CaptureQueriesContext(connection) as queries:
        assert client.post(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export"), {"format": "0"})
    return queries
