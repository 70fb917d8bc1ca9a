"""Meeting Guide JSON, read into groups. Nothing here touches the database.

A row of the format is one meeting; this directory lists groups, so rows are brought together:

* Rows with the same `group` and `group_id` (without one: the same `group` and town) are one group, which is what the
  format means by the field. A bare identifier is not believed: feeds repeat them.
* A `group` that only repeats the row's district or region is an area: in one real feed it is the district on every
  row, and would make 26 'groups' out of some 350. It is passed over.
* Other rows with the same name at the same address are one group (40 meetings of one Kansas City group stand so).

Rows that share a name alone are left apart: 'Just for Today' meets in hundreds of towns, and a curator joins two
listings of one group more easily than they part one listing of two. Capitals and punctuation do not count.

What only some meetings of a group say ('women', 'child-friendly') goes into the note of those meetings, since on the
group it would be untrue of the others.
"""

from itertools import groupby

from django.utils.translation import gettext as _

from directory.visibility import is_public
from groups.choices import Access, Audience
from groups.imports.entries import GroupEntry
from groups.imports.feeds import keys_of
from groups.imports.rows import NotTaken, Row, longest_of, read_row
from groups.imports.text import clean, cut, fold, sentences
from groups.models import Meeting


def read(rows, report, default_zone=""):
    """Return the groups that rows tell of; what is not taken or dropped goes into the report."""
    report.rows = len(rows)
    meetings, seen = [], {}
    for number, (values, (key, made_up)) in enumerate(zip(rows, keys_of(rows), strict=True), start=1):
        row = Row(number, values)
        try:
            if not isinstance(values, dict):
                raise NotTaken(_("it is not an object"))
            if key in seen:
                raise NotTaken(_("it says the same as row %(row)d") % {"row": seen[key]})
            meetings.append(read_row(row, key, default_zone))
        except NotTaken as reason:
            report.refuse(number, name_of(values), reason)
            continue
        seen[key] = number
        if made_up:
            row.to_check.append(_("no identifier of its own: known by name, day, time and place"))
        account_for(row, report)
    return bring_together(meetings, report)


def name_of(values):
    """Return what a row calls itself, for the report."""
    name = values.get("name") if isinstance(values, dict) else values
    return cut(clean(name).replace("\n", " "), 80) if isinstance(name, (str, int)) else "–"


def account_for(row, report):
    """Write into the report what fell away from a row that was taken."""
    for kind in row.dropped:
        report.dropped[kind].append(row.number)
    for kind in row.to_check:
        report.to_check[kind].append(row.number)
    report.not_read.update(row.unread())


def bring_together(meetings, report):
    """Return the groups of the meetings, in the order of the feed."""
    share_venues(meetings)
    first = {}
    for meeting in meetings:
        first.setdefault(meeting.group_key, meeting.row)
    ordered = sorted(meetings, key=lambda meeting: (first[meeting.group_key], meeting.row))
    return [group_of(key, list(members), report) for key, members in groupby(ordered, key=lambda each: each.group_key)]


def share_venues(meetings):
    """Let meetings at one place share one venue, which offers what any of them says."""
    venues = {}
    for meeting in meetings:
        if meeting.venue is None:
            continue
        venue = venues.setdefault(meeting.venue.key, meeting.venue)
        venue.access |= meeting.venue.access
        venue.travel_notes = list(dict.fromkeys(venue.travel_notes + meeting.venue.travel_notes))
        # One row that calls the address approximate is enough not to show it.
        if not is_public(meeting.venue.address_visibility):
            venue.address_visibility = meeting.venue.address_visibility
        meeting.venue = venue


def group_of(key, meetings, report):
    """Return one group out of its rows."""
    audiences = set.intersection(*(meeting.audiences for meeting in meetings))
    access = set.intersection(*(meeting.access for meeting in meetings))
    members = any(meeting.is_closed for meeting in meetings)
    group = GroupEntry(
        key=key,
        name=meetings[0].group_name,
        about="\n".join(unique(line for meeting in meetings for line in meeting.about)),
        audiences=sorted(audiences),
        access=sorted(access),
        languages=sorted(set.union(*(meeting.languages for meeting in meetings))),
        anyone=not members and any(meeting.is_open for meeting in meetings),
        members=members,
        contacts=unique(contact for meeting in meetings for contact in meeting.contacts),
        curator_notes="\n".join(unique(meeting.private for meeting in meetings if meeting.private)),
        meetings=meetings,
    )
    for meeting in meetings:
        meeting.note = note_of(meeting, group, report)
    return group


def unique(values):
    """Return values without repeats, in order."""
    return list(dict.fromkeys(values))


def note_of(meeting, group, report):
    """Return the public note of a meeting: what sets it apart in its group, then the feed's own words."""
    parts = []
    if fold(meeting.name) != fold(group.name):
        parts.append(meeting.name)
    if meeting.is_open and group.members:
        parts.append(_("Open meeting: anyone may come."))
    if only_for := sorted(meeting.audiences - set(group.audiences)):
        parts.append(_("Only for: %(whom)s") % {"whom": ", ".join(str(Audience(code).label) for code in only_for)})
    if offers := sorted(meeting.access - set(group.access)):
        parts.append(_("Here: %(what)s") % {"what": ", ".join(str(Access(code).label) for code in offers)})
    note = sentences([*parts, *meeting.notes])
    longest = longest_of(Meeting, "note")
    if len(note) > longest:
        report.dropped[_("notes: cut at %(longest)d characters") % {"longest": longest}].append(meeting.row)
    return cut(note, longest)
