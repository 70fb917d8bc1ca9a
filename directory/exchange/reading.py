"""Reading a file that somebody else made: what it is, whether it is safe to open, which row holds the names."""

import csv
import io
import re
from dataclasses import dataclass, field

import tablib
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from directory.exchange.basics import (
    EXAMPLE,
    HEADINGS_ARE_IN_THE_FIRST,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    ROW,
    Refused,
    Unreadable,
    column_name,
    tidy,
)
from directory.exchange.workbooks import rows_of_workbook
from directory.exchange.writing import restored
from directory.words import plain

DELIMITERS = ",;\t|"

_BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_UTF_8_PAIR = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
_MISREAD = re.compile(r"\w*(?:Ã[\x80-\xbf]|â€.|Â[\xa0-\xbf]|\ufffd)\w*")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass
class Table:
    """What a file holds: the names of its columns, its rows by their numbers in the file, what to tell of it."""

    headers: list
    rows: list
    notes: list = field(default_factory=list)

    def dataset(self):
        """Return it as a data set whose first column is the number of the row."""
        made = tablib.Dataset(*([number, *cells] for number, cells in self.rows), headers=[ROW, *self.headers])
        made.notes = self.notes
        return made


def read(data, known, sheet=""):
    """Return the `Table` in the bytes of a file; raise `Unreadable` with a sentence that says what to do.

    `known` maps the names of the columns that are expected to their labels; `sheet` is the one to read of several.
    """
    check_size(len(data))
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(_("This is an old Excel file, or one with a password. Save it as XLSX, without a password."))
    rows, notes = (rows_of_workbook(data, sheet), []) if data.startswith(b"PK") else _csv(data, known)
    notes += _misread(rows)
    return _table(rows, notes, known)


def check_size(size):
    """Raise `Unreadable` for a file that is too large to be read at all."""
    if size > MOST_BYTES:
        raise Unreadable(
            _("The file is too large: %(size)s, and the most is %(most)s. Split it into several files.")
            % {"size": filesizeformat(size), "most": filesizeformat(MOST_BYTES)}
        )


# CSV


def _csv(data, known):
    text, notes = decode(data)
    delimiter = _delimiter(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cells):
                rows.append((number, [tidy(cell) for cell in cells]))
            if len(rows) > MOST_ROWS + HEADINGS_ARE_IN_THE_FIRST:
                break
    except csv.Error:
        raise Unreadable(
            _("We cannot read the file from row %(row)d on. Is a quotation mark missing, or one too many?")
            % {"row": (rows[-1][0] if rows else 0) + 1}
        ) from None
    return rows, notes


def decode(data):
    """Return the text of some bytes, and what to tell: by its byte order mark, else UTF-8, else Windows-1252."""
    for mark, charset in _BOMS.items():
        if data.startswith(mark):
            try:
                return data.decode(charset).removeprefix("\ufeff"), []
            except UnicodeDecodeError:
                raise Unreadable(_no_charset()) from None
    if b"\x00" in data:
        raise Unreadable(_("This is not a text file. Save it as CSV (UTF-8) or as XLSX."))
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
    if _UTF_8_PAIR.search(data):
        raise Unreadable(
            _(
                "The letters are written in two different ways (UTF-8, and something else in line %(row)d)."
                " Open the file, put that line right, and save it as CSV (UTF-8)."
            )
            % {"row": row}
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(_no_charset()) from None
    seen = list(dict.fromkeys(re.findall(r"\w*[^\x00-\x7f]\w*", text)))[:5]
    return text, [
        _("The letters were read as Windows-1252. If these words look wrong, save the file as CSV (UTF-8): %(words)s")
        % {"words": ", ".join(seen)}
    ]


def _misread(rows):
    """Return what to tell of letters that somebody's program misread before: 'cafÃ©' was 'café' once."""
    wrong = [word for _number, cells in rows for cell in cells for word in _MISREAD.findall(cell)]
    if not wrong:
        return []
    few = ", ".join(list(dict.fromkeys(wrong))[:5])
    return [_("Some letters look wrong, as if the file had been saved badly before: %(words)s") % {"words": few}]


def _no_charset():
    return _("We cannot read the letters in this file. Save it as CSV (UTF-8) or as XLSX.")


def _delimiter(text, known):
    """Return the delimiter that parts the headings into the most names we know, or at least into the most cells."""
    best = (0, 0, "")
    for line in text.split("\n", HEADINGS_ARE_IN_THE_FIRST)[:HEADINGS_ARE_IN_THE_FIRST]:
        for delimiter in DELIMITERS:
            cells = line.strip("\r").split(delimiter)
            found = sum(column_name(cell.strip().strip('"')) in known for cell in cells)
            if (found, len(cells)) > best[:2]:
                best = (found, len(cells), delimiter)
    return best[2] or ","


# The table


def _table(rows, notes, known):
    headings = _headings(rows, known)
    rows = [(number, _as_wide_as(headings, cells)) for number, cells in rows[1:] if any(cells)]
    names = [column_name(cell) for cell in headings]
    _check_names(names, rows)
    keep = [index for index, name in enumerate(names) if name in known]
    unknown = [heading for heading, name in zip(headings, names, strict=True) if name and name not in known]
    if unknown:
        notes.append(_("Columns that we do not know, and left out: %(names)s.") % {"names": ", ".join(unknown)})
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("There are more than %(most)d rows. Split them into several files.") % {"most": MOST_ROWS})
    taken = []
    for number, cells in rows:
        if cells[0].casefold() == EXAMPLE:
            notes.append(_("Row %(row)d is the example of the template, and left out.") % {"row": number})
            continue
        refused = next((cell for cell in cells if isinstance(cell, Refused)), None)
        texts = [cells[index] if isinstance(cells[index], Refused) else restored(cells[index]) for index in keep]
        if refused is not None and not any(isinstance(text, Refused) for text in texts):
            texts[0] = Refused(texts[0], refused.why)
        taken.append((number, texts))
    if not taken:
        raise Unreadable(_("There are no rows under the headings."))
    return Table([names[index] for index in keep], taken, notes)


def _headings(rows, known):
    """Return the row that holds the names of the columns; refuse a file that has none, or two."""

    def known_in(cells):
        return sum(column_name(cell) in known for cell in cells)

    if not rows:
        raise Unreadable(_("The file is empty."))
    first, headings = rows[0]
    if not known_in(headings):
        later = next((number for number, cells in rows[1:HEADINGS_ARE_IN_THE_FIRST] if known_in(cells) > 1), None)
        if later:
            raise Unreadable(
                _("The names of the columns are in row %(row)d. Delete the rows above it.") % {"row": later}
            )
        raise Unreadable(
            _("The first row must hold the names of the columns, such as %(names)s. Start from the template.")
            % {"names": ", ".join(list(known)[:4])}
        )
    words = {plain(name) for name in known} | {plain(str(label)) for label in known.values()}
    if len(rows) > 1:
        second, cells = rows[1]
        filled = [cell for cell in cells if cell]
        headings_again = sum(plain(cell) in words for cell in filled)
        if headings_again > 1 and headings_again * 2 >= len(filled):
            raise Unreadable(
                _("Rows %(first)d and %(second)d are both headings. Delete the one with other words.")
                % {"first": first, "second": second}
            )
    return headings


def _as_wide_as(headings, cells):
    """Return a row with a cell for each heading; one with more or fewer is refused: an unquoted comma, most often."""
    width = len(headings)
    if len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return cells[:width]
    why = _("This row has %(n)d cells, and there are %(width)d headings. Is a comma in a text without quotes?")
    first = Refused(cells[0], why % {"n": len(cells), "width": width})
    return [first, *cells[1:width], *[""] * (width - len(cells))]


def _check_names(names, rows):
    if len(names) > MOST_COLUMNS:
        raise Unreadable(_("There are more than %(most)d columns.") % {"most": MOST_COLUMNS})
    named = [name for name in names if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise Unreadable(_("There is more than one column called %(names)s.") % {"names": ", ".join(twice)})
    for index, name in enumerate(names):
        if not name and any(cells[index] for _number, cells in rows):
            raise Unreadable(_("Column %(n)d has no name in the first row.") % {"n": index + 1})
