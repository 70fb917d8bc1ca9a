"""Practitioners and their support in the hands of curators."""

from datetime import date

import pytest
from django.urls import reverse

from practitioners.models import Practitioner, Support
from tests.factories import GroupFactory, PractitionerFactory, SupportFactory, SupportRoleFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def practitioner():
    return PractitionerFactory(roles=[SupportRoleFactory()])


def save(client, practitioner, **changes):
    page = reverse("admin:practitioners_practitioner_change", args=[practitioner.pk])
    return client.post(page, filled(client.get(page)) | changes)


def rows(*supports):
    """Return what a browser sends for rows of support that were added."""
    data = {"supports-TOTAL_FORMS": str(len(supports))}
    for number, support in enumerate(supports):
        data |= {f"supports-{number}-{name}": value for name, value in support.items()}
    return data


def test_consent_comes_first(admin_client, practitioner):
    page = reverse("admin:practitioners_practitioner_change", args=[practitioner.pk])
    fields = list(filled(admin_client.get(page)))
    assert fields.index("consent_given_on") < fields.index("name")


def test_consent_cannot_be_emptied_while_the_page_is_public(admin_client, practitioner):
    response = save(admin_client, practitioner, consent_given_on="")
    assert "The page is public" in str(response.context["adminform"].form.errors["consent_given_on"])
    assert Practitioner.objects.get().consent_given_on


def test_support_is_added_and_hidden_until_both_agree(admin_client, practitioner):
    support = {"group": str(GroupFactory().pk), "role": str(SupportRoleFactory().pk), "started_on": "01/03/2026"}
    assert save(admin_client, practitioner, **rows(support)).status_code == 302
    assert Support.objects.get().started_on == date(2026, 3, 1)
    assert not Support.objects.public().exists()
    agreed = {"supports-0-group_agrees": "on", "supports-0-practitioner_agrees": "on"}
    assert save(admin_client, practitioner, **agreed).status_code == 302
    assert Support.objects.public().exists()


@pytest.mark.parametrize("started_on", ["", "01/03/2026"])
def test_the_same_support_twice_gets_a_message(admin_client, practitioner, started_on):
    support = {"group": str(GroupFactory().pk), "role": str(SupportRoleFactory().pk), "started_on": started_on}
    assert save(admin_client, practitioner, **rows(support, support)).status_code == 200
    assert not Support.objects.exists()
    assert save(admin_client, practitioner, **rows(support)).status_code == 302
    again = rows(support, support) | {"supports-INITIAL_FORMS": "1"}
    assert save(admin_client, practitioner, **again).status_code == 200
    assert Support.objects.count() == 1


def test_a_row_may_be_replaced_by_one_that_says_the_same(admin_client, practitioner):
    old = SupportFactory(practitioner=practitioner)
    page = reverse("admin:practitioners_practitioner_change", args=[practitioner.pk])
    data = filled(admin_client.get(page)) | {"supports-0-DELETE": "on"}
    assert admin_client.post(page, data).status_code == 302
    assert not Support.objects.filter(pk=old.pk).exists()
