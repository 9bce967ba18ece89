"""One console for each journal: a second start finds the first, hands over its files, and ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mcgui.console.single_console import SingleConsole, hand_over
from mcgui.second_start import meeting_folder

_SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from mcgui.console.single_console import hand_over
app = QCoreApplication([])
print(hand_over(Path(sys.argv[1]), Path(sys.argv[2]), list(map(Path, sys.argv[3:]))))
"""


def second(folder: Path, journal: Path, *files: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _SECOND, str(folder), str(journal), *files]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("files", [(), ("größe.py", "b.csv")])
def test_a_second_start_hands_over_its_files(qtbot: QtBot, tmp_path: Path, files: tuple[str, ...]) -> None:
    owner = QObject()
    first = SingleConsole(tmp_path, tmp_path / "j", owner)
    assert first.listen()
    with second(tmp_path, tmp_path / "j", *files) as other:
        with qtbot.waitSignal(first.asked, timeout=30_000) as asked:
            pass
        said, _ = other.communicate(timeout=30)
    assert said == "True\n"
    assert asked.args == [tuple(str(Path.cwd() / file) for file in files)]
    first.close()


@pytest.mark.timeout(60)
def test_another_journal_is_another_console(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleConsole(tmp_path, tmp_path / "j")
    assert first.listen()
    assert not hand_over(tmp_path, tmp_path / "other", ())
    first.close()
    assert not hand_over(tmp_path, tmp_path / "j", ())  # nor is there one after its end


def test_one_that_was_killed_is_in_nobodys_way(qtbot: QtBot, tmp_path: Path) -> None:
    killed = SingleConsole(tmp_path, tmp_path / "j")
    killed._server.listen(killed._address)
    Path(killed._server.fullServerName()).unlink(missing_ok=True)
    Path(killed._server.fullServerName()).touch()  # as a crash leaves it: there, and nobody answers
    assert not hand_over(tmp_path, tmp_path / "j", ())
    other = SingleConsole(tmp_path, tmp_path / "j")
    assert other.listen()
    other.close()
    killed.close()


def test_they_meet_where_only_their_user_can_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert meeting_folder(tmp_path / "here") == tmp_path / "here"
    assert (tmp_path / "here").is_dir()
