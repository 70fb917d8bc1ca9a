"""Addresses that are keys: signed for one purpose, sent by e-mail, and kept out of caches, searches and other sites."""

from datetime import timedelta
from functools import wraps

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from practitioners.models import Practitioner

VALID_FOR = timedelta(days=7)
_OWN, _CONFIRM, _STOP = (f"practitioners.{each}" for each in ("own", "digest.confirm", "digest.stop"))


def behind_a_link(view):
    """Return a view whose address nobody else gets to know.

    The address alone says who may do what, and no cookie does: so no other site can send a form in somebody's name, and
    Django's protection against that, which needs the referrer, is not needed.
    """

    @csrf_exempt
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request, token):
        response = view(request, token)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def own_path(practitioner):
    """Return the path at which a practitioner looks after their page, good for some days."""
    key = {"id": practitioner.pk, "for": _mark(practitioner)}
    return reverse("practitioners:own", args=[signing.dumps(key, salt=_OWN)])


def practitioner_of(token, *, lock=False):
    """Return the practitioner whom a token lets in; `None` where it is old, not ours, or for an address of before."""
    key = _read(token, _OWN, VALID_FOR)
    if not key:
        return None
    rows = Practitioner.objects.select_for_update() if lock else Practitioner.objects
    practitioner = rows.filter(pk=key["id"]).first()
    return practitioner if practitioner and practitioner.own_email and key["for"] == _mark(practitioner) else None


def _mark(practitioner):
    """Return what a token says of the address that it was sent to, without saying the address."""
    return salted_hmac(_OWN, practitioner.own_email.casefold()).hexdigest()[:16]


def confirm_path(subscription):
    """Return the path at which a sign-up is confirmed, good for some days."""
    return reverse("practitioners:digest_confirm", args=[signing.dumps(subscription.pk, salt=_CONFIRM)])


def stop_path(subscription):
    """Return the path that ends the letters. It is good for ever: who finds an old letter may stop them, too."""
    return reverse("practitioners:digest_stop", args=[signing.dumps(subscription.pk, salt=_STOP)])


def to_confirm(token):
    """Return the number of the sign-up that a token confirms, or `None`."""
    return _read(token, _CONFIRM, VALID_FOR)


def to_stop(token):
    """Return the number of the subscription that a token ends, or `None`."""
    return _read(token, _STOP, None)


def _read(token, salt, max_age):
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except (signing.BadSignature, ValueError):
        return None
