"""What the content files last said, so that loading them again never overwrites a curator's change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedContent(models.Model):
    """The values one entry of a content file had when it was last loaded.

    A field whose value in the database still equals the one loaded has not been changed by a person and follows the
    file. Any other field is a curator's and stays.
    """

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=200)
    values = models.JSONField(_("values as loaded"), default=dict)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)

    class Meta:
        verbose_name = _("loaded content")
        verbose_name_plural = _("loaded content")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loadedcontent_once")]

    def __str__(self):
        return f"{self.kind} {self.key}"
