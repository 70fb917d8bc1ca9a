"""Models of the ground: what the three rooms share."""

from .addresses import FormerAddress
from .content import LoadedContent
from .duplicates import DuplicatePair, Mergeable, merged_is_archived
from .helplines import HelpLine
from .history import Act, Change, Tombstone
from .languages import Language
from .listings import ContactWay, Listing, ListingQuerySet
from .places import Place, PostcodeSector
from .relay import RelayCount, RelayedMessage
from .replies import ReplyTemplate
from .roles import SupportArea, SupportRole
from .safety import SafetyReport, SafetyRule
from .suggestions import Suggestion
from .topics import Topic
from .unmatched import UnmatchedWord, UnmatchedWordDay

__all__ = [
    "Act",
    "Change",
    "ContactWay",
    "DuplicatePair",
    "FormerAddress",
    "HelpLine",
    "Language",
    "Listing",
    "ListingQuerySet",
    "LoadedContent",
    "Mergeable",
    "Place",
    "PostcodeSector",
    "RelayCount",
    "RelayedMessage",
    "ReplyTemplate",
    "SafetyReport",
    "SafetyRule",
    "Suggestion",
    "SupportArea",
    "SupportRole",
    "Tombstone",
    "Topic",
    "UnmatchedWord",
    "UnmatchedWordDay",
    "merged_is_archived",
]
