"""The short lists that curators keep: topics, languages, support roles, areas. A process reads each once a minute.

They change some times a year, and a search comes many times a second. A freshness key such as the highest id would miss
a synonym that a curator adds to an old topic, and a shared cache takes longer to unpickle than these take to read.
"""

from directory.choices import ForWhom
from directory.keeping import kept_for_a_minute
from directory.models import Language, SupportArea, SupportRole, Topic


@kept_for_a_minute
def topics():
    """Return all topics by their labels, as dictionaries of what a search has to know of them."""
    return list(
        Topic.objects.order_by("label").values(
            *("pk", "slug", "label", "synonyms", "for_whom", "sensitive"),
            *("parent__slug", "counterpart__slug", "counterpart__for_whom"),
        )
    )


@kept_for_a_minute
def languages():
    """Return (code, name, own name) of all languages."""
    return list(Language.objects.values_list("code", "name", "native_name"))


def topic_choices():
    """Return all topics as choices."""
    return [(topic["slug"], topic["label"]) for topic in topics()]


def widest_topics():
    """Return the slugs of the topics that are part of no other."""
    return {topic["slug"] for topic in topics() if not topic["parent__slug"]}


def sensitive_topics():
    """Return the slugs of the topics that it could harm someone to be seen with."""
    return {topic["slug"] for topic in topics() if topic["sensitive"]}


def family_topics():
    """Return the slugs of the topics for family and friends."""
    return {topic["slug"] for topic in topics() if topic["for_whom"] == ForWhom.FAMILY}


def language_choices():
    """Return all languages as choices."""
    return [(code, name) for code, name, _own in languages()]


@kept_for_a_minute
def role_choices():
    """Return the support roles as choices."""
    return list(SupportRole.objects.values_list("slug", "name"))


@kept_for_a_minute
def area_choices():
    """Return the areas of support as choices."""
    return list(SupportArea.objects.values_list("slug", "name"))
