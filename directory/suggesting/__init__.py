"""What people suggest about listings, field by field, without an account; the ground knows no room.

A room registers a `ListingForm` for its model. A listing's content is a flat dict of paths to values as a form holds
them: texts, lists of codes, true or false. A path is a field's name, also in HTML: "name", "topics",
"meetings.12.start_time", "contacts.new1.value". An empty value may be left out.
"""

from directory.suggesting.applying import apply, changed_since
from directory.suggesting.forms import ListingForm, PartKind
from directory.suggesting.paths import PartForm, PathForm
from directory.suggesting.registry import current_values, form_for, model_forms, public_values, read_posted, register
from directory.suggesting.sending import remove_old, submit, take_back

__all__ = [
    "ListingForm",
    "PartForm",
    "PartKind",
    "PathForm",
    "apply",
    "changed_since",
    "current_values",
    "form_for",
    "model_forms",
    "public_values",
    "read_posted",
    "register",
    "remove_old",
    "submit",
    "take_back",
]
