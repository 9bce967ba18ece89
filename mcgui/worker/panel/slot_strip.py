"""What each slot is at: one cell a slot, full while it works, with the task's number where there is room for it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAccessible, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mcgui.format import count
from mcgui.screen_reader import give_role
from mcgui.theme import Theme, faded

_HEIGHT: Final = 20
_GAP: Final = 3.0
#: Pixels from which on a cell has text, and cells a line at most.
_ROOM: Final = 44.0
_MOST: Final = 32

Tasks = tuple[tuple[int, int, int, int], ...]


class SlotStrip(QWidget):
    """A row of cells, in as many lines as they need; the one below the mouse says all of its task."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._slots = 0
        self._tasks: dict[int, tuple[int, int, int]] = {}
        self._paused = False
        give_role(self, QAccessible.Role.Graphic)
        self.setAccessibleName("Slots")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(False)
        theme.changed.connect(self._on_theme_changed)

    def show_tasks(self, slots: int, tasks: Tasks, paused: bool) -> None:
        """So many slots, and what those that work are at: slot, job, first task, and the one after the last."""
        # One that ends after what it is at is still there.
        slots = max([slots, *(number + 1 for number, *_ in tasks)]) if slots else 0
        lines = self._lines
        self._slots, self._paused = slots, paused
        self._tasks = {number: (job, start, stop) for number, job, start, stop in tasks}
        self.setVisible(slots > 0)
        self.setAccessibleDescription("; ".join(self.words(number) for number in range(slots)))
        if self._lines != lines:
            self.updateGeometry()
        self.update()

    def words(self, slot: int) -> str:
        """What a slot is at, as a sentence."""
        if slot not in self._tasks:
            return f"Slot {slot + 1}: {'paused' if self._paused else 'idle'}"
        job, start, stop = self._tasks[slot]
        what = f"task {count(start)}" if stop == start + 1 else f"tasks {count(start)} to {count(stop - 1)}"
        return f"Slot {slot + 1}: {what} of job {job}"

    @property
    def _lines(self) -> int:
        return max(1, -(-self._slots // _MOST))

    def sizeHint(self) -> QSize:
        return QSize(200, self._lines * round(self._height + _GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._lines * round(self._height + _GAP))

    @property
    def _height(self) -> float:
        return max(_HEIGHT, self.fontMetrics().height() + 4)

    def _cell(self, slot: int) -> QRectF:
        columns = min(self._slots, _MOST)
        width = (self.width() + _GAP) / columns
        return QRectF(slot % columns * width, slot // columns * (self._height + _GAP), width - _GAP, self._height)

    def paintEvent(self, _: QPaintEvent) -> None:
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() - 1.5, 6))
        painter.setFont(font)
        for slot in range(self._slots):
            cell, busy = self._cell(slot), slot in self._tasks
            painter.setPen(QPen(colours.good if busy else colours.border, 1))
            painter.setBrush(faded(colours.good, 0.28) if busy else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            if cell.width() >= _ROOM:
                painter.setPen(colours.text if busy else colours.muted)
                text = f"#{count(self._tasks[slot][1])}" if busy else ("paused" if self._paused else "idle")
                metrics = painter.fontMetrics()
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(cell.width()) - 6)
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = [slot for slot in range(self._slots) if self._cell(slot).contains(event.pos().toPointF())]
            QToolTip.showText(event.globalPos(), self.words(found[0]) if found else "", self)
            return True
        return super().event(event)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()
