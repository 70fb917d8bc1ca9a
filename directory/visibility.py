"""Who may see a value, and who may use it unseen. Every page, feed, search and export asks here."""

from directory.choices import ContactKind, Visibility


def is_public(visibility):
    """Whether a value with this visibility may leave the admin."""
    return visibility == Visibility.EVERYONE


def is_told_when_asked(visibility):
    """Whether a value stays unseen and those it belongs to tell it to whoever writes to them."""
    return visibility == Visibility.RELAY


def public_contacts(contacts):
    """Return the ways to get in touch that anyone may see."""
    return [contact for contact in contacts if is_public(contact.visibility)]


def relay_contact(contacts):
    """Return the e-mail contact that messages are passed on to, or `None`. One that only curators see is never used."""
    addresses = [contact for contact in contacts if contact.kind == ContactKind.EMAIL]
    for visibility in (Visibility.RELAY, Visibility.EVERYONE):
        for contact in addresses:
            if contact.visibility == visibility:
                return contact
    return None
