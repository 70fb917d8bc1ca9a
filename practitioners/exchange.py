"""Practitioners as rows of a table. Nobody is published by an import without the day of their consent."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.choices import PublicationState
from directory.exchange.cells import Day, YesNo, cell_of
from directory.exchange.links import Links, Places
from directory.exchange.listings import FIRST_COLUMNS, LAST_COLUMNS, ListingExchange, contacts_cell
from directory.exchange.parts import One, Parts
from directory.exchange.resources import Column
from directory.models import Language, SupportArea, SupportRole, Topic
from groups.models import Group
from practitioners.indexing import index_practitioners
from practitioners.models import Practitioner, PractitionerContact, Support


def link_column(name, cell):
    """Return the column for what a practitioner points at."""
    return Column(cell, attribute=name, about=Practitioner._meta.get_field(name).help_text)


class PractitionerExchange(ListingExchange):
    """Practitioners, with the support that they give and their ways to get in touch."""

    kind = "practitioners"
    prefetch = (
        "roles",
        "areas",
        "topics",
        "places",
        "languages",
        "contacts",
        "supports__group",
        "supports__role",
    )
    example = {
        "slug": "sam-okafor",
        "name": "Sam Okafor",
        "summary": "A link worker who helps new groups to find a room.",
        "state": "pending",
        "title": "Social prescriber",
        "profession": "link-worker",
        "sector": "voluntary",
        "organisation": "Kingfisher Community Trust",
        "offers": "A talk at your meeting.\nHelp with a form.",
        "roles": "bridge-builder; resource-builder",
        "areas": "connections",
        "topics": "isolation",
        "places": "Leeds; Bradford",
        "languages": "English",
        "accepting_requests": "yes",
        "consent_given_on": "3 March 2026",
        "contacts": "email | sam-okafor@example.org | relay",
    }

    roles = link_column("roles", Links(SupportRole))
    areas = link_column("areas", Links(SupportArea))
    topics = link_column("topics", Links(Topic, name="label"))
    places = link_column("places", Places())
    languages = link_column("languages", Links(Language, key="code"))
    supports = Column(
        Parts(
            Support,
            "practitioner",
            {
                "group": One(Group),
                "role": One(SupportRole),
                "started_on": Day(empty=None),
                "ended_on": Day(empty=None),
                "boundaries_agreed_on": Day(empty=None),
                "review_on": Day(empty=None),
                "group_agrees": YesNo(),
                "practitioner_agrees": YesNo(),
                **{
                    name: cell_of(Support._meta.get_field(name))
                    for name in ("proposed_by", "new_agreed_on", "new_review_on", "new_days_by")
                },
            },
            key=("group", "role", "started_on"),
        ),
        attribute="supports",
        about=gettext_lazy("Support to groups, which are imported first. Shown where both sides agree."),
    )
    contacts = Column(contacts_cell(PractitionerContact, "practitioner"), attribute="contacts")

    class Meta:
        model = Practitioner
        fields = (
            *FIRST_COLUMNS,
            "consent_given_on",
            "own_email",
            "title",
            "profession",
            "sector",
            "organisation",
            "accepting_requests",
            "about",
            "roles",
            "areas",
            "topics",
            "offers",
            "does_not_offer",
            "places",
            "online",
            "languages",
            "supports",
            "contacts",
            *LAST_COLUMNS,
        )

    def check(self, instance):
        """Refuse to publish somebody who has not agreed."""
        super().check(instance)
        if instance.state == PublicationState.PUBLISHED and instance.consent_given_on is None:
            why = _("Nobody is shown without their consent. Say the day, or set the state to draft.")
            raise ValidationError({"consent_given_on": why})

    def index(self, ids):
        """Write the search rows."""
        index_practitioners(ids)
