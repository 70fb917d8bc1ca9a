"""The venue in the row of a meeting. One venue may stand in many rows, which then say the same of it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.exchange import bulk
from directory.exchange.basics import ROW
from directory.exchange.cells import cell_of
from directory.exchange.resources import Column
from directory.gazetteer import looking_up_once
from groups.models import Meeting, Venue

# The columns of a table of meetings that tell of the venue, and what they are called there.
VENUE_COLUMNS = {
    "venue_uuid": "uuid",
    "venue_name": "name",
    "venue_kind": "kind",
    "address": "address",
    "locality": "locality",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "latitude": "latitude",
    "longitude": "longitude",
    "address_visibility": "address_visibility",
    "venue_access": "access",
    "access_notes": "access_notes",
    "travel_notes": "travel_notes",
    "venue_source": "source",
    "venue_external_id": "external_id",
    "venue_sample": "sample",
}
# One of these must be filled for there to be a venue, and without a uuid they say which.
KEY = {"venue_name": "name", "address": "address", "locality": "locality", "postcode": "postcode"}


def venue_column(name):
    """Return the column for something that a meeting's venue holds."""
    field = Venue._meta.get_field(name)
    return Column(cell_of(field), attribute=f"venue__{name}", own=False, about=field.help_text or field.verbose_name)


class Venues:
    """The venues of the rows of one file."""

    def __init__(self, table):
        self.table = table
        self.by_pk, self.by_uuid, self.by_key = {}, {}, {}
        # By uuid: the first row that told of a venue, and the venues to write.
        self.told, self.new, self.changed = {}, {}, {}
        self.columns = {"public_latitude", "public_longitude"}

    def share(self, meeting):
        """Let meetings at one venue hold the same object."""
        if meeting.venue:
            meeting.venue = self.keep(meeting.venue)

    def keep(self, venue):
        """Return the one object that stands for a venue, and find it from now on."""
        venue = self.by_pk.setdefault(venue.pk, venue) if venue.pk else venue
        self.by_uuid[venue.uuid] = venue
        self.by_key.setdefault(key_of(venue), venue)
        return venue

    def fetch(self):
        """Fetch the venues that the rows may be about."""
        uuids = {value for row in self.table.rows if (value := self.quietly(row, "venue_uuid"))}
        towns = {row.get("locality", "") for row in self.table.rows if not row.get("venue_uuid")} - {""}
        names = {row.get("venue_name", "") for row in self.table.rows if row.get("locality") in towns}
        alike = Venue.objects.filter(locality__in=towns, name__in=names)
        for venue in (Venue.objects.filter(uuid__in=uuids) | alike).order_by("pk").select_for_update(no_key=True):
            self.keep(venue)

    def quietly(self, row, name):
        """Return what a cell says, or `None` where it cannot be read: that is told with its row."""
        try:
            return self.table.read_cell(row, name)
        except ValidationError:
            return None

    def settle(self, meeting, row):
        """Give a meeting the venue that its row says, new or known, with what the row says of it."""
        table = self.table
        for column in VENUE_COLUMNS:
            table.values.pop(column, None)
        there = [column for column in VENUE_COLUMNS if column in row]
        if not there:
            return
        if not any(row.get(column) for column in ("venue_uuid", *KEY)):
            if meeting.venue_id and all(column in row for column in KEY):
                meeting.venue = None
                table.values["venue"] = None
            return
        said = {VENUE_COLUMNS[column]: table.said[column] for column in there if column in table.said}
        venue, is_new = self.find(meeting, row, said)
        if is_new:
            self.fill(venue, said, row)
        else:
            self.compare(venue, said, row)
        if meeting.venue is not venue:
            meeting.venue = venue
            table.values["venue"] = venue

    def find(self, meeting, row, said):
        """Return the venue that a row is about, and whether it is new."""
        if uuid := said.get("uuid"):
            found = self.by_uuid.get(uuid)
        else:
            key = tuple(str(said.get(name, "")).casefold() for name in KEY.values())
            own = meeting.venue if meeting.venue_id else None
            found = own if own is not None and key_of(own) == key else self.by_key.get(key)
        return (Venue(), True) if found is None else (found, False)

    def fill(self, venue, said, row):
        """Put what a row says into a new venue."""
        for name, value in said.items():
            setattr(venue, name, list(value) if isinstance(value, tuple) else value)
        try:
            venue.clean_fields(exclude=["public_latitude", "public_longitude"])
            venue.clean()
        except ValidationError as error:
            raise in_columns(error) from None
        self.keep(venue)
        self.told[venue.uuid] = row
        self.new[venue.uuid] = venue

    def compare(self, venue, said, row):
        """Change a venue by its uuid; without one, and against what an earlier row says, refuse to."""
        other = {}
        for column, name in VENUE_COLUMNS.items():
            if name in said and said[name] != self.table.fields[column].widget.now(getattr(venue, name)):
                other[column] = name
        if not row.get("venue_uuid"):
            other = {column: name for column, name in other.items() if row.get(column)}
            if other:
                why = _("This venue is there already, and otherwise. To change it, write its venue_uuid too.")
                raise ValidationError(dict.fromkeys(other, why))
            return
        if not other:
            self.told.setdefault(venue.uuid, row)
            return
        if venue.uuid in self.told:
            why = _("Row %(row)d says otherwise of the same venue.") % {"row": self.told[venue.uuid][ROW]}
            raise ValidationError(dict.fromkeys(other, why))
        for name in other.values():
            value = said[name]
            setattr(venue, name, list(value) if isinstance(value, tuple) else value)
        try:
            venue.clean_fields(exclude=["public_latitude", "public_longitude"])
            venue.clean()
        except ValidationError as error:
            raise in_columns(error) from None
        self.told[venue.uuid] = row
        self.changed[venue.uuid] = venue
        self.columns |= set(other.values())
        self.table.values.update({column: said[name] for column, name in other.items()})

    def write(self):
        """Write new and changed venues."""
        with looking_up_once():
            for venue in [*self.new.values(), *self.changed.values()]:
                venue.set_public_point()
        bulk.write_each(self.new.values(), Venue._base_manager.bulk_create, self.refuse)
        bulk.write_each(self.changed.values(), lambda venues: bulk.update(Venue, venues, self.columns), self.refuse)

    def refuse(self, venue, why):
        """Note on its row that the database refused a venue."""
        row = self.told[venue.uuid]
        each = next(each for each in self.table.pending if each.row is row)
        each.fate.refuse(ValidationError({"venue_name": why}), row)

    def groups(self):
        """Return the groups that meet in venues that were changed."""
        return Meeting.objects.filter(venue__in=self.changed.values()).values_list("group_id", flat=True)


def key_of(venue):
    """Return what makes two venues the same, where nobody says."""
    return tuple(str(getattr(venue, name)).casefold() for name in KEY.values())


def in_columns(error):
    """Return an error with the names that the columns have in a table of meetings."""
    if not hasattr(error, "error_dict"):
        return error
    columns = {name: column for column, name in VENUE_COLUMNS.items()}
    return ValidationError({columns.get(name, name): messages for name, messages in error.message_dict.items()})
