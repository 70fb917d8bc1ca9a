"""The pages on which people write a case study, each behind a link that is a key."""

from functools import wraps

from django.shortcuts import redirect, render
from django.urls import reverse

from casestudies.forms import BeginForm
from casestudies.submitting import (
    LINK_LASTS,
    begin,
    missing,
    progress_of,
    save_part,
    send_in,
    submission_of,
)
from casestudies.template_forms import DRAFT_PARTS, PartForm
from directory.links import answer_with_letter, behind_a_link, link_refused
from directory.networks import network_of
from directory.private import private_form


@private_form
def add(request):
    """Show how to begin a case study, or begin one and mail its link."""
    form = BeginForm(request.POST if request.method == "POST" else None)

    def do():
        data = form.cleaned_data
        return begin(
            email=data["email"],
            title=data["title"],
            form=data["stamp"],
            network=network_of(request),
            absolute=request.build_absolute_uri,
        )

    return answer_with_letter(request, form, "casestudies/add.html", do, days=LINK_LASTS.days)


def of_token(view):
    """Give a view the submission that the token leads to, or show that it leads nowhere."""

    @wraps(view)
    def found(request, token, **others):
        submission = submission_of(token)
        if submission is None:
            return link_refused(request, "casestudies:new_link")
        if submission.sent_in_at:
            return render(request, "casestudies/draft_sent.html", {"submission": submission})
        return view(request, submission, token, **others)

    return found


@behind_a_link
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


@behind_a_link
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
