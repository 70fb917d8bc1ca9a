"""Sending in a suggestion, taking it back, and forgetting it in time."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from directory.choices import SuggestionKind, SuggestionState
from directory.forms import listing_key
from directory.models import Suggestion
from directory.relay import TooMany, count, note_refusal

KEPT_FOR = timedelta(days=183)


def submit(form, *, note="", email="", stamp, network):
    """Keep what was filled in into a valid `ListingForm` as a `Suggestion`, which waits for a curator; nothing else.

    `stamp` tells this form from others, `network` is what the sender's network is called. Raises `TooMany`.
    """
    values, before = form.differences()
    listing = form.listing
    name = listing.name if listing else values.get("name", "")
    try:
        with transaction.atomic(durable=True):
            # A new listing has no number to count by: there, only the network's limit holds.
            count(form=stamp, network=network, **({"listing": f"suggest:{listing_key(listing)}"} if listing else {}))
            return Suggestion.objects.create(
                kind=SuggestionKind.CORRECTION if listing else SuggestionKind.NEW,
                content_type=ContentType.objects.get_for_model(form.model),
                object_id=listing.pk if listing else None,
                title=name[:160],
                values=values,
                before=before,
                note=note,
                email=email,
                risk=min(form.risk(values), 99),
            )
    except TooMany as refused:
        note_refusal(refused)
        raise


@transaction.atomic
def take_back(suggestion):
    """Let whoever sent a suggestion take it back, while it waits. Return whether it did wait.

    Of a safety concern only the words go, and where an answer would go: curators look into it in any case.
    """
    suggestion = Suggestion.objects.select_for_update().waiting().filter(pk=suggestion.pk).first()
    if suggestion is None:
        return False
    if suggestion.kind != SuggestionKind.SAFETY:
        suggestion.state = SuggestionState.WITHDRAWN
        suggestion.decided_at = timezone.now()
    suggestion.values, suggestion.before, suggestion.note, suggestion.email = {}, {}, "", ""
    if suggestion.object_id is None:
        # Nothing is listed under this name: only whoever sent it has said it.
        suggestion.title = ""
    suggestion.save()
    return True


def remove_old():
    """Delete suggestions that were decided on so long ago. Return how many.

    Of a safety concern only the address of whoever sent it goes: that it was looked into has to be known for longer.
    """
    decided = Suggestion.objects.filter(decided_at__lt=timezone.now() - KEPT_FOR)
    decided.filter(kind=SuggestionKind.SAFETY).exclude(email="").update(email="")
    return decided.exclude(kind=SuggestionKind.SAFETY).delete()[0]
