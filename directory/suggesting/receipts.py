"""What a receipt shows to whoever sent a suggestion: their own words, and what became of them."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from directory.choices import SuggestionKind, SuggestionState
from directory.models import Topic
from directory.suggesting.fields import is_same
from directory.suggesting.forms import NEW
from directory.suggesting.registry import model_forms
from directory.suggesting.shown import in_order, offered


class ReceiptLine(NamedTuple):
    """One field: what it is called, what they suggested, what became of it, and why."""

    label: str
    value: str
    fate: str
    why: str


class Receipt:
    """A suggestion for the eyes of whoever sent it. Nothing of the listing is in it, but its public name."""

    def __init__(self, suggestion):
        self.suggestion = suggestion
        self.listing = suggestion.listing
        self.page = self.listing if self.listing is not None and self.listing.is_published else None

    @property
    def is_waiting(self):
        """Whether nobody has decided yet."""
        return self.suggestion.state == SuggestionState.WAITING

    @property
    def is_withdrawn(self):
        """Whether they took it back, so that there is nothing to follow."""
        return self.suggestion.state == SuggestionState.WITHDRAWN

    @property
    def is_safety(self):
        """Whether it is a safety concern, which is about danger and not about words."""
        return self.suggestion.kind == SuggestionKind.SAFETY

    @property
    def state_words(self):
        """What became of the whole."""
        if self.suggestion.is_undone:
            return _("A curator took it, and has put the page back as it was since.")
        if self.is_safety:
            return _("A curator has looked into it.")
        return {
            SuggestionState.WAITING: _("A curator has not decided on it yet."),
            SuggestionState.ACCEPTED: _("A curator has taken it."),
            SuggestionState.PARTLY: _("A curator has taken a part of it."),
            SuggestionState.REFUSED: _("A curator has not taken it."),
            SuggestionState.WITHDRAWN: _("You took it back. We have deleted what you wrote."),
        }[self.suggestion.state]

    def lines(self):
        """Return each field that they filled in, in the order of the form."""
        form = model_forms()[self.suggestion.content_type.model_class()](self.page, hide=True)
        values = {path: value for path, value in self.suggestion.values.items() if not self._is_offered(form, path)}
        return [
            ReceiptLine(
                form.label_of(path),
                form.words_of(path, values[path]) or _("Nothing"),
                *self._fate_of(path, values[path]),
            )
            for path in in_order(form, values)
        ]

    def _is_offered(self, form, path):
        """Whether it says what the empty form said already, so that nobody typed it."""
        prefix = path.rpartition(".")[0]
        is_new = NEW.fullmatch(prefix.partition(".")[2]) if prefix else self.suggestion.kind == SuggestionKind.NEW
        return bool(is_new) and self.suggestion.values[path] == offered(form, path)

    def _fate_of(self, path, value):
        decision = self.suggestion.decisions.get(path)
        if decision is None:
            return (_("Not decided yet") if self.is_waiting else _("Not taken")), ""
        if not decision.get("accepted"):
            return _("Not taken"), decision.get("why", "")
        if self.suggestion.is_undone:
            return _("Taken, and put back since"), decision.get("why", "")
        # What a curator wrote instead may be what nobody is to see.
        if is_same(decision.get("value", value), value):
            return _("Taken"), decision.get("why", "")
        return _("Taken, with a change"), decision.get("why", "")

    @property
    def is_sensitive(self):
        """Whether it could harm someone to be seen with this page."""
        if self.is_safety or getattr(self.listing, "is_sensitive", False):
            return True
        return Topic.objects.filter(slug__in=self.suggestion.values.get("topics", []), sensitive=True).exists()
