"""Safety concerns: taken in, perhaps hiding something at once by a curator's rule, and decided on.

A false report must not take a group away from those who need it. So only reports from different networks count, what
curators have just looked at is left alone, and rules act a few times a day at most. See docs/decisions/0009.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from directory import actions
from directory.choices import (
    Concern,
    ContactKind,
    Hides,
    Personal,
    PublicationState,
    SuggestionKind,
    SuggestionState,
    Visibility,
)
from directory.forms import listing_key
from directory.history import recording
from directory.models import SafetyReport, SafetyRule, Suggestion
from directory.relay import count

# More than so many in a day are no coincidence. Then the rules rest, and people decide.
MOST_A_DAY = 10
# A curator found nothing: the rules leave the listing alone for so long.
LEFT_ALONE_FOR = timedelta(days=30)


def report(listing, *, concern, note, email, form, network):
    """Save a safety concern, let the rules act on it, and return its `Suggestion`. Raises `TooMany`."""
    concern = Concern(concern)
    with transaction.atomic(durable=True):
        # Counted apart from messages: whoever wrote many may still report something.
        count(form=form, network=f"safety {network}")
        forget_senders()
        # One report after the other, so that each counts those before it.
        listing = type(listing)._base_manager.select_for_update().get(pk=listing.pk)
        suggestion = Suggestion.objects.create(
            kind=SuggestionKind.SAFETY,
            listing=listing,
            title=listing.name,
            note=note,
            email=email,
            risk=concern.risk,
        )
        sender = salted_hmac("directory.safety", f"{listing_key(listing)} {network}", algorithm="sha256")
        SafetyReport.objects.create(suggestion=suggestion, concern=concern, sender=sender.hexdigest()[:32])
        _apply_rules(suggestion)
    return suggestion


def forget_senders():
    """Delete the signs by which old reports were told apart. Return how many."""
    return SafetyReport.objects.to_forget().update(sender="")


def _apply_rules(suggestion):
    listing, now = suggestion.listing, timezone.now()
    about = SafetyReport.objects.about(listing)
    if about.not_upheld_since(now - LEFT_ALONE_FOR).exists():
        return
    if SafetyReport.objects.that_a_rule_acted_on_since(now - timedelta(days=1)).count() >= MOST_A_DAY:
        return
    for rule in SafetyRule.objects.on(listing, suggestion.safety.concern):
        # What was there before a curator published it, that curator could have read.
        since = max(now - timedelta(days=rule.within_days), listing.state_changed_at)
        counted = about.waiting().filter(suggestion__sent_at__gte=since)
        if rule.concern:
            counted = counted.filter(concern=rule.concern)
        enough = counted.values("sender").distinct().count() >= rule.reports
        if enough and _hide(suggestion, rule.hides, who=f"safety rule {rule.slug}", why=rule.words):
            suggestion.safety.hid_by_rule = rule.slug
            suggestion.safety.save(update_fields=["hid_by_rule"])
            return


def hide(suggestion, *, by, hides=Hides.LISTING):
    """Hide the listing of a concern, or people's contact details on it, until `show_again` or `close`.

    Returns whether that changed anything.
    """
    return _hide(suggestion, Hides(hides), by=by, why=_("Hidden while a safety concern is looked at"))


def _hide(suggestion, hides, **author):
    safety = suggestion.safety
    with recording(**author) as record:
        listing = _locked(suggestion)
        if hides == Hides.LISTING:
            changed = listing.is_published and actions.hold(listing, by=author.get("by"))
        else:
            changed = _hide_contacts(listing, safety)
        if not changed:
            return False
        if safety.hid != Hides.LISTING:
            safety.hid = hides
        safety.save(update_fields=["hid", "contacts_before"])
        suggestion.act_id = record.act
        suggestion.save(update_fields=["act"])
    return True


def _hide_contacts(listing, safety):
    """Hide what reaches a person. An e-mail address still gets what people write through the form."""
    if not hasattr(listing, "contacts"):
        return False
    shown = list(listing.contacts.public().exclude(personal=Personal.NO))
    for contact in shown:
        safety.contacts_before[str(contact.pk)] = contact.visibility
        is_email = contact.kind == ContactKind.EMAIL
        contact.visibility = Visibility.RELAY if is_email else Visibility.CURATORS
        contact.save(update_fields=["visibility"])
    return bool(shown)


def show_again(suggestion, *, by):
    """Show what a concern hid. Return whether there was anything. Raises `ValidationError`, as publishing does.

    What its own people have hidden or withdrawn since stays so.
    """
    safety = suggestion.safety
    if not safety.hid:
        return False
    with recording(by=by, why=_("Shown again after a safety concern")):
        listing = _locked(suggestion)
        if safety.hid == Hides.LISTING and listing.state == PublicationState.PENDING:
            actions.publish(listing, by=by)
        for key, visibility in safety.contacts_before.items():
            # To hide a contact is to take the consent back: then it cannot come back here.
            for contact in listing.contacts.filter(pk=key, consented_on__isnull=False):
                contact.visibility = visibility
                contact.save(update_fields=["visibility"])
        safety.hid, safety.contacts_before = "", {}
        safety.save(update_fields=["hid", "contacts_before"])
    return True


def close(suggestion, *, by, upheld, reply=""):
    """Decide on a concern. Return whether it was still waiting.

    Not upheld, what it hid is shown again, and the rules leave the listing alone for a while. Upheld, a hidden page is
    archived, and hidden contacts stay hidden. Raises `ValidationError`, as publishing does.
    """
    with recording(by=by, why=_("Safety concern closed")):
        suggestion.refresh_from_db(from_queryset=Suggestion.objects.select_for_update())
        if suggestion.state != SuggestionState.WAITING:
            return False
        if not upheld:
            show_again(suggestion, by=by)
        elif suggestion.safety.hid == Hides.LISTING:
            listing = _locked(suggestion)
            if listing.state == PublicationState.PENDING:
                actions.archive(listing, by=by)
        suggestion.state = SuggestionState.ACCEPTED if upheld else SuggestionState.REFUSED
        suggestion.decided_at, suggestion.decided_by, suggestion.reply = timezone.now(), by, reply
        suggestion.save(update_fields=["state", "decided_at", "decided_by", "reply"])
        suggestion.safety.sender = ""
        suggestion.safety.save(update_fields=["sender"])
    return True


def _locked(suggestion):
    model = suggestion.content_type.model_class()
    return model._base_manager.select_for_update().get(pk=suggestion.object_id)
