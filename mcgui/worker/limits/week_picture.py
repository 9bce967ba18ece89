"""The week that a schedule makes: a row a day, as dark as there are processors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAccessible, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mcgui.format import plural
from mcgui.screen_reader import give_role
from mcgui.theme import Theme, faded
from mcgui_core.owner.weekly_schedule import DAY, DAY_NAMES, Schedule, time_text

#: Minutes that one cell spans; shorter periods are drawn as long as this.
_STEP: Final = 5
_CELLS: Final = DAY // _STEP
#: A Monday in a zone whose clocks never change: what is drawn is the week as it is set.
_MONDAY: Final = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
_HOURS: Final = (0, 6, 12, 18, 24)
_GAP: Final = 3.0


class WeekPicture(QWidget):
    """Seven rows of 24 hours. What the mouse is over says itself in words."""

    def __init__(self, theme: Theme, cpus: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cpus = max(cpus, 1)
        self._cells: list[list[int | None]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        give_role(self, QAccessible.Role.Chart)
        self.setAccessibleName("The week")
        self.show_schedule(Schedule())
        theme.changed.connect(self._on_theme_changed)

    def show_schedule(self, schedule: Schedule) -> None:
        """Draw the week of this schedule."""
        moments = [[_MONDAY + 60 * (day * DAY + cell * _STEP) for cell in range(_CELLS)] for day in range(7)]
        self._cells = [[schedule.nprocs_at(moment, UTC) for moment in day] for day in moments]
        self.setAccessibleDescription("; ".join(self.day_in_words(day) for day in range(7)))
        self.update()

    def day_in_words(self, day: int) -> str:
        """ "Mon: no work from 00:00, 2 processors from 08:00"."""
        cells = self._cells[day]
        starts = [cell for cell in range(_CELLS) if cell == 0 or cells[cell] != cells[cell - 1]]
        return f"{DAY_NAMES[day]}: " + ", ".join(
            f"{in_words(cells[cell])} from {time_text(cell * _STEP)}" for cell in starts
        )

    def sizeHint(self) -> QSize:
        return QSize(360, round(7 * (self._row + _GAP)) + self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    @property
    def _row(self) -> float:
        return float(self.fontMetrics().height())

    @property
    def _left(self) -> float:
        return self.fontMetrics().horizontalAdvance("Wed") + 10.0

    def _place(self, day: int, cell: float) -> QPointF:
        """The top left corner of a cell."""
        width = self.width() - self._left - 1
        return QPointF(self._left + width * cell / _CELLS, day * (self._row + _GAP))

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        small = QFont(self.font())
        small.setPointSizeF(max(small.pointSizeF() - 1, 6))
        painter.setFont(small)
        for day in range(7):
            self._paint_day(painter, day)
        painter.setPen(self._theme.colours.muted)
        top = 7 * (self._row + _GAP)
        for hour in _HOURS:
            x = self._place(0, hour * 60 / _STEP).x()
            width = painter.fontMetrics().horizontalAdvance("000") * 1.5
            left = min(max(x - width / 2, self._left), self.width() - width)
            align = {0: Qt.AlignmentFlag.AlignLeft, 24: Qt.AlignmentFlag.AlignRight}.get(
                hour, Qt.AlignmentFlag.AlignHCenter
            )
            painter.drawText(QRectF(left, top, width, self._row + 4), align, f"{hour:02}")

    def _paint_day(self, painter: QPainter, day: int) -> None:
        colours = self._theme.colours
        painter.setPen(colours.muted)
        label = QRectF(0, self._place(day, 0).y(), self._left - 8, self._row)
        painter.drawText(label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, DAY_NAMES[day])
        whole = QRectF(self._place(day, 0), self._place(day, _CELLS) + QPointF(0, self._row))
        cells = self._cells[day]
        start = 0
        for cell in range(1, _CELLS + 1):
            if cell < _CELLS and cells[cell] == cells[start]:
                continue
            piece = QRectF(self._place(day, start), self._place(day, cell) + QPointF(0, self._row))
            painter.fillRect(piece, faded(colours.accent, self._strength(cells[start])))
            self._paint_number(painter, piece, cells[start])
            start = cell
        painter.setPen(QPen(colours.border, 1))
        painter.drawRect(whole)

    def _paint_number(self, painter: QPainter, piece: QRectF, nprocs: int | None) -> None:
        text = "slider" if nprocs is None else str(nprocs)
        if piece.width() > painter.fontMetrics().horizontalAdvance(text) + 6:
            painter.setPen(self._theme.colours.text if nprocs != 0 else self._theme.colours.muted)
            painter.drawText(piece, Qt.AlignmentFlag.AlignCenter, text)

    def _strength(self, nprocs: int | None) -> float:
        """How dark: little enough for text on it to be read."""
        return 0.45 * (1.0 if nprocs is None else min(nprocs / self._cpus, 1.0))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def words_at(self, x: float, y: float) -> str:
        """What holds at a place of the picture; "" beside the rows."""
        day = int(y // (self._row + _GAP))
        cell = int((x - self._left) / max(self.width() - self._left - 1, 1) * _CELLS)
        if not 0 <= day < 7 or not 0 <= cell < _CELLS or x < self._left:
            return ""
        return f"{DAY_NAMES[day]} {time_text(cell * _STEP)}: {in_words(self._cells[day][cell])}"

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()


def in_words(nprocs: int | None) -> str:
    """What a number of a schedule means."""
    if nprocs is None:
        return "as the slider says"
    return "no work" if nprocs == 0 else plural(nprocs, "processor")
