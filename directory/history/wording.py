"""Changes in words, for people to read: which field of which part was what, and is what now."""

import difflib
import json
import re
from collections import defaultdict
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import CASCADE
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.history.restoring import models_by_table, value_of
from directory.models import Listing

# Shorter texts are set side by side; in longer ones the words that changed are marked.
LONG = 60
NOTHING = "–"


class Piece(NamedTuple):
    """A stretch of a text: `kind` is 'same', 'gone' or 'new'."""

    kind: str
    text: str


class Line(NamedTuple):
    """One field: what it was and is, in words; or the marked text, where it is long."""

    label: str
    was: str
    now: str
    pieces: list


class Part(NamedTuple):
    """One row: what it is called, what happened to it ('added', 'removed', 'changed'), and its fields."""

    name: str
    happened: str
    lines: list


class Difference(NamedTuple):
    """One row between two states; `None` where there is no row."""

    model: Any
    before: dict | None
    after: dict | None


def described(*several):
    """Return the `Part`s of each list of `Difference`s. What they point at is looked up once, for all of them."""
    several = [[each for each in differences if each.before != each.after] for differences in several]
    names = _names_of_rows([each for differences in several for each in differences])
    return [_parts(differences, names) for differences in several]


def _parts(differences, names):
    links, parts = defaultdict(lambda: ([], [])), []
    for each in differences:
        if each.model._meta.auto_created:
            _note_link(each, names, links)
        elif lines := _lines(each, names):
            happened = "added" if each.before is None else "removed" if each.after is None else "changed"
            parts.append(Part(capfirst(each.model._meta.verbose_name), happened, lines))
    for (owner, label), (gone, new) in links.items():
        pieces = [Piece("gone", ", ".join(gone) + " ")] if gone else []
        pieces += [Piece("new", ", ".join(new))] if new else []
        line = Line(label, ", ".join(gone), ", ".join(new), pieces)
        own = next((part for part in parts if part.name == owner), None)
        if own is None:
            own = Part(owner, "changed", [])
            parts.insert(0, own)
        own.lines.append(line)
    return parts


def differences_of(changes):
    """Return the `Difference`s of some `Change`s of one act, each row once."""
    models, net = models_by_table(), {}
    for change in changes:
        first = net[change.table, change.row_id].before if (change.table, change.row_id) in net else change.before
        net[change.table, change.row_id] = Difference(models.get(change.table), first, change.after)
    return [each for each in net.values() if each.model is not None]


def _lines(difference, names):
    before, after = difference.before or {}, difference.after or {}
    lines = []
    for field in difference.model._meta.concrete_fields:
        if field.primary_key or field.column not in {**before, **after} or _leads_home(field, difference.model):
            continue
        was, now = before.get(field.column), after.get(field.column)
        if was == now or (was in (None, "", []) and now in (None, "", [])):
            continue
        if difference.before is None and now == field.get_default():
            continue
        told = [_words(field, value, names, difference.model) for value in (was, now)]
        pieces = _marked(*told) if min(map(len, told)) > 1 and max(map(len, told)) > LONG else []
        lines.append(Line(capfirst(field.verbose_name), *told, pieces))
    return lines


def _leads_home(field, model):
    """Whether a column only says which listing, or which part of one, a part belongs to."""
    if not field.is_relation or field.null or field.remote_field.on_delete is not CASCADE or issubclass(model, Listing):
        return False
    home = field.related_model
    return issubclass(home, Listing) or any(_leads_home(up, home) for up in home._meta.concrete_fields)


def _note_link(difference, names, links):
    """Put a row of a many-to-many table under the words of its field, and of the model that has it."""
    columns = difference.after or difference.before
    for owner in _owners(difference.model):
        far = difference.model._meta.get_field(owner.m2m_reverse_field_name())
        key = capfirst(owner.model._meta.verbose_name), capfirst(owner.verbose_name)
        links[key][0 if difference.after is None else 1].append(_name(names, far, columns[far.column]))


def _owners(through):
    """Return the many-to-many fields that a table belongs to, of which there is one."""
    sides = [field.related_model for field in through._meta.concrete_fields if field.is_relation]
    fields = {field for side in sides for field in side._meta.many_to_many if field.remote_field.through is through}
    return list(fields)


def _names_of_rows(differences):
    """Return the names of all rows that the columns point at, by (model, key)."""
    wanted = defaultdict(set)
    for difference in differences:
        for field in difference.model._meta.concrete_fields:
            if field.is_relation and not _leads_home(field, difference.model):
                for columns in (difference.before, difference.after):
                    if columns and columns.get(field.column) is not None:
                        wanted[field.related_model].add(columns[field.column])
    return {
        (model, key): str(row)
        for model, keys in wanted.items()
        for key, row in model._base_manager.in_bulk(keys).items()
    }


def _name(names, field, key):
    return names.get((field.related_model, key), _("one that is gone (%(key)s)") % {"key": key})


def _words(field, value, names, model):
    """Return a column's value as a person would say it."""
    if value in (None, "", [], {}):
        return NOTHING
    if field.is_relation:
        return _name(names, field, value)
    if isinstance(value, list):
        known = dict(getattr(field.base_field, "flatchoices", ()) or ()) | getattr(model, "value_words", {}).get(
            field.name, {}
        )
        return ", ".join(str(known.get(each, each)) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    value = value_of(field, value)
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return date_format(timezone.localtime(value), "j F Y, H:i")
        case date():
            return date_format(value, "j F Y")
        case time():
            return time_format(value, "H:i")
    return str(value)


def _marked(was, now):
    """Return a text with the words that went and came marked."""
    old, new = re.findall(r"\S+\s*", was), re.findall(r"\S+\s*", now)
    pieces = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("new", "".join(new[c:d])))
    return pieces
