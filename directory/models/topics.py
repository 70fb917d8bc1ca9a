"""Topics: what groups are about, in the words that people use."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.choices import ForWhom


class Topic(models.Model):
    """Something that groups are about, with the plain words that lead to it."""

    slug = models.SlugField(_("slug"), unique=True, help_text=_("Stands in addresses. Do not change it."))
    label = models.CharField(_("label"), max_length=100, unique=True, help_text=_("Public."))
    description = models.CharField(_("description"), max_length=300, help_text=_("One or two plain sentences. Public."))
    synonyms = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("other words"),
        default=list,
        blank=True,
        help_text=_(
            "Words people use for it, with commas. They lead a search here. Misspellings too: pages do not show them."
        ),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The wider topic. Empty only for the widest ones. Public."),
    )
    related = models.ManyToManyField("self", verbose_name=_("related topics"), blank=True, help_text=_("Public."))
    for_whom = models.CharField(
        _("for whom"), max_length=12, choices=ForWhom, default=ForWhom.THEMSELVES, help_text=_("Public.")
    )
    counterpart = models.OneToOneField(
        "self",
        verbose_name=_("counterpart"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="counterpart_of",
        help_text=_("The same trouble, seen from the other side: people themselves, or family and friends. Public."),
    )
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Being seen with this page could harm someone. Its pages get the quick way out."),
    )
    help_lines = models.ManyToManyField(
        "directory.HelpLine", verbose_name=_("help lines"), blank=True, related_name="topics", help_text=_("Public.")
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="topic_not_its_own_parent"),
            models.CheckConstraint(
                condition=~models.Q(counterpart=models.F("id")), name="topic_not_its_own_counterpart"
            ),
        ]

    def __str__(self):
        return self.label

    def clean(self):
        """Refuse a parent that is part of this topic."""
        seen = {self.pk}
        ancestor = self.parent
        while ancestor is not None and self.pk is not None:
            if ancestor.pk in seen:
                raise ValidationError({"parent": _("A topic cannot be part of itself.")})
            seen.add(ancestor.pk)
            ancestor = ancestor.parent
