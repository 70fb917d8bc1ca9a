"""Models of the ground: what the three rooms share."""

from .content import LoadedContent
from .helplines import HelpLine
from .languages import Language
from .listings import ContactWay, Listing, ListingQuerySet
from .places import Place, PostcodeSector
from .roles import SupportArea, SupportRole
from .topics import Topic

__all__ = [
    "ContactWay",
    "HelpLine",
    "Language",
    "Listing",
    "ListingQuerySet",
    "LoadedContent",
    "Place",
    "PostcodeSector",
    "SupportArea",
    "SupportRole",
    "Topic",
]
