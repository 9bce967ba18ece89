"""What a node needs to run its chunks and does not have: specs and arguments, and no more than one message holds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mcgui_core.base.ranges import RangeSet
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.messages import Block, Chunk, JobSpec
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord

#: Bytes of arguments that one lease brings, about; one block may be larger. Slots run these while the next ones come.
LEASE_BYTES = 16 << 20
#: Bytes of a job that come along with the answer to a heartbeat, which must not be held up by them.
ALONG_BYTES = 128 << 10


class LeasePayload:
    """Remembers where the blocks of a job's arguments begin and how large they are, so that the journal is asked for a
    block only to send it: a thousand nodes take a lease each second, many of them of a block that they have.

    Not thread-safe."""

    def __init__(self, journal: Journal, jobs: Mapping[int, JobRecord]) -> None:
        self._journal, self._jobs = journal, jobs
        self._indexes: dict[int, _BlockIndex] = {}

    def cut(self, chunks: tuple[Chunk, ...]) -> tuple[tuple[Chunk, ...], tuple[Chunk, ...]]:
        """The chunks whose arguments fit into one lease, and what is too much. Of one chunk, some may be both."""
        if self._fit(chunks):
            return chunks, ()
        kept: list[Chunk] = []
        surplus: list[Chunk] = []
        room = LEASE_BYTES
        for chunk in chunks:
            stop, size = (chunk.start, 0) if room <= 0 else self._reach(chunk.job, chunk.start, chunk.stop, room)
            room -= size
            if stop > chunk.start:
                kept.append(replace(chunk, stop=stop))
            if stop < chunk.stop:
                surplus.append(replace(chunk, start=stop))
                room = 0
        return tuple(kept), tuple(surplus)

    def is_small(self, job: JobRecord) -> bool:
        """All that a node needs to run it may come along with the answer to a heartbeat."""
        function = job.spec.pickled_function
        code = len(job.spec.environment) + (0 if function is None else len(function))
        return code + self._index(job.id, job.total).size <= ALONG_BYTES

    def needed(
        self, node: NodeRecord, chunks: tuple[Chunk, ...]
    ) -> tuple[tuple[tuple[int, JobSpec], ...], tuple[tuple[int, Block], ...]]:
        """The specs and the arguments of these chunks that their node does not have, and by that gets.

        Both sides reckon alike which blocks a node has: those that a chunk needs which it has not reported yet.
        """
        unknown = {chunk.job for chunk in chunks if (chunk.job, -1) not in node.knows}
        first_new = min(chunk.lease for chunk in chunks)
        held = [lease.chunk for number, lease in node.leases.items() if number < first_new]
        blocks: dict[tuple[int, int], Block] = {}
        for job, first, last in _spans(chunks):
            for begin, end in self._index(job, last).spans(first, last):
                if not any(chunk.job == job and chunk.start < end and begin < chunk.stop for chunk in held):
                    (blocks[job, begin],) = self._journal.jobs.blocks(job, begin, begin + 1)
        node.knows.update((job, -1) for job in unknown)
        specs = tuple((job, self._jobs[job].spec) for job in unknown)
        return specs, tuple((job, block) for (job, _), block in blocks.items())

    def block(self, node: NodeRecord, job: int, start: int) -> Block | None:
        """Arguments that begin with that task; None where they are none, or where this node holds no task of them."""
        if job not in self._jobs or not 0 <= start < self._jobs[job].total:
            return None
        held = [lease.chunk for lease in node.leases.values() if lease.chunk.job == job]
        for begin, end in self._index(job, start + 1).spans(start, start + 1):
            if begin == start and any(chunk.start < end and begin < chunk.stop for chunk in held):
                (found,) = self._journal.jobs.blocks(job, begin, begin + 1)
                return found
        return None

    # --- inside -------------------------------------------------------------------------------------------------

    def _index(self, job: int, stop: int) -> _BlockIndex:
        """Of a job, as far as `stop` at least."""
        index = self._indexes.get(job)
        if index is None:
            self._indexes = {
                id: kept for id, kept in self._indexes.items() if id in self._jobs and not self._jobs[id].final
            }
            index = self._indexes[job] = _BlockIndex()
        if index.stop < stop:
            index.extend(self._journal.jobs.block_sizes(job, index.stop))
        return index

    def _reach(self, job: int, start: int, stop: int, room: int) -> tuple[int, int]:
        return self._index(job, stop).reach(start, stop, room)

    def _fit(self, chunks: tuple[Chunk, ...]) -> bool:
        """All of their arguments fit into one lease, as they nearly always do."""
        room = LEASE_BYTES
        for job, start, stop in _spans(chunks):
            reached, size = self._reach(job, start, stop, room)
            room -= size
            if reached < stop or room < 0:
                return False
        return True


class _BlockIndex:
    """Where the blocks of one job begin, in tasks and in bytes."""

    def __init__(self) -> None:
        self.stop = 0  # the first task of which nothing is known yet
        self._starts: list[int] = []
        self._bytes = [0]  # of all blocks before each, and at last of all

    def extend(self, blocks: Iterable[tuple[int, int, int]]) -> None:
        """More blocks: their first task, number of tasks, and bytes."""
        for start, count, size in blocks:
            self._starts.append(start)
            self._bytes.append(self._bytes[-1] + size)
            self.stop = start + count

    @property
    def size(self) -> int:
        """Bytes of those that are known."""
        return self._bytes[-1]

    def spans(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The first task, and the one after the last, of each block that holds arguments from `start` to `stop`."""
        first, last = self._numbers(start, stop)
        ends = [*self._starts[first + 1 : last + 1], self.stop]
        return list(zip(self._starts[first:last], ends, strict=False))

    def reach(self, start: int, stop: int, most: int) -> tuple[int, int]:
        """How far from `start` towards `stop` one comes with blocks of so many bytes together, but with one at least;
        and how many bytes these are."""
        first, last = self._numbers(start, stop)
        size = self._bytes[last] - self._bytes[first]
        if size <= most or last - first < 2:
            return stop, size
        fitting = max(first + 1, bisect_right(self._bytes, self._bytes[first] + most, first, last + 1) - 1)
        return self._starts[fitting] if fitting < last else stop, self._bytes[fitting] - self._bytes[first]

    def _numbers(self, start: int, stop: int) -> tuple[int, int]:
        """The number of the first block that holds some of these arguments, and the one after the last's."""
        return max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, stop)


def _spans(chunks: tuple[Chunk, ...]) -> Iterator[tuple[int, int, int]]:
    """Job, start and stop of chunks, of those that follow each other as of one: a block is read once, not for each."""
    if len(chunks) == 1:  # as nearly always
        return iter([(chunks[0].job, chunks[0].start, chunks[0].stop)])
    together: dict[int, RangeSet] = {}
    for chunk in chunks:
        together.setdefault(chunk.job, RangeSet()).add(chunk.start, chunk.stop)
    return ((job, start, stop) for job, ranges in together.items() for start, stop in ranges)
