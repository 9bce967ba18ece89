"""Where the window serves, what it does when it cannot, and what a person is told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from mcgui.console.command_line import parse
from mcgui.console.master.master_startup import Wish, default_journal
from mcgui.console.master.serving_label import ServingLabel
from mcgui.console.master.session import SessionState
from mcgui.console.master.startup_failures import way_out
from mcgui.console.parts.window_message_bar import MessageBar
from mcgui.console.preferences.preferences import Preferences
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.errors import AddressUnavailable, JournalUnusable, LinkInvalid, MasterUnreachable
from mcgui_core.protocol.join_link import JoinLink
from tests.gui.consoles import console
from tests.gui.snapshots import room

WORKER_LINK = "mcgui://192.168.1.20:8888#w.abcdefghijklmnopqrstuvwxyz"
CONSOLE_LINK = "mcgui://192.168.1.20:8888#c.abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def press(bar: MessageBar, label: str) -> None:
    next(button for button in bar.findChildren(QPushButton) if button.text() == label).click()


def test_a_port_in_use_is_said_in_place_and_another_one_is_a_press_away(
    qtbot: QtBot, theme: Theme, tmp_path: Path, taken: int
) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=taken), serving=False) as opened:
        opened.wait(lambda: opened.session.state.kind == "failed")
        assert f"cannot listen on 127.0.0.1:{taken}" in opened.messages()
        assert opened.window.serving.text == "Not serving"
        press(opened.window.parts.messages, "Use any free port")
        opened.wait(lambda: opened.session.state.kind == "serving")
        assert opened.messages() == ""


@pytest.mark.parametrize("preferred", [True, False])
def test_another_port_is_that_of_the_next_start_too_in_place_of_the_preferred_one(
    qtbot: QtBot, theme: Theme, tmp_path: Path, taken: int, preferred: bool
) -> None:
    before = taken if preferred else taken - 1
    Preferences(port=before).store(Settings(tmp_path / "mcgui.ini"))
    with console(qtbot, theme, tmp_path, Wish(port=taken), serving=False) as opened:
        opened.wait(lambda: opened.session.state.kind == "failed")
        press(opened.window.parts.messages, "Use any free port")
        opened.wait(lambda: opened.session.state.kind == "serving")
        served = opened.session.state.wish.port
        assert opened.window.preference_applier.preferences.port == (served if preferred else before)
    assert Preferences.load(Settings(tmp_path / "mcgui.ini")).port == (served if preferred else before)


def test_a_demonstration_takes_the_way_out_by_itself(qtbot: QtBot, theme: Theme, tmp_path: Path, taken: int) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=taken), serving=False) as opened:
        opened.window.startup_failures.by_itself = True
        opened.wait(lambda: opened.session.state.kind == "serving")


def test_a_journal_in_use_is_said_and_a_temporary_one_offered(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    journal = tmp_path / "same.journal"
    wish = Wish(port=0, journal=journal, worker=False)
    with (
        console(qtbot, theme, tmp_path, wish),
        console(qtbot, theme, tmp_path, wish, serving=False) as second,
    ):
        second.wait(lambda: second.session.state.kind == "failed")
        assert "same.journal" in second.messages()
        press(second.window.parts.messages, "Use a temporary journal")
        second.wait(lambda: second.session.state.kind == "serving")


def test_running_without_a_master_says_why_it_cannot(qtbot: QtBot, theme: Theme, tmp_path: Path, taken: int) -> None:
    with console(qtbot, theme, tmp_path, Wish(port=taken), serving=False) as opened:
        opened.wait(lambda: opened.session.state.kind == "failed")
        opened.write("def f(x): return x", "range(3)", "f")
        opened.window.parts.actions["run"].trigger()
        assert f"Not run. The master cannot listen on 127.0.0.1:{taken}" in opened.messages()


def test_each_refusal_has_its_way_out() -> None:
    wish = Wish(port=8888, journal=Path("here.journal"))
    assert way_out(AddressUnavailable("127.0.0.1:8888", "in use"), wish) == (
        "Use any free port",
        Wish(port=0, journal=Path("here.journal")),
    )
    assert way_out(JournalUnusable("here.journal", "in use"), wish) == ("Use a temporary journal", Wish(port=8888))
    assert way_out(MasterUnreachable("there:1", "refused"), Wish(link=CONSOLE_LINK)) == ("Start a master here", Wish())
    assert way_out(RuntimeError("?"), wish) is None


# What is shown


def state(kind: str, wish: Wish, problem: str = "") -> SessionState:
    return SessionState(kind, wish, wish.address, problem)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (state("starting", Wish()), "Starting to serve on 127.0.0.1:8888"),
        (state("serving", Wish()), "Serving on 127.0.0.1:8888 encrypted · 4 workers · 26 processors"),
        (state("lost", Wish(), "gone"), "127.0.0.1:8888 does not answer asking again"),
        (state("failed", Wish(), "in use"), "Not serving"),
        (state("starting", Wish(link=CONSOLE_LINK)), "Connecting to 192.168.1.20:8888"),
        (
            state("serving", Wish(link=CONSOLE_LINK)),
            "Connected to 192.168.1.20:8888 encrypted · 4 workers · 26 processors",
        ),
    ],
)
def test_the_label_says_how_the_session_stands(qtbot: QtBot, theme: Theme, shown: SessionState, words: str) -> None:
    label = ServingLabel(theme)
    qtbot.addWidget(label)
    label.show_nodes(room())
    label.show_state(shown)
    assert label.text == words
    assert label.accessibleName() == words


def test_where_there_is_no_room_for_more_the_address_is_followed_by_what_there_is_room_for(
    qtbot: QtBot, theme: Theme
) -> None:
    label = ServingLabel(theme)
    qtbot.addWidget(label)
    label.show_nodes(room()[:1])
    label.show_state(state("serving", Wish()))
    label.show()
    said = label._said
    advance = said.fontMetrics().horizontalAdvance
    label.resize(label.needed() + advance("1 worker") + 10, label.height())
    QApplication.processEvents()
    assert (said.first.text(), said.second.text()) == ("127.0.0.1:8888", "1 worker")
    label.resize(label.needed() + 8, label.height())
    QApplication.processEvents()
    assert (said.first.text(), said.second.isVisible()) == ("127.0.0.1:8888", False)


# The command line


def test_without_options_the_window_serves_here_and_keeps_its_jobs() -> None:
    options = parse([])
    assert options.wish == Wish(journal=default_journal())
    assert (options.files, options.demo, options.picture, options.scheme) == ((), False, None, None)


def test_a_picture_is_a_demonstration_that_leaves_nothing_behind(tmp_path: Path) -> None:
    options = parse(["--picture", str(tmp_path / "a.png"), "--theme", "light"])
    assert options.demo
    assert options.wish.journal is None
    assert options.scheme == "light"


def test_a_link_is_read_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "links.json"
    file.write_text(f'{{"console": "{CONSOLE_LINK}", "worker": "{WORKER_LINK}"}}')
    assert parse(["--connect", str(file)]).wish == Wish(link=str(JoinLink.parse(CONSOLE_LINK)), worker=False)
    monkeypatch.setenv("MCGUI_LINK", CONSOLE_LINK)
    assert parse(["--connect"]).wish.link == str(JoinLink.parse(CONSOLE_LINK))


def test_a_worker_link_opens_no_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCGUI_LINK", WORKER_LINK)
    with pytest.raises(LinkInvalid, match="console link"):
        parse(["--connect"])


@pytest.mark.parametrize("port", ["http", "-1", "65536", "1.5"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--port", port])
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


def test_a_wish_does_not_show_its_key() -> None:
    assert "abcdef" not in repr(Wish(link=CONSOLE_LINK))
