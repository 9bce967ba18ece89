"""The way of a job's arguments to the master: in blocks, also while the job runs, and over the master's absences."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from mcgui_core.client.argument_blocks import batch, streamed_blocks
from mcgui_core.client.job import POLL
from mcgui_core.client.read_ahead import ReadAhead
from mcgui_core.errors import ConnectionFailed, JournalFull, KeyRefused, McguiError, VersionMismatch
from mcgui_core.protocol.rpc_client import RpcClient

#: Blocks of arguments that travel in the first message of a job, which should start soon, and in each later one.
BLOCKS_FIRST, BLOCKS_LATER = 16, 128
#: Bytes of arguments that travel in one message, about; one block may be larger.
BATCH_BYTES = 32 << 20
#: Seconds before another attempt to hand over arguments to a master that cannot be reached.
RETRY = 0.3


class ArgumentUploader:
    """Brings arguments to a master, in the calling thread or in one of its own for each job. Thread-safe."""

    def __init__(self, remote: RpcClient) -> None:
        self._remote = remote
        self._closed = threading.Event()
        self._feeders: dict[int, tuple[threading.Thread, ReadAhead]] = {}  # by job

    def give_up(self, reason: str) -> None:
        """Jobs whose arguments are still being read are cancelled, and say why. Nothing is sent after that."""
        for id, (feeder, _) in self._feeders.items():
            if feeder.is_alive():
                self.abort(id, reason)
        self._closed.set()

    def join(self) -> None:
        """Wait for the threads, whose calls have failed since the connections were closed."""
        for feeder, reader in self._feeders.values():
            reader.close()
            feeder.join()

    def abort(self, id: int, reason: str) -> None:
        """Cancel a job whose arguments cannot be brought to their end; it says why. No effect once all have arrived."""
        with suppress(McguiError):  # the master is gone: then the job has stopped with it
            self._remote.call("abort", id, reason)

    def bring(self, id: int, source: Iterator[Any]) -> None:
        with self._telling(id):
            more = True
            while more:
                part = batch(source, BLOCKS_LATER, BATCH_BYTES)
                # All of it at once, even if no worker is there yet: it has an end, and may have been submitted first.
                more = self._hand_over(id, part.blocks, part.last, None) and not part.last

    def bring_in_background(self, id: int, reader: ReadAhead, start: int = 0) -> None:
        def feed() -> None:
            # The job says why it ended (`abort`); here is nobody who could be told.
            with suppress(Exception), closing(reader), self._telling(id):
                # Block by block: the next may be long in coming.
                if all(self._hand_over(id, (block,), False, POLL) for block in streamed_blocks(reader, start)):
                    self._hand_over(id, (), True, POLL)

        feeder = threading.Thread(target=feed, name=f"mcgui-feeder-{id}", daemon=True)
        self._feeders = {id: (thread, reader) for id, (thread, reader) in self._feeders.items() if thread.is_alive()}
        self._feeders[id] = feeder, reader
        feeder.start()

    def _hand_over(self, id: int, part: tuple[Any, ...], sealed: bool, timeout: float | None) -> bool:
        """Bring more arguments; waits while the master cannot keep them or is away, and with a `timeout` also while it
        has enough. Returns whether the job goes on."""
        while True:
            try:
                taken = self._remote.call("extend", id, part, sealed, timeout, wait=timeout or 0.0)
            except (KeyRefused, VersionMismatch):
                raise
            except (ConnectionFailed, JournalFull):
                if self._closed.wait(RETRY):
                    raise
                continue
            if taken is not False:
                return taken is not None

    @contextmanager
    def _telling(self, id: int) -> Iterator[None]:
        """What keeps the arguments from being read to their end ends the job, which says it."""
        try:
            yield
        except McguiError as error:
            self.abort(id, str(error))
            raise
        except Exception as error:
            self.abort(id, f"Its arguments could not be read to their end: {type(error).__name__}: {error}")
            raise
