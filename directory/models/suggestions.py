"""What people send in without an account: new listings, corrections, safety concerns."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.choices import SuggestionKind, SuggestionState


class SuggestionQuerySet(models.QuerySet):
    """Suggestions by state."""

    def waiting(self):
        """Suggestions on which nobody has decided yet."""
        return self.filter(state=SuggestionState.WAITING)

    def about(self, listing):
        """Suggestions about one listing."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(listing, for_concrete_model=True), object_id=listing.pk
        )


class Suggestion(models.Model):
    """A new listing, a correction field by field, or a safety concern, and what curators decided on it."""

    # The receipt's address. Nobody can guess it, and nothing else leads to it.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=SuggestionKind, editable=False)
    content_type = models.ForeignKey(ContentType, verbose_name=_("of"), on_delete=models.CASCADE, editable=False)
    # Empty for a new listing, until one is made of it.
    object_id = models.BigIntegerField(null=True, editable=False)
    listing = GenericForeignKey()
    title = models.CharField(_("about"), max_length=160, editable=False)
    # By path, such as "name" or "meetings.12.start_time": what the form held, and what the listing held then.
    values = models.JSONField(_("suggested"), default=dict, editable=False)
    before = models.JSONField(_("was"), default=dict, editable=False)
    note = models.TextField(_("in their own words"), blank=True, editable=False)
    email = models.EmailField(_("where an answer goes"), blank=True, editable=False)
    risk = models.PositiveSmallIntegerField(_("risk"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=SuggestionState, default=SuggestionState.WAITING, editable=False
    )
    # By path: {"accepted": true or false, "value": what was written, "why": ""}.
    decisions = models.JSONField(default=dict, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reply = models.TextField(_("answer"), blank=True, editable=False)
    # What it changed in the listing, to look at and to take back.
    act = models.ForeignKey(
        "directory.Act", verbose_name=_("change"), null=True, editable=False, on_delete=models.SET_NULL
    )

    LONGEST_REPLY = 3000

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SuggestionKind.values), name="suggestion_kind_known"),
            models.CheckConstraint(condition=Q(state__in=SuggestionState.values), name="suggestion_state_known"),
            models.CheckConstraint(
                condition=Q(kind=SuggestionKind.NEW) | Q(object_id__isnull=False), name="suggestion_about_a_listing"
            ),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.WAITING, decided_at__isnull=True)
                | (~Q(state=SuggestionState.WAITING) & Q(decided_at__isnull=False)),
                name="suggestion_decided_at",
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="suggestion_listing"),
            models.Index(fields=["-risk", "sent_at"], condition=Q(state="waiting"), name="suggestion_waiting"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def is_undone(self):
        """Whether what it changed was taken back, and that stayed so."""
        act, undone = self.act, False
        while act is not None and act.undone_by is not None:
            act, undone = act.undone_by, not undone
        return undone
