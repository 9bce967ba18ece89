"""Which column of a file is passed as which parameter, as a list of choices."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mcgui.scale import scaled
from mcgui.theme import set_tone
from mcgui_core.arguments.column_renaming import ColumnNames

#: Columns that can be chosen for; with more than these, names are a matter for the file.
MOST: Final = 60
#: Pixels of the list's height before it scrolls.
_HEIGHT: Final = 160


class ColumnNamesEditor(QWidget):
    """A row for each column: its name in the file, and the parameter that it is passed as.

    Signals:
        changed(): `names` are others, by the user.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[str, ...] = ()
        self._parameters: tuple[str, ...] = ()
        self._names: dict[str, str] = {}
        self.combos: dict[str, QComboBox] = {}
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    @property
    def names(self) -> ColumnNames:
        """The columns that are passed under another name than their own; "" leaves one out."""
        return tuple((field, name) for field, name in self._names.items() if name != field)

    def set_names(self, names: ColumnNames) -> None:
        """Have these names; columns that are not among them keep their own."""
        if dict(names) != self._names:
            self._names = dict(names)
            self._fill()

    def show_columns(self, fields: tuple[str, ...], parameters: tuple[str, ...]) -> None:
        """Offer these columns of the file, and these parameters of the function."""
        fields = fields[:MOST]
        if (fields, parameters) != (self._fields, self._parameters):
            self._fields, self._parameters = fields, parameters
            self._fill()

    def _fill(self) -> None:
        inner = QWidget(self._area)
        rows = QGridLayout(inner)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setHorizontalSpacing(8)
        rows.setVerticalSpacing(3)
        rows.setColumnStretch(1, 1)
        self.combos = {}
        for row, field in enumerate(self._fields):
            combo = QComboBox(inner)
            combo.setAccessibleName(f"Parameter for the column {field}")
            chosen = self._names.get(field, field)
            for name in dict.fromkeys((field, *self._parameters, *filter(None, (chosen,)))):
                text = name if name in self._parameters or not self._parameters else f"{name}  (as it is)"
                combo.addItem(text, name)
            combo.addItem("(left out)", "")
            combo.setCurrentIndex(combo.findData(chosen))
            combo.setProperty("column", field)
            combo.activated.connect(self._on_chosen)
            label = QLabel(field, inner)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(combo)
            set_tone(label, "muted")
            rows.addWidget(label, row, 0)
            rows.addWidget(combo, row, 1)
            self.combos[field] = combo
        self._area.setWidget(inner)
        self._area.setFixedHeight(min(scaled(_HEIGHT), inner.sizeHint().height()))

    @Slot()
    def _on_chosen(self) -> None:
        self._names = {field: combo.currentData() for field, combo in self.combos.items()}
        self.changed.emit()
