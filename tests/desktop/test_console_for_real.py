"""The console as a person has it: a window on a screen, driven by keyboard and mouse."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from mcgui.colours import DARK
from mcgui.console.examples import examples
from mcgui_core.jobs import JobStatus
from mcgui_core.master import Master
from tests.desktop.conftest import Desktop
from tests.waiting import until

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(120)]

TITLE = r"pi\.mcjob.* - mcgui"


@contextmanager
def started(desktop: Desktop, *arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """The console on that screen; ended by force where the test did not get to its end."""
    command = [sys.executable, "-m", "mcgui.console.app", "--theme", "dark", *map(str, arguments)]
    with subprocess.Popen(command, env=desktop.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        try:
            yield program
        finally:
            program.kill()


def widest(image: QImage, colour: QColor) -> int:
    """The most pixels of this colour that one of the lowest lines of the screen has."""
    lines = range(max(image.height() - 120, 0), image.height())
    return max(sum(image.pixelColor(x, y) == colour for x in range(0, image.width(), 4)) * 4 for y in lines)


def test_the_demonstration_runs_before_ones_eyes_and_quits_by_keyboard(desktop: Desktop, tmp_path: Path) -> None:
    journal = tmp_path / "demo.journal"
    with started(desktop, "--demo", "--port", 0, "--journal", journal) as program:
        window = desktop.wait_for_window(TITLE)

        def bar_is_full() -> bool:
            picture = QImage(str(desktop.screenshot(tmp_path / "screen.png")))
            return widest(picture, DARK.good) > picture.width() / 2

        until(bar_is_full, 60)
        desktop.xdotool("windowfocus", "--sync", window)
        desktop.xdotool("key", "ctrl+q")
        _, errors = program.communicate(timeout=30)
    assert program.returncode == 0, errors.decode()
    with Master(journal=journal) as master:
        (job,) = master.jobs()
        assert (job.spec.name, job.status.state, job.status.done) == ("Pi", "finished", 1_000_000)


def test_arguments_are_typed_run_and_cancelled(desktop: Desktop, tmp_path: Path) -> None:
    link_file = tmp_path / "links.json"
    pi = next(example for example in examples() if example.path.stem == "pi")
    with Master() as master:
        master.add_local_worker(nprocs=1)
        link_file.write_text(json.dumps({"console": master.console_link, "worker": master.worker_link}))
        with started(desktop, "--connect", link_file, pi.path) as program:
            window = desktop.wait_for_window(TITLE)
            desktop.xdotool("windowfocus", "--sync", window)

            def run(arguments: str) -> None:
                """To the arguments by their mnemonic, past their kind, over what is there, and Run."""
                desktop.xdotool("key", "alt+g", "Tab", "ctrl+a")
                desktop.xdotool("type", arguments)
                desktop.xdotool("key", "ctrl+r")

            def newest(number: int) -> JobStatus | None:
                jobs = master.jobs()
                return jobs[-1].status if len(jobs) == number else None

            def is_in(number: int, state: str) -> bool:
                job = newest(number)
                return job is not None and job.state == state

            run("range(5000)")
            until(lambda: is_in(1, "finished"), 40)
            assert master.jobs()[0].status.done == 5000
            run("range(10**9)")
            until(lambda: is_in(2, "running"), 40)
            # The window has to have heard of the job, too, before it can cancel it: so it is asked until it has.
            until(lambda: desktop.xdotool("key", "ctrl+period") == "" and is_in(2, "cancelled"), 40)
            desktop.xdotool("key", "ctrl+q")
            _, errors = program.communicate(timeout=30)
        assert program.returncode == 0, errors.decode()
        assert [job.status.total for job in master.jobs()] == [5000, 10**9]
