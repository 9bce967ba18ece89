"""A table that sorts and filters itself."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from mcgui.console.tables.sort_filter_model import CALM, ArrangedModel
from mcgui.console.tables.table_model import Cell, Column
from mcgui.theme import Theme


@dataclass(frozen=True)
class Thing:
    id: int
    size: int


made: list[int] = []


def size_cell(thing: Thing, _now: float) -> Cell:
    made.append(thing.id)
    return Cell(f"{thing.size} m", thing.size)


COLUMNS = (
    Column[Thing]("Id", lambda thing, _now: Cell(f"no {thing.id}", thing.id), "", 50),
    Column[Thing]("Size", size_cell, "", 50, right=True),
)


def model_of(theme: Theme) -> ArrangedModel[Thing]:
    return ArrangedModel(COLUMNS, lambda thing: thing.id, lambda thing: f"thing {thing.id}", theme)


@pytest.fixture
def model(theme: Theme, qtmodeltester: ModelTester) -> ArrangedModel[Thing]:
    made.clear()
    one = model_of(theme)
    qtmodeltester.check(one)
    return one


def ids(model: ArrangedModel[Thing]) -> list[int]:
    return [thing.id for thing in model.items]


def things(**sizes: int) -> list[Thing]:
    return [Thing(int(name[1:]), size) for name, size in sizes.items()]


def test_rows_are_sorted_by_number_in_both_directions(model: ArrangedModel[Thing]) -> None:
    model.apply(things(a1=100, a2=9, a3=20), 0)
    model.sort(1)
    assert ids(model) == [2, 3, 1]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert ids(model) == [1, 3, 2]


def test_a_new_row_comes_to_its_place_at_once(model: ArrangedModel[Thing]) -> None:
    model.sort(1)
    model.apply(things(a1=100, a2=9), 0)
    model.apply(things(a1=100, a2=9, a3=20), 0.1)
    assert ids(model) == [2, 3, 1]


def test_a_row_that_comes_as_another_goes_comes_to_its_place_too(model: ArrangedModel[Thing]) -> None:
    model.sort(1)
    model.apply(things(a1=100, a2=9), 0)
    model.apply(things(a2=9, a3=5), 0.1)
    assert ids(model) == [3, 2]


def test_only_the_text_that_was_named_is_searched(model: ArrangedModel[Thing]) -> None:
    model.apply(things(a1=100, a2=9, a13=20), 0)
    model.set_filter(" THING 1")
    assert ids(model) == [1, 13]
    assert len(model.all) == 3
    model.set_filter("m")
    assert ids(model) == []
    model.set_filter("")
    assert ids(model) == [1, 2, 13]


def test_a_row_that_comes_to_fit_the_filter_appears(model: ArrangedModel[Thing]) -> None:
    model.set_filter("7")
    model.apply(things(a1=1), 0)
    assert ids(model) == []
    model.apply(things(a1=1, a7=1), 0)
    assert ids(model) == [7]


def test_what_points_at_a_row_follows_it(model: ArrangedModel[Thing]) -> None:
    model.apply(things(a1=1, a2=2, a3=3), 0)
    held = QPersistentModelIndex(model.index(0, 1))
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert (held.row(), held.column()) == (2, 1)
    assert held.data() == "1 m"


def test_cells_that_nobody_asks_for_are_never_made(model: ArrangedModel[Thing]) -> None:
    model.apply([Thing(id, id) for id in range(1000)], 0)
    assert made == []
    assert model.index(7, 1).data() == "7 m"
    assert made == [7]


@given(st.lists(st.dictionaries(st.integers(0, 12), st.integers(0, 3)), max_size=6), st.integers(0, 1), st.booleans())
def test_after_any_batches_the_rows_are_in_order(
    one_theme: Theme, batches: list[dict[int, int]], column: int, descending: bool
) -> None:
    model = model_of(one_theme)
    model.sort(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
    for number, batch in enumerate(batches):
        model.apply([Thing(id, size) for id, size in batch.items()], number * CALM)
        assert {thing.id: thing.size for thing in model.items} == batch
        keys = [thing.size if column else thing.id for thing in model.items]
        assert keys == sorted(keys, reverse=descending)
        assert all(model.row_of(thing.id) == row for row, thing in enumerate(model.items))
