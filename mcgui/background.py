"""Blocking work off the GUI thread, with its outcome delivered back on it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


@dataclass(slots=True)
class _Errand:
    """What is to be done, and what came of it.

    Work and callbacks hold widgets. Whoever lets go of a widget last destroys it, and only the GUI thread may. The pool
    keeps what it was given for a moment longer than anybody can tell, so it is given an errand, which `drop` empties.
    """

    work: Callable[[], Any] | None
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    value: Any = None
    error: BaseException | None = None

    def do(self) -> None:
        """In a thread of the pool."""
        assert self.work is not None, "it is done once, before it is dropped"
        try:
            self.value = self.work()
        except BaseException as error:  # noqa: BLE001 - the GUI thread raises or tells it
            inner = error.__traceback__.tb_next if error.__traceback__ is not None else None
            self.error = error.with_traceback(inner)  # without this frame, which would hold the errand for ever

    def drop(self) -> None:
        """In the GUI thread: let go of everything."""
        self.work = self.done = self.failed = self.value = self.error = None


class Background(QObject):
    """Runs functions in a few threads; `done` or `failed` is called in the thread that this object lives in.

    An error that nobody asked to hear of is emitted as `trouble(Exception)`: none is ever swallowed.
    After `close()` no callback is called any more. One that is `held` takes errands, and begins them at `release()`.
    """

    trouble = Signal(object)
    _finished = Signal(int)

    def __init__(self, parent: QObject | None = None, threads: int = 4, held: bool = False) -> None:
        super().__init__(parent)
        self._held = held
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="mcgui-background")
        self._errands: dict[int, _Errand] = {}
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
        errand = self._errands[number] = _Errand(work, done, failed)
        if not self._held:
            self._pool.submit(self._do, number, errand)

    @Slot()
    def release(self) -> None:
        """Begin what was asked for until now, in that order, and from now on everything at once."""
        if not self._held or self._closed:
            return
        self._held = False
        for number, errand in self._errands.items():
            self._pool.submit(self._do, number, errand)

    @property
    def busy(self) -> bool:
        """Whether some work has not been answered for yet."""
        return bool(self._errands)

    def close(self) -> None:
        """Begin nothing more, wait for what runs, and drop the callbacks."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        for errand in self._errands.values():
            errand.drop()
        self._errands.clear()

    def _do(self, number: int, errand: _Errand) -> None:
        """In a thread of the pool: do it, and have the other thread look."""
        errand.do()
        if not self._closed:
            self._finished.emit(number)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        errand = self._errands.pop(number, None)
        if errand is None or self._closed:
            return
        try:
            self._tell(errand)
        finally:
            errand.drop()

    def _tell(self, errand: _Errand) -> None:
        error = errand.error
        if error is None:
            if errand.done is not None:
                errand.done(errand.value)
        elif not isinstance(error, Exception):
            raise error
        elif errand.failed is not None:
            errand.failed(error)
        else:
            self.trouble.emit(error)
