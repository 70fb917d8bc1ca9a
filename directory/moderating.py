"""Deciding on what people sent in: field by field, once, by one person. All of it can be taken back."""

import hashlib
import json
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CASCADE
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory import actions, history
from directory.choices import SuggestionKind, SuggestionState
from directory.mail import send_letter
from directory.models import Act, Change, Suggestion
from directory.suggesting import apply, current_values, form_for

_SALT = "directory.moderating"
# The path of a suggestion that names no field.
NOTE = ""


class Choice(NamedTuple):
    """What somebody chose for one field: the value as it shall be written, and why."""

    accepted: bool
    value: Any = ""
    why: str = ""


class Overtaken(Exception):
    """Somebody else was quicker, so nothing was written. `told` says who did what, one sentence each."""

    def __init__(self, told):
        super().__init__()
        self.told = told


def paths_of(suggestion):
    """Return what is to be decided: the paths of its values; one empty path where it is only a note."""
    return list(suggestion.values) or [NOTE]


def token_of(suggestion):
    """Return what a page carries, so that a decision can be refused when it is no longer about what the page showed."""
    return signing.dumps(_shown(suggestion), salt=_SALT)


def decide(suggestion, choices, *, by, seen, reply="", publish=False):
    """Decide on a suggestion with a `Choice` for each path; write what is accepted; return the suggestion.

    `seen` is the token of the page on which somebody chose. All or nothing. With `publish`, a new listing is published.
    Raises `Overtaken`, or `ValidationError` by path.
    """
    why = _("Decided on suggestion %(number)d") % {"number": suggestion.pk}
    with transaction.atomic(durable=True), history.recording(by=by, why=why) as record:
        suggestion = _locked(suggestion)
        _refuse_where_overtaken(suggestion, seen)
        paths = paths_of(suggestion)
        if undecided := [path for path in paths if path not in choices]:
            raise ValidationError(dict.fromkeys(undecided, _("Choose: accept or refuse.")))
        choices = {path: choices[path] for path in paths}
        taken = {path: choice.value for path, choice in choices.items() if choice.accepted and path != NOTE}
        written = _write(suggestion, taken, by=by) if taken else {}
        if publish and taken:
            actions.publish(suggestion.listing, by=by)
        suggestion.state = _state_after(choices)
        suggestion.decisions = {
            path: {"accepted": choice.accepted, "value": written.get(path, ""), "why": choice.why}
            for path, choice in choices.items()
        }
        suggestion.decided_at, suggestion.decided_by, suggestion.reply = timezone.now(), by, reply
        suggestion.act = Act.objects.filter(pk=record.act).first()
        suggestion.save()
    return suggestion


def undo(suggestion, *, by):
    """Take back all that a decision wrote. The decision itself stays on record. Raises `CannotUndo`."""
    with transaction.atomic(durable=True):
        suggestion = _locked(suggestion)
        if suggestion.act is None:
            raise history.CannotUndo(_("This decision changed nothing, so there is nothing to take back."))
        history.undo(suggestion.act, by=by)


def send_answer(suggestion, *, receipt, forget):
    """Mail the answer to whoever left an address; return whether the mail server took it, `None` where nobody did.

    `receipt` is the whole address of the receipt. With `forget`, the address is deleted once the letter is on its way.
    """
    if not suggestion.email or suggestion.state == SuggestionState.WAITING:
        return None
    sent = send_letter(
        to=suggestion.email,
        subject=_("what you sent us"),
        template="directory/suggestion_answer.txt",
        context={"suggestion": suggestion, "receipt": receipt},
    )
    if sent and forget:
        Suggestion.objects.filter(pk=suggestion.pk).update(email="")
    return sent


def _locked(suggestion):
    """Return the suggestion as it is now. Its row, its listing's and those of the parts are locked until the end."""
    suggestion = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if suggestion.object_id is not None:
        model = suggestion.content_type.model_class()
        _lock(model, pk=suggestion.object_id)
        for relation in model._meta.related_objects:
            if relation.on_delete is CASCADE:
                _lock(relation.related_model, **{relation.field.name: suggestion.object_id})
    return suggestion


def _lock(model, **rows):
    list(model._base_manager.select_for_update().filter(**rows).order_by("pk").values_list("pk"))


def _write(suggestion, taken, *, by):
    """Write the accepted values; return what each path holds then."""
    if suggestion.listing is None and suggestion.kind != SuggestionKind.NEW:
        raise ValidationError(_("The listing is gone, so nothing can be accepted."))
    form = form_for(suggestion.content_type.model_class(), suggestion.listing, taken)
    if not form.is_valid():
        raise ValidationError(form.errors)
    written = form.current | form.differences()[0]
    suggestion.listing = apply(suggestion, taken, by=by)
    return {path: written.get(path, "") for path in taken}


def _state_after(choices):
    accepted = [choice.accepted for choice in choices.values()]
    if all(accepted):
        return SuggestionState.ACCEPTED
    return SuggestionState.PARTLY if any(accepted) else SuggestionState.REFUSED


def _shown(suggestion):
    """Return what a page about a suggestion shows, small enough to be carried by it."""
    listing, values, latest = suggestion.listing, {}, 0
    if listing is not None:
        now = current_values(listing) if suggestion.values else {}
        values = {path: digest(now.get(path, "")) for path in suggestion.values}
        changes = Change.objects.about(listing._meta.db_table, [listing.pk])
        latest = changes.order_by("-pk").values_list("pk", flat=True).first() or 0
    return {
        "suggestion": suggestion.pk,
        "state": suggestion.state,
        "listing": listing.state if listing else "",
        "values": values,
        "latest": latest,
    }


def digest(value):
    """Return a short mark of what a page showed, which differs where anything in it does."""
    return hashlib.sha256(json.dumps(value or "", sort_keys=True).encode()).hexdigest()[:16]


def _refuse_where_overtaken(suggestion, seen):
    now = _shown(suggestion)
    try:
        then = signing.loads(seen, salt=_SALT)
    except signing.BadSignature:
        then = {}
    if suggestion.state != SuggestionState.WAITING:
        raise Overtaken([_decided(suggestion)])
    if then.get("suggestion") != suggestion.pk:
        raise Overtaken([_("We could not tell which state of things you saw. Look again, please.")])
    if any(then[key] != now[key] for key in ("listing", "values")):
        raise Overtaken(_done_since(suggestion, then["latest"]))


def _decided(suggestion):
    if suggestion.state == SuggestionState.WITHDRAWN:
        return _("Whoever sent this has taken it back.")
    return _("%(who)s decided on this at %(when)s: %(state)s.") % {
        "who": suggestion.decided_by or _("Somebody"),
        "when": _moment(suggestion.decided_at),
        "state": suggestion.get_state_display(),
    }


def _done_since(suggestion, latest):
    """Return who changed the listing after a change, one sentence for each act."""
    listing = suggestion.listing
    if listing is None:
        return [_("The listing is gone.")]
    changes = Change.objects.about(listing._meta.db_table, [listing.pk]).filter(pk__gt=latest)
    acts = Act.objects.filter(pk__in=changes.values("act")).order_by("at")
    told = [
        _("%(who)s changed it at %(when)s: %(what)s.") % {"who": act.author, "when": _moment(act.at), "what": act}
        for act in acts
    ]
    return told or [_("The listing has been changed.")]


def _moment(moment):
    return date_format(timezone.localtime(moment), "H:i, j F Y")


def earlier(suggestion):
    """Return what else people sent in about the same listing, the latest first."""
    if suggestion.object_id is None or suggestion.kind == SuggestionKind.NEW:
        return Suggestion.objects.none()
    same = Suggestion.objects.filter(content_type=suggestion.content_type_id, object_id=suggestion.object_id)
    return same.exclude(pk=suggestion.pk).select_related("decided_by").order_by("-sent_at", "-pk")
