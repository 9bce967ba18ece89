"""Ctrl+C and SIGTERM in a Qt program: heard at once, and ended cleanly.

Python runs signal handlers only when it runs Python code, which Qt's event loop does not while nothing happens. So
the C-level handler writes a byte into a socket (`signal.set_wakeup_fd`), Qt watches that socket, and the event that
it makes of it gives Python its turn.
"""

from __future__ import annotations

import os
import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Signal, Slot

#: Signals that ask a program to end, as far as this platform has them.
_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


class ExitSignals(QObject):
    """Emits `asked` at the first Ctrl+C. The second one ends the program at once.

    Must be made in the main thread. `close()` puts everything back as it was.
    """

    asked = Signal()
    _came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        # Told from the event loop: the handler itself runs between any two steps of the program, in the middle of a
        # print as well, where whoever hears of it could not even print.
        self._came.connect(self.asked, Qt.ConnectionType.QueuedConnection)
        self._before = {number: signal.signal(number, self._heard) for number in _ENDING}
        self._fd_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._handled = self._written = 0  # signals, as Python's handler and as the socket tell of them
        self._asked = False

    @Slot()
    def _drain(self) -> None:
        """Empty the socket: a byte for each signal, its number. Counted here too, since Python's own handler runs only
        when Python next does, which after the last of these bytes may be never."""
        try:
            numbers = self._reader.recv(64)
        except BlockingIOError:
            return
        for number in numbers:
            if number in _ENDING:
                self._written += 1
                self._hear(self._written, number)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self._handled += 1
        self._hear(self._handled, number)

    def _hear(self, count: int, number: int) -> None:
        """The `count`th signal, by either of the two ways."""
        if count > 1:
            # Whoever asks twice does not want to wait for a clean end. Our children end by themselves without us.
            os._exit(128 + number)
        if not self._asked:
            self._asked = True
            self._came.emit()

    def close(self) -> None:
        """Hand the signals back."""
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()
