"""A group as the form for suggestions holds it: read out of the listing, and put back into it."""

import uuid

from django.db.models import Prefetch, prefetch_related_objects

from directory.actions import archive, slug_for
from directory.choices import Nation, PublicationState
from directory.gazetteer import find_place, named_place
from directory.models import Language, SupportRole, Topic
from groups.forms_suggesting import when_in_columns
from groups.models import Group, GroupContact, Meeting, Venue

# Fields that are columns of their own, as they are.
COLUMNS = (
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
NUMBERS = ("age_from", "age_to", "usual_size", "founded")
ANSWERS = ("time_limited", "decisions_by_members")
ANSWER_OF = {None: "", True: "yes", False: "no"}
LINKS = {"topics": (Topic, "slug"), "languages": (Language, "code"), "seeking": (SupportRole, "slug")}
WHEN = (
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
    "end_time",
    "skips_bank_holidays",
)
HOW = ("room", "join_url", "join_phone", "passcode", "join_visibility", "note")
WHERE = {
    "venue_name": "name",
    "address": "address",
    "locality": "locality",
    "postcode": "postcode",
    "show_address": "exact_address_public",
    "venue_kind": "kind",
    "travel_notes": "travel_notes",
    "venue_access": "access",
    "access_notes": "access_notes",
}
HIDDEN_WITH_THE_ADDRESS = ("venue_name", "address", "postcode", "room", "travel_notes")
JOINING = ("join_url", "join_phone", "passcode")
CONTACT = ("kind", "value", "label", "visibility")


def read_group(group):
    """Return all values of a group by path."""
    prefetch(group)
    values = {name: getattr(group, name) for name in COLUMNS}
    values |= {name: number_of(getattr(group, name)) for name in NUMBERS}
    values |= {name: ANSWER_OF[getattr(group, name)] for name in ANSWERS}
    for name, (_model, key) in LINKS.items():
        values[name] = [getattr(row, key) for row in getattr(group, name).all()]
    values["serves"] = "\n".join(place.full_name for place in group.serves.all())
    values["ended"] = group.state == PublicationState.ARCHIVED
    for meeting in group.meetings.all():
        values |= {f"meetings.{meeting.pk}.{name}": value for name, value in read_meeting(meeting).items()}
    for contact in group.contacts.all():
        values |= {f"contacts.{contact.pk}.{name}": getattr(contact, name) for name in CONTACT}
    return values


def prefetch(group):
    """Fetch what belongs to a group, once."""
    if group.pk:
        meetings = Prefetch("meetings", Meeting.objects.for_display())
        prefetch_related_objects([group], meetings, "contacts", "serves", *LINKS)


def number_of(value):
    """Return a number as the form holds it."""
    return "" if value is None else value


def read_meeting(meeting):
    """Return all values of a meeting by name."""
    values = {name: getattr(meeting, name) for name in ("format", "frequency", "skips_bank_holidays", *HOW)}
    for name in ("weekdays", "weeks_of_month", "months"):
        values[name] = [str(each) for each in getattr(meeting, name)]
    values["interval"] = str(meeting.interval)
    values["day_of_month"] = number_of(meeting.day_of_month)
    values["dates"] = "\n".join(f"{day:%d/%m/%Y}" for day in sorted(meeting.dates))
    for name in ("starts_on", "ends_on"):
        day = getattr(meeting, name)
        values[name] = day.isoformat() if day else ""
    for name in ("start_time", "end_time"):
        clock = getattr(meeting, name)
        values[name] = f"{clock:%H:%M}" if clock else ""
    venue = meeting.venue or Venue()
    return values | {name: getattr(venue, column) for name, column in WHERE.items()}


def write_group(form, *, by):
    """Put the cleaned values of a `GroupForm` into its group, or into a new one that waits for a curator."""
    main, changed = form.forms[""], form.forms[""].changed_names()
    group = form.listing or Group(slug=f"group-{uuid.uuid4().hex[:12]}", state=PublicationState.PENDING)
    for name in changed & {*COLUMNS, *NUMBERS, *ANSWERS}:
        setattr(group, name, column_of(name, main.cleaned_data[name]))
    if form.listing is None:
        group.slug = slug_for(group)
    group.save()
    for name in changed & LINKS.keys():
        model, key = LINKS[name]
        getattr(group, name).set(model.objects.filter(**{f"{key}__in": main.cleaned_data[name]}))
    if "serves" in changed:
        there = {place.full_name: place for place in group.serves.all()}
        names = main.cleaned_data["serves"].splitlines()
        group.serves.set([there.get(name) or named_place(name) for name in names])
    write_meetings(group, form.filled_parts("meetings"))
    for key, part in form.filled_parts("contacts"):
        write_contact(group, key, part)
    if "ended" in changed and main.cleaned_data["ended"]:
        archive(group, by=by)
    return group


def column_of(name, value):
    """Return what a column of the group holds for a value of the form."""
    if name in NUMBERS:
        return None if value == "" else value
    if name in ANSWERS:
        return {answer: column for column, answer in ANSWER_OF.items()}[value]
    return value


def write_meetings(group, parts):
    """Save, add and remove meetings as their forms say."""
    there = {str(meeting.pk): meeting for meeting in group.meetings.select_related("venue")}
    moves = []
    for key, form in parts:
        changed = form.changed_names()
        if form.cleaned_data.get("gone"):
            there[key].delete()
            continue
        meeting = there.get(key) or Meeting(group=group)
        if form.is_new or changed & set(WHEN):
            columns = when_in_columns(form.cleaned_data)
            if not form.is_new and not changed & {"start_time", "end_time"}:
                del columns["minutes"]
            for name, value in columns.items():
                setattr(meeting, name, value)
        for name in HOW if form.is_new else changed & set(HOW):
            setattr(meeting, name, form.cleaned_data[name])
        names = set(WHERE) if form.is_new else changed & set(WHERE)
        where = {WHERE[name]: form.cleaned_data[name] for name in names}
        if where and (meeting.venue_id or where.get("locality")):
            moves.append((meeting, where))
        else:
            meeting.save()
    move(group, moves)


def move(group, moves):
    """Give meetings their places. A place that others use too stays as it is for them."""
    made = {}
    for meeting, where in moves:
        key = meeting.venue_id, tuple(sorted((name, str(value)) for name, value in where.items()))
        if key in made:
            meeting.venue = made[key]
        else:
            along = [each.pk for each, same in moves if each.venue_id == meeting.venue_id and same == where]
            meeting.venue = made[key] = place_for(group, meeting.venue, where, along)
        meeting.save()


def place_for(group, venue, where, along):
    """Return the venue with what has changed of it: itself, where only the meetings `along` use it, else a new one."""
    if venue is None:
        venue = Venue(country=Nation.ENGLAND, sample=group.sample)
    elif venue.meetings.exclude(pk__in=along).exists():
        venue.pk, venue.source, venue.external_id = None, "", ""
        venue._state.adding = True
    for name, value in where.items():
        setattr(venue, name, value)
    if where.keys() & {"address", "locality", "postcode"}:
        # It may be anywhere now. A curator can set the point by hand.
        venue.latitude = venue.longitude = None
    if where.keys() & {"locality", "postcode"} and (found := find_place(venue.postcode) or find_place(venue.locality)):
        venue.country = found.country
    if "locality" in where:
        venue.region = ""
    venue.save()
    return venue


def write_contact(group, key, form):
    """Save, add or remove one way to get in touch."""
    if form.cleaned_data.get("gone"):
        GroupContact.objects.filter(group=group, pk=key).delete()
        return
    contact = GroupContact(group=group) if form.is_new else GroupContact.objects.get(group=group, pk=key)
    names = CONTACT if form.is_new else form.changed_names() & set(CONTACT)
    if names:
        for name in names:
            setattr(contact, name, form.cleaned_data[name])
        contact.save()
