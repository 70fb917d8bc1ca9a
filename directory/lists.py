"""The short lists that curators keep: topics, languages, support roles, areas. A process reads each once a minute.

They change some times a year, and a search comes many times a second. A freshness key such as the highest id would miss
a synonym that a curator adds to an old topic, and a shared cache takes longer to unpickle than these take to read.
"""

from typing import NamedTuple

from directory.choices import ForWhom
from directory.keeping import kept_for_a_minute
from directory.models import Language, SupportArea, SupportRole, Topic


class Topics(NamedTuple):
    """All topics by their labels, and what is asked of them for every choice of a page."""

    rows: list
    choices: list
    widest: frozenset
    sensitive: frozenset
    for_families: frozenset


class Languages(NamedTuple):
    """All languages: (code, name, own name), and as choices."""

    rows: list
    choices: list


@kept_for_a_minute
def _topics():
    rows = list(
        Topic.objects.order_by("label").values(
            *("pk", "slug", "label", "synonyms", "for_whom", "sensitive"),
            *("parent__slug", "counterpart__slug", "counterpart__for_whom"),
        )
    )
    return Topics(
        rows,
        choices=[(row["slug"], row["label"]) for row in rows],
        widest=frozenset(row["slug"] for row in rows if not row["parent__slug"]),
        sensitive=frozenset(row["slug"] for row in rows if row["sensitive"]),
        for_families=frozenset(row["slug"] for row in rows if row["for_whom"] == ForWhom.FAMILY),
    )


@kept_for_a_minute
def _languages():
    rows = list(Language.objects.values_list("code", "name", "native_name"))
    return Languages(rows, choices=[(code, name) for code, name, _own in rows])


def topics():
    """Return all topics by their labels, as dictionaries of what a search has to know of them."""
    return _topics().rows


def topic_choices():
    """Return all topics as choices."""
    return _topics().choices


def widest_topics():
    """Return the slugs of the topics that are part of no other."""
    return _topics().widest


def sensitive_topics():
    """Return the slugs of the topics that it could harm someone to be seen with."""
    return _topics().sensitive


def family_topics():
    """Return the slugs of the topics for family and friends."""
    return _topics().for_families


def languages():
    """Return (code, name, own name) of all languages."""
    return _languages().rows


def language_choices():
    """Return all languages as choices."""
    return _languages().choices


@kept_for_a_minute
def role_choices():
    """Return the support roles as choices."""
    return list(SupportRole.objects.values_list("slug", "name"))


@kept_for_a_minute
def area_choices():
    """Return the areas of support as choices."""
    return list(SupportArea.objects.values_list("slug", "name"))
