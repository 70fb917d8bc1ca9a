"""Places and postcode sectors, so that 'near Leeds' needs nobody else's server."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.choices import Nation, PlaceKind
from directory.geo import Point, latitude_field, longitude_field
from directory.words import plain


class PlaceQuerySet(models.QuerySet):
    """Places by name."""

    def called(self, *names):
        """Places with one of these names or other names, the likeliest first: big before small, town before ward."""
        return self.filter(names__overlap=[plain(name) for name in names]).order_by(
            models.Func(models.Value(LIKELIEST_KINDS), "kind", function="array_position").asc(nulls_last=True),
            models.F("population").desc(nulls_last=True),
            models.F("postcodes").desc(nulls_last=True),
            "code",
        )


# A bare name means the town before the district around it, and a ward last of all.
LIKELIEST_KINDS = [
    PlaceKind.COUNTRY,
    PlaceKind.CITY,
    PlaceKind.TOWN,
    PlaceKind.COUNTY,
    PlaceKind.VILLAGE,
    PlaceKind.DISTRICT,
    PlaceKind.WARD,
]


class Place(models.Model):
    """A town, village, county, district or ward, with a point and how far it reaches."""

    code = models.CharField(
        _("code"), max_length=60, unique=True, help_text=_("Where it comes from, and its number there.")
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("Public."))
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind)
    area = models.CharField(
        _("area"),
        max_length=120,
        blank=True,
        help_text=_("What tells it from others of its name: West Yorkshire. Public."),
    )
    country = models.CharField(_("country"), max_length=3, choices=Nation)
    latitude = latitude_field()
    longitude = longitude_field()
    radius_km = models.FloatField(_("reaches, in km"), default=3, help_text=_("How far it reaches from its middle."))
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    postcodes = models.PositiveIntegerField(_("postcodes in it"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London")
    other_names = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("other names"),
        default=list,
        blank=True,
        help_text=_("With commas."),
    )
    names = ArrayField(
        models.CharField(max_length=120), verbose_name=_("names as searched"), default=list, editable=False
    )
    edited = models.BooleanField(
        _("changed by a curator"), default=False, editable=False, help_text=_("New place data leaves it as it is.")
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name", "area"]
        indexes = [
            GinIndex(fields=["names"], name="place_names"),
            GinIndex(fields=["name"], name="place_name_trigrams", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["latitude", "longitude"], name="place_point"),
        ]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        """Save the place with its names as they are searched."""
        self.names = searched_names(self.name, self.other_names)
        super().save(**kwargs)

    @property
    def full_name(self):
        """The name with what tells it apart: 'Newport, Isle of Wight'."""
        return f"{self.name}, {self.area}" if self.area and self.area != self.name else self.name

    @property
    def nations(self):
        """The code of the country that it is, if it is one: none or one, as for a place that was looked up."""
        return (self.country,) if self.kind == PlaceKind.COUNTRY else ()

    @property
    def point(self):
        """The middle of the place."""
        return Point(self.latitude, self.longitude)


def searched_names(name, other_names):
    """Return the plain form of a place's names, without repeats."""
    return sorted({plain(each) for each in [name, *other_names]} - {""})


class PostcodeSector(models.Model):
    """The middle of a postcode sector such as 'CR0 1'. No full postcode is stored."""

    sector = models.CharField(_("sector"), max_length=6, primary_key=True)
    outward = models.CharField(_("outward code"), max_length=4, db_index=True)
    latitude = latitude_field()
    longitude = longitude_field()
    district = models.CharField(_("district"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=3, choices=Nation)

    class Meta:
        verbose_name = _("postcode sector")
        verbose_name_plural = _("postcode sectors")
        ordering = ["sector"]
        indexes = [models.Index(fields=["latitude", "longitude"], name="sector_point")]

    def __str__(self):
        return self.sector
