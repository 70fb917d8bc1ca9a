"""The page with which anyone reports a safety concern about a listing, without an account or a name."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from directory import safety
from directory.addresses import at_its_address
from directory.choices import Concern
from directory.contacting import too_many_in_words
from directory.crisis import crisis_in
from directory.danger import crisis_lines
from directory.forms import LONGEST_MESSAGE, GuardedForm, OneLineEmailField, listing_key
from directory.mail import LONGEST_ADDRESS
from directory.models import HelpLine
from directory.networks import network_of
from directory.relay import TooMany


class ReportForm(GuardedForm):
    """A safety concern."""

    concern = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Concern,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong. If nothing fits, choose the last one."),
            "invalid_choice": _("Choose one of these."),
        },
    )
    note = forms.CharField(
        label=_("What happened?"),
        help_text=_("One sentence is enough. You need not name anyone."),
        max_length=LONGEST_MESSAGE,
        error_messages={
            "required": _("Tell us in a few words what happened."),
            "max_length": _("That is too long. Use 3,000 letters at most."),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    email = OneLineEmailField(
        label=_("May we write to you? Then your email address"),
        help_text=_("You can leave it empty. Nobody but our curators sees it."),
        required=False,
        max_length=LONGEST_ADDRESS,
        error_messages={
            "invalid": _("Type an email address like name@example.org, or leave it empty."),
            "max_length": _("This address is too long for an email address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, data=None, *, listing):
        super().__init__(data, key=f"report {listing_key(listing)}")


def report_page(model):
    """Return the view of the page for listings of `model`."""

    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @at_its_address(model)
    def page(request, listing):
        form = ReportForm(request.POST if request.method == "POST" else None, listing=listing)
        status, headers, lines = 200, {}, []
        if request.method == "POST":
            status, headers = 422, {}
            if form.is_valid():
                try:
                    return redirect(_sent(_save(request, listing, form)))
                except TooMany as too_many:
                    form.stamp_is_good = too_many.kind != "form"
                    form.add_error(None, too_many_in_words(too_many))
                    status, headers = 429, {"Retry-After": str(round(too_many.wait.total_seconds()) + 1)}
            lines = crisis_lines(crisis_in(request.POST.get("note", "")))
        context = {
            "listing": listing,
            "form": form,
            "emergency_lines": HelpLine.objects.active().filter(emergency=True),
            "crisis_lines": lines,
        }
        response = render(request, "report.html", context, status=status)
        for name, value in headers.items():
            response.headers[name] = value
        return response

    return page


def _save(request, listing, form):
    data = form.cleaned_data
    return safety.report(
        listing,
        concern=data["concern"],
        note=data["note"],
        email=data["email"],
        form=data["stamp"],
        network=network_of(request),
    )


def _sent(suggestion):
    return reverse("receipt", args=[suggestion.uuid])
