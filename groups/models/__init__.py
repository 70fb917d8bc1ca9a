"""Models of the groups' room."""

from .groups import Group, GroupContact, GroupQuerySet
from .meetings import Meeting, MeetingBreak, MeetingException
from .search import GroupSearch, SearchWord
from .venues import Venue

__all__ = [
    "Group",
    "GroupContact",
    "GroupQuerySet",
    "GroupSearch",
    "Meeting",
    "MeetingBreak",
    "MeetingException",
    "SearchWord",
    "Venue",
]
