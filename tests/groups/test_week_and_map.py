from datetime import date, time

import pytest
from django.http import QueryDict

from groups.filters import GroupFilterSet
from tests.factories import GroupFactory, MeetingFactory, PlaceFactory, TopicFactory, VenueFactory
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def test_the_week_shows_each_date_of_the_next_seven_days(client):
    MeetingFactory(group__name="Every day", weekdays=list(range(7)), start_time=time(10))
    MeetingFactory(group__name="Once a week", weekdays=[2])
    MeetingFactory(
        group__name="Far off", frequency="monthly-date", day_of_month=1, interval=12, starts_on=date(2040, 1, 1)
    )
    page = main_of(client.get("/groups/?view=week"))
    assert page.count("Every day") == 7
    assert page.count("Once a week") == 1
    assert "Far off" not in page


def test_the_week_says_how_many_of_the_groups_are_not_on(client):
    MeetingFactory(group__name="Every day", weekdays=list(range(7)))
    far_off = {"frequency": "monthly-date", "day_of_month": 1, "interval": 12, "starts_on": date(2040, 1, 1)}
    page = main_of(client.get("/groups/?view=week"))
    assert "Here is what is on in the next seven days." in page
    assert "not on in that time" not in page
    MeetingFactory(**far_off)
    assert "1 of these groups is not on in that time." in main_of(client.get("/groups/?view=week"))
    MeetingFactory(**far_off)
    assert "2 of these groups are not on in that time." in main_of(client.get("/groups/?view=week"))


def test_an_empty_week_says_so(client):
    GroupFactory()
    assert "no meeting of these groups" in main_of(client.get("/groups/?view=week"))


def test_the_week_takes_as_many_queries_with_ten_meetings_as_with_one(client):
    MeetingFactory(weekdays=list(range(7)))
    few = queries_of(client, "/groups/?view=week")
    for _each in range(9):
        MeetingFactory(weekdays=list(range(7)))
    assert queries_of(client, "/groups/?view=week") <= few


def test_the_map_holds_public_points_only(client):
    MeetingFactory(group__name="Open", venue=VenueFactory(latitude=53.8, longitude=-1.5))
    MeetingFactory(
        group__name="Hidden", venue=VenueFactory(latitude=53.8123, longitude=-1.5123, address_visibility="relay")
    )
    MeetingFactory(group__name="Draft", group__state="draft")
    response = client.get("/groups/map.json")
    points = {each["properties"]["name"]: each for each in response.json()["features"]}
    assert set(points) == {"Open", "Hidden"}
    assert points["Open"]["geometry"]["coordinates"] == [-1.5, 53.8]
    assert points["Hidden"]["geometry"]["coordinates"] != [-1.5123, 53.8123]
    assert points["Hidden"]["properties"]["exact"] is False


@pytest.mark.parametrize("query", ["", "q=tea", "topic=anxiety", "day=tue", "near=Leeds", "q=tea&day=tue&near=Leeds"])
def test_list_map_and_the_whole_set_find_the_same(client, query):
    PlaceFactory()
    anxiety = TopicFactory(slug="anxiety")
    for n in range(4):
        group = GroupFactory(name=f"Tea {n}" if n % 2 else f"Coffee {n}", topics=[anxiety] if n < 2 else [])
        MeetingFactory(group=group, weekdays=[n % 3], venue__latitude=53.8 + n * 0.1, venue__longitude=-1.55)
    listed = {group.name for group in client.get(f"/groups/?{query}").context["listings"]}
    mapped = {each["properties"]["name"] for each in client.get(f"/groups/map.json?{query}").json()["features"]}
    whole = set(GroupFilterSet(QueryDict(query)).qs.values_list("name", flat=True))
    assert listed == mapped == whole
    assert listed


@pytest.mark.parametrize("query", ["near=nowhere", "q=%00", "day=funday", "within=1e9"])
def test_the_map_takes_bad_input(client, query):
    assert client.get(f"/groups/map.json?{query}").status_code == 200
