"""Form fields for what somebody types into a search."""

import copy

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _

from directory.gazetteer import LONGEST, PlaceUnknown, locate, named_place
from directory.placereading import expect_places_in, places_in

LONGEST_QUERY = 200
UNREADABLE = _("We cannot read one of these characters. Type the words again, please.")
MOST_PLACES = 12


def _say_what_to_do_about_null_bytes(field):
    for validator in field.validators:
        if getattr(validator, "code", "") == "null_characters_not_allowed":
            validator.message = UNREADABLE


class WordsField(forms.CharField):
    """Free text to search for. Too long a text, or one with a NUL byte, gets a message."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LONGEST_QUERY)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}))
        super().__init__(**kwargs)
        self.error_messages["required"] = ""
        for validator in self.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = _("That is very long. Use a few words, please.")
        _say_what_to_do_about_null_bytes(self)

    def widget_attrs(self, widget):
        """Return the attributes of the input: none that cuts off, without a word, what somebody pastes."""
        return {}


class PlaceField(forms.CharField):
    """A town or postcode. Cleans to a `Located` place, or `None` where nothing was typed.

    Of several places the first counts, and the others are kept in `left_out` for the form to tell.
    """

    default_error_messages = {
        "invalid_choice": _("We look near one place at a time here. We left out “%(value)s”."),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "postal-code", "enterkeyhint": "search"}))
        super().__init__(**kwargs)
        self.left_out = []
        _say_what_to_do_about_null_bytes(self)

    def clean(self, value):
        """Return the place, or raise a `ValidationError` that says what to do; `.suggestions` hold near spellings."""
        self.left_out, text = [], super().clean(value)
        if not text:
            return None
        if len(text) > LONGEST:
            raise forms.ValidationError(_("That is very long for a place. Type a town or a postcode."), code="place")
        expect_places_in(text)
        try:
            return locate(text)
        except PlaceUnknown as unknown:
            if found := places_in(text):
                _first, *self.left_out = found
                return next(iter(found.values()))
            raise forms.ValidationError(
                unknown.message, code="place", params={"suggestions": unknown.suggestions}
            ) from unknown


class Listed(BaseChoiceIterator):
    """Choices as they are: Django would walk through hundreds of them each time that a field or widget gets them."""

    def __init__(self, choices):
        self.choices = choices

    def __iter__(self):
        return iter(self.choices)

    def __len__(self):
        return len(self.choices)


class SharedChoices:
    """For fields: a form takes a copy of each, and need not copy the choices, which are set anew and never changed."""

    def __deepcopy__(self, memo):
        copied = copy.copy(self)
        copied.widget = copy.copy(self.widget)
        copied.widget.attrs = self.widget.attrs.copy()
        copied.error_messages = self.error_messages.copy()
        copied.validators = self.validators[:]
        return copied


class CodesField(SharedChoices, forms.MultipleChoiceField):
    """Several codes. One that is not known gets a message; the known ones still count."""

    default_error_messages = {"invalid_choice": _("We do not know “%(value)s” here. We left it out.")}

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**kwargs)
        self.left_out = []

    def clean(self, value):
        """Return the known codes; what was left out is kept for the form to tell."""
        codes = list(dict.fromkeys(self.to_python(value)))
        self.left_out = [code for code in codes if not self.valid_value(code)]
        return [code for code in codes if self.valid_value(code)]


class CodeField(SharedChoices, forms.ChoiceField):
    """One code. One that is not known counts as none, and the form tells."""

    default_error_messages = {"invalid_choice": _("We do not know “%(value)s” here. We left it out.")}

    def __init__(self, choices=(), empty_label=None, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(choices=[("", empty_label or _("Any")), *choices], **kwargs)
        self.left_out = []

    def clean(self, value):
        """Return the code, or an empty string."""
        code = self.to_python(value)
        self.left_out = [code] if code and not self.valid_value(code) else []
        return "" if self.left_out else code


class SwitchField(forms.BooleanField):
    """A tick box. Absent, 0, off, no and false are all 'no', so that a hand-written address does what it says."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return whether the box is ticked."""
        return str(value).strip().casefold() not in {"", "none", "0", "off", "no", "false"}


class PlacesField(forms.CharField):
    """Names of towns and counties, one a line, or with commas. Cleans to a list of `Place`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # Those that are there already, by name: of several with one name, the one that it was stays.
        self.there = {}

    def clean(self, value):
        """Return the places, or say which one we do not know."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_PLACES:
            raise forms.ValidationError(_("That is a lot of places. Name the county instead of each town."))
        return list(dict.fromkeys(place for line in lines for place in self._places_in(line)))

    def _places_in(self, line):
        if whole := self.there.get(line) or named_place(line):
            return [whole]
        names = [name.strip() for name in line.split(",") if name.strip()][: MOST_PLACES + 1]
        found = [named_place(name) for name in names]
        if None in found or len(found) > MOST_PLACES:
            raise forms.ValidationError(
                _("We do not know this place: %(name)s. Try the nearest town, or the county."),
                params={"name": names[found.index(None) if None in found else MOST_PLACES][:60]},
            )
        return found


def tell_what_was_left_out(form):
    """Check a bound form, and add a message for each code or place that its fields left out."""
    form.is_valid()
    for each in form.fields.values():
        for left_out in getattr(each, "left_out", []):
            form.add_error(None, each.error_messages["invalid_choice"] % {"value": left_out[:40]})
