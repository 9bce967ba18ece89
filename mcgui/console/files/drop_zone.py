"""The whole window as a place to drop files on: it says what will become of them while they are held over it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWindow,
)
from PySide6.QtWidgets import QWidget

from mcgui.console.files.drop_rules import DropPlan, plan
from mcgui.icons import pixmap
from mcgui.scale import scaled
from mcgui.theme import Theme, faded

#: Pixels from the window's edge to the frame, of the frame's corners, and of the sign in its middle.
_MARGIN: Final = 14
_CORNER: Final = 12
_SIGN: Final = 48


class DropZone(QWidget):
    """Covers its window while files are dragged over it, whatever is below, and takes them.

    Signals:
        dropped(DropPlan): files were dropped.
    """

    dropped = Signal(object)

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self._handle: QWindow | None = None
        self._sentence = ""
        self.setAcceptDrops(True)
        self.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @property
    def sentence(self) -> str:
        """What dropping would do; "" while nothing is held over the window."""
        return self._sentence if self.isVisible() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Show:
            self._watch()
        elif isinstance(event, QDragEnterEvent) and not self.isVisible():
            # Seen before any widget below: an editor or a field would take the file as text.
            found = plan_of(event.mimeData())
            if found is not None:
                self._cover(found)
        return super().eventFilter(watched, event)

    def _watch(self) -> None:
        """Watch what comes to the window from outside, once it is one of the system's."""
        handle = self._window.windowHandle()
        if handle is not self._handle:
            self._handle = handle
            handle.installEventFilter(self)

    def _cover(self, found: DropPlan) -> None:
        self._sentence = found.sentence
        self.setAccessibleName(found.sentence)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._consider(event)

    def _consider(self, event: QDragMoveEvent) -> None:
        if plan_of(event.mimeData()) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.hide()
        found = plan_of(event.mimeData())
        if found is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(found)

    @Slot()
    def cancel(self) -> None:
        """Uncover the window."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), faded(colours.window, 0.86))
        painter.setPen(QPen(colours.accent, 2, Qt.PenStyle.DashLine))
        frame = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.drawRoundedRect(frame, _CORNER, _CORNER)
        size, middle = scaled(_SIGN), self.rect().center()
        sign = pixmap("file", colours.accent, size, self.devicePixelRatioF())
        painter.drawPixmap(middle.x() - size // 2, middle.y() - size - 8, sign)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(colours.text)
        text = QRectF(frame.left() + 20, middle.y() + 8, frame.width() - 40, frame.height() / 2 - 20)
        painter.drawText(text, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._sentence)
        painter.end()


def plan_of(data: QMimeData) -> DropPlan | None:
    """What would be done with what is dragged; None where it is no files of this computer."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return plan(paths) if paths else None
