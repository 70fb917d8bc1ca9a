"""Going back: taking one act back as a whole, or giving a listing the content that it had."""

import json
from collections import defaultdict
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.choices import PublicationState
from directory.history.recording import recording
from directory.history.triggers import WORKED_OUT
from directory.models import Act, Change, Listing

# Sent after rows were put back, with `model` and `ids`: whoever keeps something worked out from them does it anew.
restored = Signal()


class CannotUndo(ValidationError):
    """It cannot be taken back as it is; the messages say why."""


class Step(NamedTuple):
    """One row that goes back: what it is now and what it will be, as columns; `None` where there is no row."""

    model: Any
    row_id: int
    subject: tuple
    now: dict | None
    then: dict | None


def models_by_table():
    """Return all models by the name of their table."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def plan_undo(act):
    """Return the steps that take an act back. Raises `CannotUndo` where something has been changed since."""
    if Act.objects.filter(pk=act.pk, undone_by__isnull=False).exists():
        raise CannotUndo(_("This was taken back already."))
    models, net = models_by_table(), {}
    for change in act.changes.order_by("pk"):
        key = change.table, change.row_id
        first, _last, subject = net.get(key, (change.before, None, None))
        net[key] = first, change.after, (change.subject_table, change.subject_id)
    now = _rows_now(net)
    changed = [key for key, (_first, last, _subject) in net.items() if now.get(key) != last]
    if changed:
        names = sorted({str(models[table]._meta.verbose_name) for table, _row_id in changed})
        raise CannotUndo(
            _("Something has been changed again since: %(what)s. Take that back first, or go back to a version."),
            params={"what": ", ".join(names)},
        )
    steps = [Step(models[key[0]], key[1], subject, last, first) for key, (first, last, subject) in net.items()]
    steps = [step for step in steps if step.now != step.then]
    if not steps:
        raise CannotUndo(_("There is nothing left to take back."))
    if act.by_id is None and act.who and any(_widens(step) for step in steps):
        raise CannotUndo(_("The people whose listing it is did this themselves. Only they can take it back."))
    return steps


def undo(act, *, by):
    """Take an act back, all of it or nothing. Returns the act that did so. Raises `CannotUndo`."""
    with recording(by=by, why=_("Taken back: %(what)s") % {"what": act}) as record:
        Act.objects.select_for_update().get(pk=act.pk)
        steps = plan_undo(act)
        _take(steps)
        Act.objects.filter(pk=act.pk).update(undone_by=record.act)
    return Act.objects.get(pk=record.act)


def plan_restore(listing, act, *, shared=()):
    """Return the steps that give a listing the content it had right after `act`.

    `shared` names rows (table, ids) with a history of their own, such as venues, that go back with it. Whether
    something is published, who agreed to what and who may see what stays as it is now: going back to older words never
    shows what somebody has hidden since. Raises `CannotUndo`.
    """
    table = listing._meta.db_table
    last = Change.objects.filter(act=act, subject_table=table, subject_id=listing.pk).order_by("-pk").first()
    if last is None:
        raise CannotUndo(_("This version belongs to another listing."))
    steps = _steps_to(table, [listing.pk], last)
    for shared_table, ids in shared:
        # What was not there yet stays: another listing may use it by now.
        steps += [step for step in _steps_to(shared_table, ids, last) if step.then is not None]
    _refuse_what_moved(steps, listing)
    return steps


def _steps_to(table, ids, last):
    """Return the steps that put all rows of those subjects back to what they were right after the change `last`."""
    models, then, subjects = models_by_table(), {}, {}
    for change in Change.objects.about(table, ids).order_by("pk"):
        key = change.table, change.row_id
        subjects[key] = change.subject_table, change.subject_id
        if change.pk <= last.pk:
            then[key] = change.after
        elif key not in then:
            then[key] = change.before
    now, steps = _rows_now(then), []
    for key, wanted in then.items():
        model, current = models[key[0]], now.get(key)
        if wanted is not None:
            wanted = wanted | _kept(model, current)
        elif issubclass(model, Listing):
            continue
        if current != wanted:
            steps.append(Step(model, key[1], subjects[key], current, wanted))
    return steps


def restore(listing, act, *, by, shared=()):
    """Give a listing the content it had right after `act`. Returns the act that did so, or `None`: it has it already.

    Raises `CannotUndo`.
    """
    why = _("Back to the version of %(when)s") % {"when": f"{timezone.localtime(act.at):%d.%m.%Y %H:%M}"}
    with recording(by=by, why=why) as record:
        type(listing)._base_manager.select_for_update().get(pk=listing.pk)
        if steps := plan_restore(listing, act, shared=shared):
            _take(steps)
    return Act.objects.filter(pk=record.act).first()


def _kept(model, current):
    """Return the columns that going back leaves alone: as they are now, or at their most careful for a new row."""
    columns = {}
    for name in getattr(model, "kept_on_restore", ()):
        field = model._meta.get_field(name)
        if current is not None:
            columns[field.column] = current[field.column]
        else:
            columns[field.column] = json.loads(json.dumps(field.get_default(), default=str))
    return columns


def _refuse_what_moved(steps, listing):
    """Refuse to take a part away from the listing that it belongs to now."""
    for step in steps:
        for field in step.model._meta.concrete_fields:
            if not field.is_relation or field.related_model is not type(listing) or None in (step.now, step.then):
                continue
            if step.now[field.column] != step.then[field.column]:
                raise CannotUndo(
                    _("A part of it (%(what)s) belongs to another listing now. Take the merge back instead."),
                    params={"what": step.model._meta.verbose_name},
                )


def _widens(step):
    """Whether a step gives a column back that only those whose listing it is may give."""
    if step.then is None:
        return False
    careful = _kept(step.model, None)
    if step.now is None:
        return bool(careful)
    return any(step.then[column] not in (step.now[column], value) for column, value in careful.items())


def _rows_now(keys):
    """Return the rows as the history writes them, by (table, id)."""
    ids = defaultdict(list)
    for table, row_id in keys:
        ids[table].append(row_id)
    found = {}
    with connection.cursor() as cursor:
        for table, wanted in ids.items():
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT id, to_jsonb(t) - %s::text[] FROM {name} t WHERE id = ANY(%s)",  # noqa: S608 our own table
                [list(WORKED_OUT), wanted],
            )
            found |= {(table, pk): json.loads(row) if isinstance(row, str) else row for pk, row in cursor.fetchall()}
    return found


def _take(steps):
    """Write all steps. The database judges at the end whether everything fits together."""
    try:
        with transaction.atomic():
            # Listings first, and parts of parts last: what works something out on saving finds it there.
            for step in sorted(steps, key=_depth):
                _write(step)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        why = {"why": str(error).splitlines()[0]}
        raise CannotUndo(_("Something else needs what this would take away: %(why)s"), params=why) from error
    models, subjects = models_by_table(), defaultdict(set)
    for step in steps:
        subjects[step.subject[0]].add(step.subject[1])
    for table, ids in subjects.items():
        restored.send(models[table], model=models[table], ids=sorted(ids))


def _depth(step):
    points_at = [field.related_model for field in step.model._meta.concrete_fields if field.is_relation]
    if not points_at or issubclass(step.model, Listing):
        return 0
    return 1 if any(issubclass(model, Listing) for model in points_at) else 2


def _write(step):
    rows = step.model._base_manager.filter(pk=step.row_id)
    if step.then is None:
        if issubclass(step.model, Listing):
            # Deleting is archiving.
            rows.update(state=PublicationState.ARCHIVED)
        else:
            rows._raw_delete(rows.db)
        return
    instance = rows.first() or step.model(pk=step.row_id)
    for field in step.model._meta.concrete_fields:
        if field.column in step.then and not getattr(field, "generated", False):
            setattr(instance, field.attname, value_of(field, step.then[field.column]))
    instance.save(force_insert=step.now is None)


def value_of(field, value):
    """Return a column of the history as the value that its model field holds."""
    if value is None:
        return None
    if isinstance(field, ArrayField):
        return [value_of(field.base_field, each) for each in value]
    if field.is_relation:
        return field.target_field.to_python(value)
    return field.to_python(value)
