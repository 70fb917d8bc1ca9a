from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from directory.models import Topic
from groups.models import Group, Meeting
from groups.reading import Reading
from groups.rebuilding import rebuild
from tests.factories import (
    GroupFactory,
    LanguageFactory,
    MeetingFactory,
    PlaceFactory,
    SupportRoleFactory,
    TopicFactory,
    VenueFactory,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def names(client, query):
    response = client.get(f"/groups/?{query}")
    assert response.status_code == 200
    return [group.name for group in response.context["listings"]]


@pytest.fixture
def leeds():
    return PlaceFactory()


class TestWords:
    def test_in_the_name_the_summary_and_the_text(self, client):
        GroupFactory(name="Worry Less Tuesdays")
        GroupFactory(name="Kettle", summary="For people who worry.")
        GroupFactory(name="Ring", about="When worrying takes over.")
        GroupFactory(name="Other")
        assert names(client, "q=worry") == ["Worry Less Tuesdays", "Kettle", "Ring"]

    def test_in_a_topic_and_its_other_words(self, client):
        GroupFactory(name="Kettle", topics=[TopicFactory(label="Anxiety and panic", synonyms=["nerves"])])
        GroupFactory(name="Other")
        assert names(client, "q=panic") == ["Kettle"]
        assert names(client, "q=nerves") == ["Kettle"]

    def test_in_the_town_but_not_in_a_hidden_name_of_the_venue(self, client):
        MeetingFactory(group__name="Kettle", venue__name="Secret House", venue__address_visibility="relay")
        assert names(client, "q=headingley") == ["Kettle"]
        assert names(client, "q=secret") == []

    @pytest.mark.parametrize("words", ["tuesday worry", "WORRY tuesdays", "the worry of tuesdays", "worry,+tuesdays!"])
    def test_in_any_order_and_with_any_punctuation(self, client, words):
        GroupFactory(name="Worry Less Tuesdays")
        GroupFactory(name="Worry Circle")
        assert names(client, f"q={words}") == ["Worry Less Tuesdays", "Worry Circle"]

    def test_without_accents(self, client):
        GroupFactory(name="Café Soleil")
        assert names(client, "q=cafe") == ["Café Soleil"]

    @pytest.mark.parametrize("words", ["the", "%26%26%26", "...", "%F0%9F%98%80"])
    def test_that_count_for_nothing_find_everything_or_nothing_but_never_fail(self, client, words):
        GroupFactory(name="Kettle")
        assert client.get(f"/groups/?q={words}").status_code == 200


class TestPlace:
    def test_only_groups_within_the_radius_nearest_first_on_request(self, client, leeds):
        MeetingFactory(group__name="Far", venue__latitude=54.5, venue__longitude=-1.5)
        MeetingFactory(group__name="Near", venue__latitude=53.80, venue__longitude=-1.55)
        MeetingFactory(group__name="Mid", venue__latitude=53.86, venue__longitude=-1.6)
        assert names(client, "near=Leeds&sort=distance") == ["Near", "Mid"]
        assert names(client, "near=Leeds&sort=distance&within=100") == ["Near", "Mid", "Far"]

    def test_the_distance_stands_on_the_card(self, client, leeds):
        MeetingFactory(venue__latitude=53.86, venue__longitude=-1.6)
        assert "4.9 miles" in main_of(client.get("/groups/?near=Leeds"))

    def test_in_kilometres_in_france(self, client):
        PlaceFactory(name="Nantes", country="FR", area="Pays de la Loire", latitude=47.218, longitude=-1.554)
        MeetingFactory(venue__latitude=47.25, venue__longitude=-1.554, venue__country="FR")
        assert "3.6 km" in main_of(client.get("/groups/?near=Nantes"))

    def test_a_hidden_address_is_found_by_its_area_only(self, client, leeds):
        # The house is 2 km north of the middle of Leeds; the public point is the middle.
        MeetingFactory(
            venue=VenueFactory(locality="Leeds", latitude=53.814, longitude=-1.548, address_visibility="relay")
        )
        assert "less than 1 mile" in main_of(client.get("/groups/?near=Leeds"))

    def test_a_place_that_is_not_known_gets_a_message_and_the_rest_of_the_search_counts(self, client, leeds):
        GroupFactory(name="Kettle")
        GroupFactory(name="Ring")
        response = client.get("/groups/?near=Leedz&q=kettle")
        assert "We do not know this place" in main_of(response)
        assert [choice.label for choice in response.context["place_suggestions"]] == ["Leeds, West Yorkshire"]
        assert [group.name for group in response.context["listings"]] == ["Kettle"]


class TestFilters:
    def test_day_time_and_format(self, client):
        MeetingFactory(group__name="Tuesday evening", weekdays=[1])
        MeetingFactory(group__name="Monday morning", weekdays=[0], start_time=time(10))
        MeetingFactory(group__name="Online", weekdays=[2], format="online", venue=None)
        MeetingFactory(group__name="Both", weekdays=[2], format="hybrid")
        assert names(client, "day=tue") == ["Tuesday evening"]
        assert sorted(names(client, "day=tue&day=mon")) == ["Monday morning", "Tuesday evening"]
        assert names(client, "time=morning") == ["Monday morning"]
        assert sorted(names(client, "format=online")) == ["Both", "Online"]

    def test_a_topic_finds_what_is_part_of_it(self, client):
        addiction = TopicFactory(slug="addiction")
        alcohol = TopicFactory(slug="alcohol", parent=addiction)
        GroupFactory(name="Dry", topics=[alcohol])
        assert names(client, "topic=alcohol") == ["Dry"]
        assert names(client, "topic=addiction") == ["Dry"]

    def test_access_means_every_need(self, client):
        MeetingFactory(group__name="Loop", group__access=["hearing-loop"], venue__access=["step-free"])
        MeetingFactory(group__name="Steps", group__access=["hearing-loop"])
        assert names(client, "access=step-free&access=hearing-loop") == ["Loop"]

    def test_the_others(self, client):
        role = SupportRoleFactory(slug="bridge-builder")
        group = GroupFactory(
            name="One",
            audiences=["women"],
            ways_in=["drop-in"],
            kind="shed",
            run_by="committee",
            cost="free",
            decisions_by_members=True,
            languages=[LanguageFactory(code="cy", name="Welsh")],
        )
        group.seeking.set([role])
        GroupFactory(name="Other", cost="paid", decisions_by_members=False, ways_in=["professional"])
        for query in [
            "audience=women",
            "referral=drop-in",
            "kind=shed",
            "run_by=committee",
            "free=on",
            "peer_led=on",
            "language=cy",
            "seeking=bridge-builder",
        ]:
            assert names(client, query) == ["One"], query
            assert names(client, "") == ["One", "Other"]

    def test_each_part_is_a_chip_whose_address_takes_it_away(self, client, leeds):
        TopicFactory(slug="anxiety", label="Anxiety")
        response = client.get("/groups/?q=tea&topic=anxiety&day=mon&day=tue&near=Leeds&free=on")
        chips = {chip.label: chip.url for chip in response.context["chips"]}
        assert set(chips) == {
            "“tea”",
            "Anxiety",
            "Monday",
            "Tuesday",
            "Free",
            "Within 10 miles of Leeds, West Yorkshire",
        }
        assert "day=mon" not in chips["Monday"]
        assert "day=tue" in chips["Monday"]

    def test_one_page_of_many_and_the_way_to_the_next(self, client):
        GroupFactory.create_batch(18)
        first = client.get("/groups/?sort=name")
        assert len(first.context["listings"]) == 15
        second = client.get(first.context["next_url"])
        assert len(second.context["listings"]) == 3
        assert second.context["previous_url"] == "/groups/?sort=name"

    def test_the_soonest_meeting_comes_first(self, client):
        GroupFactory(name="A none")
        MeetingFactory(group__name="Z late", frequency="dates", dates=[date(2099, 1, 1)])
        MeetingFactory(group__name="M soon", weekdays=list(range(7)))
        assert names(client, "") == ["M soon", "Z late", "A none"]

    def test_a_search_that_finds_little_offers_wider_ones_with_their_counts(self, client, leeds):
        MeetingFactory(group__name="Further", venue__latitude=53.98, venue__longitude=-1.55)
        MeetingFactory(group__name="Online", format="online", venue=None)
        response = client.get("/groups/?near=Leeds")
        offers = {offer.label: offer.count for offer in response.context["widen"]}
        assert offers == {"Go up to 20 miles": 1, "Groups online": 1}

    def test_an_empty_search_says_which_part_leaves_nothing(self, client):
        MeetingFactory(group__name="Tea", group__audiences=["men"], weekdays=[0])
        response = client.get("/groups/?q=womens tea on monday")
        assert "If you leave out “Women”, there are groups." in main_of(response)
        assert [(offer.label, offer.count) for offer in response.context["widen"]][:1] == [("Without “Women”", 1)]
        assert client.get(response.context["widen"][0].url).context["total"] == 1

    def test_where_two_parts_leave_nothing_it_offers_to_drop_both(self, client):
        MeetingFactory(group__name="Tea", group__audiences=["men"], weekdays=[1])
        response = client.get("/groups/?q=womens tea on monday")
        assert "leaves nothing" not in main_of(response)
        assert [(offer.label, offer.count) for offer in response.context["widen"]][:1] == [
            ("Without “Monday” and “Women”", 1)
        ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("day=funday", "We do not know “funday” here"),
        ("topic=nothing-like-this", "We do not know “nothing-like-this” here"),
        ("page=9999", "There is no page “9999”"),
        ("page=0", "This is page 1 of 1"),
        ("page=minus", "There is no page “minus”"),
        ("near=ZZ9+9ZZ", "We do not know this postcode"),
        ("q=" + "a" * 10_000, "That is very long"),
        ("q=%00", "We cannot read one of these characters"),
        ("near=" + "a" * 10_000, "That is very long for a place"),
        ("sort=sideways", "We do not know “sideways” here"),
        ("within=-1", "We do not know “-1” here"),
        ("q=!!!", "We found no word to look for in “!!!”"),
        ("q=the", "We found no word to look for in “the”"),
        ("near=91,0", "There is no such point on the earth"),
        ("near=Leedz", "1 group, from everywhere"),
    ],
)
def test_bad_input_gets_a_message_and_the_rest_of_the_page_stays(client, query, said):
    GroupFactory(name="Kettle")
    response = client.get(f"/groups/?{query}")
    assert response.status_code == 200
    assert said in main_of(response)
    assert "Kettle" in main_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "q=%ED%A0%80",
        "q=a&q=b&near=c&near=d",
        "day=mon&day=mon&day=%00",
        "near=%00",
        "topic=%00",
        "page=%00",
        "page=1e9",
        "free=maybe&peer_led=%00",
        "confirmed=99999999999999999999",
        "q='; DROP TABLE groups_group; --",
        "q=<script>alert(1)</script>",
        "&&&===&q",
    ],
)
def test_hostile_input_never_breaks_the_page(client, query):
    response = client.get(f"/groups/?{query}", follow=True)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_a_page_takes_as_many_queries_with_one_group_as_with_twenty(client, leeds):
    topic = TopicFactory(slug="anxiety")

    def add():
        group = GroupFactory(topics=[topic], languages=[LanguageFactory()])
        MeetingFactory(group=group, venue__latitude=53.80, venue__longitude=-1.55)

    add()
    queries = queries_of(client, "/groups/"), queries_of(client, "/groups/?near=Leeds&q=group&topic=anxiety")
    for _each in range(19):
        add()
    many = queries_of(client, "/groups/"), queries_of(client, "/groups/?near=Leeds&q=group&topic=anxiety")
    # A search that finds little counts up to four wider ones besides.
    assert many[0] <= queries[0]
    assert many[1] <= queries[1]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=tea",
        "q=xyzzy+near+Leeds",
        "q=womens+group+monday+evening+near+Leeds,+wheelchair",
        "near=Leeds&day=mon&day=tue&audience=women&access=step-free",
        "q=anxeity+near+Leedz",
        "near=Leedz",
        "q=bereavemant+suport+groop+wommen+anxeity+depresion+tuseday+near+Leedz",
        "q=domestic+abuse+anxeity+monday&near=Leeds&within=50&view=week",
        "q=he+hit+me,+anxeity+near+Leedz+or+Yorkk&day=mon&audience=women&view=week",
        "q=suport+anxeity+in+Leeds,+West+Yorkshire+abuse+qwertyuiop+men&near=LS1&audience=women&age=15",
        "q=encuoragement+loss+groop+in+Leeds+or+York,+or+Leedz+abuse&near=Leeds,+Wales&format=online&within=2",
        "q=ZE95+ZE96+ZE97+ZE98+ZE99",
        "q=i+want+to+die+anxeity+near+Leeds&format=online&time=evening&access=step-free&kind=shed&topic=anxiety",
    ],
)
def test_a_search_takes_at_most_twelve_queries(client, leeds, query):
    anxiety = TopicFactory(slug="anxiety", label="Anxiety", sensitive=True)
    MeetingFactory(group=GroupFactory(name="Tea", topics=[anxiety]))
    for word in ("bereavement", "support", "group", "women", "depression", "tuesday"):
        GroupFactory(name=f"The {word}")
    client.get("/groups/?q=tea")  # the vocabulary is read once a minute
    assert queries_of(client, f"/groups/?{query}") <= 12


def test_a_page_takes_at_most_two_queries_more_with_a_thousand_groups(client, leeds):
    venue = VenueFactory(latitude=53.80, longitude=-1.55)
    MeetingFactory(venue=venue)
    few = queries_of(client, "/groups/?near=Leeds&day=tue")
    groups = Group.objects.bulk_create(
        Group(slug=f"many-{n}", name=f"Many {n}", state="published") for n in range(1000)
    )
    Meeting.objects.bulk_create(
        Meeting(group=group, venue=venue, weekdays=[1], start_time=time(19), minutes=60) for group in groups
    )
    rebuild()
    # Above the cap, a second statement takes the strongest, best and nearest, for the page and beside the chosen day.
    assert queries_of(client, "/groups/?near=Leeds&day=tue") <= few + 2 <= 12
    assert "1,000+ groups" in main_of(client.get("/groups/?near=Leeds&day=tue"))


class TestSpelling:
    @pytest.mark.parametrize("words", ["mental health", "lonely", "i can't cope", "support"])
    def test_words_that_mean_something_are_never_mended(self, client, content, words):
        GroupFactory(name="Meal at heart", about="Lovely copd supper")
        rebuild()
        assert client.get(f"/groups/?q={words}").context["corrected"] == ()

    def test_no_word_of_any_topic_is_mended(self, content):
        rebuild()
        mended = [
            (words, reading.corrected)
            for topic in Topic.objects.all()
            for words in [topic.label, *topic.synonyms]
            if (reading := Reading.of(words)).corrected
        ]
        assert mended == []

    def test_nobody_in_danger_is_told_what_they_meant(self, client, content):
        GroupFactory(name="All bets are tea")
        rebuild()
        assert client.get("/groups/?q=my husband beats me").context["corrected"] == ()

    def test_a_misspelt_word_is_mended_openly_and_can_be_taken_as_typed(self, client):
        GroupFactory(name="Church of tea")
        rebuild()
        response = client.get("/groups/?q=chruch")
        assert "Showing results for “church”." in main_of(response)
        assert [group.name for group in response.context["listings"]] == ["Church of tea"]
        literal = client.get(response.context["literal_url"])
        assert "Showing results" not in main_of(literal)

    def test_the_name_of_a_town_is_spelt_right(self, client):
        GroupFactory(name="Kettle count meet")
        PlaceFactory(name="Settle", kind="village", population=2421)
        PlaceFactory(name="County Kerry", kind="county", country="IE", population=None)
        PlaceFactory(name="Keltle", kind="village", country="FR", population=2421)
        rebuild()
        assert client.get("/groups/?q=settle county").context["corrected"] == ()
        assert client.get("/groups/?q=keltle count").context["corrected"] == (("keltle", "kettle"),)

    @pytest.mark.parametrize(
        "words", ["wine", "beer", "grape", "hang myself", "smart recovery", "no waiting list", "train", "agression"]
    )
    def test_an_everyday_word_is_right_though_no_group_holds_it(self, client, words):
        GroupFactory(name="Wife, bear, rape, hand, start, lost: a brain for aggression")
        rebuild()
        for path in ("/groups/", "/practitioners/", "/case-studies/", "/search/"):
            response = client.get(path, {"q": words})
            assert "Showing results" not in main_of(response), path
        assert client.get("/groups/", {"q": words}).context["filterset"].reading.corrected == ()

    def test_a_word_of_every_sentence_is_mended_though_a_town_is_called_like_the_slip(self, client):
        GroupFactory(name="Tea without going out")
        PlaceFactory(name="Goring", kind="village", population=3000)
        rebuild()
        assert client.get("/groups/?q=goring tea").context["corrected"] == (("goring", "going"),)

    def test_a_slip_that_leaves_the_stem_alone_is_mended_all_the_same(self, client):
        GroupFactory(name="Sugar tea", topics=[TopicFactory(label="Diabetes", synonyms=["walking", "widows"])])
        rebuild()
        response = client.get("/groups/?q=diabets")
        assert response.context["corrected"] == (("diabets", "diabetes"),)
        assert [chip.label for chip in response.context["chips"]] == ["Diabetes"]
        # Another form of a known word is no slip.
        for words in ("walks", "walked", "widow", "widowed", "diabete", "diabetic"):
            assert client.get(f"/groups/?q={words}").context["corrected"] == (), words

    def test_a_misspelt_word_that_means_something_is_mended_though_no_group_holds_it(self, client):
        GroupFactory(name="Tea")
        rebuild()
        response = client.get("/groups/?q=mondya")
        assert [chip.label for chip in response.context["chips"]] == ["Monday"]


def test_near_me_asks_where(client):
    assert "Where are you? Type a town or a postcode" in main_of(client.get("/groups/?q=grief near me"))


def test_a_postcode_among_the_words_that_nobody_knows_gets_its_sentence(client):
    assert "Northern Ireland" in main_of(client.get("/groups/?q=grief BT1 1AA"))


def test_not_on_monday_is_any_other_day(client):
    monday, tuesday = GroupFactory(name="Mondays"), GroupFactory(name="Tuesdays")
    MeetingFactory(group=monday, weekdays=[0])
    MeetingFactory(group=tuesday, weekdays=[1])
    response = client.get("/groups/?q=not on a monday")
    assert [group.name for group in response.context["listings"]] == ["Tuesdays"]
    assert [chip.label for chip in response.context["chips"]] == ["Not Monday"]
    assert response.context["chips"][0].url == "/groups/"


@pytest.mark.parametrize(("words", "days"), [("meeting today", 0), ("tomorrow", 1), ("tonight", 0)])
def test_today_and_tomorrow_are_days_of_the_week(client, words, days):
    day = (timezone.localdate() + timedelta(days=days)).weekday()
    MeetingFactory(group__name="Then", weekdays=[day], start_time=time(23, 59))
    MeetingFactory(group__name="Another day", weekdays=[(day + 3) % 7], start_time=time(23, 59))
    # On that day of the week, and not on that day.
    later = timezone.localdate() + timedelta(days=days + 7)
    MeetingFactory(group__name="Later", weekdays=[day], start_time=time(23, 59), starts_on=later)
    assert names(client, f"q={words}") == ["Then"]


def test_a_part_that_shares_its_words_with_another_goes_alone(client):
    response = client.get("/groups/?q=weekend tea")
    saturday, sunday, _words = response.context["chips"]
    assert (saturday.label, sunday.label) == ("Saturday", "Sunday")
    left = client.get(saturday.url).context["chips"]
    assert [chip.label for chip in left] == ["“tea”", "Sunday"]


def test_a_point_from_the_browser_is_a_place(client, leeds):
    venue = VenueFactory(latitude=53.80, longitude=-1.55)
    MeetingFactory(group__name="Kettle", venue=venue)
    response = client.get("/groups/?near=53.8012345,-1.5467890")
    assert "near you (Leeds)" in main_of(response)
    assert [group.name for group in response.context["listings"]] == ["Kettle"]
    # No finer than a kilometre, whatever the browser says.
    assert response.context["place"].point == (53.80, -1.55)


def test_each_group_says_why_it_is_here(client, leeds):
    grief = TopicFactory(slug="grief", label="Grief and loss", synonyms=["bereavement"])
    venue = VenueFactory(latitude=53.81, longitude=-1.55)
    group = GroupFactory(name="Monday tea", summary="A kettle.", topics=[grief])
    MeetingFactory(group=group, venue=venue, weekdays=[0])
    [found] = client.get("/groups/?q=kettle bereavement on monday near Leeds").context["listings"]
    assert found.why == [
        "About Grief and loss.",
        "It fits “kettle”.",
        "Meets on Monday.",
        "Less than 1 mile away.",
    ]
    assert "Why it is here:" not in main_of(client.get("/groups/"))
    assert "Its name says “tea”." in main_of(client.get("/groups/?q=tea"))


def test_groups_online_stand_beside_those_near_by(client, leeds):
    venue = VenueFactory(latitude=53.80, longitude=-1.55)
    for _each in range(6):
        MeetingFactory(venue=venue)
    MeetingFactory(format="online", venue=None)
    offers = client.get("/groups/?near=Leeds").context["widen"]
    assert [(offer.label, offer.count) for offer in offers] == [("Groups online", 1)]
    assert client.get(offers[0].url).context["total"] == 1
    assert client.get("/groups/").context["widen"] == []


def test_a_tick_box_shows_how_many_it_would_leave(client):
    MeetingFactory(group__cost="free")
    MeetingFactory(group__cost="paid")
    assert "Free (1)" in " ".join(main_of(client.get("/groups/")).replace("( ", "(").split())


def test_who_is_not_wanted_is_left_out(client):
    GroupFactory(name="Tea for men", audiences=["men"])
    GroupFactory(name="Tea for all")
    response = client.get("/groups/?q=tea, no men")
    assert [group.name for group in response.context["listings"]] == ["Tea for all"]
    assert "Not Men" in [chip.label for chip in response.context["chips"]]


def test_a_group_online_is_at_no_distance(client, leeds):
    meeting = MeetingFactory(group__name="Online tea", format="online", venue=None)
    meeting.group.serves.set([leeds])
    [group] = client.get("/groups/?q=tea near Leeds").context["listings"]
    assert group.distance_words == ""


def test_a_place_among_the_words_that_nobody_knows_gets_its_neighbours_in_spelling(client):
    PlaceFactory(name="London", area="", population=9_000_000)
    PlaceFactory(name="Lodi", area="", population=40_000)
    choices = client.get("/groups/?q=tea near Lodnon").context["place_suggestions"]
    assert choices[0].label == "London"
    assert choices[0].url == "/groups/?q=tea+near+Lodnon&near=London"
