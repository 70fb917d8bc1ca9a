"""The reference content that ships with the project."""

import gzip
from collections import Counter

import pytest
import yaml

from directory.content import CONTENT, DATA, FILES, entries_of, read_topics
from directory.gazetteer import find_place, locate
from directory.geo import Point, distance_km
from directory.loading import load, load_places, load_postcode_sectors
from directory.models import HelpLine, Place, SupportArea, SupportRole, Topic

TOPICS = read_topics()
BY_SLUG = {topic["slug"]: topic for topic in TOPICS}
WIDEST = [topic["slug"] for topic in TOPICS if topic["parent"] is None]


def test_all_111_topics_are_there_below_a_wider_one():
    below = [topic for topic in TOPICS if topic["parent"]]
    assert len(below) == 111
    assert len(BY_SLUG) == len(TOPICS)


@pytest.mark.parametrize("key", ["label", "description", "synonyms", "for_whom", "related"])
def test_no_topic_is_without(key):
    assert [topic["slug"] for topic in TOPICS if not topic[key]] == []


@pytest.mark.parametrize("key", ["parent", "sensitive", "counterpart", "help_lines"])
def test_each_topic_decides(key):
    assert [topic["slug"] for topic in TOPICS if key not in topic] == []


def test_counterparts_point_at_each_other():
    for topic in TOPICS:
        if topic["counterpart"]:
            assert BY_SLUG[topic["counterpart"]]["counterpart"] == topic["slug"]


def test_no_synonym_leads_to_two_topics():
    said = Counter(word.casefold() for topic in TOPICS for word in topic["synonyms"])
    assert [word for word, times in said.items() if times > 1] == []


def test_topics_where_being_seen_can_harm_are_sensitive():
    for slug in ["domestic-abuse", "suicidal-thoughts", "self-harm", "hiv", "sexual-abuse", "alcohol", "trans"]:
        assert BY_SLUG[slug]["sensitive"], slug


@pytest.mark.django_db
def test_all_of_it_is_loaded(content):
    assert Topic.objects.count() == len(TOPICS)
    assert SupportRole.objects.count() == 5
    assert SupportArea.objects.count() == 4
    assert HelpLine.objects.count() == 15


@pytest.mark.django_db
def test_loading_all_of_it_again_changes_nothing(content):
    for name in FILES:
        assert set(load(CONTENT[name], entries_of(name))) == {"unchanged"}, name


PLACES_THAT_PEOPLE_TYPE = [
    ("CR0 1NX", Point(51.372, -0.100), 2),
    ("Rochdale", Point(53.615, -2.157), 5),
    ("Nantes", Point(47.218, -1.554), 5),
    ("Kent", Point(51.22, 0.72), 20),
    ("Cornwall", Point(50.34, -4.9), 25),
    ("Moss Side", Point(53.456, -2.24), 3),
    ("M14", Point(53.446, -2.219), 4),
    ("Dublin", Point(53.349, -6.26), 8),
    ("Belfast", Point(54.597, -5.93), 5),
    ("St Andrews", Point(56.339, -2.80), 3),
    ("saint-étienne", Point(45.434, 4.39), 5),
    ("Hull", Point(53.744, -0.335), 8),
    ("EC1A 1BB", Point(51.52, -0.10), 4),
    ("EC1", Point(51.52, -0.10), 4),
    ("County Kerry", Point(52.1, -9.6), 25),
    ("co. kerry", Point(52.1, -9.6), 25),
    ("Kerry", Point(52.1, -9.6), 25),
    ("Co Durham", Point(54.7, -1.7), 15),
    ("County Antrim", Point(54.85, -6.2), 15),
    ("Co. Down", Point(54.4, -5.95), 15),
    ("Cork", Point(51.9, -8.47), 5),
    ("Bretagne", Point(48.1, -2.8), 30),
    ("Normandy", Point(49.0, 0.2), 50),
]


@pytest.mark.django_db
def test_places_are_where_they_should_be_and_loading_them_again_keeps_a_curators_change():
    load_places(DATA / "places.csv.gz")
    load_postcode_sectors(DATA / "postcode_sectors.csv.gz")
    misplaced = [
        (typed, located.label)
        for typed, near, km in PLACES_THAT_PEOPLE_TYPE
        if distance_km((located := locate(typed)).point, near) > km
    ]
    assert misplaced == []
    nations = {code: locate(code).country for code in ("CR0 1NX", "EH1 1AA", "CF10 1AA", "LL57 1AA", "KW1")}
    assert nations == {"CR0 1NX": "ENG", "EH1 1AA": "SCT", "CF10 1AA": "WLS", "LL57 1AA": "WLS", "KW1": "SCT"}
    assert [place.full_name for place in locate("Kerry").alternatives] == ["Kerry, Powys"]
    assert find_place("down") is None

    Place.objects.filter(name="Rochdale", kind="district").update(area="Changed", edited=True)
    count = Place.objects.count()
    load_places(DATA / "places.csv.gz")
    assert Place.objects.count() == count
    assert Place.objects.get(name="Rochdale", kind="district").area == "Changed"


def test_the_place_files_carry_their_attribution():
    words = " ".join((DATA / "README.md").read_text().split())
    assert "Contains OS data © Crown copyright and database right 2025" in words
    assert "CC BY 4.0" in words
    with gzip.open(DATA / "places.csv.gz", "rt") as file:
        assert file.readline().startswith("code,name,kind")


def test_help_lines_dial_one_number():
    for line in yaml.safe_load((DATA / "helplines.yaml").read_text()):
        digits = HelpLine(number=line["number"] or "").dial
        assert len(digits) <= 12, line["name"]


def test_a_help_line_sends_nobody_to_a_website_without_its_address():
    for line in yaml.safe_load((DATA / "helplines.yaml").read_text()):
        said = " ".join([line["for_whom"], line["hours"], line["note"]])
        assert line["web"] or "website" not in said, line["name"]


def test_names_have_the_same_apostrophe_everywhere():
    lines = yaml.safe_load((DATA / "helplines.yaml").read_text())
    shown = [topic[key] for topic in TOPICS for key in ("label", "description")]
    shown += [line[key] for line in lines for key in ("name", "for_whom", "note")]
    assert [each for each in shown if "'" in each] == []
