"""The master without its sockets: its services over one shared state, and what happens to that as a whole."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from mcgui_core.base.clock import Clock
from mcgui_core.errors import BadInput, JournalFull
from mcgui_core.journal.journal import Journal
from mcgui_core.journal.stored_job import StoredJob
from mcgui_core.master.cluster_view import ClusterView
from mcgui_core.master.content.content_service import ContentService
from mcgui_core.master.job_changes import JobChanges
from mcgui_core.master.job_service import JobService
from mcgui_core.master.journal_reader import JournalReader
from mcgui_core.master.node_service import NodeService
from mcgui_core.master.shared_state import SharedState, Start
from mcgui_core.master.stored_jobs import as_record, as_set_aside
from mcgui_core.master.values.value_service import ValueService
from mcgui_core.protocol.job_check import checked_spec
from mcgui_core.protocol.reasons import Reason

#: Of a job that was not over when the journal was closed, and is to wait until somebody resumes it.
HELD = Reason("held", "The master was started anew, and holds this job until you resume it.")

#: Seconds between two looks for values that nobody will hand over, and for which nobody has written to those.
SWEEP_SECONDS, QUIET_SECONDS = 120.0, 60.0


class Hub:
    """Thread-safe, as each of its services is."""

    def __init__(self, journal: Journal, clock: Callable[[], float] | None = None, start: Start = "go on") -> None:
        self.state = SharedState(journal, clock or Clock(), start)
        self.values = ValueService(self.state)
        self.jobs = JobService(self.state, self.values)
        self.nodes = NodeService(self.state, self.values)
        self.view = ClusterView(self.state, self.values)
        self.reader = JournalReader(self.state, self.values)
        self.changes = JobChanges(self.state, self.jobs)
        self.content = ContentService(self.state)
        self._syncing, self._looking = threading.Lock(), start == "look"
        self._swept = self.state.now()
        self._restore(start)

    def close(self) -> None:
        """Let everybody who waits go, then close the journal."""
        with self._syncing:
            with suppress(OSError):
                self.state.journal.sync()  # before anybody has to wait: there may be much, and the disk slow
            with self.state.lock:
                self.state.write_notes()
                self.state.close()
                self.values.close()
                self.state.journal.close()
                if self._looking:
                    self.state.journal.file.put_time_back()

    @property
    def busy(self) -> bool:
        """A job is not over."""
        with self.state.lock:
            return any(not job.final for job in self.state.scheduler.jobs.values())

    def tick(self) -> None:
        """To be called about twice a second: silent nodes are given up, seconds end."""
        state = self.state
        with state.lock:
            if state.closing:
                return
            now, writable = state.now(), state.disk_guard.trouble is None
            changed = state.scheduler.tick(now) | state.disk_guard.look()
            self.nodes.write_verdicts()
            state.write_notes()
            self.content.sweep()
            self._sweep_values(now)
            changed |= writable and state.disk_guard.trouble is not None  # that is why the jobs pause
            if state.samples.close(now, state.version + 1) or changed:
                state.publish()

    def tell_consoles(self) -> None:
        """Something changed that is neither a job nor a node."""
        with self.state.lock:
            if not self.state.closing:
                self.state.publish()

    def sync(self) -> None:
        """Have the disk keep all that the journal holds by now. Without the lock: a slow disk holds nobody up."""
        journal = self.state.journal
        with self._syncing:
            if not self.state.closing:
                journal.sync()
        with self.state.lock:
            if not self.state.closing and self.state.disk_guard.trouble is None:
                with suppress(JournalFull):
                    self.state.write(journal.values.mark_synced)

    def _sweep_values(self, now: float) -> None:
        """What killed scripts and slots have left takes room until somebody looks."""
        if now >= self._swept + SWEEP_SECONDS and not self._looking:
            self._swept = now
            self.state.journal.values.sweep(QUIET_SECONDS)

    def _restore(self, start: Start) -> None:
        for job, count in self.state.journal.values.lost.items():
            print(
                f"mcgui master: {count:,} parts of the results of job {job} are lost: those tasks run again.",
                file=sys.stderr,
            )
        for stored in self.state.journal.restore():
            problem = stored.problem or self._admit(stored, start)
            if problem:
                print(f"mcgui master: job {stored.id} is set aside, because {problem}.", file=sys.stderr)
                self.state.set_aside(as_set_aside(stored, problem))
        if self._looking:
            self.state.journal.file.put_time_back()  # now too: whoever looks may be killed

    def _admit(self, stored: StoredJob, start: Start) -> str:
        """Let a job go on. Returns why it cannot, or ""."""
        scheduler = self.state.scheduler
        try:
            job = as_record(replace(stored, spec=checked_spec(stored.spec)), self.state.journal.file.written)
            scheduler.restore(job, self.state.now())
            if start == "hold" and not job.final and job.state != "paused":
                scheduler.pause(job.id, HELD)
            if start != "look" and job.state != "paused":
                job.go_on(self.state.now())
        except BadInput as error:
            return str(error).removesuffix(".")
        except Exception as error:  # noqa: BLE001 - no job may keep the master from starting
            traceback.print_exc()
            return f"{type(error).__name__}: {error}"
        if (job.state, job.idle, job.rests) != (stored.state, stored.idle, stored.rests) and start != "look":
            self.state.save_job(job.id)
        return ""
