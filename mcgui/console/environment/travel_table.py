"""The files that travel with a job, and those that do not, as a table with its tools: what the list below the editor
unfolds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mcgui.console.environment.project_watch import Look
from mcgui.console.environment.travel_rows import TravelRow, columns, rows_of
from mcgui.console.parts.hint_room import WholeLabel
from mcgui.console.parts.widget_shortcut import widget_shortcut
from mcgui.console.tables.table_model import SortProxy, TableModel
from mcgui.console.tables.table_view import TableView, row_height
from mcgui.scale import scaled
from mcgui.theme import Theme

#: Rows that are in sight at once, at least and at most.
_LEAST, _MOST = 2, 5
#: Pixels around the text of a cell, and that a column has at most beside the name's.
_AIR, _WIDEST = 22, 190
#: ... and of the sign before a name.
_SIGN = 20
#: Files that the menu offers one by one.
_OFFERED: Final = 12


class TravelTable(QWidget):
    """Shows what was found, and says what is wanted of it.

    Signals:
        named_wanted(tuple[TravelRow, ...]): these files, which the code names, are to travel.
        files_wanted(), folder_wanted(): others are to be asked for.
        remove_wanted(frozenset[str]): what these patterns name was picked, and is to be taken back.
        undo_wanted(): what was taken back last is to be there again.
    """

    named_wanted = Signal(object)
    files_wanted = Signal()
    folder_wanted = Signal()
    remove_wanted = Signal(object)
    undo_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self.model: TableModel[TravelRow] = TableModel(columns(), lambda row: row.key, theme, self)
        self.proxy = SortProxy(self.model, self)
        self.proxy.sort(0)
        self.view = _Rows(theme, self)
        self.view.setModel(self.proxy)
        self.view.fit_columns(())
        self.remark = WholeLabel(self)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self.fill_menu)
        self.add = QPushButton("Add", self)
        self.add.setProperty("segment", True)
        self.add.setMenu(self.menu)
        self.add.setAccessibleName("Add files that travel along")
        self.remove = QPushButton("Remove", self)
        self.remove.setProperty("segment", True)
        self.remove.setAccessibleName("Remove what was picked")
        undo = QKeySequence(QKeySequence.StandardKey.Undo)
        shown = undo.toString(QKeySequence.SequenceFormat.NativeText)
        self.remove.setToolTip(f"Del in the table does the same; {shown} there brings it back")
        self.remove.clicked.connect(self._on_remove)
        widget_shortcut(QKeySequence.StandardKey.Delete, self.view, self._on_remove)
        widget_shortcut(undo, self.view, self.undo_wanted.emit)
        self.view.doubleClicked.connect(self._on_double_clicked)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self._lay_out()
        self._on_selected()

    @property
    def named(self) -> tuple[TravelRow, ...]:
        """The files that the code names and that stay here."""
        return tuple(sorted((row for row in self.model.items if row.kind == "mentioned"), key=lambda row: row.key))

    def show_look(self, look: Look, may_add: bool) -> None:
        """Show what was found. `may_add`: there is a folder from which files can travel."""
        self._look = look
        rows = rows_of(look)
        self.model.apply(rows, 0.0)
        self.view.fit_columns(rows)
        self.view.updateGeometry()
        self.add.setEnabled(may_add)
        self._on_selected()

    @Slot()
    def fill_menu(self) -> None:
        """Offer what there is to add now: each file that the code names, all of them, or others."""
        self.menu.clear()
        named = self.named
        for row in named[:_OFFERED]:
            self.menu.addAction(f"{row.name}, which the code names", partial(self.named_wanted.emit, (row,)))
        if len(named) > 1:
            self.menu.addAction(f"All {len(named)} files that the code names", lambda: self.named_wanted.emit(named))
        if named:
            self.menu.addSeparator()
        self.menu.addAction("Files…", self.files_wanted.emit)
        self.menu.addAction("A folder…", self.folder_wanted.emit)

    # Within

    def _chosen(self) -> list[TravelRow]:
        rows = self.view.selectionModel().selectedRows()
        return [self.model.item(self.proxy.mapToSource(index).row()) for index in rows]

    @Slot()
    def _on_remove(self) -> None:
        """Take back what was picked and is selected. A folder goes as a whole, as it came."""
        gone = frozenset(row.given for row in self._chosen() if row.given)
        if gone:
            self.remove_wanted.emit(gone)

    @Slot()
    def _on_double_clicked(self) -> None:
        rows = tuple(row for row in self._chosen() if row.kind == "mentioned")
        if rows and self.add.isEnabled():
            self.named_wanted.emit(rows)

    @Slot()
    def _on_selected(self) -> None:
        chosen = self._chosen()
        self.remove.setEnabled(any(row.given for row in chosen))
        told = [row.sentence for row in chosen if row.sentence]
        self.remark.say(told[0] if told else self._first_sentence())

    def _first_sentence(self) -> str:
        """The first thing that is wrong; what to do where nothing is."""
        if self._look.problem:
            return self._look.problem
        rows = sorted(self.model.items, key=lambda row: row.key)
        told = next((row.sentence for row in rows if row.kind in ("problem", "mentioned")), "")
        return told or self._look.hint or "What the environment imports from its folder travels by itself."

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(0, 0, 0, 0)
        tools.addStretch(1)
        tools.addWidget(self.add)
        tools.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view)
        layout.addWidget(self.remark)  # as wide as it can: beside the buttons, large text had no room
        layout.addLayout(tools)


class _Rows(TableView):
    """As high as its rows, within limits."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "Files that travel", parent)
        self._columns = columns()
        self._needed = [0, 0, 0]  # pixels of each column, for all of its words
        self.horizontalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)

    def fit_columns(self, rows: Iterable[TravelRow]) -> None:
        """Why and how large has the room that it needs, up to a limit; the name has what is left."""
        metrics = self.fontMetrics()
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        cells = [{self._columns[number].cell(row, 0.0).text for row in rows} for number in (0, 1, 2)]
        self._needed = [max(map(metrics.horizontalAdvance, texts), default=0) + scaled(_AIR) for texts in cells]
        self._needed[0] += scaled(_SIGN)
        self._divide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._divide()

    def _divide(self) -> None:
        """Where there is too little room for all, the reason gives way before the name, and the size before both."""
        name, why, size = self._needed
        room = self.viewport().width()
        name = min(name, room // 2)
        self.setColumnHidden(2, room - size < max(2 * name, name + min(why, scaled(_WIDEST))))
        size = 0 if self.isColumnHidden(2) else size
        self.setColumnWidth(1, max(min(why, scaled(_WIDEST), room - name - size), 0))
        self.setColumnWidth(2, size)

    def sizeHint(self) -> QSize:
        rows = self.model().rowCount() if self.model() is not None else 0
        return QSize(super().sizeHint().width(), self._high(max(_LEAST, min(rows, _MOST))))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._high(_LEAST))

    @staticmethod
    def _high(rows: int) -> int:
        return rows * row_height() + 2
