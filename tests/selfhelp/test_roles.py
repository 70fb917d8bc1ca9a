"""Who may do what: each role, each model of the admin, by direct address."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group as Rights
from django.contrib.auth.models import Permission, User
from django.core.management import call_command

from casestudies.models import CaseStudy
from selfhelp.roles import ROLES, set_roles
from tests.factories import CaseStudyFactory, GroupFactory
from tests.selfhelp.test_admin import MAKE, address

pytestmark = pytest.mark.django_db

# v: look at, a: add, c: change, d: delete; a dash where not. Listings and accounts are never deleted in the admin.
#                        curator  editor  moderator  administrator
TABLE = """
axes.AccessFailureLog    ----     ----    ----       v---
axes.AccessLog           ----     ----    ----       v---
casestudies.CaseStudy    v---     vac-    ----       vac-
casestudies.Programme    ----     vacd    ----       vacd
casestudies.ReaderQuestion ----   v-c-    v-c-       v-c-
casestudies.Source       ----     vacd    ----       vacd
casestudies.Submission   ----     v---    v---       v---
directory.Act            v---     v---    ----       v---
directory.HelpLine       v-c-     vacd    ----       vacd
directory.Language       v---     vacd    ----       vacd
directory.Place          vac-     ----    ----       vac-
directory.PostcodeSector v---     ----    ----       v---
directory.RelayedMessage v---     ----    ----       v---
directory.SupportArea    v---     vacd    ----       vacd
directory.SupportRole    v---     vacd    ----       vacd
directory.Topic          v---     vacd    ----       vacd
groups.Group             vac-     ----    ----       vac-
groups.Meeting           vacd     ----    ----       vacd
groups.Venue             vacd     ----    ----       vacd
practitioners.FinderAnswer   ---- vacd    ----       vacd
practitioners.FinderQuestion ---- vacd    ----       vacd
practitioners.Practitioner vac-   ----    ----       vac-
auth.Group               ----     ----    ----       v---
auth.User                ----     ----    ----       vac-
"""
NAMES = ["curator", "editor", "moderator", "administrator"]
ROWS = {line.split()[0]: dict(zip(NAMES, line.split()[1:], strict=True)) for line in TABLE.strip().splitlines()}


def sign_in(client, role, **more):
    set_roles()
    user = User.objects.create_user(f"the-{role}", is_staff=True, **more)
    user.groups.set(Rights.objects.filter(name=role))
    client.force_login(user)
    return user


def test_the_table_has_every_model_and_every_role():
    assert set(ROWS) == {model._meta.label for model in admin.site._registry}
    assert set(ROLES) == set(NAMES)


@pytest.mark.parametrize("role", NAMES)
def test_each_role_may_do_what_the_table_says(client, role):
    sign_in(client, role)
    found = {}
    for model, make in MAKE.items():
        one = make()
        change = address(model, "change", one.pk)
        tried = {
            "v": [client.get(address(model, "changelist")), client.get(change)],
            "a": [client.get(address(model, "add")), client.post(address(model, "add"), {})],
            "c": [client.post(change, {})],
            "d": [client.get(address(model, "delete", one.pk)), client.post(address(model, "delete", one.pk), {})],
        }
        statuses = {letter: {response.status_code for response in tried[letter]} for letter in tried}
        # An empty form may be all that a change needs, and is then saved.
        assert all(each in ({200}, {302}, {403}) for each in statuses.values()), (model, statuses)
        found[model._meta.label] = "".join("-" if statuses[letter] == {403} else letter for letter in tried)
    assert found == {label: row[role] for label, row in ROWS.items()}


@pytest.mark.parametrize("role", NAMES)
def test_the_index_names_only_what_a_role_may_look_at(client, role):
    sign_in(client, role)
    apps = client.get("/admin/").context["app_list"]
    shown = {model["model"]._meta.label for app in apps for model in app["models"]}
    assert shown == {label for label, row in ROWS.items() if row[role] != "----"}


def test_staff_without_a_role_may_do_nothing(client):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    for model, make in MAKE.items():
        assert client.get(address(model, "change", make().pk)).status_code == 403


def test_an_account_that_is_not_staff_stays_outside(client):
    sign_in(client, "administrator")
    User.objects.update(is_staff=False)
    assert client.get("/admin/").status_code == 302


def test_setting_the_roles_again_changes_nothing_and_takes_back_what_was_added():
    set_roles()
    assert set_roles() == []
    moderator = Rights.objects.get(name="moderator")
    before = moderator.permissions.count()
    moderator.permissions.add(Permission.objects.get(codename="delete_user"))
    assert set_roles() == ["moderator"]
    assert moderator.permissions.count() == before


def test_loading_the_content_sets_the_roles():
    call_command("load_content", verbosity=0)
    assert set(Rights.objects.values_list("name", flat=True)) == set(NAMES)


def test_an_administrator_cannot_become_or_touch_somebody_who_may_do_everything(client):
    user = sign_in(client, "administrator")
    owner = User.objects.create_superuser("owner", password="x")
    for page in ("change", "second_step"):
        assert client.post(address(User, page, owner.pk), {"username": "stolen"}).status_code == 403
    assert client.get(f"/admin/auth/user/{owner.pk}/password/").status_code == 403
    more = {"username": user.username, "is_superuser": "on", "user_permissions": ["1"], "is_active": "on"}
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00", "is_staff": "on"}
    assert client.post(address(User, "change", user.pk), more | dates).status_code == 302
    user.refresh_from_db()
    assert not user.is_superuser
    assert not user.user_permissions.exists()


def test_an_editor_sees_the_groups_of_a_case_study_and_cannot_search_all_groups(client):
    sign_in(client, "editor")
    case = CaseStudyFactory(name="Gem")
    case.groups.add(GroupFactory(name="Tuesday tea"))
    page = client.get(address(CaseStudy, "change", case.pk)).content.decode()
    assert "Tuesday tea" in page
    assert 'name="groups"' not in page
    asked = {"app_label": "casestudies", "model_name": "casestudy", "field_name": "groups", "term": "tea"}
    assert client.get("/admin/autocomplete/", asked).status_code == 403
