"""The table of a job's tasks: its columns, its order and its filters, on a real master."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import BadInput, FilterInvalid
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.results.outcome_reader import OutcomeReader
from mcgui_core.results.result_table import picked
from mcgui_core.results.table import job_tables
from mcgui_core.results.table.column_store import ColumnStore
from mcgui_core.results.table.filter_masks import mask
from mcgui_core.results.table.filters import completions, equals, parse, those
from mcgui_core.results.table.number_search import AT_ONCE, numbers_with
from mcgui_core.results.table.text_order import ranks
from mcgui_core.workbench.workbench import Workbench

WORK = """
import datetime
import numpy as np
from dataclasses import dataclass

@dataclass
class Fit:
    slope: float
    name: str

def f(left, name):
    if left == 3:
        raise ValueError("unlucky")
    return {"y": np.float64(left / 2), "day": datetime.date(2024, 5, 1 + left), "big": 10**20 + left}

def fits(x):
    return Fit(x / 2, "caf\\udce9") if x % 2 else np.ones((2, x + 1))
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[tuple[Master, Workbench]]:
    with Master() as master, Workbench(master.console_link) as at:
        master.add_local_worker(1)
        at.restart()  # it begins with what is asked first, and is all tests': not left behind by the one that asks
        yield master, at


@pytest.fixture(scope="module")
def job(bench: tuple[Master, Workbench]) -> int:
    arguments = ArgumentSource("expression", "[dict(left=i, name='aBc'[i % 3]) for i in range(6)]")
    id = bench[1].submit(JobSpec("job", WORK, "f", call="kwargs"), arguments)
    bench[0].job(id).wait(30)
    return id


def kept(bench: tuple[Master, Workbench], job: int, where: str, order: tuple[str, bool] | None = None) -> list[int]:
    state = bench[1].table(job, where, order, 5.0)
    return [row.index for row in bench[1].table_rows(job, state.view, 0, 100)]


def test_each_key_of_argument_and_result_is_a_column(bench: tuple[Master, Workbench], job: int) -> None:
    state = bench[1].table(job, seconds=5.0)
    titles = ["task", "left", "name", "result.y", "result.day", "result.big", "error", "node"]
    assert [column.title for column in state.columns] == titles
    assert [column.right for column in state.columns][1:4] == [True, False, True]
    assert (state.complete, state.read, state.total) == (True, 6, 6)
    row = bench[1].table_rows(job, 0, 1, 1)[0]
    cells = {"left": "1", "name": "B", "result.y": "0.5", "result.day": "2024-05-02", "result.big": str(10**20 + 1)}
    assert {title: row.cells[title] for title in cells} == cells


@pytest.mark.parametrize(
    ("where", "tasks"),
    [
        ("left > 2", [3, 4, 5]),
        ("LEFT>=2 and left<=4", [2, 3, 4]),
        ("failed", [3]),
        ("not failed", [0, 1, 2, 4, 5]),
        ('name contains "b" or left = 0', [0, 1, 4]),
        ("day > 2024-05-04", [4, 5]),
        ("y is missing", [3]),
        ("result.y is not missing (left = 0 or left = 3)", [0]),
        ("name != a", [1, 2, 4, 5]),
        ("unlucky", [3]),
        ("error starts with value", [3]),
        ("big = 100000000000000000001", [1]),
        ("big != 100000000000000000001", [0, 2, 4, 5]),
        ("big >= 1e20", [0, 1, 2, 4, 5]),
        ("y = 0.5", [1]),
        ("y contains .5", [1, 5]),
        ("0.5", [1]),
        ("# >= 1 and # < 3", [1, 2]),
        ("", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_a_filter_is_written_as_one_says_it(
    bench: tuple[Master, Workbench], job: int, where: str, tasks: list[int]
) -> None:
    assert kept(bench, job, where) == tasks


@pytest.mark.parametrize(
    ("where", "tasks"),
    [
        ("result > 5", [0, 3]),
        ("result <= 5", [1]),
        ("not result > 5", [1, 2, 4, 5]),
        ("result > 2024-05-01", [5]),
        ("result < b", [2]),
        ("result = 10", [0]),
    ],
)
def test_text_beside_numbers_is_neither_more_nor_less_than_a_number(
    bench: tuple[Master, Workbench], where: str, tasks: list[int]
) -> None:
    master, _ = bench
    source = "import datetime as dt\ndef f(x): return [10, 3, 'abc', 7.5, 'x', dt.date(2024, 6, 1)][x]"
    mixed = master.submit(environment=source, function="f", args=range(6))
    assert mixed.wait(60).state == "finished"
    assert kept(bench, mixed.id, where) == tasks


class Rows:
    """A column of results."""

    def __init__(self, values: list[Any]) -> None:
        self.states = np.zeros(len(values), int)
        self._column = ColumnStore("result", len(values))
        self._column.put(slice(None), values)

    def column(self, _title: str) -> ColumnStore:
        return self._column

    def searched(self) -> list[ColumnStore]:
        return [self._column]


@pytest.mark.parametrize("where", ["result > 5", "not result > 5", "failed or result <= 5"])
def test_a_long_table_is_filtered_alike_in_all_of_its_parts(where: str) -> None:
    """Also where one part has text only."""
    values = [1, 2, 30, "n/a", "n/a", "unknown", 7, "x", 3]
    wanted = parse(where, ("task", "result"))
    assert wanted is not None
    parts = [mask(Rows(values[at : at + 3]), wanted, Rows(values)) for at in range(0, 9, 3)]
    assert np.concatenate(parts).tolist() == mask(Rows(values), wanted).tolist()


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("day > soon", '"soon" is no date, and result.day holds dates, such as 2024-05-01'),
        ("failed or not day = 5", '"5" is no date'),
        ("left <= many", '"many" is no number, and left holds numbers'),
    ],
)
def test_what_no_cell_of_a_column_can_be_is_no_filter_for_it(
    bench: tuple[Master, Workbench], job: int, where: str, reason: str
) -> None:
    with pytest.raises(FilterInvalid) as caught:
        kept(bench, job, where)
    assert reason in caught.value.reason
    assert kept(bench, job, "day != soon and name > 5 and node != 7 and not left = nan") == [0, 1, 2, 4, 5]


def test_the_rows_of_single_tasks_are_read(bench: tuple[Master, Workbench], job: int) -> None:
    found = bench[1].table_rows_of(job, (1, 3, 4, 99))
    assert [(row.index, row.state, row.cells["left"]) for row in found] == [
        (1, "done", "1"),
        (3, "failed", "3"),
        (4, "done", "4"),
    ]
    assert found[2].cells["result.y"] == "2.0"


def test_any_column_sorts_either_way_and_what_is_missing_comes_last(bench: tuple[Master, Workbench], job: int) -> None:
    assert kept(bench, job, "", ("result.y", True)) == [5, 4, 2, 1, 0, 3]
    assert kept(bench, job, "", ("result.day", False)) == [0, 1, 2, 4, 5, 3]
    assert kept(bench, job, "left > 0", ("name", True)) == [2, 5, 1, 4, 3]


@pytest.mark.usefixtures("job")  # so that the workbench, which goes on after this test, runs before it
def test_objects_and_arrays_are_columns_too(bench: tuple[Master, Workbench]) -> None:
    id = bench[1].submit(JobSpec("job", WORK, "fits"), ArgumentSource("expression", "range(4)"))
    bench[0].job(id).wait(30)
    assert kept(bench, id, "slope = 1.5") == [3]
    assert kept(bench, id, 'shape = "2 x 3"') == [2]
    found = bench[1].series(id, 0, ("argument", "result.slope"))
    assert np.frombuffer(found.tasks, np.int64).tolist() == [0, 1, 2, 3]
    assert np.frombuffer(found.columns[1])[1::2].tolist() == [0.5, 1.5]


def test_a_plot_of_rows_of_which_a_filter_keeps_none_is_an_empty_one(bench: tuple[Master, Workbench], job: int) -> None:
    shown = bench[1].table(job, "left > 1000", None)
    assert (shown.view > 0, shown.count) == (True, 0)
    found = bench[1].series(job, shown.view, ("left", "name"))
    assert (found.tasks, found.columns) == (b"", (b"", b""))


def test_numbers_beside_dates_are_drawn_as_none_and_dates_beside_numbers_neither() -> None:
    """5 is no moment of 1970."""
    day = dt.date(2024, 6, 1)
    dates, numbers = ColumnStore("when", 5), ColumnStore("n", 5)
    dates.put(slice(None), [day, 5, day, None, "x"])
    numbers.put(slice(None), [day, 5, 7.5, True, "x"])
    assert (dates.drawn, numbers.drawn) == ("date", "number")
    seconds = 1_717_200_000.0
    assert np.array_equal(dates.along_axis, [seconds, np.nan, seconds, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(numbers.along_axis, [np.nan, 5, 7.5, 1, np.nan], equal_nan=True)
    dates.put(slice(None), [day, None, day, None, day])
    assert np.isfinite(dates.along_axis).tolist() == [True, False, True, False, True]


def test_a_place_in_a_view_is_found_and_a_view_that_is_gone_says_so(bench: tuple[Master, Workbench], job: int) -> None:
    view = bench[1].table(job, "left > 2", ("left", True), 5.0).view
    assert bench[1].table_place(job, view, 3) == 2
    assert bench[1].table_place(job, view, 0) is None
    with pytest.raises(BadInput, match="Sort or filter again"):
        bench[1].table_rows(job, 10**6, 0, 10)


@pytest.mark.parametrize(
    ("text", "reason", "part"),
    [
        ("lft > 3", "Did you mean left", "lft"),
        ("Nam > 3", "Did you mean result.name", "Nam"),
        ("left >", 'nothing after ">"', ">"),
        ("(left > 3", 'a "\\)" is missing', "("),
        ("> 3", "no column before", ">"),
    ],
)
def test_a_mistake_is_told_where_it_is(text: str, reason: str, part: str) -> None:
    with pytest.raises(FilterInvalid, match=reason) as caught:
        parse(text, ["left", "result.name"])
    assert text[caught.value.start : caught.value.stop] == part


def test_what_may_come_next_is_offered() -> None:
    columns, words = ["left", "my name"], {"my name": ("a b", "missing")}
    assert completions("le", 2, columns, words) == (0, ["left", "failed"])
    assert completions("", 0, columns, words)[1][:2] == ["left", '"my name"']
    assert "contains" in completions("left ", 5, columns, words)[1]
    assert "and" in completions("left > 3 ", 9, columns, words)[1]
    assert completions('"my name" = ', 12, columns, words)[1] == ['"a b"', '"missing"', "missing"]
    assert completions('"my name" = "a', 14, columns, words) == (12, ['"a b"'])
    assert completions("left", 4, columns, words) == (0, [])


def test_a_cell_becomes_the_filter_for_rows_like_it() -> None:
    assert equals("name", "lab-3") == "name = lab-3"
    assert equals("my name", 'a "b"') == '"my name" = \'a "b"\''
    assert equals("x", "missing") == 'x = "missing"'
    assert equals("x", "") == "x is missing"
    assert equals("x", "'\"") == ""
    assert those([3]) == "# = 3"
    assert those([3, 4, 5, 9]) == "(# >= 3 and # < 6) or # = 9"


def test_a_job_too_long_for_columns_is_filtered_by_reading_it_through(
    bench: tuple[Master, Workbench], job: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_tables, "MOST_TASKS", 5)
    tables, reader, one = job_tables.JobTables(), OutcomeReader(), bench[0].job(job)
    state = tables.look(one, reader, "", None, 1.0)
    assert [column.title for column in state.columns][:4] == ["task", "left", "name", "result.y"]
    assert (state.view, state.count, state.complete) == (0, 6, True)
    for where, kept in (("left > 2", [3, 4, 5]), ("failed", [3]), ("unlucky", [3]), ("y is missing", [3])):
        state = tables.look(one, reader, where, None, 5.0)
        assert (state.count, state.complete) == (len(kept), True)
        assert [row.index for row in tables.rows(one, reader, state.view, 0, 10)] == kept
        assert tables.place(one, state.view, kept[0]) == 0
    assert tables.look(one, reader, "y is missing", None, 5.0).view == state.view
    with pytest.raises(BadInput, match="not sorted"):
        tables.look(one, reader, "", ("left", True), 1.0)
    with pytest.raises(FilterInvalid):
        tables.look(one, reader, "rigth = 2", None, 1.0)


@pytest.mark.parametrize("format", ["csv", "jsonl", "npy", "pickle"])
def test_only_the_rows_that_are_seen_are_exported_in_their_order(
    bench: tuple[Master, Workbench], job: int, tmp_path: Path, format: str
) -> None:
    path = tmp_path / f"out.{format}"
    options = ExportOptions("all", True, "left != 2", ("name", True), ("result.y", "name"))
    assert bench[1].export(job, str(path), format, options=options).rows == (4 if format == "npy" else 5)
    if format == "csv":
        assert path.read_text().splitlines() == [
            "index,result.y,name,error",
            "5,2.5,c,",
            "1,0.5,B,",
            "4,2.0,B,",
            "0,0.0,a,",
            "3,,a,ValueError: unlucky",
        ]
    elif format == "jsonl":
        assert [json.loads(line)["index"] for line in path.read_text().splitlines()] == [5, 1, 4, 0, 3]
    elif format == "npy":
        assert np.load(path)["index"].tolist() == [5, 1, 4, 0]
    else:
        assert pickle.loads(path.read_bytes())["index"] == [5, 1, 4, 0, 3]


def test_an_export_of_a_filter_that_is_not_understood_writes_nothing(
    bench: tuple[Master, Workbench], job: int, tmp_path: Path
) -> None:
    with pytest.raises(FilterInvalid):
        bench[1].export(job, str(tmp_path / "out.csv"), "csv", options=ExportOptions(where="lft > 3"))
    assert list(tmp_path.iterdir()) == []
    path = tmp_path / "none.csv"
    assert bench[1].export(job, str(path), "csv", options=ExportOptions(where="left > 30")).rows == 0


def test_the_columns_that_are_chosen_are_found_in_a_file() -> None:
    titles = ["index", "argument", "result", "result.x", "error"]
    assert picked(titles, ()) == [0, 1, 2, 3, 4]
    assert picked(titles, ("result.x", "task")) == [0, 2, 3, 4]
    assert picked(titles, ("node", "left")) == [0, 1, 4]


NUMBERS = st.floats() | st.integers(-(2**53), 2**53).map(float) | st.sampled_from([0.0, -0.0, 1e-4, 9.9e-5, 1e16, 1e22])


@given(st.lists(NUMBERS, max_size=40), st.sampled_from(["contains", "starts", "ends"]), st.data())
def test_numbers_are_searched_as_python_writes_them(numbers: list[float], operator: str, data: st.DataObject) -> None:
    written = list(map(repr, numbers))
    some = data.draw(st.sampled_from([*written, "9", "e-", "inf", "nan", ".0", "-", "null", ""]))
    text = some[data.draw(st.integers(0, 3)) :][: data.draw(st.integers(0, 6))]
    match = {"contains": str.__contains__, "starts": str.startswith, "ends": str.endswith}[operator]
    expected = [match(one, text) for one in written]
    assert numbers_with(np.array(numbers), False, operator, text).tolist() == expected


def test_many_whole_numbers_are_searched_in_several_parts() -> None:
    count = AT_ONCE + 10
    found = numbers_with(np.arange(count, dtype=float), True, "contains", "99")
    assert np.flatnonzero(found).tolist() == [number for number in range(count) if "99" in str(number)]


@given(st.lists(st.text(max_size=4) | st.text("aB\0é", min_size=0, max_size=50), unique=True, max_size=30), st.text())
def test_text_is_sorted_by_its_letters_whatever_its_case(words: list[str], beginning: str) -> None:
    words = [beginning + word for word in words if "\0" not in word]
    expected = sorted(range(len(words)), key=lambda at: words[at].casefold())
    assert np.argsort(ranks(words)).tolist() == expected
