"""A document of somebody else: opened in whatever way, nothing of it runs until somebody wants that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mcgui.console.arguments.expression_names import is_plain
from mcgui.theme import Theme
from mcgui_core.client.trust_store import TrustStore
from tests.gui.consoles import Opened, console


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "its code ran"


@pytest.fixture
def stranger(tmp_path: Path, mark: Path) -> Path:
    """A document that names itself as its environment, or nearly: both parts leave the mark where they are run."""
    TrustStore().path.unlink(missing_ok=True)
    (tmp_path / "only.py").write_text(
        f"import pathlib\npathlib.Path({str(mark)!r}).touch()\ndef f(x): return x\ndef points(): return [1, 2]\n"
    )
    document = tmp_path / "only.mcjob"
    document.write_text(
        'environment = "only.py"\nfunction = "f"\n[arguments]\nkind = "expression"\n'
        f"text = \"points() + [open({str(mark)!r}, 'w').close()]\"\n"
    )
    return document


def waits(opened: Opened) -> bool:
    """Whether it says so, with the button, now that everything is quiet."""
    opened.settle()
    arguments = opened.window.parts.form.arguments
    shown = not arguments.look_first.isHidden()
    assert shown == arguments.waits_for_look == ("was not made here" in arguments.line.text())
    return shown


OPEN: dict[str, Callable[[Opened, Path], object]] = {
    "opened": lambda opened, path: opened.window.parts.documents.open_path(path),
    "dropped": lambda opened, path: opened.window.parts.environment.job_dropped.emit(path),
}


@pytest.mark.parametrize("way", OPEN)
def test_a_document_of_somebody_else_waits_for_a_look(
    qtbot: QtBot, theme: Theme, tmp_path: Path, stranger: Path, mark: Path, way: str
) -> None:
    with console(qtbot, theme, tmp_path / "settings") as opened:
        OPEN[way](opened, stranger)
        assert waits(opened)
        parts = opened.window.parts
        assert parts.form.function.name == "f"  # which was read, not run
        parts.form.arguments.settle()
        parts.form.set_environment(parts.environment.state)
        assert waits(opened)
        assert not mark.exists()
        parts.form.arguments.look_first.click()
        opened.wait(lambda: parts.form.request is not None)
        assert parts.form.request is not None
        assert parts.form.request.count == 3
        assert mark.exists()
        mark.unlink()
    with console(qtbot, theme, tmp_path / "settings again") as opened:  # what was looked at is not asked again
        OPEN[way](opened, stranger)
        opened.wait(mark.exists)
        opened.settle()  # it is evaluated again once the environment is read
        stranger.write_text(stranger.read_text().replace("[1, 2]", "[1]").replace("points()", "points() * 2"))
        mark.unlink()
        opened.window.parts.documents.new()
        OPEN[way](opened, stranger)  # ... while it stays as it is
        assert waits(opened)
        assert not mark.exists()


def test_it_still_waits_after_another_start(
    qtbot: QtBot, theme: Theme, tmp_path: Path, stranger: Path, mark: Path
) -> None:
    with console(qtbot, theme, tmp_path / "settings") as opened:
        opened.window.parts.documents.open_path(stranger)
        assert waits(opened)
    with console(qtbot, theme, tmp_path / "settings") as opened:
        if opened.window.parts.form.is_filled:
            assert waits(opened)
    assert not mark.exists()


@pytest.mark.parametrize("press", ["run", "try"])
def test_run_and_try_are_a_wish_to_run_it(
    qtbot: QtBot, theme: Theme, tmp_path: Path, stranger: Path, mark: Path, press: str
) -> None:
    with console(qtbot, theme, tmp_path / "settings") as opened:
        parts = opened.window.parts
        parts.documents.open_path(stranger)
        assert waits(opened)
        assert not mark.exists()
        if press == "run":
            assert opened.run().done == 3
        else:
            parts.form.try_it()
            opened.wait(lambda: parts.form.try_one.outcome is not None)
        assert mark.exists()


def test_an_environment_of_somebody_else_does_not_run_below_an_expression_that_is_there(
    qtbot: QtBot, theme: Theme, tmp_path: Path, stranger: Path, mark: Path
) -> None:
    with console(qtbot, theme, tmp_path / "settings") as opened:
        opened.write("def f(x): return x\ndef points(): return [1]", "points()", "f")
        parts = opened.window.parts
        parts.documents.open_path(stranger.with_suffix(".py"))
        opened.settle()
        assert not mark.exists()


def test_what_was_saved_here_and_what_runs_nothing_is_shown_at_once(
    qtbot: QtBot, theme: Theme, tmp_path: Path, stranger: Path
) -> None:
    stranger.write_text(
        'environment = "only.py"\nfunction = "f"\n[arguments]\nkind = "expression"\ntext = "range(1_000)"\n'
    )
    with console(qtbot, theme, tmp_path / "settings") as opened:
        parts = opened.window.parts
        parts.documents.open_path(stranger)
        assert not waits(opened)
        assert parts.form.request is not None
        assert parts.form.request.count == 1000


@pytest.mark.parametrize(
    "text", ["range(1_000)", "[1, -2, 3.5]", "[(1, 'a'), {'b': range(3)}]", "range(1, 9, 2)", "None"]
)
def test_numbers_and_ranges_are_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "points()",
        "open('x')",
        "[f() for f in x]",
        "9 ** 9 ** 9",
        "range(n)",
        "range(*x)",
        "range",
        "x.y",
        "f'{x}'",
        "(",
        "",
    ],
)
def test_whatever_calls_or_names_something_is_not(text: str) -> None:
    assert not is_plain(text)
