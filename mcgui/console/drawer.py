"""The place of a panel that slides in below the tool bar, as wide as the panels below it. Shut at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mcgui.console.dock_area import Scrolled
from mcgui.console.parts.scroll_when_small import LOW, ScrollBetween, bring_in_sight
from mcgui.console.parts.tab_order import put_after
from mcgui.scale import scaled

W = TypeVar("W", bound=QWidget)
#: Pixels of the height of its panel at least.
_SEEN: Final = 150


class _Whole(Scrolled):
    """All of its panel, up to `most()` pixels of its height: who opens it looks at that. Beyond them, it scrolls."""

    def __init__(self, panel: QWidget, parent: QWidget, most: Callable[[], int]) -> None:
        super().__init__(panel, parent, _SEEN)
        self._most = most

    def sizeHint(self) -> QSize:
        return QSize(self._least, min(self._needed(), self._most()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Drawer(QWidget, Generic[W]):
    """Makes its panel when it is opened first, or somebody asks for it: most windows never open it.

    Signals:
        made(): the panel is there.
    """

    made = Signal()

    def __init__(self, make: Callable[[QWidget], W], window: QWidget) -> None:
        """`make` is called with the panel's parent."""
        super().__init__(window)
        self._make = make
        self._panel: W | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 0, 12, 8)
        self._whole: _Whole | None = None
        window.installEventFilter(self)
        self.hide()

    @property
    def is_made(self) -> bool:
        return self._panel is not None

    @property
    def panel(self) -> W:
        """The panel; made at once, where it is not there yet."""
        if self._panel is None:
            held = QWidget(self)
            self._panel = panel = self._make(held)
            row = QVBoxLayout(held)
            row.setContentsMargins(0, 0, 0, 0)
            self._whole = _Whole(panel, held, self._room)
            row.addWidget(self._whole)
            self._layout.addWidget(held)
            put_after(self, held)
            self.made.emit()
        return self._panel

    def setVisible(self, visible: bool) -> None:
        if visible:
            assert self.panel is not None, "it makes itself"
            QTimer.singleShot(0, self, lambda: bring_in_sight(self))  # once it has its place, above what is scrolled to
        super().setVisible(visible)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.window() and self._whole is not None:
            self._whole.updateGeometry()
        return super().eventFilter(watched, event)

    def _room(self) -> int:
        """Pixels of the height that it may have in its window: what is left of it, with some of the panels below."""
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        if layout is None:
            return scaled(_SEEN)
        kept = 0
        for one in (layout.itemAt(at) for at in range(layout.count())):
            held = one.widget() if one is not None else None
            if one is None or held is self or (held is not None and held.isHidden()):
                continue
            if isinstance(held, ScrollBetween):
                kept += scaled(LOW)
            elif isinstance(held, Drawer):  # which asks the same of this one
                kept += scaled(_SEEN)
            else:
                kept += one.minimumSize().height()
        own = self._layout.contentsMargins()
        return max(self.window().height() - kept - own.top() - own.bottom(), scaled(_SEEN))
