"""The results of the selected job: a table of any length, what was reduced from it, and the way to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.background import Background
from mcgui.console.empty_state import EmptyStack, EmptyState
from mcgui.console.reduced_view import PictureView, ReducedLine, image_of
from mcgui.console.results_model import LIMIT, ResultsModel, RowSource
from mcgui.console.table_view import TableView
from mcgui.theme import Theme, set_tone
from mcgui_core.jobs import JobStatus, Reduced

ExportFormat = Literal["csv", "jsonl"]
#: Format -> how it is offered, and the filter of the file dialog.
_FORMATS: Final[dict[ExportFormat, tuple[str, str]]] = {
    "csv": ("CSV…", "CSV (*.csv)"),
    "jsonl": ("JSON Lines…", "JSON Lines (*.jsonl)"),
}
_WIDTHS: Final = (84, 150, 200, 116)


class ResultsPanel(QWidget):
    """Shows one job's results.

    Signals: `export_wanted(job id, path, format)`; `trouble(str)` when rows cannot be read.
    """

    export_wanted = Signal(int, str, str)
    trouble = Signal(str)

    def __init__(self, background: Background, rows: RowSource, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: JobStatus | None = None
        self._is_reduced = False
        self.model = ResultsModel(background, rows, theme, self)
        self.model.trouble.connect(self.trouble)
        self._make_head()
        self.view = TableView(theme, "Results", self)
        self.view.setModel(self.model)
        for column, width in enumerate(_WIDTHS):
            self.view.setColumnWidth(column, width)
        self.view.horizontalHeader().setMinimumSectionSize(72)
        self.view.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.picture = PictureView(self)
        self.picture.hide()
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.view)
        split.addWidget(self.picture)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._head)
        layout.addWidget(split, 1)
        self._empty = EmptyState(
            "No results yet", "The result of each task appears here as soon as it is there, with its argument.", self
        )
        self._stack = EmptyStack(content, self._empty)
        self.setLayout(self._stack)

    def _make_head(self) -> None:
        self._go_to = QLineEdit(self)
        self._go_to.setPlaceholderText("Go to task #")
        self._go_to.setAccessibleName("Go to the task with this number")
        self._go_to.setFixedWidth(120)
        self._go_to.returnPressed.connect(self._on_go_to)
        export = QPushButton("Export", self)
        export.setAccessibleName("Export the results to a file")
        menu = QMenu(export)
        for name, (label, _) in _FORMATS.items():
            action = QAction(label, menu)
            action.setData(name)
            menu.addAction(action)
        menu.triggered.connect(self._on_export)
        export.setMenu(menu)
        self.reduced = ReducedLine(self)
        self.reduced.save_wanted.connect(self._on_save_picture)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(8, 4, 4, 2)
        self._head.setSpacing(8)
        self._head.addWidget(self.reduced, 1)
        self._head.addWidget(self._go_to)
        self._head.addWidget(export)

    @property
    def job(self) -> JobStatus | None:
        return self._job

    @Slot(object)
    def show_job(self, job: JobStatus | None) -> None:
        """Show this job as it stands now."""
        if job is None or self._job is None or job.id != self._job.id:
            self.show_reduced(None)
        self._job = job
        self.model.show_job(job)
        self._stack.show_content(job is not None and job.total > 0)
        if job is None:
            self._empty.say(
                "No results yet", "The result of each task appears here as soon as it is there, with its argument."
            )
            return
        if job.total == 0:
            self._empty.say(f"{job.name} has no tasks", "Its arguments were empty, so there was nothing to run.")
        self.reduced.say(self._words(job))

    def _words(self, job: JobStatus) -> str:
        words = f"{job.name}  ·  {format.count(job.done)} of {format.plural(job.total, 'result')}"
        if self._is_reduced:
            words = f"{job.reduce}(results) of {format.plural(job.done, 'result')}"
        if job.total > LIMIT:
            last = min(self.model.first + LIMIT, job.total) - 1
            words += f"  ·  here {format.count(self.model.first)} to {format.count(last)}"
        return words

    def show_reduced(self, reduced: Reduced | None) -> None:
        """Show what was reduced from these results; None: nothing (yet)."""
        self.picture.hide()
        if self._job is None:
            reduced = None
        self._is_reduced = reduced is not None
        if self._job is None or reduced is None:
            self.reduced.show_reduced("", None)
        else:
            if reduced.picture is not None:
                reduced = self._show_picture(reduced)
            self.reduced.show_reduced(self._job.name, reduced)
        if self._job is not None:
            self.reduced.say(self._words(self._job))

    def _show_picture(self, reduced: Reduced) -> Reduced:
        """Show the picture; where it is none, the failure to be told of instead."""
        assert reduced.picture is not None
        try:
            self.picture.show_image(image_of(reduced.picture))
        except ValueError as error:
            return Reduced(str(error), failed=True)
        self.picture.show()
        return reduced

    @Slot()
    def _on_go_to(self) -> None:
        typed = self._go_to.text().replace(",", "").replace("_", "").strip()
        if self._job is None or not typed.isdecimal() or int(typed) >= self._job.total:
            set_tone(self._go_to, "bad")
            last = self._job.total - 1 if self._job is not None else 0
            self._go_to.setToolTip(f"Type a number from 0 to {format.count(last)}.")
            return
        set_tone(self._go_to, "")
        row = self.model.row_of(int(typed))
        self.reduced.say(self._words(self._job))
        self.view.scrollTo(self.model.index(row, 0), TableView.ScrollHint.PositionAtCenter)
        self.view.selectRow(row)

    @Slot(QAction)
    def _on_export(self, action: QAction) -> None:
        if self._job is None:
            return
        name: ExportFormat = action.data()
        suggested = f"{self._job.name}-{self._job.id}.{name}"
        path, _ = QFileDialog.getSaveFileName(self, "Export results", suggested, _FORMATS[name][1])
        if path:
            self.export_wanted.emit(self._job.id, str(Path(path).with_suffix(Path(path).suffix or f".{name}")), name)

    @Slot()
    def _on_save_picture(self) -> None:
        if self._job is None or self.picture.image.isNull():
            return
        path, _ = QFileDialog.getSaveFileName(
            self, "Save picture", f"{self._job.name}-{self._job.id}.png", "PNG (*.png)"
        )
        if path and not self.picture.image.save(path):
            self.trouble.emit(f"The picture could not be written to {path}. Choose a folder that you may write to.")
