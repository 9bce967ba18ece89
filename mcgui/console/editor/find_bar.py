"""Find and replace: a bar above the text, not a box over it."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mcgui.console.editor.editor import CodeEditor
from mcgui.console.editor.editor_marks import selecting, shaded
from mcgui.console.editor.find_rows import FindRows
from mcgui.console.editor.text_search import SearchTerms, TextSearch, problem_of
from mcgui.icons import icon
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled
from mcgui.settings import Settings
from mcgui.theme import Theme, faded, set_tone

#: Seconds of searching between two key presses.
SLICE: Final = 0.006
#: Milliseconds after an edit of the text until it is searched again.
DELAY: Final = 120
#: Where it is kept how it searches.
_KEPT: Final = "editor/find"
#: Matches that are marked at once, where a screen is full of them.
_MARKED: Final = 500


class FindBar(QWidget):
    """Searches the editor that it is told of (`set_editor`). Hidden until `open`; Escape hides it again.

    With `settings`, it searches as it did last time: by case, whole words, expressions.

    Signals:
        closed(): it is hidden again, and the editor has the focus.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, settings: Settings | None = None) -> None:
        super().__init__(parent)
        self._theme, self._settings = theme, settings
        self._editor: CodeEditor | None = None
        self._search = TextSearch(SearchTerms(""), "", finished=True)
        self._origin = 0  # where the search began
        self._said = ""
        self.field = self._line("Find")
        self.replacement = self._line("Replace with")
        self.case = self._toggle("Aa", "Match case", "Alt+C")
        self.whole = self._toggle("W", "Whole words", "Alt+W")
        self.regex = self._toggle(".*", "Regular expression", "Alt+X")
        self.count = QLabel(self)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setMinimumWidth(self.count.fontMetrics().horizontalAdvance("1,000 of 1,000"))
        self.count.setAccessibleName("Matches")
        self._previous = self._button("arrow-up", "Previous match (Shift+Enter)", self.go_to_previous)
        self._next = self._button("arrow-down", "Next match (Enter)", self.go_to_next)
        self._close = self._button("close", "Close (Escape)", self.close_bar)
        self.replace_one = QPushButton("Replace", self)
        self.replace_all = QPushButton("Replace all", self)
        for button, act in ((self.replace_one, self.replace), (self.replace_all, self.replace_everything)):
            button.setProperty("segment", True)
            button.clicked.connect(act)
        toggles, steps = (self.case, self.whole, self.regex), (self._previous, self._next, self._close)
        buttons = (self.replace_one, self.replace_all)
        self._rows = FindRows(self, self.field, toggles, self.count, steps, self.replacement, buttons)
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._go_on)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DELAY)
        self._later.timeout.connect(self._search_again)
        self.field.textChanged.connect(self._on_terms_changed)
        self._restore_choices()
        for toggle in (self.case, self.whole, self.regex):
            toggle.toggled.connect(self._on_terms_changed)
        self.replacement.textChanged.connect(self._show_count)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def _restore_choices(self) -> None:
        if self._settings is None:
            return
        for name, toggle in (("case", self.case), ("whole", self.whole), ("regex", self.regex)):
            key = f"{_KEPT}/{name}"
            toggle.setChecked(self._settings.flag(key))
            toggle.toggled.connect(partial(self._settings.set, key))

    # What it is told

    def set_editor(self, editor: CodeEditor) -> None:
        """Search this one from now on."""
        if self._editor is editor:
            return
        if self._editor is not None:
            self._editor.marks.set("matches", [])
            self._editor.textChanged.disconnect(self._later.start)
            self._editor.cursorPositionChanged.disconnect(self._show_count)
            self._editor.verticalScrollBar().valueChanged.disconnect(self._show_marks)
        self._editor = editor
        editor.textChanged.connect(self._later.start)
        editor.cursorPositionChanged.connect(self._show_count)
        editor.verticalScrollBar().valueChanged.connect(self._show_marks)
        if self.isVisible():
            self._search_again()

    def open(self, replacing: bool = False) -> None:
        """Show the bar, with the second field where something is to be replaced. What is selected is looked for."""
        if self._editor is None:
            return
        cursor = self._editor.textCursor()
        self._origin = cursor.selectionStart()
        selected = cursor.selectedText()
        with_replacement = replacing or (self.isVisible() and not self.replacement.isHidden())
        for widget in (self.replacement, self.replace_one, self.replace_all):
            widget.setVisible(with_replacement)
        self.show()
        if selected and "\u2029" not in selected and not self.regex.isChecked():
            self.field.setText(selected)
        self._search_again()
        to_replacement = replacing and bool(self.field.text())
        (self.replacement if to_replacement else self.field).setFocus(Qt.FocusReason.ShortcutFocusReason)
        (self.replacement if to_replacement else self.field).selectAll()

    @Slot()
    def close_bar(self) -> None:
        """Hide it, and go back to the text."""
        self._slices.stop()
        self._later.stop()
        self.hide()
        if self._editor is not None:
            self._editor.marks.set("matches", [])
            self._editor.setFocus()
        self.closed.emit()

    @property
    def terms(self) -> SearchTerms:
        return SearchTerms(
            self.field.text(), self.regex.isChecked(), self.case.isChecked(), whole=self.whole.isChecked()
        )

    # Going from match to match

    @Slot()
    def go_to_next(self) -> None:
        """Select the next match; opens the bar where nothing is looked for."""
        self._go(forwards=True)

    @Slot()
    def go_to_previous(self) -> None:
        self._go(forwards=False)

    def _go(self, forwards: bool) -> None:
        editor = self._editor
        if editor is None:
            return
        if not self.field.text():
            self.open()
            return
        self._up_to_date()
        cursor = editor.textCursor()
        if forwards:
            # An empty match is no step; from one that is selected the next one follows.
            start = cursor.selectionEnd() + (0 if cursor.hasSelection() else 1)
            at_match = self._search.index_of(cursor.selectionStart(), cursor.selectionEnd()) is not None
            self._select(self._search.index_from(start if at_match else cursor.selectionStart()))
        else:
            self._select(self._search.index_before(cursor.selectionStart()))

    def _select(self, index: int | None) -> None:
        editor = self._editor
        if editor is None or index is None:
            self._show_count()
            return
        editor.setTextCursor(selecting(editor, self._search.starts[index], self._search.ends[index]))
        rect = editor.cursorRect()
        if not editor.viewport().rect().adjusted(0, 20, 0, -20).contains(rect.center()):
            editor.centerCursor()
        self._origin = self._search.starts[index]
        self._show_count()
        self._show_marks()

    # Replacing

    @Slot()
    def replace(self) -> None:
        """Replace the match that is selected, and go to the next one."""
        editor = self._editor
        if editor is None or self._obstacle():
            return
        self._up_to_date()
        cursor = editor.textCursor()
        index = self._search.index_of(cursor.selectionStart(), cursor.selectionEnd())
        if index is None:
            self.go_to_next()
            return
        cursor.insertText(self._search.replaced(self.replacement.text(), index, 1))
        editor.setTextCursor(cursor)
        self._search_again()
        self._up_to_date()
        self._select(self._search.index_from(cursor.position()))

    @Slot()
    def replace_everything(self) -> None:
        """Replace all matches, as one step to undo."""
        editor = self._editor
        if editor is None or self._obstacle():
            return
        self._up_to_date()
        search = self._search
        if not search.starts:
            self._show_count()
            return
        count = len(search.starts)
        line, column = editor.textCursor().blockNumber(), editor.textCursor().positionInBlock()
        whole = selecting(editor, search.starts[0], search.ends[-1])
        whole.insertText(search.replaced(self.replacement.text()))
        block = editor.document().findBlockByNumber(min(line, editor.blockCount() - 1))
        place = QTextCursor(block)
        place.setPosition(block.position() + min(column, block.length() - 1))
        editor.setTextCursor(place)
        self._search_again()
        self._said = f"{count:,} replaced"
        self._show_count()

    def _obstacle(self) -> str:
        return self.terms.problem or problem_of(self.replacement.text(), self.terms)

    # Searching

    @Slot()
    def _on_terms_changed(self) -> None:
        self._search_again()
        self._search.go_on(SLICE)
        if self.field.text() and not self.terms.problem:
            index = self._search.index_from(self._origin)
            if index is not None:
                origin = self._origin
                self._select(index)
                self._origin = origin  # so that more letters search on from where the first one did
        self._show_marks()

    @Slot()
    def _search_again(self) -> None:
        self._later.stop()
        self._said = ""
        if self._editor is None or not self.isVisible():
            return
        self._search = TextSearch(self.terms, self._editor.source)
        self._go_on()
        if not self._search.finished:
            self._slices.start()

    @Slot()
    def _go_on(self) -> None:
        if self._search.go_on(SLICE):
            self._slices.stop()
        self._show_count()
        self._show_marks()

    def _up_to_date(self) -> None:
        """Have all matches of the text as it is now: somebody acts on them."""
        if self._editor is not None and (self._later.isActive() or self._search.terms != self.terms):
            self._search = TextSearch(self.terms, self._editor.source)
            self._later.stop()
        self._slices.stop()
        self._search.go_on(60.0)

    # Showing

    @Slot()
    def _show_count(self) -> None:
        terms, search = self.terms, self._search
        problem = terms.problem or (problem_of(self.replacement.text(), terms) if self.replacement.isVisible() else "")
        text, bad = problem, bool(problem)
        if not problem and terms.text:
            total = f"{len(search.starts):,}" + ("" if search.finished else "+")
            text = total
            if search.finished and not search.starts:
                text, bad = "No match", True
            elif self._editor is not None and search.starts:
                cursor = self._editor.textCursor()
                index = search.index_of(cursor.selectionStart(), cursor.selectionEnd())
                if index is not None:
                    text = f"{index + 1:,} of {total}"
        text = self._said or text
        self.count.setText(text)
        self.count.setToolTip(plain_tip(text) if bad else "")
        self.count.setAccessibleDescription(text)
        set_tone(self.count, "bad" if bad and not self._said else "muted")
        usable = bool(search.starts) and not problem
        for button in (self._previous, self._next, self.replace_one, self.replace_all):
            button.setEnabled(usable)

    @Slot()
    def _show_marks(self) -> None:
        editor = self._editor
        if editor is None or not self.isVisible():
            return
        first = editor.firstVisibleBlock()
        lines = editor.viewport().height() // max(editor.fontMetrics().height(), 1) + 2
        last = editor.document().findBlockByNumber(min(first.blockNumber() + lines, editor.blockCount() - 1))
        colour = self._theme.colours.warn
        shown = self._search.between(first.position(), last.position() + last.length())[:_MARKED]
        editor.marks.set(
            "matches",
            [
                shaded(selecting(editor, self._search.starts[at], self._search.ends[at]), faded(colour, 0.25), colour)
                for at in shown
            ],
        )

    @Slot()
    def _dress(self) -> None:
        for button, sign in self._signs.items():
            button.setIcon(icon(sign, self._theme.colours.muted))
        self._show_marks()

    # Keys, and making it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key, modifiers = event.key(), event.modifiers()
            if key == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if watched is self.replacement:
                    controlled = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
                    (self.replace_everything if controlled else self.replace)()
                else:
                    back = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
                    (self.go_to_previous if back else self.go_to_next)()
                return True
        return super().eventFilter(watched, event)

    def _line(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.installEventFilter(self)
        return field

    def _toggle(self, text: str, name: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setProperty("toggle", True)
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({keys})")
        button.setShortcut(keys)
        button.setText(text)
        button.installEventFilter(self)
        return button

    def _button(self, sign: str, tip: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("flat", True)
        button.setIconSize(QSize(scaled(12), scaled(12)))
        button.setAccessibleName(tip.partition(" (")[0])
        button.setToolTip(tip)
        button.clicked.connect(act)
        self._signs = {**getattr(self, "_signs", {}), button: sign}
        return button

    def minimumSizeHint(self) -> QSize:
        return QSize(self._rows.least_width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rows.fit(self.width())
