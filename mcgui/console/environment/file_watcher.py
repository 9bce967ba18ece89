"""Notices when another program changes or takes away a file that is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.environment.source_file import FileTrouble, SourceFile, Stamp, read_source, stamp_of

#: Milliseconds between two looks. By the clock and not by a watcher of the system's: those know nothing of network
#: drives, and lose a file that is saved by putting another in its place.
INTERVAL = 1000


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is not any more what it was. `file` is None where it is gone, or is no text any more."""

    path: Path
    file: SourceFile | None
    before: Stamp  # what it was when the look at it began


class FileWatcher(QObject):
    """Looks at the files that `files()` names, with what they were like, in the background.

    Signals:
        changed(tuple[Changed, ...]): these are different; told again with every look until `files` knows them so.
    """

    changed = Signal(object)

    def __init__(
        self, background: Background, files: Callable[[], dict[Path, Stamp]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background, self._files = background, files
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Look now, unless a look is under way: a network drive may hold it up."""
        files = self._files()
        if files and not self._looking:
            self._looking = True
            self._background.run(lambda: _look(files), self._on_looked, self._on_failed)

    def stop(self) -> None:
        self._timer.stop()

    def _on_looked(self, found: tuple[Changed, ...]) -> None:
        self._looking = False
        if found:
            self.changed.emit(found)

    def _on_failed(self, _error: Exception) -> None:
        self._looking = False  # whatever the disk had, the next look may go better


def _look(files: dict[Path, Stamp]) -> tuple[Changed, ...]:
    """In the background: what of these is different."""
    found = []
    for path, stamp in files.items():
        try:
            if stamp_of(path) == stamp:
                continue
            found.append(Changed(path, read_source(path), stamp))
        except FileNotFoundError:
            found.append(Changed(path, None, stamp))
        except FileTrouble:
            found.append(Changed(path, None, stamp))
        except OSError:
            continue  # a drive that is away for a while: not for us to tell of
    return tuple(found)
