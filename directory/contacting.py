"""The page with the message form. A room gives the listing, its contacts and what is its own."""

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.choices import RelayOutcome
from directory.crisis import crisis_in
from directory.danger import crisis_lines
from directory.forms import ContactForm
from directory.networks import network_of
from directory.relay import TooMany, pass_on
from directory.visibility import public_contacts, relay_contact

# So long the address of the page after sending says what it said first.
SENT_SECONDS = 3600
_signer = TimestampSigner(salt="directory.contacting.sent")


def contact_url(name, listing, contacts):
    """Return the address of a listing's form, or an empty string where there is nobody to pass a message on to."""
    return reverse(name, args=[listing.slug]) if relay_contact(contacts) else ""


def contact_page(request, listing, *, contacts, closed="", **context):
    """Return the page with the form, or what came of sending it; 404 where there is nobody to pass a message on to.

    `closed` is a sentence that says why nobody can write now. The room's decorators keep the page out of every cache.
    """
    contact = relay_contact(contacts)
    if contact is None:
        raise Http404
    if listing.sample and settings.MAIL_GOES_OUT:
        closed = _("We made this up to show the site. There is nobody to write to.")
    context |= {
        "listing": listing,
        "closed": closed,
        "contacts": public_contacts(contacts),
        "shows_address": contact.is_public,
        "outbox": not settings.MAIL_GOES_OUT,
        "sent": outcome_of(request.GET.get("sent", ""), listing),
    }
    form = ContactForm(request.POST if request.method == "POST" else None, listing=listing)
    status, headers = 200, {}
    if request.method == "POST" and not closed:
        status, headers = _send(request, listing, contact, form)
        if status == 302:
            return redirect(f"{request.path}?sent={headers['sent']}")
        context["crisis_lines"] = crisis_lines(crisis_in(request.POST.get("message", "")))
    response = render(request, "contact.html", context | {"form": form}, status=status)
    for name, value in headers.items():
        response[name] = value
    return response


def _send(request, listing, contact, form):
    if not form.is_valid():
        return 422, {}
    data = form.cleaned_data
    try:
        record = pass_on(
            listing=listing,
            to=contact.value,
            page=request.build_absolute_uri(listing.get_absolute_url()),
            name=data["name"],
            email=data["email"],
            message=data["message"],
            form=data["stamp"],
            network=network_of(request),
        )
    except TooMany as too_many:
        return say_too_many(form, too_many)
    if record.outcome == RelayOutcome.REFUSED:
        form.stamp_is_good = False
        form.add_error(
            None,
            _("The mail server did not take your message, so nobody has got it. Try again later, or use another way."),
        )
        return 503, {}
    return 302, {"sent": signed_outcome(record.outcome, listing)}


def say_too_many(form, too_many):
    """Say on a form why it was refused, and how long to wait. Return the status of its page, and the headers."""
    # A form that was sent already gets a new stamp, so that the button sends it a second time.
    form.stamp_is_good = too_many.kind != "form"
    form.add_error(None, too_many_in_words(too_many))
    return 429, {"Retry-After": str(round(too_many.wait.total_seconds()) + 1)}


def too_many_in_words(too_many):
    """Return why a message was refused, and how long to wait."""
    if too_many.kind == "form":
        return _("You have sent this form already. To send it a second time, press the button again.")
    why = {
        "network": _("Many messages came from your network."),
        "listing": _("Many messages came for this page."),
    }[too_many.kind]
    minutes = round(too_many.wait.total_seconds() / 60) + 1
    hours = round(minutes / 60)
    wait = (
        ngettext("Try again in %(n)d minute.", "Try again in %(n)d minutes.", minutes) % {"n": minutes}
        if minutes < 90
        else ngettext("Try again in %(n)d hour.", "Try again in %(n)d hours.", hours) % {"n": hours}
    )
    return f"{why} {wait}"


def signed_outcome(outcome, listing):
    """Return what the address of the page after sending carries."""
    return _signer.sign(f"{listing.pk}.{outcome}")


def outcome_of(signed, listing):
    """Return what came of the message that was sent last; an empty string where nothing says so truly."""
    try:
        number, _dot, outcome = _signer.unsign(signed, max_age=SENT_SECONDS).partition(".")
    except BadSignature:
        return ""
    return outcome if number == str(listing.pk) else ""
