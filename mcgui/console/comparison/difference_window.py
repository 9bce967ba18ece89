"""A window of its own that shows what differs: a few facts, and two texts line by line."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.console.comparison.compared_tasks import ComparedTasks
from mcgui.console.comparison.file_differences import ComparedFile, words_of
from mcgui.console.comparison.line_differences import DiffLine, changed, line_differences
from mcgui.console.comparison.spec_differences import Fact
from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.exact_text import ExactTextEdit
from mcgui.icons import show_copied
from mcgui.plain_text import unturned
from mcgui.scale import scaled
from mcgui.screen_reader import reach_by_bar
from mcgui.theme import Theme, Tone, faded, monospace, set_tone

_SIGN = {"same": "  ", "gone": "- ", "new": "+ ", "place": "  "}
#: How much of a state's colour lies behind a line.
_WASH = 0.22
#: Characters of a fact that are shown; more are in its tip.
_LONG = 120


@runtime_checkable
class CopiedPage(Protocol):
    """A page that knows what of it is copied."""

    def copy(self) -> None: ...


@runtime_checkable
class OpenedPage(Protocol):
    """A page in which something can be open that Escape closes first."""

    def close_opened(self) -> bool:
        """True where there was something."""
        ...


class DifferenceWindow(QDialog):
    """Lies beside the window and keeps nothing from being done there. `show_difference` fills it and brings it up."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[DiffLine, ...] = ()
        self._told: list[tuple[str, str, str]] = []  # the facts that are shown, whole
        self.setModal(False)
        self.setAccessibleName("What differs")
        self.words = WrappedLabel(self)
        self._facts = QWidget(self)
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(16))
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self.text = ExactTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFont(monospace(QApplication.font().pointSizeF()))
        self.text.setLineWrapMode(ExactTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("Lines that differ: - is gone, + is new")
        self.results = ComparedTasks(theme, self)
        self._of_results: list[tuple[QWidget, str]] = [(self.results, "Results")]
        code = QWidget(self)
        self.pages = QTabWidget(self)
        self.pages.setTabBarAutoHide(True)
        self.pages.setDocumentMode(True)
        reach_by_bar(self.pages)
        self.pages.addTab(code, "Code and options")
        self.pages.tabBar().setAccessibleName("Code, results or plot")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy = QPushButton("Copy", self)
        self.copy.setAccessibleName("Copy the difference")
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(self._on_copy)
        buttons.rejected.connect(self.reject)
        for button in buttons.buttons():  # Enter in a field of the plot closes nothing
            button.setAutoDefault(False)  # type: ignore[attr-defined]  # a QPushButton
        below = QVBoxLayout(code)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(scaled(10))
        below.addWidget(self.words)
        below.addWidget(self._facts)
        below.addWidget(self.text, 1)
        below.addStretch(0)  # takes the room where there is no text
        layout = QVBoxLayout(self)
        layout.setSpacing(scaled(10))
        layout.addWidget(self.pages, 1)
        layout.addWidget(buttons)
        for upper in (self.words, self._facts):
            upper.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        theme.changed.connect(self._dress)
        room = self.screen().availableGeometry().size()
        self.resize(QSize(scaled(760), scaled(560)).boundedTo(room * 0.9))

    def show_difference(
        self,
        title: str,
        names: tuple[str, str],
        texts: tuple[str, str],
        facts: tuple[Fact, ...] = (),
        files: tuple[ComparedFile, ...] = (),
        told: tuple[Fact, ...] = (),
    ) -> None:
        """`names` are what the two sides are called, such as "job 3" and "now"; `texts` their code; `files` differ
        beside it. `facts` differ, and those `told` are shown whether they do or not."""
        self._show_results_pages(False)
        self._lines = (*line_differences(*texts), *(line for file in files for line in file.lines))
        self.setWindowTitle(unturned(title))
        self.words.setText(_words(names, self._lines, facts, files))
        self._show_facts(names, (*facts, *told))
        self.text.setVisible(bool(self._lines))
        self.text.show_text("\n".join(_SIGN[line.kind] + line.text for line in self._lines))
        self._dress()
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self.pages.currentWidget()
        if event.key() == Qt.Key.Key_Escape and isinstance(page, OpenedPage) and page.close_opened():
            return
        super().keyPressEvent(event)

    def add_plot(self, plot: QWidget) -> None:
        """One more page that is shown with the results."""
        self._of_results.append((plot, "Plot"))
        plot.hide()

    def expect_results(self, names: tuple[str, str]) -> ComparedTasks:
        """Beside the code, and before it, there is what became of each argument in both, which is given later."""
        self.results.wait(names)
        self._show_results_pages(True)
        return self.results

    def _show_results_pages(self, wanted: bool) -> None:
        for place, (page, title) in enumerate(self._of_results):
            there = self.pages.indexOf(page)
            if wanted and there < 0:
                self.pages.insertTab(place, page, title)
            elif not wanted:
                self.pages.removeTab(there)
                page.hide()  # also one that was in no tab yet, and would lie over the others
        if wanted:
            self.pages.setCurrentIndex(0)

    def _show_facts(self, names: tuple[str, str], facts: tuple[Fact, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self._facts.setVisible(bool(facts))
        rows = [("", *names), *((fact.what, fact.before, fact.after) for fact in facts)] if facts else []
        self._told = rows
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self._grid.addWidget(self._label(text, "muted" if row == 0 or column == 0 else ""), row, column)

    def _label(self, text: str, tone: Tone) -> QLabel:
        label = QLabel(unturned(text) if len(text) <= _LONG else unturned(f"{text[: _LONG - 2]} …"), self._facts)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_tone(label, tone)
        return label

    @Slot()
    def _on_copy(self) -> None:
        show_copied(self.copy)
        page = self.pages.currentWidget()
        if isinstance(page, CopiedPage):
            page.copy()
            return
        facts = ["\t".join(row) for row in self._told]
        QApplication.clipboard().setText("\n".join([self.words.text(), *facts, self.text.exact]))

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        wash = {"gone": faded(colours.bad, _WASH), "new": faded(colours.good, _WASH)}
        found = []
        for number, line in enumerate(self._lines):
            selection = QTextEdit.ExtraSelection()
            selection.cursor = QTextCursor(self.text.document().findBlockByNumber(number))
            selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            if line.kind == "place":
                selection.format.setForeground(colours.muted)
                selection.cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            elif line.kind in wash:
                selection.format.setBackground(wash[line.kind])
            else:
                continue
            found.append(selection)
        self.text.setExtraSelections(found)


def _words(
    names: tuple[str, str], lines: tuple[DiffLine, ...], facts: tuple[Fact, ...], files: tuple[ComparedFile, ...]
) -> str:
    """What is the same is only said of all together."""
    if not lines:
        return "No line of the code differs; what does is below." if facts else "The code is the same."
    count = changed(lines)
    said = [f"{format.plural(count, 'line')} of code differ{'s' if count == 1 else ''}."] if count or not files else []
    if files:
        said.append(f"Of the files that travel along, {words_of(tuple(file.difference for file in files))}.")
    return " ".join([*said, f"- is {names[0]}, + is {names[1]}."])
