"""The memory of the master's process while large jobs go through it: `make bench-memory`."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from mcgui_core import Job, Master
from mcgui_core.processes.processor_count import cpu_count

TRIVIAL = "def f(x): return x"
LARGE = "import os\ndef f(x): return os.urandom(4_000_000)"
FAILING = """
def f(x):
    return deep(x, 60)

def deep(x, levels):
    if levels:
        return deep(x, levels - 1)
    raise ValueError(f"{x} is bad")
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A job that goes through the master."""

    what: str
    source: str
    arguments: Iterable[Any]
    read: bool = False  # a client reads the results as they come


CASES = (
    Case("10,000,000 tasks", TRIVIAL, range(10**7)),
    Case("10,000,000 tasks, read as they come", TRIVIAL, range(10**7), read=True),
    Case("100,000,000 tasks", TRIVIAL, range(10**8)),
    Case("2,000 results of 4 MB", LARGE, range(2000)),
    Case("2,000 results of 4 MB, read as they come", LARGE, range(2000), read=True),
    Case("100,000 failures with 60 frames each", FAILING, range(10**5)),
)


def main() -> int:
    """Run each case on a fresh master, and print how its memory went."""
    print("Resident memory of the master's process in MB, when so many per cent of the tasks were done.\n")
    marks = "".join(f"{per_cent:>7}%" for per_cent in range(10, 101, 10))
    print(f"{'':<42}{'idle':>6}{marks}{'most':>7}{'seconds':>9}")
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="mcgui-bench-") as folder:
            _run(case, Path(folder, "journal.sqlite"))
    return 0


def _run(case: Case, journal: Path) -> None:
    with Master(journal=journal) as master:
        master.add_local_worker(cpu_count())
        master.submit(TRIVIAL, "f", range(100)).results()
        process = psutil.Process(master.pid)
        idle = _megabytes(process)
        began = perf_counter()
        with _reading(master.submit(case.source, "f", case.arguments), case.read) as job:
            marks, most = _watch(job, process)
        took = perf_counter() - began
        shown = "".join(f"{mark:>8.0f}" for mark in marks)
        print(f"{case.what:<42}{idle:>6.0f}{shown}{most:>7.0f}{took:>9.1f}", flush=True)


def _watch(job: Job, process: psutil.Process) -> tuple[list[float], float]:
    """Memory at each tenth of the job, and the most that was seen."""
    marks: list[float] = []
    most = 0.0
    pause = threading.Event()
    while len(marks) < 10:
        now = _megabytes(process)
        most = max(most, now)
        status = job.status
        done = (status.done + status.failed) / max(status.total, 1)
        while len(marks) < min(int(done * 10), 10):
            marks.append(now)
        pause.wait(0.1)
    return marks, most


@contextmanager
def _reading(job: Job, read: bool) -> Iterator[Job]:
    """The job, whose results are read in the background, if wanted, and thrown away."""

    def consume() -> None:
        for _ in job.iter_results(return_exceptions=True):
            continue

    reader = threading.Thread(target=consume, daemon=True)
    if read:
        reader.start()
    yield job
    if read:
        reader.join()


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 1e6)


if __name__ == "__main__":
    sys.exit(main())
