"""The learn pages, and what a search finds in them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from casestudies.content import DATA, LISTS
from casestudies.models import CaseStudy, Source
from directory.loading import load, read_yaml
from selfhelp.learn import OWN, learn_pages
from tests.factories import GroupFactory, MeetingFactory, PlaceFactory
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db

SLUGS = [
    "self-help-groups",
    "principles",
    "how-they-help",
    "limits",
    "history",
    "self-care",
    "partnership",
    "glossary",
]


@pytest.fixture
def sources():
    """The sources of the case studies, without the rest of the content."""
    load(LISTS["sources.yaml"], read_yaml(DATA / "sources.yaml"))


def links_in(html):
    """Return the addresses of this site that a page links to."""
    return set(re.findall(r'href="(/(?!static/)[^"]*)"', html))


def test_the_index_leads_to_each_page_in_order(client):
    html = client.get("/learn/").content.decode()
    at = [html.index(f'href="/learn/{slug}/"') for slug in SLUGS]
    assert at == sorted(at)
    assert list(learn_pages()) == SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_each_page_leads_to_the_one_before_and_the_one_after(client, slug):
    at = SLUGS.index(slug)
    html = client.get(f"/learn/{slug}/").content.decode()
    assert [each for each in SLUGS if f'href="/learn/{each}/" rel="prev"' in html] == SLUGS[max(at - 1, 0) : at]
    assert [each for each in SLUGS if f'href="/learn/{each}/" rel="next"' in html] == SLUGS[at + 1 : at + 2]


def test_each_part_names_its_sources(client, sources):
    known = set(Source.objects.values_list("slug", flat=True)) | {OWN}
    for page in learn_pages().values():
        html = client.get(page.get_absolute_url()).content.decode()
        for section in page.sections:
            assert section.sources, (page.slug, section.slug)
            assert set(section.sources) <= known, (page.slug, section.slug)
        for source in Source.objects.filter(slug__in={each for part in page.sections for each in part.sources}):
            assert source.citation in main_of(client.get(page.get_absolute_url()))
        assert "Source: (no date)" not in html


def test_our_own_advice_says_so(client, sources):
    page = main_of(client.get("/learn/limits/"))
    assert page.count("This is our own advice.") == sum(
        OWN in section.sources for section in learn_pages()["limits"].sections
    )
    assert "Where no source is named, the explanation is our own." in main_of(client.get("/learn/glossary/"))


@pytest.mark.parametrize(
    ("slug", "figures"),
    [
        ("self-help-groups", ["21 groups", "26 practitioners", "2013"]),
        ("how-they-help", ["30 per cent", "more than half"]),
        ("history", ["1905", "2005", "2011", "403"]),
        ("self-care", ["eight areas", "Four levels", "Nine themes", "Puffers Club", "Men in Sheds"]),
        ("partnership", ["four meetings", "Five things"]),
        ("glossary", ["44 areas", "21 fields"]),
    ],
)
def test_a_page_says_what_its_sources_say(client, sources, slug, figures):
    page = main_of(client.get(f"/learn/{slug}/"))
    assert [figure for figure in figures if figure not in page] == []


def test_a_long_page_has_a_list_of_contents_and_each_part_its_place(client, sources):
    for page in learn_pages().values():
        html = client.get(page.get_absolute_url()).content.decode()
        for section in page.sections:
            assert html.count(f'id="{section.slug}"') == 1, (page.slug, section.slug)
        assert ('id="contents"' in html) == (len(page.sections) >= 4), page.slug


def test_glossary_terms_stand_in_the_order_of_the_alphabet():
    titles = [section.title.casefold().replace("-", " ") for section in learn_pages()["glossary"].sections]
    assert titles == sorted(titles)


def test_no_link_to_or_from_these_pages_is_dead(client, content):
    links = set()
    for slug in SLUGS:
        links |= links_in(client.get(f"/learn/{slug}/").content.decode())
    assert [link for link in sorted(links) if client.get(link.partition("#")[0]).status_code not in {200, 302}] == []

    for case in CaseStudy.objects.all():
        links |= set(re.findall(r"\]\((/learn/[^)]*)\)", "".join(str(v) for v in vars(case).values())))
    for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        found = re.findall(r"""\{% url "learn_page" "([\w-]+)" %\}(#[\w-]+)?""", template.read_text())
        links |= {f"/learn/{slug}/{anchor}" for slug, anchor in found}
    places = {
        f"/learn/{page.slug}/{anchor}"
        for page in learn_pages().values()
        for anchor in ["", *(f"#{section.slug}" for section in page.sections)]
    }
    assert [
        link for link in sorted(links) if link.startswith("/learn/") and link != "/learn/" and link not in places
    ] == []


@pytest.mark.parametrize("address", ["/learn/nothing/", "/learn/glossary", "/learn/%00/", "/learn/" + "a" * 3000 + "/"])
def test_other_addresses_are_not_found(client, address):
    assert client.get(address).status_code in {301, 404}


def test_the_sitemap_lists_them(client):
    xml = client.get("/sitemap-learn.xml").content.decode()
    assert [slug for slug in SLUGS if f"/learn/{slug}/" not in xml] == []


def test_every_page_costs_one_query(client, sources):
    assert {queries_of(client, f"/learn/{slug}/") for slug in SLUGS} == {1}
    assert queries_of(client, "/learn/") == 0


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("social prescribing", "/learn/glossary/#social-prescribing"),
        ("tuberculosis", "/learn/history/#boston"),
        ("what is a time bank?", "/learn/glossary/#time-bank"),
        ("PUFFERS club", "/learn/self-care/#helps"),
        ("stop a medicine", "/learn/limits/#treatment"),
        ("core groups", "/learn/glossary/#core-group"),
        ("history of self-help", "/learn/history/#england"),
        ("how do i start a partnership in my town", "/learn/partnership/#who"),
    ],
)
def test_a_search_finds_the_part_that_says_it_best(client, words, url):
    found = client.get("/search/", {"q": words}).context["learn"]
    assert found[0]["url"] == url
    assert found[0]["title"]
    assert found[0]["line"]


@pytest.mark.parametrize("words", ["what is a self-help group", "how do i start a group in my town"])
def test_a_question_without_a_word_to_look_for_is_answered_before_the_groups(client, words):
    GroupFactory(name="Kettle")
    page = main_of(client.get("/search/", {"q": words}))
    assert page.index("Learn") < page.index("Kettle")
    words_to_look_for = main_of(client.get("/search/?q=kettle+group"))
    assert "Learn" not in words_to_look_for or words_to_look_for.index("Kettle") < words_to_look_for.index("Learn")


def test_a_search_finds_each_page_once(client):
    urls = [part["url"].partition("#")[0] for part in client.get("/search/?q=group").context["learn"]]
    assert len(urls) > 3
    assert len(urls) == len(set(urls))


@pytest.mark.parametrize("words", ["the", "xyzzy", "carers xyzzy", "'); --", "& | !", "%", "a" * 100_000])
def test_words_that_say_nothing_find_nothing(client, words):
    assert client.get("/search/", {"q": words}).context["learn"] == []


def test_the_site_search_shows_what_there_is_to_learn(client):
    page = main_of(client.get("/search/?q=time+bank"))
    assert "Members give time to help one another" in page
    assert 'href="/learn/glossary/#time-bank"' in client.get("/search/?q=time+bank").content.decode()


def test_a_search_that_finds_nothing_says_where_to_look(client):
    response = client.get("/search/?q=xyzzy")
    assert response.context["found_nothing"]
    assert "Look a little wider" in main_of(response)
    assert {"/topics/", "/learn/", "/help-now/", "/groups/?format=online"} <= links_in(response.content.decode())
    assert "Look a little wider" not in main_of(client.get("/search/"))


def test_a_search_that_finds_no_group_offers_wider_ones_that_find_some(client):
    PlaceFactory(name="Leeds")
    MeetingFactory(group=GroupFactory(name="Tea group"), venue__latitude=54.1, venue__longitude=-1.55)
    response = client.get("/search/?q=tea&near=Leeds")
    html = response.content.decode()
    assert "Look a little wider" in html
    assert [offer.count for offer in response.context["widen"]] == [1]
    assert 'href="/search/?q=tea"' in html
    assert "Look a little wider" not in client.get("/search/?q=tea").content.decode()
