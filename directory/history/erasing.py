"""Erasing a listing for ever, because a person has a right to it: out of the history too. A tombstone stays."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from directory.choices import PublicationState
from directory.history.restoring import models_by_table
from directory.models import (
    Act,
    Change,
    DuplicatePair,
    FormerAddress,
    Listing,
    Mergeable,
    RelayedMessage,
    Suggestion,
    Tombstone,
)


@transaction.atomic
def erase(listing, *, by, reason):
    """Delete a listing, its parts and its whole history, and leave a tombstone, which is returned.

    `reason` is words without names. What only this listing used, such as a venue, goes too.
    """
    model = type(listing)
    model._base_manager.select_for_update().get(pk=listing.pk)
    table, former = model._meta.db_table, FormerAddress.objects.of(model).filter(object_id=listing.pk)
    slugs = [listing.slug, *former.values_list("slug", flat=True)]
    if issubclass(model, Mergeable):
        slugs += model._base_manager.filter(merged_into=listing).values_list("slug", flat=True)
    tombstone = Tombstone.objects.create(
        table=table,
        uuid=listing.uuid,
        addresses=[_address(table, slug) for slug in slugs],
        erased_by=by,
        reason=reason,
    )
    forget(listing)
    return tombstone


@transaction.atomic
def forget(listing):
    """Delete a listing and all that is kept about it, as if it had never been here."""
    model, key = type(listing), listing.pk
    table, content_type = model._meta.db_table, ContentType.objects.get_for_model(model)
    if issubclass(model, Mergeable):
        for merged in model._base_manager.filter(merged_into=key):
            forget(merged)
    DuplicatePair.objects.of(model).filter(Q(first_id=key) | Q(second_id=key)).delete()
    about = {"content_type": content_type, "object_id": key}
    shared = _used_rows(table, key)
    for kept in (FormerAddress, RelayedMessage, Suggestion):
        kept.objects.filter(**about).delete()
    log = LogEntry.objects.filter(content_type=content_type, object_id=str(key))
    log.update(object_repr=_("erased"), change_message="")
    # Out of the search first: a part that goes would bring it back there.
    model._base_manager.filter(pk=key).update(state=PublicationState.ARCHIVED)
    listing.delete()
    for shared_model, ids in shared.items():
        for row in shared_model._base_manager.filter(pk__in=ids):
            if not _is_used(row):
                row_key = row.pk
                row.delete()
                forget_changes(shared_model._meta.db_table, [row_key])
    forget_changes(table, [key])


def is_erased(model, slug):
    """Whether a listing of this kind had this address and was erased."""
    table = model._meta.db_table
    return Tombstone.objects.filter(table=table, addresses__contains=[_address(table, slug)]).exists()


def _address(table, slug):
    return salted_hmac("directory.tombstone", f"{table}:{slug}", algorithm="sha256").hexdigest()


def forget_changes(table, ids):
    """Take listings, or other rows with a history of their own, out of the history."""
    changes = Change.objects.about(table, ids)
    acts = list(changes.values_list("act", flat=True).distinct())
    changes.delete()
    # The words of an act may hold a name. One that changed nothing else goes as well.
    Act.objects.filter(pk__in=acts, changes__isnull=True).delete()
    Act.objects.filter(pk__in=acts).update(why="")


def _used_rows(table, key):
    """Return rows, by model, that parts of the listing point at and that have a history of their own."""
    models = models_by_table()
    watched = set(Change.objects.values_list("subject_table", flat=True).distinct())
    found = {}
    changes = Change.objects.about(table, [key]).exclude(table=table)
    for part, before, after in changes.values_list("table", "before", "after"):
        for field in models[part]._meta.concrete_fields:
            target = field.related_model if field.is_relation else None
            if target is None or target._meta.db_table == table or target._meta.db_table not in watched:
                continue
            if issubclass(target, Listing):
                continue
            ids = {columns[field.column] for columns in (before, after) if columns and columns.get(field.column)}
            found.setdefault(target, set()).update(ids)
    return found


def _is_used(row):
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
    )
