"""Words that found nothing: which are counted, which never are, who sees them, and when they go."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from directory.models import Act, Topic, UnmatchedWord, UnmatchedWordDay
from directory.models.unmatched import KEPT_FOR
from groups import unmatched
from groups.rebuilding import rebuild
from tests.factories import CaseStudyFactory, GroupFactory, PlaceFactory, PractitionerFactory, TopicFactory
from tests.pages import main_of, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places():
    PlaceFactory()
    PlaceFactory(name="Stoke-on-Trent", area="Staffordshire")


def counted():
    return dict(UnmatchedWordDay.objects.values_list("word__word", "times"))


def ask(client, words, where="/groups/", network="198.51.100.7", **more):
    response = client.get(where, {"q": words}, REMOTE_ADDR=network, **more)
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("where", ["/groups/", "/search/"])
def test_a_word_that_nothing_knows_is_counted(client, where):
    ask(client, "lupus", where)
    assert counted() == {"lupus": 1}


@pytest.mark.parametrize(
    "words",
    [
        "lupus near Leeds",
        "lupus on monday evening",
        "support for lupus, please!",
        "i have lupus",
        "«lupus»",
        "online lupus",
        "lupus near xyzzyville",
    ],
)
def test_only_the_word_itself_is_kept(client, words):
    ask(client, words)
    assert counted() == {"lupus": 1}
    [row] = UnmatchedWord.objects.values()
    assert set(row) == {"id", "word", "hidden_on"}


@pytest.mark.parametrize(
    "words",
    [
        # names
        "margaret",
        "Zubrowka",
        "ZUBROWKA",
        "zubrowka wizzleton",
        "dr zubrowka",
        "a group called zubrowka",
        "my name is zubrowka",
        "st zubrowka",
        # places
        "leeds",
        "trent",
        # numbers, addresses, codes
        "lupus9",
        "07700900123",
        "someone@lupus.example",
        "lupus someone@example.org",
        "https://lupus.example",
        "lupus.example",
        "ls6 9qa",
        # not a word
        "xy",
        "x" * 31,
        "лупус",
        "lupus-like",
        # a story
        "we went to the lupus clinic because my hands hurt so much",
    ],
)
@pytest.mark.parametrize("where", ["/groups/", "/search/"])
def test_these_are_never_kept(client, where, words):
    ask(client, words, where)
    assert counted() == {}


@pytest.mark.parametrize("words", ["lupus i want to die", "kill myself lupus", "he hits me lupus"])
def test_nothing_is_kept_of_a_search_that_sounds_like_danger(client, words):
    ask(client, words)
    ask(client, words, "/search/")
    assert counted() == {}


def test_what_is_known_is_not_kept(client):
    GroupFactory(name="The Lanterns", topics=[TopicFactory(label="Lupus", synonyms=["butterfly rash"])])
    rebuild()
    for words in ["lantern", "lanterns", "lupus", "butterfly", "rashes", "lupuss"]:
        ask(client, words)
    assert counted() == {}


def test_what_another_room_knows_found_something(client):
    PractitionerFactory(name="Ada", summary="Knows about zeolites.")
    CaseStudyFactory(name="Kumquats for all")
    ask(client, "zeolites", "/search/")
    ask(client, "kumquats", "/search/")
    assert counted() == {}


def test_people_are_looked_for_by_name_so_nothing_is_kept_there(client):
    ask(client, "lupus", "/practitioners/")
    assert counted() == {}


def test_a_look_ahead_a_further_page_and_a_search_as_typed_do_not_count(client):
    client.head("/groups/", {"q": "lupus"})
    ask(client, "lupus", headers={"Sec-Purpose": "prefetch;prerender"})
    ask(client, "lupus", headers={"Purpose": "prefetch"})
    client.get("/groups/", {"q": "lupus", "page": "2"})
    client.get("/groups/", {"q": "lupus", "spelling": "typed"})
    client.get("/groups/calendar.ics", {"q": "lupus"})
    client.get("/groups/map.geojson", {"q": "lupus"})
    client.get("/complete/", {"q": "lupus"})
    assert counted() == {}


def test_a_network_counts_once_a_day_for_each_word(client):
    for _each in range(3):
        ask(client, "lupus")
        ask(client, "lupus", network="198.51.100.99")  # the same network
        ask(client, "lupus", network="203.0.113.4")
    assert counted() == {"lupus": 2}


def test_a_robot_fills_no_table(client, monkeypatch):
    monkeypatch.setattr(unmatched, "MOST_FROM_A_NETWORK", 3)
    monkeypatch.setattr(unmatched, "MOST_NEW_A_DAY", 5)
    for number in range(8):
        ask(client, f"zub{'abcdefgh'[number]}wka")
    assert len(counted()) == 3
    for number in range(8):
        ask(client, f"lup{'abcdefgh'[number]}kso", network=f"203.0.{number}.1")
    assert len(counted()) == 5
    # What is known already goes on being counted.
    ask(client, "zubawka", network="192.0.2.1")
    assert counted()["zubawka"] == 2


def statements_for(client, words):
    client.get("/groups/", {"q": words}, REMOTE_ADDR="192.0.2.1")
    with statements() as asked:
        client.get("/groups/", {"q": words}, REMOTE_ADDR="203.0.113.9")
    return asked


def test_it_takes_one_statement_and_only_where_nothing_is_known(client, settings):
    GroupFactory(name="The Lanterns")
    kept = statements_for(client, "lupus")
    assert sum("INSERT" in sql for sql in kept) == 1
    assert not any("unmatched" in sql for sql in statements_for(client, "lanterns"))
    settings.KEEP_SEARCHED_WORDS = False
    assert len(statements_for(client, "lupus")) == len(kept) - 1


@pytest.mark.django_db(transaction=True)
def test_a_search_answers_though_the_count_fails(client, monkeypatch, caplog):
    monkeypatch.setattr(unmatched, "_COUNT", "SELECT %(word)s FROM nowhere")
    ask(client, "lupus")
    assert "was not counted" in caplog.text
    assert "lupus" not in caplog.text


def test_one_setting_switches_it_off(client, settings):
    settings.KEEP_SEARCHED_WORDS = False
    ask(client, "lupus")
    ask(client, "lupus", "/search/")
    assert counted() == {}


def test_without_a_list_of_places_any_word_may_be_one(client):
    from directory import keeping
    from directory.models import Place

    Place.objects.all().delete()
    keeping.forget()
    ask(client, "lupus")
    assert counted() == {}


def test_the_privacy_page_says_which(client, settings):
    said = main_of(client.get("/privacy/"))
    assert "we note this one word" in said
    assert "only once it came 5 times, on 3 days or more. After 90 days we remove it." in said
    settings.KEEP_SEARCHED_WORDS = False
    said = main_of(client.get("/privacy/"))
    assert "What you type is not written down." in said
    assert "this one word" not in said


# When they go


def word_of(word="lupus", times=(2, 2, 1), days_ago=0, **more):
    row = UnmatchedWord.objects.create(word=word, **more)
    today = timezone.localdate() - timedelta(days=days_ago)
    for number, each in enumerate(times):
        UnmatchedWordDay.objects.create(word=row, day=today - timedelta(days=number), times=each)
    return row


def test_what_is_old_goes(client):
    word_of("fresh")
    word_of("stale", days_ago=KEPT_FOR.days)
    word_of("mixed", days_ago=KEPT_FOR.days - 1)
    word_of("hidden", (), hidden_on=timezone.localdate())
    word_of("hiddenlong", (), hidden_on=timezone.localdate() - KEPT_FOR)
    call_command("remove_old_words", verbosity=0)
    assert set(UnmatchedWord.objects.values_list("word", flat=True)) == {"fresh", "mixed", "hidden"}
    assert UnmatchedWordDay.objects.filter(word__word="mixed").count() == 1


def test_all_goes_where_none_shall_be_kept(settings):
    word_of()
    settings.KEEP_SEARCHED_WORDS = False
    call_command("remove_old_words", verbosity=0)
    assert not UnmatchedWord.objects.exists()


# Who sees them

WORDS = "/admin/directory/unmatchedword/"


def listed(client, **query):
    return [each.word for each in client.get(WORDS, query).context["cl"].result_list]


def change_page(word):
    return f"{WORDS}{word.pk}/change/"


def test_a_word_is_shown_once_enough_searches_held_it_on_enough_days(admin_client):
    word_of("lupus", (2, 2, 1))
    seldom, lately = word_of("seldom", (2, 1, 1)), word_of("lately", (9, 9))
    word_of("gone", (2, 2, 1), days_ago=KEPT_FOR.days - 2)
    word_of("oftener", (3, 2, 1))
    assert listed(admin_client) == ["oftener", "lupus"]
    for word in (seldom, lately):
        response = admin_client.get(change_page(word), follow=True)
        assert word.word not in text_of(response)


def test_a_switched_off_list_is_empty_and_says_so(admin_client, settings):
    word = word_of()
    settings.KEEP_SEARCHED_WORDS = False
    assert listed(admin_client) == []
    assert "KEEP_SEARCHED_WORDS is off" in text_of(admin_client.get(WORDS))
    assert admin_client.get(change_page(word)).status_code == 302


def test_the_page_shows_what_a_word_would_find(admin_client):
    word, topic = word_of(), TopicFactory(label="Skin", synonyms=["eczema"])
    groups = [GroupFactory(name=f"Kettle {number}", topics=[topic]) for number in range(7)]
    GroupFactory(name="Other")
    before = text_of(admin_client.get(change_page(word)))
    assert "5 searches held it and found nothing by it, on 3 days" in before
    assert "a search finds 0 groups now" in before
    response = admin_client.get(change_page(word), {"topic": topic.label})
    said = text_of(response)
    assert "A search for it would find 7 groups." in said
    assert "eczema" in said
    assert len(response.context["then"]["groups"]) == 5
    assert set(response.context["then"]["groups"]) < set(groups)
    assert Topic.objects.get().synonyms == ["eczema"]


@pytest.mark.parametrize("topic", ["x", "0", "%", "9" * 40, pytest.param("x" * 100_000, id="very long"), "7\x00"])
def test_a_topic_that_is_none_gets_a_message(admin_client, topic):
    TopicFactory(label="Skin")
    page = change_page(word_of())
    for response in (admin_client.get(page, {"topic": topic}), admin_client.post(page, {"topic": topic, "_lead": "1"})):
        assert response.status_code == 200
        assert response.context["form"].errors["topic"]
        assert response.context["then"] is None
    assert "Choose a topic." in text_of(admin_client.post(page, {"_lead": "1"}))
    assert Topic.objects.get().synonyms == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Skin", "Skin"), ("skin ", "Skin"), ("Eczema", "Skin"), ("colour", "Skin colour"), ("ski", None), ("zz", None)],
)
def test_a_topic_is_found_by_its_name_another_word_or_a_part(admin_client, typed, found):
    TopicFactory(label="Skin", synonyms=["eczema"])
    TopicFactory(label="Skin colour")
    response = admin_client.get(change_page(word_of()), {"topic": typed})
    assert str(response.context["topic"]) == str(found)
    assert ("Which one do you mean? “Skin”, “Skin colour”." in text_of(response)) == (typed == "ski")


def test_one_click_makes_it_another_word_and_one_takes_it_back(admin_client, admin_user, client):
    word, topic = word_of(), TopicFactory(label="Skin", synonyms=["eczema"])
    GroupFactory(name="Kettle", topics=[topic])
    assert "Kettle" not in main_of(ask(client, "lupus"))
    response = admin_client.post(change_page(word), {"topic": topic.label, "_lead": "1"}, follow=True)
    assert "“lupus” leads to “Skin” now." in text_of(response)
    topic.refresh_from_db()
    assert topic.synonyms == ["eczema", "lupus"]
    act = Act.objects.filter(by=admin_user).get()
    assert str(act) == "A word that found nothing"
    assert "Kettle" in main_of(ask(client, "lupus"))
    assert listed(admin_client) == []
    assert listed(admin_client, standing="found") == ["lupus"]
    assert "“lupus” leads to “Skin”." in text_of(admin_client.get(f"{WORDS}{word.pk}/history/"))
    assert "A word that found nothing" in text_of(admin_client.get(f"/admin/directory/topic/{topic.pk}/history/"))
    assert "It is another word for “Skin”." in text_of(admin_client.get(change_page(word)))
    admin_client.post(change_page(word), {"topic": topic.label, "_take_back": "1"})
    topic.refresh_from_db()
    assert topic.synonyms == ["eczema"]
    assert listed(admin_client) == ["lupus"]


def test_a_word_that_a_group_holds_by_now_leaves_the_list(admin_client):
    word_of()
    GroupFactory(name="Lupus and you")
    assert listed(admin_client) == []


def test_a_word_of_no_use_is_hidden_and_counted_no_longer(admin_client, client):
    word = word_of()
    word_of("zubrowka")
    admin_client.post(change_page(word), {"_hide": "1"})
    assert listed(admin_client) == ["zubrowka"]
    assert listed(admin_client, standing="hidden") == ["lupus"]
    ask(client, "lupus")
    assert sum(UnmatchedWordDay.objects.filter(word=word).values_list("times", flat=True)) == 5
    admin_client.post(change_page(word), {"_show": "1"})
    ask(client, "lupus", network="203.0.113.77")
    assert sum(UnmatchedWordDay.objects.filter(word=word).values_list("times", flat=True)) == 6
    chosen = {"action": "hide", "_selected_action": [each.pk for each in UnmatchedWord.objects.all()]}
    admin_client.post(WORDS, chosen)
    assert listed(admin_client) == []


def sign_in(client, role):
    from tests.selfhelp.test_roles import sign_in

    return sign_in(client, role)


def test_only_who_may_change_topics_leads_a_word_to_one(client):
    word, topic = word_of(), TopicFactory()
    sign_in(client, "curator")
    assert 'name="_hide"' not in client.get(change_page(word)).content.decode()
    assert "another word for a topic" not in text_of(client.get(change_page(word), {"topic": topic.label}))
    for data in ({"topic": topic.label, "_lead": "1"}, {"_hide": "1"}):
        assert client.post(change_page(word), data).status_code == 403


def test_editors_lead_words_to_topics(client):
    word, topic = word_of(), TopicFactory()
    sign_in(client, "editor")
    assert client.post(change_page(word), {"topic": topic.label, "_lead": "1"}).status_code == 302
    assert Topic.objects.get().synonyms == ["lupus"]


def test_a_moderator_sees_none(client):
    word = word_of()
    sign_in(client, "moderator")
    assert client.get(WORDS).status_code == 403
    assert client.get(change_page(word)).status_code == 403


@pytest.mark.parametrize("words", ["l'ezubawka he tea morning", "in Leeds l'ezubawka he", "l'ezubawka"])
def test_a_part_of_a_word_is_no_word(client, words):
    PlaceFactory(name="Leeds")
    assert client.get("/groups/", {"q": words}).status_code == 200
    assert client.get("/search/", {"q": words}).status_code == 200
