"""What a node fetches from its master of its own accord: files that jobs need, and arguments that leases only named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from mcgui_core.errors import ConnectionFailed, ConnectionLost, McguiError
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol.messages import Block
from mcgui_core.protocol.rpc_client import RpcClient

#: Seconds after which something is asked for once more that a broken connection kept from us.
ASK_AGAIN = 0.2


class ContentFetch:
    """Thread-safe: the workload's lock is held while it looks for what is to be fetched, and never during a call."""

    def __init__(
        self,
        id: str,
        work: Workload,
        stopped: threading.Event,
        remote: Callable[[], RpcClient | None],
        address: Callable[[], str],
    ) -> None:
        """For the node with this `id`, until `stopped`. `remote` waits for a while until there is a connection, and
        `address` is where it leads."""
        self._id, self._work, self._stopped, self._remote, self._address = id, work, stopped, remote, address

    def content_piece(self, sha256: str, offset: int) -> Any:
        """A piece of a file that a job needs (bytes), from the master; called in threads of slots.

        A connection that is lost is waited for. Raises BadInput where the master has no such content, ConnectionLost
        once this has stopped.
        """
        return self._piece("content_piece", sha256, offset)

    def fetch_arguments(self) -> None:
        """Fetch what leases only named, what is most urgent first. Until stopped."""
        work = self._work
        while not self._stopped.is_set():
            with work.lock:
                work.absent.wait_for(lambda: self._stopped.is_set() or work.next_absent() is not None)
                found = work.next_absent()
            try:
                if found is None or not self._fetch_some(*found):
                    self._stopped.wait(ASK_AGAIN)  # they are not needed any more, or we have not joined again yet
            except McguiError:  # they cannot be read now
                self._stopped.wait(ASK_AGAIN)

    def _fetch_some(self, job: int, blocks: list[Block]) -> bool:
        """A piece of the first of these arguments, and with its end as many of the others as come at once: what is more
        urgent by then is fetched next. False where they are not ours."""
        come = self._work.come(job, blocks[0])
        pieces = self._piece("argument_pieces", self._id, job, tuple(block.start for block in blocks), come)
        for place, (block, piece) in enumerate(zip(blocks, pieces, strict=False)):
            # b"": they are gone, and what needs them fails where they are opened
            self._work.arrived(job, block, piece, 0 if place else come)
        return bool(pieces)

    def _piece(self, method: str, *args: object) -> Any:
        while not self._stopped.is_set():
            remote = self._remote()
            if remote is None:
                continue
            try:
                return remote.call(method, *args)
            except ConnectionFailed:
                self._stopped.wait(ASK_AGAIN)
        raise ConnectionLost(self._address(), "the worker has left")
