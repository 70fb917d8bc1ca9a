"""What a page shows where words tell of danger, or a search names a topic that could harm someone to be seen with."""

from django.db.models import Exists, OuterRef, Q

from directory.keeping import kept_for_a_minute
from directory.models import HelpLine, Topic

# So many help lines stand above words that tell of danger, beside the emergency number: the page links to all others.
MOST_LINES = 3


@kept_for_a_minute
def sensitive_topics():
    """Return the slugs of the topics that it could harm someone to be seen with."""
    return set(Topic.objects.filter(sensitive=True).values_list("slug", flat=True))


def about_danger(crisis, topics):
    """Return what a page shows for a `Crisis` or `None`, and for the topics that its search names, by slug."""
    named = sensitive_topics().intersection(topics)
    lines = _lines(crisis, named)
    return {
        "crisis_lines": _above(crisis, lines),
        "sensitive": bool(named) or crisis is not None,
        "topic_lines": [line for line in lines if line.is_of_topic],
    }


def crisis_lines(crisis):
    """Return the few help lines to show above words that tell of danger. Nothing of it is kept."""
    return _above(crisis, _lines(crisis, ()))


def _lines(crisis, topics):
    """Return the help lines for either, with `is_of_topic`; no question is asked for neither."""
    if crisis is None and not topics:
        return []
    link = HelpLine.topics.through.objects.filter(helpline=OuterRef("pk"), topic__slug__in=topics)
    lines = HelpLine.objects.active().annotate(is_of_topic=Exists(link))
    return list(lines.filter(Q(slug__in=crisis.help_lines if crisis else ()) | Q(is_of_topic=True)))


def _above(crisis, lines):
    if crisis is None:
        return []
    by_slug = {line.slug: line for line in lines}
    found = [by_slug[slug] for slug in crisis.help_lines if slug in by_slug]
    # Whom to call where life is in danger stands first, always: once, since who is in danger reads one line.
    emergency = [line for line in found if line.emergency and not crisis.gentle][:1]
    return emergency + [line for line in found if not line.emergency][:MOST_LINES]
