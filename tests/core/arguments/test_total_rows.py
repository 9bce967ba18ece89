"""Rows of totals in tables: no task in silence, left out by one click, and had as data by another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import ArgumentsInvalid


def table(folder: Path, text: str, **options: Any) -> Arguments:
    path = folder / "a.csv"
    path.write_bytes(text.encode())
    return open_arguments(ArgumentSource("csv", path=str(path), **options))


@pytest.mark.parametrize(
    "total",
    [
        "Summe;9;13",
        "Total:;9;13",
        "Mittelwert;3;4,3",
        "Total 2026;9;",
        ";9;13",
        "Ø;3;4,33",
        "sous-total;9;13",
        "Nord Ergebnis;9;",
        ";3;1",
    ],
)
def test_a_total_below_the_rows_is_no_task_in_silence(tmp_path: Path, total: str) -> None:
    text = f"name;x;y\na;1;2\nb;3;4\nc;5;7\n{total}\n"
    arguments = table(tmp_path, text)
    assert arguments.preview().problem.startswith("Line 5 of a.csv seems to be a total")
    with pytest.raises(ArgumentsInvalid, match="read the column 'name' as text"):
        arguments.check()
    left_out = table(tmp_path, text, skip_bad=True)
    assert [row["name"] for row in left_out] == ["a", "b", "c"]
    assert left_out.count == 3
    as_data = table(tmp_path, text, types=(("name", "text"),))
    as_data.check()
    assert as_data.count == 4


def test_a_total_makes_no_text_of_the_numbers_or_dates_above_its_name(tmp_path: Path) -> None:
    days = "\n".join(f"2026-01-{day:02};{day}" for day in range(10, 14))
    arguments = table(tmp_path, f"day;sold\n{days}\nTotal;46\n", skip_bad=True)
    assert arguments.preview().types == ("date", "integer")
    assert arguments.count == 4


def test_a_total_between_rows_or_far_below_the_first_thousand_is_found(tmp_path: Path) -> None:
    rows = "\n".join(f"a{n},{n}" for n in range(1500))
    arguments = table(tmp_path, f"name,x\nb,2\nc,3\nSubtotal,5\n{rows}\nSum,7\n", skip_bad=True)
    assert arguments.count == 1502
    assert arguments.preview().problem.startswith("Line 4 of a.csv seems to be a total, 'Subtotal'.")
    assert "1 more row is bad" in arguments.preview().problem


@pytest.mark.parametrize(
    "text",
    [
        "function,x\nmean,1\nsum,2\nmedian,3\n",
        "method,n\nlinear,10\nmean,10\nmedian,10\nnearest,10\ncubic,10\n",
        "aggregate,n\nsum,10\nmean,10\nmax,10\nmin,10\n",
        "method,n\n" + "linear,1\nmean,2\nnearest,3\n" * 700,
        "name,x\nAnna,1\nBen,2\nMax,3\nLea,4\n",
        "kind,text\na,b\nc,d\ne,f\nTotal,none\n",
        "name,x\n,1\nb,2\nc,3\n,6\n",
        "name,x\na,1\nTotal,1\n",
    ],
)
def test_names_that_are_words_for_totals_as_well_are_data(tmp_path: Path, text: str) -> None:
    preview = table(tmp_path, text).preview()
    assert (preview.count, preview.problem, preview.note) == (text.count("\n") - 1, "", "")


def test_numbers_below_an_empty_name_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    preview = table(tmp_path, "name,x\na,1\nb,2\nc,5\n,99\n").preview()
    assert preview.count == 4
    assert preview.note.startswith("Line 5 of a.csv, the last, has numbers but no 'name'. If it is a total")


def test_the_name_of_a_function_below_what_does_not_add_up_to_it_is_told(tmp_path: Path) -> None:
    preview = table(tmp_path, "method,n\nlinear,1\nnearest,2\nmean,7\n").preview()
    assert (preview.count, preview.problem) == (3, "")
    assert preview.note == (
        "Line 4 of a.csv, the last, is named 'mean'. If it is a total of those above, remove it from the file."
    )


def test_all_names_of_functions_are_totals_where_one_adds_up(tmp_path: Path) -> None:
    text = "name,x\na,1\nb,2\nc,6\nmean,3\nstd,2.16\nmedian,2\n"
    assert [row["name"] for row in table(tmp_path, text, skip_bad=True)] == ["a", "b", "c"]


def test_the_sums_of_groups_are_found_as_a_spreadsheet_writes_them(tmp_path: Path) -> None:
    groups = "A,a,1\nA,b,2\nA Total,,3\nB,a,4\nB,c,5\nB Total,,9\nGrand Total,,12\n"
    assert [row["x"] for row in table(tmp_path, f"group,part,x\n{groups}", skip_bad=True)] == [1, 2, 4, 5]


def test_a_total_in_a_workbook_is_found_beside_empty_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("id", "name", "x"), (1, "a", 1.5), (2, "b", 2.5), (3, "c", 3), (None, "Gesamt", 7)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    preview = open_arguments(ArgumentSource("xlsx", path=str(tmp_path / "a.xlsx"))).preview()
    assert preview.types == ("integer", "text", "number")
    assert preview.problem.startswith("Row 5 of a.xlsx seems to be a total, 'Gesamt'.")
