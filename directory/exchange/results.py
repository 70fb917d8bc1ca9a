"""What an import does with each row of a file."""

from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.results import Result, RowResult

LONGEST_SHOWN = 60
FATES = {
    RowResult.IMPORT_TYPE_NEW: gettext_lazy("new"),
    RowResult.IMPORT_TYPE_UPDATE: gettext_lazy("changed"),
    RowResult.IMPORT_TYPE_SKIP: gettext_lazy("unchanged"),
    RowResult.IMPORT_TYPE_INVALID: gettext_lazy("refused"),
    RowResult.IMPORT_TYPE_ERROR: gettext_lazy("refused"),
}


class Problem(NamedTuple):
    """Why a row is refused: the column, what stands there, what to do."""

    column: str
    value: str
    why: str

    def __str__(self):
        where = f"{self.column}: " if self.column else ""
        return f"{where}{self.why}" + (f" [{self.value}]" if self.value else "")


class RowFate(RowResult):
    """What happens to one row."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.name = ""
        self.changes = []
        self.notes = []
        self.problems = []

    @property
    def fate(self):
        """Its fate in a word."""
        return FATES[self.import_type]

    @property
    def fate_code(self):
        """The word as a class of the style sheet."""
        return "refused" if self.problems else self.import_type

    @property
    def says(self):
        """What there is to tell: what is wrong, or what changes."""
        if self.problems:
            return [str(problem) for problem in self.problems]
        changes = [_("changes: %(columns)s") % {"columns": ", ".join(self.changes)}] if self.is_update() else []
        return [*changes, *self.notes]

    def refuse(self, error, row):
        """Note the errors of a `ValidationError`, each with its column and what stands in it."""
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, messages in found.items():
            column = "" if name == NON_FIELD_ERRORS else name
            value = " ".join(str(row.get(name, "")).split())
            shown = value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + "…"
            self.problems += [Problem(column, shown, message) for message in messages]


class Fates(Result):
    """What happens to all rows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.notes = []

    @property
    def refused(self):
        """The rows that stand in the way: while there is one, nothing is written."""
        return [row for row in self.rows if row.problems]

    @property
    def is_fine(self):
        """Whether nothing stands in the way."""
        return not (self.base_errors or self.refused)

    @property
    def counts(self):
        """How many rows are new, changed, unchanged and refused."""
        found = {str(fate): 0 for fate in FATES.values()}
        for row in self.rows:
            found[str(row.fate)] += 1
        return found

    @property
    def in_short(self):
        """The counts in a sentence."""
        return ", ".join(f"{fate}: {count}" for fate, count in self.counts.items())

    def told(self):
        """Yield (numbers, row) for each row, and for rows in a run that stay as they are, once."""
        run = []
        for row in [*self.rows, None]:
            if row is not None and row.is_skip() and not row.says:
                run.append(row)
                continue
            if run:
                first, last = run[0].number, run[-1].number
                yield (str(first) if first == last else f"{first}–{last}"), run[0] if first == last else _unchanged(run)
                run = []
            if row is not None:
                yield str(row.number), row


def _unchanged(run):
    together = RowFate()
    together.import_type = RowResult.IMPORT_TYPE_SKIP
    together.name = _("%(n)d rows") % {"n": len(run)}
    return together
