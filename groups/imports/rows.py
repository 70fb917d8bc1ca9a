"""One row of a feed, read into a `MeetingEntry`: cleaned, and with an account of all that fell away."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from directory.choices import ContactKind, Visibility, Weekday
from directory.geo import Point
from directory.mail import validate_address, with_plain_domain
from groups.choices import Access, Frequency, MeetingFormat
from groups.imports import addresses, times
from groups.imports import codes as known
from groups.imports.entries import MeetingEntry, VenueEntry
from groups.imports.feeds import IDENTIFIERS
from groups.imports.text import clean, cut, fold, key_of, part_lines, part_words
from groups.models import Group, GroupContact, Meeting, Venue

# Never shown, never kept: who typed the row, where the source edits it, where money goes. The dates say when somebody
# touched the row, not that it is true, so they confirm nothing.
UNWANTED = (
    "author",
    "edit_url",
    "feedback_emails",
    "feedback_url",
    "last_contact",
    "paypal",
    "square",
    "updated",
    "url",
    "venmo",
)
CONTACT_FIELDS = (
    ("email", ContactKind.EMAIL),
    ("phone", ContactKind.PHONE),
    ("website", ContactKind.WEBSITE),
    ("website_2", ContactKind.WEBSITE),
    ("mailing_address", ContactKind.POST),
)
CONTACT_PEOPLE = (1, 2, 3)
YES = {"yes", "true", "1"}
# Some feeds write access into the notes, as a line of its own.
WHEELCHAIR_LINES = {"wheelchair access", "wheelchair accessible", "handicap accessible", "handicapped accessible"}
is_web_address = URLValidator(schemes=["http", "https"])


class NotTaken(Exception):
    """The row cannot become a meeting; the message says why."""


class Row:
    """Hands out the values of a row, and remembers which were used and which fell away."""

    def __init__(self, number, values):
        self.number = number
        self.values = values
        self.read = set(IDENTIFIERS)
        self.dropped = []
        self.to_check = []
        self.private = []

    def text(self, field):
        """Return a field as clean text; a list or an object is no text."""
        self.read.add(field)
        value = self.values.get(field)
        if value is None:
            return ""
        if isinstance(value, (bool, list, dict)):
            self.dropped.append(_("%(field)s that is not text") % {"field": field})
            return ""
        return clean(value)

    def words(self, field, longest):
        """Return a field as one public line, without secrets."""
        line, secrets = part_words(self.text(field))
        if secrets:
            self.dropped.append(_("%(field)s: link, number or passcode, kept for curators") % {"field": field})
            self.private += [f"{field}: {secret}" for secret in secrets]
        return self.fit(field, line, longest)

    def lines(self, field):
        """Return the public lines of a field; the others are kept for curators."""
        public, private = part_lines(self.text(field))
        if private:
            self.dropped.append(_("%(field)s: private lines, kept for curators") % {"field": field})
            self.private += private
        return public

    def fit(self, field, text, longest):
        """Return text that is no longer than its column."""
        if len(text) > longest:
            self.dropped.append(_("%(field)s: cut at %(longest)d characters") % {"field": field, "longest": longest})
        return cut(text, longest)

    def unread(self):
        """Return the fields with a value that nothing here uses."""
        filled = {field for field, value in self.values.items() if value not in (None, "", [], {})}
        return filled - self.read


def read_row(row, key, default_zone=""):
    """Return the meeting that a row tells of. Raises `NotTaken`."""
    name = row.words("name", longest_of(Group, "name"))
    if not name:
        raise NotTaken(_("it has no name"))
    meeting = MeetingEntry(row=row.number, key=key, name=name)
    codes = read_types(row)
    read_joining(row, meeting)
    point = read_point(row)
    address = read_address(row)
    meeting.format = read_format(row, codes, meeting, bool(address.street))
    read_time(row, meeting, point, default_zone)
    read_people(meeting, codes)
    read_place(row, meeting, address, point, codes)
    meeting.notes = row.lines("notes")
    if meeting.frequency == Frequency.APPOINTMENT and meeting.weekdays:
        meeting.notes.insert(0, _("Not every week: ask for the dates."))
    if meeting.venue and WHEELCHAIR_LINES & {line.casefold() for line in meeting.notes}:
        meeting.venue.access.add(Access.STEP_FREE)
    meeting.about = row.lines("group_notes")
    meeting.contacts = read_contacts(row)
    read_group(row, meeting, address)
    row.dropped += [field for field in UNWANTED if field in row.unread()]
    row.read.update(UNWANTED)
    if row.private:
        meeting.private = f"{when(meeting)}: {' / '.join(row.private)}"
    return meeting


def longest_of(model, field):
    """Return how much a column holds."""
    return model._meta.get_field(field).max_length


def read_types(row):
    """Return the type codes of a row; those that have no home here are dropped."""
    row.read.add("types")
    value = row.values.get("types")
    listed = value if isinstance(value, list) else str(value or "").split(",")
    codes = {clean(code).upper() for code in listed if isinstance(code, (str, int))} - {""}
    row.dropped += [_("type %(code)s") % {"code": cut(code, 40)} for code in codes - known.USED]
    return codes & known.USED


def read_joining(row, meeting):
    """Set link and number; what does not fit their columns is kept for curators."""
    meeting.join_url = row.text("conference_url")
    if meeting.join_url and not _is_url(meeting.join_url, longest_of(Meeting, "join_url")):
        row.dropped.append(_("conference_url that is not a web address, kept for curators"))
        row.private.append(meeting.join_url)
        meeting.join_url = ""
    meeting.join_phone = row.text("conference_phone")
    if len(meeting.join_phone) > longest_of(Meeting, "join_phone"):
        row.dropped.append(_("conference_phone that is too long, kept for curators"))
        row.private.append(meeting.join_phone)
        meeting.join_phone = ""
    for field in ("conference_url_notes", "conference_phone_notes"):
        row.private += filter(None, row.text(field).split("\n"))


def _is_url(text, longest):
    try:
        is_web_address(text)
    except ValidationError:
        return False
    return len(text) <= longest


def read_point(row):
    """Return the point of a row, or `None`. 0, 0 lies in the sea off Africa and means that nobody knew."""
    text = [row.text("latitude"), row.text("longitude")]
    if not all(text):
        text = row.text("coordinates").split(",")
    if not any(text):
        return None
    try:
        point = Point(*(float(each) for each in text))
    except (ValueError, TypeError):
        row.dropped.append(_("coordinates that are not two numbers"))
        return None
    if point == (0, 0):
        row.dropped.append(_("coordinates 0, 0"))
        return None
    if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
        row.dropped.append(_("coordinates that are not on the earth"))
        return None
    return point


def read_address(row):
    """Return the address of a row, out of its own fields first and out of the address in one line."""
    whole = addresses.parse(row.words("formatted_address", 1000))
    fields = zip(whole._fields, ("address", "city", "state", "postal_code", "country"), strict=True)
    own = addresses.Address(**{part: row.words(name, 1000).strip(" ,") for part, name in fields})
    return addresses.Address(*(mine or parsed for mine, parsed in zip(own, whole, strict=True)))


def read_format(row, codes, meeting, has_street):
    """Return how people meet. A place that is closed leaves the way to join, or nothing."""
    attendance = row.text("attendance_option").casefold()
    can_join = bool(meeting.join_url or meeting.join_phone)
    if attendance == "inactive":
        raise NotTaken(_("the feed calls it inactive"))
    if known.PLACE_CLOSED in codes and not can_join:
        raise NotTaken(_("its place is closed for the time being, and there is no link or number to join"))
    is_online = known.ONLINE in codes or attendance == "online"
    remote = MeetingFormat.ONLINE if meeting.join_url or is_online else MeetingFormat.TELEPHONE
    if known.PLACE_CLOSED in codes or attendance == "online":
        return remote
    if attendance in {"in_person", "hybrid"}:
        return MeetingFormat.IN_PERSON if attendance == "in_person" else MeetingFormat.HYBRID
    if not (can_join or is_online):
        return MeetingFormat.IN_PERSON
    return MeetingFormat.HYBRID if has_street and not is_approximate(row) else remote


def is_approximate(row):
    """Whether the feed says that its address is only a part of the country."""
    return row.text("approximate").casefold() in YES


def read_time(row, meeting, point, default_zone):
    """Set days, times, zone and rhythm."""
    row.read.update(("day", "time", "end_time"))
    days = row.values.get("day")
    try:
        meeting.weekdays = [] if days in (None, "", []) else times.read_days(days)
    except times.Unreadable as error:
        wrong = cut(clean(error), 40)
        raise NotTaken(_("day %(day)s is not a day: 0 is Sunday, 6 is Saturday") % {"day": wrong}) from error
    meeting.start_time = _clock(row, "time")
    meeting.frequency, meeting.weeks_of_month = times.rhythm(meeting.name, meeting.weekdays)
    if meeting.weekdays and meeting.start_time is None:
        raise NotTaken(_("it has a day but no time"))
    if meeting.weekdays and meeting.frequency == Frequency.APPOINTMENT:
        row.to_check.append(_("not weekly by its name, and its dates are not told"))
    end = _clock(row, "end_time", optional=True)
    if meeting.start_time and end:
        meeting.minutes = times.minutes_between(meeting.start_time, end) or None
        if meeting.minutes is None:
            row.dropped.append(_("end_time that is the start"))
    read_zone(row, meeting, point, default_zone)


def _clock(row, field, *, optional=False):
    text = row.text(field)
    try:
        return times.read_time(text) if text else None
    except times.Unreadable as error:
        if optional:
            row.dropped.append(_("%(field)s that is not a time") % {"field": field})
            return None
        raise NotTaken(_("“%(text)s” is not a time") % {"text": cut(text, 40)}) from error


def read_zone(row, meeting, point, default_zone):
    """Set the time zone: the row's own, that of its name, the one given for the feed, that of its point."""
    zone = row.text("timezone")
    if times.is_zone(zone):
        meeting.time_zone = zone
        return
    if zone:
        row.dropped.append(_("timezone that is not one"))
    of_point = times.zone_of_point(point)
    guesses = [guess for guess in (default_zone, of_point) if guess]
    try:
        meeting.time_zone = times.clock_of(meeting.name, meeting.start_time, guesses)
    except times.Unreadable as error:
        raise NotTaken(error) from error
    if meeting.time_zone and meeting.time_zone not in guesses:
        row.to_check.append(_("time zone out of the name, not of the place"))
    elif meeting.time_zone == of_point != default_zone and is_approximate(row) and not times.says_a_clock(meeting.name):
        row.to_check.append(_("time zone out of an approximate point"))
    if not meeting.time_zone:
        if meeting.frequency != Frequency.APPOINTMENT:
            raise NotTaken(_("nothing tells its time zone: give one with --time-zone"))
        meeting.time_zone = "UTC"


def read_people(meeting, codes):
    """Set whom the meeting is for, what the people offer, and in which language."""
    meeting.audiences = {known.AUDIENCES[code] for code in codes & known.AUDIENCES.keys()}
    meeting.access = {known.GROUP_ACCESS[code] for code in codes & known.GROUP_ACCESS.keys()}
    meeting.languages = {known.LANGUAGES[code] for code in codes & known.LANGUAGES.keys()}
    meeting.is_open, meeting.is_closed = known.OPEN in codes, known.CLOSED in codes


def read_place(row, meeting, address, point, codes):
    """Set the venue of a meeting where people come together; the placeholder of any other is dropped."""
    if meeting.format not in {MeetingFormat.IN_PERSON, MeetingFormat.HYBRID}:
        if known.PLACE_CLOSED in codes and address.street:
            met_at = ", ".join(filter(None, [row.text("location"), *address[:4], *row.lines("location_notes")]))
            row.private.append(_("Met before its place was closed at: %(address)s") % {"address": met_at})
            row.dropped.append(_("address that is closed for the time being, kept for curators"))
        elif point or any(address) or row.text("location"):
            row.dropped.append(_("address of a meeting that has no place"))
        row.read.update(("location", "location_notes"))
        return
    name, notes = read_venue_name(row)
    locality = address.locality or row.words("region", longest_of(Venue, "locality"))
    if not locality:
        raise NotTaken(_("people meet in person, and its town is not told"))
    meeting.venue = VenueEntry(
        key=key_of(name, *address[:4]),
        name="" if fold(", ".join(address)).startswith(fold(name)) else name,
        address=row.fit("address", address.street, longest_of(Venue, "address")),
        locality=row.fit("city", locality, longest_of(Venue, "locality")),
        region=row.fit("state", address.region, longest_of(Venue, "region")),
        postcode=row.fit("postal_code", address.postcode, longest_of(Venue, "postcode")),
        country=read_country(row, address, point),
        point=point,
        address_visibility=(
            Visibility.EVERYONE if address.street and point and not is_approximate(row) else Visibility.CURATORS
        ),
        access={known.VENUE_ACCESS[code] for code in codes & known.VENUE_ACCESS.keys()},
        travel_notes=notes,
    )


def read_venue_name(row):
    """Return the name of the place, and the lines about it.

    In the Al-Anon feed the place is called after the district, and the notes begin with its real name.
    """
    name, notes = row.words("location", longest_of(Venue, "name")).strip(" ,"), row.lines("location_notes")
    if name and name == row.text("district"):
        row.dropped.append(_("location that is only the district"))
        return (cut(notes[0], longest_of(Venue, "name")), notes[1:]) if notes else ("", [])
    return name, notes


def read_country(row, address, point):
    """Return a code for the country: of its name, of its region, of the point."""
    for word in (address.country, row.text("region")):
        if code := addresses.country_code(word):
            return code
    if code := addresses.country_at(point):
        return code
    row.dropped.append(_("country that nothing tells"))
    return addresses.UNKNOWN_COUNTRY


def read_contacts(row):
    """Return contact ways as kind, value and label. They are for curators, whatever the feed shows."""
    found = [(kind, row.text(field).replace("\n", ", "), "") for field, kind in CONTACT_FIELDS]
    for person in CONTACT_PEOPLE:
        who = cut(row.text(f"contact_{person}_name").replace("\n", " "), longest_of(GroupContact, "label"))
        ways = [(ContactKind.EMAIL, row.text(f"contact_{person}_email"), who)]
        ways.append((ContactKind.PHONE, row.text(f"contact_{person}_phone"), who))
        found += ways
        if who and not any(value for _kind, value, _who in ways):
            row.private.append(_("Contact: %(who)s") % {"who": who})
    contacts = []
    for kind, value, label in found:
        if value and _is_contact(kind, value):
            contacts.append((str(kind), value, label))
        elif value:
            row.dropped.append(_("contact that is not one, kept for curators"))
            row.private.append(" ".join(filter(None, [label, value])))
    if contacts:
        row.dropped.append(_("contact, kept for curators"))
    return contacts


def _is_contact(kind, value):
    longest = longest_of(GroupContact, "value")
    if kind == ContactKind.WEBSITE:
        return _is_url(value, longest)
    if kind == ContactKind.EMAIL:
        try:
            validate_address(with_plain_domain(value))
        except ValidationError:
            return False
    return len(value) <= longest


def read_group(row, meeting, address):
    """Set the name and the key of the group that a row belongs to (the rule stands in `reader`)."""
    name = row.words("group", longest_of(Group, "name"))
    if name and name in {row.text("district"), row.text("region"), row.text("sub_region")}:
        row.dropped.append(_("group that is only an area"))
        name = ""
    if name:
        meeting.group_name = name
        meeting.group_key = key_of("group", name, row.text("group_id") or address.locality)
    else:
        meeting.group_name = meeting.name
        meeting.group_key = key_of("name", meeting.name, *address[:4])


def when(meeting):
    """Return day and time as a short label: 'Monday, Friday 19:00'."""
    days = ", ".join(str(list(Weekday)[day].label) for day in meeting.weekdays)
    clock = f"{meeting.start_time:%H:%M}" if meeting.start_time else ""
    return " ".join(filter(None, [days, clock])) or _("By arrangement")
