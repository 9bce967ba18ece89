"""What goes through a whole job, on a real master: searches, details, columns of numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from math import isnan
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import BadInput, JobUnknown
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.queries import Found
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE
from tests.waiting import until

WORK = """
from collections import namedtuple
from dataclasses import dataclass

Hit = namedtuple("Hit", "x y label")

@dataclass
class Fit:
    slope: float
    name: str = "line"

def double(x):
    if x % 1000 == 13:
        raise ValueError(f"{x} is unlucky")
    return x * 2

def kinds(x):
    return [Hit(x, 2 * x, "a"), Fit(0.5), {"loss": 1.5, "tag": "b"}, (3, 4), "text", True][x]

def image(size):
    import numpy as np
    return np.outer(np.arange(size), np.ones(size))

def colours(size):
    import numpy as np
    return np.full((size, size, 3), 0.5)

def long(x):
    return {f"key {i}": list(range(20)) for i in range(x)} if x < 100 else "line one\\nGrüße ✓\\n" + "z" * x
"""


@pytest.fixture
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(2)
        yield master


@pytest.fixture
def at(master: Master) -> Iterator[Workbench]:
    with Workbench(master.console_link) as bench:
        yield bench


def finished(master: Master, bench: Workbench, function: str, arguments: str) -> int:
    id = bench.submit(JobSpec("job", WORK, function), ArgumentSource("expression", arguments))
    assert master.job(id).wait(PATIENCE).state == "finished"
    return id


def found(bench: Workbench, id: int, state: str, text: str, seconds: float = 0.25) -> list[int]:
    """All of them, however many looks that takes."""
    start, tasks = 0, []
    while True:
        part = bench.find(id, state, text, start, seconds)
        tasks += [task for first, stop in part.ranges for task in range(first, stop)]
        if part.ended:
            return tasks
        assert part.next > start, "it comes no further"
        start = part.next


def test_tasks_are_found_by_their_state_and_by_what_is_in_them(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "range(5000)")
    unlucky = [13, 1013, 2013, 3013, 4013]
    assert found(at, id, "failed", "") == unlucky
    assert found(at, id, "failed", "UNLUCKY") == unlucky
    assert found(at, id, "failed", "2013 is") == [2013]
    assert found(at, id, "waiting", "") == []
    assert found(at, id, "done", "") == [task for task in range(5000) if task not in unlucky]
    # 4,321 as an argument, or as twice of something, which none is.
    assert found(at, id, "", "4321") == [4321]
    assert found(at, id, "done", "8642") == [4321]
    assert found(at, id, "", "no such thing") == []
    assert len(found(at, id, "", master.nodes()[0].name)) == 5000


def test_a_look_ends_after_its_time_and_the_next_goes_on_there(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "range(60_000)")
    first = at.find(id, "", "99", 0, 0.0)
    assert not first.ended
    assert 0 < first.next < 60_000
    fitting = [x for x in range(60_000) if "99" in str(x) or ("99" in str(2 * x) and x % 1000 != 13)]
    assert found(at, id, "", "99", 0.01) == fitting


def test_a_state_alone_is_found_without_opening_a_value(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "range(1_000_000)")
    answer = at.find(id, "failed", "")  # one answer: the master knows its tasks' states as ranges
    assert answer.ended
    assert len(answer.ranges) == 1000


def test_a_state_that_does_not_exist_is_refused(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "range(3)")
    with pytest.raises(BadInput, match="not 'broken'"):
        at.find(id, "broken", "")
    with pytest.raises(JobUnknown):
        at.find(10**6, "", "")


def test_rows_far_apart_come_in_one_answer(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "range(50_000)")
    rows = at.rows_of(id, (13, 14, 49_999))
    assert [(row.index, row.state, row.value) for row in rows] == [
        (13, "failed", "ValueError: 13 is unlucky"), (14, "done", "28"), (49_999, "done", "99998"),
    ]  # fmt: skip


def test_tasks_that_wait_are_found_too() -> None:
    with Master() as alone, Workbench(alone.console_link) as bench:
        id = bench.submit(JobSpec("job", WORK, "double"), ArgumentSource("expression", "range(30)"))
        assert bench.find(id, "waiting", "") == Found(((0, 30),), 30, True)
        assert bench.find(id, "waiting", "29") == Found(((29, 30),), 30, True)
        assert bench.find(id, "done", "") == Found((), 30, True)


def test_a_detail_is_whole_and_laid_out(master: Master, at: Workbench) -> None:
    id = finished(master, at, "long", "[1, 5, 300, 1_000_000]")
    assert at.detail(id, 0).value == "{'key 0': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]}"
    assert len(at.detail(id, 1).value.splitlines()) == 5
    assert at.detail(id, 2).value == "line one\nGrüße ✓\n" + "z" * 300
    assert "characters left out" in at.detail(id, 3).value
    assert at.detail(id, 4) is None


def test_the_detail_of_a_failure_is_its_traceback(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "[13]")
    detail = at.detail(id, 0)
    assert (detail.state, detail.argument) == ("failed", "13")
    assert detail.value.startswith("Traceback")
    assert detail.value.endswith("ValueError: 13 is unlucky")


def test_an_array_is_a_picture_from_its_smallest_to_its_largest_number(master: Master, at: Workbench) -> None:
    id = finished(master, at, "image", "[4, 2500, 1]")
    picture = at.detail(id, 0).picture
    assert (picture.width, picture.height, picture.channels) == (4, 4, 1)
    assert picture.pixels[::4] == bytes([0, 85, 170, 255])
    assert at.detail(id, 1).picture.width <= 2048
    assert at.detail(id, 2).picture is None
    id = finished(master, at, "colours", "[3]")
    assert at.detail(id, 0).picture.pixels == bytes([127]) * 27


def columns(bench: Workbench, id: int, *names: str, stride: int = 1) -> list[list[float]]:
    start, made = 0, [array("d") for _ in names]
    while True:
        part = bench.numbers(id, names, start, stride, 0.05)
        for column, data in zip(made, part.columns, strict=True):
            column.frombytes(data)
        if part.ended:
            return [list(column) for column in made]
        start = part.next


def test_numbers_are_columns_in_whatever_they_lie(master: Master, at: Workbench) -> None:
    id = finished(master, at, "kinds", "range(6)")
    assert at.numeric_columns(id) == (
        "task", "argument", "result.x", "result.y", "result.slope", "result.loss", "result[0]", "result[1]", "result",
    )  # fmt: skip
    tasks, x, loss, plain = columns(at, id, "task", "result.x", "result.loss", "result")
    assert tasks == [0, 1, 2, 3, 4, 5]
    assert (x[0], loss[2], plain[5]) == (0, 1.5, 1)
    assert isnan(x[1])


def test_a_long_job_gives_its_numbers_in_parts_or_thinned_out(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "range(300_000)")
    assert at.numeric_columns(id) == ("task", "argument", "result")
    argument, result = columns(at, id, "argument", "result")
    assert len(argument) == 300_000 - 300
    assert [2 * x for x in argument] == result
    (thin,) = columns(at, id, "task", stride=1000)
    assert thin == list(range(0, 300_000, 1000))


def test_results_without_numbers_have_no_columns(master: Master, at: Workbench) -> None:
    id = finished(master, at, "kinds", "[4]")
    assert [name for name in at.numeric_columns(id) if name.startswith("result")] == []


def test_what_a_class_of_the_environment_holds_can_be_searched(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, "kinds", "range(6)")
    until(lambda: found(at, id, "", "slope=0.5") == [1], PATIENCE)
