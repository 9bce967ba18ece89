"""The place of a panel that slides in below the tool bar, as wide as the panels below it. Shut at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mcgui.console.dock_area import Scrolled
from mcgui.console.parts.scroll_when_small import bring_in_sight
from mcgui.console.parts.tab_order import put_after

W = TypeVar("W", bound=QWidget)
#: Pixels of the height of its panel at least.
_SEEN: Final = 150


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
            row.addWidget(Scrolled(panel, held, _SEEN))  # in a window that is too low for it, it scrolls
            self._layout.addWidget(held)
            put_after(self, held)
            self.made.emit()
        return self._panel

    def setVisible(self, visible: bool) -> None:
        if visible:
            assert self.panel is not None, "it makes itself"
            QTimer.singleShot(0, self, lambda: bring_in_sight(self))  # once it has its place, above what is scrolled to
        super().setVisible(visible)
