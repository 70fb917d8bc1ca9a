"""Reading a file that somebody else made: what it is, whether it is safe to open, which row holds the names."""

import csv
import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zipfile import BadZipFile, ZipFile

import tablib
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from directory.exchange.dates import clock_text
from directory.exchange.writing import restored
from directory.words import plain

MOST_BYTES = 32 * 1024 * 1024
# An XLSX is packed: so much may come out of it, and out of one part of it.
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
MOST_PARTS = 1000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
# The column of a data set that says which row of the file it was.
ROW = "(row)"
EXAMPLE = "example"
DELIMITERS = ",;\t|"
HEADINGS_ARE_IN_THE_FIRST = 10

_BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_UTF_8_PAIR = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
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


def tidy(text):
    """Return text in the one form in which it is compared and written: one kind of line end, no blanks around."""
    return _NEWLINES.sub("\n", text).strip()


def column_name(cell):
    """Return a heading as columns are named: 'Start time' is start_time."""
    return re.sub(r"[\s\-]+", "_", tidy(cell).casefold())


def read(data, known, sheet=""):
    """Return the `Table` in the bytes of a file; raise `Unreadable` with a sentence that says what to do.

    `known` maps the names of the columns that are expected to their labels; `sheet` is the one to read of several.
    """
    check_size(len(data))
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(_("This is an old Excel file, or one with a password. Save it as XLSX, without a password."))
    rows, notes = _xlsx(data, sheet) if data.startswith(b"PK") else _csv(data, known)
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


# XLSX


def _xlsx(data, sheet):
    _check_package(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            pages = book.worksheets
            page = next((each for each in pages if each.title.casefold() == sheet.casefold()), pages[0])
            # What the file says of its own size is not believed.
            page.reset_dimensions()
            rows = []
            for number, cells in enumerate(
                page.iter_rows(max_row=MOST_ROWS + HEADINGS_ARE_IN_THE_FIRST + 1, max_col=MOST_COLUMNS + 1), start=1
            ):
                texts = [_text(cell) for cell in cells]
                if any(texts):
                    rows.append((number, texts))
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken file makes of the reader
        raise Unreadable(
            _("We cannot open this as an Excel file. Open it in Excel or LibreOffice and save it as XLSX.")
        ) from error
    width = max((len(texts) for _number, texts in rows), default=0)
    return [(number, texts + [""] * (width - len(texts))) for number, texts in rows], []


def _check_package(data):
    """Refuse a packed file that is none, or out of which too much would come, before anything of it is unpacked."""
    try:
        with ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
                raise Unreadable(_("Far too much is packed into this file. Save the table anew, and import that."))
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise Unreadable(_("This is a packed file, and not an Excel file. Save the table as XLSX or CSV."))
            for part in parts:
                # No spreadsheet program writes a document type; it is how XML is made to grow without end.
                if part.filename.endswith((".xml", ".rels")) and _DECLARES.search(package.read(part)):
                    raise Unreadable(_("This file is not as Excel writes it. Save the table anew, and import that."))
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("This file is damaged. Save the table anew, and import that.")) from error


def _text(cell):
    """Return the value of a cell as it would be written."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Refused(str(value), _("This cell holds a formula. Copy it, and paste it as a value."))
    if cell.data_type == "e":
        return Refused(str(value), _("This cell holds an error of Excel. Write the value itself."))
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case time():
            return clock_text(value)
    return tidy(str(value))


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
        raise Unreadable(
            _("There are more than %(most)d rows. Split them into several files.") % {"most": MOST_ROWS}
        )
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
                _("Rows %(first)d and %(second)d are both headings. Delete row %(second)d, or the one with other words.")
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
