"""The rules of the role finder: questions, answers, and what each answer says for or against a role."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from practitioners.choices import FinderPath

STRONGEST = 3


class FinderQuestion(models.Model):
    """A question of the role finder, in plain words."""

    slug = models.SlugField(_("slug"), unique=True)
    path = models.CharField(_("who is asked"), max_length=12, choices=FinderPath)
    text = models.CharField(_("question"), max_length=200, help_text=_("Public."))
    hint = models.CharField(_("hint"), max_length=300, blank=True, help_text=_("Public."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("question of the role finder")
        verbose_name_plural = _("role finder: questions")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(path__in=FinderPath.values), name="finderquestion_path_known")
        ]

    def __str__(self):
        return self.text


class FinderAnswer(models.Model):
    """Something that may be true of a group, or of a practitioner."""

    question = models.ForeignKey(
        FinderQuestion, verbose_name=_("question"), on_delete=models.CASCADE, related_name="answers"
    )
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Stands in addresses. Do not change it."))
    text = models.CharField(_("answer"), max_length=200, help_text=_("Public."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("answer of the role finder")
        verbose_name_plural = _("role finder: answers and rules")
        ordering = ["question__position", "position", "pk"]

    def __str__(self):
        return self.text


class FinderRule(models.Model):
    """What one answer says for a role, or against it."""

    answer = models.ForeignKey(FinderAnswer, verbose_name=_("answer"), on_delete=models.CASCADE, related_name="rules")
    role = models.ForeignKey(
        "directory.SupportRole", verbose_name=_("role"), on_delete=models.PROTECT, related_name="finder_rules"
    )
    strength = models.SmallIntegerField(
        _("strength"),
        validators=[MinValueValidator(-STRONGEST), MaxValueValidator(STRONGEST)],
        help_text=_("3 speaks strongly for the role, 1 weakly; below 0 it speaks against it."),
    )
    why = models.CharField(_("why"), max_length=300, help_text=_("One sentence that the reader sees. Public."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "role"], name="finderrule_once"),
            models.CheckConstraint(
                condition=Q(strength__range=(-STRONGEST, STRONGEST)) & ~Q(strength=0),
                name="finderrule_strength_in_range",
                violation_error_message=_("The strength is from -3 to 3, and not 0."),
            ),
        ]

    def __str__(self):
        return f"{self.role} {self.strength:+}"
