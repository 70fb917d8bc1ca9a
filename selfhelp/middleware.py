"""Headers that Django and django-csp do not set, and addresses that Django's admin cannot take."""

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
