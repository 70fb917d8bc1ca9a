"""Practitioners as a page shows them."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from directory.wording import confirmed_in_words

MOST_PLACES = 4


def present_practitioners(practitioners):
    """Set on each practitioner what a card shows. Reads only what `for_cards` fetches. Returns the practitioners."""
    for practitioner in practitioners:
        places = [place.name for place in practitioner.places.all()[:MOST_PLACES]]
        if practitioner.online:
            places.append(_("online"))
        words = get_text_list(places, _("and"))
        practitioner.where_words = words[:1].upper() + words[1:]
        practitioner.role_words = get_text_list([role.name for role in practitioner.roles.all()], _("and"))
        practitioner.topic_words = get_text_list(
            [topic.label for topic in practitioner.topics.all()[:MOST_PLACES]], _("and")
        )
        practitioner.confirmed_words = confirmed_in_words(practitioner)
    return practitioners
