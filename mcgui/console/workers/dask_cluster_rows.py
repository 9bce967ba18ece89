"""The Dask clusters that work along: a field to add one, and a line for each that was added."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.console.parts.buttons import icon_button
from mcgui.console.workers.dask_clusters import DaskCluster
from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme, Tone, set_tone

#: What an address looks like, and the pixels at both edges of a field beside its text.
_LIKE: Final = "tcp://scheduler:8786"
_EDGES: Final = 20


class DaskClusterRows(QWidget):
    """Signals: `add_wanted(address)`; `remove_wanted(DaskCluster)`."""

    add_wanted = Signal(str)
    remove_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[QWidget] = []
        label = QLabel("Dask cluster", self)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(_LIKE)
        self.field.setMinimumWidth(self.field.fontMetrics().horizontalAdvance(_LIKE) + scaled(_EDGES))
        self.field.setAccessibleName("Address of a Dask scheduler")
        self.field.setToolTip("The whole Dask cluster of this scheduler becomes one more worker")
        self.field.returnPressed.connect(self._on_add)
        label.setBuddy(self.field)
        self.button = QPushButton("Add", self)
        self.button.setAccessibleName("Add the Dask cluster")
        self.button.clicked.connect(self._on_add)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        self._trouble = QLabel(self)
        self._trouble.setWordWrap(True)
        self._trouble.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._trouble.setAccessibleName("Why the Dask cluster was not added")
        set_tone(self._trouble, "bad")
        self._trouble.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addLayout(row)
        self._layout.addWidget(self._trouble)

    @Slot(str)
    def say_refused(self, why: str) -> None:
        """Say why one could not be added, or has ended."""
        self._trouble.setText(why)
        self._trouble.show()

    def show_joins(self, joins: tuple[DaskCluster, ...]) -> None:
        """A line for each of these."""
        for line in self._lines:
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(join) for join in joins]
        for line in self._lines:
            self._layout.addWidget(line)

    def _line(self, join: DaskCluster) -> QWidget:
        text, tone = in_words(join)
        line = QWidget(self)
        label = QLabel(text, line)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_tone(label, tone)
        remove = icon_button(
            f"Remove the Dask cluster {join.address}",
            line,
            tip="Remove this Dask cluster. What it runs goes back, and is run elsewhere",
        )
        remove.setIcon(icon("close", self._theme.colours.muted))
        remove.clicked.connect(lambda: self.remove_wanted.emit(join))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label, 1)
        row.addWidget(remove)
        return line

    @Slot()
    def _on_add(self) -> None:
        address = self.field.text().strip()
        self._trouble.hide()
        if address:
            self.field.clear()
            self.add_wanted.emit(address)
        else:
            self.say_refused(f"Type the address of its scheduler, such as {_LIKE}.")


def in_words(join: DaskCluster) -> tuple[str, Tone]:
    """How a Dask cluster stands, and in which tone."""
    event = join.event
    match event.state:
        case "connecting":
            return f"{join.address}: {event.message or 'connecting …'}", "warn" if event.message else "muted"
        case "paused":
            return f"{join.address}: paused. {event.message}", "warn"
        case _:
            return f"{join.address}: {event.state}, {format.plural(event.nprocs, 'processor')}", "good"
