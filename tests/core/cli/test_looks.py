"""Looking into the journal of a master that was killed: it changes nothing there, and all goes on by itself after it."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.cli.main import main
from tests.support import MEETING, Meeting
from tests.waiting import until

RUNNING, WAITING, PAUSED, ARRIVING = 1, 2, 3, 4
DOUBLE = "def f(x): return 2 * x"
LOOKS = (
    ["jobs"],
    ["jobs", "--json"],  # a second look at the same
    ["status"],
    ["failures", str(RUNNING)],
    ["results", str(RUNNING)],
    ["forget", "--older-than", "1d"],
)


def rows(journal: Path, copy: Path) -> list[str]:
    """All that a journal holds, read from a copy: reading it in its place could change it."""
    copy.mkdir()
    for file in journal.parent.glob(f"{journal.name}*"):
        if file.is_file():
            shutil.copy(file, copy)
    with closing(sqlite3.connect(copy / journal.name)) as db:
        found = list(db.iterdump())
    shutil.rmtree(copy)
    return found


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting(tmp_path)


@pytest.fixture
def journal(tmp_path: Path, meeting: Meeting) -> Path:
    """The journal of a master that was killed as one job ran, one waited, one was paused, and one's arguments came."""
    path, over = tmp_path / "journal" / "k.db", threading.Event()

    def arguments() -> Iterator[int]:
        yield from range(2)
        over.wait()

    with Master(journal=path) as master:
        master.add_local_worker(1)
        master.submit(MEETING, "meet", meeting.arguments(3), call="args", priority=1)
        until(lambda: meeting.started)
        master.submit(DOUBLE, "f", range(2))
        master.submit(DOUBLE, "f", range(2)).pause()
        job = master.submit(DOUBLE, "f", arguments())
        until(lambda: job.status.total == 2)
        # That a job has begun is written within half a second.
        until(lambda: any('"running"' in row or "'running'" in row for row in rows(path, tmp_path / "begun")))
        psutil.Process(master.pid).kill()
        over.set()
    return path


def test_a_job_goes_on_by_itself_after_whatever_look_into_the_journal_of_its_killed_master(
    journal: Path, meeting: Meeting, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows(journal, tmp_path / "copy")
    for look in LOOKS:
        assert main([*look, "--journal", str(journal)]) == 0
        assert rows(journal, tmp_path / "copy") == before, look
    assert f"job {RUNNING:>4}  running" in capsys.readouterr().out
    meeting.go()
    with Master(journal=journal) as master:
        master.add_local_worker(1)
        assert master.job(RUNNING).results() == [0, 1, 2]
        assert master.job(WAITING).results() == [0, 2]
        assert master.job(PAUSED).status.state == "paused"
        assert master.feed(ARRIVING, range(3)).results() == [0, 2, 4]


@pytest.mark.parametrize("command", ["jobs", "status"])
def test_a_look_names_the_journal_and_no_master_that_nobody_can_reach(
    journal: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command, "--journal", str(journal)]) == 0
    assert capsys.readouterr().out.startswith(f"Journal {journal}\n")
