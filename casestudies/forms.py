"""Forms that readers and writers of case studies send."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casestudies.choices import Wish
from directory.forms import ContactForm, GuardedForm, OneLineField, email_field

LONGEST_TITLE = 160

LINK_HINT = _("We send your private link there.")


class AskForm(ContactForm):
    """A question about a case study, or a wish to visit."""

    wish = forms.ChoiceField(
        label=_("What do you want?"),
        choices=Wish.choices,
        widget=forms.RadioSelect,
        initial=Wish.QUESTION,
        error_messages={
            "required": _("Choose one: a question, or a visit."),
            "invalid_choice": _("We do not know this choice. Choose one of the two, please."),
        },
    )

    def __init__(self, data=None, *, listing, **kwargs):
        super().__init__(data, listing=listing, **kwargs)
        self.fields["message"].label = _("Your question, or who wants to visit and when")
        self.fields["message"].help_text = _("Leave out what is private. Do not write about others.")
        self.fields["email"].help_text = _("It is used only to answer you.")


def title_field(label):
    """Return the field for the title of a case study."""
    return OneLineField(
        label=label,
        max_length=LONGEST_TITLE,
        error_messages={
            "required": _("Give it a title. You can change it later."),
            "max_length": _("This title is too long. Use 160 letters at most."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class BeginForm(GuardedForm):
    """Where to send the link to a new draft, and what to call it."""

    title = title_field(_("A working title"))
    email = email_field(LINK_HINT)

    def __init__(self, data=None):
        super().__init__(data, key="casestudies.begin")
