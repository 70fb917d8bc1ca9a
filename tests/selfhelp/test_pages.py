import re
from html import unescape

import pytest
from django.utils import timezone

from groups.models import Group
from selfhelp.sitemaps import SITEMAPS, PublishedSitemap
from tests.factories import (
    CaseStudyFactory,
    GroupFactory,
    MeetingFactory,
    PlaceFactory,
    PractitionerFactory,
    SupportRoleFactory,
    TopicFactory,
)
from tests.pages import main_of, queries_of, text_of

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/search/",
    "/search/?q=tea",
    "/groups/",
    "/practitioners/",
    "/practitioners/roles/",
    "/case-studies/",
    "/topics/",
    "/learn/",
    "/learn/self-help-groups/",
    "/learn/glossary/",
    "/help-now/",
    "/shortlist/",
    "/shortlist/?g=1-2",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/nowhere/",
]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_has_one_heading_a_title_and_a_description_and_sets_no_cookie(client, address):
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == (404 if address == "/nowhere/" else 200)
    assert html.count("<h1") == 1
    assert html.count("<title>") == 1
    assert 'name="description"' in html
    assert '<html lang="en' in html
    assert not response.cookies


def test_headers_keep_the_page_to_itself(client):
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("state", ["draft", "pending", "archived"])
def test_what_is_not_published_stands_nowhere(client, state):
    topic, role, place = (
        TopicFactory(slug="anxiety", label="Anxiety"),
        SupportRoleFactory(slug="facilitator"),
        PlaceFactory(),
    )
    group = GroupFactory(name="Unseen group", state=state, topics=[topic])
    group.seeking.set([role])
    MeetingFactory(group=group, venue__latitude=53.80, venue__longitude=-1.55)
    practitioner = PractitionerFactory(
        name="Unseen practitioner", state=state, topics=[topic], roles=[role], places=[place]
    )
    case = CaseStudyFactory(name="Unseen case", state=state, topics=[topic])
    for address in [f"/groups/{group.slug}/", f"/practitioners/{practitioner.slug}/", f"/case-studies/{case.slug}/"]:
        assert client.get(address).status_code == 404
    for address in [
        "/",
        "/groups/",
        "/groups/?q=unseen",
        "/groups/?near=Leeds",
        "/groups/?topic=anxiety",
        "/groups/?seeking=facilitator",
        "/practitioners/",
        "/practitioners/?q=unseen",
        "/practitioners/?near=Leeds",
        "/practitioners/roles/facilitator/",
        "/case-studies/",
        "/case-studies/?q=unseen",
        "/topics/",
        "/topics/anxiety/",
        "/search/?q=unseen",
        "/search/?near=Leeds",
        *(f"/sitemap-{section}.xml" for section in SITEMAPS),
    ]:
        response = client.get(address)
        assert response.status_code == 200
        assert "Unseen" not in text_of(response), address
        assert group.slug not in response.content.decode(), address


def test_search_covers_all_rooms(client):
    TopicFactory(label="Tea and sympathy")
    GroupFactory(name="Tea group")
    PractitionerFactory(name="Tea person")
    CaseStudyFactory(name="Tea case")
    page = main_of(client.get("/search/?q=tea"))
    for said in ["Tea and sympathy", "Tea group", "Tea person", "Tea case"]:
        assert said in page


@pytest.mark.parametrize("query", ["q=" + "a" * 10_000, "q=%00", "near=%00", "near=xyzzy", "q=%ED%A0%80"])
def test_search_takes_bad_input(client, query):
    assert client.get(f"/search/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("address", "tidy"),
    [
        ("/groups/?q=tea&near=&day=mon&sort=", "/groups/?q=tea&day=mon"),
        ("/search/?q=&near=", "/search/"),
        ("/groups/?q=caf%C3%A9+%26+tea&near=", "/groups/?q=caf%C3%A9+%26+tea"),
        ("/groups/?q", "/groups/"),
        # Never to another host.
        ("//example.com/?q=", "/%2Fexample.com/"),
    ],
)
def test_fields_that_were_left_empty_are_not_in_the_address(client, address, tidy):
    response = client.generic("GET", "/", PATH_INFO=address.partition("?")[0], QUERY_STRING=address.partition("?")[2])
    assert (response.status_code, response["Location"]) == (302, tidy)


def test_the_first_page_says_how_many_listings_are_samples(client):
    GroupFactory.create_batch(2)
    assert "samples" not in main_of(client.get("/"))
    GroupFactory.create_batch(2, sample=True)
    assert "2 of them are samples, not real groups." in main_of(client.get("/"))


def test_a_topic_joins_all_three_rooms(client):
    counterpart = TopicFactory(slug="carers", label="Carers", for_whom="family")
    topic = TopicFactory(slug="dementia", label="Dementia", counterpart=counterpart)
    GroupFactory(name="A group", topics=[topic])
    PractitionerFactory(name="A practitioner", topics=[topic])
    CaseStudyFactory(name="A case", topics=[topic])
    page = main_of(client.get("/topics/dementia/"))
    for said in ["Dementia", "A group", "A practitioner", "A case", "Carers"]:
        assert said in page


def test_a_topic_has_the_same_number_of_groups_on_every_page(client):
    wide = TopicFactory(slug="health", label="Health")
    anxiety = TopicFactory(slug="anxiety", label="Anxiety", parent=wide)
    panic = TopicFactory(slug="panic", label="Panic", parent=anxiety)
    GroupFactory(topics=[anxiety, panic])
    GroupFactory(topics=[panic])
    GroupFactory(topics=[panic], state="archived")
    for slug, number in (("health", 2), ("anxiety", 2), ("panic", 2)):
        assert client.get(f"/topics/{slug}/").context["group_count"] == number
        assert client.get(f"/groups/?topic={slug}").context["total"] == number
    front = client.get("/").context["topic_index"]
    # A topic that only gathers others is not on the first page.
    assert {each["label"]: each["count"] for each in front} == {"Anxiety": 2, "Panic": 2}
    (umbrella,) = client.get("/topics/").context["umbrellas"]
    assert {each.label: each.count for each in umbrella.shown_children} == {"Anxiety": 2, "Panic": 2}


def test_help_now_shows_each_line_with_its_number(client, content):
    html = client.get("/help-now/").content.decode()
    for number in ["tel:999", "tel:116123", "sms:85258", "tel:08001111", "tel:3114"]:
        assert number in html


def test_the_sitemap_leaves_out_samples(client):
    GroupFactory(slug="real-group")
    GroupFactory(slug="sample-group", sample=True)
    xml = client.get("/sitemap-groups.xml").content.decode()
    assert "/groups/real-group/" in xml
    assert "sample-group" not in xml


def test_the_sitemap_lists_all_however_many_there_are(client, monkeypatch):
    monkeypatch.setattr(PublishedSitemap, "limit", 2)
    addresses = {GroupFactory().get_absolute_url() for _each in range(5)}
    GroupFactory(state="draft")
    GroupFactory(sample=True)
    index = client.get("/sitemap.xml").content.decode()
    files = [unescape(each).removeprefix("http://testserver") for each in re.findall("<loc>(.*?)</loc>", index)]
    assert {f"/sitemap-{section}.xml" for section in SITEMAPS} < set(files)
    answers = [client.get(each) for each in files]
    assert {answer.status_code for answer in answers} == {200}
    listed = [each for answer in answers for each in re.findall("/groups/[^/<]+/", answer.content.decode())]
    assert sorted(listed) == sorted(addresses)
    # The day, and never the moment, which would tell of a change to what nobody may see.
    day = timezone.localdate(Group.objects.published().latest("updated_at").updated_at)
    assert f"<lastmod>{day}</lastmod>" in index
    assert f"<lastmod>{day}</lastmod>" in client.get("/sitemap-groups.xml").content.decode()
    assert f"{day:%d %b %Y} 00:00:00 GMT" in client.get("/sitemap-groups.xml")["Last-Modified"]


@pytest.mark.parametrize("address", ["/sitemap-nothing.xml", "/sitemap-groups.xml?p=99", "/sitemap-groups.xml?p=%00"])
def test_a_part_of_the_sitemap_that_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_robots_and_security(client, settings):
    settings.CONTACT_EMAIL = "curators@example.org"
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert "Contact: mailto:curators@example.org" in client.get("/.well-known/security.txt").content.decode()


@pytest.mark.parametrize("address", ["/", "/groups/", "/topics/", "/help-now/"])
def test_nothing_but_reading_is_allowed(client, address):
    assert client.post(address).status_code in {403, 405}


def test_constant_queries(client):
    topic = TopicFactory(slug="anxiety")

    def add():
        MeetingFactory(group=GroupFactory(topics=[topic]))
        PractitionerFactory(topics=[topic])
        CaseStudyFactory(topics=[topic])

    add()
    addresses = ["/", "/topics/", "/topics/anxiety/", "/search/?q=group", "/sitemap.xml", "/sitemap-groups.xml"]
    few = [queries_of(client, address) for address in addresses]
    for _each in range(9):
        add()
        TopicFactory(parent=topic)
    assert [queries_of(client, address) for address in addresses] == few


@pytest.mark.parametrize("address", ["/search/", "/groups/", "/practitioners/", "/case-studies/"])
def test_words_of_danger_bring_help_lines_above_every_search_and_never_instead_of_it(client, content, address, caplog):
    GroupFactory(name="Staying alive together")
    page = main_of(client.get(f"{address}?q=i+want+to+die"))
    assert "116 123" in page
    assert "You can talk to someone now" not in main_of(client.get(f"{address}?q=tea"))
    assert "die" not in caplog.text


@pytest.mark.parametrize(
    "query",
    [
        "q=anxiety",
        "q=anxiety+near+Leeds",
        "near=Leeds",
        "q=domestic+abuse+in+Leeds",
        "q=tea&near=Leeds",
        "q=xyzzy",
        "q=anxeity+near+Leedz+monday+teaa",
        "q=encuoragement+anxeity+in+Croyden&near=Leedz",
        "q=he+hit+me+near+ZZ9+9ZZ+anxiety&near=Leedz",
    ],
)
def test_a_search_of_everything_takes_at_most_twelve_queries(client, query):
    PlaceFactory(name="Leeds", latitude=53.8, longitude=-1.55)
    anxiety = TopicFactory(slug="anxiety", label="Anxiety", sensitive=True)
    GroupFactory(name="Tea for anxiety", topics=[anxiety])
    PractitionerFactory(name="Ann Tea", topics=[anxiety], roles=[SupportRoleFactory()])
    CaseStudyFactory(name="Anxiety and tea")
    assert queries_of(client, f"/search/?{query}") <= 12


def test_misspelt_words_are_looked_up_once_for_all_rooms(client):
    PlaceFactory(name="Leeds")
    for word in ("bereavement", "support", "women", "depression", "anxiety", "carers"):
        GroupFactory(name=f"The {word}")
    one = queries_of(client, "/search/?q=bereavemant")
    assert queries_of(client, "/search/?q=bereavemant+suport+wommen+depresion+anxeity+carrers") <= one + 1


@pytest.mark.parametrize(
    "words", ["stammering near Leeds", "stammering group on Mondays in Leeds", "stamering", "speech that gets stuck"]
)
def test_every_room_is_asked_for_what_a_sentence_is_about(client, words):
    PlaceFactory(name="Leeds", latitude=53.8, longitude=-1.55)
    topic = TopicFactory(slug="stammering", label="Stammering", synonyms=["speech that gets stuck"])
    TopicFactory(label="Grief")
    GroupFactory(name="Stammering and tea", topics=[topic])
    CaseStudyFactory(name="Stammering, together", topics=[topic])
    CaseStudyFactory(name="Monday in Leeds")
    page = client.get("/search/", {"q": words}).context
    assert [found.label for found in page["topics"]] == ["Stammering"]
    assert [case.name for case in page["case_studies"]] == ["Stammering, together"]
    assert [case.name for case in client.get(page["case_studies_url"]).context["listings"]] == ["Stammering, together"]


def test_the_words_as_typed_come_before_what_they_are_about(client):
    PlaceFactory(name="Leeds", latitude=53.8, longitude=-1.55)
    CaseStudyFactory(name="Tea in Leeds")
    CaseStudyFactory(name="Tea in Hull")
    page = client.get("/search/?q=tea+in+Leeds").context
    assert [case.name for case in page["case_studies"]] == ["Tea in Leeds"]
    page = client.get("/search/?q=tea+near+Leeds").context
    assert page["case_studies_count"] == 2


def test_a_word_that_only_a_learn_page_holds_is_found_there_though_groups_hold_one_like_it(client):
    GroupFactory(name="Score together")
    assert client.get("/search/?q=core+groups").context["learn"][0]["url"] == "/learn/glossary/#core-group"


@pytest.mark.parametrize("words", ["the", "the of", "!!!"])
def test_words_that_say_nothing_find_no_case_study(client, words):
    CaseStudyFactory(name="The tea")
    assert client.get("/search/", {"q": words}).context["case_studies"] == []


def test_a_word_that_says_nothing_in_french_brings_no_case_study(client):
    PlaceFactory(name="Leeds", latitude=53.8, longitude=-1.55)
    CaseStudyFactory(name="Tea together")
    assert client.get("/search/?q=my+son+near+Leeds").context["case_studies"] == []


def test_case_studies_stand_in_the_order_of_the_page_that_they_lead_to(client):
    GroupFactory(name="Come together")
    for name, about in [("Come in", "core"), ("Core", "core groups"), ("A core", "come here")]:
        CaseStudyFactory(name=name, summary=about)
    page = client.get("/search/?q=core").context
    assert list(page["case_studies"]) == list(client.get(page["case_studies_url"]).context["listings"])


def test_a_search_of_everything_shows_groups_though_the_address_asks_for_a_week(client):
    GroupFactory(name="Tea for two")
    assert "Tea for two" in main_of(client.get("/search/?q=tea&view=week"))


def test_case_studies_are_counted_beyond_those_shown(client):
    for number in range(7):
        CaseStudyFactory(name=f"Kettle {number}")
    page = main_of(client.get("/search/?q=kettle"))
    assert "See all 7 case studies" in page


def test_a_link_to_more_says_so_though_there_is_one_only(client):
    topic = TopicFactory(label="Kettles")
    GroupFactory(name="Kettle", topics=[topic])
    PractitionerFactory(name="Kettle", topics=[topic])
    CaseStudyFactory(name="Kettle")
    found = main_of(client.get("/search/?q=kettle"))
    for said in ["Look for more groups", "Look for more practitioners", "Look for more case studies"]:
        assert said in found
    page = main_of(client.get(topic.get_absolute_url()))
    assert "Look for more groups: Kettles" in page
    assert "Look for more practitioners: Kettles" in page


def test_the_first_page_says_where_all_listings_are_samples(client):
    GroupFactory.create_batch(2, sample=True)
    PractitionerFactory.create_batch(2, sample=True)
    page = main_of(client.get("/"))
    assert "All of them are samples, not real groups." in page
    assert "All of them are samples, not real people." in page
