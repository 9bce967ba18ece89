"""How other computers join: three steps, a link, a code, the commands; and who works along already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from mcgui.console.master.master_startup import EVERYWHERE, Wish
from mcgui.console.master.session import SessionState
from mcgui.console.workers.add_workers_panel import AddWorkers
from mcgui.console.workers.dask_cluster_rows import in_words
from mcgui.console.workers.dask_clusters import DaskCluster
from mcgui.console.workers.join_commands import hidden, ways
from mcgui.console.workers.qr_code import QUIET, QrCode
from mcgui.theme import Theme
from mcgui_core.client.agent_process import AgentEvent
from tests.executors import dask_cluster
from tests.gui.consoles import Opened, console

WORKER_LINK = "mcgui://192.168.1.20:8888#w.abcdefghijklmnopqrstuvwxyz"
CONSOLE_LINK = "mcgui://192.168.1.20:8888#c.abcdefghijklmnopqrstuvwxyz"


def state(kind: str, wish: Wish, problem: str = "") -> SessionState:
    return SessionState(kind, wish, wish.address, problem)  # type: ignore[arg-type]


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> AddWorkers:
    made = AddWorkers(theme)
    qtbot.addWidget(made)
    made.resize(1300, 300)
    made.show()
    return made


def choose(panel: AddWorkers, label: str) -> None:
    next(button for button in panel._ways.buttons() if button.text() == label).click()


def test_the_key_is_covered_until_it_is_asked_for(panel: AddWorkers) -> None:
    panel.show_session(state("serving", Wish(host=EVERYWHERE)), WORKER_LINK)
    choose(panel, "PowerShell")
    assert panel.link_field.field.text() == hidden(WORKER_LINK)
    assert not any("abcdef" in one.field.text() for one in (panel.link_field, *panel._fields))
    assert not panel.code.isVisible()
    assert panel.code.text == ""
    panel.show_key.click()
    assert panel.link_field.field.text() == WORKER_LINK
    assert any(WORKER_LINK in one.field.text() for one in panel._fields)
    assert panel.code.isVisible()
    assert panel.code.text == WORKER_LINK
    panel.show_key.click()
    assert not panel.code.isVisible()


@pytest.mark.parametrize(
    ("label", "command"),
    [
        ("With a screen", "mcgui-worker"),
        ("Linux, macOS", f"MCGUI_LINK='{WORKER_LINK}' mcgui-core worker"),
        ("PowerShell", f"$env:MCGUI_LINK='{WORKER_LINK}'; mcgui-core worker"),
        ("Command prompt", f'set "MCGUI_LINK={WORKER_LINK}" && mcgui-core worker'),
    ],
)
def test_what_is_copied_is_the_whole_command_of_that_shell(
    qapp: QApplication, panel: AddWorkers, label: str, command: str
) -> None:
    panel.show_session(state("serving", Wish(host=EVERYWHERE)), WORKER_LINK)
    choose(panel, label)
    panel._fields[1].button.click()
    assert qapp.clipboard().text() == command
    panel.link_field.button.click()
    assert qapp.clipboard().text() == WORKER_LINK
    assert panel.link_field.button.toolTip() == "Copied"


def test_a_link_is_never_an_argument() -> None:
    for way in ways(WORKER_LINK):
        for _, command in way.lines:
            before, found, after = command.partition(WORKER_LINK)
            assert not found or (before.endswith(("MCGUI_LINK='", "MCGUI_LINK=")) and "#" not in after)


def test_without_a_master_there_is_nothing_to_copy(panel: AddWorkers) -> None:
    panel.show_session(state("starting", Wish()), "")
    assert not panel.link_field.isEnabled()
    assert not panel.own.switch.isEnabled()
    assert "will be here in a moment" in panel._reach.text()
    panel.show_session(state("failed", Wish(), "The port is in use."), "")
    assert panel._reach.text() == "The port is in use."


def test_a_master_elsewhere_is_not_ours_to_open_to_others(panel: AddWorkers) -> None:
    panel.show_session(state("serving", Wish(link=CONSOLE_LINK)), WORKER_LINK)
    assert not panel.share.isVisible()


def test_in_a_narrow_window_the_steps_stand_below_each_other(panel: AddWorkers) -> None:
    assert panel._steps.direction() == panel._steps.Direction.LeftToRight
    panel.resize(600, 600)
    assert panel.width() == 600
    assert panel._steps.direction() == panel._steps.Direction.TopToBottom


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("side", [148, 201])
def test_the_code_is_sharp_dark_on_light_and_has_its_quiet_zone(
    qtbot: QtBot, theme: Theme, scheme: str, side: int
) -> None:
    theme.set_scheme(scheme)  # type: ignore[arg-type]
    code = QrCode("A link", side)
    qtbot.addWidget(code)
    code.set_text(WORKER_LINK)
    code.resize(side, side)
    image = code.grab().toImage()
    wanted = [bytes(row) for row in segno.make(WORKER_LINK, micro=False).matrix]
    module = image.width() // (len(wanted) + 2 * QUIET)
    start = (image.width() - module * len(wanted)) // 2
    assert start >= QUIET * module
    for row, modules in enumerate(wanted):
        for column, dark in enumerate(modules):
            corners = {
                image.pixelColor(start + column * module + x, start + row * module + y).name()
                for x in (0, module - 1)
                for y in (0, module - 1)
            }
            assert len(corners) == 1
            assert (QColor(corners.pop()).lightness() < 60) == bool(dark)
    margin = [image.pixelColor(x, image.height() // 2).lightness() for x in range(1, start)]
    assert min(margin) > 240


# With a real master


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    with console(qtbot, theme, tmp_path) as made:
        made.window.show_add_workers()
        yield made


def test_this_computer_is_switched_off_and_on_and_gives_as_many_processors_as_it_is_told(
    qtbot: QtBot, opened: Opened
) -> None:
    own, workers = opened.window.parts.add_workers.own, opened.window.parts.workers
    opened.wait(lambda: "idle" in own._words.text())
    own.spin.setValue(3)
    opened.wait(lambda: workers.model.all[0].nprocs == 3)
    own.switch.click()
    opened.wait(lambda: workers.model.all[0].state == "left")
    assert not own.spin.isEnabled()
    own.switch.click()
    opened.wait(lambda: [node.state for node in workers.model.all].count("idle") == 1)
    assert {node.nprocs for node in workers.model.all if node.state == "idle"} == {3}


def test_processors_that_are_set_in_the_table_are_shown_here_too(opened: Opened) -> None:
    opened.window.parts.workers.view.choose_row(0)
    opened.window.steering._on_processors((opened.window.parts.workers.model.all[0].id,), 5)
    opened.wait(lambda: opened.window.parts.add_workers.own.spin.value() == 5)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "Type the address"), ("not an address", "it is no address of a scheduler"), ("a b", "it is no address")],
)
def test_a_dask_address_that_is_none_is_refused_in_place(qtbot: QtBot, opened: Opened, typed: str, why: str) -> None:
    dask = opened.window.parts.add_workers.dask
    qtbot.keyClicks(dask.field, typed)
    qtbot.keyClick(dask.field, Qt.Key.Key_Return)
    opened.wait(lambda: why in dask._trouble.text())
    assert dask._trouble.isVisible()
    assert opened.window.sharing.dask.joins == ()


def test_a_dask_scheduler_that_does_not_answer_is_told_of_and_can_be_given_up(opened: Opened) -> None:
    pytest.importorskip("distributed", reason="there is no Dask on this computer")
    dask, joins = opened.window.parts.add_workers.dask, opened.window.sharing.dask
    dask.field.setText("tcp://127.0.0.1:9")
    dask.button.click()
    opened.wait(lambda: joins.joins and joins.joins[0].event.message)
    assert in_words(joins.joins[0])[1] == "warn"
    dask.field.setText("tcp://127.0.0.1:9")
    dask.button.click()
    assert "has been added already" in dask._trouble.text()
    dask.remove_wanted.emit(joins.joins[0])
    assert joins.joins == ()
    assert dask._lines == []


@pytest.mark.timeout(120)
def test_a_dask_cluster_that_was_added_comes_again_with_the_master_and_at_the_next_start(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="there is no Dask on this computer")
    address = "tcp://127.0.0.1:9"  # where nobody answers: it is on the way until it is taken away

    def has_come(opened: Opened) -> bool:
        joins = opened.window.sharing.dask.joins
        return [join.address for join in joins] == [address] and joins[0].agent is not None

    with console(qtbot, theme, tmp_path) as opened:
        opened.window.sharing.dask.add(address)
        opened.wait(lambda: has_come(opened))
        opened.session.open(opened.session.state.wish)
        assert opened.window.sharing.dask.joins == ()
        opened.wait(lambda: has_come(opened))
    with console(qtbot, theme, tmp_path) as opened:
        opened.wait(lambda: has_come(opened))
        opened.window.show_add_workers()
        (line,) = opened.window.parts.add_workers.dask._lines
        next(one for one in line.findChildren(QToolButton)).click()
        assert opened.window.sharing.dask.joins == ()
    with console(qtbot, theme, tmp_path) as opened:
        assert opened.window.sharing.dask.joins == ()


@pytest.mark.timeout(150)  # a Dask worker takes seconds to start
def test_a_dask_cluster_is_added_works_and_is_let_go(
    qtbot: QtBot, theme: Theme, tmp_path: Path, opened: Opened
) -> None:
    pytest.importorskip("distributed", reason="there is no Dask on this computer")
    panel, nodes = opened.window.parts.add_workers.dask, opened.window.parts.workers.model
    opened.window.parts.actions["worker"].trigger()  # so that only Dask is there to work
    with dask_cluster(tmp_path / "dask", workers=1) as dask:
        panel.field.setText(dask.address.removeprefix("tcp://"))
        panel.button.click()
        opened.wait(lambda: [n.state for n in nodes.all if n.name.startswith("dask")] == ["idle"])
        opened.wait(lambda: "1 processor" in in_words(opened.window.sharing.dask.joins[0])[0])
        opened.write("def square(x): return x * x", "range(20)", "square")
        assert opened.run().done == 20
        panel.remove_wanted.emit(opened.window.sharing.dask.joins[0])
        opened.wait(lambda: [n.state for n in nodes.all if n.name.startswith("dask")] == ["left"])
    assert panel._trouble.isHidden()


def test_a_dask_cluster_that_works_shows_how_many_processors_it_gives() -> None:
    join = DaskCluster("tcp://10.0.0.7:8786", AgentEvent("working", nprocs=64))
    assert in_words(join) == ("tcp://10.0.0.7:8786: working, 64 processors", "good")
