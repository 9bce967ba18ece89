"""Tables that take their rows in batches."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.console.tables.table_model import Cell, Column, Role, SortProxy, TableModel, runs
from mcgui.theme import Theme


@dataclass(frozen=True)
class Thing:
    id: int
    size: int


COLUMNS = (
    Column[Thing]("Id", lambda thing, _now: Cell(str(thing.id), thing.id), "", 50, right=True),
    Column[Thing]("Size", lambda thing, _now: Cell(f"{thing.size} m", thing.size), "", 50),
    Column[Thing]("Age", lambda _thing, now: Cell(f"{now:g}"), "", 50, ages=True),
)


@pytest.fixture
def model(theme: Theme, qtmodeltester: ModelTester) -> TableModel[Thing]:
    made = TableModel(COLUMNS, lambda thing: thing.id, theme)
    qtmodeltester.check(made)
    return made


def things(*sizes: int) -> list[Thing]:
    return [Thing(number, size) for number, size in enumerate(sizes)]


def column(model: TableModel[Thing] | SortProxy, number: int) -> list[str]:
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_neighbours_that_change_are_told_of_together(qtbot: QtBot, model: TableModel[Thing]) -> None:
    model.apply(things(1, 2, 3, 4, 5, 6), 0)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.apply(things(1, 20, 30, 4, 5, 60), 0)
    assert told == [(1, 2), (5, 5)]


def test_a_batch_that_changes_nothing_tells_nothing(qtbot: QtBot, model: TableModel[Thing]) -> None:
    model.apply(things(1, 2, 3), 0)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.apply(things(1, 2, 3), 0)


def test_new_rows_go_to_the_end_and_gone_ones_go(model: TableModel[Thing]) -> None:
    model.apply([Thing(3, 1), Thing(1, 1), Thing(2, 1)], 0)
    model.apply([Thing(9, 1), Thing(2, 1), Thing(3, 1)], 0)
    assert column(model, 0) == ["3", "2", "9"]
    assert [model.row_of(id) for id in (3, 2, 9, 1)] == [0, 1, 2, None]


def test_time_changes_only_the_columns_that_it_matters_for(qtbot: QtBot, model: TableModel[Thing]) -> None:
    model.apply(things(1, 2), 5)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.column(), last.column())))
    model.tick(6)
    assert told == [(2, 2)]
    assert column(model, 2) == ["6", "6"]


def test_rows_are_sorted_by_number_and_not_by_text(model: TableModel[Thing]) -> None:
    proxy = SortProxy(model)
    proxy.sort(1, Qt.SortOrder.AscendingOrder)
    model.apply(things(100, 9, 20), 0)
    assert column(proxy, 1) == ["9 m", "20 m", "100 m"]


def test_the_filter_looks_into_every_column(model: TableModel[Thing]) -> None:
    proxy = SortProxy(model)
    model.apply(things(100, 9, 20), 0)
    proxy.setFilterFixedString("20 M")
    assert column(proxy, 1) == ["20 m"]


def test_a_screen_reader_hears_the_column_with_the_value(model: TableModel[Thing]) -> None:
    model.apply(things(7), 0)
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Size: 7 m"
    assert model.index(0, 1).data(Role.KEY) == 0


BATCHES = st.lists(st.dictionaries(st.integers(0, 12), st.integers(0, 3)), max_size=6)


@given(BATCHES)
def test_after_any_batches_the_table_holds_the_last_one(one_theme: Theme, batches: list[dict[int, int]]) -> None:
    model = TableModel(COLUMNS, lambda thing: thing.id, one_theme)
    proxy = SortProxy(model)
    proxy.sort(0)
    for batch in batches:
        model.apply([Thing(id, size) for id, size in batch.items()], 0)
        assert {thing.id: thing.size for thing in model.items} == batch
        assert column(proxy, 0) == [str(id) for id in sorted(batch)]
        assert all(model.item(row).id == id for id, row in ((id, model.row_of(id)) for id in batch) if row is not None)


@given(st.sets(st.integers(0, 40)))
def test_runs_cover_each_number_once_and_never_touch(numbers: set[int]) -> None:
    found = list(runs(sorted(numbers)))
    assert {n for first, last in found for n in range(first, last + 1)} == numbers
    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))
