"""The list of what travels with a job, below the editor: a line that unfolds, and files that are picked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mcgui.background import Background
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.environment.project_watch import Look, ProjectWatch, Question
from mcgui.console.environment.travel_rows import TravelRow, columns, rows_of, total, trouble
from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.widget_shortcut import widget_shortcut
from mcgui.console.tables.table_model import SortProxy, TableModel
from mcgui.console.tables.table_view import TableView, row_height
from mcgui.fold_button import FoldButton
from mcgui.scale import scaled
from mcgui.screen_reader import announce
from mcgui.theme import Theme, set_tone
from mcgui_core.environment.project_reader import pattern_of

#: Rows that are in sight at once, at least and at most.
_LEAST, _MOST = 2, 5
#: Pixels around the text of a cell, and that a column has at most beside the name's.
_AIR, _WIDEST = 22, 190
_NAMED: Final = "Files that the code names"


class TravelList(QWidget):
    """Hidden where the environment has no file, and nothing is picked.

    Signals:
        picked(tuple[str, ...]): the user picked other files; these are all of them, as patterns.
    """

    picked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        dialogs: FileDialogs,
        background: Background | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._question, self._text = Question(), -1
        self._look = Look()
        self.toggle = FoldButton("", "What travels with this job", theme, self)
        self.toggle.turned.connect(self._show)
        self.trouble = ElidedLabel(self)
        self.trouble.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.model: TableModel[TravelRow] = TableModel(columns(), lambda row: row.key, theme, self)
        self.proxy = SortProxy(self.model, self)
        self.proxy.sort(0)
        self.view = _Rows(theme, self)
        self.view.setModel(self.proxy)
        self.view.fit_columns(())
        self.remark = QLabel(self)
        self.remark.setTextFormat(Qt.TextFormat.PlainText)
        self.remark.setWordWrap(True)
        self.remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.menu = QMenu(self)
        self.named = QAction(_NAMED, self)
        self.named.triggered.connect(self.add_named)
        self.menu.addAction(self.named)
        self.menu.addAction("Files…", self.add_files)
        self.menu.addAction("A folder…", self.add_folder)
        self.add = QPushButton("Add", self)
        self.add.setProperty("segment", True)
        self.add.setMenu(self.menu)
        self.add.setAccessibleName("Add files that travel along")
        self.remove = QPushButton("Remove", self)
        self.remove.setProperty("segment", True)
        self.remove.setAccessibleName("Remove what was picked")
        self.remove.clicked.connect(self.remove_chosen)
        widget_shortcut(QKeySequence.StandardKey.Delete, self.view, self.remove_chosen)
        self.view.doubleClicked.connect(self.add_named_row)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self._watch = ProjectWatch(background, self)
        self._watch.found.connect(self._on_found)
        self._lay_out()
        self._show()

    # What it is told

    def set_environment(self, state: EnvironmentState) -> None:
        """Another text is in front, or the same was edited. While it does not compile, what it said before counts."""
        if state.text == self._text and (state.problem is not None or state.reading):
            return
        self._text = state.text
        self._ask(Question(state.place, state.source, self._question.picked))

    @Slot(object)
    def set_picked(self, patterns: tuple[str, ...]) -> None:
        """These are what was picked."""
        self._ask(Question(self._question.path, self._question.source, patterns))

    def end(self) -> None:
        """Look no more."""
        self._watch.stop()

    # What the user does

    @Slot()
    def add_files(self) -> None:
        """Ask for files, and have them travel along."""
        self._pick(self._dialogs.files_to_send(self, self._folder()))

    @Slot()
    def add_folder(self) -> None:
        """Ask for a folder, and have all that is in it travel along."""
        folder = self._dialogs.folder_to_send(self, self._folder())
        self._pick([folder] if folder is not None else [])

    @Slot()
    def add_named(self) -> None:
        """Have all those travel along that the code names."""
        self._pick([self._folder_of_project() / row.name for row in self._named_rows()])

    @Slot(object)
    def add_named_row(self, index: object) -> None:
        """The same for the one that was double-clicked."""
        rows = [row for row in self._chosen() if row.kind == "mentioned"]
        self._pick([self._folder_of_project() / row.name for row in rows])

    @Slot()
    def remove_chosen(self) -> None:
        """Take back what was picked and is selected. A folder goes as a whole, as it came."""
        gone = {row.given for row in self._chosen() if row.given}
        if gone:
            self.picked.emit(tuple(pattern for pattern in self._question.picked if pattern not in gone))

    # Within

    def _ask(self, question: Question) -> None:
        self._question = question
        self.setVisible(bool(question.path or question.picked))
        self._watch.ask(question)

    def _pick(self, paths: list[Path]) -> None:
        """Files that travel anyway need not be picked."""
        there = {file.place for file in self._look.files}
        main = Path(self._question.path)
        new = [pattern_of(path, main) for path in paths if path.resolve() not in there]
        every = tuple(dict.fromkeys((*self._question.picked, *new)))
        if every != self._question.picked:
            self.picked.emit(every)

    def _folder(self) -> Path:
        return Path(self._question.path).parent

    def _folder_of_project(self) -> Path:
        """What the paths in the list begin at."""
        main = next(file for file in self._look.files if file.origin == "main")
        return main.place.parents[main.path.count("/")]

    def _named_rows(self) -> list[TravelRow]:
        return [row for row in self.model.items if row.kind == "mentioned"]

    def _chosen(self) -> list[TravelRow]:
        rows = self.view.selectionModel().selectedRows()
        return [self.model.item(self.proxy.mapToSource(index).row()) for index in rows]

    @Slot(object)
    def _on_found(self, look: Look) -> None:
        before = trouble(self._look)[0]
        self._look = look
        rows = rows_of(look)
        self.model.apply(rows, 0.0)
        self.view.fit_columns(rows)
        self._show()
        said, tone = trouble(look)
        if said and said != before:
            announce(self, said, urgent=tone == "bad")

    @Slot()
    def _on_selected(self) -> None:
        chosen = self._chosen()
        self.remove.setEnabled(any(row.given for row in chosen))
        told = [row.sentence for row in chosen if row.sentence]
        self.remark.setText(told[0] if told else self._first_sentence())

    def _first_sentence(self) -> str:
        """The first thing that is wrong; what to do where nothing is."""
        if self._look.problem:
            return self._look.problem
        rows = sorted(self.model.items, key=lambda row: row.key)
        told = next((row.sentence for row in rows if row.kind in ("problem", "mentioned")), "")
        return told or "What the environment imports from its folder travels by itself."

    @Slot()
    def _show(self) -> None:
        unfolded, text = self.toggle.is_open, total(self._look)
        said, tone = trouble(self._look)
        self.toggle.setText(text)
        self.toggle.setAccessibleName(f"{text}. {said}" if said else text)
        self.trouble.say(said, "\n".join(row.sentence for row in self.model.items if row.sentence))
        set_tone(self.trouble, tone)
        named = self._named_rows()
        self.named.setVisible(bool(named))
        self.named.setText(f"{_NAMED}: {named[0].name}" if len(named) == 1 else f"{_NAMED} ({len(named)})")
        self.add.setEnabled(bool(self._question.path))
        for part in (self.view, self.remark, self.add, self.remove):
            part.setVisible(unfolded)
        self.view.updateGeometry()
        self._on_selected()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.toggle)
        head.addWidget(self.trouble, 1)
        tools = QHBoxLayout()
        tools.setContentsMargins(0, 0, 0, 0)
        tools.addWidget(self.remark, 1)
        tools.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        tools.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.view)
        layout.addLayout(tools)


class _Rows(TableView):
    """As high as its rows, within limits."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "Files that travel", parent)
        self._columns = columns()
        self.horizontalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)

    def fit_columns(self, rows: Iterable[TravelRow]) -> None:
        """Why and how large has the room that it needs, up to a limit; the name has what is left."""
        head, metrics = self.horizontalHeader(), self.fontMetrics()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        cells = {number: {self._columns[number].cell(row, 0.0).text for row in rows} for number in (1, 2)}
        for number, texts in cells.items():
            needed = max(map(metrics.horizontalAdvance, texts), default=0) + scaled(_AIR)
            self.setColumnWidth(number, min(needed, scaled(_WIDEST)))

    def sizeHint(self) -> QSize:
        rows = self.model().rowCount() if self.model() is not None else 0
        return QSize(super().sizeHint().width(), self._high(max(_LEAST, min(rows, _MOST))))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._high(_LEAST))

    @staticmethod
    def _high(rows: int) -> int:
        return rows * row_height() + 2
