"""Looks for masters on the local network while somebody may want to join one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from mcgui_core.protocol.lan_discovery import MasterWatch


class MasterSearch(QObject):
    """`look(True)` begins to look, `look(False)` ends it. Without the extra `discovery` nothing is ever found.

    Signals:
        found(tuple[FoundMaster, ...]): these are there now. It is emitted in another thread, so connect it to methods
            of QObjects only.
    """

    found = Signal(object)

    def __init__(self, interfaces: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interfaces = interfaces
        self._watch: MasterWatch | None = None
        self._leaving: list[MasterWatch] = []  # they take a moment, for which no window waits

    @property
    def looking(self) -> bool:
        """Whether it looks now."""
        return self._watch is not None

    def look(self, wanted: bool) -> None:
        """Does nothing where it is so already."""
        if wanted == (self._watch is not None):
            return
        if self._watch is not None:
            self._watch.stop()
            self._leaving = [watch for watch in self._leaving if watch.running] + [self._watch]
            self._watch = None
        else:
            self._watch = MasterWatch(self.found.emit, self._interfaces)
            self._watch.start()

    def close(self) -> None:
        """Look no more; returns when all is cleared away, within a second or two."""
        self.look(False)
        for watch in self._leaving:
            watch.close()
