"""Ready-made answers to people who sent something in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReplyTemplate(models.Model):
    """A short answer that a curator starts from, in words that anyone understands."""

    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("when to use it"), max_length=80, help_text=_("Curators only."))
    text = models.TextField(_("text"), max_length=1500, help_text=_("Whoever sent something in reads it."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("ready-made answer")
        verbose_name_plural = _("ready-made answers")
        ordering = ["position", "title"]

    def __str__(self):
        return self.title
