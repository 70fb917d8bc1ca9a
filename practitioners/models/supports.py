"""The support that practitioners give to groups."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.choices import PublicationState
from practitioners.models.practitioners import Practitioner


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

    kept_on_restore = ("group_agrees", "practitioner_agrees")

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
