"""The panels of the window, each of which can be moved, resized, floated and closed."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QEnterEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QScrollArea, QWidget

from mcgui.console.column_heights import ColumnHeights, Comfort
from mcgui.console.parts.hint_room import Spare
from mcgui.scale import scaled
from mcgui.scrolling.whole_rows import WholeRows
from mcgui.theme import Theme

#: Counts up when the panels change, so that an arrangement of an older version is not forced on them.
_VERSION: Final = 1
_GRIP: Final = 7
#: Pixels on both sides of a panel: with the separator between two columns, as much as the grip between two rows.
AIR: Final = 3
#: Pixels of the height of a panel that scrolls, at least.
_SEEN: Final = 90
#: Part of the width that the left column may have in a small window.
_MOST_LEFT: Final = 0.4
_Area = Qt.DockWidgetArea
_Bar = Qt.ScrollBarPolicy


class _Grip(QWidget):
    """A thin strip above a panel by which it is dragged; a double click floats it. Shows its dots under the mouse."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._over = False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag to move this panel")
        self.setAccessibleName("Handle to move the panel")

    def sizeHint(self) -> QSize:
        return QSize(20, _GRIP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._over = False
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._over:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colours.muted)
        middle = self.rect().center()
        for number in range(-3, 4):
            painter.drawEllipse(middle + QPoint(number * 5, 0), 1, 1)
        painter.end()


class Scrolled(QScrollArea):
    """Holds a panel whose height depends on its width, and scrolls where there is not so much; it is `least` pixels
    high at least, with text of usual size."""

    def __init__(self, widget: QWidget, parent: QWidget, least: int, spares: tuple[Spare, ...] = ()) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(_Bar.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("scrolled")
        self.viewport().setAutoFillBackground(False)
        self._panel, self._holder, self._seen, self._spares = widget, parent, least, spares
        self.setWidget(widget)
        widget.setAutoFillBackground(False)
        widget.installEventFilter(self)
        WholeRows(self, widget)

    @property
    def _least(self) -> int:
        """The width that the panel can do with: what it says itself, or else what its layout says."""
        return self._panel.minimumWidth() or self._panel.minimumSizeHint().width()

    def _needed(self) -> int:
        """The height at which the panel shows everything, in the width that it has."""
        panel = self._panel
        layout = panel.layout()
        if layout is None or not layout.hasHeightForWidth():
            return panel.minimumSizeHint().height()
        # In our own width: the panel's is less while there is a scroll bar, which is what this is to avoid.
        return layout.totalHeightForWidth(max(self.width(), self._least))

    def _needed_at_least(self) -> int:
        """The same without what the panel can do without."""
        return self._needed() - sum(one.given() for one in self._spares)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least, min(self._needed_at_least(), scaled(self._seen)))

    def comfort(self) -> int:
        """Pixels of the height that it has beyond the least, so that nobody has to scroll; what the panel can do
        without is not among them."""
        return self._needed_at_least() - self.minimumSizeHint().height()

    def sizeHint(self) -> QSize:
        return QSize(self._least, self._needed())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._claim()
        elif event.type() == QEvent.Type.Show and (layout := self._panel.layout()) is not None:
            # Before it is seen, it is resized more than once, and hears of the last time only. What its layout made of
            # a height that it does not have any more would stay.
            layout.invalidate()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim()

    def _claim(self) -> None:
        needed = self._needed()
        # Qt asks only whether it fits beside the scroll bar that is there, and would keep that for ever.
        fits = self.height() >= needed
        self.setVerticalScrollBarPolicy(_Bar.ScrollBarAlwaysOff if fits else _Bar.ScrollBarAsNeeded)
        # No more than it needs, either: what is over is for the panel above it.
        self._holder.setMaximumHeight(needed)
        self.updateGeometry()


class DockArea(QMainWindow):
    """Holds panels in two columns, as the default layout has them, until somebody moves them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._docks: dict[str, QDockWidget] = {}
        self.left_width = 0  # pixels of the left column; kept while the window grows and shrinks
        self._width_before = 0  # that it had when a mouse button was pressed
        self._heights = ColumnHeights(self)
        theme.changed.connect(self._heights.keep_soon)  # while it is put on, panels have other sizes for a moment

    def add(
        self, name: str, title: str, widget: QWidget, left: bool, whole: bool = False, spares: tuple[Spare, ...] = ()
    ) -> QDockWidget:
        """Add a panel below those that are already in its column. One that is `whole` gets all the height it needs, as
        long as there is room for it; before it scrolls, it does without its `spares`, the first one first."""
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setTitleBarWidget(_Grip(self._theme, dock))
        held = QWidget(dock)
        row = QHBoxLayout(held)
        row.setContentsMargins(AIR, 0, AIR, 0)
        if whole:
            widget = scrolled = Scrolled(widget, held, _SEEN, spares)
            for one in spares:
                self._heights.give_way(Comfort(name, one.spare, one.spare, one.give))
            self._heights.give_way(Comfort(name, scrolled.comfort))
        row.addWidget(widget)
        dock.setWidget(held)
        self._heights.add(dock, held)
        dock.setAccessibleName(title)
        self.addDockWidget(_Area.LeftDockWidgetArea if left else _Area.RightDockWidgetArea, dock)
        for signal in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged):
            signal.connect(self._heights.note)
        self._docks[name] = dock
        return dock

    def give_way(self, *comforts: Comfort) -> None:
        """Have these given up where the room is too low, the first one first, after what panels have so that nobody
        scrolls in them."""
        for comfort in comforts:
            self._heights.give_way(comfort)

    def keep_within(self, room: QWidget) -> None:
        """A column is to be no higher than `room`, which this scrolls in."""
        self._heights.keep_within(room)

    def least_height(self) -> int:
        """Pixels of its height with which all panels have what they need, and none of their comfort."""
        return self._heights.least()

    def arrange(
        self, left: tuple[str, ...], right: tuple[str, ...], heights: dict[str, int], widths: tuple[int, int]
    ) -> None:
        """The default layout: two columns of these panels, with these shares of the room."""
        for column, area in ((left, _Area.LeftDockWidgetArea), (right, _Area.RightDockWidgetArea)):
            for name in column:
                dock = self._docks[name]
                dock.setFloating(False)
                self.addDockWidget(area, dock)
                dock.show()
            for upper, lower in pairwise(column):
                self.splitDockWidget(self._docks[upper], self._docks[lower], Qt.Orientation.Vertical)
            docks = [self._docks[name] for name in column]
            self.resizeDocks(docks, [heights[name] for name in column], Qt.Orientation.Vertical)
        self.left_width = widths[0]
        self._keep_width()
        self._heights.note()

    def _column(self, area: Qt.DockWidgetArea) -> QDockWidget | None:
        """Some panel of that column, if there is one."""
        docked = (dock for dock in self._docks.values() if dock.isVisibleTo(self) and not dock.isFloating())
        return next((dock for dock in docked if self.dockWidgetArea(dock) == area), None)

    def _keep_width(self) -> None:
        """What a window grows by is for the tables at the right: the left column has its width from a person."""
        left, right = self._column(_Area.LeftDockWidgetArea), self._column(_Area.RightDockWidgetArea)
        if left is not None and right is not None and self.left_width:
            width = min(self.left_width, round(self.width() * _MOST_LEFT))
            self.resizeDocks([left, right], [width, max(self.width() - width, 1)], Qt.Orientation.Horizontal)

    def sizeHint(self) -> QSize:
        """No more than it needs: it takes what is left. Or else the window scrolls as soon as a message is above it."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_width()
        self._heights.keep()

    def event(self, event: QEvent) -> bool:
        """The left column is as wide from now on as a person has dragged it by its separator.

        Qt keeps what happens to a separator to itself, and clicks that no panel wants come here just the same: what
        tells is whether the column has another width once the button is let go.
        """
        if event.type() == QEvent.Type.MouseButtonPress:
            self._width_before = self._width_of_left()
        handled = super().event(event)
        if event.type() == QEvent.Type.MouseButtonRelease:
            before, now = self._width_before, self._width_of_left()
            if self.left_width and before and now:
                self.left_width += now - before  # by what it grew: a column gets some pixels less than it is given
            self._width_before = 0
            self._heights.note()
        return handled

    def _width_of_left(self) -> int:
        """0 where there is no left column."""
        left = self._column(_Area.LeftDockWidgetArea)
        return left.width() if left is not None else 0

    def show_panel(self, name: str) -> None:
        """Bring a panel back that was closed."""
        self._docks[name].show()
        self._docks[name].raise_()

    def toggles(self) -> tuple[QAction, ...]:
        """An action for each panel that shows or hides it."""
        return tuple(dock.toggleViewAction() for dock in self._docks.values())

    def layout_state(self) -> QByteArray:
        return self.saveState(_VERSION)

    def restore_layout(self, state: QByteArray) -> bool:
        """Put the panels where they were. False where that is not known, or of another version."""
        self._heights.note()
        return not state.isEmpty() and self.restoreState(state, _VERSION)
