"""Safety concerns: what one is about, what it hid, and the rules by which it may hide something at once."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from directory.choices import Concern, Hides, SuggestionKind, SuggestionState
from directory.models.suggestions import Suggestion

# A rule looks back so far at most; then nothing is left that tells whether two reports came from one network.
MOST_DAYS = 30
MOST_REPORTS = 20


class SafetyRuleQuerySet(models.QuerySet):
    """Rules."""

    def on(self, listing, concern):
        """Rules in force for a concern about a listing; those that hide more come first, and of those the strictest."""
        kind = ContentType.objects.get_for_model(listing)
        found = self.filter(Q(content_type=kind) | Q(content_type=None), active=True, concern__in=["", concern])
        hides_all = models.Case(models.When(hides=Hides.LISTING, then=0), default=1)
        return found.order_by(hides_all, "reports", "pk")


class SafetyRule(models.Model):
    """When reports of a safety concern hide something at once, before a curator has read them."""

    slug = models.SlugField(_("short name"), unique=True, help_text=_("It stands in the history of what it hid."))
    active = models.BooleanField(_("in force"), default=True)
    content_type = models.ForeignKey(
        ContentType,
        verbose_name=_("for listings of this kind"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty for every kind."),
    )
    concern = models.CharField(
        _("concern"), max_length=10, choices=Concern, blank=True, help_text=_("Empty for every concern.")
    )
    reports = models.PositiveSmallIntegerField(
        _("so many reports"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_REPORTS)],
        help_text=_("Only reports from different networks count. With 1, one false report can hide something."),
    )
    within_days = models.PositiveSmallIntegerField(
        _("within so many days"), default=7, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    hides = models.CharField(
        _("hide at once"),
        max_length=10,
        choices=Hides,
        default=Hides.CONTACTS,
        help_text=_("Where contact details are hidden, people can still write through the message form."),
    )

    objects = SafetyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety rule")
        verbose_name_plural = _("safety rules")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(concern__in=["", *Concern.values]), name="safetyrule_concern_known"),
            models.CheckConstraint(condition=Q(hides__in=Hides.values), name="safetyrule_hides_known"),
            models.CheckConstraint(condition=Q(reports__range=(1, MOST_REPORTS)), name="safetyrule_reports"),
            models.CheckConstraint(condition=Q(within_days__range=(1, MOST_DAYS)), name="safetyrule_days"),
        ]

    def __str__(self):
        return self.slug

    @property
    def words(self):
        """What it says, for the history."""
        concern = self.get_concern_display() if self.concern else _("Any concern")
        reports = ngettext("%(n)d report", "%(n)d reports", self.reports) % {"n": self.reports}
        return f"{concern}, {reports}: {self.get_hides_display()}"


class SafetyReportQuerySet(models.QuerySet):
    """Reports of safety concerns."""

    def about(self, listing):
        """Reports about one listing."""
        return self.filter(suggestion__in=Suggestion.objects.about(listing).filter(kind=SuggestionKind.SAFETY))

    def waiting(self):
        """Reports on which nobody has decided yet."""
        return self.filter(suggestion__state=SuggestionState.WAITING)

    def not_upheld_since(self, at):
        """Reports that curators looked at since then and found nothing in."""
        return self.filter(suggestion__state=SuggestionState.REFUSED, suggestion__decided_at__gte=at)

    def that_a_rule_acted_on_since(self, at):
        """Reports that hid something by themselves since then."""
        return self.exclude(hid_by_rule="").filter(suggestion__sent_at__gte=at)

    def hiding_part_of(self, listing):
        """Reports for which something of a listing is hidden now."""
        return self.about(listing).waiting().exclude(hid="")

    def holding(self, listing):
        """Reports for which a whole listing is hidden now."""
        return self.hiding_part_of(listing).filter(hid=Hides.LISTING)

    def to_forget(self):
        """Reports whose sender is of no use any more."""
        # An hour before the time is up: they are looked for once an hour.
        before = timezone.now() - timedelta(days=MOST_DAYS) + timedelta(hours=1)
        return self.exclude(sender="").filter(suggestion__sent_at__lt=before)


class SafetyReport(models.Model):
    """What a suggestion of the kind 'safety' has beside its words."""

    suggestion = models.OneToOneField(
        Suggestion, verbose_name=_("suggestion"), primary_key=True, on_delete=models.CASCADE, related_name="safety"
    )
    concern = models.CharField(_("concern"), max_length=10, choices=Concern, editable=False)
    # A keyed hash of network and listing: it tells two reports about one listing from one network, and nothing else.
    # Gone when a curator has decided, or after `MOST_DAYS`.
    sender = models.CharField(max_length=32, blank=True, editable=False)
    hid = models.CharField(_("hides now"), max_length=10, choices=Hides, blank=True, editable=False)
    hid_by_rule = models.SlugField(_("hidden by the rule"), blank=True, editable=False)
    # By key: who could see them before they were hidden.
    contacts_before = models.JSONField(default=dict, editable=False)

    objects = SafetyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety concern")
        verbose_name_plural = _("safety concerns")
        constraints = [
            models.CheckConstraint(condition=Q(concern__in=Concern.values), name="safetyreport_concern_known"),
            models.CheckConstraint(condition=Q(hid__in=["", *Hides.values]), name="safetyreport_hid_known"),
        ]

    def __str__(self):
        return self.get_concern_display()
