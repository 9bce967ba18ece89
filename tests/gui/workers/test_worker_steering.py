"""Workers are paused, resized, retired and forgotten from the table: with a real master and a real worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.console.actions.action_registry import obstacle
from mcgui.console.workers.worker_table import WorkerTable
from mcgui.theme import Theme
from mcgui_core.owner.limits import Limits, Overrides
from mcgui_core.protocol.messages import NodeStatus
from tests.gui.consoles import Opened, console
from tests.gui.snapshots import NOW, node, room


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    with console(qtbot, theme, tmp_path) as made:
        yield made


def table(opened: Opened) -> WorkerTable:
    return opened.window.parts.workers


def only(opened: Opened) -> NodeStatus:
    return table(opened).model.all[0]


def select(opened: Opened, row: int = 0) -> None:
    table(opened).view.setFocus()
    table(opened).view.choose_row(row)


def do(opened: Opened, name: str) -> None:
    opened.window.parts.actions[f"worker_{name}"].trigger()


def test_a_worker_is_paused_and_goes_on_again(opened: Opened) -> None:
    select(opened)
    assert obstacle(opened.window.parts.actions["worker_resume"]) == "this computer is not paused."
    do(opened, "pause")
    opened.wait(lambda: only(opened).state == "paused")
    assert only(opened).reason == "paused from the console"
    assert obstacle(opened.window.parts.actions["worker_pause"]) == "this computer is paused already."
    opened.wait(lambda: table(opened).notice.text == "")
    do(opened, "resume")
    opened.wait(lambda: only(opened).state == "idle")


def test_the_number_of_processors_is_asked_for_in_the_panel_and_set_by_the_keyboard(
    qtbot: QtBot, opened: Opened
) -> None:
    select(opened)
    do(opened, "processors")
    bar = table(opened).processors
    assert bar.isVisible()
    assert bar.spin.value() == only(opened).nprocs
    qtbot.keyClicks(bar.spin, "3")
    qtbot.keyClick(bar.spin, Qt.Key.Key_Return)
    assert not bar.isVisible()
    opened.wait(lambda: only(opened).nprocs == 3)


def test_more_processors_than_the_machine_has_are_warned_of_and_escape_changes_nothing(
    qtbot: QtBot, opened: Opened
) -> None:
    select(opened)
    before = only(opened).nprocs
    do(opened, "processors")
    bar = table(opened).processors
    bar.spin.setValue(200)
    assert "slow each other down" in bar._hint.text()
    qtbot.keyClick(bar.spin, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert only(opened).nprocs == before


def test_a_worker_that_retires_stays_greyed_until_it_is_forgotten(opened: Opened, theme: Theme) -> None:
    select(opened)
    do(opened, "retire")
    opened.wait(lambda: only(opened).state == "left")
    cell = table(opened).model.index(0, 1)
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == theme.colours.muted
    assert "finished and left" in cell.data()
    assert obstacle(opened.window.parts.actions["worker_pause"]) == "this computer is not there any more."
    opened.wait(lambda: not opened.window.parts.actions["worker"].isChecked())
    do(opened, "forget")
    opened.wait(lambda: not table(opened).model.all)
    opened.window.parts.actions["worker"].trigger()
    opened.wait(lambda: table(opened).model.all and only(opened).state == "idle")


def test_a_worker_that_retires_now_leaves_at_once(opened: Opened) -> None:
    select(opened)
    do(opened, "retire_now")
    opened.wait(lambda: only(opened).state == "left")
    assert "retired from the console" in only(opened).reason


def test_a_node_that_is_gone_meanwhile_is_named_in_the_panel(opened: Opened) -> None:
    table(opened).show_nodes((node("ghost"),), NOW)
    select(opened)
    do(opened, "pause")
    opened.wait(lambda: table(opened).notice.text)
    assert table(opened).notice.text == "ghost was gone before anything could be asked."


def test_a_master_that_does_not_answer_is_said_in_the_panel(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        table(opened).show_nodes((node("lab-3"),), NOW)
        select(opened)
        do(opened, "pause")
        assert "still starting" in table(opened).notice.text
        opened.wait(lambda: opened.session.state.kind != "starting")


def test_a_worker_whose_owner_paused_it_stays_paused_and_the_panel_says_so(opened: Opened) -> None:
    agent = opened.session.cluster.add_local_worker(2, "studio-1")
    agent.limit(Limits(), Overrides(paused=True), 2)

    def studio() -> NodeStatus | None:
        return next((node for node in table(opened).model.all if node.name == "studio-1"), None)

    opened.wait(lambda: (node := studio()) and node.state == "paused")
    select(opened, next(row for row, node in enumerate(table(opened).model.items) if node.name == "studio-1"))
    do(opened, "resume")
    opened.wait(lambda: "Its owner decides" in table(opened).notice.text)
    assert table(opened).notice.text.startswith("studio-1 was asked to go on, and is still paused: paused by its owner")


def test_the_details_are_copied_and_the_log_is_shown_of_that_node(qapp: QApplication, opened: Opened) -> None:
    opened.write("def f(x):\n    print('hello from', x)", "range(3)", "f")
    opened.run()
    select(opened)
    do(opened, "copy")
    assert "Worker: this computer" in qapp.clipboard().text()
    tabs = opened.window.parts.tabs
    tabs.log.head.filter.setText("of another search")
    do(opened, "log")
    assert tabs.current is tabs.log
    assert tabs.log.head.node.currentText() == "this computer"
    assert tabs.log.head.filter.text() == ""
    opened.wait(lambda: "task 2  hello from 2" in tabs.log.text.toPlainText())
    assert "this computer joined" in tabs.log.text.toPlainText()
    assert "Serving on" not in tabs.log.text.toPlainText()


def test_the_menu_of_a_row_offers_the_same_and_says_why_not(opened: Opened) -> None:
    panel = table(opened)
    panel.show_nodes(room(), NOW)
    row = [panel.model.item(n).name for n in range(5)].index("laptop")
    panel.view.choose_row(row)
    panel.view.customContextMenuRequested.emit(panel.view.visualRect(panel.model.index(row, 0)).center())
    assert panel._menu.isVisible()
    offered = {a.text(): a for a in panel._menu.actions() if not a.isSeparator()}
    assert offered["Resume the worker"].isEnabled()
    assert not offered["Forget"].isEnabled()
    assert "laptop is still there. Retire it first." in offered["Forget"].toolTip()
    panel._menu.close()


def test_the_keys_work_where_the_table_has_the_focus(qtbot: QtBot, opened: Opened) -> None:
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    select(opened)
    qtbot.keyClick(table(opened).view, Qt.Key.Key_F2)
    assert table(opened).processors.isVisible()
