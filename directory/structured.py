"""Structured data (schema.org, as JSON-LD) for whoever reads pages by machine: public fields only."""

import json

from django.utils.safestring import mark_safe

from directory.choices import ContactKind
from directory.visibility import public_contacts

# As in Django's `json_script`: nothing inside can end the element, or begin a comment.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def filled(values):
    """Return what of the values is not empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def contact_values(contacts):
    """Return the properties that say how anyone may get in touch."""
    found = {}
    for contact in public_contacts(contacts):
        if contact.kind == ContactKind.EMAIL:
            found.setdefault("email", contact.value)
        elif contact.kind == ContactKind.PHONE:
            found.setdefault("telephone", contact.value)
        elif contact.kind in {ContactKind.WEBSITE, ContactKind.SOCIAL}:
            found.setdefault("sameAs", []).append(contact.value)
    return found


def script_of(values):
    """Return the element that holds the values. It is data: no browser runs it, and the site's policy lets it stand."""
    text = json.dumps({"@context": "https://schema.org"} | values, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 escaped above
