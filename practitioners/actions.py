"""What happens to a practitioner and to no other listing."""

from django.utils.translation import gettext as _

from directory.actions import archive
from directory.choices import Visibility
from directory.history import recording


def withdraw_consent(practitioner, *, by):
    """Hide a practitioner who no longer agrees to be listed. Return whether that changed anything.

    Support and contact details that they agreed to show are shown no longer, also if they come back one day: they would
    have to agree again.
    """
    with recording(by=by, why=_("Consent withdrawn")):
        was_public = archive(practitioner, by=by)
        had_consent = practitioner.consent_given_on is not None
        practitioner.consent_given_on = None
        practitioner.save(update_fields=["consent_given_on", "updated_at"])
        public = practitioner.contacts.filter(visibility=Visibility.EVERYONE)
        hidden = public.update(visibility=Visibility.CURATORS, consented_on=None, consented_how="")
        shown = practitioner.supports.filter(practitioner_agrees=True).update(practitioner_agrees=False)
        return bool(was_public or had_consent or shown or hidden)
