"""What plain words of a search mean for the groups that it finds, each as a chip that can be taken away."""

from datetime import time

import pytest
from django.http import QueryDict
from django.utils.html import escape

from groups.filters import GroupFilterSet
from groups.rebuilding import rebuild
from tests.factories import GroupFactory, LanguageFactory, MeetingFactory, PlaceFactory, TopicFactory
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def search(client, query):
    """Return (the names found, the labels of the chips)."""
    context = client.get(f"/groups/?{query}").context
    found = [group.name for group in context["listings"]]
    assert sorted(found) == sorted(GroupFilterSet(QueryDict(query)).qs.values_list("name", flat=True))
    return found, [chip.label for chip in context["chips"]]


class TestTwoPlaces:
    @pytest.fixture(autouse=True)
    def towns(self):
        for name, latitude, longitude in [("Leeds", 53.80, -1.55), ("York", 53.96, -1.08), ("Hull", 53.74, -0.33)]:
            PlaceFactory(name=name, area="", latitude=latitude, longitude=longitude, radius_km=5)
            MeetingFactory(group__name=f"Tea in {name}", venue__latitude=latitude, venue__longitude=longitude)

    @pytest.mark.parametrize("words", ["leeds or york", "in Leeds or York", "leeds, york", "near Leeds and near York"])
    def test_groups_near_either_are_found(self, client, words):
        found, chips = search(client, f"q={words}")
        assert sorted(found) == ["Tea in Leeds", "Tea in York"]
        assert chips == ["Within 10 miles of Leeds", "Within 10 miles of York"]

    def test_each_can_be_taken_away(self, client):
        chips = client.get("/groups/?q=tea in leeds or york").context["chips"]
        urls = {chip.label: chip.url for chip in chips}
        for gone, stays in [("Leeds", "York"), ("York", "Leeds")]:
            left = client.get(urls[f"Within 10 miles of {gone}"]).context
            assert [group.name for group in left["listings"]] == [f"Tea in {stays}"]
        left = client.get(urls["“tea”"]).context
        assert [chip.label for chip in left["chips"]] == ["Within 10 miles of Leeds", "Within 10 miles of York"]

    def test_the_page_names_both_and_looks_further_round_both(self, client):
        context = client.get("/groups/?q=leeds or york").context
        assert "near Leeds or York" in context["headline"]
        offers = {offer.label: offer for offer in context["widen"]}
        assert client.get(offers["Go up to 50 miles"].url).context["total"] == offers["Go up to 50 miles"].count == 3

    def test_a_place_in_the_box_counts_alone(self, client):
        assert search(client, "near=Hull&q=tea or york")[0] == ["Tea in Hull"]

    def test_by_distance_the_nearest_to_either_comes_first(self, client):
        MeetingFactory(group__name="Edge", venue__latitude=53.90, venue__longitude=-1.08)
        found, _chips = search(client, "q=leeds or york&sort=distance")
        assert found[-1] == "Edge"


class TestPlacesNotNear:
    @pytest.fixture(autouse=True)
    def towns(self):
        for name, latitude in [("Leeds", 53.80), ("York", 53.96)]:
            PlaceFactory(name=name, area="", latitude=latitude, longitude=-1.08, radius_km=5)
            MeetingFactory(group__name=f"Tea in {name}", venue__latitude=latitude, venue__longitude=-1.08)

    @pytest.mark.parametrize(
        "words",
        [
            "tea not in Leeds",
            "not leeds",
            "anywhere but leeds",
            "anything except Leeds",
            "outside leeds",
            "tea not within 5 miles of Leeds",
        ],
    )
    def test_a_place_that_is_not_wanted_is_not_searched_around_and_the_page_says_so(self, client, words):
        found, _chips = search(client, f"q={words}")
        assert sorted(found) == ["Tea in Leeds", "Tea in York"]
        for address in ("/groups/", "/search/", "/practitioners/"):
            page = main_of(client.get(address, {"q": words}))
            assert "We cannot leave a place out. So we looked everywhere." in page

    @pytest.mark.parametrize("query", ["q=tea in York, not Leeds", "q=tea not in leeds&near=York"])
    def test_beside_a_place_that_is_wanted_that_one_is_searched_around(self, client, query):
        assert search(client, query)[0] == ["Tea in York"]
        page = main_of(client.get(f"/groups/?{query}"))
        assert "We cannot leave a place out. So we looked near York." in page

    def test_a_distance_is_told_once_and_goes_with_its_place(self, client):
        [chip] = client.get("/groups/?q=within 5 miles of leeds").context["chips"]
        assert chip.label == "Within 5 miles of Leeds"
        left = client.get(chip.url).context
        assert (left["total"], left["chips"]) == (2, [])

    def test_of_two_places_one_keeps_the_distance(self, client):
        leeds, _york = client.get("/groups/?q=within 5 miles of leeds or york").context["chips"]
        assert [chip.label for chip in client.get(leeds.url).context["chips"]] == ["Within 5 miles of York"]

    @pytest.mark.parametrize("words", ["75011", "tea D04", "tea D04 AF30"])
    def test_a_postcode_that_cannot_be_read_is_said_and_not_looked_for(self, client, words):
        assert len(search(client, f"q={words}")[0]) == 2
        assert "We cannot read this postcode. Type a town." in main_of(client.get("/groups/", {"q": words}))
        assert search(client, f"q={words} in York")[0] == ["Tea in York"]

    @pytest.mark.parametrize(
        ("near", "said"), [("me", "Where are you? Type a town"), ("\x00", "We cannot read one of these characters")]
    )
    def test_what_is_no_place_says_what_to_do(self, client, near, said):
        for address in ("/groups/", "/search/", "/practitioners/"):
            assert said in main_of(client.get(address, {"q": "tea", "near": near}))


class TestAges:
    @pytest.fixture(autouse=True)
    def groups(self):
        GroupFactory(name="Anyone")
        GroupFactory(name="Ten to sixteen", age_from=10, age_to=16)
        GroupFactory(name="From eighteen", age_from=18)
        GroupFactory(name="Youth", audiences=["young-people"])
        GroupFactory(name="Youth or old", audiences=["young-people", "older-people"])
        GroupFactory(name="Sixties", audiences=["older-people"])
        GroupFactory(name="Grown-up", audiences=["adults", "women"])

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=im 15", ["Anyone", "Ten to sixteen", "Youth", "Youth or old"]),
            ("q=I am 17", ["Anyone", "Youth", "Youth or old"]),
            ("q=aged 40", ["Anyone", "From eighteen", "Grown-up", "Youth or old"]),
            ("age=70", ["Anyone", "From eighteen", "Grown-up", "Sixties", "Youth or old"]),
        ],
    )
    def test_who_takes_that_age_or_does_not_say_is_found_and_who_says_so_comes_first(self, client, query, found):
        names, chips = search(client, query)
        assert sorted(names) == found
        assert names[-1] == "Anyone" or "q=" not in query
        assert chips == [f"Age {query[-2:]}"]

    def test_it_can_be_taken_away(self, client):
        [chip] = client.get("/groups/?q=im 15").context["chips"]
        assert client.get(chip.url).context["total"] == 7
        offers = {offer.label: offer.count for offer in client.get("/groups/?q=im 15").context["widen"]}
        assert offers["Without “Age 15”"] == 7

    def test_the_rebuilt_table_knows_the_same(self, client):
        before = set(search(client, "q=im 15")[0])
        rebuild()
        assert set(search(client, "q=im 15")[0]) == before

    def test_a_new_search_by_the_form_keeps_it(self, client):
        assert '<input type="hidden" name="age" value="15">' in client.get("/groups/?age=15").content.decode()

    @pytest.mark.parametrize("age", ["-1", "abc", "400", "%00", "1e9", "٣٣"])
    def test_what_is_no_age_gets_a_message(self, client, age):
        page = main_of(client.get(f"/groups/?age={age}"))
        assert "We do not know" in page
        assert "Sixties" in page


@pytest.mark.parametrize("words", ["tea, not tomorrow", "tea, but not this weekend"])
def test_one_date_cannot_be_refused_and_no_chip_says_so(client, words):
    GroupFactory(name="Tea")
    assert search(client, f"q={words}") == (["Tea"], [f"“{words}”"])


def test_a_topic_that_is_refused_is_left_out(client):
    addiction = TopicFactory(slug="addiction", label="Addiction")
    alcohol = TopicFactory(slug="alcohol", label="Alcohol", parent=addiction)
    gambling = TopicFactory(slug="gambling", label="Gambling", parent=addiction)
    GroupFactory(name="Dry", topics=[alcohol])
    GroupFactory(name="Odds", topics=[gambling])
    assert search(client, "q=addiction, not alcohol") == (["Odds"], ["Addiction", "Not Alcohol"])
    assert search(client, "q=not alcohol") == (["Odds"], ["Not Alcohol"])
    assert search(client, "q=not addiction") == ([], ["Not Addiction"])
    chips = client.get("/groups/?q=addiction, not alcohol").context["chips"]
    assert client.get(chips[1].url).context["total"] == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=bereavement groups near Leeds on mondays for women", "for Bereavement near Leeds, on Mondays, for women"),
        ("topic=grief&day=mon&day=tue&time=evening", "for Grief and loss, on Mondays or Tuesdays, in the evening"),
        ("language=cy", ", in Welsh"),
        ("q=tea, not on a monday", "for “tea”, not Monday"),
        ("q=tea today", "for “tea”, today"),
        ("q=tea this friday", "for “tea”, this Friday"),
        ("audience=lgbtq&format=online&free=on", ", online, for LGBTQ+ people, free"),
        (
            "access=step-free&access=lift&kind=shed&peer_led=on",
            ", no steps and lift, shed or workshop, the members decide",
        ),
        ("q=im 15&confirmed=30", ", age 15, confirmed in the last month"),
        ("near=Leeds&format=online", ", online"),
        ("day=funday", ""),
    ],
)
def test_the_heading_and_the_title_say_the_whole_search(client, query, said):
    PlaceFactory(area="")
    TopicFactory(slug="grief", label="Grief and loss")
    TopicFactory(slug="bereavement", label="Bereavement")
    LanguageFactory(code="cy", name="Welsh")
    response = client.get(f"/groups/?{query}")
    heading = response.context["headline"]
    assert heading == f"0 groups {said}".replace("groups ,", "groups,").strip()
    html = response.content.decode()
    assert html.count(f"{escape(heading)}") >= 2


@pytest.mark.parametrize(("words", "others"), [("im a man with anxiety", "women"), ("I'm a woman, anxiety", "men")])
def test_whoever_says_who_they_are_sees_all_but_what_is_only_for_others(client, words, others):
    topic = TopicFactory(slug="anxiety", label="Anxiety")
    for audiences in ([], ["women"], ["men"]):
        GroupFactory(name=f"Tea {audiences}", audiences=audiences, topics=[topic])
    rebuild()
    found, chips = search(client, f"q={words}")
    assert set(found) == {"Tea []", "Tea ['women']", "Tea ['men']"} - {f"Tea ['{others}']"}
    assert f"Not only for {others}" in chips


def test_a_group_of_one_faith_can_be_refused(client):
    GroupFactory(name="Chapel tea", audiences=["faith"])
    GroupFactory(name="Tea")
    rebuild()
    assert search(client, "q=no religion") == (["Tea"], ["Not only for people of one faith"])


def test_the_age_of_somebodys_child_shuts_nothing_out(client):
    GroupFactory(name="Tea for parents", age_from=18)
    rebuild()
    assert search(client, "q=tea, my 12 year old")[0] == ["Tea for parents"]
    assert search(client, "q=tea, im 12")[0] == []


def test_one_day_of_a_range_can_be_taken_away(client):
    MeetingFactory(group__name="Tea", weekdays=[2])
    rebuild()
    context = client.get("/groups/?q=tea mon-fri").context
    assert [group.name for group in context["listings"]] == ["Tea"]
    monday = next(chip for chip in context["chips"] if chip.label == "Monday")
    left = [chip.label for chip in client.get(monday.url).context["chips"]]
    assert sorted(left) == sorted(["“tea”", "Tuesday", "Wednesday", "Thursday", "Friday"])


def test_an_hour_means_a_part_of_the_day(client):
    MeetingFactory(group__name="Late", start_time=time(19))
    MeetingFactory(group__name="Early", start_time=time(10))
    assert search(client, "q=after six") == (["Late"], ["Evening"])
    assert search(client, "q=after 6") == (["Late"], ["Evening"])


@pytest.mark.parametrize("words", ["3 am", "at 3am"])
def test_nobody_at_three_in_the_night_is_sent_to_a_coffee_morning(client, words):
    MeetingFactory(group__name="Early", start_time=time(10))
    assert "Morning" not in search(client, f"q={words}")[1]


def test_of_the_words_that_name_a_topic_only_those_that_tell_something_are_looked_for(client):
    sleep = TopicFactory(slug="sleep", label="Sleep problems", synonyms=["can't sleep"])
    GroupFactory(name="The Late Lamp", about="We can't sleep either.", topics=[sleep])
    GroupFactory(name="Painters", about="You can't paint? Come.")
    response = client.get("/groups/", {"q": "can't sleep"})
    assert [group.name for group in response.context["listings"]] == ["The Late Lamp"]
    assert response.context["listings"][0].why == ["About Sleep problems."]


def test_a_kind_of_group_that_is_refused_is_left_out(client):
    GroupFactory(name="Steps", kind="twelve-step")
    GroupFactory(name="Chairs", kind="mutual-aid")
    assert search(client, "q=not 12 step") == (["Chairs"], ["Not Twelve-step group"])


@pytest.mark.parametrize("words", ["peer support group", "self help", "mutual aid groups", "next week"])
def test_what_every_group_is_finds_them_all(client, words):
    GroupFactory(name="Chairs")
    GroupFactory(name="Tea", about="No peer support here.")
    assert sorted(search(client, f"q={words}")[0]) == ["Chairs", "Tea"]
    assert search(client, f"q={words} tea")[0] == ["Tea"]


def test_without_a_referral_one_can_turn_up_or_ask(client):
    for way in ("drop-in", "self-referral", "professional"):
        GroupFactory(name=way, ways_in=[way])
    assert sorted(search(client, "q=no gp referral")[0]) == ["drop-in", "self-referral"]


def test_a_chip_takes_only_its_own_part_of_a_word_that_says_two_things(client):
    chips = {chip.label: chip.url for chip in client.get("/groups/?q=tea tonight").context["chips"]}
    assert list(chips) == ["Evening", "Today", "“tea”"]
    left = {label: [chip.label for chip in client.get(url).context["chips"]] for label, url in chips.items()}
    assert left == {"Evening": ["Today", "“tea”"], "Today": ["“tea”", "Evening"], "“tea”": ["Evening", "Today"]}


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("deaf group", {"Deaf people"}),
        ("women's group after 6pm", {"Evening", "Women"}),
        ("weekend groups", {"Saturday", "Sunday"}),
        ("i dont want online", {"Not Online"}),
    ],
)
def test_what_stood_around_a_part_is_no_search_without_it(client, words, gone):
    chips = client.get("/groups/", {"q": words}).context["chips"]
    assert {chip.label for chip in chips} == gone
    for chip in chips:
        assert {each.label for each in client.get(chip.url).context["chips"]} == gone - {chip.label}


def test_who_asks_for_somebody_close_sees_the_families_groups_first(client):
    families = TopicFactory(slug="families-addiction", label="Families affected by addiction", for_whom="family")
    alcohol = TopicFactory(slug="alcohol", label="Alcohol", synonyms=["drinks"], counterpart=families)
    for number in range(3):
        GroupFactory(name=f"Dry {number}", topics=[alcohol], summary="No drinks.")
    GroupFactory(name="Kitchen table", topics=[families])
    GroupFactory(name="Sunshine", summary="For mother and son.")
    found, _chips = search(client, "q=my son drinks")
    assert found[0] == "Kitchen table"
    assert sorted(found[1:]) == ["Dry 0", "Dry 1", "Dry 2"]
