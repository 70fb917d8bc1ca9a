"""The pages on which people suggest something about a listing, and follow what became of it."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.contacting import say_too_many
from directory.crisis import crisis_in
from directory.danger import crisis_lines
from directory.forms import LONGEST_MESSAGE, GuardedForm, email_field, listing_key
from directory.models import HelpLine, Suggestion
from directory.networks import network_of
from directory.private import private
from directory.relay import TooMany
from directory.suggesting.paths import leave_unjudged
from directory.suggesting.receipts import Receipt
from directory.suggesting.registry import model_forms
from directory.suggesting.sending import submit, take_back
from directory.suggesting.shown import mistakes, shown_sections


class SenderForm(GuardedForm):
    """What goes with a suggestion: words of one's own, and where an answer goes."""

    note = forms.CharField(
        label=gettext_lazy("Anything else?"),
        help_text=gettext_lazy("Whatever the boxes above do not ask. Do not write about other people’s troubles."),
        required=False,
        max_length=LONGEST_MESSAGE,
        error_messages={"max_length": gettext_lazy("This is too long. Use 3,000 letters at most.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = email_field(
        gettext_lazy("We show it to nobody. You can leave it empty, and follow your suggestion by its link."),
        label=gettext_lazy("Your email address, if you want an answer"),
        required=False,
    )


def suggestion_page(request, model, listing=None, **context):
    """Return the page with the form for a new listing of `model`, or for corrections to a listing; or send it in.

    The room's view is `private`. `context` is what is the room's own.
    """
    posted = request.method == "POST"
    sender = SenderForm(
        request.POST if posted else None, key=f"suggest:{listing_key(listing) if listing else model._meta.label}"
    )
    form = model_forms()[model](listing, data=request.POST if posted else None, hide=True)
    status, headers = 200, {}
    if posted and ("add" in request.POST or "drop" in request.POST):
        sender.stamp_is_good = "stamp" in request.POST
        for each in [*form.forms.values(), sender]:
            leave_unjudged(each)
        form.add_part(request.POST.get("add", ""))
        form.drop_part(request.POST.get("drop", ""))
    elif posted:
        status, headers = _send(request, form, sender)
        if status == 302:
            return redirect(headers["to"])
        context["crisis_lines"] = crisis_lines(crisis_in(request.POST.get("note", "")))
    elif listing is None:
        for kind in form.parts:
            form.add_part(kind)
    main = form.forms[""]
    context |= {
        "listing": listing,
        "sections": shown_sections(form),
        "ended": main["ended"] if "ended" in main.fields else None,
        "sender": sender,
        "mistakes": mistakes(form),
    }
    response = render(request, "suggest.html", context, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _send(request, form, sender):
    """Return the status, and the headers or where to go."""
    if not form.is_valid():
        sender.excuse_haste()
    if not (sender.is_valid() and form.is_valid()):
        return 422, {}
    if not form.differences()[0] and not sender.cleaned_data["note"]:
        sender.add_error(None, _("You have not changed anything yet. Change what is wrong, or write it below."))
        return 422, {}
    data = sender.cleaned_data
    try:
        suggestion = submit(
            form, note=data["note"], email=data["email"], stamp=data["stamp"], network=network_of(request)
        )
    except TooMany as too_many:
        return say_too_many(sender, too_many)
    return 302, {"to": reverse("receipt", args=[suggestion.uuid])}


@private
def receipt(request, token):
    """Show whoever sent a suggestion what they sent and what became of it; or take it back."""
    suggestion = get_object_or_404(Suggestion, uuid=token)
    if request.method == "POST":
        take_back(suggestion)
        return redirect(request.path)
    shown = Receipt(suggestion)
    return render(
        request,
        "receipt.html",
        {
            "receipt": shown,
            "lines": shown.lines() if suggestion.values else [],
            "suggestion": suggestion,
            "sensitive": shown.is_sensitive,
            "crisis_lines": crisis_lines(crisis_in(suggestion.note)),
            "emergency_lines": HelpLine.objects.active().filter(emergency=True) if shown.is_safety else [],
            "url": request.build_absolute_uri(),
        },
    )
