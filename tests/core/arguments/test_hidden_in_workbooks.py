"""Rows and columns of a workbook that Excel does not show are arguments, and it is said that they are."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource


def sheet(
    folder: Path, hidden_rows: tuple[int, ...] = (), hidden_columns: str = "", rows: int = 4, title: str = ""
) -> Arguments:
    book = openpyxl.Workbook()
    if title:
        book.active.append([title])
    book.active.append(["x", "y", "z"])
    for number in range(rows):
        book.active.append([number, number / 4, "a" * 300])
    for row in hidden_rows:
        book.active.row_dimensions[row].hidden = True
    for column in hidden_columns:
        book.active.column_dimensions[column].hidden = True
    book.save(folder / "a.xlsx")
    return open_arguments(ArgumentSource("xlsx", path=str(folder / "a.xlsx")))


def test_hidden_rows_are_told(tmp_path: Path) -> None:
    arguments = sheet(tmp_path, hidden_rows=(3,))
    assert arguments.count == 4
    note = arguments.preview().note
    assert note.startswith("Row 3 of a.xlsx is hidden, or filtered out, and an argument all the same.")
    assert "copy the rest to another sheet" in note


def test_rows_that_a_filter_hides_anywhere_in_a_long_sheet_are_counted(tmp_path: Path) -> None:
    note = sheet(tmp_path, hidden_rows=(3, 1100, *range(1500, 1600)), rows=2000).preview().note
    assert note.startswith("102 rows of a.xlsx, the first of them row 3, are hidden, or filtered out, and arguments")


@pytest.mark.parametrize("hidden", [(1,), (2,), (9,), (200,)])
def test_hidden_rows_that_are_no_arguments_are_of_no_matter(tmp_path: Path, hidden: tuple[int, ...]) -> None:
    assert "hidden" not in sheet(tmp_path, hidden_rows=hidden, title="Versuch 3 vom Mai").preview().note


def test_hidden_columns_are_told_by_their_names(tmp_path: Path) -> None:
    assert sheet(tmp_path, hidden_columns="B").preview().note == (
        "The column 'y' is hidden, and passed unless you leave it out."
    )
    assert sheet(tmp_path, hidden_columns="BCFG").preview().note == (
        "The columns 'y', 'z' are hidden, and passed unless you leave them out."
    )


def test_nothing_is_told_where_all_is_shown(tmp_path: Path) -> None:
    assert sheet(tmp_path).preview().note == ""
