"""Models of the ground: what the three rooms share."""

from .addresses import FormerAddress
from .content import LoadedContent
from .duplicates import DuplicatePair, Mergeable, merged_is_archived
from .helplines import HelpLine
from .languages import Language
from .listings import ContactWay, Listing, ListingQuerySet
from .places import Place, PostcodeSector
from .relay import RelayCount, RelayedMessage
from .roles import SupportArea, SupportRole
from .topics import Topic

__all__ = [
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
    "SupportArea",
    "SupportRole",
    "Topic",
    "merged_is_archived",
]
