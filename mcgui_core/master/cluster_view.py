"""What consoles and scripts see of jobs and nodes. The calls that wait are long polls: they are answered once there is
news, so that a console is up to date within a moment and asks once in many seconds where nothing happens."""

from __future__ import annotations

from mcgui_core.base.exposed import exposed
from mcgui_core.master.shared_state import SharedState
from mcgui_core.master.values.value_service import ValueService
from mcgui_core.protocol.messages import JobSpec, JobStatus, Snapshot


class ClusterView:
    """Thread-safe; changes nothing. Every method that names a job raises JobUnknown."""

    def __init__(self, state: SharedState, values: ValueService) -> None:
        self._state, self._scheduler, self._values = state, state.scheduler, values

    @exposed("console", "watch")
    def job_ids(self) -> tuple[int, ...]:
        with self._state.lock:
            return tuple(self._scheduler.jobs)

    @exposed("console")
    def spec(self, job: int) -> JobSpec:
        with self._state.lock:
            spec = self._scheduler.job(job).spec
        return self._values.spec_for_wire(spec)

    @exposed("console", "watch")
    def status(self, job: int) -> JobStatus:
        with self._state.lock:
            return self._state.status(self._scheduler.job(job))

    @exposed("console", "watch")
    def wait(self, job: int, timeout: float) -> JobStatus:
        """The status of a job once it is final, or after `timeout` seconds. Blocks until then."""
        with self._state.lock:
            record = self._scheduler.job(job)
            self._state.wait(lambda: record.final, timeout)
            return self._state.status(record)

    @exposed("console", "watch")
    def snapshot(self, after: int, timeout: float) -> Snapshot:
        """Everything, once it is newer than version `after` or `timeout` seconds have passed. Blocks until then."""
        with self._state.lock:
            self._state.wait(lambda: self._state.version > after, timeout)
            now = self._state.now()
            return Snapshot(
                version=self._state.version,
                time=now,
                jobs=tuple(map(self._state.status, self._scheduler.jobs.values())),
                nodes=self._scheduler.node_status(now),
                samples=self._state.samples.since(after),
                tasks=self._state.statuses.shown(),
                failed_proofs=self._state.failed_proofs(),
            )

    @exposed("console", "watch")
    def journal_bytes(self) -> int:
        """What the journal takes of the disk."""
        return self._state.journal.file.bytes + self._state.journal.values.bytes + self._state.content.size
