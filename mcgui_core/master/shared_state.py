"""What all services of the master share: the scheduler, the journal, and the one lock over both.

A monitor, in the textbook's sense: one mutex and its condition variables. One lock for everything is enough, since no
call holds it for longer than a page of the journal takes to read or write; and with a single one there is no order of
locks to get wrong. The rules for whoever holds it:

- Write, then tell: what changes is written to the journal (`write`) before anybody hears of it (`publish`).
- Waiting gives the lock up (`wait`, `NodeWakeups.wait`), so after it nothing that was looked at before is certain.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Literal, TypeVar

from mcgui_core.errors import BadInput, JournalFull
from mcgui_core.journal.journal import Journal
from mcgui_core.journal.stored_job import Standing
from mcgui_core.master.access.peer_text_limits import within_limits
from mcgui_core.master.argument_senders import ArgumentSenders, why_not_whole
from mcgui_core.master.content.content_store import ContentStore
from mcgui_core.master.disk_full_guard import DiskFullGuard
from mcgui_core.master.node_wakeups import NodeWakeups
from mcgui_core.master.stored_jobs import standing
from mcgui_core.master.task_statuses import TaskStatuses
from mcgui_core.master.throughput_samples import ThroughputSamples
from mcgui_core.protocol.messages import FINAL_STATES, JobStatus
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.scheduler import Scheduler

T = TypeVar("T")

#: What becomes of jobs that were not over when their journal was closed. They "go on"; or with "hold" they are paused
#: until somebody resumes them, and that is written as every pause is; or the journal was opened to "look" into it: then
#: nothing runs, and how a job stands is written where a call changes it only.
Start = Literal["go on", "hold", "look"]

#: Of a job that could run, where its journal was only opened to look into it.
LOOKED_AT = Reason("looked at", "Its journal is only looked at: it goes on when a master is started on that.")
#: Seconds for which it is enough that a job's state is written, while it does not change.
NOTED_SECONDS = 1.0
#: Seconds that one call may block. A client asks again; a longer wait would only hide a dead connection.
LONGEST_WAIT = 20.0


class SharedState:
    """The master's state. Its methods, but for `now`, are called by whoever holds `lock`."""

    def __init__(self, journal: Journal, clock: Callable[[], float], start: Start = "go on") -> None:
        self.journal, self.now = journal, clock
        # Leases are numbered on from the time, so that those of an earlier run of this journal are never mistaken
        # for ours.
        self.scheduler = Scheduler(next_lease=int(clock() * 1000))
        self._looking = start == "look"
        self.scheduler.halt(self._looking)
        self.disk_guard = DiskFullGuard(journal, self.scheduler)
        self.content = ContentStore(journal.file)
        self.samples = ThroughputSamples()
        self.statuses = TaskStatuses()
        self.senders = ArgumentSenders()
        self.lock = threading.RLock()
        self.wakeups = NodeWakeups(self.lock)  # for nodes
        self._changed = threading.Condition(self.lock)  # for consoles
        self.version = 1  # grows with whatever a console would see
        self.closing = False
        self.sent_away: dict[str, str] = {}  # nodes that are kept away: id -> name
        self.failed_proofs: Callable[[], int] = lambda: 0  # how many there were
        self._noted: dict[int, tuple[str, float]] = {}  # job -> the state that was written last, and when
        self._to_note: set[int] = set()  # jobs of which tasks were handed out since
        self._aside: set[int] = set()  # jobs that are shown, and neither run nor written

    def close(self) -> None:
        """Let everybody go who waits."""
        self.closing = True
        self._changed.notify_all()
        self.wakeups.wake_all()

    def publish(self) -> None:
        """Something changed: tell the nodes that have orders, and whoever watches."""
        self.version += 1
        self._changed.notify_all()
        self.wakeups.wake(self.scheduler.nudged())

    def wait(self, ready: Callable[[], bool], timeout: float) -> None:
        """Until something is so, without the lock meanwhile; or for `timeout` seconds, or until the master closes."""
        deadline = time.monotonic() + min(timeout, LONGEST_WAIT)
        while not self.closing and not ready():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            self._changed.wait(left)

    def write(self, write: Callable[[], T]) -> T:
        """Change the journal. Raises JournalFull; then nothing of this was written."""
        try:
            return self.disk_guard.write(write)
        except JournalFull:
            self.publish()  # that is why the jobs pause
            raise

    def set_aside(self, job: JobRecord) -> None:
        """Show a job that could not be read; whatever the scheduler has of it already is forgotten."""
        with suppress(Exception):  # what is wrong with it may be wrong here too
            self.scheduler.cancel(job.id, self.now())
        self.scheduler.jobs[job.id] = job
        self._aside.add(job.id)

    def is_aside(self, job: int) -> bool:
        return job in self._aside

    def to_change(self, id: int) -> JobRecord:
        """A job that somebody wants to change. Raises JobUnknown; BadInput where it is set aside."""
        job = self.scheduler.job(id)
        if id in self._aside:
            raise BadInput(f"Job {id} can only be looked at, or deleted. {job.reason.text}")
        return job

    def save(self, job: int) -> None:
        """Write how a job stands now, and tell."""
        self.save_job(job)
        self.publish()

    def save_job(self, id: int, written: Standing | None = None) -> None:
        """Write how a job stands now, unless that is what was `written` along with its outcomes."""
        job = self.scheduler.jobs.get(id)
        if job is None or id in self._aside:
            return
        if job.final:
            if job.sealed:
                self.senders.done(id)
            self.statuses.keep(lambda job: self.state_of(job) not in ("", *FINAL_STATES))
        self._noted[id] = job.state, self.now()
        self._to_note.discard(id)
        if standing(job) != written:
            self.disk_guard.save(job)

    def note_job(self, id: int) -> None:
        """Tasks of it were handed out: have it written soon that it runs. Nothing is lost without that but since when,
        and a job of one task is over before."""
        self._to_note.add(id)

    def write_notes(self) -> None:
        """Write how those jobs stand of which that is to be noted, if they have another state than before, or it was
        written a while ago. To be called now and then."""
        for id in tuple(self._to_note):
            state, time = self._noted.get(id, ("", 0.0))
            if state != self.state_of(id) or not 0.0 <= self.now() - time < NOTED_SECONDS:
                self._to_note.discard(id)
                self.save_job(id)

    def status(self, job: JobRecord) -> JobStatus:
        """How a job stands, as it is told."""
        status = within_limits(job.status(self.now()))
        if job.final:
            missing = why_not_whole(job)
            if not missing:
                return status
            text, code = f"{status.reason} {missing}".strip(), status.reason_code or "arguments end"
            return replace(status, reason=text, reason_code=code)
        if self.disk_guard.trouble is not None:
            text = str(self.disk_guard.trouble)
            return replace(status, state="paused", reason=text, reason_code="journal full")
        if self._looking and job.state != "paused":
            return replace(status, reason=LOOKED_AT.text, reason_code=LOOKED_AT.code)
        why = self.senders.why_waiting(job) or self.scheduler.why_waiting(job)
        return replace(status, reason=why.text, reason_code=why.code)

    def state_of(self, id: int) -> str:
        """The state of a job; "" where there is none."""
        job = self.scheduler.jobs.get(id)
        return job.state if job is not None else ""
