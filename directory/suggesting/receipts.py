"""What a receipt shows to whoever sent a suggestion: their own words, and what became of them."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from directory.choices import SuggestionKind, SuggestionState
from directory.models import Topic
from directory.suggesting.fields import is_same
from directory.suggesting.registry import model_forms


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
        """Return each field that they filled in."""
        form = model_forms()[self.suggestion.content_type.model_class()](self.page, hide=True)
        return [
            ReceiptLine(form.label_of(path), form.words_of(path, value) or _("Nothing"), *self._fate_of(path, value))
            for path, value in self.suggestion.values.items()
        ]

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
