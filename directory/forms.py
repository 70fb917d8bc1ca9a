"""Forms that more than one room shows."""

import re

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.formfields import UNREADABLE
from directory.mail import LONGEST_ADDRESS, validate_address, with_plain_domain

LONGEST_MESSAGE = 3000
MOST_LINKS = 2
YOUR_EMAIL = _("Your email address")
# Nobody reads and fills in the form so quickly; and a page that was open for so long may be somebody else's by now.
LEAST_SECONDS = 3
MOST_SECONDS = 24 * 3600
QUICK = "quick"
_LINK = re.compile(r"https?://|www\.|\bhref\b|\[url\b", re.IGNORECASE)
_signer = Signer(salt="directory.relay.form")


class OneLine:
    """For text fields: refuses line breaks, which in a letter's head would begin a line of its own."""

    def to_python(self, value):
        """Return the text."""
        text = "" if value is None else str(value)
        if text.splitlines() not in ([], [text]):
            raise forms.ValidationError(_("Put this on one line, without line breaks."), code="line_break")
        return super().to_python(value)


class OneLineField(OneLine, forms.CharField):
    """A line of text, as it was typed."""


class JoinedLineField(forms.CharField):
    """A short text. What was typed or pasted on several lines becomes one line."""

    def to_python(self, value):
        """Return the text, its line breaks as spaces."""
        return " ".join(super().to_python(value).split())


class OneLineEmailField(OneLine, forms.EmailField):
    """An e-mail address, cleaned to how letters carry it."""

    default_validators = [validate_address]

    def to_python(self, value):
        """Return the address, its domain in plain letters."""
        text = super().to_python(value)
        return text if len(text) > LONGEST_ADDRESS else with_plain_domain(text)


def email_field(help_text, *, label=YOUR_EMAIL, required=True, errors=None):
    """Return a field for the address of whoever fills in the form. `errors` has what it says otherwise than others."""
    return OneLineEmailField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_ADDRESS,
        error_messages={
            "required": _("Type your email address, so that we can send you the link."),
            "invalid": _("Type an email address like name@example.org"),
            "max_length": _("This address is too long for an email address."),
        }
        | (errors or {}),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


def stamp_for(key, at=None):
    """Return what a fresh form carries: when it was shown and which form it is, signed."""
    return _signer.sign_object({"at": (at or timezone.now()).timestamp(), "to": key})


def listing_key(listing):
    """Return what tells a listing from all others."""
    return f"{listing._meta.label}:{listing.pk}"


class GuardedForm(forms.Form):
    """A form that anyone may send, with traps for programs that need no script. `key` tells which form it is."""

    use_required_attribute = False

    # Nobody sees this one. Programs fill it in.
    homepage = forms.CharField(label=_("Leave this empty"), required=False)
    stamp = forms.CharField(required=False)

    def __init__(self, data=None, *, key, **kwargs):
        super().__init__(data, **kwargs)
        self.key = key
        self.stamp_is_good = True
        say_what_is_wrong(self)

    def clean(self):
        """Ask again where a program may have filled in the form."""
        cleaned = super().clean()
        if self.data.get("homepage"):
            self.add_error(
                None, _("Something filled in a box that people do not see. It is empty now. Send it again, please.")
            )
        self._check_stamp(cleaned.get("stamp", ""))
        return cleaned

    def _check_stamp(self, stamp):
        try:
            shown = _signer.unsign_object(stamp)
        except (BadSignature, ValueError):
            shown = {}
        ours = shown.get("to") == self.key
        seconds = timezone.now().timestamp() - shown["at"] if ours else 0
        self.stamp_is_good = ours and seconds <= MOST_SECONDS
        if not ours:
            self.add_error(None, _("We could not tell which page this came from. Send it again, please."))
        elif seconds < LEAST_SECONDS:
            # The stamp stays: the time counts from when the form was first shown.
            words = _("You were very quick. Look once more, and then send it again, please.")
            self.add_error(None, forms.ValidationError(words, code=QUICK))
        elif seconds > MOST_SECONDS:
            self.add_error(None, _("This page was open for more than a day. Send it again, please."))

    def full_clean(self):
        """Judge the form; being quick is no fault beside a real one, which takes its time to put right."""
        super().full_clean()
        if self.is_bound and len(self.errors) > 1:
            self.excuse_haste()

    def excuse_haste(self):
        """Say nothing of how quick it was: what else is wrong on the page holds it back."""
        others = [error for error in self.non_field_errors().as_data() if error.code != QUICK]
        self.errors.pop(NON_FIELD_ERRORS, None)
        for error in others:
            self.add_error(None, error)

    def fresh_stamp(self):
        """Return the stamp for showing the form again: the one that came, while it is good."""
        return self.data["stamp"] if self.is_bound and self.stamp_is_good else stamp_for(self.key)


class LinkForm(GuardedForm):
    """Asks for the links that we send to an address."""

    email = email_field("")

    def __init__(self, data=None, *, key, hint):
        super().__init__(data, key=key)
        self.fields["email"].help_text = hint


def say_what_is_wrong(form):
    """Let the server refuse what is too long or cannot be read, in words that say what to do."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            # A browser would cut a long text off without a word.
            field.widget.attrs.pop("maxlength", None)
        for validator in field.validators:
            if getattr(validator, "code", "") == "null_characters_not_allowed":
                validator.message = UNREADABLE


class ContactForm(GuardedForm):
    """A message to the people behind a listing."""

    name = OneLineField(
        label=_("What may they call you?"),
        help_text=_("A first name is enough. You can leave it empty."),
        required=False,
        max_length=80,
        error_messages={"max_length": _("This name is too long. Use 80 letters at most.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = email_field(
        _("They see it, so that they can answer you."),
        errors={"required": _("Type your email address, so that they can answer.")},
    )
    message = forms.CharField(
        label=_("Your message"),
        help_text=_("Write no more than you need to. ‘Hello, may I come on Tuesday?’ is enough."),
        max_length=LONGEST_MESSAGE,
        error_messages={
            "required": _("Type a message."),
            "max_length": _("Your message is too long. Use 3,000 letters at most."),
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, data=None, *, listing, **kwargs):
        super().__init__(data, key=listing_key(listing), **kwargs)

    def clean_message(self):
        """Refuse a message that is mostly links."""
        message = self.cleaned_data["message"]
        if len(_LINK.findall(message)) > MOST_LINKS:
            raise forms.ValidationError(_("Your message may hold two links at most. Take some out, please."))
        return message
