"""Keeping the search table true: one statement writes the rows, for one group or for all."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_waiting = ContextVar("groups that wait to be indexed", default=None)


@contextmanager
def indexing_at_the_end():
    """Index each group once, at the end of the block, however often it is saved: for imports, in one transaction."""
    ids = set()
    token = _waiting.set(ids)
    try:
        yield
    finally:
        _waiting.reset(token)
    index_groups(ids)


_ROWS = """
WITH chosen AS (
    SELECT * FROM groups_group WHERE state = 'published' {only}
),
family AS (  -- the group's topics and the wider topics they are part of
    SELECT DISTINCT gt.group_id, t.id, t.slug, t.label, t.synonyms, t.id = gt.topic_id AS own
    FROM groups_group_topics gt
    JOIN chosen g ON g.id = gt.group_id
    JOIN directory_topic own ON own.id = gt.topic_id
    LEFT JOIN directory_topic parent ON parent.id = own.parent_id
    JOIN directory_topic t ON t.id IN (own.id, own.parent_id, parent.parent_id)
),
about AS (
    SELECT group_id, array_agg(DISTINCT search_facet('topic', slug)) AS facets,
           string_agg(label, ' ') FILTER (WHERE own) AS labels,
           string_agg(array_to_string(synonyms, ' '), ' ') FILTER (WHERE own) AS synonyms,
           string_agg(label, ' ') FILTER (WHERE NOT own) AS wider
    FROM family GROUP BY group_id
),
held AS (
    SELECT m.group_id, m.next_at, m.weekdays, v.access, v.public_latitude, v.public_longitude,
           concat_ws(' ', v.locality, v.region, CASE WHEN v.exact_address_public THEN v.name END) AS venue,
           CASE m.format WHEN 'hybrid' THEN ARRAY['hybrid', 'in-person', 'online'] ELSE ARRAY[m.format] END AS formats,
           CASE WHEN m.start_time < '12:00' THEN 'morning' WHEN m.start_time < '17:00' THEN 'afternoon'
                WHEN m.start_time IS NOT NULL THEN 'evening' END AS part
    FROM groups_meeting m JOIN chosen g ON g.id = m.group_id LEFT JOIN groups_venue v ON v.id = m.venue_id
),
days AS (
    SELECT group_id, part, (ARRAY['mon','tue','wed','thu','fri','sat','sun'])[day + 1] AS day
    FROM held, unnest(weekdays) day
),
choices AS (
    SELECT group_id, array_agg(DISTINCT search_facet(field, code)) AS facets FROM (
        SELECT group_id, 'day' AS field, day AS code FROM days
        UNION ALL SELECT group_id, 'time', part FROM held
        UNION ALL SELECT group_id, 'slot', day || '-' || part FROM days
        UNION ALL SELECT group_id, 'format', unnest(formats) FROM held
        UNION ALL SELECT group_id, 'access', unnest(access) FROM held
        UNION ALL SELECT id, 'access', unnest(access) FROM chosen
        UNION ALL SELECT id, 'audience', unnest(audiences) FROM chosen
        UNION ALL SELECT id, 'referral', unnest(ways_in) FROM chosen
        UNION ALL SELECT id, 'kind', kind FROM chosen
        UNION ALL SELECT id, 'run_by', nullif(run_by, '') FROM chosen
        UNION ALL SELECT id, 'free', 'on' FROM chosen WHERE cost IN ('free', 'donation')
        UNION ALL SELECT id, 'peer_led', 'on' FROM chosen WHERE decisions_by_members
        UNION ALL SELECT l.group_id, 'language', l.language_id FROM groups_group_languages l
            JOIN chosen g ON g.id = l.group_id
        UNION ALL SELECT s.group_id, 'seeking', r.slug FROM groups_group_seeking s
            JOIN chosen g ON g.id = s.group_id JOIN directory_supportrole r ON r.id = s.supportrole_id
    ) every WHERE code IS NOT NULL GROUP BY group_id
),
points AS (
    SELECT group_id, array_agg(latitude) AS latitudes, array_agg(longitude) AS longitudes,
           array_agg(DISTINCT search_square(latitude, longitude, 10))
           || array_agg(DISTINCT search_square(latitude, longitude, 1)) AS squares
    FROM (
        SELECT DISTINCT group_id, public_latitude AS latitude, public_longitude AS longitude FROM held
        WHERE public_latitude IS NOT NULL
        UNION  -- a group without a public address stands where it serves
        SELECT s.group_id, p.latitude, p.longitude FROM groups_group_serves s
        JOIN chosen g ON g.id = s.group_id JOIN directory_place p ON p.id = s.place_id
    ) every GROUP BY group_id
),
meeting AS (
    SELECT group_id, min(next_at) FILTER (WHERE next_at >= now()) AS next_at, string_agg(DISTINCT venue, ' ') AS venues
    FROM held GROUP BY group_id
)
INSERT INTO groups_groupsearch (group_id, quality, confirmed_at, next_at, latitudes, longitudes, facets, codes,
                                name_words, words, weighted)
SELECT g.id,
       (CASE WHEN g.confirmed_at > now() - interval '91 days' THEN 0.5
             WHEN g.confirmed_at > now() - interval '182 days' THEN 0.25 ELSE 0 END
        + CASE WHEN meeting.next_at IS NOT NULL THEN 0.2 ELSE 0 END
        + CASE WHEN g.first_time <> '' THEN 0.15 ELSE 0 END + CASE WHEN g.about <> '' THEN 0.15 ELSE 0 END),
       g.confirmed_at, meeting.next_at,
       coalesce(points.latitudes, '{{}}'), coalesce(points.longitudes, '{{}}'),
       coalesce(about.facets, '{{}}') || coalesce(choices.facets, '{{}}'),
       coalesce(about.facets, '{{}}') || coalesce(choices.facets, '{{}}') || coalesce(points.squares, '{{}}'),
       search_vector(g.name, g.text_language),
       strip(search_vector(texts.a || ' ' || texts.b || ' ' || texts.c || ' ' || texts.d, g.text_language)),
       setweight(search_vector(texts.a, g.text_language), 'A')
       || setweight(search_vector(texts.b, g.text_language), 'B')
       || setweight(search_vector(texts.c, g.text_language), 'C')
       || setweight(search_vector(texts.d, g.text_language), 'D')
FROM chosen g
LEFT JOIN about ON about.group_id = g.id
LEFT JOIN choices ON choices.group_id = g.id
LEFT JOIN points ON points.group_id = g.id
LEFT JOIN meeting ON meeting.group_id = g.id
CROSS JOIN LATERAL (SELECT g.name AS a, concat_ws(' ', about.labels, meeting.venues) AS b,
                           concat_ws(' ', g.summary, about.synonyms) AS c,
                           concat_ws(' ', g.about, g.host, g.audience_note, about.wider) AS d) texts
ORDER BY 2 DESC, floor(coalesce(points.latitudes[1], 0)), floor(coalesce(points.longitudes[1], 0)), g.id
"""


@transaction.atomic
def index_groups(group_ids):
    """Write the search rows of these groups anew; a group that is not published loses its row."""
    ids = list(group_ids)
    if _waiting.get() is not None:
        _waiting.get().update(ids)
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM groups_groupsearch WHERE group_id = ANY(%s)", [ids])
        cursor.execute(_ROWS.format(only="AND id = ANY(%s)"), [ids])
        cursor.execute(_ADD_WORDS, [ids])


@transaction.atomic
def rebuild():
    """Write all rows anew, the best listings first, and count the words. Searches go on meanwhile. Returns the rows.

    The order on the disk lets a search that stops at its first thousand stop at the best ones, so run it every night.
    """
    with connection.cursor() as cursor:
        # DELETE and not TRUNCATE: searches that run meanwhile still see the old rows.
        cursor.execute("DELETE FROM groups_groupsearch")
        cursor.execute(_ROWS.format(only=""))
        rows = cursor.rowcount
        cursor.execute("DELETE FROM groups_searchword")
        cursor.execute(_COUNT_WORDS)
        cursor.execute("ANALYZE groups_groupsearch")
        cursor.execute("ANALYZE groups_searchword")
    return rows


# Text in which a misspelt word may find the one that was meant.
_TEXT = "concat_ws(' ', name, summary, about, host)"
_COUNT_WORDS = f"""
WITH seen AS (
    SELECT word FROM ts_stat($$ SELECT to_tsvector('simple', search_text({_TEXT})) FROM groups_group
                                WHERE state = 'published' $$)
    UNION
    SELECT word FROM ts_stat($$ SELECT to_tsvector('simple', search_text(concat_ws(' ', label, synonyms::text)))
                                FROM directory_topic $$)
    UNION
    SELECT word FROM ts_stat($$ SELECT to_tsvector('simple', search_text(concat_ws(' ', locality, region)))
                                FROM groups_venue $$)
),
held AS (SELECT word AS stem, ndoc FROM ts_stat('SELECT words FROM groups_groupsearch'))
INSERT INTO groups_searchword (word, stem, groups)
SELECT seen.word, coalesce(cut.stem, seen.word), coalesce(held.ndoc, 0)
FROM seen
CROSS JOIN LATERAL (SELECT (tsvector_to_array(to_tsvector('directory', seen.word)))[1] AS stem) cut
LEFT JOIN held ON held.stem = cut.stem
WHERE length(seen.word) BETWEEN 2 AND 60 AND seen.word !~ '[0-9]'
"""  # noqa: S608 built of our own words
_ADD_WORDS = f"""
INSERT INTO groups_searchword (word, stem, groups)
SELECT DISTINCT seen.lexeme, coalesce((tsvector_to_array(to_tsvector('directory', seen.lexeme)))[1], seen.lexeme), 1
FROM groups_group, unnest(to_tsvector('simple', search_text({_TEXT}))) seen
WHERE id = ANY(%s) AND state = 'published' AND length(seen.lexeme) BETWEEN 2 AND 60 AND seen.lexeme !~ '[0-9]'
ON CONFLICT DO NOTHING
"""  # noqa: S608 built of our own words
