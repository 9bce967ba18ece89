"""Waiting for a job at a terminal: its progress, why nothing of it runs, and what came of it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress

from mcgui_core.cli.ending_signals import EndingSignals
from mcgui_core.cli.job_words import failure_text, progress_line, tasks
from mcgui_core.cli.safe_text import safe
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.job import Job
from mcgui_core.client.waiting import idle_reason
from mcgui_core.client.waiting.idle_reason import why_nothing_runs
from mcgui_core.errors import ConnectionFailed
from mcgui_core.protocol.messages import JobStatus

#: Seconds between two lines of progress.
PROGRESS_SECONDS = 1.0
#: Failures that are printed when a job is over.
FAILURES_PRINTED = 3
#: How to add a worker, for who sits at a terminal.
_HOW_TO_ADD = (
    "`mcgui-core worker` lets this computer work, and another one with the link that `mcgui-core link` prints here."
)


def follow(cluster: Cluster, job: Job, signals: EndingSignals) -> JobStatus:
    """Wait for a job, with a line of progress on a terminal, and a word where nothing of it runs.

    Returns its last status. Raises MasterAway, and what a signal raises that ends this command.
    """
    line = _ProgressLine()
    since, said, settled = time.monotonic(), "", -1
    try:
        while True:
            signals.check()
            found = job.poll(PROGRESS_SECONDS)
            line.show(progress_line(found))
            if found.final:
                return found
            at_work = (found.running and found.state != "paused") or cluster.worker_is_coming()
            if at_work or found.done + found.failed != settled:
                since, settled = time.monotonic(), found.done + found.failed
            elif time.monotonic() - since >= idle_reason.SOON:
                why = _why(cluster, job.id)
                if why and why != said:
                    said = why
                    line.end()
                    print(f"mcgui-core: {safe(why)}", file=sys.stderr, flush=True)
    finally:
        line.end()


class _ProgressLine:
    """The last line of a terminal, written anew in its place; nothing where standard error is none.

    Without escapes, which some terminals show as they are, and never wider than the terminal.
    """

    def __init__(self) -> None:
        self._live, self._width = sys.stderr.isatty(), 0

    def show(self, text: str) -> None:
        if self._live:
            shown = text[: _columns() - 1]
            print(f"\r{shown:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(shown)

    def end(self) -> None:
        """What is printed next begins a line."""
        if self._width:
            self._width = 0
            with suppress(OSError):  # the terminal may be gone
                print(file=sys.stderr, flush=True)


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80


def _why(cluster: Cluster, id: int) -> str:
    try:
        return why_nothing_runs(cluster.snapshot(), id, _HOW_TO_ADD, f"`mcgui-core resume {id}` lets it go on.")
    except ConnectionFailed:
        return ""  # the next look waits for the master


def print_failures(job: Job, status: JobStatus) -> None:
    """The first failures of a job that is over."""
    failures = job.failures(0, FAILURES_PRINTED)
    for failure in failures:
        print(f"{failure_text(failure)}\n", file=sys.stderr)
    if left := status.failed - len(failures):
        again = f"`mcgui-core failures {job.id}` shows of which kinds, and all with --all."
        print(f"... and {tasks(left).replace(' ', ' more ')} failed. {again}", file=sys.stderr)


def exit_code(status: JobStatus) -> int:
    """Of a command that waited for a job: 0 where each task has a result, else 3."""
    return 0 if status.state == "finished" and not status.failed else 3
