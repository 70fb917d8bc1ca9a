"""Consent: nothing of anybody who has not given it, or has taken it back, stands anywhere."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from practitioners.actions import withdraw_consent
from practitioners.links import own_path
from practitioners.models import Practitioner
from tests.factories import (
    CaseStudyFactory,
    GroupFactory,
    PlaceFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    SupportFactory,
    SupportRoleFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

# Said nowhere but in what is hers.
HERS = ("Xanthippe", "xanthippe", "Brambledown")


@pytest.fixture
def everywhere():
    """A practitioner who stands on every kind of page, and the addresses of these pages."""
    role, place = SupportRoleFactory(slug="co-educator"), PlaceFactory()
    topic, case, group = TopicFactory(slug="grief"), CaseStudyFactory(slug="a-case"), GroupFactory(slug="kettle")
    her = PractitionerFactory(
        slug="xanthippe",
        name="Xanthippe",
        summary="Brambledown",
        offers="Brambledown",
        online=True,
        roles=[role],
        topics=[topic],
        places=[place],
    )
    group.topics.set([topic])
    PractitionerContactFactory(practitioner=her, value="xanthippe@example.org", visibility="everyone")
    SupportFactory(practitioner=her, group=group, role=role)
    other = PractitionerFactory(slug="other", name="Other", roles=[role], topics=[topic], places=[place])
    case.practitioners.set([her, other])
    return her, [
        ("/practitioners/", 200),
        ("/practitioners/xanthippe/", 200),
        ("/practitioners/?q=Xanthippe", 200),
        ("/practitioners/?q=Xantippe", 200),
        ("/practitioners/?q=Brambledown", 200),
        ("/practitioners/?role=co-educator&near=Leeds", 200),
        ("/practitioners/?online=only", 200),
        ("/practitioners/roles/co-educator/", 200),
        ("/search/?q=Brambledown", 200),
        ("/topics/grief/", 200),
        ("/groups/kettle/", 200),
        ("/case-studies/a-case/", 200),
        ("/sitemap-practitioners.xml", 200),
    ]


NEVER = [
    "/complete/?q=Xanthip",
    "/complete/?q=Bramble",
    "/groups/?q=Xanthippe",
    "/groups/calendar.ics",
    "/groups/map.json",
    "/feeds/groups.csv",
    "/feeds/groups.atom",
    "/api/openreferral/services",
    "/",
    "/practitioners/role-finder/",
    "/practitioners/other/",
]


def said_of_her(response, address):
    """Return which of her words a page says, the words of the search itself left out."""
    text = response.content.decode(errors="replace")
    if "q=" in address:
        # What was typed stands in the box, in the heading and in the links of the page.
        typed = address.split("q=")[1]
        text = text.replace(f"{typed}@", "@@").replace(f"/{typed}/", "/@@/").replace(typed, "")
    return [word for word in HERS if word in text]


def hide_by_action(her, client):
    withdraw_consent(her, by=None)


def hide_by_statement(her, client):
    Practitioner.objects.filter(pk=her.pk).update(state="archived", consent_given_on=None)


def hide_in_the_admin(her, client):
    client.force_login(User.objects.create_superuser("curator", password="x"))
    page = reverse("admin:practitioners_practitioner_changelist")
    sent = {"action": "withdraw", "_selected_action": [her.pk], "confirmed": "1"}
    assert client.post(page, sent).status_code == 302
    client.logout()


def hide_by_their_own_link(her, client):
    Practitioner.objects.filter(pk=her.pk).update(own_email="xanthippe@example.org")
    her.refresh_from_db()
    assert client.post(own_path(her), {"withdraw": "1"}).status_code == 200


@pytest.mark.parametrize("hide", [hide_by_action, hide_by_statement, hide_in_the_admin, hide_by_their_own_link])
def test_consent_taken_back_is_in_force_everywhere_at_once(client, everywhere, hide):
    her, addresses = everywhere
    for address, status in addresses:
        response = client.get(address)
        assert response.status_code == status, address
        assert said_of_her(response, address), address
    hide(her, client)
    for address, status in addresses:
        response = client.get(address)
        gone = address == "/practitioners/xanthippe/"
        assert response.status_code == (404 if gone else status), address
        assert said_of_her(response, address) == [], address
    for address in NEVER:
        response = client.get(address)
        assert response.status_code in {200, 404}, address
        assert said_of_her(response, address) == [], address


def test_what_was_agreed_to_be_shown_has_to_be_agreed_again(client, everywhere):
    her, _addresses = everywhere
    assert withdraw_consent(her, by=None)
    assert not withdraw_consent(her, by=None)
    Practitioner.objects.filter(pk=her.pk).update(state="published", consent_given_on="2026-01-01")
    assert b"xanthippe" not in client.get("/groups/kettle/").content


@pytest.mark.parametrize("missing", ["group_agrees", "practitioner_agrees"])
def test_support_is_shown_only_where_both_agreed(client, missing):
    role = SupportRoleFactory(slug="co-educator")
    support = SupportFactory(role=role, practitioner__name="Xanthippe", group__name="Kettle", **{missing: False})
    for address in [
        support.group.get_absolute_url(),
        support.practitioner.get_absolute_url(),
        "/practitioners/roles/co-educator/",
    ]:
        page = client.get(address).content.decode()
        assert not ("Xanthippe" in page and "Kettle" in page), address
    setattr(support, missing, True)
    support.save()
    page = client.get("/practitioners/roles/co-educator/").content.decode()
    assert "Xanthippe" in page
    assert "Kettle" in page
