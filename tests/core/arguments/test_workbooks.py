"""Workbooks of Excel as arguments: what stands in the cells, as Excel, openpyxl and pandas write them."""

from __future__ import annotations

import builtins
import html
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.readers import excel_records
from mcgui_core.errors import ArgumentsInvalid

#: A date and time as Python writes it.
at = datetime.fromisoformat

HEAD = ("Label", "x", "when")


def written(folder: Path, *rows: tuple[Any, ...], **sheets: list[tuple[Any, ...]]) -> Path:
    """A workbook of these rows, and of further sheets by name."""
    book = openpyxl.Workbook()
    for name, content in {"first": list(rows), **sheets}.items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    del book["Sheet"]
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def opened(path: Path, environment: str = "", **options: Any) -> Arguments:
    return open_arguments(ArgumentSource("xlsx", path=str(path), **options), environment, function="f")


def edit(path: Path, before: str, after: str, parts: str = "xl/worksheets/sheet1.xml") -> None:
    """Replace this in the XML of the first sheet, or of other parts, by how their names begin."""
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    edited = {name: data.replace(before.encode(), after.encode()) for name, data in content.items()}
    content |= {name: data for name, data in edited.items() if name.startswith(parts)}
    assert any(after.encode() in data for data in content.values())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in content.items():
            new.writestr(name, data)


def with_values(path: Path, values: dict[str, str]) -> None:
    """Put what a formula came to beside it, as Excel does, which openpyxl cannot."""
    for formula, value in values.items():
        edit(path, f"<f>{formula}</f><v />", f"<f>{formula}</f><v>{value}</v>")


def test_cells_are_what_they_are_in_excel(tmp_path: Path) -> None:
    rows = [
        ("A", 1, at("2024-01-31"), True, 0.125, at("2024-01-31 08:30"), "007", time(9, 5), 2),
        ("B", 2.5, at("2024-02-01"), False, 1e300, at("2024-02-01"), "12", time(10, 0), 3.0),
        ("C", None, None, None, None, None, None, None, None),
    ]
    path = written(tmp_path, ("label", "x", "day", "flag", "share", "moment", "code", "time", "n"), *rows)
    arguments = opened(path)
    arguments.check()
    preview = arguments.preview()
    assert preview.types == ("text", "number", "date", "boolean", "number", "datetime", "text", "text", "integer")
    assert (preview.count, preview.call, preview.sheets, preview.problem) == (3, "kwargs", ("first",), "")
    first, second, third = arguments
    assert list(first.values()) == [
        "A", 1.0, date(2024, 1, 31), True, 0.125, at("2024-01-31 08:30"), "007", "09:05:00", 2,
    ]  # fmt: skip
    assert (second["moment"], second["code"], second["n"]) == (at("2024-02-01"), "12", 3)
    assert third == {**dict.fromkeys(first), "label": "C"}


def test_rows_find_their_parameters_and_types_are_chosen_as_for_csv(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD, ("A", 1, "31.01.24"), ("B", 2, "01.02.24"))
    environment = "def f(label, x, when): ...\n"
    (first, _) = opened(path, environment, types=(("x", "text"), ("when", "date")))
    assert first == {"label": "A", "x": "1", "when": date(2024, 1, 31)}


def test_empty_rows_and_what_is_around_the_table_do_not_count(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        (None, None, "Results of May", None, None),
        (None,),
        (None, None, "x", "y", None),
        (None, None, 1, 2, None),
        (None, None, "", None),
        (),
        (None, None, 3, 4, None),
        (None, None, None, None),
    )
    arguments = opened(path)
    assert (list(arguments), arguments.count) == ([{"x": 1, "y": 2}, {"x": 3, "y": 4}], 2)


def test_columns_whose_name_is_missing_are_passed_or_said_to_be_left_out(tmp_path: Path) -> None:
    between = opened(written(tmp_path, ("x", "T", None, "Ort"), (1, 2.5, 3.5, "A"), (2, 4.5, 5.5, "B")))
    assert (next(iter(between)), between.preview().note) == ({"x": 1, "T": 2.5, "column 3": 3.5, "Ort": "A"}, "")
    title = opened(written(tmp_path, ("2026 all",), ("t", "T", None), (None, "in", "out"), ("a", "b", "c")))
    assert "column 2, column 3 are left out" in title.preview().note
    numbered = opened(written(tmp_path, (None, "x"), (0, 1), (1, 2)))
    assert (list(numbered), numbered.preview().note) == ([{"x": 1}, {"x": 2}], "")


def test_a_value_beside_the_table_far_down_is_not_lost_in_silence(tmp_path: Path) -> None:
    rows = [(1, 2)] * 1500
    with pytest.raises(ArgumentsInvalid, match=r"Row 1502 of a\.xlsx has 3 columns, the header 2\."):
        opened(written(tmp_path, ("x", "y"), *rows, (1, 2, None, "note"))).check()


def test_another_sheet_is_read_by_its_name_and_a_hidden_one_is_not_the_first(tmp_path: Path) -> None:
    path = written(tmp_path, ("x",), (1,), more=[("y",), (2,)], last=[("z",), (3,)])
    assert list(opened(path, sheet="more")) == [{"y": 2}]
    assert opened(path).preview().sheets == ("first", "more", "last")
    with pytest.raises(ArgumentsInvalid, match="no sheet 'none'. It has: first, more, last"):
        opened(path, sheet="none")
    book = openpyxl.load_workbook(path)
    book["first"].sheet_state = "hidden"
    book.save(path)
    assert list(opened(path)) == [{"y": 2}]


def test_formulas_are_what_they_came_to(tmp_path: Path) -> None:
    path = written(tmp_path, ("x", "y"), (1, "=A2*2"), (2, "=A3*2"))
    with_values(path, {"A2*2": "2", "A3*2": "4.5"})
    assert list(opened(path)) == [{"x": 1, "y": 2.0}, {"x": 2, "y": 4.5}]


def test_a_formula_without_a_value_is_no_empty_cell(tmp_path: Path) -> None:
    path = written(tmp_path, ("x", "y"), (1, "=A2*2"), (2, "=A3*2"), (3, None))
    with_values(path, {"A2*2": "2"})
    with pytest.raises(ArgumentsInvalid, match=r"Row 3 .* column 'y' has a formula that was never calculated: open"):
        opened(path).check()
    assert list(opened(path, skip_bad=True)) == [{"x": 1, "y": 2}, {"x": 3, "y": None}]


@pytest.mark.parametrize("value", ["<v></v>", "<v />", ""])
def test_a_formula_that_came_to_an_empty_text_is_an_empty_cell(tmp_path: Path, value: str) -> None:
    formula = 'IF(A2&gt;1,"many","")'
    path = written(tmp_path, ("x", "y"), (1, f"={html.unescape(formula)}"), (2, "=A3*2"), (3, "=A4*2"))
    with_values(path, {"A3*2": "4"})
    edit(path, f'<c r="B2"><f>{formula}</f><v />', f'<c r="B2" t="str"><f>{formula}</f>{value}')
    assert list(opened(path, skip_bad=True)) == [{"x": 1, "y": None}, {"x": 2, "y": 4}]
    with pytest.raises(ArgumentsInvalid, match=r"Row 4 .* column 'y' has a formula that was never calculated"):
        opened(path).check()


def test_a_cell_that_shows_an_error_is_named_and_one_that_says_that_there_is_none_is_empty(tmp_path: Path) -> None:
    path = written(tmp_path, ("x", "y"), (1, 2), (3, "#DIV/0!"), (4, "#N/A"))
    arguments = opened(path)
    assert arguments.preview().problem == "Row 3 of a.xlsx: the cell in the column 'y' shows #DIV/0!."
    assert list(opened(path, skip_bad=True)) == [{"x": 1, "y": 2}, {"x": 4, "y": None}]


def test_a_size_that_a_program_noted_wrongly_costs_no_column(tmp_path: Path) -> None:
    path = written(tmp_path, ("x", "y"), (1, 2))
    edit(path, '<dimension ref="A1:B2" />', '<dimension ref="A1" />')
    assert list(opened(path)) == [{"x": 1, "y": 2}]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('<row r="2"', '<row r="2000000000"', "beyond the 1,048,576 rows and 16,384 columns of a sheet. Save"),
        ('r="B2"', 'r="XFE2"', "beyond the 1,048,576 rows and 16,384 columns of a sheet. Save"),
        (
            "<sheetData>",
            "<sheetData>" + " " * (60 << 20),
            r"unpacks to 60 MB \(xl/worksheets/sheet1.xml\), as no table",
        ),
    ],
)
def test_a_small_file_that_pretends_to_be_a_huge_table_is_refused(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    path = written(tmp_path, ("x", "y"), (1, 2))
    edit(path, before, after)
    with pytest.raises(ArgumentsInvalid, match=words):
        opened(path)


def test_the_last_row_of_excel_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, ("x", "y"), (1, 2))
    edit(path, '<row r="2"', '<row r="1048576"')
    edit(path, 'r="A2"', 'r="A1048576"')
    edit(path, 'r="B2"', 'r="B1048576"')
    assert list(opened(path)) == [{"x": 1, "y": 2}]


@pytest.mark.timeout(20)
def test_as_many_columns_as_excel_has_may_bear_one_name(tmp_path: Path) -> None:
    (row,) = opened(written(tmp_path, ("x",) * 16384, range(16384)))
    assert (row["x"], row["x (2)"], row["x (16384)"]) == (0, 1, 16383)


def test_a_workbook_of_the_strict_form_says_how_to_save_it(tmp_path: Path) -> None:
    path = written(tmp_path, ("x",), (1,))
    for part in ("spreadsheetml/2006/main", "officeDocument/2006/relationships"):
        strict = part.replace("/2006/", "/")
        edit(path, f"http://schemas.openxmlformats.org/{part}", f"http://purl.oclc.org/ooxml/{strict}", parts="")
    with pytest.raises(ArgumentsInvalid, match=r"Strict Open XML Spreadsheet\. Save it as an ordinary Excel Workbook"):
        opened(path)


@pytest.mark.parametrize("kept", [1 << 20, 1])
def test_a_workbook_is_read_once_where_its_cells_are_not_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(excel_records, "CELLS_KEPT", kept)
    path = written(tmp_path, ("x", "y"), *((row, row / 2) for row in range(3000)))
    arguments = opened(path)
    arguments.check()
    opens: list[object] = []
    reader = openpyxl.reader.excel.ExcelReader
    read = reader.read
    monkeypatch.setattr(reader, "read", lambda self: opens.append(self) or read(self))
    assert [row["x"] for row in arguments] == list(range(3000))
    assert arguments.preview().count == 3000
    assert len(opens) == (0 if kept > 1 else 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x,y\n1,2\n", "is no workbook of Excel"),
        (b"", "is no workbook of Excel"),
        (b"PK\x03\x04 and no more", "or only a part of one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "of an older Excel, or has a password. Save it as .xlsx"),
    ],
)
def test_what_is_no_workbook_says_so(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(ArgumentsInvalid, match=words):
        opened(tmp_path / "a.xlsx")


def test_another_archive_and_an_empty_sheet_say_so(tmp_path: Path) -> None:
    with pytest.raises(ArgumentsInvalid, match=r"a\.xlsx is empty\."):
        opened(written(tmp_path))
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as other:
        other.writestr("readme.txt", "nothing")
    with pytest.raises(ArgumentsInvalid, match="cannot be read as a workbook of Excel"):
        opened(tmp_path / "b.xlsx")


def test_without_openpyxl_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, ("x",), (1,))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ArgumentsInvalid, match=r'openpyxl, which is not installed.*pip install "mcgui\[xlsx\]"'):
        opened(path)


def test_a_file_of_another_kind_has_neither_sheets_nor_this_type(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    with pytest.raises(ArgumentsInvalid, match=r"a\.csv has no sheets"):
        open_arguments(ArgumentSource("csv", path=str(tmp_path / "a.csv"), sheet="first"))
    with pytest.raises(ArgumentsInvalid, match="another ZIP archive. Choose that as the kind of arguments"):
        open_arguments(ArgumentSource("csv", path=str(written(tmp_path, ("x",), (1,)))))


# --- what the workbook says that a cell is --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "type", "values"),
    [
        ((1.234, "1,5", 2.345), "number", [1.234, 1.5, 2.345]),
        ((1.234, "1.234,5"), "number", [1.234, 1234.5]),
        ((12.345, "1,234.5"), "number", [12.345, 1234.5]),
        ((1500, "1,5", "1,234"), "number", [1500.0, 1.5, 1.234]),
        ((1500, "2.5", "1,234"), "text", ["1500", "2.5", "1,234"]),
        ((1.234, "1,234"), "text", ["1.234", "1,234"]),
        ((1.234, "1.234"), "text", ["1.234", "1.234"]),
        (("1,234", "2,500"), "text", ["1,234", "2,500"]),
        (("1E5", "2E6"), "text", ["1E5", "2E6"]),  # wells of a plate
        ((100000.0, "1E5"), "text", ["100000", "1E5"]),
        ((1e20, -0.5, 3), "number", [1e20, -0.5, 3.0]),
        (("12", "-7", 3), "integer", [12, -7, 3]),
        (("2.5", "1.25", 3), "number", [2.5, 1.25, 3.0]),
        ((1, at("2024-01-31")), "text", ["1", "2024-01-31"]),
    ],
)
def test_numbers_of_a_workbook_are_those_whatever_the_texts_beside_them_look_like(
    tmp_path: Path, cells: tuple[Any, ...], type: str, values: list[Any]
) -> None:
    arguments = opened(written(tmp_path, ("x",), *((cell,) for cell in cells)))
    arguments.check()
    found = [row["x"] for row in arguments]
    assert (arguments.preview().types, found) == ((type,), values)
    assert {*map(builtins.type, found)} <= {int, float, str}  # and no class of ours, which a node would have to know


def test_numbers_of_a_workbook_do_not_follow_the_decimal_commas_of_another_column(tmp_path: Path) -> None:
    path = written(tmp_path, ("mass", "price"), (1.234, "1,5"), (2.345, "2,5"))
    for types in ((), (("mass", "number"),)):
        assert [row["mass"] for row in opened(path, types=types)] == [1.234, 2.345]
    path = written(tmp_path, ("mass", "price"), ("1,234", "1,5"), ("2,345", 1.5))
    assert [row["mass"] for row in opened(path)] == [1.234, 2.345]  # its commas, however, are as those


@pytest.mark.parametrize("cell", ["1,234", "1.234"])
def test_a_text_that_could_be_two_numbers_is_named_where_it_is_said_to_be_one(tmp_path: Path, cell: str) -> None:
    path = written(tmp_path, ("x",), (1.5,), (cell,))
    problem = f"Row 3 of a.xlsx: {cell!r} in the column 'x' may mean 1.234 or 1234."
    assert opened(path, types=(("x", "number"),)).preview().problem == problem
    late = written(tmp_path, ("x",), *[(1.234,)] * 1500, (cell,))
    with pytest.raises(ArgumentsInvalid, match="Row 1502"):
        opened(late).check()
    with pytest.raises(ArgumentsInvalid, match="Row 1502"):
        list(opened(late))


@pytest.mark.parametrize("number", [1, 2.5, "1,5"])
def test_a_name_below_a_thousand_numbers_is_named(tmp_path: Path, number: Any) -> None:
    path = written(tmp_path, ("x",), *[(number,)] * 1500, ("1E5",))
    with pytest.raises(ArgumentsInvalid, match="Row 1502 .*'1E5' in the column 'x' is a text that may be a name"):
        opened(path).check()


def test_a_time_of_day_after_a_thousand_midnights_is_no_reason_to_refuse_it(tmp_path: Path) -> None:
    moments = [(at("2024-01-31"),)] * 1500 + [(at("2024-02-01 10:00"),), (at("2024-02-02"),)]
    arguments = opened(written(tmp_path, ("t",), *moments))
    arguments.check()
    *_, midnight, moment, last = (row["t"] for row in arguments)
    assert (midnight, moment, last) == (date(2024, 1, 31), at("2024-02-01 10:00"), date(2024, 2, 2))
    with pytest.raises(ArgumentsInvalid, match=r"Row 1502 .*'2024-02-01 10:00:00' does not fit .* \(date\)"):
        opened(written(tmp_path, ("t",), *moments), types=(("t", "date"),)).check()
    with pytest.raises(ArgumentsInvalid, match=r"Row 1002 .*'x' does not fit the column"):
        opened(written(tmp_path, ("t", "n"), *[("2024-01-31", 1)] * 1000, ("x", 1))).check()


@pytest.mark.parametrize("error", ["#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA"])
def test_an_error_among_numbers_makes_no_text_of_them(tmp_path: Path, error: str) -> None:
    path = written(tmp_path, ("x",), (1.5,), (error,))
    assert opened(path).preview().problem == f"Row 3 of a.xlsx: the cell in the column 'x' shows {error}."
    assert list(opened(path, skip_bad=True)) == [{"x": 1.5}]


def test_units_below_the_header_of_a_sheet_are_no_row(tmp_path: Path) -> None:
    path = written(tmp_path, ("time", "mass"), ("s", "kg"), (1, 2.5), (2, 3.5))
    assert list(opened(path)) == [{"time": 1, "mass": 2.5}, {"time": 2, "mass": 3.5}]
    assert opened(path).preview().count == 2
    assert "(s, kg) is left out" in opened(path).preview().note
    assert next(iter(opened(path, types=(("mass", "text"),)))) == {"time": "s", "mass": "kg"}


def test_the_preview_of_a_long_sheet_reads_little_of_it_and_counts_when_it_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook(write_only=True)  # which does not write how large its sheets are
    sheet = book.create_sheet("long")
    for row in (("x",), *((number,) for number in range(6000))):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    read: list[object] = []
    text = excel_records._text
    monkeypatch.setattr(excel_records, "_text", lambda value: read.append(value) or text(value))
    monkeypatch.setattr("mcgui_core.arguments.readers.excel_reader._SOON", 0.0)
    measured: list[object] = []
    monkeypatch.setattr(
        openpyxl.worksheet._read_only.ReadOnlyWorksheet, "_get_size", lambda sheet: measured.append(sheet)
    )
    arguments = opened(tmp_path / "a.xlsx")
    assert arguments.preview().count is None
    assert len(read) < 6000
    assert measured == []
    assert arguments.preview(seconds=60).count == 6000


def test_reading_a_workbook_leaves_openpyxl_as_it_is_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, ("x", "y"), (1, 2), (3, 4))
    reader, sheet = openpyxl.reader.excel.ExcelReader, openpyxl.worksheet._read_only.ReadOnlyWorksheet
    measure, read = sheet._get_size, reader.read
    others: list[object] = []
    monkeypatch.setattr(reader, "read", lambda self: others.append(sheet._get_size) or read(self))
    opened(path).preview()
    assert {*others} == {measure}
    book = openpyxl.load_workbook(path, read_only=True)
    assert book.active.max_row == 3
    book.close()
