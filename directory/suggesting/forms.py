"""A listing's content as one form: its own fields, and those of its parts, such as meetings."""

import re
from typing import NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from directory.suggesting.fields import in_words
from directory.suggesting.paths import PathForm

GONE = gettext_lazy("This is no longer there.")
NEW = re.compile(r"new[1-9][0-9]?")


class PartKind(NamedTuple):
    """A kind of part: its form, how many a listing may have, what one is called, and what the button for more says."""

    form: type
    most: int
    word: str
    add: str


class Section(NamedTuple):
    """Fields, or all parts of one kind, under one heading. `folded` is for what a new listing can do without."""

    heading: str
    names: tuple = ()
    kind: str = ""
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
        self.there = {path.rpartition(".")[0] for path in self.current} - {""}
        named = []
        if values is not None:
            data = self.current | values
            named = self._in_order({path.rpartition(".")[0] for path in data})
            data = self._offered(named) | data
        elif data is not None:
            named = self._in_order({prefix for prefix in data.getlist("parts") if self._may_be_posted(prefix)})
        self.forms = {"": self._form("", data)}
        for prefix in dict.fromkeys([*self._in_order(self.there), *named]):
            self.forms[prefix] = self._form(prefix, data if prefix in named else None)

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
        """Return what a part of the listing is called: with a number, where there are several."""
        kind = prefix.partition(".")[0]
        alike = [each for each in self.forms if each.startswith(f"{kind}.")]
        word = self.parts[kind].word
        return format_lazy("{} {}", word, alike.index(prefix) + 1) if len(alike) > 1 and prefix in alike else word

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
        for prefix, form in self.forms.items():
            if prefix and not form.is_new and prefix not in self.there:
                found |= {form.add_prefix(name): [GONE] for name in form.fields if form.add_prefix(name) in form.data}
            else:
                found |= {form.add_prefix(name): list(said) for name, said in form.errors.items()}
        return found

    def is_valid(self):
        """Whether it is filled in, and nothing in it is wrong."""
        return self.is_bound and not self.errors

    def differences(self):
        """Return what was filled in otherwise than the listing has it, and what it has there: both by path."""
        values, before = {}, {}
        for prefix, form in self.forms.items():
            if not form.is_bound or (prefix and form.is_blank):
                continue
            changed = form.changed_names()
            if form.cleaned_data.get("gone"):
                changed = {"gone"}
            for name in [each for each in form.fields if each in changed]:
                values[path := form.add_prefix(name)] = form.cleaned_data.get(name)
                if not form.is_new:
                    before[path] = form.current.get(name)
        return values, before

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

    def next_part(self, kind):
        """Return the prefix of one more part of a kind, or an empty text where there are enough."""
        keys = [prefix.partition(".")[2] for prefix in self.forms if prefix.startswith(f"{kind}.")]
        numbers = [int(key.removeprefix("new")) for key in keys if NEW.fullmatch(key)]
        return f"{kind}.new{max(numbers, default=0) + 1}" if len(keys) < self.parts[kind].most else ""

    def add_part(self, kind):
        """Offer one more part of a kind to fill in, if there may be one."""
        if kind in self.parts and (prefix := self.next_part(kind)):
            self.forms[prefix] = self._form(prefix, None)

    def drop_part(self, prefix):
        """Offer a new part no longer."""
        if NEW.fullmatch(prefix.partition(".")[2]):
            self.forms.pop(prefix, None)

    def filled_parts(self, kind):
        """Return (key, form) of the parts of a kind that were filled in."""
        return [
            (prefix.partition(".")[2], form)
            for prefix, form in self.forms.items()
            if prefix.startswith(f"{kind}.") and form.is_bound and not form.is_blank
        ]

    def _form(self, prefix, data):
        start = f"{prefix}." if prefix else ""
        inside = {path: path.removeprefix(start) for path in self.current if path.startswith(start)}
        return self._class_of(prefix)(
            prefix,
            data,
            current={name: self.current[path] for path, name in inside.items() if "." not in name},
            withheld={inside[path] for path in self.hidden_paths & inside.keys()},
            is_new=bool(NEW.fullmatch(prefix.partition(".")[2])) if prefix else self.listing is None,
        )

    def _class_of(self, prefix):
        return self.parts[prefix.partition(".")[0]].form if prefix else self.main

    def _offered(self, prefixes):
        """Return what new forms offer, which a suggestion need not repeat."""
        new = [prefix for prefix in prefixes if prefix not in self.there] + ([] if self.listing else [""])
        return {
            f"{prefix}.{name}" if prefix else name: field.initial
            for prefix in new
            for name, field in self._class_of(prefix).base_fields.items()
            if field.initial is not None
        }

    def _may_be_posted(self, prefix):
        kind, _dot, key = prefix.partition(".")
        return prefix in self.there or (kind in self.parts and bool(NEW.fullmatch(key)))

    def _in_order(self, prefixes):
        kinds = list(self.parts)

        def place(prefix):
            kind, _dot, key = prefix.partition(".")
            number = int("".join(filter(str.isdigit, key)) or 0)
            return kinds.index(kind) if kind in kinds else -1, key.startswith("new"), number, key

        return [prefix for prefix in sorted(prefixes, key=place) if prefix.partition(".")[0] in kinds]
