"""What every listing has: a public address, a state, a date when somebody last said that it is true."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.choices import (
    RESERVED_SLUGS,
    ConfirmedBy,
    ContactKind,
    Personal,
    PublicationState,
    TextLanguage,
    Visibility,
)
from directory.mail import validate_address, with_plain_domain
from directory.models.addresses import FormerAddress
from directory.visibility import is_public

# A listing is asked about again after this long; after twice as long it is no longer fresh.
CONFIRM_EVERY = timedelta(days=91)


def validate_slug_is_free(value):
    """Refuse a slug that is an address of its own."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is an address of the site itself. Choose another."), params={"slug": value})


class ListingQuerySet(models.QuerySet):
    """Listings by state and freshness."""

    def published(self):
        """Listings that the public may see."""
        return self.filter(state=PublicationState.PUBLISHED)

    def pending(self):
        """Listings that wait for a curator."""
        return self.filter(state=PublicationState.PENDING)

    def samples(self):
        """Fictional listings."""
        return self.filter(sample=True)

    def confirmed_within(self, days):
        """Listings that somebody confirmed in the last `days` days."""
        return self.filter(confirmed_at__gte=timezone.now() - timedelta(days=int(days)))

    def stale(self):
        """Published listings whose review is due, or that nobody ever confirmed."""
        today = timezone.localdate()
        return self.published().filter(models.Q(review_due_on__lte=today) | models.Q(confirmed_at__isnull=True))


class Listing(models.Model):
    """The common part of a group, a practitioner and a case study."""

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        validators=[validate_slug_is_free],
        help_text=_("The last part of the page's address. Public. Once the page is published it stays."),
    )
    name = models.CharField(_("name"), max_length=160, help_text=_("Public."))
    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One or two plain sentences. Public.")
    )
    text_language = models.CharField(
        _("written in"),
        max_length=2,
        choices=TextLanguage,
        default=TextLanguage.ENGLISH,
        help_text=_("The language of these words, so that a screen reader says them right."),
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PublicationState,
        default=PublicationState.DRAFT,
        help_text=_("Only what is published can be seen by the public."),
    )
    state_changed_at = models.DateTimeField(_("state changed at"), default=timezone.now, editable=False)
    state_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("state changed by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"), null=True, blank=True, help_text=_("When somebody last said that all this is true. Public.")
    )
    confirmed_by = models.CharField(
        _("confirmed by"), max_length=10, choices=ConfirmedBy, blank=True, help_text=_("Who said so. Public.")
    )
    review_due_on = models.DateField(
        _("review due on"), null=True, blank=True, help_text=_("When to ask again. Curators only.")
    )
    source = models.CharField(_("source"), max_length=100, blank=True, help_text=_("The list it came from. Public."))
    external_id = models.CharField(_("its number there"), max_length=200, blank=True, help_text=_("Curators only."))
    sample = models.BooleanField(_("sample"), default=False, help_text=_("Fictional, and marked so on every page."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    curator_notes = models.TextField(_("notes"), blank=True, help_text=_("Curators only. Never shown to the public."))

    objects = ListingQuerySet.as_manager()

    # What going back to older words leaves as it is.
    kept_on_restore = ("uuid", "slug", "state", "state_changed_at", "state_changed_by", "sample", "created_at")

    # Who stands behind a listing of this kind, as in 'confirmed by the group'.
    owner_words = ConfirmedBy.OWNER.label

    class Meta:
        abstract = True
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(slug__in=RESERVED_SLUGS), name="%(class)s_slug_not_reserved"),
            models.CheckConstraint(condition=models.Q(state__in=PublicationState.values), name="%(class)s_state_known"),
            models.CheckConstraint(
                condition=models.Q(text_language__in=TextLanguage.values), name="%(class)s_text_language_known"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by="")
                | models.Q(confirmed_at__isnull=False, confirmed_by__in=ConfirmedBy.values),
                name="%(class)s_confirmed_at_and_by",
                violation_error_message=_("Say both when it was confirmed and by whom, or neither."),
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="%(class)s_once_per_source",
                violation_error_message=_("This entry of that source is here already."),
            ),
        ]
        indexes = [models.Index(fields=["state", "name"], name="%(class)s_state_name")]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse an address that another listing had before: it leads there for ever."""
        super().clean()
        if FormerAddress.objects.of(type(self)).owners([self.slug]).get(self.slug, self.pk) != self.pk:
            raise ValidationError({"slug": FormerAddress.TAKEN})

    @property
    def is_published(self):
        """Whether the public may see it."""
        return self.state == PublicationState.PUBLISHED

    @property
    def freshness(self):
        """How fresh the confirmation is: 'fresh', 'ageing' or 'old'; 'unknown' where there is none."""
        if self.confirmed_at is None:
            return "unknown"
        age = timezone.now() - self.confirmed_at
        if age <= CONFIRM_EVERY:
            return "fresh"
        return "ageing" if age <= 2 * CONFIRM_EVERY else "old"


class ContactWayQuerySet(models.QuerySet):
    """Contact ways by who may see them."""

    def public(self):
        """Contact ways that anyone may see."""
        return self.filter(visibility=Visibility.EVERYONE)


class ContactWay(models.Model):
    """One way to reach the people behind a listing, with who may see it."""

    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind)
    value = models.CharField(_("address or number"), max_length=300)
    label = models.CharField(
        _("label"), max_length=100, blank=True, help_text=_("Such as: evenings only. Public with the value.")
    )
    visibility = models.CharField(
        _("who may see it"),
        max_length=10,
        choices=Visibility,
        default=Visibility.CURATORS,
        help_text=_("‘Everyone’ only where the person agreed to show it."),
    )
    personal = models.CharField(
        _("a private person’s?"),
        max_length=10,
        choices=Personal,
        default=Personal.UNKNOWN,
        help_text=_("Whoever is named as part of a group is named with what the group is about."),
    )
    consented_on = models.DateField(
        _("agreed on"), null=True, blank=True, help_text=_("The day the person agreed that everyone sees it.")
    )
    consented_how = models.CharField(
        _("agreed how"), max_length=100, blank=True, help_text=_("Such as: by email, by phone, on the form.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ContactWayQuerySet.as_manager()

    # Going back to older words never shows what somebody has hidden since.
    kept_on_restore = ("visibility", "personal", "consented_on", "consented_how")

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ContactKind.values), name="%(class)s_kind_known"),
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values), name="%(class)s_visibility_known"
            ),
            models.CheckConstraint(condition=models.Q(personal__in=Personal.values), name="%(class)s_personal_known"),
            models.CheckConstraint(
                condition=~models.Q(visibility=Visibility.EVERYONE)
                | models.Q(personal=Personal.NO)
                | models.Q(consented_on__isnull=False),
                name="%(class)s_public_with_consent",
                violation_error_message=_(
                    "Only with their consent: say when and how the person agreed that everyone sees it. Or say that it "
                    "is no private person’s."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(consented_on__isnull=True, consented_how="")
                | (models.Q(consented_on__isnull=False) & ~models.Q(consented_how="")),
                name="%(class)s_consent_whole",
                violation_error_message=_("Say both when and how the person agreed, or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.value}"

    def save(self, **kwargs):
        """Save it, an e-mail address as it is looked up."""
        if self.kind == ContactKind.EMAIL:
            self.value = with_plain_domain(self.value)
        super().save(**kwargs)

    def clean(self):
        """Refuse an e-mail address or a web address that is not one."""
        if self.kind == ContactKind.EMAIL:
            validate_address(with_plain_domain(self.value))
        if self.kind in {ContactKind.WEBSITE, ContactKind.SOCIAL} and not self.value.startswith(
            ("https://", "http://")
        ):
            raise ValidationError({"value": _("Start a web address with https://")})

    def note_consent(self, how):
        """Set that its owner agreed today that everyone sees it; or nothing, where it is hidden."""
        shown = self.is_public and self.personal != Personal.NO
        self.consented_on = timezone.localdate() if shown else None
        self.consented_how = str(how) if shown else ""

    @property
    def is_public(self):
        """Whether anyone may see it."""
        return is_public(self.visibility)

    @property
    def href(self):
        """The address a link to it takes, or an empty string where there is none to link to."""
        match self.kind:
            case ContactKind.EMAIL:
                return f"mailto:{self.value}"
            case ContactKind.PHONE | ContactKind.TEXT:
                scheme = "tel" if self.kind == ContactKind.PHONE else "sms"
                return f"{scheme}:{''.join(c for c in self.value if c.isdigit() or c == '+')}"
            case ContactKind.WEBSITE | ContactKind.SOCIAL:
                return self.value
        return ""
