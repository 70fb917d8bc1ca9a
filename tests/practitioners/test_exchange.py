"""Practitioners out of tables: never public without consent."""

import pytest

from practitioners.exchange import PractitionerExchange
from practitioners.models import Practitioner, PractitionerSearch
from tests.factories import GroupFactory, PractitionerFactory, SupportFactory, SupportRoleFactory
from tests.groups.test_exchange import fates, load, problem

pytestmark = pytest.mark.django_db


def load_people(*rows, **options):
    return load(*rows, exchange=PractitionerExchange, **options)


def test_nobody_is_published_without_their_consent():
    found = problem(load_people({"name": "Sam", "state": "published"}, publish=True))
    assert found.column == "consent_given_on"
    assert fates(load_people({"name": "Sam", "state": "published"})) == ["new"]
    assert Practitioner.objects.get().state == "pending"


def test_consent_that_is_emptied_does_not_leave_a_page_public():
    sam = PractitionerFactory()
    assert problem(load_people({"slug": sam.slug, "consent_given_on": ""})).column == "consent_given_on"
    assert fates(load_people({"slug": sam.slug, "consent_given_on": "", "state": "draft"})) == ["changed"]
    assert not PractitionerSearch.objects.exists()


def test_with_consent_and_a_tick_the_search_finds_them():
    SupportRoleFactory(slug="facilitator")
    row = {"name": "Sam", "state": "published", "consent_given_on": "3/3/2026", "roles": "facilitator"}
    load_people(row, publish=True)
    assert PractitionerSearch.objects.get().practitioner.roles.get().slug == "facilitator"


def test_support_is_by_group_and_role_and_stays_the_same_one():
    support = SupportFactory()
    group, role = GroupFactory(slug="tea"), SupportRoleFactory(slug="bridge-builder")
    lines = (
        f"{support.group.slug} | {support.role.slug} || 1 May 2026\n"
        "tea | bridge-builder | 3 March 2026 || 3 March 2026 || yes | yes"
    )
    load_people({"slug": support.practitioner.slug, "supports": lines})
    new, old = support.practitioner.supports.order_by("started_on")
    assert (new.group, new.role, new.group_agrees) == (group, role, True)
    assert (old.pk, str(old.ended_on), old.group_agrees) == (support.pk, "2026-05-01", False)


def test_support_to_a_group_that_is_not_here_says_to_import_groups_first():
    SupportRoleFactory(slug="facilitator")
    found = problem(load_people({"name": "Sam", "supports": "nowhere | facilitator"}))
    assert found.column == "supports"
    assert "Line 1, group: There is no group" in found.why
    assert "Import it first" in found.why
