"""Groups by the roles that they receive: only what both sides agreed to show, at once, however it is written."""

from datetime import date
from itertools import product

import pytest
from django.db import connection

from directory import actions
from groups.models import Group, GroupSearch
from groups.rebuilding import rebuild
from practitioners.actions import withdraw_consent
from practitioners.models import Practitioner, Support
from tests.factories import GroupFactory, PractitionerFactory, SupportFactory, SupportRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bridge():
    return SupportRoleFactory(slug="bridge-builder", name="Bridge-builder")


@pytest.fixture
def support(bridge):
    return SupportFactory(group__name="Kettle", role=bridge)


def found(client, query="receiving=bridge-builder"):
    return sorted(group.name for group in client.get(f"/groups/?{query}").context["listings"])


def in_rows():
    rows = GroupSearch.objects.with_one_of("receiving", ["bridge-builder"])
    return set(rows.values_list("group", flat=True))


def by_the_model():
    return set(Support.objects.public().current().filter(role__slug="bridge-builder").values_list("group", flat=True))


def test_a_role_is_a_choice_of_the_search_with_its_count_its_chip_and_the_way_back(client, support):
    GroupFactory(name="Other").seeking.set([support.role])
    response = client.get("/groups/?receiving=bridge-builder")
    assert [group.name for group in response.context["listings"]] == ["Kettle"]
    assert [chip.label for chip in response.context["chips"]] == ["Has: Bridge-builder"]
    response = client.get("/groups/?seeking=bridge-builder")
    assert [group.name for group in response.context["listings"]] == ["Other"]
    assert [chip.label for chip in response.context["chips"]] == ["Looks for: Bridge-builder"]
    choices = client.get("/groups/").context["filterset"].form.fields["receiving"].widget.choices
    assert [(code, str(label), label.count_of) for code, label in choices] == [("bridge-builder", "Bridge-builder", 1)]


def test_the_page_of_a_role_leads_to_the_groups_that_have_one(client, support):
    page = " ".join(client.get("/practitioners/roles/bridge-builder/").content.decode().split())
    assert 'href="/groups/?receiving=bridge-builder"' in page
    assert "1 group that has this support: bridge-builder" in page
    assert "/practitioners/roles/bridge-builder/" in client.get(support.group.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("group_agrees", "practitioner_agrees", "ended_on", "group_state", "state", "consent"),
    [
        *product([True, False], [True, False], [None, date(2026, 1, 1)], ["published"], ["published"], [True]),
        *product([True], [True], [None], ["published", "archived"], ["draft", "pending", "archived"], [True, False]),
        (True, True, None, "draft", "published", True),
    ],
)
def test_the_database_and_the_models_agree_on_what_is_public(
    bridge, group_agrees, practitioner_agrees, ended_on, group_state, state, consent
):
    SupportFactory(
        role=bridge,
        group_agrees=group_agrees,
        practitioner_agrees=practitioner_agrees,
        ended_on=ended_on,
        group__state=group_state,
        practitioner__state=state,
        practitioner__consent_given_on=date(2026, 1, 1) if consent else None,
    )
    all_is_said = group_agrees and practitioner_agrees and not ended_on
    assert bool(in_rows()) == (all_is_said and group_state == state == "published")
    assert in_rows() == by_the_model()


CHANGES = {
    "the group no longer agrees": lambda: Support.objects.update(group_agrees=False),
    "the practitioner no longer agrees": lambda: Support.objects.update(practitioner_agrees=False),
    "it ends": lambda: Support.objects.update(ended_on=date(2026, 1, 1)),
    "it is deleted": lambda: Support.objects.all().delete(),
    "it is deleted in bulk": lambda: Support.objects.all()._raw_delete("default"),
    "it is another role": lambda: Support.objects.update(role=SupportRoleFactory(slug="facilitator")),
    "it is another group's": lambda: Support.objects.update(group=GroupFactory()),
    "consent is taken back": lambda: withdraw_consent(Practitioner.objects.get(), by=None),
    "consent is gone by a statement": lambda: Practitioner.objects.update(state="archived", consent_given_on=None),
    "the practitioner is hidden": lambda: Practitioner.objects.update(state="draft"),
    "the practitioner is deleted": lambda: Practitioner.objects.get().delete(),
    "the group is archived": lambda: actions.archive(Group.objects.get(), by=None),
    "many are saved": lambda: Support.objects.bulk_update(
        [Support(pk=Support.objects.get().pk, group_agrees=False)], ["group_agrees"]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_ends_it_takes_it_out_of_the_search_in_the_same_statement(client, support, change):
    assert found(client) == ["Kettle"]
    change()
    assert "Kettle" not in found(client)
    assert in_rows() == by_the_model()


@pytest.mark.parametrize("hidden", ["group_agrees", "practitioner_agrees"])
def test_whatever_begins_it_puts_it_in(client, bridge, hidden):
    group = GroupFactory(name="Kettle")
    row = Support(group=group, practitioner=PractitionerFactory(), role=bridge, group_agrees=True)
    row.practitioner_agrees = True
    setattr(row, hidden, False)
    Support.objects.bulk_create([row])
    assert found(client) == []
    Support.objects.update(**{hidden: True})
    assert found(client) == ["Kettle"]


def test_saving_the_group_and_building_all_rows_anew_keep_it(client, support):
    before = GroupSearch.objects.get()
    support.group.save()
    again = GroupSearch.objects.get()
    assert (sorted(again.facets), sorted(again.codes)) == (sorted(before.facets), sorted(before.codes))
    rebuild()
    assert found(client) == ["Kettle"]
    assert sorted(GroupSearch.objects.get().facets) == sorted(before.facets)


def test_what_says_the_same_as_before_writes_no_row(support):
    before = GroupSearch.objects.get().indexed_at
    SupportFactory(group=support.group, role=support.role, group_agrees=False)
    Support.objects.update(boundaries_agreed_on=date(2026, 1, 1))
    assert GroupSearch.objects.get().indexed_at == before


def test_a_change_while_all_rows_are_built_anew_is_not_lost(support):
    # What the swap looks at: rows that were written after it began.
    before = GroupSearch.objects.get().indexed_at
    Support.objects.update(group_agrees=False)
    assert GroupSearch.objects.get().indexed_at > before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM groups_roles_received()")
        assert cursor.fetchone() == (0,)
