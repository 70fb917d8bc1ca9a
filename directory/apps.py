"""The ground that the three rooms stand on."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """What Django knows of this room."""

    name = "directory"
    verbose_name = _("Directory: topics, places, help lines, roles")

    def ready(self):
        """Listen for merges that the history takes back."""
        from directory import merging  # noqa: F401 receivers register themselves
