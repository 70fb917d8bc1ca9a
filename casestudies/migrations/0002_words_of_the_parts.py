"""The words of a case study's parts, kept in its row by the database, so that one index searches all of its text."""

from django.db import migrations

PARTS = ["effect", "keyfigure", "visitorquestion", "roleshown"]
MAKE = """
CREATE FUNCTION casestudies_words_of_parts(bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(words, ' '), '') FROM (
        SELECT concat_ws(' ', text, unit, caveat) AS words FROM casestudies_effect WHERE case_study_id = $1
        UNION ALL SELECT concat_ws(' ', label, unit, series, caveat) FROM casestudies_keyfigure WHERE case_study_id = $1
        UNION ALL SELECT concat_ws(' ', question, answer, caveat)
                  FROM casestudies_visitorquestion WHERE case_study_id = $1
        UNION ALL SELECT text FROM casestudies_roleshown WHERE case_study_id = $1) parts
$$;

CREATE FUNCTION casestudies_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.more_text := casestudies_words_of_parts(NEW.id);
    RETURN NEW;
END $$;
CREATE TRIGGER keep_words BEFORE INSERT OR UPDATE ON casestudies_casestudy
    FOR EACH ROW EXECUTE FUNCTION casestudies_keep_words();

-- Any update of the row makes it read its parts anew: once a statement, however many parts it brings.
CREATE FUNCTION casestudies_parts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casestudies_casestudy SET more_text = '' WHERE id IN (SELECT case_study_id FROM changed);
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER {event.lower()}_{side.lower()} AFTER {event} ON casestudies_{part} "
    f"REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION casestudies_parts_changed();\n"
    for part in PARTS
    for event, side in [("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")]
)
DROP = """
DROP FUNCTION casestudies_keep_words, casestudies_parts_changed CASCADE;
DROP FUNCTION casestudies_words_of_parts;
"""


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, DROP)]
