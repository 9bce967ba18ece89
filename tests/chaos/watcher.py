"""Looks at the master all the time: how far the jobs are, and whether it ever takes back what it had acknowledged."""

from __future__ import annotations

import threading
from collections import Counter

import psutil

from mcgui_core import Cluster
from mcgui_core.errors import McguiError
from mcgui_core.protocol.messages import JobStatus, NodeStatus, Snapshot

#: Seconds between two looks, at most.
INTERVAL = 0.2


class Watcher:
    """A thread of its own, with a connection of its own."""

    def __init__(self, link: str) -> None:
        self._link = link
        self._stop = threading.Event()
        self._settled: dict[int, int] = {}  # by job
        self.jobs: tuple[JobStatus, ...] = ()
        self.nodes: tuple[NodeStatus, ...] = ()
        self.takes_back: list[str] = []  # what must not happen
        self.reasons: Counter[str] = Counter()  # that were given for a pause, shortened
        self.states: set[str] = set()  # in which nodes were seen
        self.memory = self.descriptors = self.threads = 0  # of the server, the most that was seen
        self._cluster: Cluster | None = None
        self._thread = threading.Thread(target=self._watch, name="watcher")
        self._thread.start()

    @property
    def settled(self) -> int:
        """Tasks that have an outcome."""
        return sum(self._settled.values())

    @property
    def finished(self) -> bool:
        """All jobs that it knows are over."""
        return bool(self.jobs) and all(job.final for job in self.jobs)

    @property
    def present(self) -> list[NodeStatus]:
        """Nodes that are there."""
        return [node for node in self.nodes if node.state in ("idle", "working")]

    def gauge(self, server: int) -> None:
        """Measure the server's process."""
        try:
            process = psutil.Process(server)
            self.memory = max(self.memory, process.memory_info().rss)
            self.descriptors = max(self.descriptors, process.num_fds())
            self.threads = max(self.threads, process.num_threads())
        except psutil.Error:
            return  # it was killed meanwhile

    def close(self) -> None:
        self._stop.set()
        if self._cluster is not None:
            self._cluster.close()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                if self._cluster is None:
                    self._cluster = Cluster.connect(self._link)
                self._look(self._cluster.snapshot())
            except McguiError:
                self._stop.wait(INTERVAL)  # it is away, and will be back
            self._stop.wait(INTERVAL)
        if self._cluster is not None:
            self._cluster.close()

    def _look(self, snapshot: Snapshot) -> None:
        self.jobs, self.nodes = snapshot.jobs, snapshot.nodes
        self.states |= {node.state for node in snapshot.nodes}
        for job in snapshot.jobs:
            now, before = job.done + job.failed, self._settled.get(job.id, 0)
            if now < before:
                self.takes_back.append(f"job {job.id} had {before:,} outcomes, and then {now:,}")
            self._settled[job.id] = now
            if job.reason and not job.final:
                self.reasons[job.reason_code or "in other words"] += 1
            if job.state in ("stopped", "cancelled"):
                self.reasons[f"{job.state}: {job.reason}"] += 1
