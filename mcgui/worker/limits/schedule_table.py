"""The weekly schedule as a table that is typed into: days, from, to, processors."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mcgui.theme import set_tone
from mcgui_core.owner.weekly_schedule import Period, days_text, parse_days, parse_time, time_text

_COLUMNS = ("Days", "From", "To", "Processors")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
#: Of the last column: what numbers have.
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Cell(QTableWidgetItem):
    """Says its column, too, to who hears it."""

    def data(self, role: int) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_COLUMNS[self.column()]}: {self.text()}"
        return super().data(role)


class ScheduleTable(QWidget):
    """One row a period.

    Signals:
        changed(): something was typed, added or removed.
    """

    changed = Signal()

    def __init__(self, periods: tuple[Period, ...], cpus: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cpus = cpus
        self.table = QTableWidget(0, len(_COLUMNS), self)
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.setAccessibleName("Weekly schedule")
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(_LEFT)
        role = Qt.ItemDataRole.TextAlignmentRole
        self.table.model().setHeaderData(len(_COLUMNS) - 1, Qt.Orientation.Horizontal, _RIGHT, role)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place in range(1, len(_COLUMNS)):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        self.table.setShowGrid(False)
        self.table.setMinimumHeight(4 * self.table.verticalHeader().defaultSectionSize())
        self.add = QPushButton("Add period", self)
        self.remove = QPushButton("Remove", self)
        self._hint = QLabel("Double-click a cell to change it", self)
        set_tone(self._hint, "muted")
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(self._hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addLayout(row)
        for period in periods:
            self._append(period)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)
        self.table.itemChanged.connect(self._on_item_changed)
        self._on_rows_changed()

    def periods(self) -> tuple[Period, ...]:
        """What stands in the table. Raises ValueError, with the row, for what is no period."""
        return tuple(self._period(row) for row in range(self.table.rowCount()))

    def _period(self, row: int) -> Period:
        items = [self.table.item(row, column) for column in range(len(_COLUMNS))]
        days, start, stop, nprocs = (item.text() if item is not None else "" for item in items)
        try:
            if not nprocs.strip().isdigit():
                raise ValueError(f"{nprocs!r} is no number of processors; 0 means no work")
            return Period(parse_days(days), parse_time(start), parse_time(stop), int(nprocs))
        except ValueError as error:
            raise ValueError(f"Period {row + 1}: {error}.") from None

    def _append(self, period: Period) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        texts = (days_text(period.days), time_text(period.start), time_text(period.stop), str(period.nprocs))
        for column, text in enumerate(texts):
            cell = _Cell(text)
            cell.setTextAlignment(_RIGHT if column == len(_COLUMNS) - 1 else _LEFT)
            self.table.setItem(row, column, cell)

    @Slot()
    def _on_add(self) -> None:
        self._append(Period((0, 1, 2, 3, 4), 8 * 60, 18 * 60, max(1, self._cpus // 4)))
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self._on_rows_changed()
        self.changed.emit()

    @Slot()
    def _on_remove(self) -> None:
        row = self.table.currentRow()
        self.table.removeRow(row if row >= 0 else self.table.rowCount() - 1)
        self._on_rows_changed()
        self.changed.emit()

    def _on_rows_changed(self) -> None:
        some = self.table.rowCount() > 0
        self.remove.setEnabled(some)
        self._hint.setVisible(some)

    @Slot()
    def _on_item_changed(self) -> None:
        self.changed.emit()
