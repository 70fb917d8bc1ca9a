"""What the reader makes of a feed: plain values, clean, that fit the columns."""

from dataclasses import dataclass, field
from datetime import time

from directory.choices import Visibility
from directory.geo import Point
from groups.choices import Frequency, MeetingFormat


@dataclass
class VenueEntry:
    """A place where a group meets."""

    key: str
    name: str = ""
    address: str = ""
    locality: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    point: Point | None = None
    address_visibility: str = Visibility.CURATORS
    access: set = field(default_factory=set)
    travel_notes: list = field(default_factory=list)


@dataclass
class MeetingEntry:
    """One row. What it says of its group stands here until all rows of the group are known."""

    row: int
    key: str
    name: str
    group_key: str = ""
    group_name: str = ""
    venue: VenueEntry | None = None
    format: str = MeetingFormat.IN_PERSON
    frequency: str = Frequency.WEEKLY
    weekdays: list = field(default_factory=list)
    weeks_of_month: list = field(default_factory=list)
    start_time: time | None = None
    minutes: int | None = None
    time_zone: str = ""
    join_url: str = ""
    join_phone: str = ""
    note: str = ""
    notes: list = field(default_factory=list)
    about: list = field(default_factory=list)
    private: str = ""
    contacts: list = field(default_factory=list)
    audiences: set = field(default_factory=set)
    access: set = field(default_factory=set)
    languages: set = field(default_factory=set)
    is_open: bool = False
    is_closed: bool = False


@dataclass
class GroupEntry:
    """A group with its meetings."""

    key: str
    name: str
    about: str = ""
    audiences: list = field(default_factory=list)
    access: list = field(default_factory=list)
    languages: list = field(default_factory=list)
    anyone: bool = False
    members: bool = False
    contacts: list = field(default_factory=list)
    curator_notes: str = ""
    meetings: list = field(default_factory=list)

    @property
    def town(self):
        """The town of its first venue, to tell its address from others of its name."""
        return next((meeting.venue.locality for meeting in self.meetings if meeting.venue), "")
