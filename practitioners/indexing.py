"""Keeping this room's search table true: one statement writes the rows of some practitioners."""

from django.db import connection, transaction

from practitioners.choices import Profession, Sector
from practitioners.models.search import LARGE, LARGE_OF_WIDE, NARROW_KM, SMALL

AT_ONCE = 1000


def _in_words(column, choices):
    """Return SQL for a code in English words, so that 'doctor' finds a GP."""
    cases = " ".join(f"WHEN '{each.value}' THEN '{str(each.label).replace(chr(39), '')}'" for each in choices)
    return f"CASE {column} {cases} END"


_ROWS = f"""
WITH chosen AS (
    SELECT * FROM practitioners_practitioner
    WHERE id = ANY(%(ids)s) AND state = 'published' AND consent_given_on IS NOT NULL
),
family AS (  -- the topics and the wider topics that they are part of
    SELECT DISTINCT pt.practitioner_id, t.id, t.slug, t.label, t.synonyms, t.id = pt.topic_id AS own
    FROM practitioners_practitioner_topics pt
    JOIN chosen p ON p.id = pt.practitioner_id
    JOIN directory_topic own ON own.id = pt.topic_id
    LEFT JOIN directory_topic parent ON parent.id = own.parent_id
    JOIN directory_topic t ON t.id IN (own.id, own.parent_id, parent.parent_id)
),
about AS (
    SELECT practitioner_id,
           string_agg(label, ' ') FILTER (WHERE own) AS labels,
           string_agg(array_to_string(synonyms, ' '), ' ') FILTER (WHERE own) AS synonyms,
           string_agg(label, ' ') FILTER (WHERE NOT own) AS wider
    FROM family GROUP BY practitioner_id
),
links AS (
    SELECT pr.practitioner_id, 'role' AS field, r.slug AS code, r.name AS words
    FROM practitioners_practitioner_roles pr JOIN chosen p ON p.id = pr.practitioner_id
    JOIN directory_supportrole r ON r.id = pr.supportrole_id
    UNION ALL
    SELECT pa.practitioner_id, 'area', a.slug, a.name
    FROM practitioners_practitioner_areas pa JOIN chosen p ON p.id = pa.practitioner_id
    JOIN directory_supportarea a ON a.id = pa.supportarea_id
    UNION ALL
    SELECT pl.practitioner_id, 'language', l.code, l.name
    FROM practitioners_practitioner_languages pl JOIN chosen p ON p.id = pl.practitioner_id
    JOIN directory_language l ON l.code = pl.language_id
    UNION ALL SELECT practitioner_id, 'topic', slug, NULL FROM family
    UNION ALL SELECT id, 'sector', sector, NULL FROM chosen
    UNION ALL SELECT id, 'accepting', 'on', NULL FROM chosen WHERE accepting_requests
    UNION ALL SELECT id, 'online', 'on', 'online' FROM chosen WHERE online
),
choices AS (
    SELECT practitioner_id, array_agg(DISTINCT search_facet(field, code)) AS facets,
           string_agg(words, ' ') FILTER (WHERE field = 'role') AS roles,
           string_agg(words, ' ') FILTER (WHERE field IN ('language', 'online')) AS languages,
           string_agg(words, ' ') FILTER (WHERE field = 'area') AS areas
    FROM links GROUP BY practitioner_id
),
served AS (
    SELECT s.practitioner_id, pl.latitude, pl.longitude, pl.radius_km, pl.country,
           concat_ws(' ', pl.name, pl.area) AS words
    FROM practitioners_practitioner_places s
    JOIN chosen p ON p.id = s.practitioner_id JOIN directory_place pl ON pl.id = s.place_id
),
squares AS (
    SELECT practitioner_id, array_agg(DISTINCT square) AS squares
    FROM served
    CROSS JOIN LATERAL (
        SELECT * FROM practitioner_squares(latitude, longitude, radius_km, {LARGE[0]}, {LARGE[1]})
        UNION ALL
        SELECT * FROM practitioner_squares(latitude, longitude, radius_km, {SMALL[0]}, {SMALL[1]})
        WHERE radius_km <= {NARROW_KM}
        UNION ALL
        SELECT * FROM practitioner_squares(latitude, longitude, radius_km, {LARGE_OF_WIDE[0]}, {LARGE_OF_WIDE[1]})
        WHERE radius_km > {NARROW_KM}
    ) touched (square)
    GROUP BY practitioner_id
),
places AS (
    SELECT practitioner_id, array_agg(latitude) AS latitudes, array_agg(longitude) AS longitudes,
           array_agg(radius_km) AS radii, string_agg(words, ' ') AS words,
           array_agg(DISTINCT search_facet('nation', country)) AS nations
    FROM served GROUP BY practitioner_id
)
INSERT INTO practitioners_practitionersearch
    (practitioner_id, name, quality, confirmed_at, latitudes, longitudes, radii, facets, codes, words)
SELECT p.id, p.name, good.quality, p.confirmed_at,
       coalesce(places.latitudes, '{{}}'), coalesce(places.longitudes, '{{}}'), coalesce(places.radii, '{{}}'),
       coalesce(choices.facets, '{{}}'),
       coalesce(choices.facets, '{{}}') || coalesce(places.nations, '{{}}') || coalesce(squares.squares, '{{}}')
       || CASE WHEN good.quality > 0.9 THEN 0 WHEN good.quality > 0.6 THEN 1 ELSE 2 END,
       setweight(search_vector(p.name, p.text_language), 'A')
       || setweight(search_vector(concat_ws(' ', p.title, p.organisation, {_in_words("p.profession", Profession)},
              choices.roles, about.labels), p.text_language), 'B')
       || setweight(search_vector(concat_ws(' ', p.summary, p.offers, {_in_words("p.sector", Sector)}, about.synonyms,
              places.words, choices.languages), p.text_language), 'C')
       || strip(search_vector(concat_ws(' ', p.about, choices.areas, about.wider), p.text_language))
FROM chosen p
LEFT JOIN about ON about.practitioner_id = p.id
LEFT JOIN choices ON choices.practitioner_id = p.id
LEFT JOIN places ON places.practitioner_id = p.id
LEFT JOIN squares ON squares.practitioner_id = p.id
CROSS JOIN LATERAL (SELECT (CASE WHEN p.confirmed_at > now() - interval '91 days' THEN 0.4
                                 WHEN p.confirmed_at > now() - interval '182 days' THEN 0.2 ELSE 0 END
                            + CASE WHEN p.accepting_requests THEN 0.3 ELSE 0 END
                            + CASE WHEN p.offers <> '' THEN 0.15 ELSE 0 END
                            + CASE WHEN p.does_not_offer <> '' THEN 0.15 ELSE 0 END)::float AS quality) good
ORDER BY good.quality DESC, p.id
"""  # noqa: S608 built of our own words


@transaction.atomic
def index_practitioners(practitioner_ids):
    """Write the search rows of these practitioners anew; one who is not public has none."""
    ids = sorted(practitioner_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        # One after the other: of two who save at once, the second must see what the first one wrote.
        cursor.execute("SELECT FROM practitioners_practitioner WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])
        cursor.execute("DELETE FROM practitioners_practitionersearch WHERE practitioner_id = ANY(%s)", [ids])
        cursor.execute(_ROWS, {"ids": ids})


def rebuild():
    """Write all rows anew, so many at a time that nobody waits long. Returns how many there are. Run it every night."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM practitioners_practitioner ORDER BY id")
        ids = [number for (number,) in cursor.fetchall()]
    for start in range(0, len(ids), AT_ONCE):
        index_practitioners(ids[start : start + AT_ONCE])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE practitioners_practitionersearch")
        cursor.execute("SELECT count(*) FROM practitioners_practitionersearch")
        return cursor.fetchone()[0]
