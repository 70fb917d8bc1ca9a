"""What happens to a listing: published, archived, sent back, confirmed.

Each action locks the listing's row first, so that two people at once act one after the other. It reads the listing
again from the database: what is only in memory is not saved. Nothing is deleted here; a listing is archived.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.choices import ConfirmedBy, PublicationState
from directory.models.listings import CONFIRM_EVERY


def publish(listing, *, by):
    """Show a listing to the public. Return whether that changed anything.

    Raises `ValidationError` where something in the listing must be put right first.
    """
    return _move(listing, PublicationState.PUBLISHED, by)


def archive(listing, *, by):
    """Take a listing out of everybody's sight but the curators'. Return whether that changed anything."""
    return _move(listing, PublicationState.ARCHIVED, by)


def send_back(listing, *, by):
    """Make a listing a draft again. Return whether that changed anything."""
    return _move(listing, PublicationState.DRAFT, by)


@transaction.atomic
def confirm(listing, *, by, confirmed_by):
    """Note that somebody says today that a listing is true, and set the day to ask again. Return `True`.

    `by` is the user who acts, for whoever keeps the log, or `None`; `confirmed_by` is whose word it is.
    """
    if confirmed_by not in ConfirmedBy.values:
        raise ValidationError(_("Say who confirmed it."))
    _lock(listing)
    listing.confirmed_at = timezone.now()
    listing.confirmed_by = confirmed_by
    listing.review_due_on = timezone.localdate() + CONFIRM_EVERY
    listing.save(update_fields=["confirmed_at", "confirmed_by", "review_due_on", "updated_at"])
    return True


@transaction.atomic
def _move(listing, state, by):
    _lock(listing)
    before = listing.state
    if before == state:
        return False
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
