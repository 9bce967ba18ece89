"""What becomes of each column of a file: the parameter that it is passed as, and what its cells are read as."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.parts.elided_label import ElidedChoice, ElidedLabel, elide_choice
from mcgui.plain_text import plain_tip, unturned
from mcgui.scale import scaled
from mcgui.theme import set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.arguments.argument_source import COLUMN_TYPES, ColumnType
from mcgui_core.arguments.column_renaming import ColumnNames
from mcgui_core.protocol.messages import ArgumentsPreview

ColumnTypes = tuple[tuple[str, ColumnType], ...]
#: Columns that can be chosen for; with more than these, names are a matter for the file.
MOST: Final = 60
#: Pixels of a column's name at least; twice as many at most.
_NAME: Final = 40
#: Pixels of a choice at least.
_CHOICE: Final = 64


class ColumnMappingEditor(QWidget):
    """A row for each column: its name in the file, the parameter that it is passed as, and what it is read as.

    Columns whose names read like a parameter's are passed as that one, and columns without a name are left out, unless
    the user says otherwise.

    Signals:
        changed(): `names` are others, by the user.
        types_changed(): `types` are others, by the user.
    """

    changed = Signal()
    types_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[str, ...] = ()
        self._unnamed: tuple[str, ...] = ()
        self._parameters: tuple[str, ...] = ()
        self._found: tuple[str, ...] = ()  # what each field is read as; none where the file itself says what it holds
        self._names: dict[str, str] = {}  # as the user said
        self._types: dict[str, ColumnType] = {}
        self.combos: dict[str, ElidedChoice] = {}
        self.type_combos: dict[str, ElidedChoice] = {}
        self._inner = QWidget(self)  # all the rows, however many: the form scrolls, and a list in it would hide some
        self._rows, self._is_divided = QGridLayout(), False
        self._labels: list[ElidedLabel] = []
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._inner)

    @property
    def names(self) -> ColumnNames:
        """What the user said: columns that are passed as another parameter than they would be; "" leaves one out."""
        return tuple(self._names.items())

    @property
    def passed(self) -> ColumnNames:
        """The columns that are passed under another name than their own, whoever says so; "" for one that is not."""
        if not self._fields:
            return ()
        names = self._passed(self.names)
        return tuple((field, name) for field, name in names if name != field)

    def _passed(self, said: ColumnNames) -> ColumnNames:
        from mcgui_core.arguments.column_matching import passed_names  # here: a file is chosen later, if ever

        return passed_names(self._fields, self._unnamed, self._parameters, said)

    @property
    def types(self) -> ColumnTypes:
        """What the user said that columns are."""
        return tuple(self._types.items())

    def set_chosen(self, names: ColumnNames, types: ColumnTypes) -> None:
        """Have these chosen, and nothing else."""
        if (dict(names), dict(types)) != (self._names, self._types):
            self._names, self._types = dict(names), dict(types)
            self._fill()

    def choose_type(self, field: str, type: ColumnType | None) -> None:
        """Read a column as this, as though the user had chosen it here; None leaves it to what is found."""
        types = {other: said for other, said in self._types.items() if other != field}
        if type is not None:
            types[field] = type
        if types != self._types:
            self._types = types
            self._show_chosen()
            self.types_changed.emit()

    def show_columns(self, preview: ArgumentsPreview, parameters: tuple[str, ...]) -> None:
        """Offer the columns of a file, looked at without any names chosen, and these parameters of the function."""
        unnamed = tuple(field for field in preview.fields if field not in preview.columns)
        before = (self._fields, self._unnamed, self._parameters, len(self._found))
        self._fields, self._unnamed, self._parameters = preview.fields, unnamed, parameters
        self._found = preview.types
        if before != (self._fields, self._unnamed, self._parameters, len(self._found)):
            self._fill()
        else:
            self._show_chosen()

    def _fill(self) -> None:
        inner, before = QWidget(self), self._inner
        rows = self._rows = QGridLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(8)
        rows.setVerticalSpacing(3)
        rows.setColumnStretch(1, 1)
        rows.setColumnStretch(2, 1)
        self.combos, self.type_combos, self._labels = {}, {}, []
        for row, field in enumerate(self._fields[:MOST]):
            self.combos[field] = combo = self._name_combo(field, inner)
            label = ElidedLabel(inner, least=scaled(_NAME))  # a long one must not take the room of what is chosen
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            label.setMaximumWidth(scaled(2 * _NAME))
            label.say(field)
            label.setBuddy(combo)
            self._labels.append(label)
            set_tone(label, "muted")
            rows.addWidget(label, 2 * row, 0)
            rows.addWidget(combo, 2 * row, 1, 1, 1 if self._found else 2)
            if self._found:
                self.type_combos[field] = types = self._type_combo(field, inner)
                rows.addWidget(types, 2 * row, 2)
        self._show_chosen()
        self._is_divided = False
        self._place_types()
        self._layout.replaceWidget(before, inner)
        self._inner = inner
        inner.show()
        before.hide()
        before.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_types()

    def _place_types(self) -> None:
        """Types stand beside the names; where their words would be cut there, in lines of their own."""
        if not self.type_combos:
            return
        labels = max(min(label.sizeHint().width(), label.maximumWidth()) for label in self._labels)
        types = next(iter(self.type_combos.values()))
        needed = [types.width_with(text) for text in types.texts]
        needed += [combo.width_with(combo.currentText()) for combo in self.combos.values()]
        beside = self.width() - labels - 2 * self._rows.horizontalSpacing()
        divided = beside // 2 < max(needed)
        if divided == self._is_divided:
            return
        self._is_divided = divided
        for row, (field, types) in enumerate(self.type_combos.items()):
            self._rows.removeWidget(types)
            self._rows.addWidget(self.combos[field], 2 * row, 1, 1, 2 if divided else 1)
            if divided:
                self._rows.addWidget(types, 2 * row + 1, 0, 1, 3)
            else:
                self._rows.addWidget(types, 2 * row, 2)

    def _name_combo(self, field: str, parent: QWidget) -> ElidedChoice:
        combo = guard_from_wheel(ElidedChoice(parent))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(7)
        combo.setMinimumWidth(scaled(_CHOICE))
        combo.setAccessibleName(f"Parameter for the column {field}")
        combo.currentTextChanged.connect(lambda text: combo.setToolTip(plain_tip(text)))
        said = self._names.get(field, "")
        for name in dict.fromkeys((field, *self._parameters, *filter(None, (said,)))):
            text = name if name in self._parameters or not self._parameters else f"{name}  (as it is)"
            combo.addItem(unturned(text), name)
        combo.addItem("(left out)", "")
        combo.setProperty("column", field)
        combo.activated.connect(self._on_name_chosen)
        return combo

    def _type_combo(self, field: str, parent: QWidget) -> ElidedChoice:
        combo = guard_from_wheel(ElidedChoice(parent))
        combo.setMinimumWidth(scaled(_CHOICE))
        combo.setAccessibleName(f"Type of the column {field}")
        combo.setToolTip("What the cells of this column are read as, in all rows of the file")
        elide_choice(combo)
        combo.setMinimumContentsLength(max(len(type_words(type)) for type in COLUMN_TYPES) * 2 // 3)
        for type in COLUMN_TYPES:
            combo.addItem(type_words(type), type)
        combo.addItem("as found", None)
        combo.setProperty("column", field)
        combo.activated.connect(self._on_type_chosen)
        return combo

    def _show_chosen(self) -> None:
        """In place, so that the keyboard stays where it is."""
        passed = dict(self.passed)
        for field, combo in self.combos.items():
            combo.setCurrentIndex(combo.findData(passed.get(field, field)))
        for (field, combo), found in zip(self.type_combos.items(), self._found, strict=False):
            combo.setCurrentIndex(combo.findData(self._types.get(field, found)))

    @Slot()
    def _on_name_chosen(self) -> None:
        combo = self.sender()
        assert isinstance(combo, QComboBox)
        field, name = combo.property("column"), combo.currentData()
        said = {other: one for other, one in self._names.items() if other != field}
        others = self._passed(tuple(said.items()))
        if name != dict(others).get(field, field):
            said[field] = name
        self._names = {one: said[one] for one in (*self._fields, *said) if one in said}
        self._show_chosen()
        self.changed.emit()

    @Slot()
    def _on_type_chosen(self) -> None:
        combo = self.sender()
        assert isinstance(combo, QComboBox)
        self.choose_type(combo.property("column"), combo.currentData())


def type_words(type: str) -> str:
    """What people call a type of a column."""
    from mcgui_core.arguments.column_types import TYPE_WORDS

    return next((words for known, words in TYPE_WORDS.items() if known == type), type)
