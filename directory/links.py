"""Addresses that are keys: signed for one purpose, sent by e-mail, and kept out of caches, searches and other sites."""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.core import signing
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from directory.contacting import say_too_many
from directory.forms import LinkForm
from directory.networks import network_of
from directory.private import private_form
from directory.relay import TooMany, note_refusal

VALID_FOR = timedelta(days=7)


def behind_a_link(view):
    """Return a view whose address nobody else gets to know.

    The address alone says who may do what, and no cookie does: so no other site can send a form in somebody's name, and
    Django's protection against that is not needed. It could not stand beside 'no-referrer' either: with that, browsers
    send forms from the origin 'null', which it refuses.
    """

    @csrf_exempt
    @private_form
    @wraps(view)
    def answer(request, token, **others):
        response = view(request, token, **others)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def make_key(value, salt):
    """Return a key that holds a value and the time, signed for one purpose."""
    return signing.dumps(value, salt=salt)


def mark_of(email, salt):
    """Return what a key says of the address that it was sent to, without saying the address."""
    return salted_hmac(salt, email.casefold()).hexdigest()[:16]


def read_key(token, salt, max_age=VALID_FOR):
    """Return what a key holds; `None` where it is old or not ours."""
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except (signing.BadSignature, ValueError):
        return None


def link_refused(request, ask_again):
    """Return the page for a link that is old or not ours, with the way to a new one."""
    return render(request, "link_refused.html", {"ask_again": ask_again}, status=410)


def link_page(template, *, key, hint, send, **context):
    """Return the view that asks for an address and sends the links to it.

    What the page says does not depend on whether the address is known. `key` tells the form from others, `hint` says
    which address is meant, and `send` writes the letter and returns whether the mail server took it.
    """

    @private_form
    def ask_for_link(request):
        form = LinkForm(request.POST if request.method == "POST" else None, key=key, hint=hint)

        def do():
            data = form.cleaned_data
            return send(
                email=data["email"],
                form=data["stamp"],
                network=network_of(request),
                absolute=request.build_absolute_uri,
            )

        return answer_with_letter(request, form, template, do, **context)

    return ask_for_link


def answer_with_letter(request, form, template, do, **context):
    """Return the page of a form that sends a letter to whoever fills it in. `do` says whether it was taken."""
    context |= {"form": form, "outbox": not settings.MAIL_GOES_OUT}
    if request.method != "POST":
        return render(request, template, context)
    status, headers = 422, {}
    if form.is_valid():
        try:
            if do():
                return render(request, template, context | {"sent": True})
        except TooMany as too_many:
            note_refusal(too_many)
            status, headers = say_too_many(form, too_many)
        else:
            form.stamp_is_good = False
            form.add_error(None, _("The mail server did not take our letter to you. Is your address right? Try later."))
            status = 503
    response = render(request, template, context, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response
