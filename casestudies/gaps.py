"""What a curator still has to do for a case study: fields without an answer, numbers in the text without a source."""

import re
from dataclasses import dataclass

from django.utils.text import Truncator

from casestudies.record import FIELDS, Completeness, completeness

# A year alone is no figure that needs a source beside it.
YEARS = re.compile(r"\b(?:1[89]|20)\d\ds?\b")
DIGIT = re.compile(r"\d")
PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Unsourced:
    """A paragraph with a number and no source, and the column it stands in."""

    label: str
    column: str
    start: str


@dataclass(frozen=True)
class Gaps:
    """What is left to do."""

    complete: Completeness
    unsourced: list[Unsourced]


def gaps_of(case):
    """Return what is left to do. Reads `effects` and `sources`, which a list fetches once for all."""
    return Gaps(completeness(case, list(case.effects.all())), unsourced_numbers(case))


def unsourced_numbers(case):
    """Return the paragraphs with a number in which none of the case study's sources is named."""
    names = {name.casefold() for source in case.sources.all() for name in _names(source)}
    return [
        Unsourced(each.label, each.text, Truncator(" ".join(paragraph.split())).chars(90))
        for each in FIELDS
        if each.markdown
        for paragraph in PARAGRAPHS.split(getattr(case, each.text))
        if DIGIT.search(YEARS.sub("", paragraph)) and not any(name in paragraph.casefold() for name in names)
    ]


def _names(source):
    """Return the names under which a text may cite a source: 'European Social Network', 'ESTEEM', 'IVAR'."""
    names = [source.title.partition(":")[0], source.publisher, source.slug.replace("-", " ")]
    names += [*re.split(r"[,;]", source.authors), *re.findall(r"\((\w+)\)", source.publisher)]
    return [name.strip() for name in names if name.strip()]
