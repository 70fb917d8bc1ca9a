"""The room of the groups."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    """What Django knows of this room."""

    name = "groups"
    verbose_name = _("Groups")
