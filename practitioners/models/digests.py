"""Letters on groups that look for support: who gets them, and since when a group looks for a role."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DigestSubscriptionQuerySet(models.QuerySet):
    """Subscriptions by where they stand."""

    def confirmed(self):
        """Subscriptions whose address somebody has confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def never_confirmed(self, before):
        """Sign-ups older than that, which nobody has confirmed."""
        return self.filter(confirmed_at=None, created_at__lt=before)

    def due(self, monday):
        """Confirmed subscriptions that got no letter in the week which begins on this day."""
        return self.confirmed().filter(Q(sent_on=None) | Q(sent_on__lt=monday))


class DigestSubscription(models.Model):
    """Somebody who gets a letter, once a week at most, on groups that newly look for a role."""

    email = models.EmailField(_("email"))
    roles = models.ManyToManyField(
        "directory.SupportRole", verbose_name=_("support roles"), related_name="+", help_text=_("None: all of them.")
    )
    place = models.ForeignKey(
        "directory.Place", verbose_name=_("near"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    sent_on = models.DateField(_("last letter on"), null=True, editable=False)
    # What was first seen later than this is new to them.
    told_until = models.DateTimeField(_("told until"), null=True, editable=False)

    objects = DigestSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=Q(confirmed_at__isnull=False), name="digest_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False, told_until__isnull=False)
                | Q(confirmed_at=None, told_until=None, sent_on=None),
                name="digest_only_once_confirmed",
            ),
        ]

    def __str__(self):
        return str(self.pk)


class SoughtRole(models.Model):
    """Since when a public group looks for a role, as far as `send_digests` has seen."""

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    role = models.ForeignKey("directory.SupportRole", on_delete=models.CASCADE, related_name="+")
    first_seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "role"], name="soughtrole_once")]

    def __str__(self):
        return f"{self.group}: {self.role}"
