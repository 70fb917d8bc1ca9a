"""Forms with which a practitioner and a group say that they work together, by their own links."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.formfields import LONGEST_QUERY
from directory.forms import JoinedLineField, say_what_is_wrong
from directory.models import SupportRole
from practitioners.choices import Side
from practitioners.forms import day_field
from practitioners.linking import listed

STILL_TO_COME = _("This day is still to come. Choose today, or a day before.")
NOT_FOUND = {
    Side.GROUP: _("We find no listed group of this name. Open its page here, and copy the address of that page."),
    Side.PRACTITIONER: _(
        "We find no listed practitioner of this name. Open their page here, and copy the address of that page."
    ),
}


class _Form(forms.Form):
    """A small form; several stand on one page."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_what_is_wrong(self)

    def _refuse_future(self, name):
        day = self.cleaned_data.get(name)
        if day and day > timezone.localdate():
            self.add_error(name, STILL_TO_COME)


class FindForm(_Form):
    """Names the other side: a listed group, or a listed practitioner."""

    words = JoinedLineField(
        max_length=LONGEST_QUERY,
        error_messages={
            "required": _("Type the name."),
            "max_length": _("That is very long. Use a few words, please."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, side, **kwargs):
        super().__init__(data, **kwargs)
        self.side, self.found = side, []
        self.fields["words"].label = _("Which group?") if side == Side.GROUP else _("Which practitioner?")
        self.fields["words"].help_text = _("The name, or the address of the page here.")

    def clean_words(self):
        """Look for those whom the words name. What is hidden is not found, as if it were not there."""
        self.found = listed(self.side, self.cleaned_data["words"])
        if not self.found:
            raise forms.ValidationError(NOT_FOUND[self.side])
        return self.cleaned_data["words"]


class ProposeForm(_Form):
    """Says that both work together: with whom of those that a valid `FindForm` found, in which role, since when."""

    other = forms.ChoiceField(
        label=_("With whom?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of these.")},
    )
    role = forms.ModelChoiceField(
        label=_("Role"),
        queryset=SupportRole.objects.all(),
        to_field_name="slug",
        empty_label=_("Choose a role"),
        error_messages={
            "required": _("Choose a role."),
            "invalid_choice": _("We do not know this role. Choose one from the list."),
        },
    )
    started_on = day_field(_("From"), _("You can leave it empty."))

    def __init__(self, data=None, *, find):
        super().__init__(data)
        self.found = {each.slug: each for each in find.found}
        # Several may have one name.
        names = [
            (slug, f"{each.name}: {each.summary}" if each.summary else each.name) for slug, each in self.found.items()
        ]
        self.fields["other"].choices = names
        if len(self.found) == 1:
            self.initial["other"] = next(iter(self.found))

    def clean(self):
        """Refuse a day that is still to come."""
        self._refuse_future("started_on")

    def clean_other(self):
        """Return the listing."""
        return self.found[self.cleaned_data["other"]]


class DaysForm(_Form):
    """The day of a working agreement, and when both look at it again."""

    agreed_on = day_field(_("The day of your working agreement"), required=True)
    review_on = day_field(_("We look at it again on"), _("You can leave it empty."))

    def clean(self):
        """Refuse an agreement that is still to come, and a second look before the first."""
        self._refuse_future("agreed_on")
        agreed_on, review_on = self.cleaned_data.get("agreed_on"), self.cleaned_data.get("review_on")
        if agreed_on and review_on and review_on <= agreed_on:
            self.add_error("review_on", _("This day comes before the agreement, or is the same. Choose a later one."))


class StopForm(_Form):
    """The day on which the work together ended."""

    ended_on = day_field(_("Until"), required=True)

    def __init__(self, data=None, *, support, **kwargs):
        super().__init__(data, initial={"ended_on": timezone.localdate()}, **kwargs)
        self.support = support

    def clean(self):
        """Refuse a day that is still to come, or before the start."""
        self._refuse_future("ended_on")
        started_on, ended_on = self.support.started_on, self.cleaned_data.get("ended_on")
        if started_on and ended_on and ended_on < started_on:
            self.add_error("ended_on", _("This day comes before the start. Choose a later one."))
