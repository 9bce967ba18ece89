"""Filters by a key within a dict, as people write them: `settings.left > 100`, `result["a"]["b"] = 3`."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mcgui_core.errors import FilterInvalid
from mcgui_core.results.outcome_reader import Settled
from mcgui_core.results.table.filters import column_named, completions
from mcgui_core.results.table.job_tables import selected
from mcgui_core.results.table.table_index import TableIndex


@dataclass
class Fit:
    """A result with names."""

    slope: float
    around: dict[str, int]


def table() -> TableIndex:
    made = TableIndex()
    arguments = [{"settings": {"left": 100 * x, "two words": x, "deep": {"er": {"est": x}}}, "n": x} for x in range(4)]
    results = [{"a": {"b": x, "name": f"n{x}"}, "fit": Fit(x / 2, {"low": -x}), "b": 7} for x in range(4)]
    made.append(arguments, {x: Settled(x, result, None, "lab") for x, result in enumerate(results)})
    return made


@pytest.mark.parametrize(
    ("where", "tasks"),
    [
        ("settings.left > 100", [2, 3]),
        ("left > 100", [2, 3]),
        ('settings["left"] > 100', [2, 3]),
        ("argument['settings']['left'] > 100", [2, 3]),
        ('settings["two words"] = 1', [1]),
        ("settings.deep.er = missing", []),
        ("settings.deep.er contains 3", [3]),
        ('result["a"]["b"] = 3', [3]),
        ("result['a']['b'] = 3", [3]),
        ("result.a.b < 1 or result.A.Name = n2", [0, 2]),
        ("a.b = 3", [3]),
        ("b = 7", [0, 1, 2, 3]),
        ("fit.slope >= 1", [2, 3]),
        ("fit.around.low = -1", [1]),
    ],
)
def test_a_key_within_a_dict_is_filtered_by_as_people_write_it(where: str, tasks: list[int]) -> None:
    assert selected(table(), where, None).tolist() == tasks


def test_a_key_that_is_nowhere_is_said_with_one_that_is() -> None:
    with pytest.raises(FilterInvalid, match=r'no column "settings.lefd".*Did you mean settings.left\?'):
        selected(table(), "settings.lefd > 1", None)


def test_rows_are_sorted_by_a_key_within_and_do_not_show_it_as_a_column_of_its_own() -> None:
    made = table()
    assert selected(made, "", ("result.a.b", True)).tolist() == [3, 2, 1, 0]
    within = [title for title in made.titles if made.column(title).is_within]
    assert [title for title in made.titles if title not in within] == [
        "task", "settings", "n", "result.a", "result.fit", "result.b", "node",
    ]  # fmt: skip
    assert "result.fit.around.low" in within


def test_a_key_of_its_own_goes_before_one_within_that_is_called_the_same() -> None:
    made = TableIndex()
    made.append([1, 2], {x: Settled(x, {"a.b": x, "a": {"b": 9}}, None, "lab") for x in range(2)})
    assert not made.column("result.a.b").is_within
    assert selected(made, "result.a.b = 1", None).tolist() == [1]


@pytest.mark.parametrize(
    ("typed", "begin", "first"),
    [
        ("settings.l", 0, "settings.left"),
        ("n = 1 and result.a.", 10, "result.a.b"),
        ('result["a"]["na', 0, "result.a.name"),
        ("n = 1 and result['a']['", 10, "result.a.b"),
        ('argument["settings"]["le', 0, "settings.left"),
    ],
)
def test_keys_within_are_offered_while_one_types(typed: str, begin: int, first: str) -> None:
    at, offered = completions(typed, len(typed), table().titles, {})
    assert (at, offered[0]) == (begin, first)


def test_the_end_of_a_name_is_enough_where_one_is_less_deep_than_the_others() -> None:
    titles = ["result.loss", "result.best.loss", "result.x.n", "result.y.n"]
    assert column_named("loss", titles) == "result.loss"
    assert column_named("best.loss", titles) == "result.best.loss"
    assert column_named("n", titles) is None
