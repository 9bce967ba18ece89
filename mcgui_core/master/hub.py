"""The master without its sockets: its services over one shared state, and what happens to that as a whole."""

from __future__ import annotations

from collections.abc import Callable

from mcgui_core.base.clock import Clock
from mcgui_core.journal.journal import Journal
from mcgui_core.master.cluster_view import ClusterView
from mcgui_core.master.job_priority import JobPriorities
from mcgui_core.master.job_service import JobService
from mcgui_core.master.journal_reader import JournalReader
from mcgui_core.master.node_service import NodeService
from mcgui_core.master.shared_state import SharedState
from mcgui_core.master.stored_jobs import as_record
from mcgui_core.protocol.messages import HELD


class Hub:
    """Thread-safe, as each of its services is."""

    def __init__(self, journal: Journal, clock: Callable[[], float] | None = None, hold: bool = False) -> None:
        """With `hold`, jobs that were not over when the journal was closed wait until somebody resumes them."""
        self.state = SharedState(journal, clock or Clock())
        self.jobs = JobService(self.state)
        self.nodes = NodeService(self.state)
        self.view = ClusterView(self.state)
        self.reader = JournalReader(self.state)
        self.priorities = JobPriorities(self.state)
        self._restore(hold)

    def close(self) -> None:
        """Let everybody who waits go, then close the journal."""
        with self.state.lock:
            self.state.close()
            self.state.journal.close()

    def tick(self) -> None:
        """To be called about twice a second: silent nodes are given up, seconds end."""
        state = self.state
        with state.lock:
            if state.closing:
                return
            now = state.now()
            changed = state.scheduler.tick(now) | state.disk_guard.look()
            if state.samples.close(now, state.version + 1) or changed:
                state.publish()

    def _restore(self, hold: bool) -> None:
        scheduler = self.state.scheduler
        for stored in self.state.journal.restore():
            job = as_record(stored)
            before = job.state
            scheduler.restore(job, self.state.now())
            if hold and not job.final and job.state != "paused":
                scheduler.pause(job.id, HELD)
            if job.state != before:
                self.state.save_job(job.id)
