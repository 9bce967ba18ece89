"""Results of which some are shown whole, and others by their parts: in the column of the former the latter are named."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from mcgui_core.results.outcome_reader import Settled
from mcgui_core.results.table.job_tables import selected
from mcgui_core.results.table.table_index import TableIndex


class Point(NamedTuple):
    x: int
    y: int


MIXED: list[Any] = [5, {"a": 1}, None, (1, 2), Point(1, 2), np.ones((2, 3)), "word", {"a": 2}]


def index(*parts: list[Any]) -> TableIndex:
    """Whose results come in these parts."""
    made = TableIndex()
    for results in parts:
        settled = {at: Settled(at, one, None, "lab") for at, one in enumerate(results, made.total)}
        made.append([0] * len(results), settled)
    return made


@pytest.mark.parametrize("cut", range(len(MIXED) + 1))
def test_a_result_that_is_shown_by_its_parts_is_not_blank_where_others_are_whole(cut: int) -> None:
    made = index(MIXED[:cut], MIXED[cut:])
    cells = [made.column("result").text(row) for row in range(len(MIXED))]
    assert cells == ["5", "dict", "", "tuple", "Point", "ndarray", "word", "dict"]
    assert selected(made, "result is None", None).tolist() == [2]
    assert selected(made, "result = dict", None).tolist() == [1, 7]
    assert selected(made, "result.a = 2", None).tolist() == [7]


def test_what_came_before_the_first_result_that_is_whole_is_named_too() -> None:
    made = index([{"a": 1}, {"a": 2}], [{"a": 3}], [7, {"a": 4}])
    assert [made.column("result").text(row) for row in range(5)] == ["dict", "dict", "dict", "7", "dict"]


def test_there_is_no_such_column_where_none_is_whole() -> None:
    assert "result" not in index([{"a": 1}], [{"a": 2}, Point(1, 2)]).titles


def test_an_argument_that_is_shown_by_its_parts_is_named_as_well() -> None:
    made = TableIndex()
    made.append([{"x": 1}, 3], {})
    made.append([{"x": 2}], {})
    assert [made.column("argument").text(row) for row in range(3)] == ["dict", "3", "dict"]


def test_a_task_that_gives_something_else_when_it_is_tried_again_is_what_it_is_now() -> None:
    made = index([1, {"a": 2}])
    made.fill(0, [0, 0], {0: Settled(0, {"a": 1}, None, "lab"), 1: Settled(1, 4, None, "lab")})
    assert [made.column("result").text(row) for row in range(2)] == ["dict", "4"]
