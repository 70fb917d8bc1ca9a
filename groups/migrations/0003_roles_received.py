"""The roles that a group receives, as a choice of the search: a hook that the practitioners' room fills in."""

from django.db import migrations

MAKE = r"""
-- The roles in which practitioners support groups, as far as anyone may know. This room knows of none: the room above
-- puts its own function in the place of this one.
CREATE FUNCTION groups_roles_received() RETURNS TABLE (group_id bigint, role text) LANGUAGE sql STABLE AS $$
    SELECT NULL::bigint, NULL::text WHERE false
$$;

-- Write the roles that groups receive into their search rows anew; for triggers, so that no way of writing passes by.
CREATE FUNCTION groups_index_received(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- As groups.indexing does: of two who write at once, the second must see what the first one wrote.
    PERFORM FROM groups_group WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE groups_groupsearch row
    SET facets = ARRAY(SELECT unnest(row.facets) EXCEPT SELECT unnest(roles.facets)) || received.facets,
        codes = ARRAY(SELECT unnest(row.codes) EXCEPT SELECT unnest(roles.facets)) || received.facets,
        indexed_at = clock_timestamp()
    FROM (SELECT coalesce(array_agg(search_facet('receiving', slug)), '{}') AS facets FROM directory_supportrole) roles,
         (SELECT wanted.id, coalesce(array_agg(DISTINCT search_facet('receiving', r.role))
                                     FILTER (WHERE r.role IS NOT NULL), '{}') AS facets
          FROM unnest(ids) wanted (id) LEFT JOIN groups_roles_received() r ON r.group_id = wanted.id
          GROUP BY wanted.id) received
    WHERE row.group_id = received.id
      AND ARRAY(SELECT unnest(row.facets) INTERSECT SELECT unnest(roles.facets) ORDER BY 1)
          <> ARRAY(SELECT unnest(received.facets) ORDER BY 1);
END $$;
"""
DROP = "DROP FUNCTION groups_index_received, groups_roles_received;"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_search_functions"),
        ("groups", "0002_meeting_help_texts"),
    ]
    operations = [migrations.RunSQL(MAKE, DROP)]
