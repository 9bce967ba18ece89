"""What is large travels beside a node's reports and heartbeats, a piece at a time, what is most urgent first: arguments
to it, and results from it. Each way is a thread of the agent, with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from mcgui_core.errors import McguiError
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol import codec
from mcgui_core.protocol.messages import Block, Outcome, Report

#: Seconds after which something is asked for once more that a broken connection kept from us.
ASK_AGAIN = 0.2
#: Bytes that are brought at once.
PIECE = 4 << 20


class BulkTransfer:
    """One node's. `fetch_arguments` and `bring_results` are what two threads run, until `stopped`."""

    def __init__(self, id: str, work: Workload, call: Callable[..., Any], stopped: threading.Event) -> None:
        """`id` is the node's; `call` calls a method of the master, for which it waits while that is away."""
        self._id, self._work, self._call, self._stopped = id, work, call, stopped

    def fetch_arguments(self) -> None:
        """Fetch what leases only named. Until `stopped`."""
        work = self._work
        while not self._stopped.is_set():
            with work.changed:
                work.absent.wait_for(lambda: self._stopped.is_set() or work.next_absent() is not None)
                found = work.next_absent()
            try:
                if found is None or not self._fetch_some(*found):
                    self._stopped.wait(ASK_AGAIN)  # they are not needed any more, or we have not joined again yet
            except McguiError:  # they cannot be read now
                self._stopped.wait(ASK_AGAIN)

    def bring_results(self) -> None:
        """Bring what is too large for a report. Until `stopped`."""
        work = self._work
        while not self._stopped.is_set():
            with work.changed:
                work.outgoing.wait_for(lambda: self._stopped.is_set() or len(work.bulk))
                found, visit = work.next_bulk(), work.visit
            try:
                if found:
                    self._bring_some(found, visit)
            except McguiError:  # it cannot be written now
                with work.changed:
                    work.bulk.refused()
                self._stopped.wait(ASK_AGAIN)

    def _fetch_some(self, job: int, blocks: list[Block]) -> bool:
        """A piece of the first of these arguments, and with its end as many of the others as come at once: what is more
        urgent by then is fetched next. False where they are not ours."""
        come = self._work.come(job, blocks[0])
        pieces = self._call("argument_pieces", self._id, job, tuple(block.start for block in blocks), come)
        for place, (block, piece) in enumerate(zip(blocks, pieces, strict=False)):
            # b"": they are gone, and what needs them fails where they are opened
            self._work.arrived(job, block, piece, 0 if place else come)
        return bool(pieces)

    def _bring_some(self, results: list[tuple[Outcome, int | None]], visit: int) -> None:
        """A piece of the first of these results, and with its end as many of the others as go at once."""
        pieces: list[Outcome] = []
        offsets: list[int] = []
        room = PIECE
        for outcome, come in results:
            rest = memoryview(cast("bytes", outcome.values))[come or 0 :]
            if pieces and len(rest) > room:
                break
            part = b"" if come is None else codec.large(rest[:room])  # None: the master is asked what it has
            pieces.append(replace(outcome, values=part, failures=()))
            offsets.append(come or 0)
            room -= min(room, len(rest))
        sizes = tuple(len(outcome.values) for outcome, _ in results[: len(pieces)])
        reached = self._call("bring_results", self._id, Report(outcomes=tuple(pieces)), tuple(offsets), sizes)
        self._work.brought([outcome for outcome, _ in results[: len(pieces)]], reached, visit)
