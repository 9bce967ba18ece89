"""What a slot's process writes without Python's streams: libraries in C, programs that its tasks start, its last words.

Read by the agent, and not in the slot: a library that prints while it holds Python's lock would wait for ever for a
reader there, and what a process says as it crashes would be lost.
"""

from __future__ import annotations

import codecs
import os
import select
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

#: Bytes that are read at a time.
PIECE = 1 << 16
#: Seconds between two full pieces: a task that only prints must not keep the agent from all else.
BREATH = 0.001
#: Seconds that the rest may take to come, where nobody can tell whether there is any (Windows).
REST_SECONDS = 1.0


class RawOutput:
    """Thread-safe. Has a thread of its own until the last process is gone that may write."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe, self._fd = pipe, pipe.fileno()
        self._lock = threading.Lock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._hear: Callable[[int, str], None] | None = None
        self._index = -1
        self._ended = False
        if sys.platform != "win32":
            os.set_blocking(self._fd, False)
        self._thread = threading.Thread(target=self._read_all, name="mcgui-slot-output", daemon=True)
        self._thread.start()

    def told_to(self, hear: Callable[[int, str], None] | None, index: int = -1) -> None:
        """From now on `hear` is told the task that runs, and what is written; None: it goes where the worker prints.
        `index` is as `at` has it."""
        with self._lock:
            self._take()
            self._hear, self._index = hear, index

    def at(self, index: int) -> None:
        """From now on the task of this index runs; -1: none. What is there by now was written before."""
        with self._lock:
            self._take()
            self._index = index

    def finish(self) -> None:
        """The process has ended, and what it started too: what they said last is told before this returns."""
        if sys.platform == "win32":
            self._thread.join(REST_SECONDS)
        with self._lock:
            self._take()

    # --- inside -------------------------------------------------------------------------------------------------

    def _read_all(self) -> None:
        while not self._ended:
            if sys.platform == "win32":
                data = os.read(self._fd, PIECE)
                with self._lock:
                    self._tell(data)
            else:
                waiting = select.poll()
                waiting.register(self._fd, select.POLLIN)
                waiting.poll()
                with self._lock:
                    data = self._take()
            if len(data) == PIECE:
                threading.Event().wait(BREATH)
        self._pipe.close()

    def _take(self) -> bytes:
        """Tell what is there by now, a piece of it at most, under the lock; on Windows nobody can tell what is."""
        if self._ended or sys.platform == "win32":
            return b""
        try:
            data = os.read(self._fd, PIECE)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        self._tell(data)
        return data

    def _tell(self, data: bytes) -> None:
        self._ended = not data
        text = self._decoder.decode(data, final=self._ended)
        if not text:
            return
        if self._hear is not None:
            self._hear(self._index, text)
            return
        with suppress(OSError):
            os.write(2, text.encode("utf-8", "replace"))
