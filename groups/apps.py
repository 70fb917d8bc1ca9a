"""The room of the groups."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    """What Django knows of this room."""

    name = "groups"
    verbose_name = _("Groups")

    def ready(self):
        """Listen for changes that the search table has to follow, and say what may be suggested about a group."""
        from groups import (
            signals,  # noqa: F401 receivers register themselves
            suggesting,  # noqa: F401 so does the form
        )
