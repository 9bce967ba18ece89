"""What tasks print and report, on its way out of a slot: text, with the task it belongs to. Runs in the slot."""

from __future__ import annotations

import codecs
import io
import os
import threading
from collections.abc import Callable
from math import isnan
from time import monotonic
from typing import Any

#: Seconds that what is printed or reported waits for more, and characters that do not wait.
INTERVAL, ENOUGH = 0.1, 16_000
#: Characters of such a report that are kept.
STATUS_LENGTH = 200


class OutputCapture:
    """Gathers what is printed and sends it: ("out", [(index, stream, text), ...]); and ("status", index, text, part).

    `send` takes a message; `index` tells which task runs now. From any thread.
    """

    def __init__(self, send: Callable[[tuple[Any, ...]], None], index: Callable[[], int]) -> None:
        self._send, self._index = send, index
        self._lock = threading.RLock()  # a signal handler of the task's may print while it prints
        self._lines: list[tuple[int, str, str]] = []
        self._size = 0
        self._status: tuple[int, str, float | None] | None = None  # the latest, not sent yet
        self._sent = 0.0
        self._timer: threading.Timer | None = None
        self._closed = False
        self.at_once = False  # the task may not live to print more

    def write(self, stream: str, text: str) -> None:
        """Something was printed."""
        if self._closed:
            os.write(2, text.encode("utf-8", "replace"))
            return
        with self._lock:
            index = self._index()
            if self._lines and self._lines[-1][:2] == (index, stream):
                text = self._lines.pop()[2] + text
            self._lines.append((index, stream, text))
            self._size += len(text)
            # Whole lines, if it can be: print writes the end of a line by itself.
            self._send_soon(self.at_once or self._size >= ENOUGH, text.endswith("\n"))

    def report(self, text: str, fraction: float | None) -> None:
        """How far the task is, in its own words. Of several that come quickly the last is sent."""
        if self._closed:
            return
        with self._lock:
            part = None if fraction is None or isnan(fraction) else min(max(float(fraction), 0.0), 1.0)
            self._status = self._index(), str(text)[:STATUS_LENGTH], part
            self._send_soon(self.at_once, complete=True)

    def flush(self) -> None:
        """Send what was gathered."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            lines, self._lines, self._size = self._lines, [], 0
            status, self._status = self._status, None
            if lines or status:
                self._sent = monotonic()
            if lines:
                self._send(("out", lines))
            if status:
                self._send(("status", *status))

    def _send_soon(self, at_once: bool, complete: bool) -> None:
        """Now, if the last time is a while ago; or else when it is, whatever the task does until then."""
        if at_once or (complete and monotonic() - self._sent >= INTERVAL):
            self.flush()
        elif self._timer is None:
            self._timer = threading.Timer(INTERVAL, self.flush)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """No task runs any more: what is printed from here on goes where the worker prints."""
        self.flush()
        self._closed = True

    def close_in_child(self) -> None:
        """A process that a task forks speaks for itself: what it prints goes where the worker prints."""
        self._closed = True
        self._lock = threading.RLock()  # another thread may have held it

    def stream(self, name: str, behind: io.TextIOWrapper) -> io.TextIOWrapper:
        """What takes the place of sys.stdout or sys.stderr: it has all that those have. `behind` names the descriptor
        that programs which a task starts are given."""
        sink = _Sink(self, name, behind)
        stream = io.TextIOWrapper(sink, "utf-8", "backslashreplace", newline="\n", write_through=True)
        sink.stream = stream
        setattr(stream, "mode", "w")  # as sys.stdout has it  # noqa: B010
        return stream


class _Sink(io.BufferedIOBase):
    """Takes the bytes of a stream of text, also those that a task writes as bytes, and gives them out as text."""

    def __init__(self, outlet: OutputCapture, name: str, behind: io.TextIOWrapper) -> None:
        self._outlet, self._name, self._behind = outlet, name, behind
        self.stream: io.TextIOWrapper | None = None
        self._decoder: codecs.IncrementalDecoder | None = None
        self._encoding = ""

    @property
    def name(self) -> str:
        return f"<std{self._name}>"

    mode = "wb"

    @property
    def raw(self) -> _Sink:
        """What lies below a buffer; there is none in between here."""
        return self

    def write(self, data: Any, /) -> int:
        data = bytes(data)
        encoding = self.stream.encoding if self.stream is not None else "utf-8"
        if self._decoder is None or encoding != self._encoding:  # it may be reconfigured
            self._encoding, self._decoder = encoding, codecs.getincrementaldecoder(encoding)("replace")
        if text := self._decoder.decode(data):
            self._outlet.write(self._name, text)
        return len(data)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._behind.fileno()

    def isatty(self) -> bool:
        return False
