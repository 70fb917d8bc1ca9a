"""Pages on which a practitioner and a group's people say, each behind their own link, that they work together."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse

from directory.contacting import too_many_in_words
from directory.links import behind_a_link, link_refused
from directory.relay import TooMany
from groups.links import group_of
from practitioners import linking
from practitioners.choices import Side
from practitioners.forms_linking import DaysForm, FindForm, ProposeForm, StopForm
from practitioners.links import practitioner_of

# What each button does that needs no form.
PRESSED = {
    "confirm": partial(linking.confirm, show=False),
    "confirm_and_show": partial(linking.confirm, show=True),
    "deny": linking.deny,
    "take_back": linking.take_back,
    "show": linking.show,
    "hide": linking.hide,
    "confirm_days": linking.confirm_days,
    "leave_days": linking.leave_days,
    "drop_days": linking.drop_days,
}


@behind_a_link
@transaction.atomic
def practitioner_supports(request, token):
    """Show a practitioner the groups that they support, and do what the pressed button says."""
    practitioner = practitioner_of(token, lock=request.method == "POST")
    if practitioner is None:
        return link_refused(request, "practitioners:own_link")
    return _page(request, linking.Own(Side.PRACTITIONER, practitioner), back=reverse("practitioners:own", args=[token]))


@behind_a_link
@transaction.atomic
def group_supports(request, token):
    """Show a group's people who supports the group, and do what the pressed button says."""
    group = group_of(token, lock=request.method == "POST")
    if group is None:
        return link_refused(request, "groups:own_link")
    return _page(request, linking.Own(Side.GROUP, group), back=reverse("groups:own", args=[token]))


def _page(request, own, back):
    data = request.POST if own.listing.is_published else {}
    done, wrong, find, propose = "", None, FindForm(side=own.side.other), None
    if "find" in data or "propose" in data:
        find = FindForm(data, side=own.side.other)
        if find.is_valid():
            propose = ProposeForm(data if "propose" in data else None, find=find)
            if propose.is_bound and _propose(own, propose):
                done, find, propose = "propose", FindForm(side=own.side.other), None
        wrong = next((form for form in (propose, find) if form is not None and form.errors), None)
    elif data:
        done, wrong = _press(own, data)
    supports = [
        _shown(own, support, wrong) for support in own.supports().select_related("group", "practitioner", "role")
    ]
    context = {
        "own": own,
        "is_group": own.side == Side.GROUP,
        "back": back,
        "done": done,
        "wrong": wrong,
        "find": find,
        "propose": propose,
        "now": [support for support in supports if not support.ended_on],
        "before": [support for support in supports if support.ended_on],
    }
    return render(request, "practitioners/own_supports.html", context, status=422 if wrong else 200)


def _propose(own, form):
    """Say what the form says. Return whether it was taken; if not, the form says why."""
    if not form.is_valid():
        return False
    values = form.cleaned_data
    try:
        linking.propose(own, values["other"], role=values["role"], started_on=values["started_on"])
    except TooMany as too_many:
        form.add_error(None, too_many_in_words(too_many))
    except ValidationError as refused:
        form.add_error(None, refused)
    return not form.errors


def _press(own, data):
    """Do what the pressed button says to the support that it names. Return what was done, and a form that is wrong."""
    verb = next((each for each in (*PRESSED, "days", "stop") if each in data), "")
    support = _locked(own, data.get(verb, ""))
    if support is None:
        return "nothing", None
    if verb in PRESSED:
        return verb if PRESSED[verb](own, support) else "nothing", None
    form = _form(verb, support, data)
    if not form.is_valid():
        return "", form
    act = linking.say_days if verb == "days" else linking.stop
    return verb if act(own, support, **form.cleaned_data) else "nothing", None


def _locked(own, number):
    keys = {str(pk): pk for pk in own.supports().values_list("pk", flat=True)}
    return own.supports().select_for_update(of=("self",)).filter(pk=keys.get(number)).first()


def _form(verb, support, data=None):
    if verb == "stop":
        return StopForm(data, support=support, prefix=f"stop{support.pk}")
    return DaysForm(data, prefix=f"days{support.pk}")


def _shown(own, support, wrong):
    """Set on a support what its own people see of it, with its forms; one that was filled in wrongly as it is."""
    support.other = support.group if own.side == Side.PRACTITIONER else support.practitioner
    support.mine = own.agrees(support)
    support.theirs = linking.Own(own.side.other, support.other).agrees(support)
    support.asks_me = support.proposed_by == own.side.other
    support.days_ask_me = support.new_days_by == own.side.other
    for verb in ("days", "stop"):
        form = _form(verb, support)
        setattr(support, f"{verb}_form", wrong if wrong is not None and wrong.prefix == form.prefix else form)
    return support
