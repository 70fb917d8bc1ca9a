"""What somebody typed, read: the parts that are understood, the words that are left, and misspelt ones mended."""

import re
from dataclasses import dataclass

from directory.gazetteer import find_place
from directory.understanding import Understanding, understand
from groups.models import GroupSearch
from groups.search import Matches, Term
from groups.spelling import spell
from groups.vocabulary import vocabulary


@dataclass(frozen=True)
class Reading:
    """A text as the search takes it. `corrected` holds (typed, taken) for each word that was read as another."""

    understood: Understanding
    terms: tuple[Term, ...]
    corrected: tuple = ()

    @property
    def topics(self):
        """The topics that were understood, by slug."""
        return tuple(part.code for part in self.understood.soft_parts)

    @classmethod
    def of(cls, text, *, literal=False):
        """Read a text; `literal` mends no spelling."""
        if not text:
            return cls(Understanding(""), ())
        understood = understand(text, vocabulary(), find_place)
        spelt = spell(_searched(understood), literal=literal)
        if spelt.corrected:
            # A mended word may mean something: 'anxeity near Leeds'.
            for typed, taken in spelt.corrected:
                text = re.sub(rf"\b{re.escape(typed)}\b", taken, text, flags=re.IGNORECASE)
            understood = understand(text, vocabulary(), find_place)
            spelt = spelt._replace(terms=spell(_searched(understood), literal=True).terms)
        if any(part.field != "near" for part in understood.hard_parts) and _is_a_name(text):
            # 'Tuesday Tea' is what a group is called, and it may meet on Fridays.
            understood = Understanding(text, words=text)
            spelt = spelt._replace(terms=spell(text, literal=True).terms)
        return cls(understood, spelt.terms, spelt.corrected)


def _searched(understood):
    """Return the words to look for in the text: those of topics too, since a group may use them in its name."""
    topics = [understood.text[part.start : part.end] for part in understood.soft_parts]
    return " ".join([understood.words, *topics])


def _is_a_name(text):
    terms = spell(text, literal=True).terms
    if len(terms) < 2:
        return False
    by_name, *_others = Matches(GroupSearch.objects.all(), terms).branches()
    return by_name.exists()
