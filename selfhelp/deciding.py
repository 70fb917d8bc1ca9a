"""A suggestion as a curator reads it: for each field what is there now, what was there then, what is suggested."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from directory.history import marked
from directory.moderating import NOTE, paths_of
from directory.suggesting import current_values, form_for

# In longer texts, the words that changed are marked.
LONG = 60


class Row(NamedTuple):
    """One field of a suggestion, in words, with the widgets to decide on it."""

    path: str
    label: str
    now: str
    was: str
    is_changed_since: bool
    is_so_already: bool
    suggested: str
    pieces: list
    widget: Any
    accept: Any
    why: Any
    errors: list
    decision: dict
    written: str
    left: str

    @property
    def chosen(self):
        """What somebody has ticked, in words."""
        return dict(self.accept.field.choices).get(self.accept.value(), _("nothing ticked"))

    @property
    def is_edited(self):
        """Whether a curator wrote something else than was suggested."""
        return bool(self.decision.get("accepted")) and self.written != self.suggested


def rows_of(suggestion, form, *, values=None, errors=()):
    """Return the rows of a suggestion. `form` has the choices; `values` are what somebody left in the widgets."""
    fields, current, listing = None, {}, suggestion.listing
    if suggestion.values:
        fields = form_for(suggestion.content_type.model_class(), listing, suggestion.values | (values or {}))
        current = current_values(listing) if listing else {}
    paths = paths_of(suggestion)
    if fields:
        # What JSON keeps has no order of its own.
        order = {part.add_prefix(name): None for part in fields.forms.values() for name in part.fields}
        paths = [*(path for path in order if path in paths), *(path for path in paths if path not in order)]
    return [_row(suggestion, path, fields, current, form, values or {}, errors) for path in paths]


def _row(suggestion, path, fields, current, form, values, errors):
    widgets = {"accept": form[f"accept.{path}"], "why": form[f"why.{path}"]}
    left = _words(fields, path, values[path]) if path in values else ""
    shared = {"path": path, "errors": errors.get(path, []) if errors else [], "left": left} | widgets
    decision = suggestion.decisions.get(path, {})
    if path == NOTE:
        plain = {"now": "", "was": "", "is_changed_since": False, "is_so_already": False, "suggested": "", "pieces": []}
        return Row(label=_("What they ask for"), widget=None, decision=decision, written="", **plain, **shared)
    now, was, suggested = (
        _words(fields, path, held.get(path, "")) for held in (current, suggestion.before, suggestion.values)
    )
    return Row(
        label=fields.label_of(path),
        now=now,
        was=was,
        is_changed_since=bool(suggestion.object_id) and path in suggestion.before and was != now,
        is_so_already=bool(current) and now == suggested,
        suggested=suggested,
        pieces=marked(now, suggested) if now and suggested and max(len(now), len(suggested)) > LONG else [],
        widget=fields[path] if path in fields else None,  # noqa: SIM401 it is a form
        decision=decision,
        written=_words(fields, path, decision.get("value", "")) if decision.get("accepted") else "",
        **shared,
    )


def _words(fields, path, value):
    return _("No") if value is False else str(fields.words_of(path, value))
