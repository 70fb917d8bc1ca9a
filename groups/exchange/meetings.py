"""Meetings as rows of a table, each with its breaks, its changed dates and its venue."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.choices import Weekday
from directory.exchange import bulk
from directory.exchange.cells import Clock, Code, Day, Several, Text, YesNo
from directory.exchange.listings import is_uuid
from directory.exchange.parts import One, Parts
from directory.exchange.resources import Column, Exchange
from directory.models import FormerAddress
from groups.exchange.venues import VENUE_COLUMNS, Venues, venue_column
from groups.indexing import index_groups
from groups.models import Group, Meeting, MeetingBreak, MeetingException, Venue

DAYS = [(day.number, day.value, day.label) for day in Weekday]
MONTHS_OF_THE_YEAR = [(number, str(name)[:3].lower(), name) for number, name in MONTHS.items()]
WEEKS = [
    (1, "first", "1", "1st"),
    (2, "second", "2", "2nd"),
    (3, "third", "3", "3rd"),
    (4, "fourth", "4", "4th"),
    (5, "fifth", "5", "5th"),
    (-1, "last", "-1"),
]
# What makes a meeting another one, where a row has no uuid.
WHEN = (
    "frequency",
    "interval",
    "weekdays",
    "weeks_of_month",
    "day_of_month",
    "months",
    "dates",
    "start_time",
    "format",
    "room",
)


class GroupCell(One):
    """The group of a meeting, by its address or one that it had before, or by its uuid."""

    def __init__(self):
        super().__init__(Group)

    def expect(self, slugs):
        """Look several up at once."""
        super().expect(slugs)
        former = FormerAddress.objects.of(Group).filter(slug__in=slugs)
        self.ids.update({slug: pk for slug, pk in former.values_list("slug", "object_id") if slug not in self.ids})
        ids = [text for text in slugs if is_uuid(text)]
        self.ids.update({str(uuid): pk for uuid, pk in Group.objects.filter(uuid__in=ids).values_list("uuid", "pk")})


class MeetingExchange(Exchange):
    """Meetings. A row without a uuid is a new one, unless the group meets so already: that it may not change."""

    kind = "meetings"
    order = ("group__slug", "pk")
    prefetch = ("breaks", "exceptions")
    also_written = ("changed_at", "next_at", "group", "venue")
    times = ("changed_at",)
    example = {
        "group": "tuesday-talk",
        "format": "in-person",
        "frequency": "weekly",
        "weekdays": "Tuesday",
        "start_time": "7pm",
        "minutes": "90",
        "breaks": "22 December 2026 | 4 January 2027 | no | Christmas",
        "venue_name": "The Old Reading Rooms",
        "venue_kind": "community-centre",
        "address": "4 Lantern Yard",
        "locality": "Headingley",
        "postcode": "LS6 3AA",
        "country": "ENG",
        "address_visibility": "everyone",
        "venue_access": "step-free; hearing-loop",
    }

    group = Column(GroupCell(), attribute="group", own=False)
    weekdays = Column(Several(Code(DAYS)), attribute="weekdays", about=gettext_lazy("Public."))
    weeks_of_month = Column(
        Several(Code(WEEKS)), attribute="weeks_of_month", about=gettext_lazy("For monthly meetings. Public.")
    )
    months = Column(
        Several(Code(MONTHS_OF_THE_YEAR)), attribute="months", about=gettext_lazy("Only where not all year. Public.")
    )
    breaks = Column(
        Parts(
            MeetingBreak,
            "meeting",
            {"starts_on": Day(), "ends_on": Day(empty=None), "yearly": YesNo(), "reason": Text(empty="")},
            key=("starts_on",),
        ),
        attribute="breaks",
        about=gettext_lazy("Days without the meeting. Public."),
    )
    exceptions = Column(
        Parts(
            MeetingException,
            "meeting",
            {"on": Day(), "moved_to_on": Day(empty=None), "moved_to_time": Clock(empty=None), "note": Text(empty="")},
            key=("on",),
            # What a rule of today does not give may have been a date of the rule before.
            cleans=False,
        ),
        attribute="exceptions",
        about=gettext_lazy("Dates that are cancelled, or moved to another. Public."),
    )
    venue_uuid = venue_column("uuid")
    venue_name = venue_column("name")
    venue_kind = venue_column("kind")
    address = venue_column("address")
    locality = venue_column("locality")
    region = venue_column("region")
    postcode = venue_column("postcode")
    country = venue_column("country")
    latitude = venue_column("latitude")
    longitude = venue_column("longitude")
    address_visibility = venue_column("address_visibility")
    venue_access = venue_column("access")
    access_notes = venue_column("access_notes")
    travel_notes = venue_column("travel_notes")
    venue_source = venue_column("source")
    venue_external_id = venue_column("external_id")
    venue_sample = venue_column("sample")

    class Meta:
        model = Meeting
        fields = (
            "uuid",
            "group",
            "format",
            "frequency",
            "interval",
            "weekdays",
            "weeks_of_month",
            "day_of_month",
            "months",
            "dates",
            "starts_on",
            "ends_on",
            "start_time",
            "minutes",
            "time_zone",
            "skips_bank_holidays",
            "breaks",
            "exceptions",
            "room",
            "join_url",
            "join_phone",
            "passcode",
            "join_visibility",
            "note",
            "external_id",
            *VENUE_COLUMNS,
            "changed_at",
        )

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        """Return the column; the moment of the last change is kept for new rows."""
        column = super().field_from_django_field(field_name, django_field, readonly)
        column.only_new = field_name in cls.times
        return column

    def filter_export(self, queryset, **kwargs):
        """Return those chosen, with their groups and venues."""
        return super().filter_export(queryset).select_related("group", "venue")

    def name_of(self, row):
        """Return the group, and when."""
        return " ".join(filter(None, (row.get("group", ""), row.get("weekdays", ""), row.get("start_time", ""))))

    # Which meeting a row is about

    def fetch(self):
        """Fetch the groups and the meetings that the rows may be about."""
        groups = self.fields["group"].widget
        groups.expect(self.texts("group"))
        ids = {UUID(text) for text in self.texts("uuid") if is_uuid(text)}
        without = {groups.ids.get(row.get("group")) for row in self.rows if not row.get("uuid")} - {None}
        there = self.filter_export(self.get_queryset().filter(Q(uuid__in=ids) | Q(group__in=without)))
        self.venues = Venues(self)
        self.by_uuid, self.by_number, self.by_when, self.groups_before = {}, {}, {}, {}
        for meeting in there.order_by("pk").select_for_update(of=("self",), no_key=True):
            self.venues.share(meeting)
            self.by_uuid[meeting.uuid] = meeting
            self.groups_before[meeting.pk] = meeting.group_id
            self.by_number[meeting.group_id, meeting.external_id] = meeting
            when = (meeting.group_id, *(self.fields[name].now(meeting) for name in WHEN))
            self.by_when.setdefault(when, []).append(meeting)
        self.venues.fetch()

    def find(self, row):
        """Return the meeting that a row is about, or `None` for a new one."""
        self.only_by_when = False
        uuid, group = self.read_cell(row, "uuid"), self.read_cell(row, "group")
        if uuid:
            found = self.by_uuid.get(uuid)
        elif group is None:
            found = None
        elif row.get("external_id"):
            found = self.by_number.get((self.group_id(group), row["external_id"]))
        else:
            self.only_by_when = True
            alike = self.by_when.get(self.when_of(row), [])
            if len(alike) > 1:
                raise ValidationError({"uuid": _("The group has several such meetings. Say which, by its uuid.")})
            found = alike[0] if alike else None
        if found is None and group is None:
            raise ValidationError({"group": _("Say which group meets: write its address (slug).")})
        return found

    def group_id(self, slug):
        """Return the primary key of a group."""
        return self.fields["group"].widget.ids[slug]

    def when_of(self, row):
        """Return group, days, time and kind of the meeting in a row."""
        fields = self._meta.model._meta
        said = [self.read_cell(row, name) for name in WHEN]
        usual = [self.fields[name].widget.now(fields.get_field(name).get_default()) for name in WHEN]
        group = self.read_cell(row, "group")
        return (group and self.group_id(group), *(b if a is None else a for a, b in zip(said, usual, strict=True)))

    def keys_of(self, meeting, row):
        """Return what no two rows may share: the meeting; or, of those without uuid, when it is."""
        if meeting.pk or row.get("uuid"):
            return [meeting.pk or row["uuid"]]
        return [(self.when_of(row), row.get("external_id", ""))]

    # What a row changes

    def settle(self, instance, row):
        """Give the meeting its group and its venue."""
        if "group" in self.said:
            instance.group_id = self.group_id(self.said["group"])
            if not self.is_new and instance.group_id == self.groups_before.get(instance.pk, instance.group_id):
                self.values.pop("group", None)
        if not self.wrong:
            self.venues.settle(instance, row)

    def check(self, instance):
        """Refuse a meeting that cannot be, and one that is there already and would change."""
        if self.only_by_when and not self.is_new and self.values:
            raise ValidationError(
                {"uuid": _("The group meets so already. To change that meeting, copy its uuid out of an export.")}
            )
        instance.clean()

    # Writing

    def write(self):
        """Write venues first, then the meetings with their next dates."""
        groups = {each.instance.group_id for each in self.pending}
        found = Group.objects.prefetch_related("serves").in_bulk(groups)
        self.venues.write()
        if any(each.fate.problems for each in self.pending):
            return
        for each in self.pending:
            meeting = each.instance
            meeting.group = found[meeting.group_id]
            meeting.venue = meeting.venue
            meeting.set_next_at()
        super().write()

    def tables(self):
        """Return the models of the tables that an import writes."""
        return [*super().tables(), Venue]

    def write_more(self):
        """Set the next dates of those with breaks and changed dates, and let the search find all groups."""
        again = [each.instance.pk for each in self.pending if "breaks" in each.values or "exceptions" in each.values]
        for part in bulk.batches(again):
            changed = []
            for meeting in Meeting.objects.for_calendars().filter(pk__in=part):
                before = meeting.next_at
                meeting.set_next_at()
                if meeting.next_at != before:
                    changed.append(meeting)
            Meeting.objects.bulk_update(changed, ["next_at"])
        left = {self.groups_before.get(each.instance.pk) for each in self.pending if "group" in each.values} - {None}
        index_groups({*left, *(each.instance.group_id for each in self.pending), *self.venues.groups()})
