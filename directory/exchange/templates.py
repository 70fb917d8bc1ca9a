"""The file to fill in: the names of the columns, an example, and a sheet that explains each column."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.exchange.basics import EXAMPLE
from directory.exchange.cells import UNSAID
from directory.exchange.writing import to_csv, to_xlsx


def template_of(resource_class, ending):
    """Return the bytes of an empty table, as 'csv' or 'xlsx'. Only XLSX has the sheet with the explanations."""
    names = list(resource_class._meta.fields)
    example = [resource_class.example.get(name, "") for name in names]
    example[0] = EXAMPLE
    if ending == "csv":
        return to_csv(names, [example])
    return to_xlsx({resource_class.kind: [names, example], _("columns"): list(explained(resource_class))})


def explained(resource_class):
    """Yield a heading, and a row on each column: its name, what it is, what to write, an example."""
    yield [_("Column"), _("What it is"), _("What to write"), _("Example"), _("Where it is empty")]
    labels, example = resource_class.known(), resource_class.example
    for name in resource_class._meta.fields:
        column = resource_class.fields[name]
        label, about = capfirst(str(labels[name])), str(column.about or "")
        text = about if not about or label == capfirst(about) else f"{label}. {about}"
        yield [name, text or label, str(column.widget.hint), example.get(name, ""), _empty(name, column)]


def _empty(name, column):
    if name == "name":
        return _("Must be filled for what is new.")
    if column.widget.empty is UNSAID:
        return _("Stays as it is; for what is new, the usual value.")
    return _("Empties it.")
