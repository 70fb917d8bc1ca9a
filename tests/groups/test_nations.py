"""A country in a search is that country, and no circle around its middle."""

import pytest

from directory.choices import PublicationState
from groups.rebuilding import rebuild
from tests.factories import CountryFactory, GroupFactory, MeetingFactory, PlaceFactory, TopicFactory, VenueFactory
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def meets(name, country, latitude, longitude, **kwargs):
    """Make a group that meets at a point in a country."""
    venue = VenueFactory(country=country, latitude=latitude, longitude=longitude)
    return MeetingFactory(group__name=name, venue=venue, **kwargs).group


@pytest.fixture
def coasts():
    """France, England and Scotland, with groups on both sides of the Channel and of the Tweed."""
    CountryFactory()
    uk = {"area": "United Kingdom"}
    CountryFactory(name="England", country="ENG", latitude=52.9, longitude=-1.7, radius_km=464, **uk)
    CountryFactory(name="Scotland", country="SCT", latitude=57.0, longitude=-4.2, radius_km=441, **uk)
    PlaceFactory(name="Calais", country="FR", area="Hauts-de-France", latitude=50.95, longitude=1.86)
    grief = TopicFactory(slug="bereavement", label="Grief and loss", synonyms=["grief"])
    meets("Calais", "FR", 50.95, 1.86, weekdays=[0]).topics.add(grief)
    meets("Nice", "FR", 43.7, 7.27, weekdays=[1])
    meets("Dover", "ENG", 51.13, 1.31, weekdays=[0]).topics.add(grief)
    meets("Newcastle", "ENG", 54.98, -1.61, weekdays=[1])
    meets("Berwick", "ENG", 55.77, -2.0, weekdays=[0])
    meets("Thurso", "SCT", 58.59, -3.52, weekdays=[0]).topics.add(grief)


def found(client, query):
    response = client.get(f"/groups/?{query}")
    assert response.status_code == 200
    return response.context


def names(context):
    return {group.name for group in context["listings"]}


@pytest.mark.usefixtures("coasts")
class TestCountry:
    @pytest.mark.parametrize("query", ["near=France", "q=france", "q=France", "q=groups in france", "near=france"])
    def test_is_what_is_in_it_and_nothing_across_the_water(self, client, query):
        context = found(client, query)
        assert names(context) == {"Calais", "Nice"}
        assert context["headline"] == "2 groups in France"
        assert [chip.label for chip in context["chips"]] == ["In France"]

    @pytest.mark.parametrize("query", ["near=Isle of Man", "q=isle of man", "q=groups in the Isle of Man"])
    def test_has_its_article(self, client, query):
        CountryFactory(name="Isle of Man", country="IM", area="", latitude=54.23, longitude=-4.55, radius_km=22)
        meets("Douglas", "IM", 54.15, -4.48)
        context = found(client, query)
        assert names(context) == {"Douglas"}
        assert context["headline"] == "1 group in the Isle of Man"
        assert [chip.label for chip in context["chips"]] == ["In the Isle of Man"]

    @pytest.mark.parametrize("query", ["near=Scotland", "q=scotland"])
    def test_is_no_wider_than_its_border(self, client, query):
        assert names(found(client, query)) == {"Thurso"}

    def test_beside_a_topic_and_a_day(self, client):
        context = found(client, "q=grief in France on monday")
        assert names(context) == {"Calais"}
        assert context["headline"] == "1 group for Grief and loss in France, on Mondays"
        assert names(found(client, "near=Scotland&topic=bereavement&day=mon")) == {"Thurso"}

    def test_two_countries_are_either(self, client):
        context = found(client, "q=grief in Scotland or France")
        assert names(context) == {"Calais", "Thurso"}
        assert context["headline"] == "2 groups for Grief and loss in Scotland or France"

    @pytest.mark.parametrize("query", ["near=UK", "near=the United Kingdom", "q=uk", "q=groups in the uk"])
    def test_several_at_once_have_a_name_too(self, client, query):
        northern = CountryFactory(name="Northern Ireland", country="NIR", latitude=54.6, longitude=-6.7, radius_km=83)
        GroupFactory(name="Belfast").serves.add(northern)
        context = found(client, query)
        assert names(context) == {"Dover", "Newcastle", "Berwick", "Thurso", "Belfast"}
        assert context["headline"] == "5 groups in the United Kingdom"
        assert [chip.label for chip in context["chips"]] == ["In the United Kingdom"]
        assert names(found(client, "near=Great Britain")) == {"Dover", "Newcastle", "Berwick", "Thurso"}

    def test_several_at_once_tell_less_than_a_town(self, client):
        PlaceFactory(name="Dover", area="Kent", latitude=51.13, longitude=1.31)
        assert found(client, "q=uk grief dover")["headline"].endswith("near Dover")

    def test_has_no_middle_to_be_near_to(self, client):
        for query in ("near=France&sort=distance", "near=France&within=20", "q=grief in france"):
            response = client.get(f"/groups/?{query}")
            page = main_of(response)
            assert "Calais" in page
            assert " km" not in page
            assert "Nearest first" not in page
            assert 'name="within"' not in response.content.decode()

    def test_can_be_taken_away_and_the_rest_stays(self, client):
        context = found(client, "near=France&day=mon&within=20")
        chips = {chip.label: chip.url for chip in context["chips"]}
        assert chips["In France"] == "/groups/?day=mon"
        context = found(client, "q=grief in France")
        chips = {chip.label: chip.url for chip in context["chips"]}
        assert names(client.get(chips["In France"]).context) == {"Calais", "Dover", "Thurso"}
        assert names(client.get(chips["Grief and loss"]).context) == {"Calais", "Nice"}

    def test_counts_beside_choices_are_what_choosing_them_finds(self, client):
        for query in ("near=France", "near=England"):
            form = found(client, query)["form"]
            for name in ("day", "topic", "format"):
                choices = list(form[name].field.widget.choices)
                assert choices
                for code, label in choices:
                    assert label.count_of == found(client, f"{query}&{name}={code}")["total"], (query, name, code)

    def test_a_wider_search_is_anywhere_and_no_circle(self, client):
        context = found(client, "near=France&topic=bereavement")
        offers = {offer.label: offer for offer in context["widen"]}
        assert not any("km" in label or "miles" in label for label in offers)
        assert names(client.get(offers["Anywhere"].url).context) == {"Calais", "Dover", "Thurso"}
        for offer in context["widen"]:
            assert client.get(offer.url).context["total"] == offer.count

    @pytest.mark.parametrize("query", ["near=France", "q=grief in france", "near=England&day=mon"])
    def test_list_map_calendar_and_week_are_of_the_same_groups(self, client, query):
        listed = names(found(client, query))
        points = client.get(f"/groups/map.json?{query}").json()["features"]
        assert {each["properties"]["name"] for each in points} == listed
        calendar = client.get(f"/groups/calendar.ics?{query}").content.decode()
        every = ("Calais", "Nice", "Dover", "Newcastle", "Berwick", "Thurso")
        assert {name for name in every if name in calendar} == listed
        week = found(client, f"{query}&view=week")["week"]
        assert {date.meeting.group.name for day in week for date in day["dates"]} == listed

    def test_a_town_in_it_is_still_a_circle(self, client):
        context = found(client, "near=Calais&within=50")
        assert names(context) == {"Calais", "Dover"}
        assert context["headline"] == "2 groups near Calais"

    def test_groups_online_are_from_anywhere(self, client):
        MeetingFactory(group__name="Online", format="online", venue=None)
        context = found(client, "near=France&format=online")
        assert names(context) == {"Online"}
        assert "everywhere and not only in France" in context["notices"][0]

    def test_takes_no_more_queries_than_a_town(self, client):
        assert queries_of(client, "/groups/?near=France") <= queries_of(client, "/groups/?near=Calais")

    def test_pages_hold_each_group_once(self, client):
        for number in range(20):
            meets(f"Lyon {number}", "FR", 45.76, 4.83)
        first, second = (found(client, f"near=France&page={page}") for page in (1, 2))
        assert first["total"] == 22
        assert len(first["listings"]) + len(second["listings"]) == 22
        assert not names(first) & names(second)
        assert client.get(first["next_url"]).context["headline"] == "22 groups in France"

    def test_the_search_of_everything_says_in(self, client):
        page = main_of(client.get("/search/?near=France"))
        assert "we found in France" in page
        assert "Calais" in page
        assert "Dover" not in page


def test_a_hidden_address_has_its_country_too(client):
    CountryFactory()
    nowhere = {"latitude": None, "longitude": None, "address_visibility": "relay"}
    MeetingFactory(group__name="Hidden", venue=VenueFactory(country="FR", locality="Ailleurs", **nowhere))
    assert names(found(client, "near=France")) == {"Hidden"}


def test_a_table_that_is_made_anew_knows_it_too(client):
    CountryFactory()
    meets("Calais", "FR", 50.95, 1.86)
    meets("Dover", "ENG", 51.13, 1.31)
    rebuild()
    assert names(found(client, "near=France")) == {"Calais"}


def test_a_group_without_a_venue_is_in_the_country_it_serves(client):
    france = CountryFactory()
    nice = PlaceFactory(name="Nice", country="FR", area="", latitude=43.7, longitude=7.27)
    GroupFactory(name="All of it").serves.add(france)
    GroupFactory(name="A town").serves.add(nice)
    GroupFactory(name="Nowhere")
    assert names(found(client, "near=France")) == {"All of it", "A town"}


@pytest.mark.parametrize("state", [each for each in PublicationState if each != PublicationState.PUBLISHED])
def test_what_is_not_published_is_in_no_country(client, state):
    CountryFactory()
    group = meets("Calais", "FR", 50.95, 1.86)
    assert names(found(client, "near=France")) == {"Calais"}
    group.state = state
    group.save()
    assert names(found(client, "near=France")) == set()


def test_a_venue_that_moves_to_another_country_takes_its_groups_along(client):
    CountryFactory()
    CountryFactory(name="England", country="ENG")
    group = meets("Channel", "FR", 50.95, 1.86)
    venue = group.meetings.get().venue
    venue.country = "ENG"
    venue.save()
    assert names(found(client, "near=France")) == set()
    assert names(found(client, "near=England")) == {"Channel"}
