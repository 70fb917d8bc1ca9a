"""XLSX files, opened only once it is known what would come out of them."""

import io
import re
import warnings
from datetime import date, datetime, time
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from directory.exchange.basics import (
    HEADINGS_ARE_IN_THE_FIRST,
    MOST_COLUMNS,
    MOST_ROWS,
    Refused,
    Unreadable,
    tidy,
)
from directory.exchange.dates import clock_text

# The file is packed: so much may come out of it.
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
MOST_PARTS = 1000
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def rows_of_workbook(data, sheet):
    """Return (number, texts) for the rows of the sheet of that name, or of the first one."""
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
                while texts and not texts[-1]:
                    texts.pop()
                if texts:
                    rows.append((number, texts))
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken file makes of the reader
        raise Unreadable(
            _("We cannot open this as an Excel file. Open it in Excel or LibreOffice and save it as XLSX.")
        ) from error
    width = max((len(texts) for _number, texts in rows), default=0)
    return [(number, texts + [""] * (width - len(texts))) for number, texts in rows]


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
