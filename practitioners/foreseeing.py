"""What an action of this room would do to practitioners, told before it is done (see `directory.foreseeing`)."""

from django.core.exceptions import ValidationError

from directory.choices import PublicationState, Visibility
from practitioners.joining import WORDS
from practitioners.models import PractitionerContact, Support


def withdraw(practitioners):
    """Foresee that they take back their consent."""
    chosen = {"practitioner__in": practitioners}
    supports = Support.objects.filter(**chosen, practitioner_agrees=True)
    shows = set(supports.values_list("practitioner", flat=True))
    contacts = PractitionerContact.objects.filter(**chosen, visibility=Visibility.EVERYONE)
    shows |= set(contacts.values_list("practitioner", flat=True))
    return {
        each.pk: each.state != PublicationState.ARCHIVED or each.consent_given_on is not None or each.pk in shows
        for each in practitioners
    }


def take_words(practitioners):
    """Foresee that their new words are put on the page."""
    return {each.pk: _taking(each) for each in practitioners}


def _taking(practitioner):
    if not practitioner.proposed:
        return False
    errors = {}
    for name in WORDS:
        if name in practitioner.proposed:
            try:
                practitioner._meta.get_field(name).clean(practitioner.proposed[name], practitioner)
            except ValidationError as error:
                errors[name] = error
    return ValidationError(errors) if errors else True


def leave_words(practitioners):
    """Foresee that their new words are left out."""
    return {each.pk: bool(each.proposed) for each in practitioners}
