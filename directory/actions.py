"""What happens to a listing: published, archived, sent back, confirmed, given a new address.

Each action locks the listing's row first, so that two people at once act one after the other. It reads the listing
again from the database: what is only in memory is not saved. Nothing is deleted here; a listing is archived.
"""

import re
from itertools import count

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.choices import RESERVED_SLUGS, ConfirmedBy, PublicationState
from directory.history import recording
from directory.models import FormerAddress
from directory.models.listings import CONFIRM_EVERY


def publish(listing, *, by):
    """Show a listing to the public. Return whether that changed anything.

    Raises `ValidationError` where something in the listing must be put right first.
    """
    return _move(listing, PublicationState.PUBLISHED, by)


def archive(listing, *, by):
    """Take a listing out of everybody's sight but the curators'. Return whether that changed anything."""
    return _move(listing, PublicationState.ARCHIVED, by)


def hold(listing, *, by):
    """Take a listing out of everybody's sight until a curator has looked. Return whether that changed anything."""
    return _move(listing, PublicationState.PENDING, by)


def send_back(listing, *, by):
    """Make a listing a draft again. Return whether that changed anything."""
    return _move(listing, PublicationState.DRAFT, by)


def confirm(listing, *, by, confirmed_by):
    """Note that somebody says today that a listing is true, and set the day to ask again. Return `True`.

    `by` is the user who acts, for whoever keeps the log, or `None`; `confirmed_by` is whose word it is.
    """
    if confirmed_by not in ConfirmedBy.values:
        raise ValidationError(_("Say who confirmed it."))
    with recording(by=by, why=_("Confirmed")):
        _lock(listing)
        listing.confirmed_at = timezone.now()
        listing.confirmed_by = confirmed_by
        listing.review_due_on = timezone.localdate() + CONFIRM_EVERY
        listing.save(update_fields=["confirmed_at", "confirmed_by", "review_due_on", "updated_at"])
    return True


def readdress(listing, *, by):
    """Give a listing the address that its name suggests; the one that it had leads there. Return whether it changed."""
    with recording(by=by, why=_("New address")):
        _lock(listing)
        slug = slug_for(listing)
        if slug == listing.slug:
            return False
        former = {"content_type": ContentType.objects.get_for_model(listing), "object_id": listing.pk}
        FormerAddress.objects.filter(**former, slug=slug).delete()
        FormerAddress.objects.create(**former, slug=listing.slug)
        listing.slug = slug
        listing.save(update_fields=["slug", "updated_at"])
    return True


def slug_for(listing):
    """Return the slug of the name, with a number where another listing has it or had it; or the one that it has."""
    wanted = wanted_slug(listing)
    if wanted is None:
        return listing.slug
    choices = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(slug for slug in choices if _is_free(slug, listing))


def wanted_slug(listing):
    """Return the slug that the name suggests; `None` where the one that it has is as good."""
    longest = listing._meta.get_field("slug").max_length - 5
    wanted = slugify(listing.name)[:longest].strip("-")
    if not wanted or re.fullmatch(rf"{re.escape(wanted)}(-[0-9]+)?", listing.slug):
        return None
    return wanted


def _is_free(slug, listing):
    others = type(listing).objects.exclude(pk=listing.pk).filter(slug=slug)
    former = FormerAddress.objects.of(type(listing)).filter(slug=slug).exclude(object_id=listing.pk)
    return slug not in RESERVED_SLUGS and not others.exists() and not former.exists()


def _move(listing, state, by):
    with recording(by=by, why=PublicationState(state).label):
        _lock(listing)
        before = listing.state
        if before == state:
            return False
        if getattr(listing, "merged_into_id", None):
            told = {"other": listing.merged_into}
            raise ValidationError(_("It is merged into “%(other)s”. Take the merge back first."), params=told)
        listing.state = state
        if state == PublicationState.PUBLISHED:
            try:
                listing.full_clean()
            except ValidationError:
                listing.state = before
                raise
        listing.state_changed_at = timezone.now()
        listing.state_changed_by = by
        listing.save(update_fields=["state", "state_changed_at", "state_changed_by", "updated_at"])
    return True


def _lock(listing):
    listing.refresh_from_db(from_queryset=type(listing)._base_manager.select_for_update())
