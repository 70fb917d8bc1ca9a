"""What a case study rests on: sources, effects, figures, visitors' questions."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casestudies.choices import EffectAudience, EffectKind

MOST_FILE_BYTES = 20 * 1024 * 1024


def validate_pdf(upload):
    """Refuse a file that is too large, or whose first bytes are not those of a PDF."""
    try:
        too_large = upload.size > MOST_FILE_BYTES
        upload.seek(0)
        start = upload.read(5)
        upload.seek(0)
    except FileNotFoundError:
        # An earlier upload, checked when it came, whose file is not on this machine.
        return
    if too_large:
        raise ValidationError(_("This file is larger than 20 MB."))
    if start != b"%PDF-":
        raise ValidationError(_("This is not a PDF file."))


class Programme(models.Model):
    """A programme that several case studies belong to."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=160, unique=True, help_text=_("Public."))
    description = models.TextField(_("description"), blank=True, help_text=_("Public."))
    funder = models.CharField(_("paid for by"), max_length=200, blank=True, help_text=_("Public."))
    delivered_by = models.CharField(_("delivered by"), max_length=200, blank=True, help_text=_("Public."))

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Source(models.Model):
    """A document that facts and figures come from."""

    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=300, help_text=_("Public."))
    authors = models.CharField(_("authors"), max_length=300, blank=True, help_text=_("Public."))
    publisher = models.CharField(_("publisher"), max_length=300, blank=True, help_text=_("Public."))
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("Empty where it has no date. Public.")
    )
    address = models.URLField(_("web address"), blank=True, help_text=_("Public."))
    file = models.FileField(
        _("file"),
        upload_to="sources/",
        blank=True,
        validators=[FileExtensionValidator(["pdf"]), validate_pdf],
        help_text=_("A PDF for curators. Not public."),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("What kind of document it is, and its limits. Public."))

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title"]

    def __str__(self):
        return self.title

    @property
    def citation(self):
        """Who, what and when, in one line. A source that names nobody begins with its title."""
        year = str(self.year) if self.year else str(_("no date"))
        who = self.authors or self.publisher
        if not who:
            return f"{self.title} ({year})"
        publisher = self.publisher if self.authors else ""
        return ". ".join(part for part in (f"{who} ({year})", self.title, publisher) if part)

    @property
    def short_name(self):
        """Who says so, short: the first author, the publisher or the title, with the year."""
        first, *others = re.split(r"[,;]", self.authors)
        who = _("%(author)s and others") % {"author": first} if others else self.authors
        return ", ".join(part for part in (who or self.publisher or self.title, str(self.year or "")) if part)


class Cited(models.Model):
    """A statement in a case study that names its source."""

    case_study = models.ForeignKey(
        "casestudies.CaseStudy", verbose_name=_("case study"), on_delete=models.CASCADE, related_name="%(class)ss"
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="%(class)ss", help_text=_("Public.")
    )
    caveat = models.TextField(_("caveat"), blank=True, help_text=_("What to bear in mind. Public."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Effect(Cited):
    """One effect, measured or not, on one audience."""

    audience = models.CharField(_("on whom"), max_length=20, choices=EffectAudience, help_text=_("Public."))
    kind = models.CharField(_("measured?"), max_length=12, choices=EffectKind, help_text=_("Public."))
    text = models.TextField(_("effect"), help_text=_("Public."))
    figure = models.DecimalField(
        _("figure"), max_digits=14, decimal_places=2, null=True, blank=True, help_text=_("Public.")
    )
    unit = models.CharField(_("unit"), max_length=60, blank=True, help_text=_("Public."))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, help_text=_("Public."))

    class Meta(Cited.Meta):
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=EffectAudience.values), name="effect_audience_known"),
            models.CheckConstraint(condition=Q(kind__in=EffectKind.values), name="effect_kind_known"),
            models.CheckConstraint(
                condition=Q(figure__isnull=True) | Q(kind=EffectKind.MEASURED),
                name="effect_figure_is_measured",
                violation_error_message=_("Only a measured effect has a figure."),
            ),
        ]

    def __str__(self):
        return self.text[:80]


class KeyFigure(Cited):
    """One number worth showing large."""

    label = models.CharField(_("what it counts"), max_length=200, help_text=_("Public."))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, help_text=_("Public."))
    unit = models.CharField(_("unit"), max_length=60, blank=True, help_text=_("Public."))
    qualifier = models.CharField(_("about, over, more than"), max_length=20, blank=True, help_text=_("Public."))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, help_text=_("Public."))
    series = models.CharField(
        _("series"), max_length=100, blank=True, help_text=_("Figures of one series are drawn together. Public.")
    )

    class Meta(Cited.Meta):
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")

    def __str__(self):
        return f"{self.label}: {self.value.normalize():f} {self.unit}".strip()


class VisitorQuestion(Cited):
    """A question that visitors asked, with what they learned."""

    question = models.CharField(_("question"), max_length=300, help_text=_("Public."))
    answer = models.TextField(_("answer"), help_text=_("Public."))

    class Meta(Cited.Meta):
        verbose_name = _("visitor question")
        verbose_name_plural = _("visitor questions")

    def __str__(self):
        return self.question
