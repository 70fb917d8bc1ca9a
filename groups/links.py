"""Addresses that are keys to a group's own page, for those whose e-mail address is on record."""

from django.core import signing
from django.urls import reverse

from directory.choices import ContactKind
from directory.links import mark_of, read_key
from groups.models import Group

_OWN = "groups.own"


def own_path(group, email):
    """Return the path at which a group's people look after its page, good for some days."""
    key = {"id": group.pk, "for": mark_of(email, _OWN)}
    return reverse("groups:own", args=[signing.dumps(key, salt=_OWN)])


def group_of(token, *, lock=False):
    """Return the group that a token opens, with the address that it was sent to as `asked_by`.

    `None` where it is old, not ours, or for an address that is gone.
    """
    key = read_key(token, _OWN)
    if not key:
        return None
    # Others may point at the row meanwhile: two who do so from both sides would wait for each other.
    rows = Group.objects.select_for_update(no_key=True) if lock else Group.objects
    group = rows.filter(pk=key["id"]).first()
    if group is None:
        return None
    addresses = group.contacts.filter(kind=ContactKind.EMAIL).values_list("value", flat=True)
    theirs = [address for address in addresses if mark_of(address, _OWN) == key["for"]]
    group.asked_by = theirs[0] if theirs else ""
    return group if theirs else None
