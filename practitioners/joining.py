"""How practitioners suggest their own page, agree to it, change it and take it away; without an account."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import actions
from directory.choices import ConfirmedBy, ContactKind, Personal, PublicationState, Visibility
from directory.history import forget, recording
from directory.mail import send_letter
from directory.relay import may_write_to
from practitioners.actions import withdraw_consent
from practitioners.links import own_path
from practitioners.models import DigestSubscription, Practitioner, PractitionerContact

# An entry or a sign-up that nobody has confirmed is removed after so long.
UNCONFIRMED_FOR = timedelta(days=14)
# Whose doing it is, in the history.
OWNER = gettext_lazy("the practitioner")
# Free text on a published page, which a curator reads first. All else is a choice out of a list, or how to reach them.
WORDS = ("name", "title", "organisation", "summary", "about", "offers", "does_not_offer")


@transaction.atomic
def forget_unconfirmed():
    """Remove entries and sign-ups whose address nobody has confirmed in time. Returns how many."""
    before = timezone.now() - UNCONFIRMED_FOR
    entries = list(Practitioner.objects.never_confirmed(before))
    for entry in entries:
        forget(entry)
    sign_ups, _by_model = DigestSubscription.objects.never_confirmed(before).delete()
    return len(entries) + sign_ups


def suggest(form, *, network, absolute):
    """Save a suggested entry, which waits for a curator, and send its link. Returns whether the mail server took it.

    Nothing of the entry stays where the server did not take the letter. Raises `TooMany`.
    """
    data = form.cleaned_data
    with transaction.atomic(durable=True), recording(who=OWNER, why=_("Suggested their page")):
        may_write = may_write_to(data["email"], form=data["stamp"], network=network)
        forget_unconfirmed()
        practitioner = form.instance
        practitioner.own_email = data["email"]
        practitioner.state = PublicationState.PENDING
        # A curator gives it a tidier address with the action for that.
        practitioner.slug = f"{slugify(practitioner.name)[:80]}-{practitioner.uuid.hex[:8]}".strip("-")
        form.save()
        save_contacts(practitioner, data)
    # Nobody is told that there is no letter today. So nothing is lost: their link comes when they ask for it tomorrow.
    if not may_write or _send_link(practitioner.own_email, [practitioner], absolute):
        return True
    forget(practitioner)
    return False


def send_own_links(*, email, form, network, absolute):
    """Send the links for an address, or a letter that there are none: so the page need not say which. Raises `TooMany`.

    Returns whether the mail server took the letter.
    """
    with transaction.atomic(durable=True):
        if not may_write_to(email, form=form, network=network):
            return True
    return _send_link(email, list(Practitioner.objects.looked_after_by(email)), absolute)


def _send_link(email, practitioners, absolute):
    return send_letter(
        to=email,
        subject=_("your link"),
        template="practitioners/own_link.txt",
        context={"links": [absolute(own_path(each)) for each in practitioners]},
    )


@recording(who=OWNER, why=gettext_lazy("Changed their page"))
def save_own(form):
    """Save what a practitioner changed on their own page, whose row is locked.

    Consent, choices and ways to get in touch count at once. New words on a published page wait for a curator, while the
    page stays as it was: so nobody who was let in once can put anything they like on the site.
    """
    practitioner = form.instance
    practitioner.proposed = {}
    if practitioner.is_published:
        before = Practitioner.objects.get(pk=practitioner.pk)
        for name in WORDS:
            if form.cleaned_data[name] != getattr(before, name):
                practitioner.proposed[name] = form.cleaned_data[name]
            setattr(practitioner, name, getattr(before, name))
    if practitioner.consent_given_on is None:
        practitioner.consent_given_on = timezone.localdate()
    form.save()
    save_contacts(practitioner, form.cleaned_data)
    actions.confirm(practitioner, by=None, confirmed_by=ConfirmedBy.OWNER)


def save_contacts(practitioner, data):
    """Save how a practitioner wants to be reached. What curators noted beside it stays."""
    shown = Visibility.EVERYONE if data["show_email"] else Visibility.RELAY
    own = {"kind": ContactKind.EMAIL, "value": practitioner.own_email}
    email = practitioner.contacts.filter(**own).first() or PractitionerContact(practitioner=practitioner, **own)
    if email.visibility != shown or email.pk is None:
        email.visibility, email.personal = shown, Personal.YES
        email.note_consent(_("on their own page"))
        email.save()
    for kind in (ContactKind.PHONE, ContactKind.WEBSITE):
        _save_contact(practitioner, kind, data[kind])


def shown_contact(practitioner, kind):
    """Return the public contact of a kind that the form of a practitioner shows, or `None`. Others are curators'."""
    return practitioner.contacts.public().filter(kind=kind).first()


def _save_contact(practitioner, kind, value):
    contact = shown_contact(practitioner, kind)
    if contact and not value:
        contact.delete()
    elif value and (contact is None or contact.value != value):
        contact = contact or PractitionerContact(
            practitioner=practitioner, kind=kind, visibility=Visibility.EVERYONE, position=1
        )
        contact.value, contact.personal = value, Personal.YES
        contact.note_consent(_("on their own page"))
        contact.save()


@recording(who=OWNER, why=gettext_lazy("Took their page away"))
def withdraw_own(practitioner):
    """Hide a practitioner who takes their page away."""
    practitioner.proposed = {}
    practitioner.save(update_fields=["proposed"])
    withdraw_consent(practitioner, by=None)


def take_proposed(practitioner, *, by):
    """Put the new words on the page. Return whether there were any. Raises `ValidationError`."""
    with recording(by=by, why=_("New words taken")):
        practitioner.refresh_from_db(from_queryset=Practitioner.objects.select_for_update())
        if not practitioner.proposed:
            return False
        for name in WORDS:
            setattr(practitioner, name, practitioner.proposed.get(name, getattr(practitioner, name)))
        practitioner.proposed = {}
        practitioner.full_clean()
        practitioner.save()
        return True


def leave_proposed(practitioner, *, by):
    """Keep the page as it is, and forget the new words. Return whether there were any."""
    with recording(by=by, why=_("New words left")):
        practitioner.refresh_from_db(from_queryset=Practitioner.objects.select_for_update())
        if not practitioner.proposed:
            return False
        practitioner.proposed = {}
        practitioner.save(update_fields=["proposed", "updated_at"])
        return True
