"""The way of a job's arguments to the master: in blocks, also while the job runs, and over the master's absences.

Where a job ends before all of its arguments have been read, because somebody cancelled it or a failure stopped it,
reading stops there, and goes on should somebody retry the job: only whoever has the arguments can make it whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain

from mcgui_core.client.argument_blocks import BLOCK_TASKS, Batch, batch, streamed_blocks
from mcgui_core.client.job import POLL
from mcgui_core.client.read_ahead import ReadAhead
from mcgui_core.errors import ConnectionFailed, JournalFull, KeyRefused, McguiError, VersionMismatch
from mcgui_core.protocol.messages import Block
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.values.local_store import LocalStore, for_wire

#: Blocks of arguments, and tasks in them, that travel in the first message of a job, which should start soon, and in
#: later ones at most: each has twice as many as the one before, and nodes run what has come while others are pickled.
BLOCKS_FIRST, BLOCKS_LATER = 5, 16
TASKS_FIRST, TASKS_LATER = 2 * BLOCK_TASKS, 16 * BLOCK_TASKS
#: Bytes of arguments that travel in one message, about; one block may be larger.
BATCH_BYTES = 32 << 20
#: Seconds before another attempt to hand over arguments to a master that cannot be reached.
RETRY = 0.3


class ArgumentUploader:
    """Brings arguments to a master, in the calling thread or in one of its own for each job. Thread-safe."""

    def __init__(self, remote: RpcClient, store: LocalStore) -> None:
        self._remote, self._store = remote, store
        self._closed = threading.Event()
        self._readers: dict[int, tuple[threading.Thread, Callable[[], None]]] = {}  # by job; what ends the reading

    def bring(self, id: int, source: Iterator[Block]) -> None:
        """Hand over all of these blocks now. Raises what reading them raises, and what the master does for good.

        All of it at once, even if no worker is there yet: it has an end, and may have been submitted first. If the job
        ends meanwhile, the rest is kept for a retry.
        """
        self.bring_batches(id, _batches(source))

    def bring_batches(self, id: int, batches: Iterator[Batch]) -> None:
        """As `bring`, as the batches are."""
        with self._telling(id):
            for part in batches:
                taken = self._hand_over(id, part, None)
                if taken is False:
                    self._in_background(id, chain((part,), batches), lambda: None)
                if not taken:
                    return

    def bring_in_background(self, id: int, reader: ReadAhead, start: int = 0) -> None:
        """Hand over arguments as they are read, the first of which has the index `start`, and seal the job."""
        self._in_background(id, self._streamed(reader, start), reader.close)

    def abort(self, id: int, reason: str) -> None:
        """Cancel a job whose arguments cannot be brought to their end; it says why. No effect once all have arrived."""
        with suppress(McguiError):  # the master is gone: then the job has stopped with it
            self._remote.call("abort", id, reason)

    def give_up(self, reason: str) -> None:
        """Jobs whose arguments are still being read are cancelled, and say why. Nothing is sent after that."""
        for id, (thread, _) in self._readers.items():
            if thread.is_alive():
                self.abort(id, reason)
        self._closed.set()

    def join(self) -> None:
        """Wait for the threads, whose calls have failed since the connections were closed."""
        for thread, stop in self._readers.values():
            if thread.is_alive():  # as none is in a process that was forked, where a lock may be held for ever
                stop()
                thread.join()

    # --- inside -------------------------------------------------------------------------------------------------

    def _in_background(self, id: int, batches: Iterator[Batch], stop: Callable[[], None]) -> None:
        def run() -> None:
            # The job says why it ended (`abort`); here is nobody who could be told.
            with suppress(Exception), self._telling(id):
                for part in batches:
                    taken: bool | None = False
                    while taken is False:  # the master has enough for now, or the job is over until somebody retries it
                        taken = self._hand_over(id, part, POLL)
                    if taken is None:
                        break
            stop()

        thread = threading.Thread(target=run, name=f"mcgui-uploader-{id}", daemon=True)
        self._readers = {id: reader for id, reader in self._readers.items() if reader[0].is_alive()}
        self._readers[id] = thread, stop
        thread.start()

    def _hand_over(self, id: int, part: Batch, timeout: float | None) -> bool | None:
        """Bring more arguments, as `extend` of the master takes them; waits while it cannot keep them or is away."""
        while True:
            try:
                taken: bool | None
                blocks = tuple(for_wire(block, "data") for block in part.blocks)
                taken = self._remote.call("extend", id, blocks, part.last, timeout, wait=timeout or 0.0)
            except (KeyRefused, VersionMismatch):
                raise
            except (ConnectionFailed, JournalFull):
                if self._closed.wait(RETRY):
                    raise
                continue
            return taken

    def _streamed(self, reader: ReadAhead, start: int) -> Iterator[Batch]:
        """Block by block: the next may be long in coming."""
        for block in self._store.putting(streamed_blocks(reader, start), "data"):
            yield Batch((block,), last=False)
        yield Batch((), last=True)

    @contextmanager
    def _telling(self, id: int) -> Iterator[None]:
        """What keeps the arguments from being read to their end ends the job, which says it."""
        try:
            yield
        except McguiError as error:
            self.abort(id, str(error))
            raise
        except Exception as error:
            self.abort(id, f"Its arguments could not be read to their end: {_described(error)}.")
            raise
        except BaseException as error:  # Ctrl+C, above all: nobody will go on from here
            self.abort(id, f"The reading of its arguments was interrupted ({type(error).__name__}).")
            raise


def _described(error: Exception) -> str:
    """As the last line of a traceback has it, without a full stop."""
    return f"{type(error).__name__}: {error}".rstrip(" .:")


def _batches(source: Iterator[Block]) -> Iterator[Batch]:
    part, blocks, tasks = Batch((), last=False), BLOCKS_FIRST, TASKS_FIRST
    while not part.last:
        blocks, tasks = min(2 * blocks, BLOCKS_LATER), min(2 * tasks, TASKS_LATER)
        part = batch(source, blocks, tasks, BATCH_BYTES)
        yield part
