"""Points on the earth, distances, and the queries that use them."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, FloatField, Value
from django.db.models.functions import ASin, Cos, Least, Radians, Sin, Sqrt
from django.utils.translation import gettext_lazy as _

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
KM_PER_DEGREE = 111.195  # of latitude, from the radius above
KM_PER_MILE = 1.609344  # international mile, exact


class Point(NamedTuple):
    """Latitude and longitude in degrees, WGS 84."""

    latitude: float
    longitude: float


def latitude_field(**kwargs):
    """Return a model field for degrees north."""
    limits = [MinValueValidator(-90), MaxValueValidator(90)]
    return models.FloatField(_("latitude"), validators=limits, **kwargs)


def longitude_field(**kwargs):
    """Return a model field for degrees east."""
    limits = [MinValueValidator(-180), MaxValueValidator(180)]
    return models.FloatField(_("longitude"), validators=limits, **kwargs)


def distance_km(a, b):
    """Return the distance in km between two points along the surface (haversine formula)."""
    half_north = radians(b.latitude - a.latitude) / 2
    half_east = radians(b.longitude - a.longitude) / 2
    h = sin(half_north) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(half_east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1, sqrt(h)))


def distance_expression(point, latitude="latitude", longitude="longitude"):
    """Return a database expression for the distance in km from `point` to the named columns (haversine formula)."""
    half_north = Radians(F(latitude) - Value(point.latitude)) / 2.0
    half_east = Radians(F(longitude) - Value(point.longitude)) / 2.0
    h = Sin(half_north) * Sin(half_north) + Cos(Radians(Value(point.latitude))) * Cos(Radians(F(latitude))) * Sin(
        half_east
    ) * Sin(half_east)
    return models.ExpressionWrapper(2 * EARTH_RADIUS_KM * ASin(Least(Value(1.0), Sqrt(h))), output_field=FloatField())


def box_around(point, km, latitude="latitude", longitude="longitude"):
    """Return a condition for the box that holds the circle of `km` around `point`, which an index can answer."""
    north = km / KM_PER_DEGREE
    east = km / (KM_PER_DEGREE * max(0.01, cos(radians(point.latitude))))
    return models.Q(
        **{
            f"{latitude}__range": (point.latitude - north, point.latitude + north),
            f"{longitude}__range": (point.longitude - east, point.longitude + east),
        }
    )
