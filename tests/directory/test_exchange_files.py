"""Files that others made: read safely, or refused with what to do; and texts that no program takes for formulas."""

import io
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl
import pytest

from directory.exchange.basics import MOST_BYTES, ROW, Refused, Unreadable
from directory.exchange.dates import read_clock, read_day, read_moment
from directory.exchange.reading import read
from directory.exchange.writing import Unwritable, neutral, restored, to_csv, to_xlsx

KNOWN = {"uuid": "identifier", "name": "name", "summary": "summary", "start_time": "starts at", "founded": "founded in"}
FORMULAS = ["=1+1", "+44 113 496", "-", "-1+1", "@SUM(A1)", "|cmd", "%0A", "'=1", "''=1", "＝1", '=HYPERLINK("x")']
PLAIN = ["", "'", "'twas", "a=1", "-1.577", "-1e-7", "it's", "''", "£5", "0113"]


def table(data):
    found = read(data if isinstance(data, bytes) else data.encode(), KNOWN, "groups")
    return found.headers, found.rows


def xlsx(*rows, sheet="groups"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize("text", FORMULAS + PLAIN)
def test_what_looks_like_a_formula_is_written_as_text_and_comes_back(text):
    written = neutral(text)
    assert written[:1] not in set("=+@|%＝") or written == text == ""
    assert restored(written) == text
    assert (written != text) == (text in FORMULAS)
    for data in (to_csv(["name", "summary"], [["x", text]]), to_xlsx({"groups": [["name", "summary"], ["x", text]]})):
        assert table(data) == (["name", "summary"], [(2, ["x", text])])


@pytest.mark.parametrize("blank", ["\t", "\r", "\n"])
def test_a_formula_behind_a_blank_is_written_as_text(blank):
    assert neutral(f"{blank}=1+1") == f"'{blank}=1+1"
    assert restored(f"'{blank}=1+1") == f"{blank}=1+1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_charset_and_delimiter_are_found_out(delimiter, charset, newline):
    lines = ["Name;Start time;Summary".replace(";", delimiter), "Café;7pm;Thé, chaud".replace(";", f'"{delimiter}"')]
    lines[1] = f'"{lines[1]}"'
    data = newline.join(lines).encode(charset)
    if charset == "utf-16-le":
        data = b"\xff\xfe" + data
    found = read(data, KNOWN, "")
    assert found.headers == ["name", "start_time", "summary"]
    assert found.rows == [(2, ["Café", "7pm", "Thé, chaud"])]
    assert bool(found.notes) == (charset == "cp1252")


def test_letters_that_were_guessed_are_shown():
    found = read("name\nCafé Mäx\n".encode("cp1252"), KNOWN, "")
    assert "Windows-1252" in found.notes[0]
    assert "Café, Mäx" in found.notes[0]


@pytest.mark.parametrize("word", ["cafÃ©", "itâ€™s", "caf\ufffd"])
def test_letters_that_were_misread_before_are_shown(word):
    assert word in read(f"name\n{word}\n".encode(), KNOWN, "").notes[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\n\n , \n", "empty|names of the columns"),
        (b"\xef\xbb\xbf", "empty"),
        (b"x" * (MOST_BYTES + 1), "too large: 32.0"),
        (b"name\nA\x00B", "not a text file"),
        ("name\nCafé\n".encode() + "Mäx".encode("cp1252"), "two different ways.*line 3"),
        (b"name\n\x81\x8d\n", "cannot read the letters"),
        (b"\xff\xfea", "cannot read the letters"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"%PDF-1.7 ...", "first row must hold the names"),
        (b"<html><table>", "first row must hold the names"),
        (b"titel;ort\nA;B\n", "first row must hold the names of the columns, such as uuid, name"),
        (b"Our groups 2026,\n,\nname,summary\nA,B\n", "names of the columns are in row 3"),
        (b"name,summary\nName,Summary\nA,B\n", "Rows 1 and 2 are both headings"),
        (b"name,start_time,founded\nName,Starts at,Founded in\nA,7pm,1999\n", "Rows 1 and 2 are both headings"),
        (b"name,name\nA,B\n", "more than one column called name"),
        (b"name,\nA,B\n", "Column 2 has no name"),
        (b"name,summary\n", "no rows under"),
        (b'name,summary\nA,"B\nC,D\n', "from row 2 on. Is a quotation mark"),
        (b"name\n" + b"x" * 200_000, "from row 2 on"),
        (b"name\n" + b"A\n" * 50_001, "more than 50000 rows"),
        (b"name" + b",x" * 300 + b"\nA\n", "more than 200 columns"),
        (b"PK\x03\x04 broken", "damaged"),
        (packed(readme="x"), "not an Excel file"),
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_xml="x"), "not an Excel"),
        (packed(**{"[Content_Types]_xml": "<x/>", "xl__workbook_xml": "<x/>"}), "cannot open"),
        (packed(**{"[Content_Types]_xml": "<x/>", "xl__a_xml": b"0" * (300 * 1024 * 1024)}), "Far too much"),
        (packed(**{"[Content_Types]_xml": "<x/>", **{f"xl__{n}": "" for n in range(1001)}}), "Far too much"),
        (
            packed(**{"[Content_Types]_xml": "<x/>", "xl__a_xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "not as Excel writes it",
        ),
    ],
    # A packed file holds the time at which it was made: no name for a test.
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_file_that_cannot_be_taken_gets_a_message(data, told):
    with pytest.raises(Unreadable, match=told):
        read(data, KNOWN, "groups")


def test_a_bomb_is_refused_by_what_its_list_of_parts_says():
    bomb = packed(**{"[Content_Types]_xml": "<x/>", "xl__a_xml": b"0" * (300 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024


def test_row_numbers_are_those_of_the_file():
    assert table("name\n\nA\n\n\nB\n")[1] == [(3, ["A"]), (6, ["B"])]
    assert table(xlsx(["name"], [], ["A"], [None], ["B"]))[1] == [(3, ["A"]), (5, ["B"])]


def test_cells_of_excel_are_read_as_people_see_them():
    day, moment = datetime.fromisoformat("2026-03-03"), datetime.fromisoformat("2026-03-03T07:00")
    headings = ["name", "summary", "start_time", "founded", "uuid"]
    book = xlsx(headings, ["A", day, time(19, 30), 2019.0, 53.5], [True, moment, "x", 5, None])
    assert table(book)[1] == [
        (2, ["A", "2026-03-03", "19:30", "2019", "53.5"]),
        (3, ["yes", "2026-03-03T07:00:00", "x", "5", ""]),
    ]


def test_a_formula_in_excel_is_refused_where_it_stands():
    headers, rows = table(xlsx(["name", "summary"], ["A", "=1+1"], ["B", "b"]))
    assert rows[1] == (3, ["B", "b"])
    assert isinstance(rows[0][1][1], Refused)
    assert "paste it as a value" in rows[0][1][1].why


def test_of_several_sheets_the_one_with_the_name_is_read():
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    for cells in (["name"], ["A"]):
        book.create_sheet("Groups") if cells == ["name"] else None
        book["Groups"].append(cells)
    out = io.BytesIO()
    book.save(out)
    assert table(out.getvalue()) == (["name"], [(2, ["A"])])


def test_a_row_with_a_comma_too_many_is_refused_and_not_shifted():
    rows = table("name,summary\nA,Tea, and talk\nB,b,\n")[1]
    assert "3 cells, and there are 2 headings" in rows[0][1][0].why
    assert rows[1] == (3, ["B", "b"])


def test_unknown_columns_are_told():
    found = read(b"name,sumary,founded\nA,B,1999\n", KNOWN, "")
    assert found.headers == ["name", "founded"]
    assert found.rows == [(2, ["A", "1999"])]
    assert found.notes == ["Columns that we do not know, and left out: sumary."]
    assert found.dataset().headers == [ROW, "name", "founded"]


@pytest.mark.parametrize("text", ["x" * 32_768, "a\x0bb"])
def test_what_excel_cannot_hold_is_not_cut_off(text):
    with pytest.raises(Unwritable, match="row 2, column summary"):
        to_xlsx({"groups": [["name", "summary"], ["A", text]]})


@pytest.mark.parametrize(
    "text",
    [
        "3 March 2026",
        "03/03/2026",
        "3/3/26",
        "3.3.2026",
        "3-3-2026",
        "2026-03-03",
        "2026-03-03 00:00:00",
        "3rd of March 2026",
        "Tuesday, 3 March 2026",
        "Tue 3 Mar 2026",
        "March 3, 2026",
        " 3  mar. 2026 ",
        "3-Mar-26",
    ],
)
def test_dates_as_people_write_them(text):
    assert read_day(text) == date(2026, 3, 3)


def test_the_day_comes_first():
    assert read_day("02/03/2026") == date(2026, 3, 2)
    assert read_day("1/2/98") == date(1998, 2, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3/31/2026", "British way"),
        ("31 February 2026", "no such day"),
        ("30/2/2026", "no such day"),
        ("soon", "cannot read"),
        ("3 Marsh 2026", "cannot read"),
        ("March", "cannot read"),
        ("46084", "cannot read"),
        ("0000-01-01", "no such day"),
        ("٣/٣/٢٠٢٦x", "cannot read"),
    ],
)
def test_a_date_that_cannot_be_read_says_how_to_write_it(text, told):
    with pytest.raises(ValueError, match=told):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("7pm", 19, 0),
        ("7 PM", 19, 0),
        ("7.30 pm", 19, 30),
        ("7:30pm", 19, 30),
        ("7.30 p.m.", 19, 30),
        ("19:00", 19, 0),
        ("19.30", 19, 30),
        ("19:30:00", 19, 30),
        ("12am", 0, 0),
        ("12pm", 12, 0),
        ("noon", 12, 0),
        ("midnight", 0, 0),
        ("9:05", 9, 5),
    ],
)
def test_times_as_people_write_them(text, hour, minute):
    assert read_clock(text) == time(hour, minute)


@pytest.mark.parametrize("text", ["7", "25:00", "13pm", "7:75", "evening", "7.30.15.2"])
def test_a_time_that_cannot_be_read_says_how_to_write_it(text):
    with pytest.raises(ValueError, match="7.30 pm"):
        read_clock(text)


def test_moments_keep_all_they_say():
    at = datetime(2026, 3, 3, 19, 0, 0, 123456, tzinfo=UTC)
    assert read_moment(at.isoformat()) == at
    assert read_moment("3 July 2026") == datetime(2026, 7, 2, 23, tzinfo=UTC)
