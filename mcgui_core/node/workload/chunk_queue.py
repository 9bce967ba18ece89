"""The chunks that a node holds and no slot has started, and how they are cut for slots."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from math import ceil

from mcgui_core.base.ranges import RangeSet
from mcgui_core.node.workload.held_leases import HeldLeases
from mcgui_core.node.workload.staging import Staging
from mcgui_core.node.workload.task_durations import TaskDurations
from mcgui_core.protocol.messages import Chunk, JobSpec
from mcgui_core.protocol.messages.field_limits import MOST_TOLD

#: Seconds that a piece should take, those up to which a slot takes all of its share at once, and those that are worth a
#: piece; and how many times as large as the master thought it may be. (The master thinks alike, see chunk_sizing.py,
#: but hears later how long tasks take.)
PIECE_SECONDS, SHARE_SECONDS, SMALLEST_SECONDS, GROWTH = 0.05, 0.005, 0.001, 2048
#: The part of a piece by which it may be longer or shorter, to end where a block of arguments does: one of so many.
NEAR = 3
#: Tasks up to which an idle slot is given some, whatever is known of their function: their arguments may be others than
#: before, and it costs little.
FEW = 256


class ChunkQueue:
    """In the order in which they came. Not thread-safe."""

    def __init__(
        self,
        held: HeldLeases,
        staging: Staging,
        specs: Mapping[int, JobSpec],
        running: Mapping[int, RangeSet],
        durations: TaskDurations,
    ) -> None:
        """`specs` are those of all jobs here, and `running` their tasks that slots have taken."""
        self._held, self._staging, self._specs, self._running, self._durations = (
            held,
            staging,
            specs,
            running,
            durations,
        )
        self._chunks: deque[Chunk] = deque()

    def __bool__(self) -> bool:
        return bool(self._chunks)

    def __iter__(self) -> Iterator[Chunk]:
        return iter(self._chunks)

    @property
    def pieces(self) -> int:
        """Of them all."""
        return sum(chunk.pieces for chunk in self._chunks)

    @property
    def ready(self) -> int:
        """Pieces that can begin."""
        waiting = self.waiting()
        return self.pieces - sum(pieces for _, pieces in waiting) if waiting else self.pieces

    def waiting(self) -> tuple[tuple[int, int], ...]:
        """Leases, and how many of their pieces cannot begin, because what these need is still on its way."""
        if not self._staging:  # as nearly always
            return ()
        found: dict[int, int] = {}
        for chunk in self._chunks:
            rest = replace(chunk, start=self._reach(chunk))
            if rest.count:
                found[chunk.lease] = found.get(chunk.lease, 0) + rest.pieces
        return tuple(sorted(found.items()))[:MOST_TOLD]

    def bringing(self) -> tuple[int, ...]:
        """Jobs of which it has chunks, and of which what they need as a whole is still on its way."""
        jobs = self._staging.jobs
        return tuple(sorted(jobs.intersection(chunk.job for chunk in self._chunks)))[:MOST_TOLD] if jobs else ()

    def append(self, chunk: Chunk) -> None:
        """It is the last one."""
        self._chunks.append(chunk)

    def put_back(self, chunks: list[Chunk]) -> None:
        """They are the first ones."""
        self._chunks.extendleft(reversed(chunks))

    def keep(self, parts: Callable[[Chunk], Iterable[Chunk]]) -> None:
        """Of each chunk, only those parts."""
        self._chunks = deque(part for chunk in self._chunks for part in parts(chunk))

    def forget(self, unwanted: Callable[[Chunk], bool]) -> None:
        """Without these chunks."""
        self._chunks = deque(chunk for chunk in self._chunks if not unwanted(chunk))

    def take_last(self, most: int | None) -> Iterator[Chunk]:
        """Take about `most` tasks from the end, or all."""
        left = most if most is not None else sum(chunk.count for chunk in self._chunks)
        while self._chunks and left > 0:
            chunk = self._chunks.pop()
            if chunk.count > left:
                middle = chunk.stop - left
                self._chunks.append(replace(chunk, stop=middle))
                chunk = replace(chunk, start=middle)
            left -= chunk.count
            yield chunk

    def take_ready(self) -> list[Chunk]:
        """Take all that can begin, the last first."""
        if not self._staging:  # as nearly always
            return list(self.take_last(None))
        reached = [(chunk, self._reach(chunk)) for chunk in self._chunks]
        self._chunks = deque(replace(chunk, start=reach) for chunk, reach in reached if reach < chunk.stop)
        return [replace(chunk, stop=reach) for chunk, reach in reversed(reached) if reach > chunk.start]

    def take_jobs(self, jobs: Collection[int]) -> list[Chunk]:
        """Take all of these jobs."""
        taken = [chunk for chunk in self._chunks if chunk.job in jobs]
        self.forget(lambda chunk: chunk.job in jobs)
        return taken

    @property
    def most_urgent(self) -> int | None:
        """The job of what goes first; None where nothing can begin."""
        place = self._next_place()
        return None if place is None else self._chunks[place].job

    def take(self, slots: int) -> Chunk | None:
        """Take what the next of so many slots is to run: of what can begin, a piece of the most urgent that came first.
        None: there is nothing. For no slots, pieces are as large as the master wants them."""
        place = self._next_place()
        if place is None:
            return None
        chunk = self._chunks[place]
        size = self._size(chunk, slots) if chunk.each else chunk.count
        middle = self.at_block(chunk, chunk.start + size) if size < chunk.count else chunk.stop
        if self._staging:
            middle = min(middle, self._reach(chunk))
        if middle < chunk.stop:
            rest = Chunk(chunk.lease, chunk.job, middle, chunk.stop, chunk.careful, chunk.each, chunk.token)
            self._chunks[place] = rest
        else:
            middle = chunk.stop
            del self._chunks[place]
        return Chunk(chunk.lease, chunk.job, chunk.start, middle, chunk.careful, 0, chunk.token)

    def at_block(self, chunk: Chunk, middle: int) -> int:
        """Where to cut a chunk at about `middle`: at the beginning of a block of arguments, where one is near, since a
        block of which two slots have a part is unpickled by both."""
        if self._specs[chunk.job].chunksize is not None:
            return middle
        near = (middle - chunk.start) // NEAR
        starts = (start for start in self._held.block_starts(chunk.job) if abs(start - middle) <= near)
        return min(starts, key=lambda start: abs(start - middle), default=middle)

    def is_worth_sharing(self, chunk: Chunk) -> bool:
        """Whether a second slot is to have some of it: not where many tasks take less time than to hand them over, as
        far as is known. (Where they take long after all, a slot gives back what is behind the first that does.)"""
        if self._specs[chunk.job].chunksize is not None or chunk.count < 2:
            return False
        mean = self._durations.get(chunk.job)
        return mean is None or chunk.count <= FEW or chunk.count * mean >= SMALLEST_SECONDS

    # --- inside -------------------------------------------------------------------------------------------------

    def _next_place(self) -> int | None:
        if len(self._chunks) == 1 and not self._staging:  # as nearly always
            return 0
        ready = [place for place, chunk in enumerate(self._chunks) if self._reach(chunk) > chunk.start]
        return max(ready, key=lambda place: self._specs[self._chunks[place].job].priority, default=None)

    def _reach(self, chunk: Chunk) -> int:
        """The first task of a chunk that cannot begin. Of pieces that may not be cut, all tasks can, or none."""
        reached = self._staging.reach(chunk)
        if reached == chunk.stop or (chunk.each and self._specs[chunk.job].chunksize is None):
            return reached
        return reached - (reached - chunk.start) % (chunk.each or chunk.count)

    def _size(self, chunk: Chunk, slots: int) -> int:
        """Of a piece: as the master thought, or larger where tasks have turned out to be quick since."""
        mean = self._durations.get(chunk.job)
        if mean is None or not slots or chunk.careful or self._specs[chunk.job].chunksize is not None:
            return chunk.each
        mean = max(mean, 1e-9)
        share = (chunk.count + len(self._running.get(chunk.job, ()))) / slots
        smallest = chunk.count / max(1, round(chunk.count * mean / SMALLEST_SECONDS))
        size = max(share / 2, min(share, SHARE_SECONDS / mean), smallest)
        return max(chunk.each, min(ceil(size), int(PIECE_SECONDS / mean), chunk.each * GROWTH))
