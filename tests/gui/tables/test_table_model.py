"""Tables that take their rows in batches."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
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


def test_of_a_row_that_is_looked_at_only_what_looks_different_is_told_of(model: TableModel[Thing]) -> None:
    model.apply(things(1, 2, 3), 0)
    assert column(model, 0) + column(model, 1) == ["0", "1", "2", "1 m", "2 m", "3 m"]
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, _last: told.append((first.row(), first.column())))
    model.apply(things(1, 20, 3), 0)
    assert told == [(1, 1)]
    assert column(model, 1) == ["1 m", "20 m", "3 m"]


def test_what_nobody_can_see_is_nothing_to_paint(qtbot: QtBot, theme: Theme) -> None:
    """Here, a thing's size stands only in the tip."""
    columns = [Column[Thing]("Id", lambda thing, _now: Cell(str(thing.id), tip=f"{thing.size} m"), "", 50)]
    model = TableModel(columns, lambda thing: thing.id, theme)
    model.apply(things(1, 2), 0)
    assert column(model, 0) == ["0", "1"]
    with qtbot.assertNotEmitted(model.dataChanged):
        model.apply(things(1, 20), 0)
    assert model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == "20 m"


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
    assert set(told) == {(2, 2)}
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


def test_a_screen_reader_hears_the_column_with_the_value(theme: Theme, model: TableModel[Thing]) -> None:
    model.apply(things(7), 0)
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Size: 7 m"
    assert model.index(0, 1).data(Role.KEY) == 0
    nothing = TableModel((Column[Thing]("Rate", lambda _thing, _now: Cell(""), "", 50),), lambda thing: thing.id, theme)
    nothing.apply(things(7), 0)
    assert nothing.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Rate: empty", "as in the row of totals"


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


class Painter:
    """What a view does: it paints cells, again when it was told of them, though perhaps some batches later."""

    def __init__(self, model: TableModel[Thing]) -> None:
        self._model = model
        self._painted: dict[tuple[int, int], str] = {}
        self._told: set[tuple[int, int]] = set()
        model.dataChanged.connect(self._on_change)
        for signal in (model.rowsInserted, model.rowsRemoved):
            signal.connect(self._on_rows)

    def _on_change(self, first: QModelIndex, last: QModelIndex) -> None:
        rows, columns = range(first.row(), last.row() + 1), range(first.column(), last.column() + 1)
        self._told.update((row, column) for row in rows for column in columns)

    def _on_rows(self) -> None:
        self._painted.clear()
        self._told.clear()

    def paint(self, cells: set[tuple[int, int]]) -> None:
        """As it does where the mouse scrolls to them: these, and all that it was told of and has painted before."""
        for row, column in {*cells, *(self._told & self._painted.keys())}:
            if row < self._model.rowCount():
                self._painted[row, column] = self._model.cell(row, column).text
        self._told.clear()

    def check(self) -> None:
        """What it has not been told of looks as it was painted."""
        for (row, column), text in self._painted.items():
            if (row, column) not in self._told:
                item = self._model.item(row)
                assert text == HALVES[column].cell(item, 0).text


#: Two columns that change each for itself.
HALVES = (
    Column[Thing]("Low", lambda thing, _now: Cell(str(thing.size % 2)), "", 50),
    Column[Thing]("High", lambda thing, _now: Cell(str(thing.size // 2)), "", 50),
)
CELLS = st.sets(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1)


@given(st.lists(st.tuples(st.lists(st.integers(0, 3), min_size=2, max_size=2), CELLS, st.booleans()), max_size=8))
def test_nothing_stays_painted_that_has_changed(
    one_theme: Theme, steps: list[tuple[list[int], set[tuple[int, int]], bool]]
) -> None:
    model = TableModel(HALVES, lambda thing: thing.id, one_theme)
    view = Painter(model)
    for sizes, cells, painting in steps:
        model.apply(things(*sizes), 0)
        view.check()
        if painting:
            view.paint(cells)


@given(st.sets(st.integers(0, 40)))
def test_runs_cover_each_number_once_and_never_touch(numbers: set[int]) -> None:
    found = list(runs(sorted(numbers)))
    assert {n for first, last in found for n in range(first, last + 1)} == numbers
    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))
