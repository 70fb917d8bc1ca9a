"""The five support roles and the four areas of support that ESTEEM found (2013).

The source names the roles and does not define them, nor pair them with areas. Guidance and pairing are this product's
own reading and every page that shows them says so.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SupportArea(models.Model):
    """One of the four areas in which practitioners support groups."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("Public."))
    short = models.CharField(_("in the source's words"), max_length=200, help_text=_("A short phrase. Public."))
    description = models.TextField(_("description"), help_text=_("In our own words. Public."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("area of support")
        verbose_name_plural = _("areas of support")
        ordering = ["position"]

    def __str__(self):
        return self.name


class SupportRole(models.Model):
    """One of the five roles that a practitioner can take beside a group."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=60, help_text=_("Public."))
    summary = models.CharField(_("in one sentence"), max_length=300, help_text=_("Public."))
    what_it_is = models.TextField(_("what it is"), help_text=_("Public."))
    in_practice = ArrayField(models.TextField(), verbose_name=_("in practice"), default=list, help_text=_("Public."))
    when_needed = ArrayField(
        models.TextField(), verbose_name=_("when a group needs it"), default=list, help_text=_("Public.")
    )
    agree_first = ArrayField(
        models.TextField(), verbose_name=_("what to agree first"), default=list, help_text=_("Public.")
    )
    goes_wrong = ArrayField(
        models.TextField(), verbose_name=_("where it goes wrong"), default=list, help_text=_("Public.")
    )
    ends_well = models.TextField(_("how it ends well"), help_text=_("Public."))
    reading_note = models.CharField(
        _("note on our own reading"), max_length=400, help_text=_("Says what the source does not say. Public.")
    )
    areas = models.ManyToManyField(
        SupportArea,
        verbose_name=_("areas it serves"),
        blank=True,
        related_name="roles",
        help_text=_("Our own reading. Public."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("support role")
        verbose_name_plural = _("support roles")
        ordering = ["position"]

    def __str__(self):
        return self.name
