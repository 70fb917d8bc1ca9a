"""The room of the case studies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseStudiesConfig(AppConfig):
    """What Django knows of this room."""

    name = "casestudies"
    verbose_name = _("Case studies")

    def ready(self):
        """Say what may be suggested about a case study."""
        from casestudies import suggesting  # noqa: F401 the form registers itself
