"""The page of one suggestion in the admin: each field beside what is there now, decided on and taken back."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from directory import moderating, safety
from directory.choices import Hides, SuggestionKind, SuggestionState
from directory.history import CannotUndo
from directory.models import ReplyTemplate, Suggestion
from directory.moderating import Choice, Overtaken
from directory.suggesting import form_for, read_posted
from selfhelp.deciding import rows_of
from selfhelp.queue import looks_like, may_change, may_open, risk_in_words, suggestions_for

ACCEPT, REFUSE = "accept", "refuse"
ALL, NONE, TICKED, PUBLISH, FILL_IN = "all", "none", "ticked", "publish", "fill-in"
SHOW, UPHELD, HARMLESS = "show", "upheld", "harmless"
MOST_EARLIER = 10


class DecisionForm(forms.Form):
    """What somebody chose, field by field, and the answer to whoever sent it."""

    do = forms.ChoiceField(choices=[(each, each) for each in (ALL, NONE, TICKED, PUBLISH, FILL_IN)])
    seen = forms.CharField(max_length=100_000, required=False)
    template = forms.ModelChoiceField(
        label=gettext_lazy("Start from a ready-made answer"),
        queryset=ReplyTemplate.objects.all(),
        required=False,
        empty_label=gettext_lazy("Choose one"),
    )
    reply = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("Whoever sent this reads it on the page of their receipt."),
        max_length=Suggestion.LONGEST_REPLY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, data=None, *, paths):
        super().__init__(data, prefix="decision")
        self.paths = paths
        for path in paths:
            self.fields[f"accept.{path}"] = forms.ChoiceField(
                choices=[(ACCEPT, _("Accept")), (REFUSE, _("Refuse"))], required=False, widget=forms.RadioSelect
            )
            self.fields[f"why.{path}"] = forms.CharField(label=_("Why"), required=False, max_length=300)

    def choices(self, values):
        """Return a `Choice` for each path on which somebody decided, with the values that they left in the widgets."""
        done = self.cleaned_data["do"]
        of_all = {ALL: ACCEPT, PUBLISH: ACCEPT, NONE: REFUSE}.get(done)
        chosen = {path: of_all or self.cleaned_data[f"accept.{path}"] for path in self.paths}
        return {
            path: Choice(choice == ACCEPT, values.get(path, ""), self.cleaned_data[f"why.{path}"])
            for path, choice in chosen.items()
            if choice
        }


class ConcernForm(forms.Form):
    """A button under a safety concern, and the answer to whoever sent it."""

    do = forms.ChoiceField(choices=[(each, each) for each in (*Hides.values, SHOW, UPHELD, HARMLESS)])
    reply = forms.CharField(max_length=Suggestion.LONGEST_REPLY, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request, pk):
    """Show a suggestion, and decide on it."""
    found = _find(request, pk)
    if request.method != "POST":
        return _page(request, found)
    if found.kind == SuggestionKind.SAFETY:
        raise PermissionDenied
    paths = moderating.paths_of(found)
    posted = _values(found, request.POST)
    form = DecisionForm(request.POST, paths=paths)
    if not form.is_valid():
        return _page(request, found, form=form, values=posted, status=422)
    done = form.cleaned_data["do"]
    if done == FILL_IN:
        return _page(request, found, form=_filled_in(form), values=posted)
    if done == PUBLISH and not _may_publish(request.user, found):
        raise PermissionDenied
    try:
        decided = moderating.decide(
            found,
            form.choices(posted),
            by=request.user,
            seen=form.cleaned_data["seen"],
            reply=form.cleaned_data["reply"],
            publish=done == PUBLISH,
        )
    except Overtaken as overtaken:
        return _page(request, _find(request, pk), form=form, values=posted, told=overtaken.told, status=409)
    except ValidationError as error:
        return _page(request, found, form=form, values=posted, error=error, status=422)
    _tell(request, decided)
    return redirect("admin:queue")


@require_POST
def concern(request, pk):
    """Do what a button under a safety concern says."""
    found = _find(request, pk)
    if found.kind != SuggestionKind.SAFETY:
        raise PermissionDenied
    form = ConcernForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("We could not read that, so nothing has changed."))
        return redirect("admin:suggestion", pk)
    done, reply = form.cleaned_data["do"], form.cleaned_data["reply"]
    try:
        if done in {UPHELD, HARMLESS}:
            changed = safety.close(found, by=request.user, upheld=done == UPHELD, reply=reply)
        elif done == SHOW:
            changed = safety.show_again(found, by=request.user)
        else:
            changed = safety.hide(found, by=request.user, hides=done)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("admin:suggestion", pk)
    if not changed:
        messages.info(request, _("It was so already. Nothing has changed."))
    elif done in {UPHELD, HARMLESS}:
        _tell(request, found)
        return redirect("admin:queue")
    else:
        messages.success(request, _("It is shown again.") if done == SHOW else _("It is hidden now."))
    return redirect("admin:suggestion", pk)


@require_POST
def undo(request, pk):
    """Take back what a decision wrote."""
    found = _find(request, pk)
    if found.kind == SuggestionKind.SAFETY:
        raise PermissionDenied
    try:
        moderating.undo(found, by=request.user)
    except CannotUndo as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _("It is undone. All is as it was before the decision."))
    return redirect("admin:suggestion", pk)


@require_POST
def answer(request, pk):
    """Mail the answer once more, where the mail server did not take it."""
    found = _find(request, pk)
    _mail(request, found)
    return redirect("admin:suggestion", pk)


def _find(request, pk):
    """Return the suggestion, as it is in the database now."""
    if not may_open(request.user):
        raise PermissionDenied
    rows = Suggestion.objects.select_related("content_type", "decided_by", "act__undone_by__undone_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    if not suggestions_for(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return found


def _may_publish(user, found):
    return found.kind == SuggestionKind.NEW and may_change(user, found.content_type.model_class())


def _values(found, data):
    """Return what somebody left in the widgets of the page."""
    if not found.values:
        return {}
    form = form_for(found.content_type.model_class(), found.listing, found.values)
    return read_posted(form, [path for path in found.values if path in form], data)


def _filled_in(form):
    """Return the form with the words of the chosen ready-made answer below what was typed already."""
    template = form.cleaned_data["template"]
    words = [form.cleaned_data["reply"], template.text if template else ""]
    data = form.data.copy()
    data[form.add_prefix("reply")] = "\n\n".join(filter(None, words))
    return DecisionForm(data, paths=form.paths)


def _page(request, found, *, form=None, values=None, told=(), error=None, status=200):
    form = form or DecisionForm(paths=moderating.paths_of(found))
    errors = error.message_dict if error is not None and hasattr(error, "error_dict") else {}
    general = [] if error is None or errors else error.messages
    model, listing = found.content_type.model_class(), found.listing
    rows = rows_of(found, form, values=values, errors=errors)
    shown = {row.path for row in rows}
    context = admin.site.each_context(request) | {
        "title": found.title,
        "subtitle": None,
        "suggestion": found,
        "waits": found.state == SuggestionState.WAITING,
        "risk": risk_in_words(found.risk),
        "listing": listing,
        "listing_admin": _admin_address(request.user, listing),
        "earlier": moderating.earlier(found)[:MOST_EARLIER],
        "alike": looks_like(model, found.values) if found.kind == SuggestionKind.NEW else [],
        "form": form,
        "rows": rows,
        # Where nothing but the answer or a mistake came in between, it is still about what they saw first.
        "token": moderating.token_of(found) if told or not form.is_bound else form["seen"].value(),
        "told": told,
        "wrong": [*general, *(text for path, texts in errors.items() if path not in shown for text in texts)],
        "is_wrong": bool(error or form.errors),
        # What a safety concern hid has its own way back.
        "may_undo": bool(found.act) and not found.is_undone and found.kind != SuggestionKind.SAFETY,
        "may_publish": _may_publish(request.user, found),
    }
    return TemplateResponse(request, "admin/suggestion.html", context, status=status)


def _admin_address(user, listing):
    if listing is None or not may_change(user, type(listing)):
        return ""
    return reverse(f"admin:{listing._meta.app_label}_{listing._meta.model_name}_change", args=[listing.pk])


def _tell(request, decided):
    """Say what came of it, and mail the answer."""
    page = format_html('<a href="{}">{}</a>', reverse("admin:suggestion", args=[decided.pk]), decided.title)
    words = format_html("{}: {}", page, decided.get_state_display())
    messages.success(request, words)
    _mail(request, decided)


def _mail(request, decided):
    receipt = request.build_absolute_uri(reverse("receipt", args=[decided.uuid]))
    sent = moderating.send_answer(decided, receipt=receipt, forget=settings.MAIL_GOES_OUT)
    if sent is None:
        return
    if not sent:
        messages.error(
            request,
            _("The mail server did not take the answer. It stands on the page of the receipt, and you can try again."),
        )
    elif settings.MAIL_GOES_OUT:
        messages.success(request, _("The answer is on its way. Their address is deleted."))
    else:
        messages.warning(
            request,
            _("There is no mail server, so the answer has not gone out. It stands on the page of the receipt."),
        )
