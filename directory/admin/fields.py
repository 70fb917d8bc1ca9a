"""Form fields of the admin for columns that hold several values: ticks instead of codes, lines instead of commas."""

import re

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _


class TicksField(forms.TypedMultipleChoiceField):
    """Several values out of a few, as boxes to tick."""

    # The admin's style sheet knows lists of radio buttons, and would squeeze the labels of other boxes.
    widget = forms.CheckboxSelectMultiple(attrs={"class": "radiolist"})


class LinesField(SimpleArrayField):
    """Several values, one a line. With `commas`, a comma ends a value too."""

    widget = AdminTextareaWidget
    default_error_messages = {"item_invalid": _("Entry %(nth)s:")}

    def __init__(self, base_field, *, commas, **kwargs):
        self.ends = re.compile(r"[\n,]" if commas else r"\n")
        super().__init__(base_field, delimiter="\n", **kwargs)
        self.widget.attrs["rows"] = 5

    def to_python(self, value):
        """Return the values without blanks and repeats."""
        if isinstance(value, str):
            entries = (entry.strip() for entry in self.ends.split(value))
            value = list(dict.fromkeys(entry for entry in entries if entry))
        return super().to_python(value)
