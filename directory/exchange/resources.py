"""Listings as rows of a table, in both directions: the part that groups, meetings and practitioners share.

An import is one transaction. All rows are read and checked first; while one is refused, nothing is written. Then they
are written in few statements, whatever their number.
"""

import logging
import traceback
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field

from directory.exchange import bulk
from directory.exchange.basics import ROW, Refused
from directory.exchange.cells import UNSAID, cell_of
from directory.exchange.links import Links
from directory.exchange.parts import Parts
from directory.exchange.reading import read
from directory.exchange.results import Fates, RowFate
from directory.history import recording

logger = logging.getLogger(__name__)


class Column(Field):
    """A column of a table. `about` says what it holds; `only_new` ones are taken for new rows alone.

    One that is plain is a column of the listing's own table. Others (`own=False`) a resource looks after itself.
    """

    def __init__(self, widget=None, *, about="", only_new=False, own=True, **kwargs):
        super().__init__(widget=widget, **kwargs)
        self.about, self.only_new = about, only_new
        self.is_plain = own and not isinstance(widget, (Links, Parts))

    def now(self, instance):
        """Return what `instance` holds, as it is compared."""
        return self.widget.now(self.get_value(instance))

    def export(self, instance, **kwargs):
        """Return the text of the cell."""
        return self.widget.render(self.now(instance))


@dataclass(eq=False)
class Pending:
    """A row that waits to be written."""

    instance: object
    is_new: bool
    values: dict
    fate: RowFate
    row: dict


class Exchange(resources.ModelResource):
    """The base of the tables. `by` is who imports; `step` is called with a number of rows, for a progress bar."""

    # What the table is called, in commands, file names and sheets.
    kind = ""
    # In which order they are written.
    order = ("pk",)
    # Relations of those that are there, fetched with them.
    prefetch = ()
    # Columns that are written whenever a row is.
    also_written = ()
    # Columns that the model sets by itself when it is saved, and that a restored row keeps.
    times = ()

    class Meta:
        use_bulk = True
        skip_diff = True
        report_skipped = True
        clean_model_instances = False
        chunk_size = 1000

    def __init__(self, *, by=None, publish=False, step=lambda count: None, **kwargs):
        super().__init__(**kwargs)
        self.by, self.publish, self.step = by, publish, step
        self.pending = []
        self.fate = None

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        """Return the column for a column of the model."""
        about = django_field.help_text or django_field.verbose_name
        return Column(cell_of(django_field), attribute=field_name, column_name=field_name, about=about)

    @classmethod
    def known(cls):
        """Return the labels of the columns by their names."""
        columns = {each.name: each for each in cls._meta.model._meta.get_fields()}
        return {name: getattr(columns.get(name), "verbose_name", name) for name in cls._meta.fields}

    @classmethod
    def read(cls, data):
        """Return the data set in the bytes of a file; raise `Unreadable`."""
        return read(data, cls.known(), cls.kind).dataset()

    @classmethod
    def get_display_name(cls):
        """Return what the table is called."""
        return cls.kind

    # Out

    def iter_queryset(self, queryset):
        """Yield the listings, by one cursor, so that none is missed or comes twice while others work."""
        return queryset.iterator(chunk_size=self.get_chunk_size())

    def filter_export(self, queryset, **kwargs):
        """Return those chosen, with what the columns read, in an order that stays."""
        return queryset.prefetch_related(*self.prefetch).order_by(*self.order)

    def export_resource(self, instance, selected_fields=None, **kwargs):
        """Return the texts of a row. There is nothing to choose: what comes back in must be whole."""
        return [self.fields[name].export(instance) for name in self._meta.fields]

    # In

    def get_result_class(self):
        """Return the class of results."""
        return Fates

    def get_row_result_class(self):
        """Return what makes the result of a row; it is at hand while the row is read."""
        return self._new_fate

    def _new_fate(self):
        self.fate, self.values, self.said = RowFate(), {}, {}
        return self.fate

    def import_data(self, dataset, dry_run=False, **kwargs):
        """Import a data set that `read` made, all of it or nothing. Return the `Fates`."""
        kwargs.pop("use_transactions", None)
        with recording(by=self.by, who=_("Import"), why=_("Import of %(kind)s") % {"kind": self.kind}):
            result = super().import_data(
                dataset, dry_run, use_transactions=True, rollback_on_validation_errors=True, **kwargs
            )
        result.notes = [*getattr(dataset, "notes", []), *self.notes_on(dataset.headers)]
        return result

    def notes_on(self, headers):
        """Return what to tell of the columns that a file lacks."""
        absent = ", ".join(name for name in self._meta.fields if name not in headers)
        return [_("Not in this file, and so left as it is: %(names)s.") % {"names": absent}] if absent else []

    def before_import(self, dataset, **kwargs):
        """Fetch all that the rows may be about, in few queries."""
        self.columns = [self.fields[name] for name in self._meta.fields if name in dataset.headers]
        self.rows = [dict(zip(dataset.headers, cells, strict=True)) for cells in dataset]
        self.seen = {}
        self.fetch()

    def texts(self, name):
        """Return what stands in a column, in all rows."""
        return {row[name] for row in self.rows if row.get(name)}

    def import_row(self, row, instance_loader, **kwargs):
        """Return the `RowFate` of a row."""
        result = super().import_row(row, instance_loader, **kwargs)
        result.number, result.name, result.changes = row[ROW], self.name_of(row), list(self.values)
        if result.validation_error:
            result.refuse(result.validation_error, row)
        for error in result.errors:
            # A fault of ours: where it happened, and nothing of what stood in the row.
            where = traceback.extract_tb(error.error.__traceback__)[-1]
            logger.error("A row of an import failed: %s in %s:%d", type(error.error).__name__, *where[:2])
            result.refuse(ValidationError(_("This row could not be read. Tell whoever runs the site.")), row)
        self.step(1)
        return result

    def name_of(self, row):
        """Return what a row is called in reports."""
        return row.get("name", "")

    def get_or_init_instance(self, instance_loader, row):
        """Return the listing that a row is about, and whether it is new."""
        refused = next(((name, cell) for name, cell in row.items() if isinstance(cell, Refused)), None)
        if refused:
            raise ValidationError({refused[0]: refused[1].why})
        instance = self.find(row)
        self.is_new = instance is None
        if self.is_new:
            instance = self._meta.model()
        for key in self.keys_of(instance, row):
            if key in self.seen:
                raise ValidationError(
                    _("Row %(row)d is about the same. Leave one of them out.") % {"row": self.seen[key]}
                )
            self.seen[key] = row[ROW]
        return instance, self.is_new

    def read_cell(self, row, name):
        """Return what a row says in a column; an empty cell, or a column that is not there, is `None`."""
        if not row.get(name):
            return None
        try:
            value = self.fields[name].clean(row)
        except ValueError as error:
            raise ValidationError({name: str(error)}) from None
        return None if value is UNSAID else value

    def import_instance(self, instance, row, **kwargs):
        """Put what the cells say into the listing, and note what that changes."""
        errors = {}
        for column in self.columns:
            name = column.column_name
            if column.only_new and not self.is_new:
                continue
            try:
                value = column.clean(row)
                if value is UNSAID:
                    continue
                self.said[name] = value
                if not self.is_new and value == column.now(instance):
                    continue
                if isinstance(column.widget, Parts) and value:
                    column.widget.check(instance, value)
            except ValidationError as error:
                errors[name] = error
                continue
            except ValueError as error:
                errors[name] = ValidationError(str(error))
                continue
            self.values[name] = value
            if column.is_plain:
                setattr(instance, column.attribute, list(value) if isinstance(value, tuple) else value)
        self.wrong = bool(errors)
        try:
            self.settle(instance, row)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def settle(self, instance, row):
        """Put right what follows from a row, before it is checked."""

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """Whether a row changes nothing."""
        return not (import_validation_errors or self.is_new or self.values)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Raise `ValidationError` with all that is wrong, by column."""
        errors = dict(import_validation_errors or {})
        fields = instance._meta.fields
        unchecked = [each.name for each in fields if each.is_relation or each.name in errors]
        if not self.is_new:
            unchecked += [each.name for each in fields if each.name not in self.values]
        try:
            instance.clean_fields(exclude=unchecked)
            if not errors:
                self.check(instance)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def check(self, instance):
        """Raise `ValidationError` for what the columns do not tell one by one."""

    def save_instance(self, instance, is_create, row, **kwargs):
        """Keep the listing until all rows have been read."""
        self.pending.append(Pending(instance, is_create, self.values, self.fate, row))

    # Writing

    def after_import(self, dataset, result, **kwargs):
        """Write what waits, if no row was refused."""
        if result.is_fine:
            self.write()
            for each in self.pending:
                if each.fate.problems:
                    each.fate.import_type = each.fate.IMPORT_TYPE_INVALID
                    result.append_invalid_row(each.fate.number, each.row, ValidationError(each.fate.problems[0].why))

    def write(self):
        """Write new rows, changed rows, then what belongs to them."""
        model = self._meta.model
        self.by_instance = {id(each.instance): each for each in self.pending}
        new = [each.instance for each in self.pending if each.is_new]
        changed = [each.instance for each in self.pending if not each.is_new]
        bulk.write_each(new, model._base_manager.bulk_create, self.refuse, self.step)
        plain = {name for name, column in self.fields.items() if column.is_plain}
        columns = {*self.also_written, *(name for each in self.pending for name in each.values if name in plain)}
        bulk.write_each(changed, lambda part: bulk.update(model, part, columns), self.refuse, self.step)
        if any(each.fate.problems for each in self.pending):
            return
        self.write_times(new)
        self.by_pk = {each.instance.pk: each for each in self.pending}
        for name, column in self.fields.items():
            if column.is_plain or not isinstance(column.widget, (Links, Parts)):
                continue
            said = [each for each in self.pending if name in each.values]
            wanted = [each for each in said if each.values[name] or not each.is_new]
            if isinstance(column.widget, Links):
                field, ids = model._meta.get_field(column.attribute), column.widget.ids
                bulk.set_links(field, {each.instance: {ids[key] for key in each.values[name]} for each in wanted})
            else:
                rows = [(each.instance, each.is_new, each.values[name]) for each in wanted]
                bulk.set_parts(column.widget, column.attribute, rows, partial(self.refuse_part, name, column.widget))
        if len(new) > bulk.VERY_MANY:
            bulk.count_anew(self.tables())
        self.write_more()

    def tables(self):
        """Return the models of the tables that an import writes."""
        model = self._meta.model
        links = [field.remote_field.through for field in model._meta.many_to_many]
        parts = [column.widget.model for column in self.fields.values() if isinstance(column.widget, Parts)]
        return [model, *links, *parts]

    def write_times(self, new):
        """Give new rows the moments that the file says: the model had set them to now."""
        said = [(each.pk, self.by_instance[id(each)].values) for each in new]
        for name in self.times:
            given = [(pk, values[name]) for pk, values in said if name in values]
            if given:
                bulk.set_moments(self._meta.model, name, given)

    def write_more(self):
        """Write what else follows, such as the search index."""

    def refuse(self, instance, why):
        """Note that the database refused a row."""
        each = self.by_instance[id(instance)]
        each.fate.refuse(ValidationError(why), each.row)

    def refuse_part(self, name, cell, part, why):
        """Note that the database refused a part of a row."""
        each = self.by_pk[getattr(part, f"{cell.owner}_id")]
        each.fate.refuse(ValidationError({name: why}), each.row)
