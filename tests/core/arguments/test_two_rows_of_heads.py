"""Tables whose columns are named by two rows: merged heads, as offices have them, and columns of pandas in levels."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource

NAMES = ("Probe", "T min", "T max", "Druck")


def table(folder: Path, text: str) -> Arguments:
    path = folder / "a.csv"
    path.write_bytes(text.encode())
    return open_arguments(ArgumentSource("csv", path=str(path)))


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        ("Probe;T;;Druck\n;min;max;\nA;1;2;3\nB;4;5;6\n", NAMES, "line 2"),
        ("Versuch 3 vom Mai\nProbe;T;;Druck\n;min;max;\nA;1;2;3\nB;4;5;6\n", NAMES, "line 3"),
        ("Versuch;;;\n;;;\nProbe;T;;Druck\n;min;max;\nA;1;2;3\nB;4;5;6\n", NAMES, "line 4"),
        (";T;;Druck\nProbe;min;max;\nA;1;2;3\nB;4;5;6\n", NAMES, "line 2"),
        ("Probe;T;;Druck\n;min;max;\n;°C;°C;bar\nA;1;2;3\nB;4;5;6\n", NAMES, "line 2"),
        (",a,a,b\n,x,y,x\n0,1,2,3\n1,4,5,6\n", ("column 1", "a x", "a y", "b x"), "line 2"),
        (",a,a,b\n,x,y,x\nrun,,,\n0,1,2,3\n1,4,5,6\n", ("run", "a x", "a y", "b x"), "line 2 and line 3"),
    ],
)
def test_names_in_two_rows_are_put_together_and_told(
    tmp_path: Path, text: str, names: tuple[str, ...], told: str
) -> None:
    arguments = table(tmp_path, text)
    arguments.check()
    preview = arguments.preview()
    assert preview.fields == names
    assert f"go on in {told}, which" in preview.note
    assert [[row[name] for name in names[1:]] for row in arguments] == [[1, 2, 3], [4, 5, 6]]


def test_words_below_merged_heads_are_names_where_the_columns_beside_them_hold_numbers(tmp_path: Path) -> None:
    arguments = table(tmp_path, "Nr;Person;;Punkte\n;Vorname;Nachname;\n1;Anna;Bo;3\n2;Cem;Do;4\n")
    assert next(iter(arguments)) == {"Nr": 1, "Person Vorname": "Anna", "Person Nachname": "Bo", "Punkte": 3}


@pytest.mark.parametrize(
    "text",
    [
        "id;value;\nx1;n.v.;broken\nx2;3;\nx3;4;\n",
        "a;;b\nx;y;\nz;w;\n",
        "a;;b\nx;1;2\nz;3;4\n",
        "name;;b\nAnna;Bo;2\nCem;Do;4\n",
        "x;x\na;b\nc;d\n",
    ],
)
def test_a_first_row_of_words_is_data_where_nothing_says_that_it_names_columns(tmp_path: Path, text: str) -> None:
    preview = table(tmp_path, text).preview()
    assert preview.count == text.count("\n") - 1
    assert "go on" not in preview.note


def test_merged_heads_below_a_title_of_a_workbook_are_put_together(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [("Messung vom Mai",), ("Probe", "T", None, "Druck"), (None, "min", "max", "bar"), ("A", 1.5, 2, 3)]
    for row in rows:
        sheet.append(row)
    for cells in ("A1:D1", "A2:A3", "B2:C2"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    arguments = open_arguments(ArgumentSource("xlsx", path=str(tmp_path / "a.xlsx")))
    assert [*arguments] == [{"Probe": "A", "T min": 1.5, "T max": 2, "Druck bar": 3}]
    assert "above row 2 of a.xlsx, its header, is left out" in arguments.preview().note
    assert "go on in row 3, which is no argument" in arguments.preview().note
