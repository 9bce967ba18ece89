"""Ctrl+C reaches a program that does nothing, and what runs afterwards is as it was before."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from mcgui.exit_signals import ExitSignals
from tests.waiting import until

IDLE_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from mcgui.exit_signals import ExitSignals
app = QApplication([])
interrupt = ExitSignals(app)
interrupt.asked.connect(app.quit)
QTimer.singleShot(0, lambda: print("ready", flush=True))
code = app.exec()
print("ended cleanly")
"""

DEAF_PROGRAM = IDLE_PROGRAM.replace(
    "interrupt.asked.connect(app.quit)", "interrupt.asked.connect(lambda: print('once', flush=True))"
)


@contextmanager
def running(source: str) -> Iterator[subprocess.Popen[str]]:
    """A program, which is killed if it has not ended: leaving a Popen alone would wait for it for ever."""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            program.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl+C to one process alone")
def test_an_idle_program_ends_at_ctrl_c() -> None:
    with running(IDLE_PROGRAM) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        program.send_signal(signal.SIGINT)
        assert program.stdout.read() == "ended cleanly\n"
        program.wait(20)
    assert program.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl+C to one process alone")
def test_the_second_ctrl_c_ends_a_program_that_did_not_end_at_the_first() -> None:
    with running(DEAF_PROGRAM) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        program.send_signal(signal.SIGINT)
        assert program.stdout.readline() == "once\n"
        program.send_signal(signal.SIGINT)
        program.wait(20)
    assert program.returncode == 128 + signal.SIGINT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl+C to one process alone")
def test_the_signal_is_told_in_the_window(qtbot: QtBot) -> None:
    interrupt = ExitSignals()
    try:
        with qtbot.waitSignal(interrupt.asked):
            signal.raise_signal(signal.SIGINT)
    finally:
        interrupt.close()


def test_handlers_are_handed_back(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupt = ExitSignals()
    assert signal.getsignal(signal.SIGINT) is not before
    interrupt.close()
    assert signal.getsignal(signal.SIGINT) is before
    assert until(lambda: signal.set_wakeup_fd(-1) == -1)
