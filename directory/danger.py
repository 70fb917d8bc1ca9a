"""What a page shows where words tell of danger, or a search names a topic that could harm someone to be seen with."""

from directory.keeping import kept_for_a_minute
from directory.lists import sensitive_topics
from directory.models import HelpLine

# So many help lines stand above words that tell of danger, beside the emergency number: the page links to all others.
MOST_LINES = 3


def about_danger(crisis, topics):
    """Return what a page shows for a `Crisis` or `None`, and for the topics that its search names, by slug."""
    named = sensitive_topics().intersection(topics)
    return {
        "crisis_lines": crisis_lines(crisis),
        "sensitive": bool(named) or crisis is not None,
        "topic_lines": [line for line, slugs in active_lines() if named & slugs] if named else [],
    }


@kept_for_a_minute
def active_lines():
    """Return (a help line, the slugs of its topics) for each that curators have not retired."""
    lines = HelpLine.objects.active().prefetch_related("topics")
    return [(line, {topic.slug for topic in line.topics.all()}) for line in lines]


def crisis_lines(crisis):
    """Return the few help lines to show above words that tell of danger. Nothing of the words is kept."""
    if crisis is None:
        return []
    by_slug = {line.slug: line for line, _topics in active_lines()}
    found = [by_slug[slug] for slug in crisis.help_lines if slug in by_slug]
    # Whom to call where life is in danger stands first, always: once, since who is in danger reads one line.
    emergency = [line for line in found if line.emergency and not crisis.gentle][:1]
    return emergency + [line for line in found if not line.emergency][:MOST_LINES]
