"""Two listings become one: what a curator chose of both stays, and all that pointed at the other points at it.

Nothing is deleted. The other listing is archived with what was not chosen, and its address leads to the one that stays.
So the history can take a merge back as a whole.
"""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.choices import PairState, PublicationState
from directory.history import recording, restored
from directory.likeness import ContactKey
from directory.models import ContactWay, DuplicatePair, FormerAddress, Mergeable, SafetyReport

KEEP, LOSE, BOTH = "keep", "lose", "both"
# Each listing keeps its own: an address, what an import finds it by, and the days that belong together.
FIXED = {
    "id",
    "uuid",
    "slug",
    "state",
    "state_changed_at",
    "state_changed_by",
    "source",
    "external_id",
    "sample",
    "created_at",
    "updated_at",
    "merged_into",
    "confirmed_by",
    "review_due_on",
}
CONFIRMATION = ("confirmed_at", "confirmed_by", "review_due_on")
# What is found through the listing that was merged, and so stays with it.
STAYS = (DuplicatePair, FormerAddress)


class Pointing(NamedTuple):
    """A column of some model that points at listings of one kind."""

    model: Any
    column: str
    content_type: ContentType | None = None

    def __str__(self):
        return f"{self.model._meta.label}.{self.column}"

    def rows(self, key):
        """Return the rows that point at the listing with this key."""
        kind = {"content_type": self.content_type} if self.content_type else {}
        return self.model._base_manager.filter(**{self.column: key}, **kind)


def pointing_at(model):
    """Return every column that points at listings of `model`, except its own parts and what is worked out from it."""
    own = {field.remote_field.through for field in model._meta.many_to_many}
    own |= {model._meta.get_field(name).related_model for name in model.merged_parts}
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        is_reverse = relation.auto_created and not relation.concrete
        if not is_reverse or not (relation.one_to_many or relation.one_to_one):
            continue
        if relation.related_model not in own and not relation.field.primary_key:
            found.append(Pointing(relation.related_model, relation.field.attname))
    kind = ContentType.objects.get_for_model(model)
    for other in apps.get_models():
        for field in other._meta.private_fields:
            if isinstance(field, GenericForeignKey) and other not in STAYS:
                found.append(Pointing(other, field.fk_field, kind))
    return found


def choosable(model):
    """Return the fields that a merge takes from the one listing or from the other."""
    plain = [field for field in model._meta.concrete_fields if field.name not in FIXED and field.editable]
    return [*plain, *model._meta.many_to_many]


def has_several(field):
    """Whether a field holds several values, so that those of both listings can stay."""
    return field.many_to_many or isinstance(field, ArrayField) or field.name == "curator_notes"


def doubled_parts(keep, lose, name):
    """Return the keys of those parts of `lose` that `keep` has too: the same contact, a meeting at the same time."""
    have, others = (_what_they_say(getattr(listing, name)) for listing in (keep, lose))
    said = set(have.values())
    return {key for key, value in others.items() if value in said}


def _what_they_say(parts):
    if issubclass(parts.model, ContactWay):
        rows = parts.annotate(key=ContactKey("kind", "value")).values_list("pk", "key", "value")
        return {pk: key or value for pk, key, value in rows}
    return {part.pk: part.pattern for part in parts.all()}


def merge(keep, lose, choices, *, by):
    """Make `lose` a part of `keep`, all of it or nothing. Return the pair, by whose `act` it can be taken back.

    `choices` says for each field "keep", "lose" or, where it holds several values, "both"; and for each kind of parts
    the keys of those that move. What is not named stays as `keep` has it. Raises `ValidationError`.
    """
    if type(keep) is not type(lose) or keep.pk == lose.pk:
        raise ValidationError(_("Choose two different listings of one kind."))
    why = _("“%(lose)s” was merged into “%(keep)s”") % {"lose": lose, "keep": keep}
    with recording(by=by, why=why) as record:
        keep, lose = _locked(keep, lose)
        refuse_merge(keep, lose)
        for field in choosable(type(keep)):
            _choose(field, keep, lose, choices.get(field.name, KEEP))
        for name in keep.merged_parts:
            _move_parts(getattr(lose, name), keep, choices.get(name, ()))
        moved = {str(pointing): _move(pointing, lose.pk, keep.pk) for pointing in pointing_at(type(keep))}
        lose.merged_into = keep
        lose.state, lose.state_changed_at, lose.state_changed_by = PublicationState.ARCHIVED, timezone.now(), by
        lose.save()
        if keep.is_published:
            keep.full_clean()
        keep.save()
        return _note(keep, lose, by=by, act=record.act, moved={name: keys for name, keys in moved.items() if keys})


def _locked(keep, lose):
    """Lock both rows, the older first so that two merges never wait for each other, and return them as they are now."""
    rows = type(keep)._base_manager.select_for_update().filter(pk__in=[keep.pk, lose.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < 2:
        raise ValidationError(_("One of the two is no longer there."))
    return found[keep.pk], found[lose.pk]


def refuse_merge(keep, lose):
    """Raise `ValidationError` where the two cannot be merged, or not this way round."""
    for one in (lose, keep):
        if one.merged_into_id:
            raise ValidationError(
                _("“%(name)s” was merged into “%(other)s” already. Nothing has changed now."),
                params={"name": one, "other": one.merged_into},
            )
    for one in (lose, keep):
        # Closing the concern publishes what it hid. After a merge that would be the other one.
        if SafetyReport.objects.holding(one).exists():
            raise ValidationError(
                _("“%(name)s” is hidden because of a safety concern. Decide on that first, then merge."),
                params={"name": one},
            )
    if keep.state == PublicationState.ARCHIVED:
        raise ValidationError(_("The one that stays is archived. Keep the other one."))
    if lose.is_published and not keep.is_published:
        raise ValidationError(_("Only one of the two is published. Keep that one, so that its page stays."))
    if keep.sample != lose.sample:
        raise ValidationError(_("One of the two is a sample."))


def _choose(field, keep, lose, choice):
    if choice not in {LOSE, BOTH} or (choice == BOTH and not has_several(field)):
        return
    if field.many_to_many:
        values = getattr(lose, field.name).all()
        getattr(keep, field.name).add(*values) if choice == BOTH else getattr(keep, field.name).set(values)
        return
    theirs = getattr(lose, field.attname)
    if choice == BOTH:
        own = getattr(keep, field.attname)
        several = isinstance(field, ArrayField)
        theirs = list(dict.fromkeys([*own, *theirs])) if several else "\n\n".join(filter(None, [own, theirs]))
    setattr(keep, field.attname, theirs)
    if field.name == "confirmed_at":
        for name in CONFIRMATION[1:]:
            setattr(keep, name, getattr(lose, name))


def _move_parts(parts, keep, keys):
    chosen = parts.filter(pk__in=keys)
    if any(field.name == "external_id" for field in parts.model._meta.fields):
        # Two lists may give one number to two things. The import then no longer finds the one that moves.
        taken = getattr(keep, parts.field.remote_field.related_name).exclude(external_id="").values("external_id")
        chosen.filter(external_id__in=taken).update(external_id="")
    chosen.update(**{parts.field.name: keep})


def _move(pointing, old, new):
    """Point rows at another listing, and return their keys. What it has already stays where it is."""
    rows = pointing.rows(old)
    keys = list(rows.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            rows.update(**{pointing.column: new})
        return keys
    except IntegrityError:
        return [key for key in keys if _move_one(pointing, key, new)]


def _move_one(pointing, key, new):
    try:
        with transaction.atomic():
            return pointing.model._base_manager.filter(pk=key).update(**{pointing.column: new})
    except IntegrityError:
        return 0


def _note(keep, lose, *, by, act, moved):
    first, second = sorted([keep.pk, lose.pk])
    kind = ContentType.objects.get_for_model(keep)
    pair, _made = DuplicatePair.objects.get_or_create(
        content_type=kind, first_id=first, second_id=second, defaults={"score": 1, "reasons": [["by hand", None]]}
    )
    pair.state, pair.decided_by, pair.decided_at = PairState.MERGED, by, timezone.now()
    pair.act, pair.moved, pair.merged_id = act, moved, lose.pk
    pair.save()
    return pair


@receiver(restored)
def listings_restored(model, ids, **kwargs):
    """Put back what the history knows nothing of, where it has taken a merge back."""
    if not issubclass(model, Mergeable):
        return
    pairs = DuplicatePair.objects.of(model).filter(state=PairState.MERGED, merged_id__in=ids)
    for pair in pairs.select_for_update().order_by("pk"):
        if model._base_manager.filter(pk=pair.merged_id, merged_into__isnull=True).exists():
            _put_back(pair, model)


def _put_back(pair, model):
    kept = pair.second_id if pair.merged_id == pair.first_id else pair.first_id
    for pointing in pointing_at(model):
        rows = pointing.rows(kept).filter(pk__in=pair.moved.get(str(pointing), []))
        rows.update(**{pointing.column: pair.merged_id})
    pair.state, pair.decided_by, pair.decided_at, pair.act = PairState.OPEN, None, None, None
    pair.moved, pair.merged_id = {}, None
    pair.save()


def living(model, keys):
    """Return {key: key}: for listings that were merged, which one they are a part of now."""
    merged = model._base_manager.filter(pk__in=keys, merged_into__isnull=False)
    return dict(merged.values_list("pk", "merged_into_id"))
