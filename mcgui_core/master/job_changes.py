"""What somebody changes of a job after it was submitted: its place, name, note, code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mcgui_core.base.exposed import exposed
from mcgui_core.errors import BadInput
from mcgui_core.master.job_service import JobService
from mcgui_core.master.shared_state import SharedState
from mcgui_core.protocol.job_check import checked_spec
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.run_options import checked_option

#: What of a spec says what is run.
_CODE = ("environment", "filename", "main", "files", "requirements", "requires_python")


class JobChanges:
    """Thread-safe. Each change is in the journal before it is told of. Raises JobUnknown, JournalFull."""

    def __init__(self, state: SharedState, jobs: JobService) -> None:
        self._state, self._jobs = state, jobs

    @exposed("console")
    def set_priority(self, job: int, priority: Any) -> None:
        """Jobs with a higher priority run first; what nodes hold already stays with them.

        Raises BadInput where it is no whole number that makes sense.
        """
        priority = checked_option("priority", priority)
        with self._state.lock:
            spec = replace(self._state.to_change(job).spec, priority=priority)
            self._state.write(lambda: self._state.journal.save_spec(job, spec))
            self._state.scheduler.prioritize(job, priority)
            self._state.publish()

    @exposed("console")
    def describe(self, job: int, name: str | None, note: str | None) -> None:
        """Give it another name, another note; None leaves that as it is. Raises BadInput."""
        with self._state.lock:
            record = self._state.to_change(job)
            spec = checked_spec(_described(record.spec, name, note))
            self._state.write(lambda: self._state.journal.save_spec(job, spec))
            record.spec = spec
            self._state.publish()

    @exposed("console")
    def retry_with(self, job: int, code: JobSpec) -> None:
        """As JobService.retry_failed, with the code of this spec from now on, and all else as it was.

        Raises BadInput where the job is not over, or has a function that came as an object.
        """
        with self._state.lock:
            record = self._state.to_change(job)
            if not record.final:
                raise BadInput(f"Job {job} is not over, so its code stays as it is. Cancel it first.")
            if record.spec.is_object or code.is_object:
                raise BadInput("A function that came as an object stays as it is: start a new job with another one.")
            changed = {name: getattr(code, name) for name in _CODE}
            changed["source"] = code.source or record.spec.source  # which names the files that were picked
            spec = checked_spec(replace(record.spec, **changed))
            self._state.content.check(spec)
            self._state.write(lambda: self._state.journal.save_spec(job, spec))
            record.spec = spec
            for node in self._state.scheduler.nodes.values():
                node.knows.discard((job, -1))
            self._jobs.retry_failed(job)


def _described(spec: JobSpec, name: str | None, note: str | None) -> JobSpec:
    if name is not None and not name.strip():
        raise BadInput("A job must have a name.")
    spec = spec if name is None else replace(spec, name=name.strip())
    return spec if note is None else replace(spec, note=note.strip())
