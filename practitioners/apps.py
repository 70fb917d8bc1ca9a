"""The room of the practitioners."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PractitionersConfig(AppConfig):
    """What Django knows of this room."""

    name = "practitioners"
    verbose_name = _("Practitioners")

    def ready(self):
        """Listen for changes that the search table has to follow, and say what may be suggested about a page."""
        from practitioners import (
            signals,  # noqa: F401 receivers register themselves
            suggesting,  # noqa: F401 so does the form
        )
