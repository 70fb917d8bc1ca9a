"""Help lines, the only telephone numbers for people in need that any page shows."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.choices import Nation

CHECK_EVERY = timedelta(days=182)
# A number is dialled digit by digit, so '999 (or 112)' would call 999112.
ONE_NUMBER = r"^\+?[0-9 ]*$"
one_number = RegexValidator(ONE_NUMBER, _("One number only: digits and spaces."))


class HelpLineQuerySet(models.QuerySet):
    """Help lines, in the order in which they are shown."""

    def active(self):
        """Lines that curators have not retired."""
        return self.filter(active=True)

    def to_recheck(self):
        """Lines that nobody has checked for half a year, or ever."""
        since = timezone.localdate() - CHECK_EVERY
        return self.filter(models.Q(checked_on__isnull=True) | models.Q(checked_on__lt=since))


class HelpLine(models.Model):
    """A number to call or text now, with whom it is for and when it answers."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("service"), max_length=120, help_text=_("Public."))
    number = models.CharField(
        _("number to call"),
        max_length=40,
        blank=True,
        validators=[one_number],
        help_text=_("One number, as it is shown: a tap dials it. Others go into the note. Public."),
    )
    text_number = models.CharField(
        _("number to text"), max_length=20, blank=True, validators=[one_number], help_text=_("Public.")
    )
    text_keyword = models.CharField(_("word to text"), max_length=20, blank=True, help_text=_("Such as SHOUT. Public."))
    web = models.URLField(_("web address"), blank=True, help_text=_("Public."))
    for_whom = models.CharField(_("for whom"), max_length=300, help_text=_("One plain sentence. Public."))
    countries = ArrayField(
        models.CharField(max_length=3, choices=Nation),
        verbose_name=_("where"),
        help_text=_("The nations it serves. Public."),
    )
    hours = models.CharField(_("hours"), max_length=200, help_text=_("Public."))
    cost = models.CharField(_("cost"), max_length=100, blank=True, help_text=_("Public."))
    always_open = models.BooleanField(_("day and night"), default=False)
    emergency = models.BooleanField(
        _("emergency service"), default=False, help_text=_("Shown first, when life is at risk.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Public."))
    checked_on = models.DateField(
        _("checked on"), null=True, blank=True, help_text=_("When a curator last called or looked it up. Public.")
    )
    active = models.BooleanField(_("shown"), default=True, help_text=_("Untick to retire the line without losing it."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("help line")
        verbose_name_plural = _("help lines")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(number="", text_number=""),
                name="helpline_can_be_reached",
                violation_error_message=_("Give a number to call or to text."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__regex=ONE_NUMBER, text_number__regex=ONE_NUMBER), name="helpline_one_number"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def dial(self):
        """The number as a `tel:` address wants it: digits only."""
        return "".join(character for character in self.number if character.isdigit() or character == "+")

    @property
    def is_due(self):
        """Whether a curator should check the line again."""
        return self.checked_on is None or self.checked_on < timezone.localdate() - CHECK_EVERY
