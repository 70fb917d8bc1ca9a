"""Pages whose address is a key, or whose form holds what is nobody else's business."""

from functools import wraps

from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods


def private_form(view):
    """Keep what people type into a page's form out of caches and out of reports of errors."""
    return never_cache(sensitive_post_parameters()(require_http_methods(["GET", "HEAD", "POST"])(view)))


def private(view):
    """Keep a page out of caches and search engines, and its address out of what browsers tell other pages."""

    @private_form
    @wraps(view)
    def kept(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        # With 'no-referrer' browsers would post the form with the origin 'null', which Django's protection of forms
        # refuses. This one tells the site's name at most, and never a path.
        response.headers["Referrer-Policy"] = "strict-origin"
        # Django would log the address of an answer that is an error.
        response._has_been_logged = True
        return response

    return kept
