"""Running a job once more: its arguments go from the journal back to the journal, and stay closed on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mcgui_core.client.argument_blocks import Batch
from mcgui_core.client.argument_uploader import ArgumentUploader
from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import Block
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.values.local_store import LocalStore, for_wire

#: Arguments that are asked for at once, and bytes of them at which fewer are.
AT_ONCE, BYTES_HIGH = 64_000, 16 << 20


def run_again(remote: RpcClient, uploader: ArgumentUploader, job: Job, store: LocalStore) -> Job:
    """A new job like this one, on the same arguments. Raises BadInput where those are not all there; JournalFull."""
    status = job.status
    if not status.sealed:
        why = status.reason if status.final else "They still arrive."
        raise BadInput(f"Job {job.id} has not got all of its arguments, so it cannot be run again. {why}")
    id: int = remote.call(
        "submit", for_wire(replace(job.spec, expected=status.total), "pickled_function"), (), status.total == 0
    )
    if status.total:
        uploader.bring_batches(id, _stored(remote, job.id, status.total))
    return Job(remote, id, job.spec, store, job.trust)


def _stored(remote: RpcClient, job: int, total: int) -> Iterator[Batch]:
    """The arguments of a job, from the journal."""
    at, step = 0, 1000
    while at < total:
        blocks: tuple[Block, ...] = remote.call("blocks", job, at, min(at + step, total))
        blocks = tuple(block for block in blocks if block.start >= at)  # the last one may have reached beyond its page
        at = blocks[-1].start + blocks[-1].count
        yield Batch(blocks, last=at >= total)
        size = sum(len(block.data) for block in blocks)
        step = max(1000, step // 4) if size > BYTES_HIGH else min(step * 4, AT_ONCE)
