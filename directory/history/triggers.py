"""The SQL that writes the history. Each room's migration watches its own tables with it."""

from django.db import migrations

# What is worked out from the rest, and would only fill the history.
# The SQL below names the same columns.
WORKED_OUT = ("search", "more_text", "next_at", "updated_at", "changed_at")

MAKE = """
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
-- Arguments: the listing's table; the column that leads to it; for a part of a part, the part's table and its column.
DECLARE
    worked_out CONSTANT text[] := '{search,more_text,next_at,updated_at,changed_at}';
    was jsonb;
    is_now jsonb;
    was_of bigint;
    is_of bigint;
    the_act uuid;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := to_jsonb(OLD) - worked_out;
        was_of := note_change_of(was, TG_ARGV);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        is_now := to_jsonb(NEW) - worked_out;
        is_of := note_change_of(is_now, TG_ARGV);
    END IF;
    IF was IS NOT DISTINCT FROM is_now THEN
        RETURN NULL;
    END IF;
    -- What nobody announced is one act a transaction.
    the_act := coalesce(
        nullif(current_setting('directory.act', true), '')::uuid,
        md5(pg_current_xact_id()::text || transaction_timestamp()::text)::uuid
    );
    INSERT INTO directory_act (id, at, by_id, who, why) VALUES (
        the_act,
        clock_timestamp(),
        nullif(current_setting('directory.by', true), '')::integer,
        coalesce(current_setting('directory.who', true), ''),
        coalesce(current_setting('directory.why', true), '')
    ) ON CONFLICT (id) DO NOTHING;
    -- A part that moves from one listing to another leaves the one and comes to the other.
    IF was_of <> is_of THEN
        INSERT INTO directory_change (act_id, subject_table, subject_id, "table", row_id, before, after) VALUES
            (the_act, TG_ARGV[0], was_of, TG_TABLE_NAME, (was ->> 'id')::bigint, was, NULL),
            (the_act, TG_ARGV[0], is_of, TG_TABLE_NAME, (is_now ->> 'id')::bigint, NULL, is_now);
    ELSE
        INSERT INTO directory_change (act_id, subject_table, subject_id, "table", row_id, before, after) VALUES
            (the_act, TG_ARGV[0], coalesce(is_of, was_of, 0), TG_TABLE_NAME,
             (coalesce(is_now, was) ->> 'id')::bigint, was, is_now);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION note_change_of(entry jsonb, args text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    leads_to bigint := (entry ->> args[1])::bigint;
    found bigint;
BEGIN
    IF array_length(args, 1) = 2 THEN
        RETURN leads_to;
    END IF;
    EXECUTE format('SELECT %I FROM %I WHERE id = $1', args[3], args[2]) INTO found USING leads_to;
    -- The part went first: the history still knows whose it was.
    RETURN coalesce(found, (
        SELECT subject_id FROM directory_change WHERE "table" = args[2] AND row_id = leads_to ORDER BY id DESC LIMIT 1
    ));
END $$;
"""

UNMAKE = "DROP FUNCTION note_change(); DROP FUNCTION note_change_of(jsonb, text[]);"


def watch(table, listing, column, *through):
    """Return the operation that writes each change of `table` into the history of `listing` (a table's name).

    `column` leads to the listing; or to a part of it, where `through` names the part's table and its own column.
    """
    args = ", ".join(f"'{each}'" for each in (listing, column, *through))
    return migrations.RunSQL(
        f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION note_change({args});",
        f"DROP TRIGGER note_change ON {table};",
    )
