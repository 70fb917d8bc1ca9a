"""The second step of a sign-in: a code from an app, or a recovery code from a sheet of paper."""

import re
import secrets
import time
from base64 import b32encode
from binascii import unhexlify

import segno
from django import forms
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

# In the session: when it began, and the key of an app that is not set up yet.
BEGAN_AT, NEW_KEY = "began_at", "new_key"
NUMBER_OF_CODES = 10
# Without letters and digits that look alike on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12


@receiver(user_logged_in)
def begin(request, **kwargs):
    """Note when the session began."""
    request.session[BEGAN_AT] = time.time()


class CodeForm(forms.Form):
    """One code, typed with or without blanks and dashes."""

    use_required_attribute = False
    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Type the code.")},
    )

    def __init__(self, *args, check, **kwargs):
        self.check = check
        super().__init__(*args, **kwargs)

    def clean_code(self):
        """Return what the code proves, or say what is wrong with it."""
        return self.check(re.sub(r"[\s-]", "", self.cleaned_data["code"]).lower())


def has_app(user):
    """Whether an app is set up for the account."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def codes_left(user):
    """Return how many recovery codes were not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


def device_of(code, *, user):
    """Return the device that the code is of. Each code works once; after a wrong one there is a growing wait."""
    is_of_an_app = code.isascii() and code.isdigit() and len(code) == 6
    devices = (TOTPDevice if is_of_an_app else StaticDevice).objects.filter(user=user, confirmed=True)
    waits = []
    for device in devices:
        if verify_token(user, device.persistent_id, code):
            if not is_of_an_app:
                _record(user, by=user, what="Signed in with a recovery code.")
            return device
        device.refresh_from_db()
        allowed, why = device.verify_is_allowed()
        waits += [] if allowed else [why["locked_until"]]
    if waits:
        seconds = max(1, round((max(waits) - timezone.now()).total_seconds()))
        raise ValidationError(
            _("That code is not right, or it was used before. Wait %(n)d seconds, then try a new one.") % {"n": seconds}
        )
    raise ValidationError(_("That code is not right."))


def new_key():
    """Return a fresh key for an app."""
    return default_key()


def key_in_words(key):
    """Return the key as people type it into an app that can't read the picture."""
    return " ".join(re.findall("....", b32encode(unhexlify(key)).decode()))


def picture_of(key, *, user):
    """Return the key as a QR code: SVG, dark on white in each theme."""
    address = TOTPDevice(user=user, key=key).config_url
    return segno.make_qr(address, error="m").svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )


def step_of(code, *, key):
    """Return the moment that the code is of, where it is one of the app with this key."""
    totp = TOTP(unhexlify(key))
    totp.time = time.time()
    if not (code.isascii() and code.isdigit() and totp.verify(int(code), tolerance=1)):
        raise ValidationError(
            _("That code is not right. Is the clock of your phone right? Wait for the next code, then try again.")
        )
    return totp.t()


@transaction.atomic
def set_up_app(user, *, key, step, again=False):
    """Make the app with this key the only one, and return it with fresh recovery codes.

    Returns `None` where there is one already, unless this is `again`.
    """
    get_user_model().objects.select_for_update().get(pk=user.pk)
    if has_app(user) and not again:
        return None
    TOTPDevice.objects.filter(user=user).delete()
    device = TOTPDevice.objects.create(user=user, name="app", key=key, last_t=step)
    _codes_device, codes = make_codes(user)
    _record(user, by=user, what="Set up the second step.")
    return device, codes


@transaction.atomic
def make_codes(user):
    """Return fresh recovery codes and the device that they are of; those of before end."""
    get_user_model().objects.select_for_update().get(pk=user.pk)
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = ["".join(secrets.choice(LETTERS) for _each in range(CODE_LENGTH)) for _code in range(NUMBER_OF_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return device, ["-".join(re.findall("....", code)) for code in codes]


@transaction.atomic
def reset_second_step(user, *, by=None):
    """Take the app and the codes away and end the sessions, so that the owner sets up anew. `by` nobody: a command."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    # A session of whoever has the lost phone must not be the one that sets up the next.
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
    _record(user, by=by or user, what="Second step reset." if by else "Second step reset by a command on the server.")


def _record(user, *, by, what):
    LogEntry.objects.log_actions(by.pk, [user], CHANGE, change_message=what, single_object=True)
