"""Practitioners and their support in the hands of curators."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from practitioners.models import FinderAnswer, Practitioner, Support
from tests.factories import (
    GroupFactory,
    MeetingFactory,
    PlaceFactory,
    PractitionerFactory,
    SupportAreaFactory,
    SupportFactory,
    SupportRoleFactory,
)
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


def test_an_action_takes_consent_back_and_hides_at_once(admin_client, practitioner):
    page = reverse("admin:practitioners_practitioner_changelist")
    response = admin_client.post(page, {"action": "withdraw", "_selected_action": [practitioner.pk]})
    assert "have to agree again" in response.content.decode()
    practitioner.refresh_from_db()
    assert practitioner.state == "published"
    response = admin_client.post(page, filled(response), follow=True)
    assert "Hidden, and without consent: 1." in response.content.decode()
    practitioner.refresh_from_db()
    assert (practitioner.state, practitioner.consent_given_on) == ("archived", None)


def overview(client):
    response = client.get(reverse("admin:practitioners_overview"))
    assert response.status_code == 200
    return response


def test_curators_see_which_roles_are_rare_who_is_overdue_and_who_has_no_group(admin_client):
    bridge, lonely = SupportRoleFactory(name="Bridge-builder"), SupportRoleFactory(name="Facilitator")
    area = SupportAreaFactory()
    busy = PractitionerFactory(name="Busy", roles=[bridge], accepting_requests=False)
    free = PractitionerFactory(
        name="Free", roles=[bridge], confirmed_at=timezone.now(), confirmed_by="owner", review_due_on="2999-01-01"
    )
    PractitionerFactory(name="Draft", roles=[lonely], state="draft")
    for each in (busy, free):
        each.areas.set([area])
    SupportFactory(practitioner=free, role=bridge)
    context = overview(admin_client).context
    rows = {row["role"]: row for row in context["rows"]}
    cell = rows[bridge]["cells"][context["areas"].index(area)]
    assert (cell.people, cell.accepting, cell.is_gap) == (2, 1, False)
    assert rows[lonely]["whole"].is_gap
    assert [each.name for each in context["overdue"]] == ["Busy"]
    assert [each.name for each in context["without_group"]] == ["Busy"]


def test_curators_record_an_agreement_by_its_days_and_see_when_it_is_due(admin_client, practitioner):
    support = {"group": str(GroupFactory().pk), "role": str(SupportRoleFactory().pk), "review_on": "01/03/2026"}
    assert "before you say when" in save(admin_client, practitioner, **rows(support)).content.decode()
    support["boundaries_agreed_on"] = "01/12/2025"
    assert save(admin_client, practitioner, **rows(support)).status_code == 302
    assert overview(admin_client).context["to_review"] == [Support.objects.get()]
    Support.objects.update(ended_on="2026-02-01")
    assert overview(admin_client).context["to_review"] == []


def test_curators_see_whom_groups_look_for_in_vain(admin_client):
    bridge = SupportRoleFactory(name="Bridge-builder")
    group = MeetingFactory().group
    group.seeking.set([bridge])
    assert overview(admin_client).context["sought_in_vain"] == [(group, bridge)]
    PractitionerFactory(roles=[bridge], places=[PlaceFactory()])
    assert overview(admin_client).context["sought_in_vain"] == []


def test_the_overview_is_for_curators(client):
    assert client.get(reverse("admin:practitioners_overview")).status_code == 302


def test_a_curator_edits_the_rules_of_the_role_finder(admin_client, content):
    answer = FinderAnswer.objects.get(slug="lost-room")
    page = reverse("admin:practitioners_finderanswer_change", args=[answer.pk])
    assert admin_client.post(page, filled(admin_client.get(page)) | {"rules-0-strength": "-3"}).status_code == 302
    assert answer.rules.first().strength == -3
    refused = admin_client.post(page, filled(admin_client.get(page)) | {"rules-0-strength": "0"})
    assert refused.status_code == 200
    assert b"and not 0" in refused.content
