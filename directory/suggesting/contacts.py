"""Ways to get in touch, as people may suggest them."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from directory.choices import ContactKind, Visibility
from directory.mail import validate_address, with_plain_domain
from directory.suggesting.fields import ChoiceField, LineField, TickField
from directory.suggesting.forms import PartKind
from directory.suggesting.paths import Block, PartForm
from directory.visibility import is_public

MOST = 6
COLUMNS = ("kind", "value", "label", "visibility")
SEEN_BY = [
    (Visibility.CURATORS, _("Only our curators")),
    (Visibility.RELAY, _("Nobody: pass messages on")),
    (Visibility.EVERYONE, _("Everyone: it is agreed")),
]
# A phone cuts off what is long in a list of choices, so what is agreed stands above it.
WHO_AGREES = _(
    "If in doubt, our curators. Choose ‘Everyone’ only if you organise the group, or if those it belongs to agreed."
)


class ContactFields(PartForm):
    """A way to get in touch with the people behind a listing."""

    gone = TickField(label=_("This no longer works"))
    kind = ChoiceField(ContactKind.choices, empty_label=_("Choose one"), label=_("What is it?"))
    value = LineField(label=_("Address or number"), length=300)
    label = LineField(label=_("More about it"), help_text=_("Such as: evenings only."), length=100)
    visibility = ChoiceField(SEEN_BY, label=_("Who may see it?"), initial=Visibility.CURATORS, help_text=WHO_AGREES)

    blocks = (Block(names=("gone", "kind", "value", "label", "visibility")),)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_new:
            del self.fields["gone"]

    def clean(self):
        """Refuse what is no address or number of its kind."""
        cleaned = super().clean()
        kind, value = cleaned.get("kind", self.current.get("kind")), cleaned.get("value", "")
        if not kind:
            self.add_error("kind", _("Choose what it is."))
        if not value and "value" not in self.withheld:
            self.add_error("value", _("Type the address or number."))
        if value and kind == ContactKind.EMAIL:
            try:
                validate_address(with_plain_domain(value))
            except ValidationError:
                self.add_error("value", _("Type an email address like name@example.org"))
        if value and kind in {ContactKind.WEBSITE, ContactKind.SOCIAL}:
            check_address(self, "value", value)
        return cleaned


def check_address(form, name, url):
    """Refuse what is no address of a web page."""
    try:
        URLValidator(schemes=["https", "http"])(url)
    except ValidationError:
        form.add_error(name, _("Type a web address like https://example.org/"))


CONTACTS = PartKind(ContactFields, MOST, _("Way to get in touch"), _("Add a way to get in touch"))


def read_contacts(listing):
    """Return all values of a listing's ways to get in touch, by path."""
    return {f"contacts.{row.pk}.{name}": getattr(row, name) for row in listing.contacts.all() for name in COLUMNS}


def hidden_contacts(listing):
    """Return the paths whose values the public may not see."""
    hidden = [row.pk for row in listing.contacts.all() if not is_public(row.visibility)]
    return {f"contacts.{pk}.{name}" for pk in hidden for name in COLUMNS}


def write_contacts(listing, parts):
    """Save, add and remove ways to get in touch as their forms say."""
    for key, form in parts:
        if form.cleaned_data.get("gone"):
            listing.contacts.get(pk=key).delete()
            continue
        contact = listing.contacts.model() if form.is_new else listing.contacts.get(pk=key)
        changed = set(COLUMNS) if form.is_new else form.changed_names() & set(COLUMNS)
        for name in changed:
            setattr(contact, name, form.cleaned_data[name])
        if changed & {"value", "visibility"}:
            contact.note_consent(_("on the form"))
        if form.is_new:
            listing.contacts.add(contact, bulk=False)
        elif form.changed_names():
            contact.save()
