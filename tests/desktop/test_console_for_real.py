"""The console as a person has it: a window on a screen, driven by keyboard and mouse."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QColor, QImage

from mcgui.colours import DARK
from mcgui.console.files.examples import examples
from mcgui_core.client.master import Master
from mcgui_core.protocol.messages import JobStatus
from tests.desktop.conftest import Desktop
from tests.waiting import comes_true, until

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

        until(bar_is_full, 60, pause=0.5)
        desktop.xdotool("windowfocus", "--sync", window)
        desktop.xdotool("key", "ctrl+q")
        _, errors = program.communicate(timeout=30)
    assert program.returncode == 0, errors.decode()
    with Master(journal=journal) as master:
        (job,) = master.jobs()
        assert (job.spec.name, job.status.state, job.status.done) == ("Pi", "finished", 1_000_000)


def middle_of(image: QImage, colour: QColor) -> tuple[int, int]:
    """Where the button of this colour is, in the row of buttons at the top of the window: above the editor, which has a
    frame of the same colour until the window has come to the keys that lead out of it."""
    places = [(x, y) for y in range(100) for x in range(0, image.width(), 2) if image.pixelColor(x, y) == colour]
    assert places, f"nothing at the top has the colour {colour.name()}"
    return sum(x for x, _ in places) // len(places), sum(y for _, y in places) // len(places)


def test_from_an_empty_session_to_an_exported_file_by_keyboard_and_mouse(desktop: Desktop, tmp_path: Path) -> None:
    out, journal, file = tmp_path / "squares.csv", tmp_path / "empty.journal", tmp_path / "square.py"
    file.touch()
    with started(desktop, "--port", 0, "--journal", journal) as program:
        window = desktop.wait_for_window("mcgui$")
        # Out of sight, and started once more, with a file: that is the same window, in front, with the file in it.
        desktop.xdotool("windowminimize", "--sync", window)
        with started(desktop, "--port", 0, "--journal", journal, file) as second:
            _, errors = second.communicate(timeout=30)
        assert second.returncode == 0, errors.decode()
        until(lambda: desktop.windows(r"square\.py - mcgui$") == [window], 30, "the window, with the file")
        until(lambda: desktop.xdotool("getactivewindow") == str(window), 30, "the window in front")
        desktop.xdotool("windowfocus", "--sync", window)
        # To the editor by its key, and a function into it; Escape closes what completion may offer.
        desktop.xdotool("key", "ctrl+1")
        desktop.xdotool("type", "--delay", 20, "def square(x): return x ** 2")
        desktop.xdotool("key", "Escape")
        # To the arguments by their letter, past their kind.
        desktop.xdotool("key", "alt+g", "Tab", "ctrl+a")
        desktop.xdotool("type", "--delay", 20, "range(50)")
        picture = QImage(str(desktop.screenshot(tmp_path / "screen.png")))
        x, y = middle_of(picture, DARK.accent)
        desktop.xdotool("mousemove", "--sync", x, y, "click", 1)

        def bar_is_full() -> bool:
            picture = QImage(str(desktop.screenshot(tmp_path / "screen.png")))
            return widest(picture, DARK.good) > picture.width() / 3

        until(bar_is_full, 60, pause=0.5)
        # Export, found by some of its letters.
        desktop.xdotool("windowfocus", "--sync", window, "key", "ctrl+shift+p")
        desktop.xdotool("type", "--delay", 20, "export resu")
        desktop.xdotool("key", "Return")
        dialog = desktop.wait_for_window("[Ee]xport")
        desktop.xdotool("windowfocus", "--sync", dialog, "key", "ctrl+a")
        desktop.xdotool("type", "--delay", 20, str(out))
        desktop.xdotool("key", "Return")
        until(lambda: out.exists() and len(out.read_text().splitlines()) == 51, 40, "a file with all results")
        until(lambda: is_left(desktop, window, program), 60, "the end of the window")
        _, errors = program.communicate(timeout=30)
    assert program.returncode == 0, errors.decode()
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert "2401" in rows[49].values()


def is_left(desktop: Desktop, window: int, program: subprocess.Popen[bytes]) -> bool:
    """Whether the window ends when it is told to. It may not have heard yet that the file is whole, and ask: then it is
    told again."""
    for question in desktop.windows("Results would be lost"):
        desktop.xdotool("windowfocus", "--sync", question, "key", "Escape")
    desktop.xdotool("windowfocus", "--sync", window, "key", "ctrl+q")
    answer_no_to_saving(desktop)
    return comes_true(lambda: program.poll() is not None or desktop.windows("Results would be lost"), 30) and (
        program.poll() is not None
    )


def answer_no_to_saving(desktop: Desktop) -> None:
    """Where the window asks whether the environment is to be saved: it is not."""
    if comes_true(lambda: desktop.windows("Unsaved"), 2):
        desktop.xdotool("windowfocus", "--sync", desktop.windows("Unsaved")[0], "key", "alt+d")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a group of processes")
def test_ctrl_c_in_the_terminal_ends_the_window_and_everything_that_it_started(
    desktop: Desktop, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "mcgui.console.app", "--demo", "--port", "0"]
    journal = ["--journal", str(tmp_path / "demo.journal")]
    with subprocess.Popen(
        [*command, *journal],
        env=desktop.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a terminal sends Ctrl+C to all processes of the command
    ) as program:
        desktop.wait_for_window(TITLE)
        console = psutil.Process(program.pid)
        # Master, agent and at least one slot, besides the children that read expressions.
        until(lambda: len(console.children(recursive=True)) >= 4, 40, "the processes of the window")
        started = [console, *console.children(recursive=True)]
        os.killpg(program.pid, signal.SIGINT)
        _, errors = program.communicate(timeout=30)
        gone, alive = psutil.wait_procs(started, timeout=20)
    assert (program.returncode, alive) == (0, []), errors.decode()
    assert len(gone) == len(started)
    assert b"Traceback" not in errors, errors.decode()


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
