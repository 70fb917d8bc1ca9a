import pytest

from tests.factories import GroupFactory, MeetingFactory, PlaceFactory, TopicFactory, VenueFactory

pytestmark = pytest.mark.django_db


def found(client, query):
    response = client.get(f"/complete/?{query}")
    assert response.status_code == 200
    return {kind["label"]: [item["value"] for item in kind["items"]] for kind in response.json()["groups"]}


def test_topics_places_and_groups_are_completed(client):
    TopicFactory(label="Anxiety and panic", synonyms=["nerves"])
    PlaceFactory(name="Andover", area="Hampshire", population=40000)
    GroupFactory(name="Another Tea")
    assert found(client, "q=an") == {
        "Topics": ["Anxiety and panic"],
        "Places": ["Andover, Hampshire"],
        "Groups": ["Another Tea"],
    }
    assert found(client, "q=nerv") == {"Topics": ["Anxiety and panic"]}
    assert found(client, "q=an&only=places") == {"Places": ["Andover, Hampshire"]}


def test_a_topic_is_completed_by_the_beginning_of_a_word_only(client):
    TopicFactory(label="Homelessness", synonyms=["rough sleeping"])
    TopicFactory(label="Leeks (and other vegetables)")
    assert found(client, "q=lee") == {"Topics": ["Leeks (and other vegetables)"]}
    assert found(client, "q=oth") == {"Topics": ["Leeks (and other vegetables)"]}
    assert found(client, "q=slee") == {"Topics": ["Homelessness"]}


@pytest.mark.parametrize("typed", ["men's", "men’s", "Men's gr"])
def test_a_topic_is_completed_with_either_apostrophe(client, typed):
    TopicFactory(label="Men’s groups")
    TopicFactory(label="Prisoners’ families", synonyms=["men's families"])
    assert found(client, f"q={typed}")["Topics"][0] == "Men’s groups"


def test_nothing_is_looked_up_for_one_letter(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert found(client, "q=a") == {}


def test_how_many_there_are_is_said_in_grammar(client):
    said = []
    for _each in range(3):
        said.append(client.get("/complete/?q=zeb").json()["words"])
        PlaceFactory(name=f"Zebra {len(said)}")
    assert said == ["", "1 suggestion. Use the arrow keys.", "2 suggestions. Use the arrow keys."]


def test_there_are_never_more_than_eight(client):
    for n in range(12):
        TopicFactory(label=f"Anger {n}")
        PlaceFactory(name=f"Angers {n}")
        GroupFactory(name=f"Angry {n}")
    assert sum(map(len, found(client, "q=ang").values())) <= 8
    assert sum(map(len, found(client, "q=ang&only=places").values())) == 8


def test_the_largest_place_comes_first_and_a_ward_last(client):
    PlaceFactory(name="Leeds", area="Kent", kind="village", population=700)
    PlaceFactory(name="Leeds Ward", area="Somewhere", kind="ward", population=None)
    PlaceFactory()
    assert found(client, "q=lee&only=places")["Places"] == [
        "Leeds, West Yorkshire",
        "Leeds, Kent",
        "Leeds Ward, Somewhere",
    ]


def test_a_country_comes_before_a_town_of_its_name(client):
    PlaceFactory(name="Wales", area="South Yorkshire", kind="village", population=7000)
    PlaceFactory(name="Wales", area="United Kingdom", country="WLS", kind="country", population=None)
    assert found(client, "q=wale")["Places"] == ["Wales, United Kingdom", "Wales, South Yorkshire"]


def test_what_is_hidden_is_not_completed(client):
    GroupFactory(name="Unseen draft", state="draft")
    MeetingFactory(venue=VenueFactory(name="Unseen house", address_visibility="curators"))
    assert found(client, "q=unseen") == {}


@pytest.mark.parametrize(
    "query",
    ["", "q=%00", "q=" + "a" * 10_000, "q=%26%7C!:*", "q='); --", "only=x&q=le", "q=%ED%A0%80ab", "q=ab%5C", "q=%5Bab"],
)
def test_bad_input_completes_nothing(client, query):
    assert found(client, query) == {}
