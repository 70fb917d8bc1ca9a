import pytest
from django.db import IntegrityError, transaction

from practitioners.models import Practitioner
from tests.factories import (
    GroupFactory,
    PlaceFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    RoleShownFactory,
    SupportAreaFactory,
    SupportFactory,
    SupportRoleFactory,
    TopicFactory,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def names(client, query):
    response = client.get(f"/practitioners/?{query}")
    assert response.status_code == 200
    return [practitioner.name for practitioner in response.context["listings"]]


def test_found_by_role_area_topic_sector_and_words(client):
    bridge, area, topic = (
        SupportRoleFactory(slug="bridge-builder"),
        SupportAreaFactory(slug="connections"),
        TopicFactory(slug="cancer"),
    )
    one = PractitionerFactory(name="Ada", roles=[bridge], topics=[topic], sector="library", offers="Rooms to meet in")
    one.areas.set([area])
    PractitionerFactory(name="Ben", sector="health", accepting_requests=False)
    for query in [
        "role=bridge-builder",
        "area=connections",
        "topic=cancer",
        "sector=library",
        "q=rooms",
        "q=ada",
        "accepting=on",
    ]:
        assert names(client, query) == ["Ada"], query
    assert names(client, "") == ["Ada", "Ben"]


def test_found_where_they_serve(client):
    leeds = PlaceFactory()
    kent = PlaceFactory(name="Kent", kind="county", area="England", latitude=51.2, longitude=0.7, radius_km=45)
    PlaceFactory(name="Dover", kind="town", area="Kent", latitude=51.128, longitude=1.31)
    PractitionerFactory(name="Ada", places=[leeds])
    PractitionerFactory(name="Ben", places=[kent])
    assert names(client, "near=Leeds") == ["Ada"]
    assert names(client, "near=Dover") == ["Ben"]


def test_an_unknown_role_gets_the_list_with_a_message(client):
    PractitionerFactory(name="Ada")
    response = client.get("/practitioners/?role=wizard")
    assert "We do not know “wizard” here" in main_of(response)
    assert "Ada" in main_of(response)


def test_the_page_of_a_practitioner(client):
    role = SupportRoleFactory(name="Bridge-builder")
    ada = PractitionerFactory(name="Ada", roles=[role], offers="A room\nA listening ear", does_not_offer="Therapy")
    PractitionerContactFactory(practitioner=ada, value="shown@example.org", visibility="everyone")
    PractitionerContactFactory(practitioner=ada, value="hidden@example.org", visibility="relay")
    support = SupportFactory(practitioner=ada, group=GroupFactory(name="Kettle"), role=role)
    SupportFactory(practitioner=ada, group=GroupFactory(name="Unseen"), role=role, group_agrees=False)
    page = main_of(client.get(f"/practitioners/{ada.slug}/"))
    for said in ["Ada", "Bridge-builder", "A listening ear", "Therapy", "shown@example.org", support.group.name]:
        assert said in page
    assert "hidden@example.org" not in page
    assert "Unseen" not in page


def test_the_database_refuses_to_publish_without_consent():
    ada = PractitionerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Practitioner.objects.filter(pk=ada.pk).update(consent_given_on=None)


def test_a_role_page_joins_practitioners_groups_and_case_studies_and_owns_its_reading_once(client):
    role = SupportRoleFactory(slug="facilitator", name="Facilitator", reading_note="All this is our own reading.")
    PractitionerFactory(name="Ada", roles=[role])
    group = GroupFactory(name="Kettle")
    group.seeking.set([role])
    RoleShownFactory(role=role, case_study__name="A case to learn from")
    RoleShownFactory(role=role, case_study__name="A case nobody sees", case_study__state="draft")
    page = main_of(client.get("/practitioners/roles/facilitator/"))
    for said in ["Facilitator", "Ada", "Kettle", "A case to learn from"]:
        assert said in page
    assert page.count("All this is our own reading.") == 1
    assert "A case nobody sees" not in page


def test_all_roles_on_one_page(client, content):
    page = main_of(client.get("/practitioners/roles/"))
    for name in ["Resource-builder", "Capacity-builder", "Facilitator", "Bridge-builder", "Co-educator"]:
        assert name in page


def test_the_form_for_joining_is_found_from_where_practitioners_look(client, content):
    for address in (
        "/practitioners/",
        "/practitioners/role-finder/?path=practitioner&answer=help-talk",
        "/sitemap-pages.xml",
    ):
        assert "/practitioners/add/" in client.get(address).content.decode(), address


def test_constant_queries(client):
    role, place = SupportRoleFactory(slug="facilitator"), PlaceFactory()
    ada = PractitionerFactory(roles=[role], places=[place])
    addresses = [
        "/practitioners/",
        f"/practitioners/{ada.slug}/",
        "/practitioners/roles/",
        "/practitioners/roles/facilitator/",
    ]
    few = [queries_of(client, address) for address in addresses]
    for _each in range(9):
        PractitionerFactory(roles=[role, SupportRoleFactory()], places=[place])
        SupportFactory(practitioner=ada)
        RoleShownFactory(role=role)
    assert [queries_of(client, address) for address in addresses] == few
