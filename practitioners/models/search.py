"""The search table of this room: one narrow row for each practitioner that the public may see.

Rows are written by `practitioners.indexing`. A trigger of the database deletes the row in the same statement that takes
a practitioner's consent or their publication away, by whatever way that is done.
"""

from itertools import product
from math import cos, floor, radians

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import BooleanField, F, FloatField, Func, Value

from directory.geo import KM_PER_DEGREE
from groups.models.search import facet, facets_of

# The table in parts, the best listings first. `codes` holds the number.
PARTS = range(3)
# A place reaches so far at most to be looked up in small squares of the map; a wider one is in large squares alone.
NARROW_KM = 60
# A circle of more than so many km is looked up in large squares.
SMALL_CIRCLE_KM = 40
# How many squares go to a degree, and the number that tells one kind of square from another.
SMALL, LARGE, LARGE_OF_WIDE = (5, 1), (1, 2), (1, 0)


def squares_around(point, km):
    """Return the squares of the map that find every served place which reaches into the circle."""
    kinds = [SMALL, LARGE_OF_WIDE] if km <= SMALL_CIRCLE_KM else [LARGE]
    return [square for fine, kind in kinds for square in _squares(point, km, fine, kind)]


def _squares(point, km, fine, kind):
    """Return the squares that the circle touches, as the SQL function `practitioner_squares` numbers them."""
    north = km / KM_PER_DEGREE
    east = km / (KM_PER_DEGREE * max(0.01, cos(radians(min(90, abs(point.latitude) + north)))))
    rows = range(_row(point.latitude - north, fine), _row(point.latitude + north, fine) + 1)
    columns = range(_column(point.longitude - east, fine), _column(point.longitude + east, fine) + 1)
    return [-1 - ((row * 10_000 + column) * 3 + kind) for row, column in product(rows, columns)]


def _row(latitude, fine):
    return floor((min(90, max(-90, latitude)) + 90) * fine)


def _column(longitude, fine):
    return floor((min(180, max(-180, longitude)) + 180) * fine)


class Distance(Func):
    """Kilometres from the nearest of some points to the edge of a place that a row serves; about none inside of one."""

    function = "least"
    output_field = FloatField()

    def __init__(self, points):
        own = F("latitudes"), F("longitudes"), F("radii")
        super().__init__(*(Func(*own, Value(lat), Value(lon), function="practitioner_distance") for lat, lon in points))


class InReach(Func):
    """Whether a row serves a place that reaches into a circle, or has one of the facets that make up for it."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, points, km, or_facets=()):
        self.squares = list({square for point in points for square in squares_around(point, km)})
        self.km, self.or_facets = km, list(or_facets)
        super().__init__(F("codes"), Distance(points))

    def as_sql(self, compiler, connection):
        """Return the condition: the index finds squares and facets, and then the distance counts."""
        (codes, codes_params), (distance, params) = (compiler.compile(each) for each in self.source_expressions)
        sql = f"({codes} && %s::integer[] AND ({distance} <= %s OR {codes} && %s::integer[]))"
        looked_up = [*self.squares, *self.or_facets]
        return sql, [*codes_params, looked_up, *params, self.km, *codes_params, self.or_facets]


class PractitionerSearchQuerySet(models.QuerySet):
    """Rows of public practitioners by what a group looks for."""

    def with_one_of(self, field, codes):
        """Practitioners who fit at least one of the choices."""
        return self.filter(codes__overlap=facets_of(field, codes))

    def with_all_of(self, field, codes):
        """Practitioners who fit every one of the choices."""
        return self.filter(codes__contains=facets_of(field, codes))

    def with_none_of(self, field, codes):
        """Practitioners who fit none of the choices."""
        return self.exclude(codes__overlap=facets_of(field, codes))

    def near(self, point, km, *, or_near=(), or_online=False):
        """Practitioners who serve a place within `km` of a point, with `distance` in km; also those online if asked."""
        points, others = [point, *or_near], [facet("online", "on")] if or_online else []
        return self.annotate(distance=Distance(points)).filter(InReach(points, km, others))

    def in_nations(self, codes, *, or_online=False):
        """Practitioners who serve a place in one of the countries; also those online if asked."""
        others = [facet("online", "on")] if or_online else []
        return self.filter(codes__overlap=[*facets_of("nation", codes), *others])


class PractitionerSearch(models.Model):
    """What a search knows of one practitioner."""

    practitioner = models.OneToOneField(
        "practitioners.Practitioner", on_delete=models.CASCADE, primary_key=True, related_name="found_by"
    )
    # As the page shows it, for sorting.
    name = models.CharField(max_length=160)
    # From 0 to 1: how fresh and how complete the page is, and whether they take requests.
    quality = models.FloatField()
    confirmed_at = models.DateTimeField(null=True)
    # The places served: as many latitudes as longitudes and reaches in km.
    latitudes = ArrayField(models.FloatField())
    longitudes = ArrayField(models.FloatField())
    radii = ArrayField(models.FloatField())
    # Every choice that they fit, as numbers; the same with countries, squares of the map and the part of the table.
    facets = ArrayField(models.IntegerField())
    codes = ArrayField(models.IntegerField())
    words = SearchVectorField()

    objects = PractitionerSearchQuerySet.as_manager()

    class Meta:
        indexes = [
            # Without fastupdate: a list of pending entries doubles the time of each search.
            GinIndex(fields=["words", "codes"], name="practitionersearch_all", fastupdate=False),
        ]

    def __str__(self):
        return self.name
