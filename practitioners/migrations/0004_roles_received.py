"""The roles that groups receive, for their search: true in the statement that changes them, whatever code it is."""

from django.db import migrations

MAKE = r"""
-- As `Support.objects.public().current()` says it; a test compares the two.
CREATE OR REPLACE FUNCTION groups_roles_received() RETURNS TABLE (group_id bigint, role text) LANGUAGE sql STABLE AS $$
    SELECT s.group_id, r.slug::text
    FROM practitioners_support s
    JOIN groups_group g ON g.id = s.group_id
    JOIN practitioners_practitioner p ON p.id = s.practitioner_id
    JOIN directory_supportrole r ON r.id = s.role_id
    WHERE s.group_agrees AND s.practitioner_agrees AND s.ended_on IS NULL
      AND g.state = 'published' AND p.state = 'published' AND p.consent_given_on IS NOT NULL
$$;

CREATE FUNCTION practitioner_support_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM groups_index_received(ARRAY(SELECT DISTINCT group_id FROM touched));
    RETURN NULL;
END $$;
CREATE TRIGGER support_made AFTER INSERT ON practitioners_support REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();
CREATE TRIGGER support_was AFTER UPDATE ON practitioners_support REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();
CREATE TRIGGER support_is AFTER UPDATE ON practitioners_support REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();
CREATE TRIGGER support_ended AFTER DELETE ON practitioners_support REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();

CREATE FUNCTION practitioner_supports_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM groups_index_received(ARRAY(SELECT DISTINCT group_id FROM practitioners_support
                                        WHERE practitioner_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER practitioner_supports_shown AFTER UPDATE OF state, consent_given_on ON practitioners_practitioner
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state
                       OR (OLD.consent_given_on IS NULL) <> (NEW.consent_given_on IS NULL))
    EXECUTE FUNCTION practitioner_supports_shown();
"""
DROP = """
DROP TRIGGER practitioner_supports_shown ON practitioners_practitioner;
DROP TRIGGER support_made ON practitioners_support;
DROP TRIGGER support_was ON practitioners_support;
DROP TRIGGER support_is ON practitioners_support;
DROP TRIGGER support_ended ON practitioners_support;
DROP FUNCTION practitioner_supports_shown, practitioner_support_changed;
CREATE OR REPLACE FUNCTION groups_roles_received() RETURNS TABLE (group_id bigint, role text) LANGUAGE sql STABLE AS
    $$ SELECT NULL::bigint, NULL::text WHERE false $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0003_roles_received"),
        ("practitioners", "0003_joining"),
    ]
    operations = [migrations.RunSQL(MAKE, DROP)]
