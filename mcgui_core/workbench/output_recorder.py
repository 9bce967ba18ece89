"""What a tried function prints: the beginning as it comes, and of very much the end; the middle is counted."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from mcgui_core.slots.output_capture import OutputCapture

#: Characters that are sent as they are printed, and those that are kept of what comes after them.
HEAD, TAIL = 50_000, 10_000
#: Writes that are sent at once, since what prints may not live to print more. Sending every one of very many would
#: take longer than what is tried.
WRITES_AT_ONCE = 200


class OutputRecorder(OutputCapture):
    """An outlet that sends no more than a person reads."""

    def __init__(self, send: Callable[[tuple[Any, ...]], None]) -> None:
        super().__init__(send, lambda: 0)
        self._room = HEAD
        self._end: deque[str] = deque()
        self._left_out = self._kept = 0
        self._guard = threading.Lock()
        self._writes = 0
        self.muted = False  # what repetitions print has been printed by the first call

    def write(self, stream: str, text: str) -> None:
        if self.muted:
            return
        with self._guard:
            self._writes += 1
            self.at_once = self._writes <= WRITES_AT_ONCE
            taken, rest = text[: self._room], text[self._room :]
            self._room -= len(taken)
            if rest:
                self._keep(rest)
        if taken:
            super().write(stream, taken)

    def report(self, text: str, fraction: float | None) -> None:
        if not self.muted:
            super().report(text, fraction)

    def finish(self) -> tuple[int, str]:
        """Send what is left of the beginning; returns how many characters of the middle are left out, and the end."""
        self.flush()
        with self._guard:
            return self._left_out, "".join(self._end)

    def _keep(self, text: str) -> None:
        if not self._end and not self._left_out:
            self._send(("cut",))
        if len(text) > TAIL:
            self._left_out += len(text) - TAIL
            text = text[-TAIL:]
        self._end.append(text)
        self._kept += len(text)
        while self._kept - len(self._end[0]) >= TAIL:
            gone = len(self._end.popleft())
            self._kept -= gone
            self._left_out += gone
