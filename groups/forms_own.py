"""Forms for a group's own people: to ask for a link, and to say what support the group looks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.filters import role_choices
from directory.formfields import CodesField
from directory.forms import GuardedForm, email_field


class LinkForm(GuardedForm):
    """Asks for a link to a group's own page."""

    email = email_field(_("One that we have for the group, also if nobody sees it here."))

    def __init__(self, data=None):
        super().__init__(data, key="groups.own")


class SeekingForm(forms.Form):
    """Which support roles the group looks for now."""

    seeking = CodesField(label=_("What kind of support would help you now?"))

    def __init__(self, data=None, *, group):
        super().__init__(data, initial={"seeking": list(group.seeking.values_list("slug", flat=True))})
        self.fields["seeking"].choices = role_choices()
