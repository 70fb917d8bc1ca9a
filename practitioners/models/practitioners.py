"""Practitioners, and how to reach them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.choices import PublicationState
from directory.likeness import ContactKey
from directory.models import (
    ContactWay,
    Listing,
    ListingQuerySet,
    Mergeable,
    Place,
    SupportRole,
    Topic,
    merged_is_archived,
)
from practitioners.choices import Profession, Sector

# So many places and topics of somebody stand on a card.
MOST_ON_A_CARD = 4


class PractitionerQuerySet(ListingQuerySet):
    """Practitioners by what a group looks for."""

    def published(self):
        """Practitioners that the public may see: published, and with their consent."""
        return super().published().filter(consent_given_on__isnull=False)

    def in_roles(self, roles):
        """Practitioners who take on one of the roles, given by slug."""
        link = Practitioner.roles.through.objects.filter(practitioner=OuterRef("pk"), supportrole__slug__in=roles)
        return self.filter(Exists(link))

    def about(self, topics):
        """Practitioners who know one of the topics, given by slug, or a topic that is part of one."""
        family = Topic.objects.filter(
            Q(slug__in=topics) | Q(parent__slug__in=topics) | Q(parent__parent__slug__in=topics)
        )
        return self.filter(
            Exists(Practitioner.topics.through.objects.filter(practitioner=OuterRef("pk"), topic__in=family))
        )

    def for_cards(self):
        """Practitioners with what a card in a list shows, in one query: the names of roles, places and topics too."""
        own = {"practitioners": OuterRef("pk")}
        return self.annotate(
            role_names=ArraySubquery(SupportRole.objects.filter(**own).values("name")),
            place_names=ArraySubquery(Place.objects.filter(**own).values("name")[:MOST_ON_A_CARD]),
            topic_labels=ArraySubquery(Topic.objects.filter(**own).values("label")[:MOST_ON_A_CARD]),
        )

    def looked_after_by(self, email):
        """Practitioners who get a link to their page at this address."""
        return self.filter(own_email__iexact=email, sample=False).exclude(state=PublicationState.ARCHIVED)

    def never_confirmed(self, before):
        """Suggested entries older than that, of which nobody has said that they are theirs."""
        return self.pending().filter(consent_given_on=None, created_at__lt=before).exclude(own_email="")


class Practitioner(Mergeable, Listing):
    """Someone who supports self-help groups. Nothing of them is public without their consent."""

    title = models.CharField(_("work title"), max_length=120, blank=True, help_text=_("Public."))
    profession = models.CharField(
        _("profession"), max_length=24, choices=Profession, default=Profession.OTHER, help_text=_("Public.")
    )
    sector = models.CharField(
        _("sector"), max_length=16, choices=Sector, default=Sector.VOLUNTARY, help_text=_("Public.")
    )
    organisation = models.CharField(_("organisation"), max_length=160, blank=True, help_text=_("Public."))
    about = models.TextField(_("about"), blank=True, help_text=_("Public."))
    offers = models.TextField(_("what I can offer"), blank=True, help_text=_("One thing a line. Public."))
    does_not_offer = models.TextField(_("what I cannot offer"), blank=True, help_text=_("One thing a line. Public."))
    roles = models.ManyToManyField(
        "directory.SupportRole", verbose_name=_("support roles"), related_name="practitioners", help_text=_("Public.")
    )
    areas = models.ManyToManyField(
        "directory.SupportArea",
        verbose_name=_("areas of support"),
        blank=True,
        related_name="practitioners",
        help_text=_("Public."),
    )
    topics = models.ManyToManyField(
        "directory.Topic", verbose_name=_("topics"), blank=True, related_name="practitioners", help_text=_("Public.")
    )
    places = models.ManyToManyField(
        "directory.Place",
        verbose_name=_("places served"),
        blank=True,
        related_name="practitioners",
        help_text=_("Towns, districts or counties. Public."),
    )
    online = models.BooleanField(_("works online"), default=False, help_text=_("Public."))
    languages = models.ManyToManyField(
        "directory.Language", verbose_name=_("languages"), blank=True, help_text=_("Public.")
    )
    accepting_requests = models.BooleanField(_("takes requests now"), default=True, help_text=_("Public."))
    consent_given_on = models.DateField(
        _("consent given on"),
        null=True,
        blank=True,
        help_text=_("The day they agreed to be listed. Without it nothing is shown. The date is public."),
    )
    own_email = models.EmailField(
        _("address of their own"),
        blank=True,
        help_text=_("They get a link there with which they change their page or take it away. Never shown."),
    )
    # New words for a published page, by field, until a curator has read them.
    proposed = models.JSONField(_("new words"), default=dict, blank=True, editable=False)

    objects = PractitionerQuerySet.as_manager()

    owner_words = _("the practitioner")
    kept_on_restore = (*Listing.kept_on_restore, "consent_given_on", "own_email", "proposed", "merged_into")
    merged_parts = ("contacts",)

    class Meta(Listing.Meta):
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")
        constraints = [
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state=PublicationState.PUBLISHED) | Q(consent_given_on__isnull=False),
                name="practitioner_published_with_consent",
                violation_error_message=_("Say when they agreed to be listed, before you publish."),
            ),
            models.CheckConstraint(condition=Q(profession__in=Profession.values), name="practitioner_profession_known"),
            models.CheckConstraint(condition=Q(sector__in=Sector.values), name="practitioner_sector_known"),
            merged_is_archived("practitioner"),
        ]

    def get_absolute_url(self):
        """The practitioner's page."""
        return reverse("practitioners:detail", args=[self.slug])


class PractitionerContact(ContactWay):
    """A way to reach a practitioner."""

    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.CASCADE, related_name="contacts"
    )

    class Meta(ContactWay.Meta):
        verbose_name = _("way to get in touch")
        verbose_name_plural = _("ways to get in touch")
        indexes = [models.Index(ContactKey("kind", "value"), name="practitionercontact_key")]
