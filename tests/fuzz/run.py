"""One run: a master's process, an honest worker with honest jobs, and rogues with every kind of link."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

from mcgui_core import Cluster
from mcgui_core.client.access.link_files import read_link_file
from mcgui_core.errors import ConnectionFailed
from mcgui_core.journal.journal import Journal
from mcgui_core.master.hub import Hub
from mcgui_core.master.server import ClusterServer, open_server
from mcgui_core.master.sessions import ConsoleSession, NodeSession
from tests.fuzz.rogue import Rogue
from tests.waiting import until

KINDS = ("worker", "watch", "console")
#: Tasks of an honest job: short, so that many of them begin and end meanwhile.
TASKS = 60
SOURCE = "def square(x):\n    import time\n    time.sleep(0.01)\n    return x * x\n"
#: The part of the messages after which the master has what it needs; from then on it may not grow,
WARM = 0.2
#: but for that many bytes.
GROWTH = 16 << 20


@dataclass
class Report:
    """What came of it."""

    sent: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    honest_jobs: int = 0
    warm: int = 0  # bytes of the master, at first and at last
    end: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def text(self) -> str:
        answers = ", ".join(f"{name} {count:,}" for name, count in self.answers.most_common())
        lines = [
            f"messages       {self.sent:,} in {self.seconds:.0f} s",
            f"answers        {answers}",
            f"honest jobs    {self.honest_jobs} of {TASKS} tasks, each with right results",
            f"master         {self.warm / 1e6:.0f} MB when warm, {self.end / 1e6:.0f} MB at the end",
            f"faults         {len(self.faults)}",
        ]
        return "\n".join([*lines, *self.faults])


class Run:
    """What it has started ends with it."""

    def __init__(self, folder: Path, seed: int, messages: int) -> None:
        self._folder, self._seed, self._messages = folder, seed, messages
        self._journal, self._links, self._log = folder / "journal", folder / "links.json", folder / "log.txt"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._honest: set[int] = set()
        self._over = threading.Event()
        self.report = Report()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def go(self) -> Report:
        began = time.monotonic()
        master = self._start("master", "--port", "0", "--journal", str(self._journal), "--link-file", str(self._links))
        until(self._links.exists, 30, "a link file")
        self._start("worker", "--link-file", str(self._links), "--nprocs", "1", "--name", "honest")
        links = {kind: read_link_file(self._links, "console") for kind in ("console",)}
        with Cluster.connect(links["console"]) as cluster:
            links = {**links, "worker": cluster.worker_link, "watch": cluster.watch_link}
            self._storm(links, cluster, psutil.Process(master.pid))
        self._end(master)
        self.report.seconds = time.monotonic() - began
        return self.report

    # --- inside -------------------------------------------------------------------------------------------------

    def _storm(self, links: dict[str, str], cluster: Cluster, master: psutil.Process) -> None:
        honest = threading.Thread(target=self._guarded, args=(lambda: self._work(cluster),))
        each = [self._messages // len(KINDS)] * (len(KINDS) - 1)
        each.append(self._messages - sum(each))
        rogues = [Rogue(links, kind, _methods(kind), self._seed, self._honest) for kind in KINDS]
        threads = [
            threading.Thread(target=self._guarded, args=(lambda r=rogue, n=count: self._send(r, n),))
            for rogue, count in zip(rogues, each, strict=True)
        ]
        for thread in (honest, *threads):
            thread.start()
        while any(thread.is_alive() for thread in threads):
            threads[0].join(0.5)
            time.sleep(0.05)
            sent = sum(rogue.sent for rogue in rogues)
            try:
                memory = master.memory_info().rss
            except psutil.Error:
                break
            if sent < WARM * self._messages or not self.report.warm:
                self.report.warm = memory
        for thread in threads:
            thread.join()
        self._over.set()
        honest.join()
        self.report.sent = sum(rogue.sent for rogue in rogues)
        for rogue in rogues:
            self.report.answers += rogue.answers
        if master.is_running():
            self.report.end = master.memory_info().rss
        if self.report.end > self.report.warm + GROWTH:
            self.report.faults.append("the master has grown")

    def _send(self, rogue: Rogue, count: int) -> None:
        while rogue.sent < count and not self._over.is_set():
            rogue.send()
        rogue.leave()

    def _work(self, cluster: Cluster) -> None:
        """One honest job after the other, one of them at least from the beginning to the end of all that."""
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(SOURCE, namespace)
        while True:
            job = cluster.submit(namespace["square"], range(TASKS))
            self._honest.add(job.id)
            if job.results() != [x * x for x in range(TASKS)]:
                self.report.faults.append(f"the honest job {job.id} has wrong results")
            self.report.honest_jobs += 1
            if self._over.is_set():
                return

    def _guarded(self, do: Callable[[], None]) -> None:
        try:
            do()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this run is about
            self.report.faults.append(f"{type(error).__name__}: {error}")
            if isinstance(error, ConnectionFailed):
                self._over.set()

    def _end(self, master: subprocess.Popen[bytes]) -> None:
        if master.poll() is not None:
            self.report.faults.append(f"the master ended with code {master.returncode}")
        self.__exit__()
        if master.returncode != 0:
            self.report.faults.append(f"the master ended with code {master.returncode}")
        said = self._log.read_text(encoding="utf-8", errors="replace")
        if "Traceback" in said:
            self.report.faults.append("an error of our own making is in the log:\n" + _tracebacks(said))
        journal = Journal(self._journal)
        try:
            jobs = {job.id: job for job in journal.restore()}
        finally:
            journal.close()
        for id in self._honest:
            if id not in jobs or jobs[id].problem or list(jobs[id].settled) != [(0, TASKS)]:
                self.report.faults.append(f"the honest job {id} is not whole in the journal")
        self.report.faults += [f"job {job.id} in the journal: {job.problem}" for job in jobs.values() if job.problem]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONFAULTHANDLER": "1"}
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "mcgui_core.cli.main", *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
            )  # fmt: skip
        self._processes.append(process)
        return process


def _methods(kind: str) -> dict[tuple[str, str], Any]:
    """All that there are: who may not call them is to be told so. Of a link that may, only those, to get further."""
    server = open_server("127.0.0.1", 0, None, None)
    try:
        found = _all_methods(server, server._hub)
    finally:
        server.close()
    return {
        key: method for key, method in found.items()
        if kind == "watch" or (key[0] == "node") == (kind == "worker")
    }  # fmt: skip


def _all_methods(server: ClusterServer, hub: Hub) -> dict[tuple[str, str], Any]:
    node, console = NodeSession(hub, ""), ConsoleSession(hub, server._links)
    return {
        **{("node", name): method for name, method in node.methods.items()},
        **{("cluster", name): method for name, method in console.methods.items()},
    }


def _tracebacks(said: str) -> str:
    """Each once, by where it was raised."""
    found: dict[str, str] = {}
    for part in said.split("Traceback (most recent call last):\n")[1:]:
        lines = list(itertools.takewhile(lambda line: not line.startswith("mcgui master"), part.splitlines()))
        places = [line for line in lines if line.startswith("  File")]
        found.setdefault(places[-1] if places else "", "\n".join(lines[-8:])[:1500])
    return "\n\n".join(found.values())
