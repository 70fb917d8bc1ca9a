"""The pages on which people write a case study. Their addresses are keys: no cache, no index, no referrer has them."""

from functools import wraps

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casestudies.forms import BeginForm, LinkForm
from casestudies.submitting import (
    LINK_LASTS,
    NotSent,
    begin,
    missing,
    progress_of,
    save_part,
    send_in,
    send_links,
    submission_of,
)
from casestudies.template_forms import DRAFT_PARTS, PartForm
from directory.contacting import SENT_SECONDS, too_many_in_words
from directory.networks import network_of
from directory.private import private
from directory.relay import TooMany

_sent = TimestampSigner(salt="casestudies.link_sent")


@private
def add(request):
    """Show how to begin a case study, or begin one and mail its link."""
    return _mail_a_link(request, BeginForm, begin, "casestudies/add.html")


@private
def new_link(request):
    """Show where to ask for a new link, or mail one."""
    return _mail_a_link(request, LinkForm, send_links, "casestudies/new_link.html")


def _mail_a_link(request, form_class, send, template):
    form = form_class(request.POST if request.method == "POST" else None)
    status, headers = 200, {}
    if form.is_bound:
        status, headers = _send(request, form, send)
        if status == 302:
            return redirect(f"{request.path}?sent={_sent.sign('letter')}")
    context = {
        "form": form,
        "sent": _was_sent(request.GET.get("sent", "")),
        "outbox": not settings.MAIL_GOES_OUT,
        "days": LINK_LASTS.days,
    }
    response = render(request, template, context, status=status)
    for name, value in headers.items():
        response[name] = value
    return response


def _send(request, form, send):
    if not form.is_valid():
        return 422, {}
    words = {name: form.cleaned_data[name] for name in ("email", "title") if name in form.cleaned_data}
    sender = {"form": form.cleaned_data["stamp"], "network": network_of(request)}
    try:
        send(**words, **sender, absolute=request.build_absolute_uri)
    except TooMany as too_many:
        form.stamp_is_good = too_many.kind != "form"
        form.add_error(None, too_many_in_words(too_many))
        return 429, {"Retry-After": str(round(too_many.wait.total_seconds()) + 1)}
    except NotSent:
        form.stamp_is_good = False
        form.add_error(None, _("The mail server did not take the letter, so no link is on its way. Try again later."))
        return 503, {}
    return 302, {}


def _was_sent(signed):
    try:
        return bool(_sent.unsign(signed, max_age=SENT_SECONDS))
    except BadSignature:
        return False


def of_token(view):
    """Give a view the submission that the token leads to, or show that it leads nowhere."""

    @wraps(view)
    def found(request, token, **others):
        submission = submission_of(token)
        if submission is None:
            return render(request, "casestudies/draft_refused.html", {"days": LINK_LASTS.days}, status=410)
        if submission.sent_in_at:
            return render(request, "casestudies/draft_sent.html", {"submission": submission})
        return view(request, submission, token, **others)

    return found


@private
@of_token
def draft(request, submission, token):
    """Show the parts of a draft, or send it in."""
    todo = []
    if request.method == "POST":
        todo = missing(submission)
        if not todo:
            send_in(submission)
            return redirect(request.path)
    context = {"submission": submission, "token": token, "progress": progress_of(submission), "todo": todo}
    return render(request, "casestudies/draft.html", context, status=422 if todo else 200)


@private
@of_token
def draft_part(request, submission, token, part):
    """Show one part of a draft, or keep what was written and go on to the next one."""
    if part not in DRAFT_PARTS:
        return redirect("casestudies:draft", token)
    slugs = list(DRAFT_PARTS)
    number = slugs.index(part) + 1
    if request.method == "POST":
        form = PartForm(DRAFT_PARTS[part], request.POST)
        if form.is_valid():
            save_part(submission, form)
            overview = reverse("casestudies:draft", args=[token])
            is_last = number == len(slugs) or "stop" in request.POST
            return redirect(overview if is_last else reverse("casestudies:draft_part", args=[token, slugs[number]]))
    else:
        form = PartForm(DRAFT_PARTS[part], initial=submission.answers)
    context = {
        "submission": submission,
        "token": token,
        "part": DRAFT_PARTS[part],
        "form": form,
        "number": number,
        "total": len(slugs),
    }
    return render(request, "casestudies/draft_part.html", context, status=422 if form.is_bound else 200)
