"""Running a job once more: its arguments go from the journal back to the journal, and stay closed on the way."""

from __future__ import annotations

from dataclasses import replace

from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput, McguiError
from mcgui_core.protocol.messages import Block
from mcgui_core.protocol.rpc_client import RpcClient

#: Arguments that are asked for at once, and bytes of them at which fewer are.
AT_ONCE, BYTES_HIGH = 64_000, 16 << 20


def run_again(remote: RpcClient, job: Job) -> Job:
    """A new job like this one, on the same arguments. Raises BadInput while those still arrive; JournalFull."""
    status = job.status
    if not status.sealed:
        raise BadInput(f"The arguments of job {job.id} still arrive. Run it again once they are all there.")
    id: int = remote.call("submit", replace(job.spec, expected=status.total), (), status.total == 0)
    try:
        _copy_arguments(remote, job.id, id, status.total)
    except McguiError as error:
        remote.call("abort", id, f"Its arguments could not be copied: {error}")
        raise
    return Job(remote, id, job.spec)


def _copy_arguments(remote: RpcClient, source: int, target: int, total: int) -> None:
    at, step = 0, 1000
    while at < total:
        blocks: tuple[Block, ...] = remote.call("blocks", source, at, min(at + step, total))
        blocks = tuple(block for block in blocks if block.start >= at)  # the last one may have reached beyond its page
        at = blocks[-1].start + blocks[-1].count
        remote.call("extend", target, blocks, at >= total, None)
        size = sum(len(block.data) for block in blocks)
        step = max(1000, step // 4) if size > BYTES_HIGH else min(step * 4, AT_ONCE)
