"""One list of all that waits, for each person what they may decide."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casestudies.models import CaseStudy
from directory.models import Suggestion
from groups.models import Group
from selfhelp.queue import PAGE_SIZE, Queue, looks_like
from tests.factories import (
    CaseStudyFactory,
    GroupContactFactory,
    GroupFactory,
    PractitionerFactory,
    ReaderQuestionFactory,
)
from tests.selfhelp.test_roles import sign_in

pytestmark = pytest.mark.django_db


def suggestion_about(listing, **more):
    """Return a correction of a listing that somebody sent in."""
    about = {"content_type": ContentType.objects.get_for_model(listing), "object_id": listing.pk}
    return Suggestion.objects.create(**{"kind": "correction", "title": listing.name} | about | more)


def one_of_each(**ages):
    """Make one of each kind of thing that waits, and some that do not."""
    now = timezone.now()
    GroupFactory(name="A pending group", state="pending", state_changed_at=now - timedelta(days=9))
    PractitionerFactory(name="A pending practitioner", state="pending", state_changed_at=now - timedelta(days=8))
    PractitionerFactory(name="Not confirmed", state="pending", own_email="a@example.org", consent_given_on=None)
    PractitionerFactory(
        name="New words",
        proposed={"about": "More"},
        confirmed_at=now - timedelta(days=7),
        confirmed_by="owner",
    )
    CaseStudyFactory(name="A pending case", state="pending", state_changed_at=now - timedelta(days=6))
    ReaderQuestionFactory(case_study=CaseStudyFactory(name="A case asked about"), asked_at=now - timedelta(days=5))
    suggestion_about(GroupFactory(name="Held back", state="pending"), title="A new concern", kind="safety", risk=8)
    group = GroupFactory(name="A group")
    suggestion_about(group, title="A correction", sent_at=now - timedelta(days=4), risk=1)
    suggestion_about(group, title="A concern", kind="safety", sent_at=now - timedelta(days=1), risk=9)
    suggestion_about(group, title="Decided", state="refused", decided_at=now)
    suggestion_about(CaseStudyFactory(), title="About a case", sent_at=now - timedelta(days=2))
    kind = ContentType.objects.get_for_model(Group)
    Suggestion.objects.create(kind="new", content_type=kind, title="A new one", sent_at=now - timedelta(days=3))


IN_ORDER = [
    "A concern",
    "A new concern",
    "A correction",
    "A pending group",
    "A pending practitioner",
    "New words",
    "A pending case",
    "A case asked about",
    "A new one",
    "About a case",
]
SEEN_BY = {
    "administrator": IN_ORDER,
    "curator": [title for title in IN_ORDER if title not in {"A pending case", "A case asked about"}],
    "editor": ["A pending case", "A case asked about", "About a case"],
    "moderator": ["A concern", "A new concern", "A correction", "A case asked about", "A new one", "About a case"],
}


def titles(response):
    return [each.title for each in response.context["page"].object_list]


@pytest.mark.parametrize("role", SEEN_BY)
def test_each_role_sees_what_it_may_decide_riskiest_and_then_oldest_first(client, role):
    sign_in(client, role)
    one_of_each()
    assert titles(client.get("/admin/queue/")) == SEEN_BY[role]


@pytest.mark.parametrize("role", SEEN_BY)
def test_each_row_leads_to_where_it_is_decided(client, role):
    sign_in(client, role)
    one_of_each()
    for each in client.get("/admin/queue/").context["page"].object_list:
        assert client.get(each.address).status_code == 200, each


def test_nobody_else_sees_it(client):
    assert client.get("/admin/queue/").status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get("/admin/queue/").status_code == 403


def test_the_queue_can_be_narrowed_to_a_kind(admin_client):
    one_of_each()
    assert titles(admin_client.get("/admin/queue/?kind=words")) == ["New words"]
    assert titles(admin_client.get("/admin/queue/?kind=safety")) == ["A concern", "A new concern"]
    page = admin_client.get("/admin/queue/").content.decode()
    assert 'href="?kind=question"' in page


def test_a_kind_that_somebody_may_not_see_is_empty(client):
    sign_in(client, "moderator")
    one_of_each()
    assert titles(client.get("/admin/queue/?kind=group")) == []


@pytest.mark.parametrize("asked", ["kind=x", "kind=%00", "kind=" + "x" * 10_000, "page=x", "page=%00", "page=-1"])
def test_what_makes_no_sense_is_left_out(admin_client, asked):
    one_of_each()
    assert titles(admin_client.get(f"/admin/queue/?{asked}")) == IN_ORDER


def test_it_has_pages_and_a_constant_number_of_queries(admin_client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert admin_client.get("/admin/queue/").status_code == 200
        return len(found)

    one_of_each()
    admin_client.get("/admin/queue/")
    few = queries()
    case = CaseStudy.objects.first()
    for _each in range(PAGE_SIZE):
        suggestion_about(case)
        ReaderQuestionFactory(case_study=case)
    assert queries() == few
    second = admin_client.get("/admin/queue/?page=2")
    assert len(titles(second)) == PAGE_SIZE
    assert second.context["page"].paginator.count == 2 * PAGE_SIZE + len(IN_ORDER)


def test_the_index_says_how_many_wait(client):
    sign_in(client, "moderator")
    assert "Nothing waits" in client.get("/admin/").content.decode()
    one_of_each()
    assert "The queue: <b>6</b>" in client.get("/admin/").content.decode()


def test_whoever_may_decide_nothing_sees_no_way_to_the_queue(client):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert "/admin/queue/" not in client.get("/admin/").content.decode()


def test_a_group_of_a_similar_name_is_named():
    GroupFactory(name="Hope Street Carers")
    GroupFactory(name="Tuesday anglers")
    by_name = looks_like(Group, {"name": "Hope St Carers"})
    assert [(str(each.listing), each.reasons) for each in by_name] == [("Hope Street Carers", ["similar name"])]
    assert looks_like(Group, {"name": ["x"]}) == []
    assert looks_like(CaseStudy, {"name": "Hope Street Carers"}) == []


def test_a_group_with_the_same_telephone_is_named_with_why():
    group = GroupFactory(name="Hope Street Carers")
    GroupContactFactory(group=group, kind="phone", value="0113 496 0000")
    values = {"name": "Carers of Hope Street", "contacts.new1.kind": "phone", "contacts.new1.value": "+44 113 4960000"}
    (found,) = looks_like(Group, values)
    assert found.listing == group
    assert any("telephone" in reason for reason in found.reasons)


def test_the_queue_of_nobody_is_empty():
    one_of_each()
    queue = Queue(User.objects.create_user("nobody"))
    assert (queue.total, list(queue.page(1))) == (0, [])
