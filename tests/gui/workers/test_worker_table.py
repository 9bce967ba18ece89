"""The table of workers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.console.tables.cell_delegate import CellDelegate
from mcgui.console.tables.sort_filter_model import CALM
from mcgui.console.tables.table_model import Role
from mcgui.console.tables.table_view import row_height
from mcgui.console.throughput.throughput_history import TOLD, ThroughputHistory
from mcgui.console.workers.worker_columns import clock, state_words
from mcgui.console.workers.worker_model import DEPARTED_SHOWN, WorkerModel, counts, total
from mcgui.console.workers.worker_table import WorkerTable
from mcgui.theme import Theme
from mcgui_core.protocol.messages import NodeStatus
from tests.gui.snapshots import NOW, node, room, samples


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> WorkerTable:
    history = ThroughputHistory()
    history.add(samples())
    made = WorkerTable(history, theme)
    qtbot.addWidget(made)
    made.resize(860, 300)
    made.show()
    return made


def texts(table: WorkerTable, column: str) -> list[str]:
    number = [c.title for c in table.model.columns].index(column)
    return [table.model.index(row, number).data() for row in range(table.model.rowCount())]


def sort_by(table: WorkerTable, column: str, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
    table.view.sortByColumn([c.title for c in table.model.columns].index(column), order)


def test_the_model_keeps_qts_rules_while_nodes_come_and_go(
    qtbot: QtBot, theme: Theme, qtmodeltester: ModelTester
) -> None:
    model = WorkerModel(ThroughputHistory(), theme)
    qtmodeltester.check(model)
    model.show(room(), NOW)
    model.show(room()[2:], NOW)
    model.show((*room()[:1], node("new")), NOW)
    model.tick(NOW + 9)
    model.show((), NOW)


def test_a_row_shows_what_its_node_does(table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    row = texts(table, "Name").index("lab-4")
    shown = [table.model.index(row, column).data() for column in range(table.model.columnCount())]
    assert shown[:9] == ["lab-4", "Working", "12 / 12", "95 %", "1.9 GB", "371,022", "2", "14,120", ""]
    assert shown[9:14] == ["800 µs", "now", "3.11.7", "192.168.1.23", "Linux"]


def test_a_paused_node_says_why_and_a_lost_one_is_grey(table: WorkerTable, theme: Theme) -> None:
    table.show_nodes(room(), NOW)
    assert "Paused: in use until 14:00" in texts(table, "State")
    row = texts(table, "Name").index("studio-1")
    cell = table.model.index(row, 0)
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == theme.colours.muted
    assert table.model.index(row, 1).data() == f"Lost {clock(NOW - 95)[:5]}: 40 tasks given back"
    assert table.model.index(row, 3).data() == "–"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "paused", "reason": "paused from the console", "reason_code": "console"}, "Paused from the console"),
        ({"state": "paused", "reason": "paused by its owner", "reason_code": "pause"}, "Paused by its owner"),
        ({"state": "paused", "reason": "in use", "reason_code": "in use"}, "Paused: in use"),
        ({"state": "paused", "reason": "paused, says a script"}, "Paused: paused, says a script"),
        ({"state": "idle"}, "Idle"),
        ({"state": "left", "reason": "finished and left"}, f"Left {clock(NOW - 0.4)[:5]}: finished and left"),
    ],
)
def test_a_state_is_not_said_twice(changes: dict[str, str], words: str) -> None:
    assert state_words(node("lab-3", **changes)) == words


def test_numbers_sort_as_numbers(table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    sort_by(table, "Done", Qt.SortOrder.DescendingOrder)
    assert texts(table, "Name") == ["lab-4", "lab-3", "this computer", "laptop", "studio-1"]
    sort_by(table, "Memory")
    assert texts(table, "Name")[-1] == "lab-4"


def test_states_sort_by_their_order_and_versions_as_versions(table: WorkerTable) -> None:
    table.show_nodes((node("a", state="left"), node("b", python="3.9.1"), node("c", python="3.10.2")), NOW)
    sort_by(table, "State")
    assert texts(table, "Name")[-1] == "a"
    sort_by(table, "Python")
    assert texts(table, "Name") == ["b", "c", "a"]


def test_addresses_sort_as_numbers(table: WorkerTable) -> None:
    nodes = [node(name, address=address) for name, address in (("a", "10.0.0.10"), ("b", "10.0.0.9"), ("c", "::1"))]
    table.show_nodes(tuple(nodes), NOW)
    sort_by(table, "Address")
    assert texts(table, "Name") == ["b", "a", "c"]


def test_a_filter_that_nothing_fits_says_so(qtbot: QtBot, table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    qtbot.keyClicks(table._filter, "no such worker")
    assert texts(table, "Name") == []
    assert table._no_match.isVisible()
    table._filter.clear()
    assert not table._no_match.isVisible()


def test_rows_keep_their_places_for_a_moment_while_only_numbers_change(table: WorkerTable) -> None:
    """Sorted by a number that changes four times a second, rows that jumped as often could not be read or pressed."""
    table.show_nodes((node("a", rate=5.0), node("b", rate=9.0)), NOW)
    sort_by(table, "Tasks/s")
    table.show_nodes((node("a", rate=9.0), node("b", rate=5.0)), NOW + 0.25)
    assert texts(table, "Name") == ["a", "b"]
    table.show_nodes((node("a", rate=9.0), node("b", rate=5.0)), NOW + 0.25 + CALM)
    assert texts(table, "Name") == ["b", "a"]


def test_a_hidden_table_waits_until_it_is_seen(table: WorkerTable) -> None:
    table.hide()
    table.show_nodes(room(), NOW)
    assert table.model.rowCount() == 0
    table.show()
    assert table.model.rowCount() == 5


def test_the_filter_finds_names_and_reasons(qtbot: QtBot, table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    qtbot.keyClicks(table._filter, "in use")
    assert texts(table, "Name") == ["laptop"]
    table._filter.clear()
    assert len(texts(table, "Name")) == 5


def test_the_sum_stands_below_and_leaves_out_what_departed(table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    model = table._total_model
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert shown[:8] == ["Total", "3 working, 1 paused, 1 lost", "22 / 26", "73 %", "3.6 GB", "730,007", "3", "26,270"]


def test_of_any_height_the_sum_has_its_place_and_rows_have_what_is_left(table: WorkerTable) -> None:
    table.show_nodes(tuple(map(node, "abcde")), NOW)
    head, high = table.view.horizontalHeader().sizeHint().height(), row_height()
    layout = table._tables.layout()
    assert layout is not None
    for left in range(high, 7 * high):
        table._tables.resize(table._tables.width(), head + left)
        layout.activate()
        rows = min(max((left - table._total.least_height) // high, 1), 5)
        assert table.view.viewport().height() == rows * high
        assert table._total.isVisible() == (left >= high + table._total.least_height), "a row comes before it"
        assert not table._total.isVisible() or table._total.geometry().bottom() < head + left
        assert table._total.height() == min(max(left - rows * high, table._total.least_height), high)


def test_whoever_does_not_see_the_sum_hears_it(table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    said = table.view.accessibleDescription()
    assert said == "3 working, 1 paused, 1 lost; 22 of 26 processors at work; 730,007 tasks done, 3 failed"


def test_the_sum_has_the_same_columns_as_the_table(table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    assert table._total_model.columnCount() == table.model.columnCount()
    table.view.setColumnWidth(5, 133)
    assert table._total.columnWidth(5) == 133


def test_silence_shows_as_it_grows(table: WorkerTable) -> None:
    table.show_nodes((node("lab-3", contact=NOW),), NOW)
    assert texts(table, "Contact") == ["now"]
    table.model.tick(NOW + 42)
    assert texts(table, "Contact") == ["42 s"]


def test_a_node_that_departed_long_ago_is_not_shown(table: WorkerTable) -> None:
    table.show_nodes((node("old", state="left", contact=NOW - DEPARTED_SHOWN - 1), node("lab-3")), NOW)
    assert texts(table, "Name") == ["lab-3"]


def test_an_empty_table_offers_to_add_workers(qtbot: QtBot, table: WorkerTable) -> None:
    table.show_nodes((), NOW)
    assert not table.view.isVisible()
    with qtbot.waitSignal(table.add_wanted):
        table.add_button.click()


def test_the_age_of_the_last_word_grows_also_while_others_speak(table: WorkerTable) -> None:
    lost = node("gone", state="lost", contact=NOW)
    table.show_nodes((lost, node("lab-3", contact=NOW)), NOW)
    assert texts(table, "Contact") == ["now", "now"]
    for second in range(1, 5):
        table.show_nodes((lost, node("lab-3", contact=NOW + second)), NOW + second)
        table._on_second()
    assert sorted(texts(table, "Contact")) == ["4 s", "now"]
    table._on_second()  # nobody speaks any more
    assert sorted(texts(table, "Contact")) == ["5 s", "now"]
    table._on_second()
    assert sorted(texts(table, "Contact")) == ["2 s", "6 s"]


def test_the_small_line_is_the_last_minute(table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    row = texts(table, "Name").index("lab-3")
    number = [c.title for c in table.model.columns].index("Last minute")
    points = table.model.index(row, number).data(Role.SPARK)
    assert len(points) == 60
    assert points[-1] == [s for s in samples() if s.node == "id-lab-3"][-1 - int(TOLD)].done


def test_rows_that_are_sorted_by_the_small_line_stand_by_what_they_completed_in_it(table: WorkerTable) -> None:
    table.show_nodes((*room(), node("gone", state="left", contact=NOW)), NOW)
    number = [c.title for c in table.model.columns].index("Last minute")
    table.view.sortByColumn(number, Qt.SortOrder.DescendingOrder)
    sums = [sum(table.model.cell(row, number).spark or ()) for row in range(table.model.rowCount())]
    assert sums == sorted(sums, reverse=True)
    assert sums[0] > sums[-1] == 0


def test_in_a_narrow_window_the_state_keeps_its_room(qtbot: QtBot, table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)

    def shown() -> list[str]:
        return [c.title for n, c in enumerate(table.model.columns) if not table.view.isColumnHidden(n)]

    table.resize(1000, 300)
    assert len(shown()) == 10
    table.resize(640, 300)
    assert "Last minute" not in shown()
    assert {"Name", "State", "Processors", "Done", "Failed", "Tasks/s"} <= set(shown())
    assert table.view.columnWidth(1) >= 120
    table.resize(460, 300)
    assert shown() == ["Name", "State", "Processors", "Failed"], "which is the last to go"
    table.resize(1000, 300)
    assert len(shown()) == 10


def test_the_sums_below_are_never_cut(qtbot: QtBot, table: WorkerTable) -> None:
    table.resize(900, 300)  # as in a window of 1440 pixels
    table.show_nodes((node("a", done=13_150_421), node("b", done=13_150_421)), NOW)
    titles = [column.title for column in table.model.columns]
    total, done = table._total, titles.index("Done")
    text = total.model().index(0, done).data()
    assert text == "26,300,842"
    qtbot.waitUntil(lambda: total.columnWidth(done) >= QFontMetrics(total.font()).horizontalAdvance(text) + 8)


def test_many_workers_scroll_up_and_down_and_not_sideways(qtbot: QtBot, table: WorkerTable) -> None:
    table.show_nodes(tuple(node(f"n{n}") for n in range(200)), NOW)
    qtbot.waitUntil(lambda: table.view.verticalScrollBar().maximum() > 0)
    assert table.view.horizontalScrollBar().maximum() == 0


def test_the_selection_stays_with_its_node_when_others_go(table: WorkerTable) -> None:
    table.show_nodes(room(), NOW)
    table.view.choose_row(texts(table, "Name").index("laptop"))
    table.show_nodes(room()[2:], NOW)
    assert [node.name for node in table.selected()] == ["laptop"]


def test_nodes_and_processors_are_counted_without_the_departed() -> None:
    assert counts(room()) == (4, 26)
    assert counts(()) == (0, 0)


def test_the_sum_of_no_nodes_is_nothing() -> None:
    nothing: NodeStatus = total((), NOW)
    assert (nothing.nprocs, nothing.done, nothing.cpu) == (0, 0, 0.0)


def test_a_total_of_hundreds_is_shorter_without_their_number() -> None:
    working, paused, *_ = room()
    many = [replace(working, id=str(number), state="working") for number in range(150)]
    assert total((*many, replace(paused, state="paused")), NOW).short == "150 working"


def test_what_is_too_long_for_its_column_is_shorter_and_not_cut(
    table: WorkerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(CellDelegate, "_write", lambda _self, _p, _o, _area, text, **_right: written.append(text))
    table.show_nodes(room(), NOW)
    state, lost = [column.title for column in table.model.columns].index("State"), f"Lost {clock(NOW - 95)[:5]}"
    for width, shown in (
        (400, (f"{lost}: 40 tasks given back", "3 working, 1 paused, 1 lost")),
        (130, (lost, "3 of 5 working")),
    ):
        table.view.setColumnWidth(state, width)
        table.view.viewport().repaint()
        table._total.viewport().repaint()
        assert [text for text in shown if text not in written] == [], width
