"""Headers that Django and django-csp do not set, and addresses made tidy, sessions that end."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpResponseRedirect
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from selfhelp.signin import BEGAN_AT

SECURITY_HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeadersMiddleware:
    """Add the remaining security headers to each response."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Return the response with the headers set, unless a view has set its own."""
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class IgnoreNulMiddleware:
    """Take NUL bytes out of addresses of the admin, whose searches and filters hand them on to PostgreSQL.

    The public pages need none of this: their forms say what is wrong.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Return the response to the address without them."""
        if request.path.startswith("/admin/"):
            request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


class TidyAddressMiddleware:
    """Lead to the address without its empty parameters, which a form sends for each field that was left empty.

    So the address of a search is one that people can read and send to someone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Return the response, or the way to the tidy address."""
        asked = request.META.get("QUERY_STRING", "")
        kept = "&".join(each for each in asked.split("&") if all(each.split("=", 1)) and "=" in each)
        if kept == asked or request.method not in {"GET", "HEAD"} or request.path.startswith("/admin/"):
            return self.get_response(request)
        path = escape_leading_slashes(escape_uri_path(request.path))
        return HttpResponseRedirect(f"{path}?{kept}" if kept else path)


class SessionEndsMiddleware:
    """End a session some hours after the sign-in; before that, each page of the admin lets it live on for a while."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Return the response. Pages outside the admin never look at a session."""
        if request.path.startswith("/admin/") and SESSION_KEY in request.session:
            if time.time() - request.session.get(BEGAN_AT, 0) > settings.SESSION_LASTS_AT_MOST:
                logout(request)
            else:
                request.session.modified = True
        return self.get_response(request)
