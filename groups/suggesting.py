"""What people may suggest about a group: its own fields, its meetings, and the ways to get in touch."""

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from directory.models import Language, SupportRole, Topic
from directory.suggesting import PartKind, register
from directory.suggesting.contacts import CONTACTS
from directory.suggesting.forms import Section
from directory.suggesting.plain import PlainForm
from groups.forms_suggesting import GroupFields, MeetingFields
from groups.models import Group, Meeting
from groups.suggested import hidden_names, read_meeting, write_meetings
from groups.wording import meeting_in_words

MOST_MEETINGS = 6


@register
class GroupForm(PlainForm):
    """All of a group that people may suggest."""

    model = Group
    main = GroupFields
    parts = {
        "meetings": PartKind(MeetingFields, MOST_MEETINGS, _("Meeting"), _("Add a meeting")),
        "contacts": CONTACTS,
    }
    columns = (
        "name",
        "summary",
        "about",
        "kind",
        "calls_itself",
        "open_to",
        "audiences",
        "audience_note",
        "ways_in",
        "ways_in_note",
        "first_time",
        "cost",
        "cost_note",
        "access",
        "run_by",
        "host",
        "ground_rules",
        "confidentiality",
        "safeguarding",
    )
    numbers = ("age_from", "age_to", "usual_size", "founded")
    answers = ("time_limited", "decisions_by_members")
    links = {"topics": (Topic, "slug"), "languages": (Language, "code"), "seeking": (SupportRole, "slug")}
    places = "serves"
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
    def prefetch(cls, listing):
        """Fetch what belongs to a group, once."""
        prefetch_related_objects([listing], Prefetch("meetings", Meeting.objects.for_display()))
        super().prefetch(listing)

    @classmethod
    def read(cls, listing):
        """Return all values of a group by path."""
        values = super().read(listing)
        for meeting in listing.meetings.all():
            values |= {f"meetings.{meeting.pk}.{name}": value for name, value in read_meeting(meeting).items()}
        return values

    @classmethod
    def hidden(cls, listing):
        """Return the paths whose values the public may not see."""
        hidden = super().hidden(listing)
        for meeting in listing.meetings.all():
            hidden |= {f"meetings.{meeting.pk}.{name}" for name in hidden_names(meeting)}
        return hidden

    def part_title(self, prefix):
        """Return when a meeting is, or what kind of way to get in touch it is."""
        kind, _dot, key = prefix.partition(".")
        meetings = self.listing.meetings.all() if self.listing and kind == "meetings" else ()
        titles = {str(meeting.pk): meeting_in_words(meeting) for meeting in meetings}
        return titles.get(key) or super().part_title(prefix)

    def write_parts(self, listing):
        """Save the parts of a group."""
        write_meetings(listing, self.filled_parts("meetings"))
        super().write_parts(listing)
