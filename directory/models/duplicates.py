"""Pairs of listings that look like one, and listings that became a part of another."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.choices import PairState, PublicationState


class DuplicatePairQuerySet(models.QuerySet):
    """Pairs by kind and state."""

    def of(self, model):
        """Pairs of listings of one kind."""
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def undecided(self):
        """Pairs that nobody has looked at."""
        return self.filter(state=PairState.OPEN)


class DuplicatePair(models.Model):
    """Two listings of one kind that look like the same, why, and what a curator made of it."""

    content_type = models.ForeignKey(ContentType, verbose_name=_("kind"), on_delete=models.CASCADE, editable=False)
    first_id = models.BigIntegerField(editable=False)
    second_id = models.BigIntegerField(editable=False)
    first = GenericForeignKey("content_type", "first_id")
    second = GenericForeignKey("content_type", "second_id")
    score = models.FloatField(_("likeness"), editable=False, help_text=_("From 0 to 1."))
    reasons = models.JSONField(_("why"), default=list, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=PairState, default=PairState.OPEN, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)
    merged_id = models.BigIntegerField(null=True, editable=False)
    # The act of the history that merged them, by which it can be taken back.
    act = models.UUIDField(null=True, editable=False)
    # What the merge made point at the other listing: keys of rows by model and field. The history knows only a part.
    moved = models.JSONField(default=dict, editable=False)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair that looks alike")
        verbose_name_plural = _("pairs that look alike")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "first_id", "second_id"], name="duplicatepair_once"),
            models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="duplicatepair_in_order"),
            models.CheckConstraint(condition=Q(state__in=PairState.values), name="duplicatepair_state_known"),
            models.CheckConstraint(
                condition=Q(state=PairState.OPEN, decided_at__isnull=True)
                | ~Q(state=PairState.OPEN) & Q(decided_at__isnull=False),
                name="duplicatepair_decided_at",
            ),
            models.CheckConstraint(
                condition=Q(state=PairState.MERGED, act__isnull=False, merged_id__in=[F("first_id"), F("second_id")])
                | ~Q(state=PairState.MERGED) & Q(act__isnull=True, merged_id__isnull=True),
                name="duplicatepair_whole_merge",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="duplicatepair_worst_first")]

    def __str__(self):
        return f"{self.first} / {self.second}"


class Mergeable(models.Model):
    """A listing that may become a part of another one. It stays, archived, and its address leads there."""

    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="merged_here",
    )

    # The rows that belong to it, by the name under which it has them. Of these, a merge moves those that are chosen.
    merged_parts = ()

    class Meta:
        abstract = True


def merged_is_archived(name):
    """Return the constraint that what is merged is archived."""
    return models.CheckConstraint(
        condition=Q(merged_into__isnull=True) | Q(state=PublicationState.ARCHIVED),
        name=f"{name}_merged_is_archived",
        violation_error_message=_("It is merged into another listing. Take the merge back first."),
    )
