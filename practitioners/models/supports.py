"""The support that practitioners give to groups."""

from django.db import models
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from directory.choices import PublicationState
from practitioners.choices import Side
from practitioners.models.practitioners import Practitioner


class SupportQuerySet(models.QuerySet):
    """Support that practitioners give to groups."""

    def public(self):
        """Support that both sides agreed to show, where both are public."""
        return self.confirmed().between_public().filter(group_agrees=True, practitioner_agrees=True)

    def between_public(self):
        """Support where both sides are public, whether or not they agreed to show it."""
        return self.filter(
            group__state=PublicationState.PUBLISHED,
            practitioner__state=PublicationState.PUBLISHED,
            practitioner__consent_given_on__isnull=False,
        )

    def confirmed(self):
        """Support that is more than the word of one side."""
        return self.filter(proposed_by="")

    def waiting_for(self, side):
        """Support of which the other side says something that this side has not answered."""
        other = Side(side).other
        return self.current().between_public().filter(Q(proposed_by=other) | Q(new_days_by=other))

    def current(self):
        """Support that has not ended."""
        return self.filter(ended_on__isnull=True)

    def due_for_review(self, today):
        """Support whose working agreement was to be looked at again by now."""
        return self.current().filter(review_on__lte=today)


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
        help_text=_(
            "The day of their working agreement: what the support is, and what it is not. Public where both agree to"
            " show the support. Of the agreement itself we keep nothing."
        ),
    )
    review_on = models.DateField(
        _("they look at it again on"), null=True, blank=True, help_text=_("Public with the day above.")
    )
    group_agrees = models.BooleanField(_("the group agrees to show it"), default=False)
    practitioner_agrees = models.BooleanField(
        _("the practitioner agrees to show it"), default=False, help_text=_("Public only where both agree.")
    )

    proposed_by = models.CharField(
        _("said by one side only"),
        max_length=12,
        choices=Side,
        blank=True,
        help_text=_(
            "Who says so, while the other side has not confirmed that they work together. Nothing of it is public then."
        ),
    )
    new_agreed_on = models.DateField(_("new day of the agreement"), null=True, blank=True)
    new_review_on = models.DateField(_("new day to look at it again"), null=True, blank=True)
    new_days_by = models.CharField(
        _("new days said by"),
        max_length=12,
        choices=Side,
        blank=True,
        help_text=_("They take the place of the days above when the other side confirms them. Not public."),
    )

    objects = SupportQuerySet.as_manager()

    kept_on_restore = ("group_agrees", "practitioner_agrees", "boundaries_agreed_on", "review_on")

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
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(review_on__gt=models.F("boundaries_agreed_on")),
                name="support_review_after_agreement",
                violation_error_message=_("They look at the agreement again after the day on which they agreed."),
            ),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(boundaries_agreed_on__isnull=False),
                name="support_review_of_an_agreement",
                violation_error_message=_("Say on which day they agreed, before you say when they look at it again."),
            ),
            models.CheckConstraint(condition=Q(proposed_by__in=["", *Side.values]), name="support_proposed_by_known"),
            models.CheckConstraint(
                condition=Q(new_days_by="", new_agreed_on__isnull=True, new_review_on__isnull=True)
                | Q(new_days_by__in=Side.values, new_agreed_on__isnull=False),
                name="support_new_days_whole",
                violation_error_message=_("Say both which day of the agreement is new and who says so, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(new_review_on__isnull=True) | Q(new_review_on__gt=models.F("new_agreed_on")),
                name="support_new_review_after_agreement",
                violation_error_message=_("They look at the agreement again after the day on which they agreed."),
            ),
            models.CheckConstraint(
                condition=Q(proposed_by="") | Q(boundaries_agreed_on__isnull=True, new_days_by=""),
                name="support_days_of_both",
                violation_error_message=_("While only one side says that they work together, there are no days."),
            ),
        ]

    def __str__(self):
        return f"{self.practitioner} – {self.group} ({self.role})"

    @property
    def agreement_words(self):
        """Since when there is a working agreement, and when both look at it again; empty where there is none."""
        if self.boundaries_agreed_on is None:
            return ""
        agreed = _day(self.boundaries_agreed_on)
        words = _("On %(day)s they agreed what this support is, and what it is not.") % {"day": agreed}
        if self.review_on is None or self.ended_on:
            return words
        again = _("The day to look at it again: %(day)s.") % {"day": _day(self.review_on)}
        return f"{words} {again}"

    @property
    def new_days_words(self):
        """The days that one side says, as the other reads them; empty where there are none."""
        if not self.new_days_by:
            return ""
        if self.new_review_on is None:
            return _("Agreed on %(day)s.") % {"day": _day(self.new_agreed_on)}
        return _("Agreed on %(day)s, to look at it again on %(again)s.") % {
            "day": _day(self.new_agreed_on),
            "again": _day(self.new_review_on),
        }


def _day(day):
    return formats.date_format(day, "j F Y")
