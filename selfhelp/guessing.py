"""What django-axes keeps of a sign-in: the name, the network and the moment, and nothing of the browser."""

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt

from directory.networks import network_of


def network_address(request):
    """Return the first address of the visitor's network, or nothing where it is not known."""
    network = network_of(request)
    return None if network == "unknown" else network.partition("/")[0]


class Handler(AxesDatabaseHandler):
    """Keeps sign-ins and failures in the database, without what the browser says and what the form held."""

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """Keep a failure."""
        _forget_browser(request)
        super().user_login_failed(sender, credentials, request, **kwargs)
        AccessAttempt.objects.exclude(get_data="", post_data="").update(get_data="", post_data="")

    def user_logged_in(self, sender, request, user, **kwargs):
        """Keep a sign-in."""
        _forget_browser(request)
        super().user_logged_in(sender, request, user, **kwargs)


def _forget_browser(request):
    request.axes_user_agent = request.axes_http_accept = ""
