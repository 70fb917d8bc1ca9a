"""Putting suggested values into a listing."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.history import recording
from directory.models import Act
from directory.suggesting.registry import current_values, form_for


def changed_since(suggestion):
    """Return the paths of a suggestion where the listing holds something else than when it was sent."""
    if suggestion.listing is None:
        return set()
    now = current_values(suggestion.listing)
    return {path for path in suggestion.values if (now.get(path) or "") != (suggestion.before.get(path) or "")}


def apply(suggestion, values, *, by):
    """Put `values`, by path, into the listing that a suggestion is about, or make a new one that waits for a curator.

    Returns the listing; `suggestion.listing` and `.act` are saved, all else of the suggestion is the caller's. It never
    publishes; 'ended' archives. Raises `ValidationError` by path.
    """
    model = suggestion.content_type.model_class()
    with recording(by=by, why=_("Suggestion taken")) as record:
        listing = suggestion.listing
        if listing is not None:
            listing = model._base_manager.select_for_update().get(pk=listing.pk)
        form = form_for(model, listing, values)
        if not form.is_valid():
            raise ValidationError(form.errors)
        listing = form.write(by=by)
        suggestion.content_type = ContentType.objects.get_for_model(model)
        suggestion.object_id = listing.pk
        suggestion.act = Act.objects.filter(pk=record.act).first()
        suggestion.save(update_fields=["content_type", "object_id", "act"])
    return listing
