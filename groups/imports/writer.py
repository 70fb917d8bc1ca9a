"""Groups of a feed, written into the database so that nothing a curator did is lost.

For each group, venue and meeting `LoadedContent` remembers what the import wrote last. A field that still holds it
follows the feed; any other is a curator's and stays. What a curator deleted stays deleted.
"""

import hashlib
import json
from collections import Counter

from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.choices import RESERVED_SLUGS, ForWhom, Nation, PublicationState, Visibility
from directory.geo import box_around, distance_expression
from directory.models import FormerAddress, Language, LoadedContent, Place, SafetyReport
from groups.choices import GroupKind, OpenTo
from groups.duplicates import note_duplicates_of
from groups.imports.addresses import GREAT_BRITAIN
from groups.models import Group, GroupContact, Meeting, Venue

LONGEST_SLUG = 90
# So many new groups are compared at once. The search at night looks at the rest.
MOST_COMPARED = 300
NEAREST_PLACE_KM = (3, 30)  # a small circle first, since towns have many places around them
BRITISH = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND)
# Remembered as a digest only, so that what a curator removes is gone.
PRIVATE = {"contacts", "curator_notes", "join_url", "join_phone"}
GROUP_COLUMNS = ("name", "about", "audiences", "access", "open_to", "curator_notes")
VENUE_COLUMNS = (
    "name",
    "address",
    "locality",
    "region",
    "postcode",
    "country",
    "latitude",
    "longitude",
    "address_visibility",
    "access",
    "travel_notes",
)
MEETING_COLUMNS = (
    "format",
    "frequency",
    "weekdays",
    "weeks_of_month",
    "start_time",
    "minutes",
    "time_zone",
    "join_url",
    "join_phone",
    "note",
)


class Memory:
    """What the import wrote last time into one kind of thing."""

    def __init__(self, source, kind, report):
        self.name = kind
        self.kind = f"feed:{source}:{kind}"
        self.report = report
        self.rows = {row.key: row for row in LoadedContent.objects.filter(kind=self.kind)}
        self.touched = {}

    def settle(self, key, name, current, wanted):
        """Return the fields to write: those that the feed changed and no curator did; the others are reported."""
        row = self.rows.get(key) or LoadedContent(kind=self.kind, key=key, values={})
        written, changes = dict(row.values), {}
        for field, value in wanted.items():
            now, then = remembered(field, current[field]), row.values.get(field)
            untouched = now == then if field in row.values else not current[field]
            if now == remembered(field, value):
                written[field] = now
            elif untouched:
                changes[field], written[field] = value, remembered(field, value)
            else:
                self.report.kept.append({"kind": self.name, "name": name, "field": field})
        self.remember(row, written)
        return changes

    def remember(self, row, values):
        """Keep the values for the end of the import."""
        if row.pk is None or row.values != values:
            row.values = values
            self.touched[row.key] = row
        self.rows[row.key] = row

    def started(self, key, wanted):
        """Remember what was written into something new."""
        row = self.rows.get(key) or LoadedContent(kind=self.kind, key=key)
        self.remember(row, {field: remembered(field, value) for field, value in wanted.items()})

    def rename(self, old, new):
        """Remember under another key."""
        LoadedContent.objects.filter(kind=self.kind, key=new).delete()
        if old in self.rows:
            self.rows[new] = self.rows.pop(old)
            self.rows[new].key = new
            self.rows[new].save()

    def save(self):
        """Write all that is to be remembered."""
        LoadedContent.objects.bulk_create(
            self.touched.values(),
            update_conflicts=True,
            unique_fields=["kind", "key"],
            update_fields=["values", "loaded_at"],
            batch_size=500,
        )


def remembered(field, value):
    """Return a value as it is remembered and compared."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")  # as browsers send back a text that nobody changed
    if field not in PRIVATE or not value:
        return value
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


class Writer:
    """Writes the groups of one feed. Call it inside a transaction."""

    def __init__(self, source, report, *, publish=False, topics=()):
        self.source = source
        self.report = report
        self.publish = publish
        self.topics = list(topics)
        self.memory = {kind: Memory(source, kind, report) for kind in ("group", "venue", "meeting")}
        self.groups = self.find_groups()
        self.venues = {
            venue.external_id: venue for venue in Venue.objects.filter(source=source).exclude(external_id="")
        }
        meetings = Meeting.objects.filter(Q(group__source=source) | Q(group__in=self.groups.values()))
        meetings = meetings.exclude(external_id="").select_related("venue")
        self.meetings = {meeting.external_id: meeting for meeting in meetings}
        # A group's own number before that of one which was merged into it.
        own_last = sorted(self.groups.items(), key=lambda item: item[0] == item[1].external_id)
        self.group_keys = {group.pk: key for key, group in own_last}
        self.new_groups = []
        self.slugs = set(Group.objects.values_list("slug", flat=True)) | set(RESERVED_SLUGS)
        self.slugs |= set(FormerAddress.objects.of(Group).values_list("slug", flat=True))
        self.languages = {language.code: language for language in Language.objects.all()}
        self.seen = {"group": set(), "venue": set(), "meeting": set()}

    def find_groups(self):
        """Return the groups of earlier imports by their number there; one that was merged as what it is a part of."""
        own = Group.objects.filter(source=self.source).exclude(external_id="")
        everything = Group.objects.filter(Q(pk__in=own) | Q(merged_here__in=own)).distinct()
        found = {group.pk: group for group in everything.prefetch_related("contacts", "languages", "topics")}
        numbers = own.values_list("external_id", "pk", "merged_into")
        return {number: found[merged_into or pk] for number, pk, merged_into in numbers}

    def write(self, entries, progress=iter):
        """Write all groups of the feed."""
        self.expected = {entry.key for entry in entries}
        for entry in progress(entries):
            group = self.write_group(entry)
            for meeting in entry.meetings:
                self.write_meeting(meeting, group)
        for memory in self.memory.values():
            memory.save()
        self.report_gone()
        for group, doubles in note_duplicates_of(self.new_groups[:MOST_COMPARED]):
            self.report.looks_like(group, doubles)

    def write_group(self, entry):
        """Return the group of an entry, new or brought up to date; `None` where a curator deleted it."""
        memory, wanted = self.memory["group"], self.group_values(entry)
        group = self.groups.get(entry.key) or self.find_renamed(entry)
        self.seen["group"].add(entry.key)
        if group is None:
            if entry.key in memory.rows:
                return None
            group = self.create_group(entry, wanted)
            self.group_keys[group.pk] = entry.key
            self.new_groups.append(group)
            memory.started(entry.key, wanted)
            self.report.groups["new"] += 1
            return group
        changes = memory.settle(entry.key, group.name, current_group(group, wanted), wanted)
        waits = self.publish and group.state == PublicationState.PENDING
        if waits and not SafetyReport.objects.holding(group).exists():
            group.state, group.state_changed_at = PublicationState.PUBLISHED, timezone.now()
            changes["state"] = group.state
        if changes:
            self.apply_to_group(group, changes)
        self.report.groups["changed" if changes else "unchanged"] += 1
        return group

    def find_renamed(self, entry):
        """Return the group that holds the entry's meetings under a key that the feed no longer has."""
        known = Counter(self.meetings[each.key].group_id for each in entry.meetings if each.key in self.meetings)
        for pk, _count in known.most_common():
            gone = [key for key, group in self.groups.items() if group.pk == pk and key not in self.expected]
            if gone:
                return self.rename(gone[0], entry.key)
        return None

    def rename(self, old, new):
        """Return the group with a key under another one. Where it was merged, the one that was merged has the key."""
        group = self.groups[new] = self.groups.pop(old)
        self.group_keys[group.pk] = new
        self.memory["group"].rename(old, new)
        Group.objects.filter(source=self.source, external_id=old).update(external_id=new)
        if group.source == self.source and group.external_id == old:
            group.external_id = new
        return group

    def group_values(self, entry):
        """Return what the feed says of a group, as it is compared."""
        unknown = [code for code in entry.languages if code not in self.languages]
        for code in unknown:
            rows = [meeting.row for meeting in entry.meetings if code in meeting.languages]
            self.report.dropped[_("language %(code)s, which the directory lacks") % {"code": code}] += rows
        values = {
            "name": entry.name,
            "about": entry.about,
            "audiences": entry.audiences,
            "access": entry.access,
            "open_to": self.open_to(entry),
            "curator_notes": entry.curator_notes,
            "languages": sorted(set(entry.languages) - set(unknown)),
            "contacts": sorted(list(contact) for contact in entry.contacts),
        }
        if self.topics:
            values["topics"] = sorted(topic.slug for topic in self.topics)
        return values

    def open_to(self, entry):
        """Return who may come. A closed meeting is for the people it is about: with family topics, the families."""
        if entry.anyone:
            return [OpenTo.ANYONE]
        if not entry.members:
            return []
        families = self.topics and all(topic.for_whom == ForWhom.FAMILY for topic in self.topics)
        return [OpenTo.FAMILY if families else OpenTo.EXPERIENCE]

    def create_group(self, entry, wanted):
        """Create a group."""
        group = Group(
            source=self.source,
            external_id=entry.key,
            slug=self.free_slug(entry),
            kind=GroupKind.TWELVE_STEP,
            state=PublicationState.PUBLISHED if self.publish else PublicationState.PENDING,
        )
        self.apply_to_group(group, wanted)
        return group

    def apply_to_group(self, group, values):
        """Write fields, languages, topics and contacts of a group."""
        for field in set(values) & set(GROUP_COLUMNS):
            setattr(group, field, values[field])
        group.save()
        if "languages" in values:
            group.languages.set([self.languages[code] for code in values["languages"]])
        if "topics" in values:
            group.topics.set(self.topics)
        if "contacts" in values:
            self.apply_contacts(group, values["contacts"])

    def apply_contacts(self, group, wanted):
        """Add and remove contact ways; one that stays keeps the visibility that a curator gave it."""
        have = {(each.kind, each.value, each.label): each for each in group.contacts.all()}
        for contact in have.keys() - {tuple(each) for each in wanted}:
            have[contact].delete()
        for position, (kind, value, label) in enumerate(wanted):
            if (kind, value, label) not in have:
                GroupContact.objects.create(
                    group=group, kind=kind, value=value, label=label, position=position, visibility=Visibility.CURATORS
                )

    def free_slug(self, entry):
        """Return a readable address that no group has: of the name, with the town, with a number."""
        name = slugify(entry.name)[:LONGEST_SLUG].strip("-") or "group"
        with_town = slugify(f"{name} {entry.town}")[:LONGEST_SLUG].strip("-")
        choices = [name, with_town]
        number = 2
        while choices[0] in self.slugs:
            choices.pop(0)
            if not choices:
                choices = [f"{with_town}-{number}"]
                number += 1
        self.slugs.add(choices[0])
        return choices[0]

    def write_meeting(self, entry, group):
        """Write one meeting; a row whose meeting or group a curator deleted is not taken."""
        memory, meeting = self.memory["meeting"], self.meetings.get(entry.key)
        self.seen["meeting"].add(entry.key)
        if group is None or (meeting is None and entry.key in memory.rows):
            self.report.refuse(entry.row, entry.name, _("a curator removed it from the directory"))
            return
        wanted = meeting_values(entry)
        if entry.venue:
            self.update_venue(entry.venue)
        if meeting is None:
            meeting = Meeting(external_id=entry.key, join_visibility=Visibility.CURATORS)
            self.apply_to_meeting(meeting, wanted, entry, group)
            memory.started(entry.key, wanted)
            self.report.meetings["new"] += 1
            return
        changes = memory.settle(entry.key, entry.name, self.current_meeting(meeting), wanted)
        if changes:
            self.apply_to_meeting(meeting, changes, entry, group)
        self.report.meetings["changed" if changes else "unchanged"] += 1

    def apply_to_meeting(self, meeting, values, entry, group):
        """Write fields, group and venue of a meeting."""
        for field in set(values) & set(MEETING_COLUMNS):
            setattr(meeting, field, entry.start_time if field == "start_time" else values[field])
        if "group" in values:
            meeting.group = group
        if "venue" in values:
            meeting.venue = self.venue_for(entry.venue) if entry.venue else None
        meeting.save()

    def current_meeting(self, meeting):
        """Return what a meeting holds, as it is compared."""
        values = {field: getattr(meeting, field) for field in MEETING_COLUMNS}
        values["start_time"] = f"{meeting.start_time:%H:%M}" if meeting.start_time else None
        venue = meeting.venue
        own = venue and venue.source == self.source and venue.external_id
        values["venue"] = (own or f"#{venue.pk}") if venue else ""
        values["group"] = self.group_keys.get(meeting.group_id, f"#{meeting.group_id}")
        return values

    def venue_for(self, entry):
        """Return the venue of an entry; only a meeting that is to stand there makes a new one."""
        venue = self.venues.get(entry.key)
        if venue is None:
            wanted = self.venue_values(entry)
            venue = self.venues[entry.key] = Venue(source=self.source, external_id=entry.key)
            apply_to_venue(venue, wanted)
            self.memory["venue"].started(entry.key, wanted)
            self.seen["venue"].add(entry.key)
            self.report.venues["new"] += 1
        return venue

    def update_venue(self, entry):
        """Bring a venue up to date, once."""
        venue = self.venues.get(entry.key)
        if venue is None or entry.key in self.seen["venue"]:
            return
        self.seen["venue"].add(entry.key)
        wanted = self.venue_values(entry)
        changes = self.memory["venue"].settle(entry.key, str(venue), current_venue(venue), wanted)
        if changes:
            apply_to_venue(venue, changes)
        self.report.venues["changed" if changes else "unchanged"] += 1

    def venue_values(self, entry):
        """Return what the feed says of a venue, as it is compared."""
        values = {field: getattr(entry, field) for field in VENUE_COLUMNS if hasattr(entry, field)}
        latitude, longitude = entry.point or (None, None)
        country = nation_at(entry.point) if entry.country == GREAT_BRITAIN else entry.country
        changed = {"latitude": latitude, "longitude": longitude, "country": country, "access": sorted(entry.access)}
        return values | changed | {"travel_notes": "\n".join(entry.travel_notes)}

    def report_gone(self):
        """Report what earlier feeds had and this one lacks. It stays: a curator decides."""
        here = {"group": self.groups, "meeting": self.meetings}
        for kind, found in here.items():
            self.report.gone += [
                f"{kind} {key}" for key in sorted(found) if key in self.memory[kind].rows and key not in self.seen[kind]
            ]


def current_group(group, wanted):
    """Return what a group holds, as it is compared."""
    values = {field: getattr(group, field) for field in GROUP_COLUMNS}
    values["languages"] = sorted(language.code for language in group.languages.all())
    values["contacts"] = sorted([each.kind, each.value, each.label] for each in group.contacts.all())
    values["topics"] = sorted(topic.slug for topic in group.topics.all())
    return {field: values[field] for field in wanted}


def meeting_values(entry):
    """Return what the feed says of a meeting, as it is compared."""
    values = {field: getattr(entry, field) for field in MEETING_COLUMNS}
    values["start_time"] = f"{entry.start_time:%H:%M}" if entry.start_time else None
    return values | {"venue": entry.venue.key if entry.venue else "", "group": entry.group_key}


def current_venue(venue):
    """Return what a venue holds, as it is compared."""
    return {field: getattr(venue, field) for field in VENUE_COLUMNS}


def apply_to_venue(venue, values):
    """Write fields of a venue."""
    for field, value in values.items():
        setattr(venue, field, value)
    venue.save()


def nation_at(point):
    """Return the nation of Great Britain and Northern Ireland in which a point lies, by the nearest place we know."""
    if point is None:
        return GREAT_BRITAIN
    places = Place.objects.filter(country__in=BRITISH).annotate(km=distance_expression(point)).order_by("km", "pk")
    for reach in NEAREST_PLACE_KM:
        if nearest := places.filter(box_around(point, reach)).first():
            return nearest.country
    return GREAT_BRITAIN
