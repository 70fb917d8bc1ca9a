"""Writing the whole search table anew, and the words that it holds, while searches and saves go on."""

import re
import time

from django.db import OperationalError, connection, transaction

from groups.indexing import ADD_WORDS, ROWS, TEXT

_COUNT_WORDS = f"""
CREATE TEMP TABLE counted AS
WITH seen AS (
    SELECT word FROM ts_stat($$ SELECT to_tsvector('simple', search_words({TEXT})) FROM groups_group
                                WHERE state = 'published' $$)
    UNION
    SELECT word FROM ts_stat($$ SELECT to_tsvector('simple', search_words(concat_ws(' ', label, synonyms::text)))
                                FROM directory_topic $$)
    UNION
    SELECT word FROM ts_stat($$ SELECT to_tsvector('simple', search_words(concat_ws(' ', locality, region)))
                                FROM groups_venue v WHERE EXISTS (
                                    SELECT FROM groups_meeting m JOIN groups_group g ON g.id = m.group_id
                                    WHERE m.venue_id = v.id AND g.state = 'published') $$)
),
held AS (SELECT word AS stem, ndoc FROM ts_stat('SELECT words FROM groups_groupsearch_new'))
SELECT seen.word, coalesce(cut.stem, seen.word) AS stem, coalesce(held.ndoc, 0) AS groups
FROM seen
CROSS JOIN LATERAL (SELECT (tsvector_to_array(to_tsvector('directory', seen.word)))[1] AS stem) cut
LEFT JOIN held ON held.stem = cut.stem
WHERE length(seen.word) BETWEEN 2 AND 60 AND seen.word !~ '[0-9]'
"""  # noqa: S608 built of our own words
_KEEP_COUNTS = """
DELETE FROM groups_searchword WHERE word NOT IN (SELECT word FROM counted);
INSERT INTO groups_searchword (word, stem, groups) SELECT word, stem, groups FROM counted
ON CONFLICT (word) DO UPDATE SET stem = excluded.stem, groups = excluded.groups
WHERE groups_searchword.groups <> excluded.groups;
DROP TABLE counted;
"""


def rebuild():
    """Write all rows anew, the best listings first, and count the words. Returns the number of rows.

    The order on the disk lets a search that stops at its first thousand stop at the best ones, so run it every night.
    Searches and saves go on meanwhile: the rows are written to a table of their own, which then takes the place of the
    old one. That takes a moment in which both wait.
    """
    with connection.cursor() as cursor:
        with transaction.atomic():
            # Wait for saves that are under way, so that whatever the new rows miss is written after this moment.
            cursor.execute("LOCK TABLE groups_groupsearch IN SHARE MODE")
            cursor.execute("SELECT clock_timestamp()")
            since = cursor.fetchone()[0]
        with transaction.atomic():
            rows = _write_new_table(cursor)
            _in_a_quiet_moment(lambda: _swap(cursor, since))
        # Every row was written beside its group; that it still has one is checked while all goes on.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, _definition in _constraints(cursor, "f"):
            cursor.execute(f"ALTER TABLE groups_groupsearch VALIDATE CONSTRAINT {name}")
    return rows


def _write_new_table(cursor):
    cursor.execute("SET LOCAL work_mem = '64MB'")
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    cursor.execute("CREATE TABLE groups_groupsearch_new (LIKE groups_groupsearch INCLUDING DEFAULTS)")
    cursor.execute(ROWS.format(table="groups_groupsearch_new", only=""))
    rows = cursor.rowcount
    for name, definition in _indexes(cursor):
        cursor.execute(
            re.sub(r" INDEX \S+ ON \S+", f" INDEX {name}_new ON groups_groupsearch_new", definition, count=1)
        )
    cursor.execute("ANALYZE groups_groupsearch_new")
    cursor.execute(_COUNT_WORDS)
    return rows


def _swap(cursor, since):
    """Put the new table in the place of the old one, with what was saved since it was begun."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("LOCK TABLE groups_group, groups_groupsearch IN ACCESS EXCLUSIVE MODE")
    cursor.execute("SELECT group_id FROM groups_groupsearch WHERE indexed_at >= %s", [since])
    saved = [group for (group,) in cursor.fetchall()]
    cursor.execute(
        "DELETE FROM groups_groupsearch_new row WHERE group_id = ANY(%s) OR NOT EXISTS"
        " (SELECT FROM groups_group WHERE id = row.group_id AND state = 'published')",
        [saved],
    )
    cursor.execute(ROWS.format(table="groups_groupsearch_new", only="AND id = ANY(%s)"), [saved])
    cursor.execute(_KEEP_COUNTS)
    cursor.execute(ADD_WORDS, [saved])
    indexes, keys, links = _indexes(cursor), _constraints(cursor, "p"), _constraints(cursor, "f")
    cursor.execute("DROP TABLE groups_groupsearch")
    cursor.execute("ALTER TABLE groups_groupsearch_new RENAME TO groups_groupsearch")
    for name, _definition in indexes:
        cursor.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
    for name, _definition in keys:
        cursor.execute(f"ALTER TABLE groups_groupsearch ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}")
    for name, definition in links:
        cursor.execute(f"ALTER TABLE groups_groupsearch ADD CONSTRAINT {name} {definition} NOT VALID")


def _in_a_quiet_moment(swap, tries=60):
    """Do it once nobody uses the tables. Nobody waits for longer than half a second behind somebody who reads long."""
    for left in reversed(range(tries)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                swap()
            return
        except OperationalError:
            if not left:
                raise
            time.sleep(1)


def _indexes(cursor):
    cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'groups_groupsearch'")
    return cursor.fetchall()


def _constraints(cursor, kind):
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'groups_groupsearch'::regclass AND contype = %s",
        [kind],
    )
    return cursor.fetchall()
