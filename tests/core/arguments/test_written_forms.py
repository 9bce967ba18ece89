"""What the preview tells of dates, times and numbers that people write in several ways, and what becomes of them."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource


def table(folder: Path, text: str, **options: Any) -> Arguments:
    path = folder / "a.csv"
    path.write_bytes(text.encode())
    return open_arguments(ArgumentSource("csv", path=str(path), **options))


def sheet(folder: Path, *values: Any) -> Arguments:
    book = openpyxl.Workbook()
    for row in (("n", "x"), *enumerate(values)):
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return open_arguments(ArgumentSource("xlsx", path=str(folder / "a.xlsx")))


def test_durations_and_times_of_a_workbook_are_written_in_one_way_and_told(tmp_path: Path) -> None:
    arguments = sheet(tmp_path, timedelta(hours=25, minutes=30), time(1, 30), timedelta(seconds=2.5))
    assert [row["x"] for row in arguments] == ["25:30:00", "01:30:00", "00:00:02.500000"]
    assert arguments.preview().note == "The column 'x' is text, times or durations such as '25:30:00'."


def test_numbers_that_a_workbook_cut_are_told(tmp_path: Path) -> None:
    note = "The column has numbers of more than 15 digits, of which workbooks keep 15: 'x'. Ids are kept as text."
    assert sheet(tmp_path, 123456789012345678, 2).preview().note == note
    assert sheet(tmp_path, 6.02214076e23, 0.1234567890123456, 123456789012345).preview().note == ""


def test_days_of_a_workbook_beside_days_of_text_are_told(tmp_path: Path) -> None:
    arguments = sheet(tmp_path, date(2026, 11, 29), "30.11.2026")
    assert [row["x"] for row in arguments] == [date(2026, 11, 29), date(2026, 11, 30)]
    note = "The days in the column 'x' are written in several ways, such as 2026-11-29, 30.11.2026."
    assert arguments.preview().note == note


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("n;x\n1;2026-11-29\n2;29.11.2026\n", "The days in the column 'x' are written in several ways"),
        ("n,x\n1,1/2/2026\n2,3/4/2026\n", "The column 'x' is text, since dates such as '1/2/2026' are not read"),
        ("n;x\n1;0:45:00\n2;1:30\n", "The column 'x' is text, times or durations such as '0:45:00'."),
        ("n;x;y\n1;1.234;1,5\n2;567;2,5\n", "The column 'x' is text, since the marks in '1.234' may stand between"),
        ("n;x\n1;1.234.567\n2;2.345.678\n", "The column 'x' is text, since the marks in '1.234.567' may stand"),
        ("n;x\n1;1.234\n2;5.678\n", "The points in 'x' are read as decimal ones: 1.234 is less than 1234."),
        ("n;x\n1;2\n3;-\n5;6\n", "The column 'x' is text, since '-' in line 3 is no number."),
        ("n;x\n1;2\n3;k. A.\n", "The column 'x' is text, since 'k. A.' in line 3 is no number."),
    ],
)
def test_what_may_be_meant_in_two_ways_is_told(tmp_path: Path, text: str, note: str) -> None:
    assert table(tmp_path, text).preview().note.startswith(note)


@pytest.mark.parametrize(
    "text",
    [
        "n;x\n1;29.11.2026\n2;30.11.2026\n",
        "n;x\n1;1.234\n2;0.5\n",
        "n,x\n1,1.234\n2,5.678\n",
        "n\tx\n1\t1.234\n2\t5.678\n",
        "n;x\n1;1,5\n2;2,25\n",
        "n;x\n80331;a\n01067;b\n",
        "n;x\n+4917012345;a\n+4917012346;b\n",
        "n;x\n192.168.1.10;a\n192.168.1.11;b\n",
        "n;x\n-;a\nx;b\n",
    ],
)
def test_nothing_is_told_of_what_can_be_meant_in_one_way(tmp_path: Path, text: str) -> None:
    assert table(tmp_path, text).preview().note == ""


def test_points_between_thousands_are_read_where_the_user_says_so(tmp_path: Path) -> None:
    arguments = table(tmp_path, "n;x;y\n1;1.234;1,5\n2;567;2,5\n", types=(("x", "number"),))
    assert [row["x"] for row in arguments] == [1234, 567]
    assert arguments.preview().note == ""
