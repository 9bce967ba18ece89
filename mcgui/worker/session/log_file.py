"""The worker's log on disk: of bounded size, to be sent to whoever has to find out what happened."""

from __future__ import annotations

import logging
import logging.handlers
import time
from pathlib import Path

from PySide6.QtCore import QObject, Slot

#: Bytes of one file, and how many older ones are kept beside it.
SIZE, OLDER = 256_000, 3


class _QuietHandler(logging.handlers.RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Print no traceback: that a disk is full is no news."""


class LogFile(QObject):
    """Lines with date and time. Where the disk takes none, it keeps none, and the worker goes on."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._handler = _QuietHandler(path, maxBytes=SIZE, backupCount=OLDER, encoding="utf-8", delay=True)
        self._handler.setFormatter(logging.Formatter("%(message)s"))
        self._closed = False

    @Slot(str)
    def add(self, line: str) -> None:
        """Write it down. What is said after the end opens the file no more."""
        if self._closed:
            return
        text = f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}"
        self._handler.handle(logging.makeLogRecord({"msg": text}))

    def close(self) -> None:
        """Write no more."""
        self._closed = True
        self._handler.close()
