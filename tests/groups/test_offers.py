"""What a page offers, its counts and what it says of a search are what a reader finds who follows it."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from directory import keeping
from directory.choices import Weekday
from directory.models import Topic
from directory.results import Counted
from groups.indexing import index_groups, indexing_at_the_end
from groups.models import Group
from groups.search import CAP
from tests.factories import GroupFactory, MeetingFactory, PlaceFactory, PostcodeSectorFactory, TopicFactory
from tests.pages import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """Groups in and around Leeds, on some days, for some people, about some topics; and some online."""
    PlaceFactory(name="Leeds", names=["leeds"], latitude=53.797, longitude=-1.548)
    PlaceFactory(name="Sandy", names=["sandy"], latitude=53.81, longitude=-1.55)
    PostcodeSectorFactory(sector="LS6 1", outward="LS6", district="Leeds", latitude=53.82, longitude=-1.57)
    losses = TopicFactory(slug="loss", label="Loss")
    grief = TopicFactory(slug="bereavement", label="Bereavement", parent=losses)
    anxiety = TopicFactory(slug="anxiety", label="Anxiety")
    with indexing_at_the_end():
        for number in range(36):
            group = GroupFactory(
                name=["Kettle", "Tea", "Lantern"][number % 3] + f" {number}",
                topics=[[grief], [anxiety], [losses], []][number % 4],
                audiences=[[], ["women"], ["men"], [], ["students"]][number % 5],
                cost=["free", "paid"][number % 2],
            )
            is_online = number % 7 == 0
            MeetingFactory(
                group=group,
                weekdays=[number % 6],
                start_time=[time(10), time(14), time(19)][number % 3],
                format="online" if is_online else "in-person",
                venue=None,
            ) if is_online else MeetingFactory(
                group=group,
                weekdays=[number % 6],
                start_time=[time(10), time(14), time(19)][number % 3],
                venue__latitude=53.797 + number * 0.01,
                venue__longitude=-1.548,
            )


SEARCHES = [
    "near=Leeds&within=5&day=sun",
    "near=Leeds&within=5&day=mon&audience=students&free=on",
    "near=Leeds&q=women's tea on sunday",
    "q=bereavement kettle on sunday near Leeds",
    "q=bereavement crochet on monday near Leeds",
    "q=tea for women, not on monday, sunday morning",
    "q=tea, no men, on sunday",
    "q=kettle today and free in the morning&audience=students",
    "q=anxiety on sunday LS6 1AA",
    "q=bereavement on monday LS6 1AA for students",
    "topic=bereavement&q=crochet",
    "topic=anxiety&q=bereavement crochet on sunday",
    "topic=anxiety&day=sun",
    "q=tea near Sandy on sunday",
    "q=lantern online on sunday near Leeds",
    "day=mon&time=evening&format=telephone",
    "q=crochet&near=Leeds&within=5",
]


@pytest.mark.usefixtures("town")
class TestOffers:
    @pytest.mark.parametrize("query", SEARCHES)
    def test_each_finds_as_many_as_it_says(self, client, query):
        context = client.get(f"/groups/?{query}").context
        assert context["widen"]
        for offer in context["widen"]:
            followed = client.get(offer.url).context
            assert (offer.label, followed["total"]) == (offer.label, offer.count)
            assert offer.count > context["total"]
            assert not followed["filterset"].form.errors

    @pytest.mark.parametrize("query", [each for each in SEARCHES if "q=" in each])
    def test_each_part_can_be_taken_away_and_the_rest_stays(self, client, query):
        chips = client.get(f"/groups/?{query}").context["chips"]
        for chip in chips:
            left = client.get(chip.url).context
            # A place is called by its county in a field of its own, and without a circle where all are online.
            kept = {
                each.label for each in chips if each != chip and "Leeds" not in each.label and "Sandy" not in each.label
            }
            assert kept <= {each.label for each in left["chips"]}
            assert len(left["chips"]) == len(chips) - 1

    def test_the_part_in_the_way_is_named_beside_a_radius_too(self, client):
        for number in range(3):
            MeetingFactory(weekdays=[0], venue__latitude=53.797 + number * 0.001, venue__longitude=-1.548)
        response = client.get("/groups/?near=Leeds&within=5&day=sun&q=sunday")
        context = response.context
        assert context["total"] == 0
        assert "If you leave out “Sunday”, there are groups." in main_of(response)
        assert context["in_the_way"] == ["“Sunday”"]

    def test_all_parts_in_the_way_are_named(self, client):
        def meets(day, audience, north=0.0, **kwargs):
            MeetingFactory(
                group__name="Crochet", group__audiences=[audience], weekdays=[day], venue__latitude=53.797 + north,
                venue__longitude=-1.548, **kwargs
            )  # fmt: skip

        meets(0, "men")
        meets(6, "women")
        for north in (0.1, 0.3, 0.6):
            meets(0, "women", north)
        MeetingFactory(group__name="Crochet", group__audiences=["women"], weekdays=[0], format="online", venue=None)
        response = client.get("/groups/?near=Leeds&within=5&q=womens crochet on monday")
        context = response.context
        assert "If you leave out “Monday” or “Women” or “crochet”, there are groups." in main_of(response)
        assert context["total"] == 0
        assert len(context["widen"]) == 4
        assert context["in_the_way"] == ["“Monday”", "“Women”", "“crochet”"]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "query",
    [
        "q=monday tea",
        "q=tea&day=mon",
        "q=tea on monday or tuesday",
        "q=kettle for women",
        "q=free tea online",
        "q=not on monday",
        "q=tea in the morning&audience=men",
    ],
)
def test_each_count_beside_a_choice_is_what_there_is_of_it(client, query):
    response = client.get(f"/groups/?{query}")
    filterset, form = response.context["filterset"], response.context["form"]
    seen = 0
    for name in ("day", "time", "format", "audience", "topic"):
        shown = {code: each.count_of for code, each in form.fields[name].widget.choices if isinstance(each, Counted)}
        for code in [code for code, _label in form.fields[name].choices if code != "bereavement"]:
            rows = filterset.matches(without=(name,)).rows
            chosen = filterset.of_a_meeting(without=(name,)) | {name: [code]}
            one = name in ("day", "time", "format")
            # By the exact set of all others, not by the statement that counts.
            found = filterset.matches(without=(name,) if name in filterset.values else ()).everything()
            rows = rows.meeting(**chosen) if one else rows.with_one_of(name, [code])
            expected = found.filter(found_by__in=rows).count()
            assert shown.get(code, 0) == expected, (name, code)
            seen += expected
    assert seen


def test_beyond_the_cap_no_number_is_told_that_is_not_true(client):
    with indexing_at_the_end():
        groups = Group.objects.bulk_create(
            Group(name=f"Tea {n}", slug=f"tea-{n}", state="published", cost="free", kind="shed" if n else "other")
            for n in range(CAP + 1)
        )
    index_groups([group.pk for group in groups])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE groups_groupsearch")
    keeping.forget()
    response = client.get("/groups/?q=tea")
    assert "1,000+ groups" in main_of(response)
    assert "1001" not in main_of(response)
    choices = dict(response.context["form"].fields["kind"].widget.choices)
    assert "shed" in choices
    assert not any(isinstance(label, Counted) for label in choices.values())
    few = client.get("/groups/?q=tea&kind=other").context["form"].fields["kind"].widget.choices
    assert [str(label) for _code, label in few if isinstance(label, Counted)] == []
    assert "See all 1,000+ groups" in main_of(client.get("/search/?q=tea"))
    offers = client.get("/groups/?q=tea&day=mon").context["widen"]
    assert [offer.shown for offer in offers] == ["1,000+"]
    assert "1,000+ groups" in main_of(client.get("/groups/?q=tea&day=mon"))


def test_a_group_that_is_taken_away_while_it_is_looked_for_is_left_out(client):
    """Each statement sees the tables as they are when it begins."""
    gone, stays = GroupFactory(name="Gone"), GroupFactory(name="Stays")

    def take_away(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if "WITH cand" in sql:
            Group.objects.filter(pk=gone.pk).update(state="archived")
        return answer

    with connection.execute_wrapper(take_away):
        response = client.get("/groups/")
    assert [group.name for group in response.context["listings"]] == [stays.name]


@pytest.mark.usefixtures("town")
class TestWordsAsTheyAreTyped:
    @pytest.mark.parametrize("typed", ["bereavemant's", "Bereavemant’s", "béreavemant"])
    def test_a_misspelt_word_with_a_mark_is_mended(self, client, typed):
        GroupFactory(name="Bereavements talk")
        GroupFactory(name="Bereavement talk")
        context = client.get("/groups/", {"q": typed}).context
        assert context["corrected"]
        assert context["total"] > 1

    def test_nothing_is_said_to_be_mended_that_is_not(self, client):
        context = client.get("/groups/?q=l’anxiaty").context
        assert not context["corrected"] or context["total"]

    def test_a_town_that_is_a_word_stays_a_place(self, client):
        chips = {chip.label: chip.url for chip in client.get("/groups/?q=tea near Sandy").context["chips"]}
        left = client.get(chips["“tea”"]).context
        assert left["place"].label.startswith("Sandy")

    @pytest.mark.parametrize("near", ["LS6 1AA", "LS6 1, Leeds", "LS6 1AA, Leeds", "ls6, Leeds"])
    def test_a_postcode_with_its_town_is_read(self, client, near):
        assert client.get("/groups/", {"near": near}).context["place"].label.startswith("LS6")

    def test_a_day_of_the_week_beside_today_is_any_of_its_dates(self, client):
        tomorrow = timezone.localdate() + timedelta(days=1)
        name = Weekday.values[tomorrow.weekday()]
        MeetingFactory(group__name="Crochet tomorrow", weekdays=[tomorrow.weekday()])
        for query in (f"q=crochet today or {Weekday(name).label}", f"q=crochet today&day={name}"):
            context = client.get(f"/groups/?{query}").context
            assert [group.name for group in context["listings"]] == ["Crochet tomorrow"]
        assert client.get("/groups/?q=crochet today").context["total"] == 0


def test_a_group_is_not_said_to_say_the_other_words_for_its_topic(client):
    anxiety = TopicFactory(slug="anxiety", label="Anxiety", synonyms=["nerves", "anxeity"])
    GroupFactory(name="Kettle", topics=[anxiety], summary="Tea.")
    GroupFactory(name="Nerves", topics=[anxiety])
    shown = {group.name: group.why for group in client.get("/groups/?q=nerves and tea").context["listings"]}
    assert shown == {
        "Kettle": ["About Anxiety.", "It fits “tea”."],
        "Nerves": ["About Anxiety.", "Its name says “Nerves”."],
    }


def test_this_weekend_is_one_weekend(client):
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    for name, day in [("This one", sunday), ("The next", sunday + timedelta(days=7))]:
        MeetingFactory(group__name=name, weekdays=[6], starts_on=day, start_time=time(23, 59))
    for query in ("this weekend", "this sunday", "ce week-end"):
        assert [group.name for group in client.get("/groups/", {"q": query}).context["listings"]] == ["This one"]
    chips = {chip.label: chip.url for chip in client.get("/groups/?q=this weekend").context["chips"]}
    assert "This Sunday" in chips
    for chip in chips:
        left = [each.label for each in client.get(chips[chip]).context["chips"]]
        assert left == [each for each in chips if each != chip]


def test_a_word_that_says_for_whom_and_about_what_stays_where_one_of_them_goes(client):
    topic = TopicFactory(slug="trans", label="Trans")
    GroupFactory(name="One", topics=[topic], audiences=["trans"])
    GroupFactory(name="Two", topics=[topic])
    GroupFactory(name="Three", about="Not only for trans people.")
    page = client.get("/groups/?q=trans").context
    [offer] = [offer for offer in page["widen"] if offer.label.startswith("Without")]
    assert offer.count == client.get(offer.url).context["total"] == 2


@pytest.mark.parametrize("words", ["suicde", "suicide"])
def test_misspelt_words_of_danger_find_what_they_mean_and_nobody_is_told(client, words):
    TopicFactory(slug="suicidal-thoughts", label="Suicidal thoughts", synonyms=["suicide"])
    GroupFactory(name="Staying", topics=Topic.objects.all())
    page = client.get("/groups/", {"q": words}).context
    assert [group.name for group in page["listings"]] == ["Staying"]
    assert not page["corrected"]


def test_a_word_in_the_name_is_quoted_as_the_name_has_it(client):
    GroupFactory(name="The Tuesday Chairs")
    [found] = client.get("/groups/?q=chair").context["listings"]
    assert found.why == ["Its name says “Chairs”."]


def test_a_group_that_is_for_people_near_by_says_so(client):
    leeds = PlaceFactory(name="Leeds", latitude=53.8, longitude=-1.55)
    group = GroupFactory(name="Tea on a screen")
    group.serves.add(leeds)
    MeetingFactory(group=group, venue=None, format="online")
    [found] = client.get("/groups/?near=Leeds").context["listings"]
    assert found.why == ["It is for people near Leeds."]


def test_a_topic_of_several_words_is_found_by_all_of_them_or_by_itself(client):
    covid = TopicFactory(slug="long-covid", label="Long Covid")
    GroupFactory(name="Slow and steady", topics=[covid])
    GroupFactory(name="After Covid", about="It can last long.")
    GroupFactory(name="A long walk")
    assert {group.name for group in client.get("/groups/?q=long covid").context["listings"]} == {
        "Slow and steady",
        "After Covid",
    }


class TestSearchingEverything:
    def test_what_was_mended_is_said_and_the_way_back_is_there(self, client):
        GroupFactory(name="Church hall tea")
        page = client.get("/search/?q=chruch")
        assert "Showing results for “church”" in main_of(page)
        literal = client.get(page.context["literal_url"])
        assert "Showing results" not in main_of(literal)
        assert literal.context["groups"] == []

    def test_a_place_that_nobody_knows_is_named_with_its_neighbours_in_spelling(self, client):
        PlaceFactory(names=["leeds"])
        GroupFactory(name="Tea")
        for query in ("q=tea near Leedz", "q=tea&near=Leedz"):
            page = main_of(client.get(f"/search/?{query}"))
            assert "We do not know this place" in page
            assert "Leeds, West Yorkshire" in page

    def test_other_places_of_the_name_are_offered(self, client):
        PlaceFactory(name="Newport", names=["newport"], area="Newport", country="WLS", latitude=51.58, longitude=-3.0)
        PlaceFactory(
            name="Newport", names=["newport"], area="Isle of Wight", latitude=50.7, longitude=-1.29, population=25000
        )
        page = client.get("/search/?q=tea&near=Newport")
        assert "There are others of that name" in main_of(page)
        [choice] = page.context["understood"]["place_alternatives"]
        assert client.get(choice.url).context["place"].label == "Newport, Isle of Wight"


@pytest.mark.parametrize("address", ["/groups/", "/search/", "/practitioners/", "/case-studies/"])
@pytest.mark.parametrize("words", ["I am so tired of it all. " * 9 + "I want to die", "i want to die\0"])
def test_help_lines_stand_above_a_message_that_is_too_long_to_search_for(client, content, address, words):
    page = client.get(address, {"q": words})
    assert "Samaritans" in main_of(page)
    assert "maxlength" not in page.content.decode()


class TestChoiceThatTheWordsHold:
    """Somebody ticks what they have typed already, or a part of it."""

    @pytest.fixture(autouse=True)
    def weekends(self):
        MeetingFactory(group__name="Blue tea", weekdays=[5])
        MeetingFactory(group__name="Green tea", weekdays=[6])
        MeetingFactory(group__name="Black tea", weekdays=[0])

    @staticmethod
    def found(client, address):
        context = client.get(address).context
        return {group.name for group in context["listings"]}, {chip.label: chip.url for chip in context["chips"]}

    def test_a_part_of_it_narrows_and_without_it_all_is_back(self, client):
        names, chips = self.found(client, "/groups/?q=weekend&day=sat")
        assert names == {"Blue tea"}
        assert list(chips) == ["Saturday"]
        names, chips = self.found(client, chips["Saturday"])
        assert names == {"Blue tea", "Green tea"}
        assert list(chips) == ["Saturday", "Sunday"]

    def test_the_same_again_is_one_chip_that_takes_both_away(self, client):
        names, chips = self.found(client, "/groups/?q=tea+monday&day=mon")
        assert names == {"Black tea"}
        assert list(chips) == ["Monday", "“tea”"]
        assert "day" not in chips["Monday"]
        names, _chips = self.found(client, chips["Monday"])
        assert names == {"Blue tea", "Green tea", "Black tea"}

    def test_another_one_widens(self, client):
        names, chips = self.found(client, "/groups/?q=weekend&day=mon")
        assert names == {"Blue tea", "Green tea", "Black tea"}
        assert list(chips) == ["Saturday", "Sunday", "Monday"]
        names, _chips = self.found(client, chips["Saturday"])
        assert names == {"Green tea", "Black tea"}
