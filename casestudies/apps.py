"""The room of the case studies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseStudiesConfig(AppConfig):
    """What Django knows of this room."""

    name = "casestudies"
    verbose_name = _("Case studies")
