"""Addresses that are keys to a practitioner's own page, and to the letters that somebody signed up for."""

from django.urls import reverse

from directory.links import make_key, mark_of, read_key
from practitioners.models import Practitioner

_OWN, _CONFIRM, _STOP = (f"practitioners.{each}" for each in ("own", "digest.confirm", "digest.stop"))


def own_path(practitioner):
    """Return the path at which a practitioner looks after their page, good for some days."""
    key = {"id": practitioner.pk, "for": mark_of(practitioner.own_email, _OWN)}
    return reverse("practitioners:own", args=[make_key(key, _OWN)])


def practitioner_of(token, *, lock=False):
    """Return the practitioner whom a token lets in; `None` where it is old, not ours, or for an address of before."""
    key = read_key(token, _OWN)
    if not key:
        return None
    # Others may point at the row meanwhile: two who do so from both sides would wait for each other.
    rows = Practitioner.objects.select_for_update(no_key=True) if lock else Practitioner.objects
    practitioner = rows.filter(pk=key["id"]).exclude(own_email="").first()
    return practitioner if practitioner and key["for"] == mark_of(practitioner.own_email, _OWN) else None


def confirm_path(subscription):
    """Return the path at which a sign-up is confirmed, good for some days."""
    return reverse("practitioners:digest_confirm", args=[make_key(subscription.pk, _CONFIRM)])


def stop_path(subscription):
    """Return the path that ends the letters. It is good for ever: who finds an old letter may stop them, too."""
    return reverse("practitioners:digest_stop", args=[make_key(subscription.pk, _STOP)])


def to_confirm(token):
    """Return the number of the sign-up that a token confirms, or `None`."""
    return read_key(token, _CONFIRM)


def to_stop(token):
    """Return the number of the subscription that a token ends, or `None`."""
    return read_key(token, _STOP, None)
