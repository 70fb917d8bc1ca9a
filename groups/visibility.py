"""What anyone may know of where a meeting is and how to join it. Pages, calendars, feeds and exports read this."""

from dataclasses import dataclass

from directory.geo import Point
from directory.visibility import is_public


@dataclass(frozen=True)
class PublicMeeting:
    """The public part of a meeting. What is hidden is empty here, and `hides_…` says that there is something."""

    lines: tuple = ()
    name: str = ""
    street: str = ""
    postcode: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    room: str = ""
    travel_notes: str = ""
    # The venue's own point, or `None`. A shifted one stands for an area and is never shown as an address.
    point: Point | None = None
    join_url: str = ""
    join_phone: str = ""
    passcode: str = ""
    hides_address: bool = False
    hides_join: bool = False


def public_part(meeting):
    """Return what anyone may know of a meeting."""
    known = {}
    venue = meeting.venue
    if venue:
        known |= {
            "lines": tuple(venue.public_lines),
            "locality": venue.locality,
            "region": venue.region,
            "country": venue.country,
            "hides_address": not venue.exact_address_public,
        }
    if venue and venue.exact_address_public:
        known |= {
            "name": venue.name,
            "street": venue.address,
            "postcode": venue.postcode,
            "room": meeting.room,
            "travel_notes": venue.travel_notes,
            "point": None if venue.latitude is None else Point(venue.latitude, venue.longitude),
        }
    if is_public(meeting.join_visibility):
        known |= {"join_url": meeting.join_url, "join_phone": meeting.join_phone, "passcode": meeting.passcode}
    else:
        known["hides_join"] = bool(meeting.join_url or meeting.join_phone)
    return PublicMeeting(**known)
