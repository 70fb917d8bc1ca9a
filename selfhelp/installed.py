"""Apps of others, as this site has them."""

from axes.apps import AppConfig as AxesConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class WorkplaceConfig(AdminConfig):
    """The admin, which asks for a second step."""

    default_site = "selfhelp.workplace.Workplace"

    def ready(self):
        """Listen for sign-ins, too."""
        super().ready()
        from selfhelp import signin  # noqa: F401


class SignInsConfig(AxesConfig):
    """django-axes, by the name that administrators see."""

    verbose_name = _("Sign-ins")
