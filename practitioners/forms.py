"""Forms of this room that are no search: the role finder and the working agreement."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from directory.formfields import CodeField, CodesField, PlaceField, tell_what_was_left_out
from directory.forms import JoinedLineField
from directory.models import SupportRole
from practitioners.choices import FinderPath

LONGEST_PART = 2000


class AnswersInput(forms.CheckboxSelectMultiple):
    """Boxes of several questions. Each question's have a name of their own, so that they are one group to everybody."""

    def value_from_datadict(self, data, files, name):
        """Return what is ticked in all of them. In addresses of before, all had the plain name."""
        return [value for key in data if key == name or key.startswith(f"{name}-") for value in data.getlist(key)]


class FinderForm(forms.Form):
    """Which answers are ticked, and where. It is sent by GET, so that the result has an address."""

    path = CodeField(choices=FinderPath.choices)
    answer = CodesField(widget=AnswersInput)
    near = PlaceField(label=_("Where are you?"), help_text=_("A town or a postcode. You can leave it empty."))

    def __init__(self, data, answers):
        super().__init__(data)
        self.fields["answer"].choices = [(answer.slug, answer.text) for answer in answers]
        tell_what_was_left_out(self)

    @property
    def chosen_path(self):
        """Whose questions are asked."""
        return FinderPath(self.cleaned_data.get("path") or FinderPath.GROUP)


def _part(label, help_text, **kwargs):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxLengthValidator(LONGEST_PART, _("That is very long. Keep it to what you need to remember."))],
        **kwargs,
    )


def _name(label, **kwargs):
    return JoinedLineField(
        label=label,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a name here, so that both sides know whom this is about.")},
        validators=[MaxLengthValidator(160, _("That is very long for a name. Shorten it, please."))],
        **kwargs,
    )


def day_field(label, help_text="", *, required=False, **kwargs):
    """Return a field for a day, which people type or choose."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "invalid": _("We cannot read this date. Write it like 30/11/2026."),
            "required": _("Say on which day."),
        },
        required=required,
        **kwargs,
    )


class AgreementForm(forms.Form):
    """A working agreement between a group and a practitioner. Nothing of it is stored."""

    group = _name(_("The group"))
    practitioner = _name(_("The practitioner"))
    role = forms.ModelChoiceField(
        label=_("Role"),
        queryset=SupportRole.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("Not one of the five, or not sure"),
        error_messages={"invalid_choice": _("We do not know this role. Choose one from the list.")},
    )
    starts_on = day_field(_("From"))
    review_on = day_field(_("We look at it again on"), _("Three months from the start is a good time."))
    group_expects = _part(_("What the group expects"), _("What will the practitioner do, how often, and until when?"))
    practitioner_expects = _part(
        _("What the practitioner expects"), _("What will the group do? What will the practitioner not do?")
    )
    confidentiality = _part(_("What stays in the room"), _("What is told to nobody, and what has to be passed on?"))
    sharing = _part(
        _("What we share with others"), _("What may others know about the group, and who tells them? What about notes?")
    )
    risk = _part(
        _("When someone is at risk"),
        _("Who does what if someone may come to harm? Do not write about a real person here."),
    )
    ending = _part(_("How it ends"), _("How do both sides know that it is time, and what is handed over?"))

    def clean(self):
        """Refuse a day to look at it again that lies before the start."""
        starts_on, review_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("review_on")
        if starts_on and review_on and review_on < starts_on:
            self.add_error("review_on", _("This day comes before the start. Choose a later one."))

    @property
    def parts(self):
        """The longer parts, as (heading, text, what to think of) for a page or a document."""
        names = ["group_expects", "practitioner_expects", "confidentiality", "sharing", "risk", "ending"]
        return [(self.fields[name].label, self.cleaned_data[name], self.fields[name].help_text) for name in names]
