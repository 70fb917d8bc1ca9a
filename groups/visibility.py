"""What anyone may know of where a meeting is and how to join it. Pages, calendars, feeds and exports read this."""

from dataclasses import dataclass

from directory.geo import Point
from directory.visibility import is_public, is_told_when_asked


@dataclass(frozen=True)
class PublicMeeting:
    """The public part of a meeting. What is hidden is empty here, and `hides_…` says that there is something.

    `tells_address` says that the group tells its address to those who write to it.
    """

    lines: tuple = ()
    name: str = ""
    street: str = ""
    postcode: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    room: str = ""
    travel_notes: str = ""
    # The venue's own point, or `None`.
    point: Point | None = None
    # The shifted point that stands for the area of a hidden address, and is never shown as an address; or `None`.
    area: Point | None = None
    join_url: str = ""
    join_phone: str = ""
    passcode: str = ""
    hides_address: bool = False
    tells_address: bool = False
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
            "area": None if venue.address_is_public and venue.latitude is not None else _public_point(venue),
            "hides_address": not venue.address_is_public,
            "tells_address": is_told_when_asked(venue.address_visibility),
        }
    if venue and venue.address_is_public:
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


def _public_point(venue):
    return None if venue.public_latitude is None else Point(venue.public_latitude, venue.public_longitude)
