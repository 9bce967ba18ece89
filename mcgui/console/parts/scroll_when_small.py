"""Holds all of a window, which scrolls where the screen is too small for it: with text of twice the size, mostly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from mcgui.scale import scaled

#: Pixels of a screen that are the frame's of the window, and the desktop's own.
_FRAME: Final = QSize(20, 60)
#: The smallest that a window becomes, on however small a screen.
_LEAST: Final = QSize(640, 400)
#: Pixels of the height of a part that scrolls, at least.
LOW: Final = 100


class ScrollWhenSmall(QScrollArea):
    """Shows `content` as large as the window is, but never smaller than it can be.

    What gets the focus by the keyboard or by a command is in sight: Qt sees to that for the Tab key alone.
    """

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("The window")
        self.setObjectName("roomy")
        self.viewport().setAutoFillBackground(False)
        content.setObjectName("content")
        self._content = content
        self.setWidget(content)
        content.setAutoFillBackground(False)
        content.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    @Slot(QWidget, QWidget)
    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        # Who comes back to the window looks where he left it, and what is clicked at stays below the pointer.
        within = before is not None and now is not None and before.window() is now.window()
        by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and within and not by_mouse and self._content.isAncestorOf(now):
            self.ensureWidgetVisible(now)

    def minimumSizeHint(self) -> QSize:
        room = (self.screen().availableGeometry().size() - _FRAME).expandedTo(_LEAST)
        if self.isVisible():  # no window grows under somebody's hands because something opened in it
            room = room.boundedTo(self.size())
        return self._content.minimumSizeHint().boundedTo(room)

    def sizeHint(self) -> QSize:
        return self._content.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class ScrollBetween(ScrollWhenSmall):
    """The same for a part of a window: what lies above and below it in the layout of `parent` stays in sight.

    It has the height that its content needs, `least()`, as long as the others can do with the rest. Where they cannot,
    it scrolls, and they have what they ask for: who opens something above it looks at that.
    """

    def __init__(self, content: QWidget, least: Callable[[], int], parent: QWidget) -> None:
        super().__init__(content, parent)
        self._least = least
        self.setAccessibleName("The panels")

    def minimumSizeHint(self) -> QSize:
        width, least = self._content.minimumSizeHint().width(), self._least()
        if self.isVisible() and least > self.window().height() - self._least_of_others():
            return QSize(width, min(least, scaled(LOW)))
        return QSize(width, least)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _least_of_others(self) -> int:
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        items = (layout.itemAt(at) for at in range(layout.count())) if layout is not None else ()
        return sum(one.minimumSize().height() for one in items if one is not None and one.widget() is not self)


def _area_around(widget: QWidget) -> QScrollArea | None:
    """What it lies in that scrolls, the innermost one."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    return area


def bring_in_sight(widget: QWidget, last: QWidget | None = None) -> None:
    """Scroll what it lies in so that all of it is seen, down to the lower edge of `last` where that is given; where it
    is too high for that, from its top on, but all of `last` at any rate."""
    area = _area_around(widget)
    if area is None or (content := area.widget()) is None:
        return
    bar, room, end = area.verticalScrollBar(), area.viewport().height(), last or widget
    top, bottom = widget.mapTo(content, QPoint(0, 0)).y(), end.mapTo(content, QPoint(0, end.height())).y()
    if last is not None and bottom - top > room:
        top = min(bottom - room, last.mapTo(content, QPoint(0, 0)).y())
    if not bar.value() <= top <= bottom <= bar.value() + room:
        bar.setValue(min(top, max(bottom - room, 0)) if top >= bar.value() else top)


def bring_what_is_wrong(field: QWidget, words: QWidget) -> None:
    """Scroll so that `words` about what is in `field`, below it, are seen, with what is typed in as far as that goes.
    Who is at another field of what scrolls, or aims at one with the mouse, finds it where it was."""
    typed, area = QApplication.focusWidget(), _area_around(field)
    if area is None or not words.isVisible():
        return
    types = typed is not None and (typed is field or field.isAncestorOf(typed))
    is_elsewhere = typed is None or not area.isAncestorOf(typed)
    aims = (area.underMouse() and not field.underMouse()) or QApplication.mouseButtons() != Qt.MouseButton.NoButton
    if (types or is_elsewhere) and not aims:
        bring_in_sight(typed if types and typed is not None else field, words)


class StaysInSight(QObject):
    """Scrolls to `widget` from `begin` on, or does what `bring` says instead, until `end`, somebody scrolls himself, or
    it is hidden: it has its height some turns after it is shown, and what it lies in becomes higher still later. Where
    that is about something else (`once`), it ends as soon as it has its place."""

    def __init__(self, widget: QWidget, bring: Callable[[], object] | None = None, *, once: bool = False) -> None:
        super().__init__(widget)
        self._widget, self._once = widget, once
        self._bring_it = bring or (lambda: bring_in_sight(widget))
        self._area: QScrollArea | None = None
        self._place = QRect()  # where it was when it was scrolled to
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._bring)
        widget.installEventFilter(self)

    def begin(self) -> None:
        self.end()
        self._area = area = _area_around(self._widget)
        if area is not None:
            area.verticalScrollBar().rangeChanged.connect(self._soon)
            area.verticalScrollBar().actionTriggered.connect(self.end)  # by a person, and not by us
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self.end()
        elif event.type() == QEvent.Type.Resize and self._area is not None:
            self._timer.start()
        return super().eventFilter(watched, event)

    @Slot()
    def _soon(self) -> None:
        self._timer.start()

    @Slot()
    def _bring(self) -> None:
        if self._area is None or (content := self._area.widget()) is None:
            return
        self._bring_it()
        place = QRect(self._widget.mapTo(content, QPoint(0, 0)), self._widget.size())
        if place != self._place:  # once more, when all around it has its place too
            self._place = place
            self._timer.start()
        elif self._once:
            self.end()

    @Slot()
    def end(self) -> None:
        if self._area is not None:
            self._area.verticalScrollBar().rangeChanged.disconnect(self._soon)
            self._area.verticalScrollBar().actionTriggered.disconnect(self.end)
            self._area = None
