"""Nodes whose connection breaks and that come back in a moment: they go on with what they hold. Sans I/O.

A broken connection does not tell a node that was killed from one whose network had a hiccup. So what such a node held
is kept for it for a while, in which nobody else is given it: no longer than the node has been at it, since to run it
anew costs as much, and no longer than a node may be silent. Small tasks so go on elsewhere at once.

A node that comes back says what it still holds, proven by the tokens of its leases (lease_tokens.py). Of that, it keeps
what waits: tasks that nobody has settled, and nobody else was given meanwhile. As nothing but that is looked at, it
makes no difference whether the node was away for a moment, or its master was started anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mcgui_core.base.ranges import RangeSet
from mcgui_core.protocol.messages import Chunk
from mcgui_core.scheduler.dispatch import Dispatcher
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.lease_record import LeaseRecord
from mcgui_core.scheduler.node_state import NodeRecord

#: Seconds of work of a node below which it is not worth waiting for.
LEAST = 0.5


class SessionResumption:
    """Of nodes that share their leases with `dispatch`."""

    def __init__(self, dispatch: Dispatcher, node_timeout: float) -> None:
        self._dispatch, self._timeout = dispatch, node_timeout
        self._awaited: dict[str, float] = {}  # nodes that are lost and hold something still -> until when

    def await_return(self, node: NodeRecord, now: float) -> bool:
        """The connection of a node broke. False where what it holds is not worth keeping for it."""
        spent = max((self._spent(record, now) for record in node.leases.values()), default=0.0)
        until = min(now + spent, node.contact + self._timeout)
        if spent < LEAST or until <= now:
            return False
        self._awaited[node.info.id] = until
        return True

    def take_overdue(self, now: float) -> list[str]:
        """The nodes that have not come back in time. They are not awaited any more."""
        overdue = [id for id, until in self._awaited.items() if until <= now]
        for id in overdue:
            del self._awaited[id]
        return overdue

    def stop_waiting(self, id: str) -> bool:
        """For that node, which has come back or is to be forgotten. False where it was not awaited."""
        return self._awaited.pop(id, None) is not None

    def resume(
        self, node: NodeRecord, held: Iterable[Chunk], since: Mapping[int, float], now: float
    ) -> tuple[Chunk, ...]:
        """A node has come back and says to hold these parts of leases, proven to have been its own. Returns those which
        it holds from now on. `since` is when something was last heard of each lease, as far as that is known."""
        found: dict[int, tuple[Chunk, RangeSet]] = {}
        for chunk in held if not self._dispatch.halted else ():
            job = self._dispatch.live.get(chunk.job)
            first, tasks = found.setdefault(chunk.lease, (chunk, RangeSet()))
            if job is None or chunk.job != first.job or not self._may_have(node, job, chunk):
                continue
            for span in job.waiting.common(chunk.start, chunk.stop):
                job.waiting.remove(*span)
                tasks.add(*span)
        kept: list[Chunk] = []
        for chunk, tasks in found.values():
            if tasks:
                whole = replace(chunk, start=tasks.first, stop=tasks.end)
                self._dispatch.grant_again(node, whole, tasks, since.get(chunk.lease, now), now)
                kept += [replace(chunk, start=start, stop=stop) for start, stop in tasks]
        return tuple(kept)

    def _spent(self, record: LeaseRecord, now: float) -> float:
        """Seconds of work that are lost with a lease, about. It is silent about its tasks for a while anyway."""
        age, mean = now - record.since - self._dispatch.table.gather, self._dispatch.live[record.chunk.job].task_seconds
        return age if mean is None or record.late else min(age, len(record.outstanding) * mean)

    def _may_have(self, node: NodeRecord, job: JobRecord, chunk: Chunk) -> bool:
        table = self._dispatch.table
        return chunk.lease < table.next_lease and table.get(chunk.lease) is None and self._dispatch.fits(node, job)
