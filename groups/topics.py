"""How many groups are about each topic."""

from django.db import connection

from directory.choices import PublicationState


def groups_about_each_topic():
    """Return {slug: how many published groups are about a topic, or about one that is part of it}."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [PublicationState.PUBLISHED])
        return dict(cursor.fetchall())


_COUNTS = """
SELECT named.slug, count(DISTINCT held.group_id)
FROM directory_topic own
LEFT JOIN directory_topic parent ON parent.id = own.parent_id
JOIN directory_topic named ON named.id IN (own.id, own.parent_id, parent.parent_id)
JOIN groups_group_topics held ON held.topic_id = own.id
JOIN groups_group ON groups_group.id = held.group_id AND groups_group.state = %s
GROUP BY named.slug
"""
