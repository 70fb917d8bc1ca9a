"""Practitioners as a page shows them."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from directory.wording import confirmed_in_words


def present_practitioners(practitioners):
    """Set on each practitioner what a card shows. Reads only what `for_cards` fetches. Returns the practitioners."""
    for practitioner in practitioners:
        practitioner.where_words = where_in_words(practitioner.place_names, practitioner.online)
        practitioner.role_words = get_text_list(practitioner.role_names, _("and"))
        practitioner.topic_words = get_text_list(practitioner.topic_labels, _("and"))
        practitioner.confirmed_words = confirmed_in_words(practitioner)
    return practitioners


def where_in_words(places, online):
    """Return where somebody works, of the names of places: 'Leeds, York and online'."""
    words = get_text_list([*places, *([_("online")] if online else [])], _("and"))
    return words[:1].upper() + words[1:]
