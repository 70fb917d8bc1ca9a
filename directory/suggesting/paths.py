"""Forms whose fields are named by their paths: of a listing, or of one of its parts."""

from typing import NamedTuple

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy

from directory.suggesting.fields import is_empty, is_same, tidy

HELD = gettext_lazy("We hold this and do not show it. Fill it in only to change it.")


class PathForm(forms.Form):
    """Fields whose names in HTML are their paths. `withheld` names those whose values nobody outside may see."""

    use_required_attribute = False

    def __init__(self, prefix="", data=None, *, current=None, withheld=(), is_new=True):
        fields = self.base_fields
        self.current = {name: tidy(fields[name], value) for name, value in (current or {}).items() if name in fields}
        self.withheld = set(withheld)
        self.is_new = is_new
        super().__init__(data, prefix=prefix or None, initial=self._shown())
        for name in self.withheld & set(self.fields):
            if self.fields[name].shape != "line" or hasattr(self.fields[name], "choices"):
                del self.fields[name]
            elif not is_empty(self.current.get(name)):
                self.fields[name].required = False
                self.fields[name].help_text = HELD
        for name, field in self.fields.items():
            if hasattr(field, "kept"):
                field.kept = str(self.current.get(name, "")).splitlines()
        self.wrong_in_itself = set()

    def _shown(self):
        return {name: value for name, value in self.current.items() if name not in self.withheld}

    def add_prefix(self, name):
        """Return the path of a field."""
        return f"{self.prefix}.{name}" if self.prefix else name

    def clean(self):
        """Note which fields are wrong by themselves, before the form looks at them together."""
        self.wrong_in_itself = set(self.errors)
        return super().clean()

    def full_clean(self):
        """Judge what was filled in. What was wrong before and nobody touched is no fault of whoever fills this in."""
        super().full_clean()
        if self.is_bound:
            for name in self._forgiven() & set(self.errors):
                del self.errors[name]

    def _forgiven(self):
        if self.is_new:
            return set()
        changed = self.changed_names()
        return self.wrong_in_itself - changed if changed else set(self.errors)

    def changed_names(self):
        """Return the names of the fields that say something else than the listing."""
        self.errors  # noqa: B018 reads what was typed
        return {name for name in self.fields if self.is_bound and self._is_changed(name)}

    def _is_changed(self, name):
        if name not in self.cleaned_data:
            # What cannot be read is compared as it was typed.
            return _typed(self[name].data) != _typed(self.initial.get(name))
        value = self.cleaned_data[name]
        if name in self.withheld and is_empty(value):
            return False
        return not is_same(value, self.current.get(name))


def leave_unjudged(form):
    """Let a form show what was typed, and say nothing about it."""
    form._errors, form.cleaned_data = ErrorDict(), {}


def _typed(value):
    return sorted(map(str, value)) if isinstance(value, list) else " ".join(str(value or "").split())


class Block(NamedTuple):
    """Fields of a part that belong together. Under a heading they are folded, unless it says otherwise."""

    heading: str = ""
    names: tuple = ()
    folded: bool = True


class PartForm(PathForm):
    """The fields of one part. One that is new and left as it was offered counts as none."""

    # `Block`s, as a page shows them.
    blocks = ()

    @property
    def is_blank(self):
        """Whether it is new, and nobody filled it in."""
        self.errors  # noqa: B018 reads what was typed
        return self.is_new and self.is_bound and all(self._is_as_offered(name) for name in self.fields)

    def _is_as_offered(self, name):
        if name not in self.cleaned_data:
            return is_empty(self[name].data)
        return is_same(self.cleaned_data[name], self.get_initial_for_field(self.fields[name], name))

    def _forgiven(self):
        if self.is_blank or self.cleaned_data.get("gone"):
            return set(self.errors)
        return super()._forgiven()
