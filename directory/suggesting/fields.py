"""Fields whose clean value is what is kept: texts, lists of codes, true or false, whole numbers."""

from datetime import datetime

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from directory.days import ODD_YEAR, is_meant
from directory.formfields import UNREADABLE, PlacesField, SharedChoices
from directory.forms import JoinedLineField

MOST_IN_SIGHT = 8
NOT_KNOWN = _("Not known")
YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]
UNKNOWN_CHOICE = _("We do not know this choice. Choose from the list, please.")
# How people write a day: on a phone's calendar, or with the keyboard.
DAY_PATTERNS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")


def is_empty(value):
    """Whether a field holds nothing."""
    return value in ("", None, [], False)


def is_same(one, other):
    """Whether two values of a field say the same."""
    if isinstance(one, list) and isinstance(other, list):
        return set(one) == set(other)
    return one == other or (is_empty(one) and is_empty(other))


def tidy(field, value):
    """Return a value as the field would leave it."""
    return field.to_python(value) if isinstance(field, _Words) else value


def in_words(field, value):
    """Return a field's value as a person would say it; an empty text for nothing."""
    if is_empty(value):
        return ""
    if value is True:
        return str(_("Yes"))
    words = {str(code): str(label) for code, label in getattr(field, "choices", ())}
    if isinstance(value, list):
        return ", ".join(words.get(str(each), str(each)) for each in value)
    return words.get(str(value), str(value))


def _too_long(length):
    return MaxLengthValidator(length, _("This is too long. Use %(limit_value)d letters at most."))


class _Words(forms.CharField):
    shape = "line"

    def __init__(self, *, length, **kwargs):
        super().__init__(required=kwargs.pop("required", False), validators=[_too_long(length)], **kwargs)
        for validator in self.validators:
            if getattr(validator, "code", "") == "null_characters_not_allowed":
                validator.message = UNREADABLE


class LineField(JoinedLineField, _Words):
    """A short text on one line; `rows` give it room to be read."""

    def __init__(self, *, rows=1, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput
        super().__init__(widget=widget, **kwargs)


class TextField(_Words):
    """A longer text."""

    def __init__(self, *, rows=4, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        """Return the text with simple line breaks."""
        return "\n".join(line.rstrip() for line in super().to_python(value).splitlines()).strip()


class ChoiceField(SharedChoices, forms.ChoiceField):
    """One code out of a list."""

    shape = "line"

    def __init__(self, choices, *, empty_label=None, **kwargs):
        choices = list(choices)
        if empty_label is not None:
            choices = [("", empty_label), *choices]
        errors = {"invalid_choice": UNKNOWN_CHOICE, "required": _("Choose one.")}
        super().__init__(choices=choices, required=empty_label is None, error_messages=errors, **kwargs)


class CodesField(SharedChoices, forms.MultipleChoiceField):
    """Several codes out of a list, in the order of the list."""

    widget = forms.CheckboxSelectMultiple
    shape = "choices"

    @property
    def is_long(self):
        """Whether a page had better fold the list."""
        return len(self.choices) > MOST_IN_SIGHT

    def __init__(self, choices=(), **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(choices=choices, error_messages={"invalid_choice": UNKNOWN_CHOICE}, **kwargs)

    def clean(self, value):
        """Return the codes."""
        chosen = set(super().clean(value))
        return [str(code) for code, _label in self.choices if str(code) in chosen]


class TickField(forms.BooleanField):
    """A tick box."""

    shape = "tick"

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class ClockField(forms.TimeField):
    """A time by the clock, such as '19:00'."""

    shape = "line"

    def __init__(self, **kwargs):
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(required=False, widget=widget, input_formats=["%H:%M", "%H:%M:%S", "%H.%M"], **kwargs)
        self.error_messages["invalid"] = _("Type a time like 19:00.")

    def clean(self, value):
        """Return hours and minutes, or an empty text."""
        time = super().clean(value)
        return f"{time:%H:%M}" if time else ""


class DayField(forms.DateField):
    """A day, such as '2027-03-12'."""

    shape = "line"

    def __init__(self, **kwargs):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, input_formats=DAY_PATTERNS, **kwargs)
        self.error_messages["invalid"] = _("Type a date like 12/03/2027.")

    def clean(self, value):
        """Return the day as ISO 8601 has it, or an empty text."""
        day = super().clean(value)
        return day.isoformat() if day else ""


class DaysField(TextField):
    """Several days, one a line, such as '12/03/2027'."""

    def clean(self, value):
        """Return the days in order."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return "\n".join(f"{day:%d/%m/%Y}" for day in sorted({_day(line) for line in lines}))


def _day(text):
    for pattern in DAY_PATTERNS:
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 a day of the calendar
        except ValueError:
            continue
        if not is_meant(day):
            raise forms.ValidationError(ODD_YEAR)
        return day
    raise forms.ValidationError(
        format_lazy("{} {}", _("We cannot read this date: %(date)s."), _("Type a date like 12/03/2027.")),
        params={"date": text[:40]},
    )


class NumberField(forms.IntegerField):
    """A whole number, or an empty text."""

    shape = "line"

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)
        wrong = format_lazy(_("Type a whole number from {} to {}."), kwargs["min_value"], kwargs["max_value"])
        self.error_messages["invalid"] = wrong
        for validator in self.validators:
            validator.message = wrong

    def clean(self, value):
        """Return the number, or an empty text."""
        number = super().clean(value)
        return "" if number is None else number


class PlaceNamesField(PlacesField):
    """Names of towns and counties, one a line, each as we call it. `kept` are lines that need no look."""

    shape = "line"

    def __init__(self, *, length, rows=3, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(required=False, widget=widget, validators=[_too_long(length)], **kwargs)
        self.kept = []

    def clean(self, value):
        """Return the names."""
        known = [line for line in str(value or "").splitlines() if line.strip() in self.kept]
        others = [line for line in str(value or "").splitlines() if line not in known]
        found = super().clean("\n".join(others))
        return "\n".join(dict.fromkeys([*(line.strip() for line in known), *(place.full_name for place in found)]))
