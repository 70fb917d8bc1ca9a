"""What people may suggest about a group: its own fields, its meetings, and the ways to get in touch."""

from django.utils.translation import gettext_lazy as _

from directory.choices import Visibility
from directory.models import Topic
from directory.suggesting import ListingForm, PartKind, register
from directory.suggesting.forms import Section
from directory.visibility import is_public
from groups.forms_suggesting import ContactFields, GroupFields, MeetingFields
from groups.models import Group
from groups.suggested import CONTACT, HIDDEN_WITH_THE_ADDRESS, JOINING, prefetch, read_group, write_group
from groups.wording import meeting_in_words

MOST_MEETINGS = 6
MOST_CONTACTS = 6
# How much to look out for: that a group is said to have ended; that people are led elsewhere; that an address is shown.
RISK_ENDED, RISK_LED_AWAY, RISK_SHOWN, RISK_SENSITIVE = 40, 30, 20, 10
LEADS_AWAY = {*JOINING, "join_visibility", "kind", "value", "gone"}


@register
class GroupForm(ListingForm):
    """All of a group that people may suggest."""

    model = Group
    main = GroupFields
    parts = {
        "meetings": PartKind(MeetingFields, MOST_MEETINGS, _("Meeting"), _("Add a meeting")),
        "contacts": PartKind(ContactFields, MOST_CONTACTS, _("Way to get in touch"), _("Add a way to get in touch")),
    }
    sections = (
        Section(_("What is it?"), ("name", "summary", "topics", "about", "kind", "calls_itself"), folded=False),
        Section(_("When is it, and where?"), kind="meetings", folded=False),
        Section(_("How do people get in touch?"), kind="contacts", folded=False),
        Section(
            _("Who is it for?"),
            ("open_to", "audiences", "age_from", "age_to", "audience_note", "languages", "serves"),
        ),
        Section(
            _("How do people come the first time?"),
            ("ways_in", "ways_in_note", "time_limited", "first_time", "usual_size"),
        ),
        Section(_("What does it cost, and can everyone get in?"), ("cost", "cost_note", "access")),
        Section(
            _("Who runs it, and is it private?"),
            (
                "run_by",
                "decisions_by_members",
                "host",
                "founded",
                "ground_rules",
                "confidentiality",
                "safeguarding",
                "seeking",
            ),
        ),
    )

    @classmethod
    def read(cls, listing):
        """Return all values of a group by path."""
        return read_group(listing)

    @classmethod
    def hidden(cls, listing):
        """Return the paths whose values the public may not see."""
        prefetch(listing)
        hidden = set()
        for meeting in listing.meetings.all():
            names = []
            if meeting.venue is None or not meeting.venue.exact_address_public:
                names += HIDDEN_WITH_THE_ADDRESS
            if not is_public(meeting.join_visibility) and any(getattr(meeting, name) for name in JOINING):
                names += [*JOINING, "join_visibility"]
            hidden |= {f"meetings.{meeting.pk}.{name}" for name in names}
        for contact in listing.contacts.all():
            if not is_public(contact.visibility):
                hidden |= {f"contacts.{contact.pk}.{name}" for name in CONTACT}
        return hidden

    def part_title(self, prefix):
        """Return when a meeting is, or what kind of way to get in touch it is."""
        kind, _dot, key = prefix.partition(".")
        rows = getattr(self.listing, kind).all() if self.listing and key.isdigit() else ()
        for row in rows:
            if str(row.pk) == key:
                return meeting_in_words(row) if kind == "meetings" else row.get_kind_display()
        return super().part_title(prefix)

    def risk(self, values):
        """Return how much a curator has to look out for."""
        names = {path.rpartition(".")[2] for path in values if path.startswith(("meetings.", "contacts."))}
        topics = values.get("topics") or self.current.get("topics", [])
        return (
            RISK_ENDED * bool(values.get("ended"))
            + RISK_LED_AWAY * bool(self.listing and names & LEADS_AWAY)
            + RISK_SHOWN * any(self._shows(path, value) for path, value in values.items())
            + RISK_SENSITIVE * Topic.objects.filter(slug__in=topics, sensitive=True).exists()
        )

    def _shows(self, path, value):
        name = path.rpartition(".")[2]
        return value is True and name == "show_address" or value == Visibility.EVERYONE and name.endswith("visibility")

    def write(self, *, by):
        """Put the cleaned values into the group, or a new one that waits for a curator."""
        return write_group(self, by=by)
