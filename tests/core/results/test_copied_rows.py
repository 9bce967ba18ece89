"""Rows of the table of results as text for the clipboard, on a real master."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.queries import CopiedRows
from mcgui_core.results.table import copied_rows
from mcgui_core.workbench.workbench import Workbench

WORK = """
import datetime
import numpy as np

class Odd:
    def __repr__(self):
        return "Odd()"

def f(x):
    return [
        "=1+1", "-5", "A" * 5000, "one\\ntwo\\t3", '"quoted"', 'a "b"', 1.5, 7, None, True, 10**6000,
        datetime.datetime(2024, 5, 1, 8, 30), [[1.5, "a"]], [{"k": list(range(200))}], b"ab", Odd(), "caf\\udce9",
        np.float64(0.25), 1j,
    ][x]

def fails(x):
    if x == 1:
        raise ValueError("=unlucky\\nindeed")
    return {"y": x / 2, "text": "+" + "z" * x}
"""

Copy = Callable[..., CopiedRows]


@pytest.fixture(scope="module")
def bench() -> Iterator[tuple[Master, Workbench]]:
    with Master() as master, Workbench(master.console_link) as at:
        master.add_local_worker(1)
        # Its processes begin with what is asked first, and are all tests': not left behind by the one that asks.
        id = at.submit(JobSpec("job", "def f(x): return x", "f"), ArgumentSource("expression", "range(1)"))
        master.job(id).wait(30)
        at.copied_rows(id, 0, [(0, 1)], [("task", "#")])
        yield master, at


@pytest.fixture(scope="module")
def job(bench: tuple[Master, Workbench]) -> int:
    id = bench[1].submit(JobSpec("job", WORK, "f"), ArgumentSource("expression", "range(19)"))
    bench[0].job(id).wait(30)
    return id


@pytest.fixture(scope="module")
def failing(bench: tuple[Master, Workbench]) -> int:
    id = bench[1].submit(JobSpec("job", WORK, "fails"), ArgumentSource("expression", "range(4)"))
    bench[0].job(id).wait(30)
    return id


def cells_of(found: CopiedRows) -> list[list[str]]:
    """As a spreadsheet takes it, or `pandas.read_clipboard(sep="\\t")`."""
    return list(csv.reader(io.StringIO(found.text, newline=""), delimiter="\t"))


def test_values_are_whole_and_no_spreadsheet_runs_them(bench: tuple[Master, Workbench], job: int) -> None:
    found = bench[1].copied_rows(job, 0, [(0, 19)], [("result", "=Result"), ("task", "#")])
    head, *rows = cells_of(found)
    assert head == ["'=Result", "#"]
    assert [row[1] for row in rows] == [str(task) for task in range(19)]
    assert [row[0] for row in rows] == [
        "'=1+1", "-5", "A" * 5000, "one\ntwo\t3", '"quoted"', 'a "b"', "1.5", "7", "", "True", str(10**1000) + "0" * 5000,
        "2024-05-01 08:30:00", '[[1.5, "a"]]', '[{"k": [' + ", ".join(map(str, range(200))) + "]}]", "YWI=", "Odd()",
        "caf\\udce9", "0.25", "1j",
    ]  # fmt: skip
    assert (found.count, found.changed) == (19, True)


def test_exact_copies_are_as_they_are(bench: tuple[Master, Workbench], job: int) -> None:
    found = bench[1].copied_rows(job, 0, [(0, 2), (5, 7)], [("result", "Result")], exact=True)
    assert (found.text, found.changed) == ('Result\n=1+1\n-5\na "b"\n1.5', False)


def test_numbers_have_commas_where_spreadsheets_expect_them(bench: tuple[Master, Workbench], job: int) -> None:
    found = bench[1].copied_rows(job, 0, [(5, 9), (17, 18)], [("result", "Result")], decimal_comma=True)
    assert found.text == 'Result\na "b"\n1,5\n7\n\n0,25'


def test_rows_are_those_of_the_view_in_its_order_with_why_a_task_failed(
    bench: tuple[Master, Workbench], failing: int
) -> None:
    state = bench[1].table(failing, "# > 0", ("task", True), 5.0)
    columns = [("argument", "Argument"), ("result.y", "y"), ("result.text", "text")]
    found = bench[1].copied_rows(failing, state.view, [(0, 2), (2, 3)], columns, exact=True)
    assert found.text == "Argument\ty\ttext\n3\t1.5\t+zzz\n2\t1.0\t+zz\n1\tValueError: =unlucky\t"


def test_tasks_that_have_not_run_have_their_arguments(bench: tuple[Master, Workbench]) -> None:
    master, at = bench
    endless = "import threading\ndef f(x): threading.Event().wait()"
    id = at.submit(JobSpec("job", endless, "f"), ArgumentSource("expression", "range(3)"))
    found = at.copied_rows(id, 0, [(1, 3)], [("argument", "Argument"), ("result", "Result")])
    master.job(id).cancel()
    assert found.text == "Argument\tResult\n1\t\n2\t"


def test_what_is_too_much_for_a_clipboard_is_refused(
    bench: tuple[Master, Workbench], job: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_rows, "MOST_ROWS", 3)
    with pytest.raises(BadInput, match=r"too much for the clipboard. Export these rows.*3 at most"):
        copied_rows.copied_rows(bench[0].job(job), range(19), [("result", "Result")])
    monkeypatch.setattr(copied_rows, "MOST_ROWS", 100)
    monkeypatch.setattr(copied_rows, "MOST_CHARACTERS", 3000)
    with pytest.raises(BadInput, match="too much for the clipboard"):
        copied_rows.copied_rows(bench[0].job(job), range(19), [("result", "Result")])


OWN = """
import datetime, decimal

class Number(decimal.Decimal):
    def __str__(self):
        return "=cmd|calc"

class Time(datetime.datetime):
    nanosecond = 1
    def isoformat(self, *_):
        return "=cmd|calc"

def f(x):
    return [Number("1.5"), Time(2024, 1, 1, tzinfo=datetime.timezone.utc), "a\\0b", "-1.5", -1.5][x]
"""


@pytest.mark.parametrize("comma", [False, True])
def test_no_class_makes_a_formula_and_no_character_ends_the_text(bench: tuple[Master, Workbench], comma: bool) -> None:
    id = bench[1].submit(JobSpec("job", OWN, "f"), ArgumentSource("expression", "range(5)"))
    bench[0].job(id).wait(30)
    rows = bench[1].copied_rows(id, 0, [(0, 5)], [("result", "Result")], decimal_comma=comma).text.split("\n")[1:]
    assert rows == (
        ["1,5", "'=cmd|calc", "a\\x00b", "'-1.5", "-1,5"] if comma else ["1.5", "'=cmd|calc", "a\\x00b", "-1.5", "-1.5"]
    )
    exact = bench[1].copied_rows(id, 0, [(2, 3)], [("result", "Result")], exact=True)
    assert exact.text == "Result\na\\x00b"
