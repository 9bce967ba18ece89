"""What a node needs to run its chunks and does not have: specs and arguments, and no more than one message holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mcgui_core.base.ranges import RangeSet
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Lease
from mcgui_core.scheduler.node_state import NodeRecord

#: Bytes of arguments that one lease brings, about; one block may be larger.
LEASE_BYTES = 64 << 20


def cut(journal: Journal, chunks: tuple[Chunk, ...]) -> tuple[tuple[Chunk, ...], tuple[Chunk, ...]]:
    """The chunks whose arguments fit into one lease, and what is too much. Of one chunk, some may be both."""
    if _fit(journal, chunks):
        return chunks, ()
    kept: list[Chunk] = []
    surplus: list[Chunk] = []
    room = LEASE_BYTES
    for chunk in chunks:
        stop, size = (chunk.start, 0) if room <= 0 else journal.jobs.reach(chunk.job, chunk.start, chunk.stop, room)
        room -= size
        if stop > chunk.start:
            kept.append(replace(chunk, stop=stop))
        if stop < chunk.stop:
            surplus.append(replace(chunk, start=stop))
            room = 0
    return tuple(kept), tuple(surplus)


def lease_payload(journal: Journal, node: NodeRecord, chunks: tuple[Chunk, ...], specs: dict[int, JobSpec]) -> Lease:
    """Chunks, with the specs and the arguments that the node does not have. `specs` are those of their jobs.

    Both sides reckon alike which blocks a node has: those that a chunk needs which it has not reported yet.
    """
    new = {chunk.lease for chunk in chunks}
    held = [
        (lease.chunk.job, lease.chunk.start, lease.chunk.stop)
        for lease in node.leases.values()
        if lease.chunk.lease not in new
    ]
    unknown = {job: spec for job, spec in specs.items() if (job, -1) not in node.knows}
    blocks: dict[tuple[int, int], Block] = {}
    for job, first, last in _spans(chunks):
        for block in journal.jobs.blocks(job, first, last):
            end = block.start + block.count
            if not any(other == job and start < end and block.start < stop for other, start, stop in held):
                blocks[job, block.start] = block
    node.knows.update((job, -1) for job in unknown)
    return Lease(chunks, tuple(unknown.items()), tuple((job, block) for (job, _), block in blocks.items()))


def _fit(journal: Journal, chunks: Iterable[Chunk]) -> bool:
    """All of their arguments fit into one lease, as they nearly always do."""
    room = LEASE_BYTES
    for job, start, stop in _spans(chunks):
        reached, size = journal.jobs.reach(job, start, stop, room)
        room -= size
        if reached < stop or room < 0:
            return False
    return True


def _spans(chunks: Iterable[Chunk]) -> Iterator[tuple[int, int, int]]:
    """Job, start and stop of chunks, of those that follow each other as of one: a block is read once, not for each."""
    together: dict[int, RangeSet] = {}
    for chunk in chunks:
        together.setdefault(chunk.job, RangeSet()).add(chunk.start, chunk.stop)
    return ((job, start, stop) for job, ranges in together.items() for start, stop in ranges)
