"""Where groups meet."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.choices import Visibility
from directory.gazetteer import public_point
from directory.geo import Point, latitude_field, longitude_field
from directory.visibility import is_public
from groups.choices import CLINICAL_VENUE_KINDS, Access, VenueKind


class Venue(models.Model):
    """A place where a group meets, and how much of its address is public.

    The public point is the only one that searches, distances and maps may use. It is the venue's own where the exact
    address is public, and a shifted point of its postcode sector or town otherwise.
    """

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    name = models.CharField(
        _("name"), max_length=200, blank=True, help_text=_("Public only where the exact address is.")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=VenueKind, default=VenueKind.UNKNOWN, help_text=_("Public.")
    )
    address = models.CharField(
        _("address"),
        max_length=300,
        blank=True,
        help_text=_("House and street. Public only where the exact address is."),
    )
    locality = models.CharField(_("town"), max_length=120, help_text=_("Or the part of a city. Public."))
    region = models.CharField(_("region"), max_length=120, blank=True, help_text=_("County, state or region. Public."))
    postcode = models.CharField(
        _("postcode"), max_length=12, blank=True, help_text=_("Public only where the exact address is.")
    )
    country = models.CharField(
        _("country"), max_length=3, help_text=_("ENG, SCT, WLS, NIR, IE, FR, or a two-letter country code. Public.")
    )
    latitude = latitude_field(null=True, blank=True)
    longitude = longitude_field(null=True, blank=True)
    address_visibility = models.CharField(
        _("who may see the exact address"),
        max_length=10,
        choices=Visibility,
        default=Visibility.CURATORS,
        help_text=_(
            "Everyone only where the group agreed. Otherwise people see the town, and a point somewhere in the area;"
            " with ‘we pass messages on’, also that the group tells the address to those who write to it."
        ),
    )
    public_latitude = latitude_field(null=True, editable=False)
    public_longitude = longitude_field(null=True, editable=False)
    access = ArrayField(
        models.CharField(max_length=20, choices=Access),
        verbose_name=_("access"),
        default=list,
        blank=True,
        help_text=_("What the place offers people with access needs. Public."),
    )
    access_notes = models.TextField(
        _("about access"), blank=True, help_text=_("Such as: the door is 90 cm wide. Public.")
    )
    travel_notes = models.TextField(
        _("getting there"), blank=True, help_text=_("Bus, parking, which door. Public only where the exact address is.")
    )
    source = models.CharField(_("source"), max_length=100, blank=True, editable=False)
    external_id = models.CharField(_("its number there"), max_length=200, blank=True, editable=False)
    sample = models.BooleanField(_("sample"), default=False, help_text=_("Fictional."))

    # Going back to an older version never shows what somebody has hidden since.
    kept_on_restore = ("address_visibility", "public_latitude", "public_longitude")

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["locality", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=VenueKind.values), name="venue_kind_known"),
            models.CheckConstraint(
                condition=models.Q(address_visibility__in=Visibility.values), name="venue_visibility_known"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="venue_point_whole",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
            models.CheckConstraint(
                condition=models.Q(public_latitude__isnull=True, public_longitude__isnull=True)
                | models.Q(public_latitude__isnull=False, public_longitude__isnull=False),
                name="venue_public_point_whole",
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~models.Q(external_id=""), name="venue_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["public_latitude", "public_longitude"], name="venue_public_point"),
            # For finding duplicates, which curators alone see.
            models.Index(fields=["latitude", "longitude"], name="venue_point"),
        ]

    def __str__(self):
        return ", ".join(part for part in (self.name, self.locality) if part)

    def save(self, **kwargs):
        """Save the venue with the point that the public may know."""
        self.set_public_point()
        super().save(**kwargs)

    def clean(self):
        """Refuse a point without its other half."""
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError(_("Give both latitude and longitude, or neither."))

    def set_public_point(self):
        """Set the point that searches and maps use. Call it before a bulk write, which does not call `save`."""
        own = None if self.latitude is None else Point(self.latitude, self.longitude)
        shown = own if self.address_is_public else None
        point = shown or public_point(self.postcode, self.locality, self.country, own)
        self.public_latitude, self.public_longitude = point or (None, None)

    @property
    def address_is_public(self):
        """Whether anyone may see the exact address."""
        return is_public(self.address_visibility)

    def become_another(self):
        """Be a new venue that looks like this one, which stays as it is for whoever else uses it."""
        self.pk, self.uuid, self.source, self.external_id = None, uuid.uuid4(), "", ""
        self._state.adding = True

    def show_address(self, shown):
        """Let everyone see the exact address; or no longer, where everyone could."""
        if shown != self.address_is_public:
            self.address_visibility = Visibility.EVERYONE if shown else Visibility.CURATORS

    @property
    def is_neutral_ground(self):
        """Whether it is away from a health service's own premises; `None` where it is not known."""
        if self.kind == VenueKind.UNKNOWN:
            return None
        return self.kind not in CLINICAL_VENUE_KINDS

    @property
    def public_lines(self):
        """The lines of the address that anyone may read, narrow to wide."""
        exact = [self.name, self.address] if self.address_is_public else []
        town = f"{self.locality} {self.postcode}".strip() if self.address_is_public else self.locality
        return [line for line in [*exact, town, self.region] if line]

    @property
    def access_labels(self):
        """What the place offers, in words."""
        return [Access(code).label for code in self.access]
