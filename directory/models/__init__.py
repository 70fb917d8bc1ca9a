"""Models of the ground: what the three rooms share."""

from .addresses import FormerAddress
from .content import LoadedContent
from .helplines import HelpLine
from .languages import Language
from .listings import ContactWay, Listing, ListingQuerySet
from .places import Place, PostcodeSector
from .relay import RelayCount, RelayedMessage
from .roles import SupportArea, SupportRole
from .topics import Topic
from .unmatched import UnmatchedWord, UnmatchedWordDay

__all__ = [
    "ContactWay",
    "FormerAddress",
    "HelpLine",
    "Language",
    "Listing",
    "ListingQuerySet",
    "LoadedContent",
    "Place",
    "PostcodeSector",
    "RelayCount",
    "RelayedMessage",
    "SupportArea",
    "SupportRole",
    "Topic",
    "UnmatchedWord",
    "UnmatchedWordDay",
]
