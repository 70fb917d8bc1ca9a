"""Keeping the search table true: one statement writes the rows, for one group or for all."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_waiting = ContextVar("groups that wait to be indexed", default=None)


@contextmanager
def indexing_at_the_end():
    """Index each group once, at the end of the block, however often it and its parts are saved: in one transaction."""
    ids = set()
    token = _waiting.set(ids)
    try:
        yield
    finally:
        _waiting.reset(token)
    if ids:
        index_groups(ids)


ROWS = """
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
    SELECT m.group_id, m.next_at, m.weekdays, v.access, v.public_latitude, v.public_longitude, v.country,
           concat_ws(' ', v.locality, v.region, CASE v.address_visibility WHEN 'everyone' THEN v.name END) AS venue,
           CASE m.format WHEN 'hybrid' THEN ARRAY['hybrid', 'in-person', 'online'] ELSE ARRAY[m.format] END AS formats,
           CASE WHEN m.start_time < '12:00' THEN 'morning' WHEN m.start_time < '17:00' THEN 'afternoon'
                WHEN m.start_time IS NOT NULL THEN 'evening' END AS part
    FROM groups_meeting m JOIN chosen g ON g.id = m.group_id LEFT JOIN groups_venue v ON v.id = m.venue_id
),
days AS (
    SELECT group_id, part, formats, (ARRAY['mon','tue','wed','thu','fri','sat','sun'])[day + 1] AS day
    FROM held LEFT JOIN unnest(weekdays) day ON true
),
choices AS (
    SELECT group_id, array_agg(DISTINCT search_facet(field, code)) AS facets FROM (
        SELECT group_id, 'day' AS field, day AS code FROM days
        UNION ALL SELECT group_id, 'time', part FROM held
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
        UNION ALL SELECT r.group_id, 'receiving', r.role FROM groups_roles_received() r
            JOIN chosen g ON g.id = r.group_id
    ) every WHERE code IS NOT NULL GROUP BY group_id
),
slots AS (  -- the day, the part of the day and the format of one meeting, as `groups.models.search.slots` names them
    SELECT group_id,
           array_agg(DISTINCT search_facet('slot', concat(day, '-', part, '-', format))) AS codes
    FROM days, unnest(formats) format GROUP BY group_id
),
nations AS (  -- a hidden address still has its country, which everyone may know
    SELECT group_id, array_agg(DISTINCT search_facet('nation', country)) AS codes FROM (
        SELECT group_id, country FROM held WHERE country IS NOT NULL
        UNION SELECT s.group_id, p.country FROM groups_group_serves s
        JOIN chosen g ON g.id = s.group_id JOIN directory_place p ON p.id = s.place_id
    ) every GROUP BY group_id
),
points AS (
    SELECT group_id, array_agg(latitude) AS latitudes, array_agg(longitude) AS longitudes,
           array_agg(DISTINCT search_square(latitude, longitude, 25))
           || array_agg(DISTINCT search_square(latitude, longitude, 10))
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
INSERT INTO {table} (group_id, indexed_at, quality, confirmed_at, next_at, age_from, age_to, latitudes, longitudes,
                     facets, codes, name_words, words)
SELECT g.id, clock_timestamp(),
       standing.quality,
       g.confirmed_at, meeting.next_at, ages.youngest, ages.oldest,
       coalesce(points.latitudes, '{{}}'), coalesce(points.longitudes, '{{}}'),
       coalesce(about.facets, '{{}}') || coalesce(choices.facets, '{{}}'),
       coalesce(about.facets, '{{}}') || coalesce(choices.facets, '{{}}') || coalesce(slots.codes, '{{}}')
       || coalesce(nations.codes, '{{}}') || coalesce(points.squares, '{{}}') || standing.part
       || CASE WHEN num_nonnulls(ages.youngest, ages.oldest) > 0 THEN ARRAY[search_facet('ages', 'said')]
               ELSE '{{}}' END,
       texts.name,
       setweight(texts.name, 'A')
       || setweight(search_vector(texts.b, g.text_language), 'B')
       || setweight(search_vector(texts.c, g.text_language), 'C')
       -- Without places in the text a word counts as D: the weakest, and a narrow row is a quick row.
       || strip(search_vector(texts.d, g.text_language))
FROM chosen g
LEFT JOIN about ON about.group_id = g.id
LEFT JOIN choices ON choices.group_id = g.id
LEFT JOIN slots ON slots.group_id = g.id
LEFT JOIN nations ON nations.group_id = g.id
LEFT JOIN points ON points.group_id = g.id
LEFT JOIN meeting ON meeting.group_id = g.id
-- As the group says itself; else from the youngest to the oldest of those that it is only for.
LEFT JOIN LATERAL (
    SELECT g.age_from AS youngest, g.age_to AS oldest WHERE num_nonnulls(g.age_from, g.age_to) > 0
    UNION ALL
    SELECT nullif(min(youngest), 0), nullif(max(oldest), 999)
    FROM (VALUES ('children', 0, 15), ('young-people', 11, 30), ('adults', 18, 999), ('older-people', 50, 999))
         audience (code, youngest, oldest)
    WHERE code = ANY(g.audiences) HAVING num_nulls(g.age_from, g.age_to) = 2
) ages ON true
CROSS JOIN LATERAL (SELECT search_vector(g.name, g.text_language) AS name,
                           concat_ws(' ', about.labels, meeting.venues) AS b,
                           concat_ws(' ', g.summary, about.synonyms) AS c,
                           concat_ws(' ', g.about, g.host, g.audience_note, about.wider) AS d OFFSET 0) texts
CROSS JOIN LATERAL (SELECT (CASE WHEN g.confirmed_at > now() - interval '91 days' THEN 0.5
                                 WHEN g.confirmed_at > now() - interval '182 days' THEN 0.25 ELSE 0 END
                            + CASE WHEN meeting.next_at IS NOT NULL THEN 0.2 ELSE 0 END
                            + CASE WHEN g.first_time <> '' THEN 0.15 ELSE 0 END
                            + CASE WHEN g.about <> '' THEN 0.15 ELSE 0 END)::float AS quality,
                           -- Towns in no order that means anything: no end of the country is first in every search.
                           hashint8(coalesce(search_square(latitudes[1], longitudes[1], 10), g.id)) AS town
                    ) good
CROSS JOIN LATERAL (SELECT good.quality, good.town,
                           CASE WHEN quality > 0.95 THEN CASE WHEN good.town & 15 = 0 THEN 0 ELSE 1 END
                                WHEN quality > 0.6 THEN 2 ELSE 3 END AS part) standing
-- The best listings first, and of these the ones of a place together.
ORDER BY standing.part, standing.quality DESC, standing.town,
         search_square(points.latitudes[1], points.longitudes[1], 25), g.id
"""


@transaction.atomic
def index_groups(group_ids):
    """Write the search rows of these groups anew; a group that is not published loses its row."""
    ids = list(group_ids)
    if not ids:
        return
    if _waiting.get() is not None:
        _waiting.get().update(ids)
        return
    with connection.cursor() as cursor:
        # One after the other: of two who save at once, the second must see what the first one wrote.
        cursor.execute("SELECT FROM groups_group WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])
        cursor.execute("DELETE FROM groups_groupsearch WHERE group_id = ANY(%s)", [ids])
        cursor.execute(ROWS.format(table="groups_groupsearch", only="AND id = ANY(%s)"), [ids])
        cursor.execute(ADD_WORDS, [ids])
        cursor.execute(_DROP_WORDS, [ids])


# Text in which a misspelt word may find the one that was meant.
TEXT = "concat_ws(' ', name, summary, about, host)"
ADD_WORDS = f"""
INSERT INTO groups_searchword (word, stem, groups)
SELECT DISTINCT seen.lexeme, coalesce((tsvector_to_array(to_tsvector('directory', seen.lexeme)))[1], seen.lexeme), 1
FROM groups_group, unnest(to_tsvector('simple', search_words({TEXT}))) seen
WHERE id = ANY(%s) AND state = 'published' AND length(seen.lexeme) BETWEEN 2 AND 60 AND seen.lexeme !~ '[0-9]'
ON CONFLICT DO NOTHING
"""  # noqa: S608 built of our own words
# What only a group said that is not public any more is no longer offered as the right spelling.
_DROP_WORDS = f"""
DELETE FROM groups_searchword w
USING (SELECT DISTINCT seen.lexeme FROM groups_group, unnest(to_tsvector('simple', search_words({TEXT}))) seen
       WHERE id = ANY(%s) AND state <> 'published') said
WHERE w.word = said.lexeme
  AND NOT EXISTS (SELECT FROM groups_groupsearch row WHERE row.words @@ search_query(w.word))
"""  # noqa: S608 built of our own words
