"""Errors that nobody caught: told in the window and in the terminal, and the program goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot


class UncaughtErrors(QObject):
    """Takes the place of `sys.excepthook` and `threading.excepthook` until `close()`.

    `happened(str, str)`: an error in one line, and its traceback. Emitted in the thread that this object lives in.
    """

    happened = Signal(str, str)
    _caught = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._telling = False
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def close(self) -> None:
        """Put the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._before[0](kind, error, trace)
        if issubclass(kind, Exception):
            self._caught.emit(_line(kind, error), "".join(traceback.format_exception(kind, error, trace)))

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        self._before[1](args)
        if args.exc_value is not None and issubclass(args.exc_type, Exception):
            text = "".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback))
            self._caught.emit(_line(args.exc_type, args.exc_value), text)

    @Slot(str, str)
    def _tell(self, line: str, text: str) -> None:
        if self._telling:
            return  # an error while an error is told: the terminal has it, and that must do
        self._telling = True
        try:
            self.happened.emit(line, text)
        finally:
            self._telling = False


def _line(kind: type[BaseException], error: BaseException) -> str:
    return f"{kind.__name__}: {error}" if str(error) else kind.__name__
