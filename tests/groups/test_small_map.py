"""The small map on a group's page: drawn here, asks nobody, and never tells more than the public point."""

import re

import pytest
from django.core.management import call_command

from tests.factories import MeetingFactory, PlaceFactory, PostcodeSectorFactory, VenueFactory
from tests.pages import queries_of

pytestmark = pytest.mark.django_db
LEEDS = {"latitude": 53.796, "longitude": -1.548}


@pytest.fixture
def around():
    PlaceFactory(name="Leeds", population=455_123, **LEEDS)
    PlaceFactory(name="Headingley", kind="village", population=20_000, latitude=53.819, longitude=-1.577)
    PlaceFactory(name="Horsforth", kind="town", population=18_000, latitude=53.835, longitude=-1.637)
    PlaceFactory(name="Leeds", kind="district", code="district", population=None, latitude=53.82, longitude=-1.58)
    PostcodeSectorFactory(sector="LS6 3", outward="LS6", latitude=53.823, longitude=-1.574)


def page_of(client, **venue):
    meeting = MeetingFactory(venue=VenueFactory(**venue))
    return client.get(meeting.group.get_absolute_url()).content.decode()


def map_in(page):
    page = re.sub(r"\s+", " ", page)
    found = re.findall(r'<details class="small-map">(.*?)</details>', page)
    assert len(found) <= 1
    return found[0] if found else ""


def names_in(drawing):
    return re.findall(r'<text class="(?:town|sector)"[^>]*> ?([^<]+?) ?</text>', drawing)


def lines_in(drawing):
    return re.findall(r"<li>(.*?)</li>", drawing)


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        (53.825, -1.548, "About 2 miles north of Leeds"),
        (53.8165, -1.5135, "About 2 miles north-east of Leeds"),
        (53.796, -1.48, "About 3 miles east of Leeds"),
        (53.775, -1.548, "About 1 mile south of Leeds"),
        (53.7755, -1.583, "About 2 miles south-west of Leeds"),
        (53.797, -1.549, "Less than 1 mile north-west of Leeds"),
    ],
)
def test_it_says_in_words_where_the_meeting_is_from_towns_around(client, around, latitude, longitude, words):
    assert words in lines_in(map_in(page_of(client, latitude=latitude, longitude=longitude)))


def test_it_draws_towns_and_postcode_sectors_where_they_are(client, around):
    drawing = map_in(page_of(client, latitude=53.82, longitude=-1.59))
    # The bigger town first; the district around it is no point on a map.
    assert names_in(drawing) == ["Leeds", "Headingley", "Horsforth", "LS6 3"]
    spots = dict(
        zip(
            names_in(drawing),
            re.findall(r'<circle class="(?:town|sector)" cx="(\S+)" cy="(\S+)"', drawing),
            strict=True,
        )
    )
    x, y = map(float, spots["Leeds"])
    assert x > 0
    assert y > 0
    x, y = map(float, spots["Horsforth"])
    assert x < 0
    assert y < 0
    assert 'class="pin"' in drawing
    assert 'class="area"' not in drawing
    # Nothing comes from anywhere else.
    assert not re.search(r"https?:|<image|<script|style=|href=", drawing)


def test_countries_that_measure_in_kilometres_read_kilometres(client):
    PlaceFactory(name="Nantes", country="FR", latitude=47.2184, longitude=-1.5536)
    drawing = map_in(page_of(client, country="FR", latitude=47.2454, longitude=-1.5536, locality="Nantes"))
    assert lines_in(drawing) == ["About 3 km north of Nantes"]
    assert "mile" not in drawing


def test_a_hidden_address_has_an_area_of_the_same_size_and_no_pin(client, around):
    here = {"postcode": "", "locality": "Headingley"}
    drawings = [
        map_in(page_of(client, address_visibility=hidden, latitude=latitude, **here))
        for hidden, latitude in [("relay", 53.819), ("curators", 53.819), ("relay", 53.8251)]
    ]
    assert len(set(drawings)) == 1
    assert 'class="area"' in drawings[0]
    assert 'class="pin"' not in drawings[0]
    assert "somewhere in this area" in drawings[0]
    assert names_in(drawings[0])
    assert "LS6" not in drawings[0]


def test_words_never_lie_over_each_other(client):
    # Forty places within a mile of each other.
    for n in range(40):
        PlaceFactory(
            name=f"Upper Thing-{n}", population=n, latitude=53.81 + n % 8 * 0.002, longitude=-1.59 + n // 8 * 0.003
        )
    drawing = map_in(page_of(client, latitude=53.819, longitude=-1.58))
    assert 2 <= len(names_in(drawing)) <= 7
    spots = re.findall(r'<text class="town" x="(\S+)" y="(\S+)" text-anchor="(\w+)" > ?([^<]+?) ?<', drawing)
    boxes = []
    for x, y, anchor, name in spots:
        width = len(name) * 6
        left = float(x) - {"start": 0, "middle": width / 2, "end": width}[anchor]
        boxes.append((left, float(y) - 10, left + width, float(y)))
    for n, a in enumerate(boxes):
        assert a[0] >= -160
        assert a[2] <= 160
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[n + 1 :])


@pytest.mark.parametrize(
    ("fields", "venue"),
    [
        ({"format": "online"}, {}),
        ({}, {"latitude": 57.3, "longitude": -4.4}),
    ],
)
def test_where_there_is_nothing_to_draw_there_is_no_map(client, around, fields, venue):
    meeting = MeetingFactory(venue=VenueFactory(**venue), **fields)
    assert map_in(client.get(meeting.group.get_absolute_url()).content.decode()) == ""


def test_a_group_with_twenty_venues_has_four_maps_and_no_more_queries(client, around):
    meeting = MeetingFactory()
    address = meeting.group.get_absolute_url()
    few = queries_of(client, address)
    for n in range(19):
        MeetingFactory(group=meeting.group, venue__latitude=53.8 + n / 1000)
    assert queries_of(client, address) == few
    page = client.get(address).content.decode()
    assert page.count('class="small-map"') == 4


def test_a_full_map_leaves_the_page_far_from_too_many_elements(client):
    call_command("load_content", verbosity=0)
    elements = len(re.findall(r"<[a-z]", page_of(client, latitude=51.5136, longitude=-0.1365)))
    drawing = map_in(page_of(client, latitude=51.5136, longitude=-0.1365))
    assert len(names_in(drawing)) >= 4
    assert len(re.findall(r"<[a-z]", drawing)) < 60
    assert elements < 800
