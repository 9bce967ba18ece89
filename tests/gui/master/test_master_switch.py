"""From the window's own master to one that runs already, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.jobs.loss_warning import Question
from mcgui.console.master.connect_panel import ConnectPanel, LinkFileDialog
from mcgui.console.master.master_startup import Wish
from mcgui.theme import Theme
from mcgui_core.client.master import Master
from mcgui_core.protocol.join_link import JoinLink
from tests.gui.consoles import console

CONSOLE_LINK = "mcgui://127.0.0.1:8888#c.abcdefghijklmnop"
WORKER_LINK = "mcgui://127.0.0.1:8888#w.abcdefghijklmnop"
WHOLE_LINK = str(JoinLink("127.0.0.1", 8888, f"c.{'k' * 32}", "f" * 22))


class Answer(Question):
    """A user who answers every question the same way, and what they were asked."""

    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def ask(self, parent: QWidget, text: str, what: str) -> bool:
        self.asked.append(f"{what}? {text}")
        return self.answer

    def tell(self, parent: QWidget, text: str, what: str) -> tuple[bool, bool]:
        return self.ask(parent, text, what), not self.answer  # once it is accepted, it is known


class Chosen(LinkFileDialog):
    def __init__(self, chosen: Path | None) -> None:
        self.chosen = chosen

    def path(self, parent: QWidget, folder: Path) -> Path | None:
        return self.chosen


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, tmp_path: Path) -> ConnectPanel:
    made = ConnectPanel(theme, Chosen(tmp_path / "links.json"))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def elsewhere() -> Iterator[Master]:
    """A master that runs on its own, with a job in it."""
    with Master() as master:
        master.submit(environment="def f(x): return -x", function="f", args=range(3), name="elsewhere")
        yield master


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "empty"),
        ("https://example.org", "does not start with mcgui://"),
        (WORKER_LINK, "worker link"),
        ("mcgui://127.0.0.1:8888", "key"),
        (WHOLE_LINK[:-3], "This link is not whole"),
    ],
)
def test_what_is_no_console_link_is_said_in_the_panel(
    qtbot: QtBot, panel: ConnectPanel, pasted: str, said: str
) -> None:
    panel.field.setText(pasted)
    with qtbot.assertNotEmitted(panel.wanted):
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert said in panel.said
    qtbot.keyClicks(panel.field, "m")
    assert panel.said == ""


def test_what_a_mail_made_of_a_link_is_no_harm(qtbot: QtBot, panel: ConnectPanel) -> None:
    panel.field.setText(f"> {WHOLE_LINK[:40]} > {WHOLE_LINK[40:]}.")
    with qtbot.waitSignal(panel.wanted) as heard:
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert heard.args == [WHOLE_LINK]
    panel.field.setText(CONSOLE_LINK)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    panel.set_waiting("127.0.0.1:8888")
    assert "as links of older versions did not" in panel.said


def test_a_link_is_taken_from_a_link_file(qtbot: QtBot, panel: ConnectPanel, tmp_path: Path) -> None:
    panel._file.click()
    assert "links.json" in panel.said
    (tmp_path / "links.json").write_text(json.dumps({"console": CONSOLE_LINK, "worker": WORKER_LINK}))
    with qtbot.waitSignal(panel.wanted) as heard:
        panel._file.click()
    assert heard.args == [CONSOLE_LINK]


def test_a_link_file_can_be_dropped(qtbot: QtBot, panel: ConnectPanel, tmp_path: Path) -> None:
    file = tmp_path / "links.json"
    file.write_text(json.dumps({"console": CONSOLE_LINK, "worker": WORKER_LINK}))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    with qtbot.waitSignal(panel.wanted):
        panel.dropEvent(
            QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
        )


def test_the_key_is_hidden_until_it_is_asked_for(panel: ConnectPanel) -> None:
    panel.field.setText(CONSOLE_LINK)
    assert panel.field.displayText() != CONSOLE_LINK
    panel._show.click()
    assert panel.field.displayText() == CONSOLE_LINK


def test_the_window_connects_by_a_pasted_link_and_comes_back(
    qtbot: QtBot, theme: Theme, tmp_path: Path, elsewhere: Master
) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        own = opened.session.state.wish
        actions = opened.window.parts.actions
        assert not actions["disconnect"].isEnabled()
        actions["connect"].trigger()
        panel = opened.window.parts.connect
        assert panel.isVisible()
        opened.wait(panel.field.hasFocus) if opened.window.isActiveWindow() else None
        panel.field.setText(elsewhere.console_link)
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
        assert "Connecting to" in panel.said
        opened.wait(lambda: opened.window.serving.text.startswith(f"Connected to {elsewhere.address}"))
        assert not panel.isVisible()
        opened.wait(lambda: opened.job is not None and opened.job.name == "elsewhere")
        actions["disconnect"].trigger()
        opened.wait(lambda: opened.session.state.kind == "serving" and opened.session.state.wish.own)
        assert opened.session.state.wish.journal == own.journal
        opened.wait(lambda: opened.job is None)
    assert len(elsewhere.jobs()) == 1  # that master goes on


def test_a_link_that_opens_nothing_is_said_in_the_panel_and_the_own_master_serves_again(
    qtbot: QtBot, theme: Theme, tmp_path: Path, elsewhere: Master
) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        opened.window.parts.actions["connect"].trigger()
        panel = opened.window.parts.connect
        panel.field.setText(f"mcgui://{elsewhere.address}#c.{'x' * 32}")
        panel._connect.click()
        opened.wait(lambda: opened.session.state.kind == "serving" and "key" in panel.said)
        assert opened.session.state.wish.own
        assert panel.field.isEnabled()
        assert opened.messages() == ""
        assert "x" * 32 not in panel.said


def test_it_is_asked_only_where_results_would_be_lost(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=0, journal=None)) as opened:
        answer = Answer(False)
        opened.window.loss_warning._question = answer
        assert opened.window.loss_warning.accepted("Quit")
        assert answer.asked == []
        opened.write("def f(x): return x", "range(3)", "f")
        opened.run()
        opened.window.close()
        assert opened.window.isVisible()
        assert answer.asked == [
            "Quit? The journal of this master is a temporary one. 1 job, with all results, would be gone with it."
        ]
        answer.answer = True
        opened.window.close()
        assert not opened.window.isVisible()


def test_the_panel_shows_all_of_itself_and_gives_the_keyboard_back(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        window, panel = opened.window, opened.window.parts.connect
        window.resize(1440, 900)
        editor = window.parts.environment.editor
        editor.setFocus()
        window.parts.actions["connect"].trigger()
        opened.wait(panel.field.hasFocus)
        children = [child for child in panel.findChildren(QWidget) if child.parent() is panel and child.isVisible()]
        opened.wait(lambda: all(panel.rect().contains(child.geometry()) for child in children))
        qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
        assert not panel.isVisible()
        assert editor.hasFocus()


def test_what_becomes_of_jobs_that_are_not_over_is_said_until_it_is_known(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=0, journal=tmp_path / "jobs.sqlite", worker=False)) as opened:
        answer = opened.window.loss_warning._question = Answer(False)
        opened.write("def f(x): return x", "range(3)", "f")
        opened.window.parts.actions["run"].trigger()
        opened.wait(lambda: opened.job is not None)
        said = (
            "Job 1, f, is not over. What is done stays in the journal; the rest waits there, and goes on once mcgui is "
            "started"
        )
        opened.window.close()
        assert opened.window.isVisible()
        assert [text.partition(" again")[0] for text in answer.asked] == [f"Quit? {said}"]
        assert opened.window.loss_warning.accepted("Connect")  # the window's own master comes back with them
        answer.answer = True
        assert opened.window.loss_warning.accepted("Quit")
        assert opened.window.loss_warning.accepted("Quit")
        assert len(answer.asked) == 2
        opened.window.parts.actions["cancel"].trigger()
        opened.wait(lambda: opened.window.loss_warning.waiting == "")
