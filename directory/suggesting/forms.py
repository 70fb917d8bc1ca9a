"""A listing's content as one form: its own fields, and those of its parts, such as meetings."""

import re
from typing import NamedTuple

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from directory.suggesting.fields import in_words, is_empty, is_same

HELD = gettext_lazy("We hold this and do not show it. Fill it in only to change it.")
NEW = re.compile(r"new[1-9][0-9]?")


class PathForm(forms.Form):
    """Fields whose names in HTML are their paths. `withheld` names those whose values nobody outside may see."""

    use_required_attribute = False

    def __init__(self, prefix="", data=None, *, current=None, withheld=(), is_new=True):
        self.current = current or {}
        self.withheld = set(withheld)
        self.is_new = is_new
        super().__init__(data, prefix=prefix or None, initial=self._shown())
        for name in self.withheld & set(self.fields):
            if self.fields[name].shape != "line" or hasattr(self.fields[name], "choices"):
                del self.fields[name]
            elif not is_empty(self.current.get(name)):
                self.fields[name].required = False
                self.fields[name].help_text = HELD
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

    def changed_names(self):
        """Return the names of the fields that say something else than the listing."""
        return {name for name in self.fields if self.is_bound and self._is_changed(name)}

    def _is_changed(self, name):
        now = self.current.get(name)
        if name not in getattr(self, "cleaned_data", {}):
            # What cannot be read is compared as it was typed.
            typed = self[name].data
            return _typed(typed) != _typed(self.initial.get(name))
        value = self.cleaned_data[name]
        if name in self.withheld and is_empty(value):
            return False
        return not is_same(value, now)

    def counted_errors(self):
        """Return messages by path. What was wrong before and nobody touched is no fault of whoever fills this in."""
        if not self.is_bound:
            return {}
        changed = self.changed_names()
        if not self.is_new and not changed:
            return {}
        untouched = set() if self.is_new else self.wrong_in_itself - changed
        return {self.add_prefix(name): list(said) for name, said in self.errors.items() if name not in untouched}


def _typed(value):
    return sorted(map(str, value)) if isinstance(value, list) else str(value or "").split()


class PartForm(PathForm):
    """The fields of one part. One that is new and left as it was offered counts as none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_new:
            self.initial = {
                name: field.initial for name, field in self.fields.items() if field.initial is not None
            } | self.initial

    @property
    def is_blank(self):
        """Whether it is new, and nobody filled it in."""
        return (
            self.is_new
            and self.is_bound
            and all(
                is_same(self.cleaned_data[name], self.initial.get(name))
                if name in self.cleaned_data
                else is_empty(self[name].data)
                for name in self.fields
            )
        )

    def counted_errors(self):
        """Return messages by path; none for a new part that nobody filled in."""
        return {} if self.is_bound and self.is_new and self.is_valid_as_blank() else super().counted_errors()

    def is_valid_as_blank(self):
        """Whether there is nothing in it to judge."""
        self.errors  # noqa: B018 judges it
        return self.is_blank


class PartKind(NamedTuple):
    """A kind of part: its form, how many a listing may be given, and what one is called."""

    form: type
    most: int
    word: str
    heading: str


class Section(NamedTuple):
    """Fields under one heading."""

    slug: str
    heading: str
    names: tuple
    folded: bool = True


class ListingForm:
    """All of a listing that people may suggest. A room says what that is, by the names and methods that are empty here.

    Filled in with `data` as a browser sends it, or with `values` by path over what the listing holds. With `hide`, what
    the public may not see is left out.
    """

    model = None
    main = PathForm
    parts: dict = {}
    sections: tuple = ()

    def __init__(self, listing=None, *, data=None, values=None, hide=False):
        self.listing = listing
        self.current = self.read(listing) if listing else {}
        self.hidden_paths = self.hidden(listing) if listing and hide else set()
        self.is_bound = data is not None or values is not None
        posted = values is None
        if values is not None:
            data = self.current | values
        there = {path.rpartition(".")[0] for path in self.current} - {""}
        named = self._named(data, posted) if self.is_bound else []
        prefixes = list(dict.fromkeys([*self._in_order(there), *named]))
        self.forms = {"": self._form(self.main, "", data)}
        for prefix in prefixes:
            bound = data if not posted or prefix in named else None
            self.forms[prefix] = self._form(self.parts[prefix.partition(".")[0]].form, prefix, bound, prefix in there)

    # What a room says.

    @classmethod
    def read(cls, listing):
        """Return all values of a listing by path."""
        raise NotImplementedError

    @classmethod
    def hidden(cls, listing):
        """Return the paths whose values the public may not see."""
        raise NotImplementedError

    def write(self, *, by):
        """Put the cleaned values into the listing, or a new one, which is returned."""
        raise NotImplementedError

    def risk(self, values):
        """Return how much a curator has to look out for."""
        raise NotImplementedError

    def part_title(self, prefix):
        """Return what a part of the listing is called."""
        return self.parts[prefix.partition(".")[0]].word

    # What all of them can.

    def __getitem__(self, path):
        """Return the bound field at a path. Raises `KeyError`."""
        prefix, _dot, name = path.rpartition(".")
        return self.forms[prefix][name]

    def __contains__(self, path):
        prefix, _dot, name = path.rpartition(".")
        return prefix in self.forms and name in self.forms[prefix].fields

    @property
    def errors(self):
        """Messages by path."""
        found = {}
        for form in self.forms.values():
            found |= form.counted_errors()
        return found

    def is_valid(self):
        """Whether it is filled in, and nothing in it is wrong."""
        return self.is_bound and not self.errors

    def differences(self):
        """Return what was filled in otherwise than the listing has it, and what it has there: both by path."""
        values, before = {}, {}
        for prefix, form in self.forms.items():
            if not form.is_bound or getattr(form, "is_blank", False):
                continue
            for name in form.fields:
                path, value = form.add_prefix(name), form.cleaned_data.get(name)
                if name in form.changed_names() and not is_same(value, self.current.get(path)):
                    values[path] = value
                    if prefix and not form.is_new or not prefix and self.listing:
                        before[path] = self.current.get(path)
        return values, before

    def save(self, *, by):
        """Save what was filled in. Returns the listing. The caller has judged the form and opened a recording."""
        return self.write(by=by)

    def label_of(self, path):
        """Return what the field at a path is called, with the part that it belongs to."""
        field = self._field_at(path)
        label = field.label if field else path
        prefix = path.rpartition(".")[0]
        return format_lazy("{}: {}", self.part_title(prefix), label) if prefix else label

    def words_of(self, path, value):
        """Return a value of the field at a path in words; an empty text for nothing."""
        return in_words(self._field_at(path), value)

    def _field_at(self, path):
        if path in self:
            return self[path].field
        prefix, _dot, name = path.rpartition(".")
        kind = self.parts.get(prefix.partition(".")[0])
        return (kind.form if kind else self.main).base_fields.get(name)

    def _form(self, form_class, prefix, data, is_there=True):
        start = f"{prefix}." if prefix else ""
        current = {
            path.removeprefix(start): value
            for path, value in self.current.items()
            if path.startswith(start) and "." not in path.removeprefix(start)
        }
        withheld = {path.removeprefix(start) for path in self.hidden_paths if path.startswith(start)}
        return form_class(
            prefix,
            data,
            current=current,
            withheld={name for name in withheld if "." not in name},
            is_new=self.listing is None if not prefix else not is_there,
        )

    def _named(self, data, posted):
        """Return the prefixes of the parts that were filled in and that may be."""
        if posted:
            wanted = data.getlist("parts") if hasattr(data, "getlist") else data.get("parts", [])
        else:
            wanted = [path.rpartition(".")[0] for path in data]
        there = {path.rpartition(".")[0] for path in self.current}
        return [prefix for prefix in self._in_order(set(wanted)) if prefix in there or self._may_be(prefix, posted)]

    def _may_be(self, prefix, posted):
        kind, _dot, key = prefix.partition(".")
        return kind in self.parts and (bool(NEW.fullmatch(key)) or (not posted and key.isdigit()))

    def _in_order(self, prefixes):
        kinds = list(self.parts)

        def place(prefix):
            kind, _dot, key = prefix.partition(".")
            number = int("".join(filter(str.isdigit, key)) or 0)
            return kinds.index(kind) if kind in kinds else -1, key.startswith("new"), number, key

        return [prefix for prefix in sorted(prefixes, key=place) if prefix.partition(".")[0] in kinds]
