"""The search table: one narrow row a published group, with all that a search looks at and nothing else.

Rows are written by `groups.indexing` in the same transaction as the group. A group that is not published has no row, so
that nothing which searches here can show one.
"""

import hashlib
from datetime import timedelta
from itertools import product
from math import cos, floor, radians

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, FloatField, Func, Q, Value
from django.utils import timezone

from directory.geo import KM_PER_DEGREE

# A radius up to here looks at squares of a tenth of a degree, a larger one at squares of a degree.
FINE_SQUARES_KM = 35


def facet(field, code):
    """Return the number that stands for a choice, as the SQL function `search_facet` does."""
    return int(hashlib.md5(f"{field}:{code}".encode(), usedforsecurity=False).hexdigest()[:7], 16)


def facets_of(field, codes):
    """Return the numbers that stand for several choices."""
    return [facet(field, code) for code in codes]


def squares_around(point, km):
    """Return the squares of the map that the circle touches, as the SQL function `search_square` numbers them."""
    fine = 10 if km <= FINE_SQUARES_KM else 1
    north = km / KM_PER_DEGREE
    east = km / (KM_PER_DEGREE * max(0.01, cos(radians(abs(point.latitude) + north))))
    rows = range(floor((point.latitude - north + 90) * fine), floor((point.latitude + north + 90) * fine) + 1)
    columns = range(floor((point.longitude - east + 180) * fine), floor((point.longitude + east + 180) * fine) + 1)
    return [-1 - ((row * 4000 + column) * 2 + (0 if fine == 10 else 1)) for row, column in product(rows, columns)]


class GroupSearchQuerySet(models.QuerySet):
    """Rows of published groups by what somebody looks for."""

    def with_one_of(self, field, codes):
        """Groups that fit at least one of the choices."""
        return self.filter(codes__overlap=facets_of(field, codes))

    def with_all_of(self, field, codes):
        """Groups that fit every one of the choices."""
        return self.filter(codes__contains=facets_of(field, codes))

    def about(self, topics):
        """Groups about one of the topics, given by slug, or about a topic that is part of one."""
        return self.with_one_of("topic", topics)

    def meeting(self, days=(), times=()):
        """Groups with one meeting on one of the days and in one of the parts of the day."""
        if days and times:
            return self.with_one_of("slot", [f"{day}-{time}" for day, time in product(days, times)])
        return self.with_one_of("day", days) if days else self.with_one_of("time", times)

    def near(self, point, km):
        """Groups with a public point, or a place they serve, within `km` of `point`, with `distance` in km."""
        distance = Func(
            F("latitudes"),
            F("longitudes"),
            Value(point.latitude, FloatField()),
            Value(point.longitude, FloatField()),
            function="search_distance",
            output_field=FloatField(),
        )
        return self.annotate(distance=distance).filter(codes__overlap=squares_around(point, km), distance__lte=km)

    def confirmed_within(self, days):
        """Groups that somebody confirmed in the last `days` days."""
        return self.filter(confirmed_at__gte=timezone.now() - timedelta(days=int(days)))

    def saying(self, query, column="words"):
        """Groups in whose words the query (an expression that gives a tsquery) is found."""
        return self.filter(Q(**{column: query}))


class GroupSearch(models.Model):
    """What a search knows of one group."""

    group = models.OneToOneField("groups.Group", on_delete=models.CASCADE, primary_key=True, related_name="found_by")
    # From 0 to 1: how fresh and how complete the listing is.
    quality = models.FloatField()
    confirmed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    # The public points of its venues, or the places it serves: as many latitudes as longitudes.
    latitudes = ArrayField(models.FloatField())
    longitudes = ArrayField(models.FloatField())
    # Every choice that the group fits, as numbers, and the squares of the map where it meets.
    facets = ArrayField(models.IntegerField())
    codes = ArrayField(models.IntegerField())
    # The words of the name, for finding what is called so; all words, for finding; all words by weight, for ranking.
    name_words = SearchVectorField()
    words = SearchVectorField()
    weighted = SearchVectorField()

    objects = GroupSearchQuerySet.as_manager()

    class Meta:
        indexes = [
            # Without fastupdate: a list of pending entries doubles the time of each search.
            GinIndex(fields=["words", "name_words", "codes"], name="groupsearch_all", fastupdate=False),
        ]

    def __str__(self):
        return str(self.group_id)


class SearchWord(models.Model):
    """A word as it stands in published groups, topics or towns, with how many groups hold its stem."""

    word = models.CharField(max_length=60, primary_key=True)
    stem = models.CharField(max_length=60, db_index=True)
    groups = models.PositiveIntegerField()

    class Meta:
        indexes = [GinIndex(fields=["word"], name="searchword_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self):
        return self.word
