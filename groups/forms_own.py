"""Forms for a group's own people: to ask for a link, and to say what support the group looks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.choices import Visibility
from directory.formfields import CodesField
from directory.lists import role_choices
from directory.suggesting.contacts import COLUMNS
from groups.suggesting import GroupForm


class OwnGroupForm(GroupForm):
    """All of a group, for its own people: hidden things too, but not what curators keep for themselves.

    Taking the group away is a button of its own.
    """

    def __init__(self, listing, *, data=None):
        super().__init__(listing, data=data, hide=True)
        del self.forms[""].fields["ended"]

    @classmethod
    def hidden(cls, listing):
        """Return the paths of contacts that only curators see, but for the address that the link was sent to."""
        kept = [each for each in listing.contacts.all() if each.visibility == Visibility.CURATORS]
        return {f"contacts.{each.pk}.{name}" for each in kept if each.value != listing.asked_by for name in COLUMNS}


class SeekingForm(forms.Form):
    """Which support roles the group looks for now."""

    seeking = CodesField(label=_("What kind of support would help you now?"))

    def __init__(self, data=None, *, group):
        super().__init__(data, initial={"seeking": list(group.seeking.values_list("slug", flat=True))})
        self.fields["seeking"].choices = role_choices()
