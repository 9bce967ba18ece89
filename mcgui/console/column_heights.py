"""How the panels of a column share its height: as a person has arranged them, also after something took room of it.

Qt takes what a message above the panels needs from whichever panel has it to give, and when the message goes, gives it
to others: so a table creeps up the window with each message.

Each panel has what it needs at least. What makes it comfortable beyond that (`Comfort`) it has as well, as long as
there is room for all of its column; where there is not, they give it up in the order in which the comforts are told.
That depends on the height of the room and on what the panels need, and on nothing that comes of it: so it never swings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStyle, QWidget


@dataclass(frozen=True, slots=True)
class Comfort:
    """Pixels of its height that a panel can do without: `wanted()` of them, and none where there are fewer than
    `least()`. `panel` is the object name of its dock. `told` hears whether there is room for all of them."""

    panel: str
    wanted: Callable[[], int]
    least: Callable[[], int] = lambda: 0
    told: Callable[[bool], object] = lambda _has_room: None


class ColumnHeights(QObject):
    """Call `add` for each panel, `note` when panels were arranged, and `keep` when `area` has another size.

    `area` is the room that a column has, until `keep_within` tells of another one.
    """

    def __init__(self, area: QMainWindow) -> None:
        super().__init__(area)
        self._area = area
        self._room: QWidget = area
        self._held: dict[QDockWidget, QWidget] = {}
        self._comforts: tuple[Comfort, ...] = ()
        self._needs: dict[QDockWidget, int] = {}  # pixels that each panel claims, with its comfort
        self._columns: tuple[dict[QDockWidget, int], ...] = ()  # pixels of each panel
        self._height = 0  # of the area then
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_arranged)

    def add(self, dock: QDockWidget, held: QWidget) -> None:
        """Have this panel share the height of its column; `held` is all of it below its grip, and has a layout."""
        self._held[dock] = held
        held.installEventFilter(self)

    def give_way(self, comfort: Comfort) -> None:
        """Have this given up where a column is higher than the room, after those that are told already."""
        self._comforts = (*self._comforts, comfort)

    def keep_within(self, room: QWidget) -> None:
        """A column is to be no higher than this."""
        self._room = room
        room.installEventFilter(self)
        self.share_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == (QEvent.Type.Resize if watched is self._room else QEvent.Type.LayoutRequest):
            self.share_out()
        return super().eventFilter(watched, event)

    # What each has at least

    @Slot()
    def share_out(self) -> None:
        """Let each panel claim what it needs, with what comfort there is room for."""
        columns = [list(column) for column in self._found()]
        alone = [[dock] for dock in self._held if not any(dock in column for column in columns)]  # as one that floats
        needs: dict[QDockWidget, int] = {}
        for column in columns:
            needs |= self._shared_out(column, self._room.height())
        for column in alone:
            needs |= self._shared_out(column, None)
        # What needs less comes first: one that is given its place while it still claims more stays as high as it was.
        by_more = sorted(needs, key=lambda dock: needs[dock] - self._held[dock].minimumHeight())
        for dock in by_more:
            self._held[dock].setMinimumHeight(needs[dock])
            if (layout := dock.layout()) is not None:
                layout.activate()  # or the area hears of it some turns later, and is laid out for what was before
        changed = bool(self._needs) and needs != self._needs
        self._needs = needs
        if changed:
            self.keep()  # back to how they are to be, as far as that goes now

    def _shared_out(self, column: list[QDockWidget], room: int | None) -> dict[QDockWidget, int]:
        """Pixels that each of these claims, without its grip. Where `room` is None, they have all their comfort."""
        needs = {dock: _least(self._held[dock]) for dock in column}
        by_name = {dock.objectName(): dock for dock in column}
        comforts = [(one, one.wanted(), one.least()) for one in self._comforts if one.panel in by_name]
        wanted = self._high(column) + sum(pixels for _, pixels, _ in comforts)
        lack = 0 if room is None else max(wanted - room, 0)
        for comfort, pixels, least in comforts:
            left = pixels - min(lack, pixels)
            left = left if left >= least else 0
            comfort.told(not lack)
            lack = max(lack - (pixels - left), 0)
            needs[by_name[comfort.panel]] += left
        return needs

    def _high(self, column: Iterable[QDockWidget]) -> int:
        """Pixels of a column of these without any comfort."""
        docks = list(column)
        gap = self._area.style().pixelMetric(QStyle.PixelMetric.PM_DockWidgetSeparatorExtent, None, self._area)
        grips = sum(dock.titleBarWidget().sizeHint().height() for dock in docks)
        return sum(_least(self._held[dock]) for dock in docks) + grips + gap * (len(docks) - 1)

    def least(self) -> int:
        """Pixels of the height of the highest column without any comfort."""
        return max(map(self._high, self._found()), default=0)

    # What each has beyond that

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
        self._columns = tuple(column for column in self._found() if len(column) > 1)
        self.share_out()

    def _found(self) -> Iterator[dict[QDockWidget, int]]:
        """Panels that stand below each other, of the same width; not those that share a place as tabs."""
        columns: dict[tuple[int, int], dict[QDockWidget, int]] = {}
        for dock in self._held:
            if dock.isVisible() and not dock.isFloating() and not self._area.tabifiedDockWidgets(dock):
                columns.setdefault((dock.x(), dock.width()), {})[dock] = dock.height()
        return iter(columns.values())


def _least(held: QWidget) -> int:
    layout = held.layout()
    return layout.minimumSize().height() if layout is not None else 0
