"""The pipes of a child of ours: moved out of the reach of the user's code before any of it runs."""

from __future__ import annotations

import io
import os
import signal
import sys

from mcgui_core.processes.own_pipe import OwnPipe


def take_pipes() -> tuple[OwnPipe, io.BufferedWriter]:
    """Our standard input and output, for messages with the parent: to read from, and to write to.

    From now on what is printed goes to standard error, by lines, and what is read is empty; Ctrl+C in the terminal is
    for the parent, which ends us; and modules are looked for in the folder where we run, first of all.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reader, writer = OwnPipe(0, "rb"), OwnPipe(1, "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    if sys.path[:1] != [""]:
        sys.path.insert(0, "")  # an environment may import modules that lie in the folder where the worker runs
    return reader, io.BufferedWriter(writer)
