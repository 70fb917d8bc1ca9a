"""The search table: one narrow row a published group, with all that a search looks at and nothing else.

Rows are written by `groups.indexing` in the same transaction as the group. A group that is not published has no row, so
that nothing which searches here can show one.
"""

import hashlib
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import product
from math import cos, floor, radians
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import BooleanField, F, FloatField, Func, Value
from django.utils import timezone

from directory.choices import Weekday
from directory.geo import KM_PER_DEGREE, Point, distance_km
from directory.keeping import answers_to, kept_for_a_minute
from groups.choices import MeetingFormat, TimeOfDay

# Each point is in three squares of the map. For a radius up to so many km, a circle is looked up in squares of which
# so many go to a degree: each that is asked for costs time, and so does each group beside the circle.
SQUARES = [(10, 25), (35, 10), (float("inf"), 1)]
ROUGH = len(SQUARES) - 1

# In `codes`: that a group says which ages it is for.
SAYS_AGES = "ages", "said"

# The table in parts, the best listings first: about a hundredth, a tenth, a half, the rest. `codes` holds the number.
PARTS = range(4)


@lru_cache(maxsize=10_000)
def facet(field, code):
    """Return the number that stands for a choice, as the SQL function `search_facet` does."""
    return int(hashlib.md5(f"{field}:{code}".encode(), usedforsecurity=False).hexdigest()[:7], 16)


def facets_of(field, codes):
    """Return the numbers that stand for several choices."""
    return [facet(field, code) for code in codes]


def array(numbers):
    """Return numbers as PostgreSQL writes an array: to make it of a list, psycopg looks at each of them twice."""
    return f"{{{','.join(map(str, numbers))}}}"


def slots(day=(), time=(), format=()):
    """Return the numbers of the slots of one meeting that fit: a day of the week, a part of the day and a format.

    What is not given may be any. A meeting has a slot for each of its days; a hybrid one also as online and in person.
    """
    days, times = day or ["", *Weekday.values], time or ["", *TimeOfDay.values]
    formats = format or [MeetingFormat.IN_PERSON, MeetingFormat.ONLINE, MeetingFormat.TELEPHONE]
    return facets_of("slot", ["-".join(each) for each in product(days, times, formats)])


def squares_around(point, km):
    """Return the squares of the map that the circle touches, as the SQL function `search_square` numbers them."""
    size, fine = next((size, fine) for size, (most, fine) in enumerate(SQUARES) if km <= most)
    north = km / KM_PER_DEGREE
    east = km / (KM_PER_DEGREE * max(0.01, cos(radians(min(90, abs(point.latitude) + north)))))
    rows = range(_row(point.latitude - north, fine), _row(point.latitude + north, fine) + 1)
    columns = range(_column(point.longitude - east, fine), _column(point.longitude + east, fine) + 1)
    squares = [each for each in product(rows, columns) if size == ROUGH or _nearest(point, *each, fine) <= km * 1.01]
    return [-1 - ((row * 10_000 + column) * 3 + size) for row, column in squares]


def _nearest(point, row, column, fine):
    """Return how far away, in km, a small square is: none is left out that a circle in it touches."""
    latitude = min(max(point.latitude, row / fine - 90), (row + 1) / fine - 90)
    longitude = min(max(point.longitude, column / fine - 180), (column + 1) / fine - 180)
    return distance_km(point, Point(latitude, longitude))


def _row(latitude, fine):
    return floor((min(90, max(-90, latitude)) + 90) * fine)


def _column(longitude, fine):
    return floor((min(180, max(-180, longitude)) + 180) * fine)


class Distance(Func):
    """Kilometres from the nearest of some points to the nearest point of a row."""

    function = "least"
    output_field = FloatField()

    def __init__(self, points, km):
        self.points, self.km = tuple(points), km
        own = F("latitudes"), F("longitudes")
        from_each = [Func(*own, Value(lat), Value(lon), function="search_distance") for lat, lon in points]
        super().__init__(*from_each)

    def squares(self, km):
        """Return the squares of the map that the circles around the points touch."""
        known = answers_to("squares")
        if (self.points, km) not in known:
            known[self.points, km] = list(
                dict.fromkeys(each for point in self.points for each in squares_around(point, km))
            )
        return known[self.points, km]


class Fits(Func):
    """Whether a row has one of some codes.

    The index finds them, save where the query's `checked` holds this: then the rows that the other conditions find are
    looked at one by one.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, codes):
        self.codes = codes
        super().__init__(F("codes"))

    def as_sql(self, compiler, connection):
        """Return the condition: as an operator, which an index can find, or as the same function, which none can."""
        column, params = compiler.compile(self.source_expressions[0])
        if self in getattr(compiler.query, "checked", ()):
            return f"arrayoverlap({column}, %s::integer[])", [*params, array(self.codes)]
        return f"({column} && %s::integer[])", [*params, array(self.codes)]

    @property
    def share(self):
        """About how large a share of the groups fits."""
        return min(1, sum(statistics().shares(self.codes)))


class InCircle(Func):
    """Whether a row has a point in a circle. The squares are what the index finds, the distance is what counts.

    A query whose `measured_outside` is set looks for the squares alone, and one whose `in_parts` is set for those of
    the part that its statement says: the distance, which is dear, is reckoned once a row by the statement around it.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, distance):
        self.circle = distance
        super().__init__(F("codes"), distance)

    def as_sql(self, compiler, connection):
        """Return the condition."""
        codes, distance = (compiler.compile(each) for each in self.source_expressions)
        if getattr(compiler.query, "in_parts", False):
            return f"({codes[0]} && part.codes)", codes[1]
        sql, params = f"{codes[0]} && %s::integer[]", [*codes[1], array(self.circle.squares(self.circle.km))]
        if getattr(compiler.query, "measured_outside", False):
            return f"({sql})", params
        return f"({sql} AND {distance[0]} <= %s)", [*params, *distance[1], self.circle.km]


class Statistics(NamedTuple):
    """The number of groups, and the share of them that has each of the commoner codes."""

    groups: int
    share_of: dict

    def shares(self, codes):
        """Return the share of each code; none of one that is rare."""
        return [self.share_of.get(code, 0) for code in codes]


@kept_for_a_minute
def statistics():
    """Return what PostgreSQL knows of the table without reading it."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT greatest(reltuples, 0), most_common_elems::text::integer[], most_common_elem_freqs
            FROM pg_class LEFT JOIN pg_stats ON tablename = relname AND attname = 'codes'
            WHERE oid = 'groups_groupsearch'::regclass
        """)
        groups, codes, shares = cursor.fetchone()
    return Statistics(groups, dict(zip(codes or [], shares or [], strict=False)))


class GroupSearchQuerySet(models.QuerySet):
    """Rows of published groups by what somebody looks for."""

    def with_one_of(self, field, codes):
        """Groups that fit at least one of the choices."""
        return self.filter(Fits(facets_of(field, codes)))

    def meeting(self, **chosen):
        """Groups with one meeting that fits each of the choices of `day`, `time` and `format` that are given."""
        if len(chosen) > 1:
            return self.filter(Fits(slots(**chosen)))
        for name, codes in chosen.items():
            self = self.with_one_of(name, codes)
        return self

    def with_all_of(self, field, codes):
        """Groups that fit every one of the choices."""
        for number in facets_of(field, codes):
            self = self.filter(Fits([number]))
        return self

    def with_none_of(self, field, codes):
        """Groups that fit none of the choices."""
        return self.exclude(facets__overlap=facets_of(field, codes))

    def meeting_by(self, day):
        """Groups whose next meeting is no later than a day, by the clock here."""
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(next_at__lt=end)

    def near(self, point, km, or_near=()):
        """Groups with a public point, or a place they serve, within `km` of `point` or of another, with `distance`."""
        distance = Distance([point, *or_near], km)
        return self.annotate(distance=distance).filter(InCircle(distance))

    def in_nations(self, codes):
        """Groups that meet in one of the countries, or serve a place there."""
        return self.with_one_of("nation", codes)

    def at(self, place, km):
        """Groups in a country, or around a place that is smaller: as far as it reaches, and at least `km`."""
        if place.nations:
            return self.in_nations(place.nations)
        return self.near(place.point, max(place.radius_km, km))

    def for_age(self, age):
        """Groups that take people of an age, or do not say so."""
        youngest = models.Q(age_from=None) | models.Q(age_from__lte=int(age))
        return self.filter(youngest, models.Q(age_to=None) | models.Q(age_to__gte=int(age)))

    def confirmed_within(self, days):
        """Groups that somebody confirmed in the last `days` days."""
        return self.filter(confirmed_at__gte=timezone.now() - timedelta(days=int(days)))


class GroupSearch(models.Model):
    """What a search knows of one group."""

    group = models.OneToOneField("groups.Group", on_delete=models.CASCADE, primary_key=True, related_name="found_by")
    # When this row was written.
    indexed_at = models.DateTimeField()
    # From 0 to 1: how fresh and how complete the listing is.
    quality = models.FloatField()
    confirmed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    # The ages that it is for, as it says itself or as its audience has it.
    age_from = models.SmallIntegerField(null=True)
    age_to = models.SmallIntegerField(null=True)
    # The public points of its venues, or the places it serves: as many latitudes as longitudes.
    latitudes = ArrayField(models.FloatField())
    longitudes = ArrayField(models.FloatField())
    # Every choice that the group fits, as numbers; the same with what is looked up besides: the slots of its meetings,
    # the countries and the squares of the map where it meets, the part of the table.
    facets = ArrayField(models.IntegerField())
    codes = ArrayField(models.IntegerField())
    # The words of the name, for finding what is called so; all words by weight, for finding and for ranking.
    name_words = SearchVectorField()
    words = SearchVectorField()

    objects = GroupSearchQuerySet.as_manager()

    class Meta:
        indexes = [
            # Without fastupdate: a list of pending entries doubles the time of each search.
            GinIndex(fields=["codes", "name_words", "words"], name="groupsearch_all", fastupdate=False),
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
