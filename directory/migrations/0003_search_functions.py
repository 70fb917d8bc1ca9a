"""SQL functions of the search, so that what is indexed and what is asked are cut into words by the same code."""

from django.db import migrations

MAKE = r"""
CREATE TEXT SEARCH CONFIGURATION directory_fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION directory_fr
    ALTER MAPPING FOR hword, hword_part, word, asciihword, hword_asciipart, asciiword
    WITH unaccent, french_stem;

-- Text as it is searched: small letters, no accents, no marks. "St. Mark's & M.E." gives "st marks and me".
CREATE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN regexp_replace(
        regexp_replace(
            replace(translate(lower(public.unaccent('public.unaccent', $1)), '''’‘`´', ''), '&', ' and '),
            '\m(\w)\.(?=\w(\.|\M))', '\1', 'g'),
        '[^a-z0-9]+', ' ', 'g');

-- Both parameters have names: where only some have, PostgreSQL writes out a function that it cannot read back.
CREATE FUNCTION search_vector(words text, language text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN to_tsvector(CASE language WHEN 'fr' THEN 'directory_fr'::regconfig ELSE 'directory'::regconfig END,
                       search_text(words));

-- A word as it is asked: its English or its French stem, since a reader does not say in which language to look. The word
-- is plain already, as search_text gives it: a search asks for it many times over.
CREATE FUNCTION search_query(text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN CASE WHEN plainto_tsquery('directory'::regconfig, $1) = plainto_tsquery('directory_fr'::regconfig, $1)
           THEN plainto_tsquery('directory'::regconfig, $1)
           ELSE plainto_tsquery('directory'::regconfig, $1) || plainto_tsquery('directory_fr'::regconfig, $1) END;

-- A choice such as day=mon as a number of 28 bits, the same on every machine.
CREATE FUNCTION search_facet(field text, code text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN ('x' || substr(md5(field || ':' || code), 1, 7))::bit(28)::integer;

-- A square of the map as a number below zero, so that none is a choice: `fine` to a degree, 25, 10 or 1.
CREATE FUNCTION search_square(latitude double precision, longitude double precision, fine integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN -1 - ((floor((latitude + 90) * fine)::integer * 10000 + floor((longitude + 180) * fine)::integer) * 3
                 + CASE fine WHEN 25 THEN 0 WHEN 10 THEN 1 ELSE 2 END);

-- Kilometres from a point to the nearest of several (haversine, mean radius of the earth 6371.0088 km).
CREATE FUNCTION search_distance_of_many(latitudes double precision[], longitudes double precision[],
                                        latitude double precision, longitude double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT min(2 * 6371.0088 * asin(least(1, sqrt(
                sin(radians(a - latitude) / 2) ^ 2
                + cos(radians(latitude)) * cos(radians(a)) * sin(radians(o - longitude) / 2) ^ 2))))
            FROM unnest(latitudes, longitudes) AS points(a, o));

-- The same. Nearly all groups have one point, and for these PostgreSQL puts the formula in the place of the call, which
-- is fifty times as quick; it never does so with a function that holds a SELECT.
CREATE FUNCTION search_distance(latitudes double precision[], longitudes double precision[],
                                latitude double precision, longitude double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN cardinality(latitudes) = 1 THEN 2 * 6371.0088 * asin(least(1, sqrt(
                sin(radians(latitudes[1] - latitude) / 2) ^ 2
                + cos(radians(latitude)) * cos(radians(latitudes[1])) * sin(radians(longitudes[1] - longitude) / 2) ^ 2)))
           ELSE search_distance_of_many(latitudes, longitudes, latitude, longitude) END;
"""

DROP = """
DROP FUNCTION search_distance, search_distance_of_many, search_square, search_facet, search_query, search_vector, search_text;
DROP TEXT SEARCH CONFIGURATION directory_fr;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_initial")]
    operations = [migrations.RunSQL(MAKE, DROP)]
