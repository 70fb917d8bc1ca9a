"""What this room keeps in the database."""

from .digests import DigestSubscription, SoughtRole
from .finder import FinderAnswer, FinderQuestion, FinderRule
from .practitioners import Practitioner, PractitionerContact, PractitionerQuerySet
from .search import PractitionerSearch
from .supports import Support

__all__ = [
    "DigestSubscription",
    "FinderAnswer",
    "FinderQuestion",
    "FinderRule",
    "Practitioner",
    "PractitionerContact",
    "PractitionerQuerySet",
    "PractitionerSearch",
    "SoughtRole",
    "Support",
]
