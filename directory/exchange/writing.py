"""Tables as CSV and XLSX files that no spreadsheet program runs anything of."""

import csv
import io
import re

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

BOM = "\ufeff"
# What a spreadsheet program takes for the start of a formula, behind any apostrophes that stand there already.
# A blank that is none to see may hide one.
_STARTS = r"[=+\-@|%＝＋－＠\t\r\n]"
_LIKE_A_FORMULA = re.compile(f"'*{_STARTS}")
_NEUTRAL = re.compile(f"'+{_STARTS}")
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?(e-?\d+)?")
# What Excel holds in one cell.
LONGEST_IN_EXCEL = 32_767


class Unwritable(ValueError):
    """What a kind of file cannot hold, in a sentence for the person who asked for it."""


def neutral(text):
    """Return `text` so that no program takes it for a formula; `restored` gives back what it was."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) and not _NEGATIVE_NUMBER.fullmatch(text) else text


def restored(text):
    """Return what `neutral` was given."""
    return text[1:] if _NEUTRAL.match(text) else text


def to_csv(headers, rows):
    """Return a table as CSV: UTF-8 with the mark by which Excel knows it, and commas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def to_xlsx(sheets):
    """Return tables as sheets of an XLSX file, each cell a text: `sheets` maps names to lists of rows."""
    for rows in sheets.values():
        _check_that_excel_holds(rows)
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, text, is_heading=number == 0) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _check_that_excel_holds(rows):
    for number, row in enumerate(rows, start=1):
        for name, text in zip(rows[0], row, strict=True):
            if len(text) >= LONGEST_IN_EXCEL or ILLEGAL_CHARACTERS_RE.search(text):
                raise Unwritable(
                    _(
                        "Excel cannot hold row %(row)d, column %(column)s: the text is too long, or has a control"
                        " character. Export as CSV, or change the text."
                    )
                    % {"row": number, "column": name}
                )


def _cell(sheet, text, *, is_heading):
    cell = WriteOnlyCell(sheet, value=neutral(text))
    cell.data_type = "s"
    cell.number_format = "@"
    if is_heading:
        cell.font = Font(bold=True)
    elif "\n" in text:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
