"""Statements that are asked again and again: PostgreSQL reads and plans each once a connection, not once a question."""

from django.db import connection
from psycopg import Cursor

# So many a connection keeps; the one that is unused for longest goes first.
MOST_KEPT = 150


def prepared_cursor():
    """Return a cursor whose statements are kept as PostgreSQL planned them, by their text: values belong into `params`.

    The plan is the same whatever the values (`plan_cache_mode` in the settings), so a statement must be one whose best
    plan is always the same.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.connection.prepared_max = MOST_KEPT
    # Django's own cursors put the values into the text, and no two texts are alike then.
    return connection._prepare_cursor(Cursor(connection.connection))
