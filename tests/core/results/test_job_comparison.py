"""Two jobs argument by argument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core import Master
from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput
from mcgui_core.results.table import job_comparison
from mcgui_core.results.table.job_comparison import comparable, compare
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(1)
        yield master


def over(master: Master, source: str, arguments: Any) -> Job:
    job = master.submit(source, "f", arguments)
    job.wait(PATIENCE)
    return job


def test_the_same_arguments_stand_side_by_side_and_those_that_differ_first(master: Master) -> None:
    one = over(master, "def f(x): return 1 / x", [4, 0, 2, 5])
    other = over(master, "def f(x): return 1 / x if x else 'none'", [5, 2, 0, 7])
    third = over(master, "def f(x): return 2 / x", [4, 0, 2, 5])
    with Workbench(master.console_link) as bench:
        found = bench.compare(one.id, other.id)
        changed = bench.compare(one.id, third.id)
    assert (found.differ, found.same, found.only_one, found.only_other) == (1, 2, 1, 1)
    assert [(row.argument, row.one, row.other, row.kind) for row in found.rows] == [
        ("0", 1, 2, "differs"),
        ("4", 0, -1, "only"),
        ("7", -1, 3, "only"),
        ("5", 3, 0, "same"),
        ("2", 2, 1, "same"),
    ]
    first = found.rows[0]
    assert (first.before, first.after, first.difference) == ("ZeroDivisionError: division by zero", "'none'", "mended")
    assert [(row.argument, row.before, row.after, row.difference, row.amount) for row in changed.rows[:2]] == [
        ("4", "0.25", "0.5", "+0.25", 0.25),
        ("2", "0.5", "1.0", "+0.5", 0.5),
    ]


def test_two_arrays_that_differ_look_different(master: Master) -> None:
    one = over(master, "import numpy\ndef f(x): return numpy.array([1, x])", [2])
    other = over(master, "import numpy\ndef f(x): return numpy.array([1, x + 1])", [2])
    with Workbench(master.console_link) as bench:
        (row,) = bench.compare(one.id, other.id).rows
    assert (row.before, row.after) == ("array([1, 2])", "array([1, 3])")
    one = over(master, "import numpy\ndef f(x): return {'a': numpy.array([1, x])}", [2])
    other = over(master, "import numpy\ndef f(x): return {'a': numpy.array([1, x + 1])}", [2])
    with Workbench(master.console_link) as bench:
        assert bench.compare(one.id, other.id).rows[0].difference == "a: array([1, 2]), array([1, 3])"


def test_arguments_that_come_again_are_compared_in_their_order(master: Master) -> None:
    one = over(master, "n = 0\ndef f(x): return x", [1, 1, 1])
    other = over(master, "def f(x): return x", [1, 1])
    found = compare(one, other)
    assert (found.differ, found.same, found.only_one, found.only_other) == (0, 2, 1, 0)


def test_arrays_are_compared_whole(master: Master) -> None:
    source = "import numpy as np\ndef f(x): return np.arange(10_000) * (np.arange(10_000) != x)"
    one, other = over(master, source, [5_000, 1]), over(master, source, [5_000, 1])
    assert compare(one, other).same == 2
    changed = over(master, source.replace("!= x", "!= x + 1"), [5_000, 1])
    assert compare(one, changed).differ == 2


def test_records_tell_which_of_their_fields_differ(master: Master) -> None:
    one = over(master, "def f(x): return {'loss': x / 2, 'n': x, 'tag': 'a'}", [1])
    other = over(master, "def f(x): return {'loss': x / 4, 'n': x, 'tag': 'b'}", [1])
    assert compare(one, other).rows[0].difference == "loss: 0.5, 0.25; tag: 'a', 'b'"


def test_a_field_that_only_one_has_is_told_from_one_that_is_none(master: Master) -> None:
    values = "[{'a': None}, {'b': 1}, (1, 2), {'c': None}]"
    one = over(master, f"def f(x): return {values}[x]", range(4))
    other = over(master, "def f(x): return [{}, {'b': 1, 'c': None}, (1, 2, 3), {'c': 0}][x]", range(4))
    told = [row.difference for row in compare(one, other).rows]
    assert told == ["a: None, missing", "c: missing, None", "2: missing, 3", "c: None, 0"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("dt.datetime(2026, 1, 5, 12)", "2026-01-05 12:00:00"),
        ("dt.date(2026, 1, 5)", "2026-01-05"),
        ("dt.timedelta(days=1)", "1 day, 0:00:00"),
        ("np.float64(2.5)", "2.5"),
        ("np.array(3.5)", "3.5"),
        ("np.datetime64('2026-01-05')", "2026-01-05"),
        ("np.zeros((2, 3))", "ndarray 2 x 3 float64"),
        ("decimal.Decimal('1.10')", "1.10"),
        ("fractions.Fraction(1, 3)", "1/3"),
        ("10**30", str(10**30)),
        ("True", "True"),
        ("'1.5'", "'1.5'"),
        ("''", "''"),
        ("None", "None"),
        ("{'a': np.float64(1.5)}", "{'a': 1.5}"),
    ],
)
def test_values_are_written_as_in_the_table_of_results(master: Master, value: str, text: str) -> None:
    imports = "import datetime as dt, decimal, fractions\nimport numpy as np\n"
    one = over(master, f"{imports}def f(x): return {value}", [1])
    other = over(master, f"{imports}def f(x): return {{'n': {value}}} if x else 0", [1, 0])
    (row, _) = compare(one, other).rows
    assert row.before == text
    third = over(master, f"{imports}def f(x): return {{'n': 7}}", [1, 0])
    if value.startswith(("dt", "np.f", "dec")):
        assert compare(other, third).rows[0].difference == f"n: {text}, 7"


def test_no_more_rows_are_shown_than_wanted_and_no_more_tasks_compared_than_memory_takes(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = over(master, "def f(x): return x", range(300)), over(master, "def f(x): return -x", range(300))
    found = compare(one, other, most=10)
    assert (len(found.rows), found.differ, found.same) == (10, 299, 1)
    monkeypatch.setattr(job_comparison, "MOST_TASKS", 500)
    with pytest.raises(BadInput, match="600 tasks"):
        compare(one, other)


_VALUES = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(_VALUES, _VALUES)
def test_values_say_the_same_exactly_where_they_are_equal(one: Any, other: Any) -> None:
    assert comparable(one) == comparable(one)
    if comparable(one) == comparable(other):
        assert one == other


def test_odd_values_are_comparable() -> None:
    assert comparable(float("nan")) == comparable(np.float64("nan"))
    assert comparable(np.float32(0.5)) == comparable(0.5)
    assert comparable(np.arange(10_000)) != comparable(np.arange(10_000) * (np.arange(10_000) != 5_000))
    assert comparable(object) == comparable(object)
    assert comparable("a\udce9") == comparable("a\udce9")
    assert comparable({"a": 1, "b": {"c": 2, "d": 3}}) == comparable({"b": {"d": 3, "c": 2}, "a": 1})
    assert comparable({"one", "two", "three"}) == comparable({"three", "one", "two"})
