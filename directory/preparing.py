"""Statements that are asked again and again: PostgreSQL reads and plans each once a connection, not once a question."""

from django.db import connection
from psycopg import Cursor

# So many a connection keeps; the one that is unused for longest goes first.
MOST_KEPT = 150


class PreparedCursor(Cursor):
    """A cursor that keeps each statement, by its text, from the first time on."""

    def execute(self, query, params=None, **kwargs):
        """Ask a statement with its values apart."""
        self.connection.prepared_max = MOST_KEPT
        # For this statement only: psycopg would count Django's own as well, and their texts hold what people typed.
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True, **kwargs)
        finally:
            self.connection.prepare_threshold = None


def prepared_cursor():
    """Return a cursor whose statements are kept as PostgreSQL planned them: values belong into `params`.

    The plan is the same whatever the values (`plan_cache_mode` in the settings), so a statement must be one whose best
    plan is always the same.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    # Django's own cursors put the values into the text, and no two texts are alike then.
    return connection._prepare_cursor(PreparedCursor(connection.connection))
