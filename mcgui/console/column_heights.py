"""How the panels of a column share its height: as a person has arranged them, also after something took room of it.

Qt takes what a message above the panels needs from whichever panel has it to give, and when the message goes, gives it
to others: so a table creeps up the window with each message.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow


class ColumnHeights(QObject):
    """Call `note` when panels were arranged, and `keep` when `area` has another size."""

    def __init__(self, area: QMainWindow) -> None:
        super().__init__(area)
        self._area = area
        self._columns: tuple[dict[QDockWidget, int], ...] = ()  # pixels of each panel
        self._height = 0  # of the area then
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_arranged)

    @Slot()
    def note(self) -> None:
        """As they are once they have been laid out is how they are to be."""
        self._timer.start()

    @Slot()
    def keep_soon(self) -> None:
        QTimer.singleShot(0, self, self.keep)

    @Slot()
    def keep(self) -> None:
        """Give each the same part of the height that there is now."""
        if self._timer.isActive() or not self._height:
            return
        share = self._area.height() / self._height
        for column in self._columns:
            if all(dock.isVisible() and not dock.isFloating() for dock in column):
                heights = [max(round(height * share), 1) for height in column.values()]
                self._area.resizeDocks(list(column), heights, Qt.Orientation.Vertical)

    @Slot()
    def _on_arranged(self) -> None:
        self._height = self._area.height() if self._area.isVisible() else 0
        self._columns = tuple(self._found())

    def _found(self) -> Iterator[dict[QDockWidget, int]]:
        """Panels that stand below each other, of the same width; not those that share a place as tabs."""
        columns: dict[tuple[int, int], dict[QDockWidget, int]] = {}
        for dock in self._area.findChildren(QDockWidget):
            if dock.isVisible() and not dock.isFloating() and not self._area.tabifiedDockWidgets(dock):
                columns.setdefault((dock.x(), dock.width()), {})[dock] = dock.height()
        return (column for column in columns.values() if len(column) > 1)
