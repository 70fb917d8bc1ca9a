"""The room of the practitioners."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PractitionersConfig(AppConfig):
    """What Django knows of this room."""

    name = "practitioners"
    verbose_name = _("Practitioners")
