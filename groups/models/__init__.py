"""Models of the groups' room."""

from .groups import Group, GroupContact, GroupQuerySet
from .meetings import Meeting, MeetingBreak, MeetingException
from .venues import Venue, VenueQuerySet

__all__ = [
    "Group",
    "GroupContact",
    "GroupQuerySet",
    "Meeting",
    "MeetingBreak",
    "MeetingException",
    "Venue",
    "VenueQuerySet",
]
