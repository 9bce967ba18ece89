"""A Dask cluster for tests: a scheduler and workers as real processes, on this computer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import PATIENCE, descendants, wait_until_gone
from tests.waiting import until

#: The schedulers of tests have no web page, and workers no process that starts them anew.
HERE = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
SCHEDULER = ["distributed.cli.dask_scheduler", *HERE]
WORKER = ["distributed.cli.dask_worker", *HERE, "--no-nanny"]


class DaskCluster:
    """Processes of one Dask cluster, whose files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def start_scheduler(self, port: int = 0) -> subprocess.Popen[bytes]:
        """It listens when this returns."""
        where = self._folder / f"scheduler-{len(self._processes)}.json"
        process = self._start([*SCHEDULER, "--port", str(port), "--scheduler-file", str(where)])

        def address() -> str:
            try:
                return str(json.loads(where.read_text())["address"])
            except (OSError, ValueError):  # not there, or not yet whole
                return ""

        self.address = until(address, PATIENCE, "the address of the Dask scheduler")
        return process

    def start_worker(self, threads: int = 1, **variables: str) -> subprocess.Popen[bytes]:
        """It joins the scheduler by itself, some time after this returns."""
        folder = self._folder / f"worker-{len(self._processes)}"
        worker = self._start(
            [*WORKER, self.address, "--nthreads", str(threads), "--local-directory", str(folder)], **variables
        )
        self.workers.append(worker)
        return worker

    @property
    def scheduler(self) -> subprocess.Popen[bytes]:
        """The first one."""
        return self._processes[0]

    def close(self) -> None:
        """End all processes, with what they started."""
        families = [found for process in self._processes for found in descendants(process.pid)]
        for process in self._processes:
            process.kill()
            process.wait()
        wait_until_gone(families)

    def _start(self, arguments: list[str], **variables: str) -> subprocess.Popen[bytes]:
        module, *rest = arguments
        log = (self._folder / f"log-{len(self._processes)}.txt").open("wb")
        environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self._folder), **variables}
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *rest], stdout=log, stderr=log, env=environment, cwd=self._folder
            )
        self._processes.append(process)
        return process


@contextmanager
def dask_cluster(folder: Path, workers: int = 1, threads: int = 1) -> Iterator[DaskCluster]:
    """A scheduler and so many workers."""
    folder.mkdir(parents=True, exist_ok=True)
    dask = DaskCluster(folder)
    try:
        dask.start_scheduler()
        for _ in range(workers):
            dask.start_worker(threads)
        yield dask
    finally:
        dask.close()
