"""What is typed into a field for a place, and is no name by itself."""

import pytest
from django import forms

from directory.formfields import PlaceField
from tests.factories import PlaceFactory, PostcodeSectorFactory

pytestmark = pytest.mark.django_db


class WhereForm(forms.Form):
    near = PlaceField()


def asked(typed):
    """Return the label of the place, what was left out, and the messages."""
    form = WhereForm({"near": typed})
    form.is_valid()
    place = form.cleaned_data.get("near")
    return place and place.label, form.fields["near"].left_out, [*form.errors.get("near", [])]


@pytest.fixture(autouse=True)
def places():
    PlaceFactory()
    PlaceFactory(name="Hull", area="East Riding", latitude=53.74, longitude=-0.33)
    PlaceFactory(name="Norfolk", area="England", kind="county", population=None, latitude=52.67, longitude=1.0)
    PlaceFactory(name="Aylsham", area="Norfolk", kind="town", population=6000, latitude=52.8, longitude=1.25)
    PlaceFactory(name="Aylsham", area="Elsewhere", kind="town", population=9000, latitude=55.8, longitude=-4.2)
    PlaceFactory(name="St Ives", area="Cornwall", kind="town", population=9900, latitude=50.2, longitude=-5.5)
    PlaceFactory(name="Cornwall", area="England", kind="county", population=None, latitude=50.4, longitude=-4.9)
    PlaceFactory(name="Paris", area="France", country="FR", latitude=48.86, longitude=2.35)
    PostcodeSectorFactory(sector="LS6 1", outward="LS6", latitude=53.82, longitude=-1.57, district="Leeds")


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("aylsham norfolk", "Aylsham, Norfolk"),
        ("aylsham, norfolk", "Aylsham, Norfolk"),
        ("st ives cornwall", "St Ives, Cornwall"),
        ("75011 Paris", "Paris, France"),
        ("Paris 75011", "Paris, France"),
        ("north leeds", "Leeds, West Yorkshire"),
        ("Leeds area", "Leeds, West Yorkshire"),
        ("close to LS6", "LS6, Leeds"),
        ("leeds LS6", "LS6, Leeds"),
    ],
)
def test_wording_around_a_place_is_read(typed, label):
    assert asked(typed) == (label, [], [])


@pytest.mark.parametrize("typed", ["Leeds and Hull", "Leeds, Hull", "leeds or Hull", "Leeds Hull"])
def test_of_two_places_the_first_counts_and_the_other_is_told(typed):
    label, left_out, messages = asked(typed)
    assert (label, left_out, messages) == ("Leeds, West Yorkshire", ["Hull"], [])


@pytest.mark.parametrize("path", ["/groups/", "/practitioners/", "/search/"])
def test_the_page_says_which_place_was_left_out(client, path):
    page = client.get(path, {"near": "Leeds and Hull"}).content.decode()
    assert "We look near one place at a time here. We left out “Hull”." in page


@pytest.mark.parametrize("typed", ["not leeds", "outside leeds", "leeds or xyzzy", "xyzzy", "91,0 leeds", "a " * 40])
def test_what_is_not_clear_gets_a_message(typed):
    label, left_out, messages = asked(typed)
    assert (label, left_out) == (None, [])
    assert len(messages) == 1


def test_local_asks_where_somebody_is():
    assert asked("local")[2] == ["Where are you? Type a town or a postcode, and we look near it."]
