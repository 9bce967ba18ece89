"""The outcomes of two jobs side by side, argument by argument: those that differ first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from mcgui import format
from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.console.tables.table_model import AnyIndex, Cell, Column, SortProxy, TableModel
from mcgui.console.tables.table_view import TableView
from mcgui.exact_text import ExactTextEdit
from mcgui.scale import scaled
from mcgui.theme import Theme, Tone, monospace, set_tone
from mcgui_core.protocol.queries import ComparedTask, Comparison

_TONES: Final[dict[str, Tone]] = {"differs": "", "same": "muted", "only": "warn"}
#: Pixels of the height of a row as a whole, at least.
_LOW: Final = 60
_COMPARING: Final = "The results are being compared."


class ComparedTasks(QWidget):
    """`show_comparison` fills it; until then it says that it is being made."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.words = WrappedLabel(self)
        self.words.setAccessibleName("How many results differ")
        self.view = TableView(theme, "Results of both jobs", self)
        self.view.setSortingEnabled(True)
        self.view.copies = self._copy_rows
        self.whole = ExactTextEdit(self)
        self.whole.setReadOnly(True)
        self.whole.setFont(monospace(QApplication.font().pointSizeF()))
        self.whole.setMinimumHeight(scaled(_LOW))
        self.whole.setAccessibleName("The chosen row as a whole")
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.addWidget(self.view)
        self._split.addWidget(self.whole)
        self._split.setChildrenCollapsible(False)
        self._split.setSizes([3 * _LOW, 2 * _LOW])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.words)
        layout.addWidget(self._split, 1)
        self.wait(("", ""))

    def wait(self, names: tuple[str, str]) -> None:
        """They are being compared; `names` are those of the jobs."""
        self._say(_COMPARING, "muted")
        self._make_columns(names, ())
        self._split.hide()

    def _make_columns(self, names: tuple[str, str], rows: Sequence[ComparedTask]) -> None:
        """As these rows need them: numbers stand on the right."""
        before = [self.proxy, self.model] if self.view.model() is not None else []
        self.model: TableModel[tuple[int, ComparedTask]] = TableModel(
            _columns(names, rows), lambda row: row[0], self._theme, self
        )
        self.proxy: SortProxy = SortProxy(self.model, self)
        self.view.setModel(self.proxy)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.horizontalHeader().setSortIndicatorClearable(True)
        for number, column in enumerate(self.model.columns):
            self.view.setColumnWidth(number, column.width)
        self.view.horizontalHeader().setStretchLastSection(True)
        for one in before:
            one.deleteLater()

    def fail(self, problem: str) -> None:
        """Say why there is no comparison."""
        self._say(problem, "bad")

    def show_comparison(self, names: tuple[str, str], found: Comparison) -> None:
        self._say(summary(names, found), "")
        self._make_columns(names, found.rows)
        self.model.apply(tuple(enumerate(found.rows)), time.time())
        self._split.setVisible(bool(found.rows))
        if found.rows:
            self._show_whole(0)

    def copy(self) -> None:
        """Put what is selected on the clipboard; all, where nothing is."""
        if not self.view.selectionModel().hasSelection():
            self.view.selectAll()
        self.view.copy()

    @Slot()
    def _copy_rows(self) -> None:
        """As any table does, but with texts as they are: a cell has them in one line, and others in place of signs."""
        from mcgui_core.results.csv_writer import harmless, in_a_cell  # here: the window shows before

        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        lines = ["\t".join(column.title for column in self.model.columns)]
        lines += ["\t".join(in_a_cell(harmless(text)) for text in self._texts(row)) for row in rows]
        QApplication.clipboard().setText("\n".join(lines))

    @Slot("QModelIndex", "QModelIndex")
    def _on_current(self, current: AnyIndex, _before: AnyIndex) -> None:
        if current.isValid():
            self._show_whole(current.row())

    def _show_whole(self, row: int) -> None:
        """A row of the table with each text under the title of its column: a cell has room for the beginning."""
        told = zip((column.title for column in self.model.columns), self._texts(row), strict=True)
        heading = QTextCharFormat()
        heading.setForeground(self._theme.colours.muted)
        heading.setFont(self.font())
        self.whole.show_text("")
        for number, (title, text) in enumerate((title, text) for title, text in told if text):
            self.whole.add_text(f"{'' if number == 0 else chr(10)}{title}\n", heading)
            self.whole.add_text(f"{text}\n")
        self.whole.moveCursor(QTextCursor.MoveOperation.Start)

    def _texts(self, row: int) -> tuple[str, str, str, str]:
        """What is in the four columns of a row of the table, as it is."""
        task = self.model.item(self.proxy.mapToSource(self.proxy.index(row, 0)).row())[1]
        return task.argument, task.before, task.after, _difference(task).text

    def _say(self, text: str, tone: Tone) -> None:
        self.words.setText(text)
        set_tone(self.words, tone)


def summary(names: tuple[str, str], found: Comparison) -> str:
    """How many results differ, and how many arguments only one of the jobs has."""
    both = found.differ + found.same
    only = [
        f"{format.plural(count, 'argument')} {'is' if count == 1 else 'are'} only in {name}."
        for name, count in zip(names, (found.only_one, found.only_other), strict=True)
        if count
    ]
    shown = len(found.rows)
    least = f"The first {format.count(shown)} are shown." if shown < both + found.only_one + found.only_other else ""
    if not both:
        words = "The jobs have no argument in common."
    elif not found.differ:
        words = "The result is the same." if both == 1 else f"All {format.count(both)} results are the same."
    else:
        words = f"{format.count(found.differ)} of {format.plural(both, 'result')} differ."
    return " ".join([words, *only, *([least] if least else [])])


def _are_numbers(texts: Iterable[str]) -> bool:
    """Whether there are any, and all that there are are numbers."""
    there = [text for text in texts if text]
    return bool(there) and all(map(_is_number, there))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _columns(names: tuple[str, str], rows: Sequence[ComparedTask]) -> tuple[Column[tuple[int, ComparedTask]], ...]:
    one, other = names
    return (
        Column(
            "Argument",
            lambda row, _: _cell(row, row[1].argument),
            "What the function was called with",
            190,
            right=_are_numbers(row.argument for row in rows),
        ),
        Column(
            one[:1].upper() + one[1:],
            lambda row, _: _cell(row, row[1].before),
            f"What became of it in {one}",
            180,
            right=_are_numbers(row.before for row in rows),
        ),
        Column(
            other[:1].upper() + other[1:],
            lambda row, _: _cell(row, row[1].after),
            f"What became of it in {other}",
            180,
            right=_are_numbers(row.after for row in rows),
        ),
        Column(
            "Difference",
            lambda row, _: _difference(row[1]),
            "What of it is another; of numbers, how much more the second is",
            160,
            right=_are_numbers(row.difference for row in rows if row.kind == "differs"),
        ),
    )


def _cell(row: tuple[int, ComparedTask], text: str) -> Cell:
    return Cell(" ".join(text.split()), tone=_TONES[row[1].kind], tip=text)


def _difference(task: ComparedTask) -> Cell:
    words = {"same": "", "only": "in one only"}.get(task.kind, task.difference)
    order = abs(task.amount) if task.amount is not None else -1.0
    return Cell(words, (order, words), tone="muted" if task.kind != "differs" else "", tip=task.difference)
