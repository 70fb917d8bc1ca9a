"""Languages that groups and practitioners speak or sign."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.Model):
    """A language, spoken or signed."""

    code = models.CharField(
        _("code"),
        max_length=12,
        primary_key=True,
        help_text=_("As in BCP 47: en, fr, cy, bfi. It stands in addresses."),
    )
    name = models.CharField(_("name"), max_length=60, unique=True, help_text=_("In English. Public."))
    native_name = models.CharField(
        _("own name"), max_length=60, blank=True, help_text=_("In the language itself. Public.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name
