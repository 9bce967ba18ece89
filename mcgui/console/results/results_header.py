"""The line above the results: what they are of, table or plot, the search, and the way to a file or a script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from mcgui import format
from mcgui.console.parts.buttons import segment_button
from mcgui.console.results.filter_field import FilterField
from mcgui.console.results.reduced_view import ReducedLine
from mcgui.console.results.results_model import LIMIT
from mcgui.console.results.rows_words import RowsInSight, line_above
from mcgui.console.save_dialog import ask_where_to_save
from mcgui.scale import scaled
from mcgui.settings import Settings
from mcgui.theme import Theme, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.protocol.messages import JobStatus, Reduced
from mcgui_core.results.export_formats import FOLDER, OFFERED, ExportedArguments
from mcgui_core.results.files.file_names import file_name

#: Format -> the filter of the file dialog.
_PATTERNS: Final = {kind.name: f"{kind.title} (*.{kind.ending})" for kind in OFFERED}
_ARGUMENTS: Final[dict[ExportedArguments, tuple[str, str]]] = {
    "short": ("Short arguments", "Exported files have numbers, names and the like; no content of files, no long lists"),
    "all": ("All arguments", "Exported files have the arguments, however long they are"),
    "none": ("No arguments", "Exported files have only the number of each task"),
}
_SNIPPETS: Final = {
    "master": ("Copy as Python: from this master", "A script that asks the master for these results"),
    "journal": ("Copy as Python: from the journal", "A script that opens the journal, once this window is closed"),
    "file": ("Copy as Python: from the exported file", "A script that reads the file that was exported last"),
}
#: Where the settings keep which arguments are exported, and whether all tasks are.
_KEPT_ARGUMENTS: Final = "results/export_arguments"
_KEPT_ALL: Final = "results/export_all"
#: Pixels of the filter from which on there is room for the number of a task too.
_TYPED: Final = 220
#: ... of all from which on there is room for the words beside the rest.
_ONE_ROW: Final = 740
#: Letters of the name of a job that tell it from others, if not from all.
_LETTERS: Final = 20
_STATES: Final = {"All": "", "Done": "done", "Failed": "failed", "Waiting": "waiting"}


class ResultsHeader(QWidget):
    """Signals:
    asked(where): show the tasks that this filter keeps; "" for all.
    task_wanted(int): go to this task.
    plot_wanted(bool): show the plot, or the table.
    export_wanted(path, format): write a file; the format may also be "csv-exact" or "csv-comma".
    snippet_wanted(kind): copy a script: "master", "journal" or "file".
    The format "folder" is for results that are files; its path is that of a folder which is to be made.
    """

    asked = Signal(str)
    task_wanted = Signal(int)
    plot_wanted = Signal(bool)
    export_wanted = Signal(str, str)
    snippet_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, settings: Settings | None = None) -> None:
        """What is chosen for exports is kept in `settings`."""
        super().__init__(parent)
        self._settings = settings
        self._job: JobStatus | None = None
        self.reduced = ReducedLine(self)
        self._make_pages()
        self._make_search(theme)
        self._make_export()
        self._controls = QHBoxLayout()
        self._controls.setSpacing(8)
        pages = QHBoxLayout()
        pages.setSpacing(0)
        pages.addWidget(self.table)
        pages.addWidget(self.plot)
        self._controls.addLayout(pages)
        self._controls.addWidget(self.state)
        self._controls.addWidget(self.filter, 1)
        for widget in (self.number, self.export):
            self._controls.addWidget(widget)
        self._rows_of_head = QGridLayout(self)
        self._rows_of_head.setContentsMargins(8, 4, 4, 2)
        self._rows_of_head.setHorizontalSpacing(8)
        self._rows_of_head.setVerticalSpacing(2)
        self._rows_of_head.addWidget(self.reduced, 0, 0)
        self._is_divided: bool | None = None
        self._divide(False)

    def _make_pages(self) -> None:
        self.table = segment_button("Table", "The results as a table", self)
        self.plot = segment_button("Plot", "The results as a plot, where they are numbers", self)
        self.table.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.table)
        self.table.setAutoExclusive(True)  # which a screen reader calls a radio button
        group.addButton(self.plot)
        self.plot.setAutoExclusive(True)  # which a screen reader calls a radio button
        self.plot.toggled.connect(self._on_plot_toggled)

    def _make_search(self, theme: Theme) -> None:
        self.state = guard_from_wheel(QComboBox(self))
        self.state.addItems(list(_STATES))
        self.state.setMinimumContentsLength(4)
        self.state.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.state.setMinimumWidth(60)
        self.state.setAccessibleName("Show only tasks in this state")
        self.state.setToolTip("Show only tasks in this state")
        self.state.currentTextChanged.connect(self._on_state)
        self.filter = FilterField(theme, self)
        self.filter.setMinimumWidth(80)  # also where text is large: the rest of the row has to have room
        self.filter.setMaximumWidth(scaled(420))
        self.filter.settled.connect(self._ask)
        self.number = QLineEdit(self)
        self.number.setPlaceholderText("Go to #")
        self.number.setAccessibleName("Go to the task with this number")
        self.number.setFixedWidth(scaled(76))
        self.number.returnPressed.connect(self._on_number)
        find = QShortcut(QKeySequence.StandardKey.Find, self.parentWidget() or self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find)

    def _make_export(self) -> None:
        self.export = QPushButton("Export", self)
        self.export.setAccessibleName("Export the results to a file, or copy a script that loads them")
        menu = QMenu(self.export)
        menu.setToolTipsVisible(True)
        kinds = {kind.name: kind for kind in OFFERED}
        for kind in (kinds[name] for name in _patterns()):
            menu.addAction(_action(f"{kind.title}…", kind.use, kind.name, menu))
        menu.addAction(_action(f"{FOLDER.title}…", FOLDER.use, FOLDER.name, menu))
        menu.addSeparator()
        self._arguments = QActionGroup(menu)
        kept = self._settings.text(_KEPT_ARGUMENTS) if self._settings is not None else ""
        kept = kept if kept in _ARGUMENTS else "short"
        for choice, (label, tip) in _ARGUMENTS.items():
            action = _action(label, tip, choice, menu)
            action.setCheckable(True)
            action.setChecked(choice == kept)
            self._arguments.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        self._rows = QActionGroup(menu)
        self._shown = _action(
            "As shown", "Exported files have the rows and columns that are seen, in their order", "", menu
        )
        self._all = _action("All tasks", "Exported files have all tasks, in the order of the arguments", "", menu)
        for action in (self._shown, self._all):
            action.setCheckable(True)
            self._rows.addAction(action)
            menu.addAction(action)
        all_tasks = self._settings is not None and self._settings.flag(_KEPT_ALL)
        (self._all if all_tasks else self._shown).setChecked(True)
        self._rows_line = menu.addSeparator()
        self._snippets = {}
        for name, (label, tip) in _SNIPPETS.items():
            self._snippets[name] = _action(label, tip, name, menu)
            menu.addAction(self._snippets[name])
        menu.triggered.connect(self._on_menu)
        self.export.setMenu(menu)
        self.offer_snippets(journal=False, file=False)
        self.offer_shown(None)

    def add(self, button: QWidget) -> None:
        """A button before the last."""
        self._controls.insertWidget(self._controls.count() - 1, button)

    @property
    def exported_arguments(self) -> ExportedArguments:
        """Which arguments are to be in exported files."""
        chosen = self._arguments.checkedAction()
        return next(choice for choice in _ARGUMENTS if chosen.data() == choice)

    def show_job(self, job: JobStatus | None) -> None:
        """What the numbers of tasks and the names of files are made for."""
        if job is None or self._job is None or job.id != self._job.id:
            self.number.clear()
            self.number.setToolTip("")
            set_tone(self.number, "")
        self._job = job
        self._arrange()

    @property
    def exports_shown(self) -> bool:
        """Exported files are to have what is shown: these rows, in this order, with these columns."""
        return self._shown.isChecked()

    def offer_shown(self, rows: str | None) -> None:
        """How many rows are shown ("" while that is not known), where that is a choice; None where all are, as they
        are."""
        self._shown.setText(f"As shown: {rows}" if rows else "As shown")
        for action in (self._shown, self._all, self._rows_line):
            action.setVisible(rows is not None)

    def offer_snippets(self, journal: bool, file: bool) -> None:
        """Which scripts can be made: the journal may be elsewhere, and nothing may have been exported yet."""
        self._snippets["journal"].setVisible(journal)
        self._snippets["file"].setVisible(file)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def show_reduced(self, name: str, reduced: Reduced | None) -> None:
        """What the reduce function of this job made of the results, if anything."""
        self.reduced.show_reduced(name, reduced)
        self._arrange()

    def _arrange(self) -> None:
        """In two rows where one has too little room for the words. For these of a job at its end, in no order: the rows
        must not jump with what is said."""
        margins, gap = self._rows_of_head.contentsMargins(), self._rows_of_head.horizontalSpacing()
        number = self.number.width() + self._controls.spacing()
        controls = self._controls.sizeHint().width() - (0 if self.number.isHidden() else number)
        room, needed = self.width() - margins.left() - margins.right() - controls, self._needed()
        self._divide(self.width() < scaled(_ONE_ROW) or room - gap < needed)
        self.reduced.setMinimumWidth(0 if self._is_divided else needed)
        # `# = 77` in the filter does the same, which is to have room for a comparison or two before that.
        room -= 0 if self._is_divided else gap + needed
        self.number.setVisible(room >= number + max(scaled(_TYPED) - self.filter.sizeHint().width(), 0))

    def _needed(self) -> int:
        """Pixels of the words above the rows of this job, with some letters of its name."""
        if self._job is None:
            return 0
        job = replace(self._job, done=self._job.total)
        between = (job.total - LIMIT, job.total - 1) if job.total > LIMIT else None  # the widest
        words, kept = line_above(job, RowsInSight(), bool(self.reduced.text), between)
        metrics = self.reduced.origin.fontMetrics()
        name = min(metrics.horizontalAdvance(words), _LETTERS * metrics.averageCharWidth())
        return name + metrics.horizontalAdvance(kept) + self.reduced.room_of_buttons + 2

    def _divide(self, divided: bool) -> None:
        """The words stand above the rest where beside it they would be cut."""
        if divided == self._is_divided:
            return
        self._is_divided = divided
        self._rows_of_head.removeItem(self._controls)
        if divided:
            self._rows_of_head.addLayout(self._controls, 1, 0, 1, 2)
        else:
            self._rows_of_head.addLayout(self._controls, 0, 1)
        # The words have what they need, the filter the rest until it is as wide as it becomes, and then they again.
        self._rows_of_head.setColumnStretch(0, 1)
        self._rows_of_head.setColumnStretch(1, 0 if divided else 9)

    @property
    def where(self) -> str:
        """The filter that is chosen and typed."""
        from mcgui_core.results.table.filters import narrowed  # here: nobody filters before the window is there

        return narrowed(_STATES[self.state.currentText()], self.filter.text().strip())

    def filter_by(self, text: str) -> None:
        """Type this filter; "" shows all tasks."""
        self.state.blockSignals(True)
        self.state.setCurrentIndex(0)
        self.state.blockSignals(False)
        self.filter.setText(text)
        if not self.filter.hasFocus():
            self.filter.setCursorPosition(0)
        self.filter.settle()

    def show_table(self) -> None:
        self.table.setChecked(True)

    @Slot()
    def _on_state(self) -> None:
        self.filter.settle()

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(self.where)

    @Slot(bool)
    def _on_plot_toggled(self, on: bool) -> None:
        self.plot_wanted.emit(on)

    @Slot()
    def _on_find(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    @Slot()
    def _on_number(self) -> None:
        typed = self.number.text().replace(",", "").replace("_", "").strip()
        if self._job is None or not typed.isdecimal() or int(typed) >= self._job.total:
            set_tone(self.number, "bad")
            last = self._job.total - 1 if self._job is not None else 0
            self.number.setToolTip(f"Type a number from 0 to {format.count(last)}.")
            return
        set_tone(self.number, "")
        self.task_wanted.emit(int(typed))

    @Slot(QAction)
    def _on_menu(self, action: QAction) -> None:
        name = action.data()
        if name in _ARGUMENTS or action in (self._shown, self._all):
            self._keep_choice()
            return
        if name in _SNIPPETS:
            self.snippet_wanted.emit(name)
            return
        if name == FOLDER.name:
            self._ask_for_folder()
        else:
            self._ask_for_file(name, {name: _PATTERNS[name]})

    def _keep_choice(self) -> None:
        if self._settings is not None:
            self._settings.set(_KEPT_ARGUMENTS, self.exported_arguments)
            self._settings.set(_KEPT_ALL, self._all.isChecked())

    @Slot()
    def ask_for_file(self) -> None:
        """Ask for a file of any format, and have it written."""
        patterns = _patterns()
        self._ask_for_file(next(iter(patterns)), patterns)

    def _ask_for_folder(self) -> None:
        """In the one that is chosen, a new one is made."""
        if self._job is None:
            return
        above = QFileDialog.getExistingDirectory(self, "Where is the folder with the files to be made?")
        if above:
            self.export_wanted.emit(str(Path(above) / self._file_name(self._job)), FOLDER.name)

    def _ask_for_file(self, name: str, patterns: dict[str, str]) -> None:
        if self._job is None:
            return
        suggested = f"{self._file_name(self._job)}.{name.partition('-')[0]}"
        found = ask_where_to_save(self, "Export results", suggested, ";;".join(patterns.values()))
        if found is None:
            return
        path, pattern = found
        ending = path.suffix[1:].lower()
        # What the name says counts, then what was chosen from the list.
        chosen = next((n for n, p in patterns.items() if p == pattern), name)
        kind = ending if ending in patterns and ending != chosen.partition("-")[0] else chosen
        self.export_wanted.emit(str(path), kind)

    @staticmethod
    def _file_name(job: JobStatus) -> str:
        return file_name(f"{job.name}-{job.id}", str(job.id))


def has_decimal_comma() -> bool:
    """Whether numbers are written 1,5 on this computer, so that its spreadsheets expect semicolons in CSV files."""
    return QLocale.system().decimalPoint() == ","


def _patterns() -> dict[str, str]:
    """Of all formats; CSV as this computer writes numbers is the first."""
    first = "csv-comma" if has_decimal_comma() else "csv"
    return {first: _PATTERNS[first], **_PATTERNS}


def _action(label: str, tip: str, name: str, parent: QMenu) -> QAction:
    action = QAction(label, parent)
    action.setToolTip(tip)
    action.setData(name)
    return action
