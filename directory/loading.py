"""Loading content files into the database, again and again, without ever overwriting what a curator changed."""

import csv
import gzip
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import yaml
from django.db import connection, models, transaction

from directory.models import LoadedContent, Place, PostcodeSector
from directory.models.places import searched_names

FILE = "file"


# The one in C takes a tenth of the time, where the package was built with it.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path):
    """Return what a content file holds."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_YAML)  # noqa: S506 both are safe loaders


@dataclass(frozen=True)
class Rows:
    """Rows that belong to an entry, such as a case study's effects: their model and how their links are named."""

    model: type[models.Model]
    owner: str
    links: dict = field(default_factory=dict)

    @property
    def columns(self):
        """The columns that a file fills."""
        left_out = {"id", self.owner, "position"}
        return [column for column in self.model._meta.fields if column.name not in left_out]


@dataclass(frozen=True)
class Content:
    """How the entries of a file become rows of a model.

    `links` names each relation with the field of the other model that the file uses; `rows` names the lists of rows
    that belong to an entry.
    """

    model: type[models.Model]
    key: str = "slug"
    links: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)

    @property
    def kind(self):
        """The name under which the loaded values are kept."""
        return self.model._meta.label_lower


@transaction.atomic
def load(content, entries):
    """Bring the database to what `entries` say, except where a curator changed it.

    Returns a `Counter` of entries by fate: new, changed, unchanged, kept (a curator's change stays), removed (a curator
    took it out, and it stays out).
    """
    fates = Counter()
    seen = {record.key: record for record in LoadedContent.objects.filter(kind=content.kind)}
    present = {getattr(each, content.key): each for each in content.model.objects.all()}
    # Rows first and links second: an entry may name one that comes later in the file.
    first_pass = []
    for entry in entries:
        key = entry[content.key]
        record, instance = seen.get(key), present.get(key)
        if instance is None and record is not None:
            fates["removed"] += 1
            continue
        is_new = instance is None
        if is_new:
            plain = {
                name: value for name, value in entry.items() if name not in content.links and name not in content.rows
            }
            instance = content.model(**{name: _clean(content.model, name, value) for name, value in plain.items()})
            # A link that may not be empty has to be there from the start.
            for name in content.links:
                if name in entry and not _is_many(content.model, name) and not content.model._meta.get_field(name).null:
                    setattr(instance, name, _linked(content.model, content.links, name, entry[name]))
            instance.save()
        first_pass.append((key, entry, record, instance, is_new))
    for key, entry, record, instance, is_new in first_pass:
        fates[_bring_to(content, instance, entry, record, key, is_new)] += 1
    return fates


def _bring_to(content, instance, entry, record, key, is_new):
    wanted = {name: _wanted(content, name, value) for name, value in entry.items()}
    now = {name: _current(content, instance, name) for name in wanted}
    loaded = record.values if record else {}
    ours = {name for name in wanted if is_new or (record and now[name] == loaded.get(name))}
    to_set = [name for name in ours if now[name] != wanted[name]]
    for name in to_set:
        _set(content, instance, name, entry[name])
    if any(name not in content.rows and not _is_many(content.model, name) for name in to_set):
        instance.save()
    values = {name: wanted[name] if name in ours else loaded.get(name) for name in wanted}
    if record is None or record.values != values:
        LoadedContent.objects.update_or_create(kind=content.kind, key=key, defaults={"values": values})
    if is_new:
        return "new"
    if to_set:
        return "changed"
    return "kept" if len(ours) < len(wanted) else "unchanged"


def _is_many(model, name):
    return model._meta.get_field(name).many_to_many


def _clean(model, name, value):
    if value is None and not model._meta.get_field(name).null:
        return ""
    return value.strip() if isinstance(value, str) else value


def _linked(model, links, name, value):
    target = model._meta.get_field(name).related_model.objects
    attribute = links[name]
    if _is_many(model, name):
        found = {str(getattr(each, attribute)): each for each in target.filter(**{f"{attribute}__in": value})}
        missing = [each for each in value if each not in found]
        if missing:
            raise ValueError(f"{model._meta.verbose_name}: {name} names {', '.join(missing)}, which is not there.")
        return list(found.values())
    if value is None:
        return None
    linked = target.filter(**{attribute: value}).first()
    if linked is None:
        raise ValueError(f"{model._meta.verbose_name}: {name} names {value}, which is not there.")
    return linked


def _set(content, instance, name, value):
    if name in content.rows:
        rows = content.rows[name]
        rows.model.objects.filter(**{rows.owner: instance}).delete()
        for position, row in enumerate(value):
            values = {
                column: _linked(rows.model, rows.links, column, cell)
                if column in rows.links
                else _clean(rows.model, column, cell)
                for column, cell in row.items()
            }
            if _has_position(rows.model):
                values["position"] = position
            rows.model.objects.create(**{rows.owner: instance}, **values)
    elif name in content.links:
        linked = _linked(content.model, content.links, name, value)
        if _is_many(content.model, name):
            getattr(instance, name).set(linked)
        else:
            setattr(instance, name, linked)
    else:
        setattr(instance, name, _clean(content.model, name, value))


def _has_position(model):
    return any(column.name == "position" for column in model._meta.fields)


def _wanted(content, name, value):
    """Return a value of the file in the form in which values are kept and compared."""
    if name in content.rows:
        rows = content.rows[name]
        return [
            {
                column.name: _comparable(_clean(rows.model, column.name, row.get(column.name, column.get_default())))
                for column in rows.columns
            }
            for row in value
        ]
    if name in content.links:
        return sorted(value) if _is_many(content.model, name) else value
    return _comparable(_clean(content.model, name, value))


def _current(content, instance, name):
    """Return a value of the database in the same form."""
    if name in content.rows:
        rows = content.rows[name]
        return [
            {column.name: _current_cell(row, column.name, rows.links) for column in rows.columns}
            for row in rows.model.objects.filter(**{rows.owner: instance})
        ]
    if name in content.links and _is_many(content.model, name):
        return sorted(str(getattr(each, content.links[name])) for each in getattr(instance, name).all())
    return _current_cell(instance, name, content.links)


def _current_cell(row, name, links):
    value = getattr(row, name)
    if name in links:
        return None if value is None else str(getattr(value, links[name]))
    return _comparable(value)


def _comparable(value):
    match value:
        case bool() | None:
            return value
        case int() | float() | Decimal():
            return f"{Decimal(str(value)).normalize():f}"
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [_comparable(each) for each in value]
    return str(value)


def changed_files(paths):
    """Return those of the files whose bytes differ from what was last loaded, with their digests."""
    known = dict(LoadedContent.objects.filter(kind=FILE).values_list("key", "values__sha256"))
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    return {path: digest for path, digest in digests.items() if known.get(path.name) != digest}


def remember_files(digests):
    """Keep the digests of files that were loaded."""
    for path, digest in digests.items():
        LoadedContent.objects.update_or_create(kind=FILE, key=path.name, defaults={"values": {"sha256": digest}})


def _rows_of(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_places(path):
    """Bring places to what the file says, except those that a curator edited. Returns how many it holds."""
    columns = [
        *("code", "name", "kind", "area", "country", "latitude", "longitude", "radius_km", "population", "postcodes"),
        *("time_zone", "other_names", "names"),
    ]
    table = Place._meta.db_table
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.incoming")
        cursor.execute(f"CREATE TEMP TABLE incoming (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP")
        cursor.execute("ALTER TABLE incoming DROP COLUMN id, DROP COLUMN edited")
        with cursor.copy(f"COPY incoming ({', '.join(columns)}) FROM STDIN") as copy:
            for row in _rows_of(path):
                others = [name for name in row["other_names"].split("|") if name]
                cells = {**row, "other_names": others, "names": searched_names(row["name"], others)}
                cells["population"] = row["population"] or None
                cells["postcodes"] = row["postcodes"] or None
                copy.write_row([cells[column] for column in columns])
                count += 1
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}, edited) SELECT {', '.join(columns)}, false FROM incoming "  # noqa: S608 names of our own columns
            f"ON CONFLICT (code) DO UPDATE SET {updates} WHERE NOT {table}.edited"
        )
        cursor.execute(f"ANALYZE {table}")
    return count


@transaction.atomic
def load_postcode_sectors(path):
    """Replace the postcode sectors by those of the file. Returns how many it holds."""
    columns = ["sector", "outward", "latitude", "longitude", "district", "country"]
    table = PostcodeSector._meta.db_table
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 the name of our own table
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in _rows_of(path):
                copy.write_row([row[column] for column in columns])
                count += 1
        cursor.execute(f"ANALYZE {table}")
    return count
