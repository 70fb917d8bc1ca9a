"""Day, time of day and way to meet are meant of one and the same meeting: in lists, in counts and in the week."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from directory.choices import Weekday
from directory.results import Counted
from groups.choices import MeetingFormat, TimeOfDay
from groups.filters import GroupFilterSet
from groups.models import MeetingException
from tests.factories import GroupFactory, MeetingFactory, PlaceFactory, VenueFactory
from tests.pages import main_of

pytestmark = pytest.mark.django_db

HOURS = {"morning": time(10), "afternoon": time(14), "evening": time(19)}


def names(client, query):
    return [group.name for group in client.get(f"/groups/?{query}").context["listings"]]


def counts(client, query):
    """Return {field: {code: count}} as they stand beside the choices of a page."""
    form = client.get(f"/groups/?{query}").context["form"]
    return {
        name: {code: label.count_of for code, label in form.fields[name].widget.choices if isinstance(label, Counted)}
        for name in ("day", "time", "format")
    }


@pytest.fixture
def two_meetings():
    """A group that meets on Monday evening in person, and on Friday morning online."""
    group = GroupFactory(name="Both")
    MeetingFactory(group=group, weekdays=[0], start_time=HOURS["evening"])
    MeetingFactory(group=group, weekdays=[4], start_time=HOURS["morning"], format="online", venue=None)
    return group


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("q=monday+online", False),
        ("day=mon&format=online", False),
        ("day=fri&format=online", True),
        ("day=mon&day=fri&format=online", True),
        ("time=evening&format=online", False),
        ("time=evening&format=in-person", True),
        ("day=mon&time=morning", False),
        ("day=mon&time=evening&format=online", False),
        ("day=mon&time=evening&format=online&format=in-person", True),
        ("q=friday+morning&format=online", True),
        ("q=not+on+monday&format=in-person", False),
    ],
)
def test_what_is_chosen_holds_for_one_meeting(client, two_meetings, query, is_found):
    assert names(client, query) == (["Both"] if is_found else [])
    assert GroupFilterSet(QueryDict(query)).qs.exists() == is_found


def test_a_hybrid_meeting_is_online_and_in_person_and_one_by_arrangement_has_a_format(client):
    MeetingFactory(group__name="Hybrid", weekdays=[0], format="hybrid")
    MeetingFactory(
        group__name="Arranged", frequency="appointment", weekdays=[], start_time=None, format="telephone", venue=None
    )
    for way in ("hybrid", "online", "in-person"):
        assert names(client, f"day=mon&format={way}") == ["Hybrid"]
    assert names(client, "format=telephone") == ["Arranged"]
    assert names(client, "time=evening&format=telephone") == []


def test_each_count_is_what_choosing_it_would_find(client, two_meetings):
    group = GroupFactory(name="Other")
    for day, part, way in [(0, "morning", "hybrid"), (0, "evening", "in-person"), (4, "evening", "telephone")]:
        MeetingFactory(group=group, weekdays=[day], start_time=HOURS[part], format=way)
    MeetingFactory(weekdays=[], frequency="monthly-date", day_of_month=3, start_time=HOURS["evening"], format="online")
    codes = {"day": Weekday.values, "time": TimeOfDay.values, "format": MeetingFormat.values}
    for chosen in [{}, {"day": "mon"}, {"format": "online"}, {"day": "mon", "format": "online"}, {"time": "evening"},
                   {"day": "fri", "time": "evening", "format": "telephone"}]:  # fmt: skip
        shown = counts(client, "&".join(f"{name}={code}" for name, code in chosen.items()))
        for name, code in [(name, code) for name, each in codes.items() for code in each]:
            query = QueryDict(mutable=True)
            query.update(chosen | {name: code})
            assert shown[name].get(code, 0) == GroupFilterSet(query).qs.count(), (chosen, name, code)


def test_groups_online_are_offered_where_that_very_meeting_is_online(client, two_meetings):
    PlaceFactory(name="York", latitude=53.958, longitude=-1.08)
    offers = {offer.label for offer in client.get("/groups/?near=York&day=mon").context["widen"]}
    assert "Groups online" not in offers
    offers = {offer.label: offer for offer in client.get("/groups/?near=York&day=fri").context["widen"]}
    assert client.get(offers["Groups online"].url).context["total"] == 1


def test_a_card_names_only_the_day_of_the_meeting_that_fits(client, two_meetings):
    [group] = client.get("/groups/?day=mon&day=fri&format=online").context["listings"]
    assert group.why == ["Meets on Friday."]


def test_the_calendar_of_a_search_holds_only_the_meetings_that_fit(client, two_meetings):
    def meetings(query):
        return client.get(f"/groups/calendar.ics?{query}").content.decode().count("BEGIN:VEVENT")

    assert (meetings("sort=name"), meetings("day=mon"), meetings("day=mon&format=online")) == (2, 1, 0)


class TestTheWeek:
    def shown(self, client, query):
        week = client.get(f"/groups/?{query}&view=week").context["week"]
        return [(date.at.strftime("%a"), date.meeting.format) for day in week for date in day["dates"]]

    def test_shows_only_the_meetings_that_fit(self, client, two_meetings):
        assert set(self.shown(client, "sort=name")) == {("Mon", "in-person"), ("Fri", "online")}
        assert self.shown(client, "day=mon") == [("Mon", "in-person")]
        assert self.shown(client, "format=online") == [("Fri", "online")]
        assert self.shown(client, "q=evening") == [("Mon", "in-person")]
        assert self.shown(client, "day=mon&format=online") == []

    def test_shows_one_day_of_a_meeting_of_several(self, client):
        MeetingFactory(weekdays=[0, 2])
        assert self.shown(client, "day=wed") == [("Wed", "in-person")]

    def test_shows_today_alone_where_today_is_asked_for(self, client):
        MeetingFactory(weekdays=list(range(7)), start_time=time(23, 59))
        assert len(self.shown(client, "q=today")) == 1

    @pytest.mark.parametrize("rule", ["monthly-date", "monthly-weekday", "dates", "moved"])
    def test_shows_a_monthly_meeting_that_is_going_on(self, client, rule):
        here = timezone.now().astimezone(ZoneInfo("Europe/London"))
        began = (here - timedelta(minutes=30)).replace(second=0, microsecond=0)
        day = began.date()
        rules = {
            "monthly-date": {"frequency": "monthly-date", "weekdays": [], "day_of_month": day.day},
            "monthly-weekday": {
                "frequency": "monthly-weekday",
                "weekdays": [day.weekday()],
                "weeks_of_month": [min(4, (day.day + 6) // 7)],
            },
            "dates": {"frequency": "dates", "weekdays": [], "dates": [day]},
            "moved": {"frequency": "dates", "weekdays": [], "dates": [day - timedelta(days=20)]},
        }
        if rule == "monthly-weekday" and day.day > 28:
            rules[rule]["weeks_of_month"] = [5]
        meeting = MeetingFactory(group__name="Now", start_time=began.time(), minutes=60, **rules[rule])
        if rule == "moved":
            MeetingException.objects.create(meeting=meeting, on=meeting.dates[0], moved_to_on=day)
        MeetingFactory(group__name="Over", start_time=(began - timedelta(hours=2)).time(), minutes=60, **rules[rule])
        meeting.save()
        assert meeting.next_at is None or meeting.next_at > timezone.now() + timedelta(days=7)
        page = main_of(client.get("/groups/?view=week"))
        assert "Now" in page
        assert "Over" not in page


class TestOnlineFromAnywhere:
    @pytest.fixture(autouse=True)
    def groups(self):
        PlaceFactory()
        york = VenueFactory(latitude=53.958, longitude=-1.08)
        MeetingFactory(group__name="Leeds", venue__latitude=53.80, venue__longitude=-1.55)
        MeetingFactory(group__name="York", venue=york)
        MeetingFactory(group__name="Online", format="online", venue=None)
        MeetingFactory(group__name="Phone", format="telephone", venue=None)
        MeetingFactory(group__name="Hybrid in York", format="hybrid", venue=york)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("near=Leeds", ["Leeds"]),
            ("near=Leeds&format=online", ["Hybrid in York", "Online"]),
            ("near=Leeds&format=online&format=telephone", ["Hybrid in York", "Online", "Phone"]),
            ("q=online+near+Leeds", ["Hybrid in York", "Online"]),
            ("near=Leeds&format=online&format=in-person", ["Leeds"]),
            ("near=Leeds&format=hybrid", []),
            ("near=Leeds&within=5&sort=distance&format=online", ["Hybrid in York", "Online"]),
        ],
    )
    def test_no_circle_is_drawn_round_those_who_stay_at_home(self, client, query, found):
        assert sorted(names(client, query)) == found
        assert sorted(GroupFilterSet(QueryDict(query)).qs.values_list("name", flat=True)) == found

    def test_the_page_says_so(self, client):
        response = client.get("/groups/?near=Leeds&format=online")
        assert "You can take part from anywhere, so we looked everywhere and not only near Leeds" in main_of(response)
        assert "Within 10 miles" not in main_of(response)
        assert "near Leeds" not in response.context["headline"]
        chips = {chip.label: chip.url for chip in response.context["chips"]}
        assert "near=" not in chips["Leeds, West Yorkshire"]
        assert not any("sort=distance" in choice.url for choice in response.context["sorts"])
        assert not any("within=" in offer.url for offer in response.context["widen"])
        assert "anywhere" not in main_of(client.get("/groups/?near=Leeds&format=hybrid"))

    def test_counts_beside_formats_are_true(self, client):
        assert counts(client, "near=Leeds&format=online")["format"] == {
            "in-person": 1, "online": 2, "telephone": 1
        }  # fmt: skip
        assert counts(client, "near=Leeds")["format"] == {"in-person": 1, "online": 2, "telephone": 1}
