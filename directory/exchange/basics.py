"""What all readers of files share: limits, refusals, and the one form of a text."""

import re

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
# Below so many rows nobody looks for the names of the columns.
HEADINGS_ARE_IN_THE_FIRST = 10
# The column of a data set that says which row of the file it was.
ROW = "(row)"
EXAMPLE = "example"

_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x85]")


class Unreadable(ValueError):
    """A file that is not taken at all, with what to do about it."""


class Refused(str):
    """A cell that cannot be taken, with why and what to do."""

    why = ""

    def __new__(cls, text, why):
        """Return the text with its reason."""
        cell = super().__new__(cls, text)
        cell.why = why
        return cell


def tidy(text):
    """Return text in the one form in which it is compared and written: one kind of line end, no blanks around."""
    return _NEWLINES.sub("\n", text).strip()


def column_name(cell):
    """Return a heading as columns are named: 'Start time' is start_time."""
    return re.sub(r"[\s\-]+", "_", tidy(cell).casefold())
