"""What changed in the listings: written by the database itself, so that no way of writing goes unrecorded."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Act(models.Model):
    """One thing that somebody did, with all that it changed. The database makes it with the first change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    who = models.CharField(_("who"), max_length=150, blank=True, editable=False)
    why = models.CharField(_("why"), max_length=300, blank=True, editable=False)
    undone_by = models.OneToOneField(
        "self",
        verbose_name=_("taken back by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="takes_back",
    )

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.why or str(_("Change"))

    @property
    def author(self):
        """Who did it, in words. An account that is gone leaves its name."""
        return self.who or str(_("the site itself"))


class ChangeQuerySet(models.QuerySet):
    """Changes of single rows."""

    def about(self, table, ids):
        """Changes of those listings, and of their parts."""
        return self.filter(subject_table=table, subject_id__in=ids)


class Change(models.Model):
    """One row of a listing, or of a part of it, before and after. PostgreSQL writes it (see `directory.history`)."""

    act = models.ForeignKey(Act, verbose_name=_("act"), on_delete=models.CASCADE, related_name="changes")
    subject_table = models.CharField(max_length=63)
    subject_id = models.BigIntegerField()
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False), name="change_of_something"
            )
        ]
        indexes = [
            models.Index(fields=["subject_table", "subject_id"], name="change_subject"),
            models.Index(fields=["table", "row_id"], name="change_row"),
        ]

    def __str__(self):
        return f"{self.table} {self.row_id}"


class Tombstone(models.Model):
    """What is left of a listing that was erased because a person asked: that there was one, and nothing of it."""

    table = models.CharField(_("kind"), max_length=63, editable=False)
    uuid = models.UUIDField(_("identifier"), unique=True, editable=False)
    # Keyed hashes: an address may hold a person's name, and it must still answer that the page is gone.
    addresses = ArrayField(models.CharField(max_length=64), default=list, editable=False)
    erased_at = models.DateTimeField(_("erased at"), default=timezone.now, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("erased by"), null=True, editable=False, on_delete=models.SET_NULL
    )
    reason = models.CharField(_("reason"), max_length=300, editable=False)

    class Meta:
        verbose_name = _("erased listing")
        verbose_name_plural = _("erased listings")
        ordering = ["-erased_at", "-pk"]
        indexes = [GinIndex(fields=["addresses"], name="tombstone_addresses")]
        permissions = [("erase_tombstone", _("Can erase a listing for ever"))]

    def __str__(self):
        return str(self.uuid)
