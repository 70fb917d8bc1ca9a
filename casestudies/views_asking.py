"""The page on which readers ask about a case study, or ask to visit."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casestudies.asking import ask
from casestudies.forms import AskForm
from casestudies.models import CaseStudy
from directory.addresses import at_its_address
from directory.choices import RelayOutcome
from directory.contacting import outcome_of, say_too_many, signed_outcome
from directory.crisis import crisis_in
from directory.danger import crisis_lines
from directory.networks import network_of
from directory.private import private_form
from directory.relay import TooMany


@private_form
@at_its_address(CaseStudy)
def case_study_ask(request, case):
    """Show the form, or take in what somebody asks."""
    closed = case.sample and settings.MAIL_GOES_OUT
    form = AskForm(request.POST if request.method == "POST" else None, listing=case)
    status, headers, lines = 200, {}, []
    if request.method == "POST" and not closed:
        status, headers = _take(request, case, form)
        if status == 302:
            return redirect(f"{request.path}?sent={headers['sent']}")
        lines = crisis_lines(crisis_in(request.POST.get("message", "")))
    response = render(
        request,
        "casestudies/ask.html",
        {
            "case": case,
            "form": form,
            "closed": closed,
            "passes_on": bool(case.visit_email),
            "outbox": not settings.MAIL_GOES_OUT,
            "sent": outcome_of(request.GET.get("sent", ""), case),
            "sensitive": case.topics.filter(sensitive=True).exists(),
            "crisis_lines": lines,
        },
        status=status,
    )
    for name, value in headers.items():
        response[name] = value
    return response


def _take(request, case, form):
    """Return the status of the page, and headers; or 302 and what came of it."""
    if not form.is_valid():
        return 422, {}
    words = {name: form.cleaned_data[name] for name in ("wish", "name", "email", "message")}
    page = request.build_absolute_uri(case.get_absolute_url())
    try:
        outcome = ask(case, **words, form=form.cleaned_data["stamp"], network=network_of(request), page=page)
    except TooMany as too_many:
        return say_too_many(form, too_many)
    if outcome == RelayOutcome.REFUSED:
        form.stamp_is_good = False
        form.add_error(
            None, _("The mail server did not take your message, so nobody has got it. Try again later, please.")
        )
        return 503, {}
    return 302, {"sent": signed_outcome(outcome, case)}
