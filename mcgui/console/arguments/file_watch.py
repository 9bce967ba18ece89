"""Notices when the file of the arguments is written anew while they are in front: in a spreadsheet, by a script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background

#: Milliseconds between two looks; by the clock, as environment/file_watcher.py says.
INTERVAL: Final = 1000


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a file, or of a folder's list of files, from another; of one that is not there, nothing.

    `written` is when it came to its place or was written there, in nanoseconds since the epoch.
    """

    written: int = 0
    size: int = -1
    number: int = 0


def stamp_of(path: str) -> Stamp | None:
    """Of no path, that of a file that is not there; None where it cannot be known, as of a drive that is away."""
    try:
        found = Path(path).stat() if path else None
    except (FileNotFoundError, NotADirectoryError):
        found = None
    except (OSError, ValueError):
        return None
    if found is None:
        return Stamp()
    return Stamp(max(found.st_mtime_ns, found.st_ctime_ns), found.st_size, found.st_ino)


class FileWatch(QObject):
    """Looks at one file in the background.

    Signals:
        written(): it is not what it was, and was left alone since the last look: one that grows all the time is not
            read again and again.
    """

    written = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._path = ""
        self._looking = False
        self._known: Stamp | None = None
        self._last: Stamp | None = None  # what the last look found
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.look)

    @property
    def known(self) -> Stamp:
        """What the file was like as it was looked at, or as it is by now."""
        return self._known or Stamp()

    def watch(self, path: str, known: Stamp | None = None) -> None:
        """Watch this file, which was so, or is as the next look finds it; none with ""."""
        self._path, self._known, self._last = path, known, known
        if path:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Look now, unless a look is under way: a network drive may hold it up."""
        path = self._path
        if path and not self._looking:
            self._looking = True
            self._background.run(lambda: stamp_of(path), lambda stamp: self._on_found(path, stamp))

    def _on_found(self, path: str, stamp: Stamp | None) -> None:
        self._looking = False
        if path != self._path or stamp is None:
            return
        rests, self._last = stamp == self._last, stamp
        if self._known is None:
            self._known = stamp
        elif rests and stamp != self._known:
            self._known = stamp
            self.written.emit()
