"""Practitioners, and the support they give to groups."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchRank, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.choices import PublicationState
from directory.geo import distance_expression
from directory.models import ContactWay, Listing, ListingQuerySet, Place, Topic
from directory.search import MOST_WORDS, TEXT_CONFIG, any_of, in_column, query_for
from practitioners.choices import Profession, Sector


class PractitionerQuerySet(ListingQuerySet):
    """Practitioners by what a group looks for."""

    def published(self):
        """Practitioners that the public may see: published, and with their consent."""
        return super().published().filter(consent_given_on__isnull=False)

    def in_roles(self, roles):
        """Practitioners who take on one of the roles, given by slug."""
        link = Practitioner.roles.through.objects.filter(practitioner=OuterRef("pk"), supportrole__slug__in=roles)
        return self.filter(Exists(link))

    def in_areas(self, areas):
        """Practitioners who help in one of the areas of support, given by slug."""
        link = Practitioner.areas.through.objects.filter(practitioner=OuterRef("pk"), supportarea__slug__in=areas)
        return self.filter(Exists(link))

    def about(self, topics):
        """Practitioners who know one of the topics, given by slug, or a topic that is part of one."""
        family = Topic.objects.filter(
            Q(slug__in=topics) | Q(parent__slug__in=topics) | Q(parent__parent__slug__in=topics)
        )
        return self.filter(
            Exists(Practitioner.topics.through.objects.filter(practitioner=OuterRef("pk"), topic__in=family))
        )

    def near(self, point, km):
        """Practitioners who serve a place that reaches within `km` of `point`, with `distance` in km to its middle."""
        nearest = (
            Place.objects.filter(practitioners=OuterRef("pk"))
            .annotate(km=distance_expression(point))
            .filter(km__lte=km + models.F("radius_km"))
            .order_by("km")
            .values("km")[:1]
        )
        return self.annotate(distance=Subquery(nearest)).filter(distance__isnull=False)

    def speaking(self, languages):
        """Practitioners who use one of the languages, given by code."""
        link = Practitioner.languages.through.objects.filter(practitioner=OuterRef("pk"), language__in=languages)
        return self.filter(Exists(link))

    def accepting(self):
        """Practitioners who take requests now."""
        return self.filter(accepting_requests=True)

    def matching(self, words):
        """Practitioners in whose text, roles, topics or places each of the words stands, with `rank`."""
        found = self.annotate(rank=SearchRank(models.F("search"), any_of(words)))
        for word in words.split()[:MOST_WORDS]:
            found = found.filter(
                in_column(word)
                | Exists(_linked(Practitioner.roles.through, "supportrole", "name", word))
                | Exists(_linked(Practitioner.topics.through, "topic", "label", word))
                | Exists(_linked(Practitioner.places.through, "place", "name", word))
            )
        return found

    def for_cards(self):
        """Practitioners with what a card in a list shows, in a constant number of queries."""
        return self.prefetch_related("roles", "places", "topics")


def _linked(through, target, column, word):
    text = SearchVector(f"{target}__{column}", config=TEXT_CONFIG)
    return through.objects.annotate(words=text).filter(practitioner=OuterRef("pk"), words=query_for(word))


class Practitioner(Listing):
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
    search = models.GeneratedField(
        expression=SearchVector("name", weight="A", config=TEXT_CONFIG)
        + SearchVector("title", "organisation", "summary", weight="B", config=TEXT_CONFIG)
        + SearchVector("about", "offers", weight="C", config=TEXT_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PractitionerQuerySet.as_manager()

    owner_words = _("the practitioner")

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
        ]
        indexes = [*Listing.Meta.indexes, GinIndex(fields=["search"], name="practitioner_search")]

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


class SupportQuerySet(models.QuerySet):
    """Support that practitioners give to groups."""

    def public(self):
        """Support that both sides agreed to show, where both are public."""
        return self.filter(
            group_agrees=True,
            practitioner_agrees=True,
            group__state=PublicationState.PUBLISHED,
            practitioner__state=PublicationState.PUBLISHED,
            practitioner__consent_given_on__isnull=False,
        )

    def current(self):
        """Support that has not ended."""
        return self.filter(ended_on__isnull=True)


class Support(models.Model):
    """A practitioner beside a group, in one role, for a time."""

    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.CASCADE, related_name="supports"
    )
    group = models.ForeignKey(
        "groups.Group", verbose_name=_("group"), on_delete=models.CASCADE, related_name="supports"
    )
    role = models.ForeignKey(
        "directory.SupportRole", verbose_name=_("role"), on_delete=models.PROTECT, related_name="supports"
    )
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty while it goes on."))
    boundaries_agreed_on = models.DateField(
        _("boundaries agreed on"),
        null=True,
        blank=True,
        help_text=_("The day both agreed what the support is and is not."),
    )
    group_agrees = models.BooleanField(_("the group agrees to show it"), default=False)
    practitioner_agrees = models.BooleanField(
        _("the practitioner agrees to show it"), default=False, help_text=_("Public only where both agree.")
    )

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("support")
        ordering = ["-started_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "group", "role", "started_on"], name="support_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(started_on__lte=models.F("ended_on")),
                name="support_dates_in_order",
                violation_error_message=_("The support ends after it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.practitioner} – {self.group} ({self.role})"
