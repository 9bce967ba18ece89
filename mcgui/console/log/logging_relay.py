"""What our own loggers say, brought to the GUI thread."""

from __future__ import annotations

import logging
from typing import Final

from PySide6.QtCore import QObject, Signal

_LOGGERS: Final = ("mcgui", "mcgui_core")


class LogRelay(QObject):
    """Brings log records of any thread to the GUI thread as `line(level, time, text)`, while it is attached."""

    line = Signal(int, float, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handler = _Handler(self)

    def attach(self) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).addHandler(self._handler)

    def detach(self) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(self._handler)


class _Handler(logging.Handler):
    def __init__(self, relay: LogRelay) -> None:
        super().__init__(logging.INFO)
        self._relay = relay

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self._relay.line.emit(record.levelno, record.created, text)
