"""What the master takes a node to hold: tasks by lease, and the arguments that it need not send again."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from mcgui_core.base.ranges import RangeSet
from mcgui_core.protocol.messages import Block, Chunk, Stored


class HeldLeases:
    """Leases until the master has acknowledged their last task, and blocks of arguments until no lease has a task of
    them. Not thread-safe."""

    def __init__(self) -> None:
        self._leases: dict[int, tuple[Chunk, RangeSet]] = {}  # with the tasks of it that are held
        self._blocks: dict[tuple[int, int], Block] = {}  # by job and first task
        self._absent: dict[tuple[int, int], Block] = {}  # those of them that are not here yet
        self._begun: dict[tuple[int, int], bytearray] = {}  # what has come of these

    def __bool__(self) -> bool:
        return bool(self._leases)

    def __contains__(self, lease: int) -> bool:
        return lease in self._leases

    def __iter__(self) -> Iterator[Chunk]:
        """The parts of them that are held."""
        return (
            replace(chunk, start=start, stop=stop) for chunk, tasks in self._leases.values() for start, stop in tasks
        )

    def add(self, chunk: Chunk) -> None:
        """A lease was granted."""
        self._leases[chunk.lease] = (chunk, RangeSet([(chunk.start, chunk.stop)]))

    def add_block(self, job: int, block: Block) -> None:
        """Arguments came with a lease, or where they lie, which is what has to be fetched."""
        self._blocks[job, block.start] = block
        if self._begun:
            self._begun.pop((job, block.start), None)
        if isinstance(block.data, Stored):
            self._absent[job, block.start] = block
        else:
            self._absent.pop((job, block.start), None)

    @property
    def absent(self) -> Collection[tuple[int, Block]]:
        """The jobs and the arguments that have to be fetched, in the order of their tasks."""
        return [(job, block) for (job, _), block in sorted(self._absent.items())] if self._absent else ()

    def is_absent(self, job: int, block: Block) -> bool:
        """These are to be fetched still."""
        return self._absent.get((job, block.start)) is block

    def come(self, job: int, block: Block) -> int:
        """Bytes that have come of arguments that are not all here."""
        return len(self._begun.get((job, block.start), b""))

    def joined(self, job: int, block: Block, data: bytes, offset: int) -> Any:
        """These bytes of such arguments have come, from that one on. Returns the bytes of all, once they are here."""
        if not offset and (not len(data) or len(data) >= len(block.data)):
            return data
        begun = self._begun.setdefault((job, block.start), bytearray())
        if len(begun) != offset or not len(data):  # from the beginning, where it is to be seen that they are gone
            del self._begun[job, block.start]
            return None
        begun += data
        return begun if len(begun) >= len(block.data) else None

    def has(self, job: int) -> bool:
        """A lease is of this job."""
        return any(chunk.job == job for chunk, _ in self._leases.values())

    def first(self, lease: int) -> int | None:
        """The first task of it that is held."""
        held = self._leases.get(lease)
        return held[1].first if held is not None else None

    def parts(self, chunk: Chunk) -> list[Chunk]:
        """Those of a chunk that are held."""
        held = self._leases.get(chunk.lease)
        spans = held[1].common(chunk.start, chunk.stop) if held is not None else ()
        return [replace(chunk, start=start, stop=stop) for start, stop in spans]

    def finished(self, lease: int, start: int, stop: int) -> None:
        """These of its tasks are not held any more. Their arguments are, until `forget_arguments`."""
        held = self._leases.get(lease)
        if held is not None:
            held[1].remove(start, stop)
            if not held[1]:
                del self._leases[lease]

    def drop(self, jobs: Collection[int], before: int = sys.maxsize) -> None:
        """Leases of these jobs are not held any more, but for those from the number `before` on."""
        self._leases = {n: held for n, held in self._leases.items() if held[0].job not in jobs or n >= before}

    def keep(self, chunks: Iterable[Chunk]) -> None:
        """No others are held."""
        tasks: dict[int, RangeSet] = {}
        for chunk in chunks:
            tasks.setdefault(chunk.lease, RangeSet()).add(chunk.start, chunk.stop)
        self._leases = {n: (chunk, tasks[n]) for n, (chunk, _) in self._leases.items() if n in tasks}

    def blocks_of(self, chunk: Chunk) -> list[Block]:
        """The arguments of a chunk."""
        return [
            block
            for (job, start), block in sorted(self._blocks.items())
            if job == chunk.job and start < chunk.stop and chunk.start < start + block.count
        ]

    def block_starts(self, job: int) -> Iterator[int]:
        """First tasks of its blocks."""
        return (start for of, start in self._blocks if of == job)

    def forget_arguments(self) -> None:
        """Of which no lease has a task."""
        if not self._leases:
            self._blocks.clear()
            self._absent.clear()
            self._begun.clear()
            return
        needed = [(chunk.job, chunk.start, chunk.stop) for chunk, _ in self._leases.values()]
        self._blocks = {
            (job, start): block
            for (job, start), block in self._blocks.items()
            if any(j == job and a < start + block.count and start < b for j, a, b in needed)
        }
        if self._absent:
            self._absent = {key: block for key, block in self._absent.items() if key in self._blocks}
            self._begun = {key: data for key, data in self._begun.items() if key in self._absent}
