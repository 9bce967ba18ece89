"""The first picture of a window, and what is made after it.

A window is there sooner when only what is seen in its first picture is imported and made before. For the rest there is
one way, in two steps:

- The window's `Background` is held until the first picture is on the screen (`FirstPicture` tells), so that neither
  threads nor processes take the processor from it: all that was asked for until then, the master too, begins then.
- A widget whose import takes long (a plot: pyqtgraph and numpy) is made by `Later`, which keeps its place. When it is
  first shown, Qt's classes are made (`qt_classes` says why), its module is imported in that background, and then it is.

Whoever asks for `Later.widget` sooner gets it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mcgui.background import Background
from mcgui.console.parts.qt_classes import QtClasses
from mcgui.console.parts.tab_order import put_after

W = TypeVar("W", bound=QWidget)
#: Milliseconds after which a window that is shown is not waited for any more: minimised, it is not painted.
_PATIENCE: Final = 1000
#: Milliseconds between making a widget and showing it, in which the window hears.
_PAUSE: Final = 10


class FirstPicture(QObject):
    """Tells, once, that the first picture of a window is on the screen. Make it before the window is shown."""

    there = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # The window's children are painted after it, and then all is sent to the screen, before timers are heard.
            watched.removeEventFilter(self)
            self._timer.start(0)
        elif event.type() == QEvent.Type.Show:
            self._timer.start(_PATIENCE)
        return False

    @Slot()
    def _on_time(self) -> None:
        self._window.removeEventFilter(self)
        self.there.emit()


class Later(QWidget, Generic[W]):
    """Keeps the place of a widget until it is made: after `module` was imported in the background.

    `made` when it is there.
    """

    made = Signal()

    def __init__(self, module: str, make: Callable[[], W], background: Background | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._module, self._make, self._background = module, make, background
        self._asked = False
        self._ready: W | None = None  # made, and not in its place yet
        self._widget: W | None = None
        # In two turns: making a plot takes as long as laying it out and painting it does.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._put_in_place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    @property
    def is_made(self) -> bool:
        return self._widget is not None

    @property
    def widget(self) -> W:
        """The widget; made at once, where it is not there yet."""
        if self._widget is None:
            self._widget = made = self._make() if self._ready is None else self._ready
            layout = self.layout()
            assert layout is not None, "it got one"
            layout.addWidget(made)
            put_after(self, made)
            self.made.emit()
        return self._widget

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._asked or self._widget is not None:
            return
        self._asked = True
        if self._background is None:
            self._put_in_place()
        else:
            self._background.run(lambda: None, self._make_classes)  # not before the first picture either

    def _make_classes(self, _nothing: object) -> None:
        classes = QtClasses(self)
        classes.made.connect(self._import)
        classes.begin()

    @Slot()
    def _import(self) -> None:
        assert self._background is not None, "it was asked for this"
        if self._widget is None:
            self._background.run(lambda: import_module(self._module), self._on_imported)

    def _on_imported(self, _module: object) -> None:
        if self._widget is None:
            self._ready = self._make()
            self._timer.start()

    @Slot()
    def _put_in_place(self) -> None:
        assert self.widget is not None, "it makes itself"
