"""What the benchmarks make up keeps up with the tables: it can still be written, and is found."""

import pytest
from django.contrib.staticfiles import finders
from django.db import connection

from benchmarks import pages
from benchmarks.finding import DATA
from benchmarks.made_up import fill
from benchmarks.practitioners import FILL
from groups.models import GroupSearch
from groups.rebuilding import rebuild
from groups.samples import load_sample_groups
from practitioners.indexing import rebuild as rebuild_practitioners
from tests.factories import PlaceFactory


@pytest.fixture
def towns(content):
    for number in range(3):
        PlaceFactory(name=f"Town {number}", kind="town", country="ENG", population=1000 + number, radius_km=4)
    PlaceFactory(name="Countyshire", kind="county", country="ENG")


@pytest.mark.usefixtures("content")
def test_the_listings_that_queries_are_judged_by():
    assert load_sample_groups(DATA / "listings.yaml") == 150
    assert GroupSearch.objects.exists()


@pytest.mark.usefixtures("towns")
def test_groups():
    assert len(fill(40)) == 20_000
    assert rebuild() == 40


@pytest.mark.usefixtures("towns")
def test_practitioners():
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"rows": 40})
    assert rebuild_practitioners() == 38


def test_the_static_file_that_pages_are_measured_beside():
    assert finders.find(pages.STATIC)
