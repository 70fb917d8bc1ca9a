"""A French word is found without the article that runs into it: 'l'eau' as 'eau', which is what a reader types."""

from django.db import migrations

# Before a vowel or an h, as `directory.understanding.tokens` splits them; 't' is left out for the sake of t'ai chi.
MAKE = r"""
-- What is asked: the word alone.
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN regexp_replace(
        regexp_replace(
            replace(translate(
                regexp_replace(lower(public.unaccent('public.unaccent', $1)),
                               '\m(l|d|j|m|n|s|c|qu)[''’‘`´](?=[aeiouhy])', '', 'g'),
                '''’‘`´', ''), '&', ' and '),
            '\m(\w)\.(?=\w(\.|\M))', '\1', 'g'),
        '[^a-z0-9]+', ' ', 'g');

-- What is held: the word alone, and joined besides, since people write L'Arche and Larche, D'Arcy and Darcy.
CREATE FUNCTION search_words(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN search_text(regexp_replace(lower(public.unaccent('public.unaccent', $1)),
                                      '\m(l|d|j|m|n|s|c|qu)[''’‘`´]([aeiouhy]\w*)', '\1\2 \2', 'g'));

CREATE OR REPLACE FUNCTION search_vector(words text, language text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN to_tsvector(CASE language WHEN 'fr' THEN 'directory_fr'::regconfig ELSE 'directory'::regconfig END,
                       search_words(words));
"""

BEFORE = r"""
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN regexp_replace(
        regexp_replace(
            replace(translate(lower(public.unaccent('public.unaccent', $1)), '''’‘`´', ''), '&', ' and '),
            '\m(\w)\.(?=\w(\.|\M))', '\1', 'g'),
        '[^a-z0-9]+', ' ', 'g');

CREATE OR REPLACE FUNCTION search_vector(words text, language text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN to_tsvector(CASE language WHEN 'fr' THEN 'directory_fr'::regconfig ELSE 'directory'::regconfig END,
                       search_text(words));

DROP FUNCTION search_words;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_unmatched_words")]
    operations = [migrations.RunSQL(MAKE, BEFORE)]
