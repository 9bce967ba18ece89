"""Which columns the table of workers shows: chosen by a menu, remembered, fitted to the room there is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mcgui.console.throughput.throughput_history import ThroughputHistory
from mcgui.console.workers.worker_table import WorkerTable
from mcgui.scale import scaled
from mcgui.settings import Settings
from mcgui.theme import Theme
from tests.gui.snapshots import NOW, room
from tests.pictures.stage import POINTS, one_font


def opened(qtbot: QtBot, theme: Theme, path: Path, width: int = 1000) -> WorkerTable:
    table = WorkerTable(ThroughputHistory(), theme, Settings(path / "mcgui.ini"))
    qtbot.addWidget(table)
    table.resize(width, 300)
    table.show()
    table.show_nodes(room(), NOW)
    return table


@pytest.fixture
def table(qtbot: QtBot, theme: Theme, tmp_path: Path) -> WorkerTable:
    return opened(qtbot, theme, tmp_path)


def shown(table: WorkerTable) -> list[str]:
    head = table.view.horizontalHeader()
    order = [head.logicalIndex(place) for place in range(head.count())]
    return [table.model.columns[n].title for n in order if not table.view.isColumnHidden(n)]


def menu(table: WorkerTable) -> QMenu:
    table._columns.click()
    return table.chooser._menu


def press(table: WorkerTable, title: str) -> None:
    opened_menu = menu(table)
    next(action for action in opened_menu.actions() if action.text() == title).trigger()
    opened_menu.close()


def test_the_menu_offers_every_column_but_the_first_with_what_it_means(table: WorkerTable) -> None:
    offered = menu(table)
    titles = [action.text() for action in offered.actions() if action.isCheckable()]
    assert titles == [column.title for column in table.model.columns[1:]]
    assert all(action.toolTip() != action.text() for action in offered.actions() if action.isCheckable())
    offered.close()


def test_a_column_that_is_chosen_appears_above_its_sum(table: WorkerTable) -> None:
    assert "Task time" not in shown(table)
    press(table, "Task time")
    assert "Task time" in shown(table)
    number = [column.title for column in table.model.columns].index("Task time")
    assert not table._total.isColumnHidden(number)
    assert table._total_model.index(0, number).data() == "800 µs"
    press(table, "Task time")
    assert "Task time" not in shown(table)
    assert table._total.isColumnHidden(number)


def test_the_right_button_on_the_head_opens_the_same_menu(table: WorkerTable) -> None:
    head = table.view.horizontalHeader()
    head.customContextMenuRequested.emit(head.rect().center())
    assert table.chooser._menu.isVisible()
    table.chooser._menu.close()


def test_the_choice_is_there_again_the_next_time(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    first = opened(qtbot, theme, tmp_path)
    press(first, "Python")
    press(first, "Memory")
    first.view.horizontalHeader().moveSection(first.view.horizontalHeader().count() - 1, 2)
    first.view.setColumnWidth(5, 133)
    press(first, "Joined")
    first.view.sortByColumn(5, Qt.SortOrder.DescendingOrder)
    order = shown(first)
    qtbot.waitUntil(lambda: not first.chooser._save_timer.isActive())
    second = opened(qtbot, theme, tmp_path)
    assert shown(second) == order
    assert "Python" in order
    assert "Memory" not in order
    assert order[2] == "Joined"
    assert second.model.item(0).name == "lab-4"  # the most done
    assert second.view.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    assert second.view.columnWidth(5) == second._total.columnWidth(5) == 133


def test_settings_that_make_no_sense_are_passed_over(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    settings.set("workers/shown", ["Colour of the eyes", "State"])
    settings.set("workers/order", ["1", "1", "x"])
    settings.set("workers/width3", "wide")
    settings.sync()
    assert shown(opened(qtbot, theme, tmp_path)) == ["Name", "State"]


def test_the_columns_can_be_put_back(table: WorkerTable) -> None:
    before = shown(table)
    press(table, "Python")
    table.view.horizontalHeader().moveSection(3, 6)
    press(table, "Reset the columns")
    assert shown(table) == before


def test_a_column_for_which_there_is_no_room_has_no_tick_and_can_be_had_all_the_same(table: WorkerTable) -> None:
    table.resize(640, 300)
    offered = {action.text(): action for action in menu(table).actions()}
    table.chooser._menu.close()
    assert {title: offered[title].isChecked() for title in ("State", "Memory")} == {"State": True, "Memory": False}
    assert "There is no room for it now" in offered["Memory"].toolTip()
    press(table, "Memory")
    assert "Memory" in shown(table)
    press(table, "Memory")
    assert "Memory" not in shown(table)


def test_what_was_chosen_by_hand_is_shown_in_a_narrow_window_too(table: WorkerTable) -> None:
    table.resize(640, 300)
    assert "Memory" not in shown(table)
    press(table, "Python")
    assert {"Memory", "Python", "Last minute"} <= set(shown(table))
    assert table.view.horizontalScrollBar().maximum() > 0


def number_of(table: WorkerTable, title: str) -> int:
    return [column.title for column in table.model.columns].index(title)


def test_a_column_of_numbers_is_as_wide_as_its_longest_also_that_of_the_sum(qtbot: QtBot, table: WorkerTable) -> None:
    done = number_of(table, "Done")
    usual = table.view.columnWidth(done)
    table.show_nodes(tuple(replace(one, done=123_456_789_012) for one in room()), NOW)
    table.view.viewport().repaint()
    table._total.viewport().repaint()
    qtbot.waitUntil(lambda: table.view.columnWidth(done) > usual)
    longest = table._total_model.index(0, done).data()
    assert QFontMetrics(table._total.font()).horizontalAdvance(longest) <= table.view.columnWidth(done) - 8
    assert table._total.columnWidth(done) == table.view.columnWidth(done)


def test_a_width_that_somebody_gave_stays_that_of_the_widest_column_too(table: WorkerTable) -> None:
    for title, width in (("State", 333), ("Memory", 140)):
        table.view.setColumnWidth(number_of(table, title), width)
    table.chooser._on_settled()
    for size in (900, 1100):
        table.resize(size, 300)
        assert table.view.columnWidth(number_of(table, "State")) == 333
        assert table.view.columnWidth(number_of(table, "Memory")) == 140
    press(table, "Reset the columns")
    assert table.view.columnWidth(number_of(table, "Memory")) < 140


def test_what_a_column_was_dragged_by_is_taken_from_the_widest_once_the_mouse_is_let_go(table: WorkerTable) -> None:
    head, state, name = table.view.horizontalHeader(), number_of(table, "State"), number_of(table, "Name")
    table.resize(1100, 300)
    whole, before = head.length(), table.view.columnWidth(state)
    table.view.setColumnWidth(name, table.view.columnWidth(name) + 60)
    assert table.view.columnWidth(state) == before  # nothing moves under the mouse
    table.chooser._on_settled()
    assert (head.length(), table.view.columnWidth(state)) == (whole, before - 60)


def test_widths_are_remembered_in_the_measures_of_the_text(
    qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    first = opened(qtbot, theme, tmp_path)
    first.view.setColumnWidth(number_of(first, "Memory"), 100)
    first.chooser.save()
    with one_font(qapp, 2 * POINTS):
        second = opened(qtbot, theme, tmp_path, width=2400)
        assert second.view.columnWidth(number_of(second, "Memory")) == scaled(100) > 150


def test_words_that_are_cut_are_given_what_the_widest_column_has_to_spare(qtbot: QtBot, table: WorkerTable) -> None:
    """In the order of the columns; a name of any length takes no more than that, and hides no column."""
    name, titles = number_of(table, "Name"), shown(table)
    table.resize(1100, 300)
    table.show_nodes(tuple(replace(one, name=f"{one.name} in the basement") for one in room()), NOW)
    table.view.viewport().repaint()
    longest = max(table.view.fontMetrics().horizontalAdvance(one.name) for one in table.model.items)
    qtbot.waitUntil(lambda: table.view.columnWidth(name) >= longest + 16)
    assert shown(table) == titles
    table.show_nodes(tuple(replace(one, name=one.name * 60) for one in room()), NOW)
    table.view.viewport().repaint()
    qtbot.waitUntil(lambda: table.view.columnWidth(name) > longest + 16)
    assert shown(table) == titles
    assert table.view.horizontalScrollBar().maximum() == 0
    assert table.view.columnWidth(number_of(table, "State")) >= 0.6 * table.chooser.wide.width


def test_the_row_that_is_chosen_stays_in_sight_while_the_table_gets_lower(qtbot: QtBot, table: WorkerTable) -> None:
    view = table.view
    last = view.model().rowCount() - 1
    view.choose_row(last)
    view.scrollTo(view.currentIndex())

    def in_sight() -> bool:
        place = view.visualRect(view.currentIndex())
        return place.top() >= 0 and place.bottom() < view.viewport().height()

    assert in_sight()
    before = view.viewport().height()
    for height in range(300, 120, -10):
        table.resize(1000, height)
        QApplication.processEvents()
        assert in_sight(), height
    assert view.viewport().height() < before
    view.scrollToTop()  # somebody looks at others
    assert not in_sight()
    table.resize(1000, 110)
    QApplication.processEvents()
    assert not in_sight()
