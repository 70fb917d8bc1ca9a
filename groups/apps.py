"""The room of the groups."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    """What Django knows of this room."""

    name = "groups"
    verbose_name = _("Groups")

    def ready(self):
        """Listen for changes that the search table has to follow."""
        from groups import signals  # noqa: F401 receivers register themselves
