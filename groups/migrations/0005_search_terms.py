"""The words of a search, looked up by a function: PostgreSQL plans it once a session, which takes longer than it runs."""

from django.db import migrations

MAKE = r"""
CREATE FUNCTION search_terms(texts text[])
    RETURNS TABLE (number bigint, word text, stem text, held text, groups integer, total bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    -- Whatever is asked, the same plan is the right one.
    SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    SELECT typed.number, typed.word, cut.stem,
           CASE WHEN typed.word ~ '[0-9]' OR held.as_typed THEN 'as typed' WHEN held.at_all THEN 'by stem' ELSE '' END,
           coalesce(held.groups, 0),
           -- An estimate is enough to weigh words by, and a count would read the whole table.
           (SELECT greatest(reltuples, 1)::bigint FROM pg_class WHERE oid = 'groups_groupsearch'::regclass)
    FROM unnest(texts) WITH ORDINALITY AS asked(text, number)
    CROSS JOIN LATERAL (
        SELECT asked.number, t.word, min(place) AS place
        FROM string_to_table(search_text(asked.text), ' ') WITH ORDINALITY AS t(word, place)
        WHERE t.word <> '' GROUP BY t.word ORDER BY place LIMIT 12) typed
    CROSS JOIN LATERAL (SELECT (tsvector_to_array(to_tsvector('directory', typed.word)))[1] AS stem OFFSET 0) cut
    CROSS JOIN LATERAL (SELECT count(*) > 0 AS at_all, bool_or(s.word = typed.word) AS as_typed,
                               max(s.groups) FILTER (WHERE s.stem = cut.stem) AS groups
                        FROM groups_searchword s WHERE s.word = typed.word OR s.stem = cut.stem) held
    WHERE cut.stem IS NOT NULL
    ORDER BY typed.number, typed.place;
END $$;

COMMENT ON FUNCTION search_terms IS
    'For the words of each text: which text, the word, its stem, how it is held, by how many groups, of how many.';
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0004_duplicates"), ("directory", "0003_search_functions")]

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION search_terms;")]
