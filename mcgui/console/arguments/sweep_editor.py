"""The editor of a parameter sweep: a small table of axes, to add to, take from and put in order."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.arguments.sweep_axes_model import COUNT, PARAMETER, VALUES, SweepAxesModel, count_in_words
from mcgui.console.arguments.sweep_axes_view import SweepAxesView
from mcgui.console.parts.buttons import icon_button
from mcgui.console.parts.elided_label import ElidedChoice
from mcgui.console.parts.widget_shortcut import widget_shortcut
from mcgui.console.tables.cell_delegate import CellDelegate
from mcgui.console.tables.table_view import row_height
from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.arguments.argument_source import Combine
from mcgui_core.arguments.sweep import Axes

#: Axes that are shown without scrolling, at least and at most.
_ROWS: Final = (2, 6)
#: Pixels of its table at least: room for the titles.
_LEAST: Final = 190
#: ... and those from which on there is room for how many values an axis has.
_ROOMY: Final = 220
#: Pixels of the columns of names and counts, and of a cell that its text has not.
_NAME, _COUNT, _CELL_AIR = 84, 56, 17
#: What the values of a new axis may look like, each with how it is offered.
_FORMS: Final = (
    ("1, 2, 5", "Values"),
    ("0 to 10 step 2", "Range with a step"),
    ("0 to 1 in 11", "Range in equal parts"),
    ("log 1 to 1000 in 4", "Logarithmic range"),
)
_COMBINE: Final[tuple[tuple[Combine, str], ...]] = (
    ("product", "all combinations"),
    ("zip", "row by row"),
)


class SweepEditor(QWidget):
    """The axes. `combine`, which says how they go together, is laid out by whoever has the editor.

    Signals:
        changed(): the axes, or how they go together, are different.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parameters: tuple[str, ...] = ()
        self.combine = guard_from_wheel(ElidedChoice(parent))
        self.combine.setAccessibleName("How the axes go together")
        self.combine.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combine.setMinimumContentsLength(8)
        self.combine.currentTextChanged.connect(self.combine.setToolTip)
        for combination, text in _COMBINE:
            self.combine.addItem(text, combination)
        self.model = SweepAxesModel(self)
        self._hint = "No axis yet: Add axis, or type its name here"
        self.view = SweepAxesView(theme, "Axes of the sweep", self._hint, self)
        self.view.setModel(self.model)
        self.view.setMinimumWidth(scaled(_LEAST))
        trigger = QAbstractItemView.EditTrigger
        self.view.setEditTriggers(
            trigger.DoubleClicked | trigger.SelectedClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed
        )
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._delegate = _AxisDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        head = self.view.horizontalHeader()
        head.setSectionResizeMode(VALUES, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(PARAMETER, scaled(_NAME))
        head.resizeSection(COUNT, scaled(_COUNT))
        self._make_buttons()
        self._lay_out()
        self.model.changed.connect(self._on_changed)
        self.combine.currentIndexChanged.connect(self._on_changed)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.typed.connect(self._on_typed)
        theme.changed.connect(self._dress)
        self._dress()
        self._show()

    @property
    def axes(self) -> Axes:
        return self.model.axes

    @property
    def combination(self) -> Combine:
        combination: Combine = self.combine.currentData()
        return combination

    @property
    def is_empty(self) -> bool:
        """Whether there is no axis yet."""
        return not self.model.axes

    def set_axes(self, axes: Axes, combine: Combine) -> None:
        """Show these."""
        self.combine.setCurrentIndex(self.combine.findData(combine))
        self.model.set_axes(axes)

    def set_parameters(self, names: tuple[str, ...]) -> None:
        """The names that the function takes: those of new axes, and what is offered while one is typed."""
        self._parameters = self._delegate.names = names

    # Doing

    @Slot(QAction)
    def _on_add(self, action: QAction) -> None:
        taken = {name for name, _ in self.model.axes}
        name = next((one for one in self._parameters if one not in taken), "")
        row = self.model.add(name, action.data())
        # Where the name is clear, the values are what is typed next.
        self._edit(row, VALUES if name else PARAMETER)

    @Slot()
    def _on_typed(self) -> None:
        """The name of a first axis is about to be typed."""
        row = self.model.add("", _FORMS[0][0])
        self.view.setCurrentIndex(self.model.index(row, PARAMETER))

    @Slot()
    def _on_remove(self) -> None:
        row = self.view.currentIndex().row()
        if row >= 0:
            self.model.remove(row)
            if self.model.rowCount():
                self._select(min(row, self.model.rowCount() - 1))

    @Slot()
    def _on_bring_back(self) -> None:
        row = self.model.bring_back()
        if row is not None:
            self._select(row)

    @Slot()
    def _on_up(self) -> None:
        self._move(-1)

    @Slot()
    def _on_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self.view.currentIndex().row()
        if row >= 0 and self.model.move(row, by):
            self._select(row + by)

    def _edit(self, row: int, column: int) -> None:
        index = self.model.index(row, column)
        self.view.setCurrentIndex(index)
        self.view.edit(index)

    def _select(self, row: int) -> None:
        index = self.model.index(row, max(0, self.view.currentIndex().column()))
        flag = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        self._show()

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    @Slot()
    def _on_current(self) -> None:
        self._show()

    # Showing

    def _make_buttons(self) -> None:
        self.add = QPushButton("Add axis", self)
        self.add.setAccessibleName("Add an axis")
        menu = QMenu(self.add)
        for form, text in _FORMS:
            action = QAction(f"{text}\t{form}", menu)
            action.setData(form)
            menu.addAction(action)
        menu.triggered.connect(self._on_add)
        self.add.setMenu(menu)
        undo = QKeySequence(QKeySequence.StandardKey.Undo)
        shown = undo.toString(QKeySequence.SequenceFormat.NativeText)
        self._undo_tip = f"{shown} in the table brings the axis back that was removed last"
        self.remove = icon_button("Remove the axis", self)
        self.remove.setToolTip(f"{self.remove.toolTip()}. {self._undo_tip}")
        self.view.setToolTip(self._undo_tip)
        self.up = icon_button("Move the axis up: it changes more slowly", self)
        self.down = icon_button("Move the axis down: it changes faster", self)
        for button, act in ((self.remove, self._on_remove), (self.up, self._on_up), (self.down, self._on_down)):
            button.clicked.connect(act)
        for keys, act in (("Alt+Up", self._on_up), ("Alt+Down", self._on_down), ("Del", self._on_remove)):
            widget_shortcut(keys, self.view, act)
        widget_shortcut(undo, self.view, self._on_bring_back)
        self.count = QLabel(self)
        self.count.setWordWrap(True)  # where text is large: the panel must not get wider
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setAccessibleName("How many tasks the sweep makes")
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _lay_out(self) -> None:
        self._row, self._is_below = QHBoxLayout(), False
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        for button in (self.add, self.remove, self.up, self.down):
            self._row.addWidget(button)
        self._row.addWidget(self.count, 1)
        self._row.addStretch(0)  # for the buttons to stay where they are without it
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view)
        layout.addLayout(self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        self._place_count()

    def _fit_columns(self) -> None:
        """Where there is little room, it is the values' before it is what the names and the counts have beyond their
        need, and before the counts, which stand below too."""
        head, width, values = self.view.horizontalHeader(), self.width(), self._needed(VALUES)
        name, count = self._needed(PARAMETER), self._needed(COUNT)
        is_hidden = width < scaled(_ROOMY) or width - name - count < values
        counts = 0 if is_hidden else max(min(scaled(_COUNT), width - name - values), count)
        self.view.setColumnHidden(COUNT, is_hidden)
        if not is_hidden:
            head.resizeSection(COUNT, counts)
        head.resizeSection(PARAMETER, max(name, min(scaled(_NAME), width - counts - values)))

    def _needed(self, column: int) -> int:
        """Pixels with which the title and the cells of a column are whole."""
        model, metrics = self.model, QFontMetrics(self.view.font())
        title = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        cells = (str(model.index(row, column).data() or "") for row in range(model.rowCount()))
        return max(metrics.horizontalAdvance(text) for text in (title, *cells)) + _CELL_AIR

    def _place_count(self) -> None:
        """Beside the buttons; below them where it would take lines of a word each there."""
        buttons = sum(one.sizeHint().width() + 2 for one in (self.add, self.remove, self.up, self.down))
        below = self.width() - buttons < self.count.fontMetrics().horizontalAdvance(self.count.text()) + 2
        if below != self._is_below:
            self._is_below = below
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            (self._row if below else layout).removeWidget(self.count)
            if below:
                layout.addWidget(self.count)
            else:
                self._row.insertWidget(4, self.count, 1)

    @Slot()
    def _dress(self) -> None:
        colour = self._theme.colours.muted
        for button, sign in ((self.remove, "close"), (self.up, "arrow-up"), (self.down, "arrow-down")):
            button.setIcon(icon(sign, colour))

    def _show(self) -> None:
        rows, row = self.model.rowCount(), self.view.currentIndex().row()
        self.view.setAccessibleDescription(self._undo_tip if rows else f"{self._hint}. {self._undo_tip}")
        self.remove.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < rows - 1)
        least, most = _ROWS
        shown = min(max(rows, least), most)
        head = self.view.horizontalHeader().sizeHint().height()
        self.view.setFixedHeight(head + shown * row_height() + 4)
        self._fit_columns()
        words, good = count_in_words(self.axes, self.combination) if rows else ("", True)
        # What is wrong is said below, in full; here is no room for it.
        self.count.setText(words if good else "")
        self._place_count()
        set_tone(self.count, "muted")


class _AxisDelegate(CellDelegate):
    """Cells that are typed into, with the function's parameters offered as names."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.names: tuple[str, ...] = ()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_HasFocus:  # which cell is typed into next matters here
            painter.save()
            painter.setPen(self._theme.colours.accent)
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
            painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        made = QLineEdit(parent)
        made.setFrame(False)
        made.setStyleSheet("QLineEdit { padding: 0 7px; border-radius: 0; min-height: 0; }")
        if index.column() == PARAMETER:
            made.setAccessibleName("Name of the parameter")
            completer = QCompleter(list(self.names), made)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            made.setCompleter(completer)
        else:
            made.setAccessibleName("Values of the axis")
            made.setPlaceholderText("1, 2, 5")
        return made
