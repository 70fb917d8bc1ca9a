"""The search for practitioners: what is found, in which order, with which counts, and how many queries it takes."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone

from practitioners.filters import PractitionerFilterSet
from practitioners.indexing import rebuild
from practitioners.models import Practitioner, PractitionerSearch
from practitioners.search import find
from tests.factories import (
    CountryFactory,
    LanguageFactory,
    PlaceFactory,
    PractitionerFactory,
    SupportAreaFactory,
    SupportRoleFactory,
    TopicFactory,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles():
    return {slug: SupportRoleFactory(slug=slug, name=slug.capitalize()) for slug in ("bridge-builder", "co-educator")}


@pytest.fixture
def leeds():
    return PlaceFactory()


def ask(client, query):
    response = client.get(f"/practitioners/?{query}")
    assert response.status_code == 200
    return response


def names(client, query):
    return [practitioner.name for practitioner in ask(client, query).context["listings"]]


def test_several_roles_are_asked_for_as_any_or_as_all(client, roles):
    bridge, educator = roles.values()
    PractitionerFactory(name="Both", roles=[bridge, educator])
    PractitionerFactory(name="Ada", roles=[bridge])
    PractitionerFactory(name="Ben")
    two = "role=bridge-builder&role=co-educator"
    assert names(client, two) == ["Both", "Ada"]
    assert names(client, f"{two}&roles=any") == ["Both", "Ada"]
    assert names(client, f"{two}&roles=all") == ["Both"]
    chips = {chip.label: chip.url for chip in ask(client, f"{two}&roles=all").context["chips"]}
    assert chips["All of these roles"] == f"/practitioners/?{two}"
    assert "roles=all" in chips["Co-educator"]


def test_an_unknown_way_to_join_roles_gets_a_message(client, roles):
    PractitionerFactory(name="Ada", roles=[roles["co-educator"]])
    page = ask(client, "role=co-educator&roles=most")
    assert "We do not know “most” here" in main_of(page)
    assert "Ada" in main_of(page)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bridge-builder", ["Ada"]),
        ("bridge builder", ["Ada"]),
        ("worry", ["Ada"]),
        ("worrry", ["Ada"]),
        ("librarian", ["Ada"]),
        ("Okonqwo", ["Ben Okonkwo"]),
        ("someone online", ["Ben Okonkwo"]),
        ("Leeds", ["Ada"]),
        ("bridge builder for worry near Leeds", ["Ada"]),
        ("zebra", []),
    ],
)
def test_words_are_understood_and_mended(client, roles, leeds, words, found):
    topic = TopicFactory(slug="anxiety", label="Anxiety", synonyms=["worry"])
    PractitionerFactory(
        name="Ada", profession="librarian", roles=[roles["bridge-builder"]], topics=[topic], places=[leeds]
    )
    PractitionerFactory(name="Ben Okonkwo", online=True)
    assert names(client, urlencode({"q": words})) == found


def test_a_word_of_a_place_or_of_the_groups_is_right(client):
    PlaceFactory(name="Isle of Wight", kind="county")
    PractitionerFactory(name="Ada", offers="Weight and moinings")
    for words in ("wight", "mornings"):
        assert ask(client, f"q={words}").context["corrected"] == ()


def test_a_word_that_was_mended_to_one_that_says_nothing_is_left_out(client):
    TopicFactory(label="Where to live")
    PractitionerFactory(name="Ada")
    page = ask(client, "q=wheree")
    assert page.context["corrected"] == (("wheree", "where"),)
    assert page.context["total"] == 1


def test_a_name_that_holds_a_town_is_a_name(client, leeds):
    PractitionerFactory(name="Anna Leeds")
    PractitionerFactory(name="Ada", places=[leeds])
    assert names(client, "q=anna+leeds") == ["Anna Leeds"]


def test_where_nobody_has_all_words_those_with_some_are_shown_and_it_is_said(client):
    PractitionerFactory(name="Ada", offers="A room")
    PractitionerFactory(name="Ben", offers="Money")
    page = ask(client, "q=room+elephants")
    assert [each.name for each in page.context["listings"]] == ["Ada"]
    assert "Nobody’s page holds all of these words" in main_of(page)


def test_serving_a_place_near_it_or_online(client, leeds):
    yorkshire = PlaceFactory(name="Yorkshire", kind="county", latitude=54.1, longitude=-1.4, radius_km=80)
    whitby = PlaceFactory(name="Whitby", kind="town", latitude=54.486, longitude=-0.614, radius_km=2)
    otley = PlaceFactory(name="Otley", kind="town", latitude=53.905, longitude=-1.693, radius_km=2)
    PractitionerFactory(name="In Leeds", places=[leeds])
    PractitionerFactory(name="All Yorkshire", places=[yorkshire])
    PractitionerFactory(name="In Otley", places=[otley, whitby])
    PractitionerFactory(name="In Whitby", places=[whitby])
    PractitionerFactory(name="On screen", online=True)
    assert names(client, "near=Leeds&sort=distance") == ["In Leeds", "All Yorkshire", "In Otley"]
    assert names(client, "near=Leeds&within=2&sort=distance") == ["In Leeds", "All Yorkshire"]
    assert names(client, "near=Whitby&within=100&sort=distance")[0] in {"In Otley", "In Whitby"}
    assert names(client, "near=Leeds&online=also&sort=distance") == [
        "In Leeds",
        "All Yorkshire",
        "In Otley",
        "On screen",
    ]
    assert names(client, "near=Leeds&online=only") == ["On screen"]


def test_orders(client, leeds):
    now = timezone.now()
    PractitionerFactory(name="Ada", confirmed_at=now - timedelta(days=50), confirmed_by="owner", places=[leeds])
    PractitionerFactory(name="Ben", confirmed_at=now - timedelta(days=5), confirmed_by="owner", places=[leeds])
    PractitionerFactory(name="Cy", accepting_requests=False, places=[leeds])
    assert names(client, "sort=confirmed") == ["Ben", "Ada", "Cy"]
    assert names(client, "sort=name") == ["Ada", "Ben", "Cy"]
    assert names(client, "") == ["Ada", "Ben", "Cy"]
    # Without a place there is nothing to be near to.
    assert names(client, "sort=distance") == names(client, "")


def filled_directory(leeds, roles):
    areas = [SupportAreaFactory(slug=slug) for slug in ("connections", "expertise")]
    wide = TopicFactory(slug="mental-health")
    topics = [TopicFactory(slug="anxiety", parent=wide), TopicFactory(slug="grief")]
    languages = [LanguageFactory(code="en", name="English"), LanguageFactory(code="fr", name="French")]
    for number in range(24):
        each = PractitionerFactory(
            name=f"Person {number:02}",
            sector="health" if number % 2 else "library",
            online=number % 4 == 0,
            accepting_requests=number % 3 != 0,
            roles=[role for place, role in enumerate(roles.values()) if (number >> place) % 2],
            topics=[topics[number % 2]] if number % 5 else [],
            places=[leeds] if number % 3 else [],
        )
        each.areas.set([areas[number % 2]])
        each.languages.set(languages[: 1 + number % 2])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "role=bridge-builder",
        "role=bridge-builder&role=co-educator&roles=all",
        "area=connections&sector=library",
        "topic=mental-health&near=Leeds",
        "near=Leeds&online=also&accepting=1",
        "language=fr&q=person",
    ],
)
def test_each_count_is_what_the_choice_would_leave(client, roles, leeds, query):
    filled_directory(leeds, roles)
    form = ask(client, query).context["filterset"].form
    counted = 0
    for name in ("role", "area", "topic", "sector", "language"):
        narrowing = name == "role" and "roles=all" in query
        asked = [(key, value) for key, values in QueryDict(query).lists() for value in values]
        kept = [(key, value) for key, value in asked if key != name or narrowing]
        for code, label in form.fields[name].widget.choices:
            found = ask(client, urlencode(list(dict.fromkeys([*kept, (name, code)])))).context["total"]
            assert label.count_of == found, (query, name, code)
            counted += 1
    assert counted > 4
    accepting = ask(client, f"{query}&accepting=1".lstrip("&")).context["total"]
    assert f"Takes requests now ({accepting})" in main_of(ask(client, query)).replace("( ", "(")


def test_the_page_and_the_whole_set_agree(client, roles, leeds):
    filled_directory(leeds, roles)
    for query in ["", "role=co-educator", "q=person+01", "near=Leeds&online=also", "topic=grief&accepting=1"]:
        filterset = PractitionerFilterSet(QueryDict(query))
        assert set(find(filterset.matches(), limit=100)[0].ids) == set(filterset.qs.values_list("pk", flat=True)), query


def test_few_results_come_with_wider_searches_that_find_more(client, roles, leeds):
    PractitionerFactory(name="On screen", online=True, roles=[roles["co-educator"]])
    page = ask(client, "near=Leeds&role=co-educator")
    assert page.context["total"] == 0
    wider = {choice["label"]: choice for choice in page.context["widen"]}
    assert wider["Near, or online"]["count"] == 1
    assert "On screen" in main_of(client.get(wider["Near, or online"]["url"]))


def test_a_row_follows_what_is_saved_and_is_gone_with_publication_or_consent(client, roles):
    ada = PractitionerFactory(name="Ada")
    assert names(client, "role=co-educator") == []
    ada.roles.set([roles["co-educator"]])
    assert names(client, "role=co-educator") == ["Ada"]
    topic = TopicFactory(label="Grief")
    ada.topics.set([topic])
    topic.label = "Mourning"
    topic.save()
    assert names(client, "q=mourning&spelling=typed") == ["Ada"]
    # By a statement of which no code of ours knows.
    Practitioner.objects.filter(pk=ada.pk).update(state="archived")
    assert not PractitionerSearch.objects.exists()
    rebuild()
    assert not PractitionerSearch.objects.exists()


def many(count, role, area, topic, place):
    people = Practitioner.objects.bulk_create(
        Practitioner(
            slug=f"p-{number}", name=f"Person {number}", state="published", consent_given_on=timezone.localdate()
        )
        for number in range(count)
    )
    for through, column, target in [
        (Practitioner.roles.through, "supportrole", role),
        (Practitioner.areas.through, "supportarea", area),
        (Practitioner.topics.through, "topic", topic),
        (Practitioner.places.through, "place", place),
    ]:
        through.objects.bulk_create(through(practitioner=person, **{column: target}) for person in people)
    rebuild()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=person+near+Leeds&role=co-educator&area=connections&topic=grief&sector=voluntary&online=also&sort=distance",
    ],
)
def test_as_many_queries_for_one_as_for_a_thousand(client, roles, leeds, query):
    said = roles["co-educator"], SupportAreaFactory(slug="connections"), TopicFactory(slug="grief"), leeds
    taken = []
    for count in (1, 10, 1000):
        Practitioner.objects.all().delete()
        many(count, *said)
        assert ask(client, query).context["total"] == count
        taken.append(queries_of(client, f"/practitioners/?{query}"))
    assert len(set(taken)) == 1
    assert taken[0] <= 12


def test_beyond_the_cap_no_count_is_shown_that_is_not_true(client, roles, leeds):
    many(1002, roles["co-educator"], SupportAreaFactory(), TopicFactory(), leeds)
    page = ask(client, "")
    assert "1,000+ practitioners" in main_of(page)
    labels = [label for _code, label in page.context["filterset"].form.fields["role"].widget.choices]
    assert labels
    assert all(getattr(label, "count_of", None) is None for label in labels)


@pytest.mark.parametrize(
    "query",
    [
        urlencode({"q": "x" * 1_000_000}),
        urlencode({"q": "\x00"}),
        urlencode({"near": "\x00", "role": "\x00", "online": "\x00", "page": "\x00"}),
        "page=99999999999999999999",
        "role=" + "a" * 5000,
        urlencode({"q": "100% _ ' \" ; -- {0} %s $$ || & !"}),
        "role[]=x&roles[]=all&online=1&within=-1&accepting=no",
    ],
)
def test_bad_input_gets_a_page(client, query):
    PractitionerFactory(name="Ada")
    assert client.get(f"/practitioners/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "1 practitioner"),
        ("topic=anxiety", "1 practitioner for Anxiety"),
        ("topic=anxiety&q=zebra", "0 practitioners for Anxiety, “zebra”"),
        ("role=co-educator&role=facilitator", "1 practitioner, as co-educator or facilitator"),
        ("role=co-educator&role=facilitator&roles=all", "0 practitioners, as co-educator and facilitator"),
        ("sector=health&accepting=1", "1 practitioner, where they work: health service, who take requests now"),
    ],
)
def test_the_heading_says_what_was_looked_for(client, query, words):
    educator = SupportRoleFactory(slug="co-educator", name="Co-educator")
    SupportRoleFactory(slug="facilitator", name="Facilitator")
    anxiety = TopicFactory(slug="anxiety", label="Anxiety")
    PractitionerFactory(roles=[educator], topics=[anxiety], sector="health", accepting_requests=True)
    assert ask(client, query).context["headline"] == words


class TestCountry:
    @pytest.fixture(autouse=True)
    def _both_coasts(self):
        france = CountryFactory()
        calais = PlaceFactory(name="Calais", area="", country="FR", latitude=50.95, longitude=1.86)
        dover = PlaceFactory(name="Dover", area="Kent", latitude=51.13, longitude=1.31)
        PractitionerFactory(name="Calais", places=[calais])
        PractitionerFactory(name="All of it", places=[france])
        PractitionerFactory(name="Dover", places=[dover])
        PractitionerFactory(name="Online", online=True)

    @pytest.mark.parametrize("query", ["near=France", "q=in france", "near=France&within=20&sort=distance"])
    def test_is_what_is_in_it(self, client, query):
        page = ask(client, query)
        assert names(client, query) == ["All of it", "Calais"]
        assert page.context["headline"] == "2 practitioners in France"
        assert [chip.label for chip in page.context["chips"]] == ["In France"]
        assert [sort.label for sort in page.context["sorts"]] == ["Best fit first", "Newly confirmed first", "By name"]
        assert 'name="within"' not in page.content.decode()

    def test_with_those_online_if_asked(self, client):
        page = ask(client, "near=France&online=also")
        assert page.context["headline"] == "3 practitioners in France, or online"
        assert names(client, "near=France&online=also") == ["All of it", "Calais", "Online"]

    def test_a_wider_search_is_no_circle(self, client):
        offers = ask(client, "near=France").context["widen"]
        assert [offer["label"] for offer in offers] == ["Near, or online", "Anywhere"]
        for offer in offers:
            assert client.get(offer["url"]).context["total"] == offer["count"]

    def test_a_list_that_is_made_anew_knows_it_too(self, client):
        rebuild()
        assert names(client, "near=France") == ["All of it", "Calais"]
