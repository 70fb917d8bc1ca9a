"""Writing many rows in few statements, and finding the one that the database refuses."""

from itertools import islice

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

AT_ONCE = 500
# So many new rows make PostgreSQL's idea of a table wrong.
VERY_MANY = 200


def batches(items, size=AT_ONCE):
    """Yield lists of at most `size` of the items."""
    items = iter(items)
    while part := list(islice(items, size)):
        yield part


def write_each(items, write, refuse, step=lambda count: None):
    """Call `write` with lists of items; where the database refuses a list, find which, and hand them to `refuse`."""
    for part in batches(items):
        try:
            with transaction.atomic():
                write(part)
        except (IntegrityError, DataError):
            for item in part:
                try:
                    with transaction.atomic():
                        write([item])
                except (IntegrityError, DataError) as error:
                    refuse(item, reason(error, type(item)))
        step(len(part))


def reason(error, model):
    """Return why the database refused a row, in the words of the model's constraint where it has some."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    constraint = next((each for each in model._meta.constraints if each.name == name), None)
    if constraint is not None and constraint.violation_error_message != constraint.default_violation_error_message:
        return str(constraint.violation_error_message)
    return _("The database does not take this row (rule: %(name)s).") % {"name": name or "?"}


def update(model, instances, columns):
    """Write columns of rows that are there, in one statement."""
    model._base_manager.bulk_create(
        instances, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=sorted(columns)
    )


def set_moments(model, name, given):
    """Set a moment of rows by their keys. Django would set one that the model looks after to now."""
    table, column = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {column} = given.at"  # noqa: S608 names of our own
            " FROM unnest(%s::bigint[], %s::timestamptz[]) given (id, at) WHERE t.id = given.id",
            [list(values) for values in zip(*given, strict=True)],
        )


def count_anew(models):
    """Let PostgreSQL look at tables into which very much was written, so that it plans for that and not for before."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def set_links(field, wanted):
    """Make a many-to-many column hold what `wanted` says: a mapping of instances to sets of primary keys."""
    through = field.remote_field.through
    mine, theirs = field.m2m_field_name() + "_id", field.m2m_reverse_field_name() + "_id"
    for part in batches(wanted.items()):
        pairs = {(instance.pk, pk) for instance, pks in part for pk in pks}
        rows = through.objects.filter(**{f"{mine}__in": [instance.pk for instance, _pks in part]})
        there = {(owner, other): pk for pk, owner, other in rows.values_list("pk", mine, theirs)}
        through.objects.filter(pk__in=[there[pair] for pair in there.keys() - pairs]).delete()
        through.objects.bulk_create(
            [through(**{mine: owner, theirs: other}) for owner, other in sorted(pairs - there.keys())]
        )


def set_parts(cell, relation, wanted, refuse):
    """Make the parts of some owners be what `wanted` says: tuples of an owner, whether it is new, and rows of values.

    A part that stays the same one is changed, and not replaced.
    """
    new, changed, gone = [], [], []
    for owner, is_new, rows in wanted:
        there = {}
        for part in [] if is_new else getattr(owner, relation).all():
            there.setdefault(cell.key_of(cell.values_of(part)), []).append(part)
        for position, values in enumerate(rows):
            part = cell.build(owner, values, position)
            same = there.get(cell.key_of(values))
            if not same:
                new.append(part)
                continue
            before = same.pop(0)
            part.pk = before.pk
            if cell.values_of(before) != values or (cell.ordered and before.position != position):
                changed.append(part)
        gone += [part.pk for parts in there.values() for part in parts]
    cell.model._base_manager.filter(pk__in=gone).delete()
    columns = [field.name for field in cell.model._meta.fields if not field.primary_key and field.name != cell.owner]
    write_each(changed, lambda parts: update(cell.model, parts, columns), refuse)
    write_each(new, cell.model._base_manager.bulk_create, refuse)
