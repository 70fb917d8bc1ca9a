import pytest

from directory import gazetteer
from directory.gazetteer import PlaceUnknown, expect, find_place, locate, public_area, public_point
from directory.geo import Point, distance_km
from directory.keeping import asking_once
from tests.factories import CountryFactory, PlaceFactory, PostcodeSectorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def croydon():
    PostcodeSectorFactory(sector="CR0 1", latitude=51.371, longitude=-0.100)
    PostcodeSectorFactory(sector="CR0 2", latitude=51.385, longitude=-0.095)


@pytest.mark.parametrize("typed", ["CR0 1NX", "cr01nx", " CR0  1NX ", "CR0 1", "cr0-1", "CR0 1N"])
def test_a_postcode_or_its_beginning_leads_to_its_sector(croydon, typed):
    found = locate(typed)
    assert found.label == "CR0 1, Croydon"
    assert found.point == pytest.approx((51.371, -0.100))


def test_an_outward_code_leads_to_the_middle_of_its_sectors(croydon):
    found = locate("CR0")
    assert found.point == pytest.approx((51.378, -0.0975))


def test_a_postcode_is_in_its_own_country():
    PostcodeSectorFactory(sector="EH1 1", outward="EH1", district="City of Edinburgh", country="SCT")
    PostcodeSectorFactory(sector="TD15 1", outward="TD15", district="Northumberland")
    PostcodeSectorFactory(sector="TD15 2", outward="TD15", district="Northumberland")
    PostcodeSectorFactory(sector="TD15 3", outward="TD15", district="Scottish Borders", country="SCT")
    found = {code: find_place(code).country for code in ("EH1 1AA", "EH1", "TD15 1UW", "TD15", "TD15 3AB")}
    assert found == {"EH1 1AA": "SCT", "EH1": "SCT", "TD15 1UW": "ENG", "TD15": "ENG", "TD15 3AB": "SCT"}


@pytest.mark.parametrize("typed", ["91, 200", "99,999", "-90.1,0"])
def test_a_point_that_is_not_on_the_earth_is_no_place(typed):
    assert find_place(typed) is None
    with pytest.raises(PlaceUnknown, match="no such point"):
        locate(typed)


def test_an_outward_code_without_its_last_letter_leads_to_the_middle_of_all_of_its_kind():
    for outward, latitude in [("SW1A", 51.50), ("SW1V", 51.48), ("SW11", 51.40)]:
        PostcodeSectorFactory(sector=f"{outward} 1", outward=outward, latitude=latitude, district="Westminster")
    found = locate("sw1")
    assert found.label == "SW1, Westminster"
    assert found.point.latitude == pytest.approx(51.49)


def test_a_sector_that_is_not_known_falls_back_to_the_outward_code(croydon):
    assert locate("CR0 9ZZ").label == "CR0, Croydon"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("BT7 1NN", "Northern Ireland"),
        ("JE2 3AB", "islands"),
        ("44000", "Type a town"),
        ("D02 AF30", "Type a town"),
        ("D04", "We cannot read this postcode"),
        ("me", "Where are you"),
        ("Near me", "Where are you"),
        ("in my area", "Where are you"),
        ("ZZ9 9ZZ", "Check it"),
        ("xyzzy", "Try a town"),
        ("!!!", "Try a town"),
    ],
)
def test_what_cannot_be_found_says_what_to_do(typed, said):
    with pytest.raises(PlaceUnknown, match=said):
        locate(typed)


@pytest.mark.parametrize("typed", ["Leeds", "leeds", " LEEDS ", "Leeds, West Yorkshire", "Leeds, England", "Leeds, UK"])
def test_a_town_is_found_by_name(typed):
    town = PlaceFactory()
    assert locate(typed).point == town.point


def test_other_names_lead_to_a_place():
    PlaceFactory(name="Cardiff", other_names=["Caerdydd"], country="WLS", area="Wales")
    assert locate("caerdydd").label == "Cardiff, Wales"


def test_the_town_comes_before_the_ward_and_others_of_its_name_are_offered():
    PlaceFactory(name="Newport", kind="ward", area="Cardiff", country="WLS", latitude=51.49, longitude=-3.16)
    PlaceFactory(name="Newport", kind="town", area="Isle of Wight", latitude=50.70, longitude=-1.29, population=25000)
    PlaceFactory(
        name="Newport",
        kind="city",
        area="Wales",
        country="WLS",
        latitude=51.59,
        longitude=-3.0,
        population=128060,
        radius_km=4,
    )
    found = locate("Newport")
    assert found.label == "Newport, Wales"
    assert [place.full_name for place in found.alternatives] == ["Newport, Isle of Wight", "Newport, Cardiff"]


def test_each_name_is_offered_once():
    for kind, area, latitude in [("town", "Kent", 51.4), ("town", "Dorset", 51.0), ("ward", "Dorset", 50.8)]:
        PlaceFactory(name="Gillingham", kind=kind, area=area, latitude=latitude, population=None)
    assert [place.full_name for place in locate("Gillingham").alternatives] == ["Gillingham, Dorset"]
    assert locate("Gillingham, Dorset").alternatives == ()


def test_the_letters_of_a_postcode_are_no_word_for_oneself(croydon):
    PostcodeSectorFactory(sector="ME4 1", outward="ME4", district="Medway")
    assert locate("ME").label == "ME, Medway"


def test_a_hidden_address_in_a_town_is_not_put_into_the_middle_of_its_county():
    PlaceFactory(name="County Donegal", other_names=["Donegal"], kind="county", country="IE", latitude=54.83)
    town = PlaceFactory(name="Donegal", kind="village", country="IE", latitude=54.65, population=2618)
    assert locate("Donegal").label == "County Donegal, West Yorkshire"
    assert public_area("", "Donegal", "IE") == town.point


def test_the_district_around_a_town_is_not_another_place():
    PlaceFactory()
    PlaceFactory(kind="district", latitude=53.82, longitude=-1.5, radius_km=11)
    assert locate("Leeds").alternatives == ()


def test_a_name_that_is_spelt_nearly_right_is_suggested():
    PlaceFactory(name="Rochdale", area="Greater Manchester")
    with pytest.raises(PlaceUnknown) as unknown:
        locate("Rochdal")
    assert unknown.value.suggestions == ["Rochdale, Greater Manchester"]


def test_several_countries_at_once():
    with pytest.raises(PlaceUnknown):
        locate("UK")
    CountryFactory(name="England", country="ENG", latitude=53, longitude=-1.7, radius_km=464)
    CountryFactory(name="Scotland", country="SCT", latitude=57, longitude=-4.2, radius_km=441)
    CountryFactory(name="Northern Ireland", country="NIR", latitude=54.6, longitude=-6.7, radius_km=83)
    # A village of that name is no country.
    PlaceFactory(name="Scotland", area="Lincolnshire", kind="village", latitude=52.9, longitude=-0.4)
    for name in ("UK", "the uk", "United Kingdom"):
        assert locate(name).nations == ("ENG", "SCT", "NIR")
    assert locate(locate("UK").label) == locate("UK")
    assert locate("Britain").nations == locate("Great Britain").nations == ("ENG", "SCT")
    assert locate("Britain").point == (55, -2.95)
    assert locate("Britain").radius_km > 464
    assert locate("Scotland").nations == ("SCT",)
    assert locate("Scotland, Lincolnshire").nations == ()


def test_kilometres_in_france_and_ireland():
    PlaceFactory(name="Nantes", country="FR", area="Pays de la Loire")
    PlaceFactory()
    assert locate("Nantes").in_kilometres
    assert not locate("Leeds").in_kilometres


def test_the_public_area_of_an_address_says_nothing_of_the_house(croydon):
    house = Point(51.3719, -0.1012)
    assert public_area("CR0 1NX", "Croydon", "ENG", house) == pytest.approx((51.371, -0.100))


def test_the_public_area_without_a_postcode_is_the_town_that_is_nearest():
    near = PlaceFactory(name="Ashton", area="Cornwall", latitude=50.1, longitude=-5.3)
    PlaceFactory(name="Ashton", area="Greater Manchester", latitude=53.49, longitude=-2.09)
    assert public_area("", "Ashton", "ENG", Point(50.12, -5.31)) == near.point


def test_the_public_area_of_an_unknown_town_is_a_coarse_grid():
    one = public_area("", "Somewhere", "US", Point(39.0169, -94.6012))
    other = public_area("", "Somewhere", "US", Point(39.0201, -94.6101))
    assert one == other
    assert 0.5 < distance_km(one, Point(39.0169, -94.6012)) < 5


def test_nothing_known_is_nowhere():
    assert public_area("", "Somewhere", "US", None) is None


def test_the_point_of_a_hidden_address_is_shifted_and_the_same_for_the_whole_area(croydon):
    houses = [Point(51.3719 + n / 5000, -0.1012 - n / 3000) for n in range(8)]
    (shown,) = {public_point("CR0 1NX", "Croydon", "ENG", house) for house in houses}
    assert {public_point(code, "Croydon", "ENG") for code in ["CR0 1AA", "cr01zz"]} == {shown}
    assert 0.29 < distance_km(shown, public_area("CR0 1NX", "Croydon", "ENG")) < 1.02
    assert all(distance_km(shown, house) > 0.1 for house in houses)


def test_the_shift_is_a_secret_of_the_site(croydon, settings):
    points = set()
    for secret in ["one", "another", "a third"]:
        settings.SECRET_KEY = secret
        points.add(public_point("CR0 1NX", "Croydon", "ENG"))
    assert len(points) == 3


def test_a_shifted_point_stays_on_the_earth():
    for house in [Point(89.99, 0), Point(-90, 10), Point(10, 179.999), Point(0, -180)]:
        shown = public_point("", "Nowhere", "US", house)
        assert -90 <= shown.latitude <= 90
        assert -180 <= shown.longitude <= 180


def test_the_places_that_a_text_may_mean_are_looked_up_together(django_assert_num_queries):
    PlaceFactory(name="Leeds")
    PlaceFactory(name="York")
    with asking_once():
        expect({"leeds", "york", "wells"})
        with django_assert_num_queries(1):
            assert find_place("Leeds").label.startswith("Leeds")
            assert find_place("Wells") is None
            assert find_place("york").label.startswith("York")
    with django_assert_num_queries(1):
        find_place("York")


def test_looked_up_together_each_name_has_its_own_places():
    for north, area in enumerate(["Kent", "Fife", "Devon"]):
        PlaceFactory(name="Newtown", area=area, latitude=51 + north, population=100 - north)
    PlaceFactory(name="Leeds")
    alone = find_place("Newtown"), find_place("Newtown, Fife"), find_place("Leeds")
    assert [each.label for each in alone] == ["Newtown, Kent", "Newtown, Fife", "Leeds, West Yorkshire"]
    with asking_once():
        expect({"newtown", "leeds"})
        assert (find_place("Newtown"), find_place("Newtown, Fife"), find_place("Leeds")) == alone


def test_a_name_is_found_though_others_have_very_many_places(monkeypatch):
    monkeypatch.setattr(gazetteer, "MOST_CALLED", 5)
    for number in range(6):
        PlaceFactory(name="Newtown", area=f"Area {number}")
    PlaceFactory(name="Wells", kind="ward", population=None)
    with asking_once():
        expect({"newtown", "wells"})
        assert find_place("Wells") is not None
        assert find_place("Newtown") is not None
