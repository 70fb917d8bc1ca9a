import pytest

from tests.factories import CaseStudyFactory, GroupFactory, HelpLineFactory, PractitionerFactory, TopicFactory
from tests.pages import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    TopicFactory(slug="knitting", label="Knitting")
    return TopicFactory(slug="stalking", label="Stalking", synonyms=["someone follows me"], sensitive=True)


@pytest.mark.parametrize(
    "address",
    [
        "/topics/stalking/",
        "/groups/?topic=stalking",
        "/groups/?topic=knitting&topic=stalking",
        "/groups/?q=stalking",
        "/groups/?q=i+want+to+die",
        "/search/?q=stalking+leeds",
        "/practitioners/?topic=stalking",
        "/practitioners/?q=he+hits+me",
        "/case-studies/?topic=stalking",
        "/practitioners/ada/",
        "/case-studies/a-case/",
        "/groups/a-group/",
    ],
)
def test_pages_that_name_a_sensitive_topic_have_the_quick_way_out(client, topic, address):
    GroupFactory(slug="a-group", topics=[topic])
    PractitionerFactory(slug="ada", topics=[topic])
    CaseStudyFactory(slug="a-case", topics=[topic])
    assert "Exit this page" in main_of(client.get(address))


@pytest.mark.parametrize(
    "address",
    [
        "/topics/knitting/",
        "/groups/",
        "/groups/?topic=knitting",
        "/groups/?q=knitting",
        "/search/?q=knitting",
        "/practitioners/?topic=knitting",
        "/case-studies/?topic=knitting",
        "/practitioners/ada/",
        "/case-studies/a-case/",
    ],
)
def test_other_pages_do_not(client, topic, address):
    PractitionerFactory(slug="ada")
    CaseStudyFactory(slug="a-case")
    assert "Exit this page" not in main_of(client.get(address))


@pytest.mark.parametrize(
    "address",
    ["/groups/?topic=stalking", "/groups/?q=stalking", "/search/?q=stalking", "/practitioners/?topic=stalking"],
)
def test_a_search_for_a_sensitive_topic_shows_its_help_lines(client, topic, address):
    topic.help_lines.set([HelpLineFactory(name="A line for this"), HelpLineFactory(name="Retired", active=False)])
    HelpLineFactory(name="The wrong line")
    page = main_of(client.get(address))
    assert "A line for this" in page
    assert "Retired" not in page
    assert "The wrong line" not in page
