"""Meetings as the form for suggestions holds them: read out of a group, and put back into it."""

from directory.choices import Nation
from directory.gazetteer import find_place
from directory.visibility import is_public
from groups.forms_suggesting import when_in_columns
from groups.models import Meeting, Venue

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
    "show_address": "address_is_public",
    "venue_kind": "kind",
    "travel_notes": "travel_notes",
    "venue_access": "access",
    "access_notes": "access_notes",
}
HIDDEN_WITH_THE_ADDRESS = ("venue_name", "address", "postcode", "room", "travel_notes")
JOINING = ("join_url", "join_phone", "passcode")


def hidden_names(meeting):
    """Return the names of what the public may not see of a meeting."""
    names = []
    if meeting.venue is None or not meeting.venue.address_is_public:
        names += HIDDEN_WITH_THE_ADDRESS
    if not is_public(meeting.join_visibility) and any(getattr(meeting, name) for name in JOINING):
        names += [*JOINING, "join_visibility"]
    return names


def read_meeting(meeting):
    """Return all values of a meeting by name."""
    values = {name: getattr(meeting, name) for name in ("format", "frequency", "skips_bank_holidays", *HOW)}
    for name in ("weekdays", "weeks_of_month", "months"):
        values[name] = [str(each) for each in getattr(meeting, name)]
    values["interval"] = str(meeting.interval)
    values["day_of_month"] = meeting.day_of_month or ""
    values["dates"] = "\n".join(f"{day:%d/%m/%Y}" for day in sorted(meeting.dates))
    for name in ("starts_on", "ends_on"):
        day = getattr(meeting, name)
        values[name] = day.isoformat() if day else ""
    for name in ("start_time", "end_time"):
        clock = getattr(meeting, name)
        values[name] = f"{clock:%H:%M}" if clock else ""
    venue = meeting.venue or Venue()
    return values | {name: getattr(venue, column) for name, column in WHERE.items()}


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
        venue.become_another()
    for name, value in where.items():
        if name == "address_is_public":
            venue.show_address(value)
        else:
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
