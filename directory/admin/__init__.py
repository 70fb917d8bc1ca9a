"""The curators' workplace: what the ground brings to it, and what the rooms build on."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .content import HelpLineAdmin, LanguageAdmin, SupportAreaAdmin, SupportRoleAdmin, TopicAdmin
from .history import ActAdmin
from .places import PlaceAdmin, PostcodeSectorAdmin
from .relay import RelayedMessageAdmin

__all__ = [
    "ActAdmin",
    "HelpLineAdmin",
    "LanguageAdmin",
    "PlaceAdmin",
    "PostcodeSectorAdmin",
    "RelayedMessageAdmin",
    "SupportAreaAdmin",
    "SupportRoleAdmin",
    "TopicAdmin",
]

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Curators’ workplace")
