"""Headers that Django and django-csp do not set."""

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
