"""Groups as rows of a table."""

from directory.exchange.links import Links, Places
from directory.exchange.listings import FIRST_COLUMNS, LAST_COLUMNS, ListingExchange, contacts_cell
from directory.exchange.resources import Column
from directory.models import Language, SupportRole, Topic
from groups.indexing import index_groups
from groups.models import Group, GroupContact


class GroupExchange(ListingExchange):
    """Groups, with their ways to get in touch. Their meetings are a table of their own."""

    kind = "groups"
    prefetch = ("topics", "languages", "serves", "seeking", "contacts")
    example = {
        "slug": "tuesday-talk",
        "name": "Tuesday Talk",
        "summary": "A quiet evening group for people who worry a lot.",
        "state": "pending",
        "about": "Come if worry makes your life smaller. You do not need a diagnosis.",
        "topics": "anxiety; isolation",
        "kind": "mutual-aid",
        "run_by": "members",
        "open_to": "experience; family",
        "ways_in": "drop-in",
        "cost": "free",
        "languages": "English",
        "contacts": "email | tuesday-talk@example.org | relay\nphone | 0113 496 0000 | everyone | Evenings only | no",
        "confirmed_at": "3 March 2026",
        "confirmed_by": "owner",
    }

    topics = Column(Links(Topic, name="label"), attribute="topics", about=Group._meta.get_field("topics").help_text)
    languages = Column(
        Links(Language, key="code"), attribute="languages", about=Group._meta.get_field("languages").help_text
    )
    serves = Column(Places(), attribute="serves", about=Group._meta.get_field("serves").help_text)
    seeking = Column(Links(SupportRole), attribute="seeking", about=Group._meta.get_field("seeking").help_text)
    contacts = Column(contacts_cell(GroupContact, "group"), attribute="contacts")

    class Meta:
        model = Group
        fields = (
            *FIRST_COLUMNS,
            "about",
            "topics",
            "kind",
            "calls_itself",
            "open_to",
            "audiences",
            "age_from",
            "age_to",
            "audience_note",
            "languages",
            "serves",
            "access",
            "first_time",
            "usual_size",
            "ways_in",
            "ways_in_note",
            "time_limited",
            "cost",
            "cost_note",
            "run_by",
            "decisions_by_members",
            "host",
            "founded",
            "ground_rules",
            "confidentiality",
            "safeguarding",
            "seeking",
            "contacts",
            "withdrawn_on",
            *LAST_COLUMNS,
        )

    def index(self, ids):
        """Write the search rows."""
        index_groups(ids)
