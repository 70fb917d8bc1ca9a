"""Pages with which practitioners put themselves into the directory: suggest, confirm, change, take away."""

from django.db import transaction
from django.shortcuts import render

from directory.choices import PublicationState
from directory.links import answer_with_letter, behind_a_link, link_refused
from directory.networks import network_of
from directory.private import private_form
from practitioners.choices import Side
from practitioners.forms_joining import AddForm, OwnForm
from practitioners.joining import WORDS, save_own, suggest, withdraw_own
from practitioners.links import practitioner_of


@private_form
def add(request):
    """Show the form for one's own page, or save it and send the link to it."""
    form = AddForm(request.POST if request.method == "POST" else None)

    def do():
        return suggest(form, network=network_of(request), absolute=request.build_absolute_uri)

    return answer_with_letter(request, form, "practitioners/add.html", do)


@behind_a_link
@transaction.atomic
def own_entry(request, token):
    """Show a practitioner their own page as a form; save it, or take the page away."""
    posted = request.method == "POST"
    practitioner = practitioner_of(token, lock=posted)
    if practitioner is None:
        return link_refused(request, "practitioners:own_link")
    hidden = practitioner.state == PublicationState.ARCHIVED
    context = {"practitioner": practitioner, "done": ""}
    if posted and not hidden and "withdraw" in request.POST:
        withdraw_own(practitioner)
        hidden = True
    if hidden:
        return render(request, "practitioners/own_hidden.html")
    form = OwnForm(request.POST if posted else None, instance=practitioner)
    status = 200
    if posted:
        first = practitioner.consent_given_on is None
        if form.is_valid():
            save_own(form)
            context["done"] = "confirmed" if first else "saved"
            form = OwnForm(instance=practitioner)
        else:
            status = 422
            # The form has set what is wrong on the object, too; the page shows it from the form alone.
            practitioner.refresh_from_db()
    asked = practitioner.supports.waiting_for(Side.PRACTITIONER).count()
    waiting = [form.fields[name].label for name in WORDS if name in practitioner.proposed]
    return render(
        request,
        "practitioners/own.html",
        context | {"form": form, "waiting": waiting, "token": token, "asked": asked},
        status=status,
    )
