"""Where there are groups and where none is near, for curators."""

import json

from django.db import connection
from django.db.models import Count, Exists, OuterRef

from directory.choices import Nation, PlaceKind
from directory.geo import KM_PER_MILE
from directory.models import Place
from groups.models import Group, Meeting
from groups.models.search import squares_around

LARGE = 50_000
NEAR_KM = 10 * KM_PER_MILE
MOST_PLACES = 20
MOST_REGIONS = 12


def by_nation():
    """Return {"name", "groups", "regions"} for each country where published groups meet, the most groups first."""
    met = Group.objects.published().filter(meetings__venue__isnull=False).order_by()
    counted = {"n": Count("pk", distinct=True)}
    countries = (
        met.values_list("meetings__venue__country").annotate(**counted).order_by("-n", "meetings__venue__country")
    )
    regions = {}
    for country, region, groups in (
        Group.objects.published()
        .filter(meetings__venue__region__gt="")
        .values_list("meetings__venue__country", "meetings__venue__region")
        .annotate(**counted)
        .order_by("-n", "meetings__venue__region")
    ):
        regions.setdefault(country, []).append((region, groups))
    names = dict(Nation.choices)
    return [
        {"name": names.get(country, country), "groups": groups, "regions": regions.get(country, [])[:MOST_REGIONS]}
        for country, groups in countries
    ]


def without_venue():
    """Return how many published groups meet nowhere: online, by telephone, or nobody knows where."""
    venues = Meeting.objects.filter(group=OuterRef("pk"), venue__isnull=False)
    return Group.objects.published().filter(~Exists(venues)).count()


def places_without_group():
    """Return the towns of more than 50,000 people without a group within 10 miles, the largest first; and of how many.

    A country without a single group is left out: there, it would be all of them.
    """
    towns = list(
        Place.objects.filter(population__gt=LARGE, kind__in=[PlaceKind.CITY, PlaceKind.TOWN]).order_by(
            "-population", "name"
        )
    )
    asked = [
        {"at": at, "lat": town.latitude, "lon": town.longitude, "squares": squares_around(town.point, NEAR_KM)}
        for at, town in enumerate(towns)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [json.dumps(asked), NEAR_KM])
        alone = {at for (at,) in cursor.fetchall()}
    served = {town.country for at, town in enumerate(towns) if at not in alone}
    looked_at = [at for at, town in enumerate(towns) if town.country in served]
    return [towns[at] for at in looked_at if at in alone], len(looked_at)


_ALONE = """
SELECT town.at FROM json_to_recordset(%s) AS town (at integer, lat float, lon float, squares integer[])
WHERE NOT EXISTS (SELECT FROM groups_groupsearch g
                  WHERE g.codes && town.squares
                    AND search_distance(g.latitudes, g.longitudes, town.lat, town.lon) <= %s)
"""
