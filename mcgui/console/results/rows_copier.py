"""Copies selected rows of the results, whole: also those that were never in sight, and what a cell has no room for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from mcgui import format
from mcgui.background import Background
from mcgui.console.results.result_source import ResultSource
from mcgui.console.results.results_header import has_decimal_comma
from mcgui.console.results.results_model import ResultsModel
from mcgui.console.tables.table_view import TableView
from mcgui_core.base.ranges import Range
from mcgui_core.protocol.queries import CopiedRows

#: Rows that are copied without a word: they are there at once.
_AT_ONCE = 200


class RowsCopier(QObject):
    """Signals:
    said(str): what is on the clipboard now, where that is no matter of course.
    trouble(str): why there is nothing.
    """

    said = Signal(str)
    trouble = Signal(str)

    def __init__(
        self, background: Background, source: ResultSource, view: TableView, model: ResultsModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._background, self._source, self._view, self._model = background, source, view, model
        self._latest = 0  # only what was wanted last comes onto the clipboard

    def copy(self, exact: bool = False) -> None:
        """Copy the selected rows for a spreadsheet; with `exact`, text as it is and numbers as Python writes them."""
        job, view = self._model.job, self._model.view
        ranges = selected_rows(self._view, self._model)
        if job is None or view is None or not ranges:
            return
        shown = self._view.columns_in_sight()
        columns = tuple((self._model.columns[column].title, self._model.title(column)) for column in shown)
        self._latest += 1
        wanted, id, comma = self._latest, job.id, has_decimal_comma() and not exact
        self._background.run(
            lambda: self._source.copied_rows(id, view, ranges, columns, exact, comma),
            lambda found: self._on_copied(wanted, found),
            lambda error: self._on_trouble(wanted, error),
        )

    def _on_copied(self, wanted: int, found: CopiedRows) -> None:
        if wanted != self._latest:
            return
        QApplication.clipboard().setText(found.text)
        changed = (
            "An apostrophe stands before text that spreadsheets would take for a formula; Copy exactly has none."
            if found.changed
            else ""
        )
        if changed or found.count > _AT_ONCE:
            rows = format.plural(found.count, "row")
            self.said.emit(f"{rows} {'is' if found.count == 1 else 'are'} on the clipboard. {changed}".strip())

    def _on_trouble(self, wanted: int, error: Exception) -> None:
        if wanted == self._latest:
            self.trouble.emit(str(error))


def selected_rows(view: TableView, model: ResultsModel) -> tuple[Range, ...]:
    """Ranges of rows of the model's view, as they are seen from above; of all tasks as they are, of tasks. Which tasks
    stand in the others is known to the workbench: most of them were never in sight."""
    first = model.first if model.view == 0 else 0
    return tuple((start + first, stop + first) for start, stop in view.selected_rows())
