"""Where the panel of failures gets what it shows: the master of the session. Blocks; called in threads."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from mcgui.console.failures.missing_arguments import with_missing_arguments
from mcgui.console.master.session import Session
from mcgui_core.protocol.messages import TaskFailure
from mcgui_core.protocol.queries import FailureGroup

Key = tuple[str, str, int | None]


class FailureSource(Protocol):
    """What the panel asks. Each call raises McguiError where it cannot be answered."""

    def groups(self, job: int) -> tuple[FailureGroup, ...]:
        """All failures of a job in groups, the largest first."""
        ...

    def failures(self, job: int, group: FailureGroup, limit: int) -> tuple[TaskFailure, ...]:
        """Those of a group, `limit` at most."""
        ...

    def printed(self, job: int, task: int) -> str:
        """What this task printed."""
        ...


class ClusterFailures:
    """Asks the master of the session, whichever that is at the moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def groups(self, job: int) -> tuple[FailureGroup, ...]:
        found: dict[Key, FailureGroup] = {}
        for page in self._session.cluster.job(job).failure_groups():
            for group in page:
                known = found.get(key(group))
                found[key(group)] = group if known is None else replace(known, count=known.count + group.count)
        return tuple(sorted(found.values(), key=lambda group: (-group.count, group.first)))

    def failures(self, job: int, group: FailureGroup, limit: int) -> tuple[TaskFailure, ...]:
        asked = self._session.cluster.job(job)
        found: tuple[TaskFailure, ...] = ()
        after: int | None = group.first
        while after is not None and len(found) < limit:
            page, after = asked.failures_like(group, after, limit - len(found))
            found += page
        return with_missing_arguments(self._session.bench, job, found)

    def printed(self, job: int, task: int) -> str:
        detail = self._session.bench.detail(job, task)
        return detail.output if detail is not None else ""


def key(group: FailureGroup) -> Key:
    """What tells one group from another, however it has grown."""
    return group.kind, group.type, group.traceback
