"""A French word is found without the article that runs into it: 'l'eau' is 'eau', as it is for who reads it."""

from django.db import migrations

# As `directory.understanding.tokens` splits them: before a vowel or an h. 'It's' and 'O'Brien' stay one word.
MAKE = r"""
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN regexp_replace(
        regexp_replace(
            replace(translate(
                regexp_replace(lower(public.unaccent('public.unaccent', $1)),
                               '\m(l|d|j|m|n|s|t|c|qu)[''’‘`´](?=[aeiouhy])', '', 'g'),
                '''’‘`´', ''), '&', ' and '),
            '\m(\w)\.(?=\w(\.|\M))', '\1', 'g'),
        '[^a-z0-9]+', ' ', 'g');
"""

BEFORE = r"""
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN regexp_replace(
        regexp_replace(
            replace(translate(lower(public.unaccent('public.unaccent', $1)), '''’‘`´', ''), '&', ' and '),
            '\m(\w)\.(?=\w(\.|\M))', '\1', 'g'),
        '[^a-z0-9]+', ' ', 'g');
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_unmatched_words")]
    operations = [migrations.RunSQL(MAKE, BEFORE)]
