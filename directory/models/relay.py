"""What is kept of messages that the site passes on: that there was one, when, and what came of it."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.choices import RelayOutcome


class RelayedMessage(models.Model):
    """A message to the people behind a listing. Nothing of the message itself is here, nor who wrote it."""

    content_type = models.ForeignKey(ContentType, verbose_name=_("kind"), on_delete=models.CASCADE, editable=False)
    object_id = models.BigIntegerField(editable=False)
    listing = GenericForeignKey()
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False, db_index=True)
    outcome = models.CharField(
        _("what came of it"), max_length=10, choices=RelayOutcome, default=RelayOutcome.BEGUN, editable=False
    )
    reason = models.CharField(_("what the mail server said"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("message passed on")
        verbose_name_plural = _("messages passed on")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="relayedmessage_listing")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=RelayOutcome.values), name="relayedmessage_outcome_known"),
            models.CheckConstraint(
                condition=Q(reason="") | Q(outcome=RelayOutcome.REFUSED), name="relayedmessage_reason_of_refusal"
            ),
        ]

    def __str__(self):
        return f"{self.listing}, {timezone.localtime(self.at):%d.%m.%Y %H:%M}"


class RelayCount(models.Model):
    """How many messages came from one network, to one listing or with one form, in one stretch of time.

    `counted` is a keyed hash: the row says neither which network nor which listing.
    """

    counted = models.CharField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["counted", "starts_at", "ends_at"], name="relaycount_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="relaycount_counts"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="relaycount_in_order"),
        ]

    def __str__(self):
        return f"{self.counted}: {self.number}"
