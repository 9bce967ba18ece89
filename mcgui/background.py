"""Blocking work off the GUI thread, with its outcome delivered back on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


@dataclass(frozen=True)
class _Errand:
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None


class Background(QObject):
    """Runs functions in a few threads; `done` or `failed` is called in the thread that this object lives in.

    An error that nobody asked to hear of is emitted as `trouble(Exception)`: none is ever swallowed.
    After `close()` no callback is called any more.
    """

    trouble = Signal(object)
    _finished = Signal(int)

    def __init__(self, parent: QObject | None = None, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="mcgui-background")
        self._errands: dict[int, _Errand] = {}
        self._outcomes: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._next = 0
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call `work()` in a thread; then `done(its value)`, or `failed(its error)`, in this object's thread."""
        if self._closed:
            return
        number = self._next
        self._next += 1
        self._errands[number] = _Errand(done, failed)
        self._pool.submit(work).add_done_callback(lambda future: self._came(number, future))

    @property
    def busy(self) -> bool:
        """Whether some work has not been answered for yet."""
        return bool(self._errands)

    def close(self) -> None:
        """Begin nothing more, wait for what runs, and drop the callbacks."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._errands.clear()

    def _came(self, number: int, future: Future[Any]) -> None:
        """In a thread of the pool: keep the outcome, and have the other thread look."""
        if self._closed or future.cancelled():
            return
        with self._lock:
            self._outcomes[number] = future
        self._finished.emit(number)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        with self._lock:
            future = self._outcomes.pop(number)
        errand = self._errands.pop(number, None)
        if errand is None or self._closed:
            return
        error = future.exception()
        if error is None:
            if errand.done is not None:
                errand.done(future.result())
        elif not isinstance(error, Exception):
            raise error
        elif errand.failed is not None:
            errand.failed(error)
        else:
            self.trouble.emit(error)
