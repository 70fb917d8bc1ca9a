"""The working agreement: a form, a page to print, a document to keep. Nothing of it is stored or logged."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.models import SupportRole
from directory.private import private_form
from practitioners.documents import CONTENT_TYPE, word_document
from practitioners.forms import AgreementForm


@private_form
def working_agreement(request):
    """Show the form; or what was filled in, as a page to print or as a document."""
    if request.method != "POST":
        return _form_page(request, AgreementForm(initial=_first_words(request)))
    form = AgreementForm(request.POST)
    if "change" in request.POST or not form.is_valid():
        return _form_page(request, form)
    if "download" in request.POST:
        response = HttpResponse(word_document(_paragraphs(form)), content_type=CONTENT_TYPE)
        # A slug holds letters, digits and dashes, so no name can break out of the header.
        name = "-".join(filter(None, ["working-agreement", slugify(form.cleaned_data["group"])[:40]]))
        response["Content-Disposition"] = f'attachment; filename="{name}.docx"'
        return response
    return render(request, "practitioners/agreement_print.html", {"form": form, "facts": _facts(form)})


def _form_page(request, form):
    chosen = form["role"].value()
    role = SupportRole.objects.filter(slug=chosen).first() if chosen and "\x00" not in str(chosen) else None
    return render(request, "practitioners/agreement.html", {"form": form, "role": role})


def _first_words(request):
    """Return the role that the address names."""
    return {"role": request.GET.get("role", "")[:50]}


def _facts(form):
    """Return (label, words) for the short lines at the top."""
    values = form.cleaned_data
    return [
        (_("The group"), values["group"]),
        (_("The practitioner"), values["practitioner"]),
        (_("Role"), values["role"].name if values["role"] else ""),
        (_("From"), date_format(values["starts_on"], "j F Y") if values["starts_on"] else ""),
        (_("We look at it again on"), date_format(values["review_on"], "j F Y") if values["review_on"] else ""),
    ]


def _paragraphs(form):
    yield "Title", _("Working agreement")
    for label, words in _facts(form):
        yield "Normal", f"{label}: {words or '………………………'}"
    for heading, text, hint in form.parts:
        yield "Heading1", str(heading)
        yield "Normal", text or str(hint)
    yield "Heading1", _("Agreed")
    for who in (_("For the group, name and date:"), _("The practitioner, name and date:")):
        yield "Normal", f"{who} ………………………………………………"
