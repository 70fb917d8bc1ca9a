"""Anyone suggests what is wrong on a practitioner's page; consent stays the practitioner's own."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from directory.forms import listing_key, stamp_for
from directory.loading import read_yaml
from directory.models import Change, Suggestion
from directory.suggesting import apply, current_values, form_for
from groups.samples import load_sample_groups
from practitioners.models import Practitioner
from practitioners.samples import DATA, load_sample_practitioners
from tests.factories import PlaceFactory, PractitionerContactFactory, PractitionerFactory, SupportRoleFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    SupportRoleFactory(slug="bridge-builder", name="Bridge-builder")
    ada = PractitionerFactory(
        slug="ada", name="Ada", own_email="ada@example.org", roles=[SupportRoleFactory(slug="facilitator")]
    )
    PractitionerContactFactory(practitioner=ada, value="ada@example.org", visibility="relay")
    PractitionerContactFactory(practitioner=ada, kind="phone", value="0113 496 0821", visibility="everyone")
    return ada


def sent(client, ada, **changes):
    """Return what a browser would send of her form, with some changes."""
    stamp = stamp_for(f"suggest:{listing_key(ada)}", timezone.now() - timedelta(seconds=60))
    return filled(client.get("/practitioners/ada/suggest/")) | {"stamp": stamp} | changes


def test_a_correction_waits_and_is_taken(client, ada):
    assert 'href="/practitioners/ada/suggest/"' in client.get("/practitioners/ada/").content.decode()
    page = client.get("/practitioners/ada/suggest/").content.decode()
    assert "ada@example.org" not in page
    assert "0113 496 0821" in page
    phone = ada.contacts.get(kind="phone")
    data = sent(
        client, ada, title="Librarian", roles=["bridge-builder"], **{f"contacts.{phone.pk}.value": "0114 496 0000"}
    )
    assert client.post("/practitioners/ada/suggest/", data).status_code == 302
    suggestion = Suggestion.objects.get()
    assert suggestion.values == {
        "title": "Librarian",
        "roles": ["bridge-builder"],
        f"contacts.{phone.pk}.value": "0114 496 0000",
    }
    assert suggestion.risk == 30
    consent = ada.consent_given_on
    apply(suggestion, suggestion.values, by=get_user_model().objects.create_user("curator"))
    ada.refresh_from_db()
    phone.refresh_from_db()
    assert (ada.title, [role.slug for role in ada.roles.all()], phone.value) == (
        "Librarian",
        ["bridge-builder"],
        "0114 496 0000",
    )
    assert (ada.consent_given_on, ada.own_email, ada.state) == (consent, "ada@example.org", "published")


def test_nobody_can_suggest_consent_or_their_address(client, ada):
    data = sent(client, ada, consent_given_on="2020-01-01", own_email="else@example.org", state="archived")
    assert client.post("/practitioners/ada/suggest/", data).status_code == 422
    assert not Suggestion.objects.exists()


def test_without_consent_there_is_no_page_to_correct(client, ada):
    Practitioner.objects.update(state="archived")
    assert client.get("/practitioners/ada/suggest/").status_code == 404


@pytest.mark.usefixtures("content")
def test_each_sample_goes_through_the_form_and_back_without_a_difference(client):
    for name in {name for entry in read_yaml(DATA) for name in entry["places"]}:
        PlaceFactory(name=name)
    load_sample_groups()
    assert load_sample_practitioners() > 5
    before = Change.objects.count()
    for person in Practitioner.objects.all():
        values = current_values(person)
        form = form_for(Practitioner, person, values)
        assert (form.errors, form.differences()) == ({}, ({}, {})), person
        form.write(by=None)
        if person.is_published:
            assert client.get(f"/practitioners/{person.slug}/suggest/").status_code == 200
    assert Change.objects.count() == before
