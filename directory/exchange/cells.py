"""What stands in one cell: how it is read, written, and explained to whoever fills in a table.

Each is a widget of django-import-export. `clean` makes a value of the text of a cell, or raises `ValueError` with a
sentence that says how to put it right; `now` gives what a listing holds in the same form, so that both compare.
"""

from difflib import get_close_matches
from uuid import UUID

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from directory.exchange.basics import tidy
from directory.exchange.dates import clock_text, read_clock, read_day, read_moment
from directory.words import plain

BETWEEN = "; "
MOST_NAMED = 12


class UNSAID:
    """What an empty cell means where a listing cannot be without a value: nothing. A class, since copies are made."""


class Cell(Widget):
    """A cell. `empty` is the value of an empty one."""

    hint = ""

    def __init__(self, empty=UNSAID):
        super().__init__()
        self.empty = empty

    def clean(self, value, row=None, **kwargs):
        """Return the value that a cell says."""
        text = tidy(value)
        return self.read(text) if text else self.empty

    def render(self, value, obj=None, **kwargs):
        """Return the text that says a value."""
        return "" if value is None else self.write(value)

    def now(self, value):
        """Return what a listing holds as it is compared."""
        return value

    def read(self, text):
        """Return the value of a text that is not empty."""
        return text

    def write(self, value):
        """Return the text of a value."""
        return str(value)


class Text(Cell):
    """Words."""

    hint = gettext_lazy("Words.")

    def now(self, value):
        """Return the words as a file writes them."""
        return value if value is None else tidy(value)


class Identifier(Cell):
    """A UUID."""

    hint = gettext_lazy("Leave it empty for something new. Never change it.")

    def read(self, text):
        """Return the UUID."""
        try:
            return UUID(text)
        except ValueError:
            raise ValueError(_("This is not an identifier. Copy it out of an export, or leave it empty.")) from None


class YesNo(Cell):
    """Yes or no."""

    hint = gettext_lazy("yes or no")

    def read(self, text):
        """Return whether it says yes."""
        match text.casefold():
            case "yes" | "y" | "true" | "1" | "on" | "x":
                return True
            case "no" | "n" | "false" | "0" | "off":
                return False
        raise ValueError(_("Write yes or no."))

    def write(self, value):
        """Return 'yes' or 'no'."""
        return "yes" if value else "no"


class Whole(Cell):
    """A whole number."""

    hint = gettext_lazy("A whole number.")

    def read(self, text):
        """Return the number."""
        digits = text.removesuffix(".0")
        if not (digits.removeprefix("-").isdecimal() and len(digits) < 19):
            raise ValueError(_("Write a whole number, in digits."))
        return int(digits)


class Number(Cell):
    """A number with decimals."""

    hint = gettext_lazy("A number, with a point before the decimals: 53.796")

    def read(self, text):
        """Return the number."""
        try:
            number = float(text)
        except ValueError:
            number = None
        if number is None or number != number or abs(number) > 1e15:
            raise ValueError(_("Write a number, with a point before the decimals: 53.796"))
        return number

    def write(self, value):
        """Return the number, with all its digits."""
        return repr(value)


class Day(Cell):
    """A date."""

    hint = gettext_lazy("A date: 3 March 2026, 03/03/2026 (day first) or 2026-03-03")

    def read(self, text):
        """Return the date."""
        return read_day(text)

    def write(self, value):
        """Return the date as 2026-03-03."""
        return value.isoformat()


class Moment(Cell):
    """A date with a time."""

    hint = gettext_lazy("A date, or a date with a time: 3 March 2026, 2026-03-03T19:00+00:00")

    def read(self, text):
        """Return the moment."""
        return read_moment(text)

    def write(self, value):
        """Return the moment in full."""
        return value.isoformat()


class Clock(Cell):
    """A time of day."""

    hint = gettext_lazy("A time: 7pm, 7.30 pm or 19:00")

    def read(self, text):
        """Return the time."""
        return read_clock(text)

    def write(self, value):
        """Return the time as 19:00."""
        return clock_text(value)


def choices_of(field):
    """Return (value, code, label) for the choices of a model's column."""
    return [(value, value, label) for value, label in field.flatchoices if value]


class Code(Cell):
    """One of a few things, by its code or by its label."""

    def __init__(self, choices, **kwargs):
        super().__init__(**kwargs)
        self.choices = choices
        self.codes = {value: code for value, code, *_words in choices}

    @cached_property
    def values(self):
        """The values by all words for them."""
        return {plain(str(word)): value for value, *words in self.choices for word in words}

    @property
    def hint(self):
        """The codes with their labels."""
        codes = [f"{code} ({words[0]})" if words else code for _value, code, *words in self.choices]
        return _("One of: %(codes)s") % {"codes": BETWEEN.join(codes)}

    def read(self, text):
        """Return the value of a code or a label."""
        try:
            return self.values[plain(text)]
        except KeyError:
            raise ValueError(unknown(text, self.values, self.codes.values())) from None

    def write(self, value):
        """Return the code."""
        return self.codes.get(value, str(value))


def unknown(text, words, codes):
    """Return a sentence on a word that is none of those known."""
    near = get_close_matches(plain(text), words, n=1)
    if near:
        return _("We do not know “%(text)s”. Did you mean “%(near)s”?") % {"text": text[:60], "near": near[0]}
    codes = list(codes)
    few = BETWEEN.join(str(code) for code in codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
    return _("We do not know “%(text)s”. Write one of: %(codes)s") % {"text": text[:60], "codes": few}


def pieces(text, known=lambda _piece: True):
    """Return the several things in a cell: by line and semicolon, and by comma where the whole is not known."""
    parts = [tidy(part) for line in text.split("\n") for part in line.split(";")]
    found = []
    for part in filter(None, parts):
        found += [part] if known(part) else filter(None, (tidy(each) for each in part.split(",")))
    return list(dict.fromkeys(found))


class Several(Cell):
    """Several things of one kind, with semicolons between them."""

    def __init__(self, one, **kwargs):
        super().__init__(**{"empty": (), **kwargs})
        self.one = one

    @property
    def hint(self):
        """What one of them is."""
        return _("Several: put semicolons between them. %(one)s") % {"one": self.one.hint}

    def now(self, value):
        """Return the values in order."""
        return tuple(value or ())

    def read(self, text):
        """Return the values of all pieces."""
        values = getattr(self.one, "values", None)
        known = (lambda piece: plain(piece) in values) if values is not None else (lambda piece: "," not in piece)
        return tuple(dict.fromkeys(self.one.read(piece) for piece in pieces(text, known)))

    def write(self, value):
        """Return the codes."""
        return BETWEEN.join(self.one.write(each) for each in value)


def cell_of(field):
    """Return the cell for a column of a model."""
    if getattr(field, "base_field", None) is not None:
        one = field.base_field
        return Several(Code(choices_of(one)) if one.choices else cell_of(one))
    empty = None if field.null else "" if field.blank and field.empty_strings_allowed else UNSAID
    if field.choices:
        return Code(choices_of(field), empty=empty)
    kinds = [
        (models.UUIDField, Identifier),
        (models.BooleanField, YesNo),
        (models.IntegerField, Whole),
        (models.FloatField, Number),
        (models.DateTimeField, Moment),
        (models.DateField, Day),
        (models.TimeField, Clock),
    ]
    kind = next((cell for model_field, cell in kinds if isinstance(field, model_field)), Text)
    return kind(empty=empty)
