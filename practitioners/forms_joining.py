"""Forms with which practitioners put themselves into the directory, and ask for letters."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from directory.choices import ContactKind
from directory.formfields import PlacesField
from directory.forms import GuardedForm, JoinedLineField, email_field, say_what_is_wrong
from directory.models import Language, SafetyReport, SupportArea, SupportRole, Topic
from practitioners.choices import Profession, Sector
from practitioners.forms import LONGEST_PART
from practitioners.joining import shown_contact
from practitioners.models import Practitioner

LONGEST_PLACES = 600


class CodesChoiceField(forms.ModelMultipleChoiceField):
    """Several rows, by their codes, as tick boxes."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        """Return the rows; a code that the database cannot even look up is one that we do not know."""
        return super().clean([code for code in value or [] if "\x00" not in str(code)])


class LinesField(forms.CharField):
    """A text of several lines. Browsers send other line breaks than we keep, which is no change of the words."""

    def to_python(self, value):
        """Return the text with plain line breaks."""
        return "\n".join(super().to_python(value).splitlines())


def _text(label, help_text):
    return LinesField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxLengthValidator(LONGEST_PART, _("That is very long. Use 2,000 letters at most."))],
    )


def _line(label, help_text, length, **kwargs):
    return JoinedLineField(
        label=label,
        help_text=help_text,
        validators=[MaxLengthValidator(length, _("That is too long. Shorten it, please."))],
        **kwargs,
    )


class EntryForm(forms.ModelForm):
    """What a practitioner's page says, and how to reach them."""

    use_required_attribute = False

    name = _line(
        _("Your name"),
        _("As it should stand on your page."),
        160,
        error_messages={"required": _("Type your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title = _line(_("Your work title"), _("Such as: community nurse."), 120, required=False)
    profession = forms.ChoiceField(label=_("What do you do?"), choices=Profession, initial=Profession.OTHER)
    sector = forms.ChoiceField(label=_("Where do you work?"), choices=Sector, initial=Sector.VOLUNTARY)
    organisation = _line(_("Your organisation"), _("You can leave it empty."), 160, required=False)
    summary = _line(
        _("You in one or two sentences"),
        _("Lists show this."),
        300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    roles = CodesChoiceField(
        label=_("How do you support groups?"),
        help_text=_("Tick what you can keep up. One is enough."),
        queryset=SupportRole.objects.all(),
        to_field_name="slug",
        error_messages={"required": _("Tick one role at least.")},
    )
    areas = CodesChoiceField(
        label=_("In which areas?"), queryset=SupportArea.objects.all(), to_field_name="slug", required=False
    )
    topics = CodesChoiceField(
        label=_("Topics you know well"), queryset=Topic.objects.all(), to_field_name="slug", required=False
    )
    offers = _text(_("What you can offer"), _("One thing a line. Say how much time you have."))
    does_not_offer = _text(_("What you cannot offer"), _("One thing a line. It saves both sides time."))
    about = _text(_("Anything else about you"), _("Do not write about other people here."))
    places = PlacesField(
        label=_("Where can you come?"),
        help_text=_("Towns or counties, one a line."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[MaxLengthValidator(LONGEST_PLACES, _("That is very long. Name the county instead of each town."))],
    )
    online = forms.BooleanField(label=_("I can also work online"), required=False)
    languages = CodesChoiceField(
        label=_("Languages you speak or sign"), queryset=Language.objects.all(), to_field_name="code", required=False
    )
    accepting_requests = forms.BooleanField(label=_("I take requests now"), required=False, initial=True)
    show_email = forms.BooleanField(label=_("Show my email address on my page"), required=False)
    phone = _line(
        _("Telephone"),
        _("Your page shows it to everyone. You can leave it empty."),
        40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    website = forms.URLField(
        label=_("Web page"),
        help_text=_("Your page shows it to everyone. Start with https://"),
        required=False,
        assume_scheme="https",
        max_length=300,
        error_messages={"invalid": _("Type a web address like https://example.org/")},
    )

    class Meta:
        model = Practitioner
        fields = [
            "name",
            "title",
            "profession",
            "sector",
            "organisation",
            "summary",
            "roles",
            "areas",
            "topics",
            "offers",
            "does_not_offer",
            "about",
            "online",
            "languages",
            "accepting_requests",
        ]

    def _save_m2m(self):
        super()._save_m2m()
        self.instance.places.set(self.cleaned_data["places"])


class AddForm(GuardedForm, EntryForm):
    """A practitioner suggests their own page."""

    # As the page shows them, which the summary of what went wrong follows.
    field_order = ["email", "show_email"]

    email = email_field(_("We send you a link there. Messages from groups go there too."))

    def __init__(self, data=None):
        super().__init__(data, key="practitioners.add", initial={"languages": ["en"]})


class OwnForm(EntryForm):
    """A practitioner looks after their page. They agree to it once."""

    consent = forms.BooleanField(
        label=_("I am this person, and I agree that this page is public"),
        error_messages={"required": _("Tick this if you agree. Without it we show nothing.")},
    )

    def __init__(self, data=None, *, instance):
        own_email = {"kind": ContactKind.EMAIL, "value": instance.own_email}
        shown = {kind: shown_contact(instance, kind) for kind in (ContactKind.PHONE, ContactKind.WEBSITE)}
        places = {place.full_name: place for place in instance.places.all()}
        initial = {
            "places": "\n".join(places),
            "show_email": instance.contacts.public().filter(**own_email).exists(),
            **{kind: contact.value if contact else "" for kind, contact in shown.items()},
        }
        super().__init__(data, instance=instance, initial=initial | instance.proposed)
        self.fields["places"].there = places
        if instance.consent_given_on:
            del self.fields["consent"]
        say_what_is_wrong(self)

    def clean(self):
        """Refuse to show more while curators look at what a safety concern has hidden."""
        cleaned = super().clean()
        more = [name for name in ("show_email", "phone", "website") if cleaned.get(name) and not self.initial[name]]
        if more and SafetyReport.objects.hiding_part_of(self.instance).exists():
            for name in more:
                self.add_error(name, _("A curator is checking something on your page. Until then, this stays hidden."))
        return cleaned


class DigestForm(GuardedForm):
    """Asks for letters on groups that look for support."""

    email = email_field(_("We write there, and nowhere else."))
    roles = CodesChoiceField(
        label=_("Which roles can you take on?"),
        help_text=_("Tick none for all five."),
        queryset=SupportRole.objects.all(),
        to_field_name="slug",
        required=False,
    )
    near = PlacesField(
        label=_("Near which town?"), help_text=_("You can leave it empty."), required=False, max_length=120
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, key="practitioners.digest", **kwargs)

    def clean_near(self):
        """Take the one town."""
        places = self.cleaned_data["near"]
        if len(places) > 1:
            raise forms.ValidationError(_("Name one town only, please."))
        return places[0] if places else None
