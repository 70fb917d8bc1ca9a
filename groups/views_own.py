"""Pages with which a group's own people look after it, without an account."""

from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse

from directory.links import behind_a_link, link_refused
from directory.suggesting.paths import leave_unjudged
from directory.suggesting.shown import mistakes, shown_sections
from groups import owning
from groups.forms_own import OwnGroupForm, SeekingForm
from groups.links import group_of


@behind_a_link
@transaction.atomic
def own_group(request, token):
    """Show a group's people what they can do with its page, and do it. Opening the link alone changes nothing."""
    posted = request.method == "POST"
    group = group_of(token, lock=posted)
    if group is None:
        return link_refused(request, "groups:own_link")
    done = _do(group, request.POST) if posted else ""
    if owning.is_away(group):
        return render(request, "groups/own_away.html", {"group": group})
    return render(
        request,
        "groups/own.html",
        {
            "group": group,
            "token": token,
            "asked": group.supports.waiting_for("group").count(),
            "change_url": reverse("groups:change", args=[token]),
            "done": done,
            "shown": owning.shown_by(group),
            "form": SeekingForm(group=group),
        },
    )


@behind_a_link
@transaction.atomic
def change_group(request, token):
    """Show a group's people its whole page as a form, or save it."""
    posted = request.method == "POST"
    group = group_of(token, lock=posted)
    if group is None:
        return link_refused(request, "groups:own_link")
    back = reverse("groups:own", args=[token])
    if owning.is_away(group):
        return redirect(back)
    form, status = OwnGroupForm(group, data=request.POST if posted else None), 200
    if posted and ("add" in request.POST or "drop" in request.POST):
        for each in form.forms.values():
            leave_unjudged(each)
        form.add_part(request.POST.get("add", ""))
        form.drop_part(request.POST.get("drop", ""))
    elif posted and form.is_valid():
        waiting = owning.change(group, form)
        return render(request, "groups/own_changed.html", {"group": group, "waiting": waiting, "back": back})
    elif posted:
        status = 422
    context = {"group": group, "sections": shown_sections(form), "mistakes": mistakes(form), "back": back}
    return render(request, "groups/own_change.html", context, status=status)


def _do(group, data):
    """Do what the pressed button says. Return what was done, for the page."""
    if owning.is_away(group):
        return "back" if "come_back" in data and owning.come_back(group) else ""
    if "withdraw" in data:
        owning.withdraw(group)
        return "withdrawn"
    if "hide" in data:
        owning.hide(group, data["hide"])
        return "hidden"
    if "seek" in data:
        form = SeekingForm(data, group=group)
        form.is_valid()
        owning.seek(group, form.cleaned_data["seeking"])
        return "seeking"
    if "confirm" in data:
        owning.confirm(group)
        return "confirmed"
    return ""
