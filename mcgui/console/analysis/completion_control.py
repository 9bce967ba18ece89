"""Completion and parameters while one types: when to ask, what to do with an answer, and the keys of the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from mcgui.console.analysis.source_analysis import SourceAnalysis
from mcgui.console.editor.editor import CodeEditor
from mcgui.console.editor.editor_marks import selecting
from mcgui.theme import Theme

if TYPE_CHECKING:  # lists and hints are made, and their modules imported, when the first of them is shown
    from mcgui.console.analysis.completion_popup import CompletionPopup
    from mcgui.console.analysis.jedi_completer import CallSignature, Completions, Described
    from mcgui.console.analysis.signature_hint import SignatureHint

#: Milliseconds without a key press before names are asked for.
DELAY: Final = 80
#: Letters of a name after which others are offered unasked; after a full stop they are at once.
_LETTERS: Final = 2
#: What stands before a name that is being made up, so that none can be offered.
_NAMING: Final = ("def", "class", "as", "lambda", "for")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where names were asked for."""

    block: int
    before: str  # the line up to where the name begins
    start: int  # of the name, in the document


class CompletionControl(QObject):
    """Serves the editor that it is told of. `analysis` answers; without it, nothing is ever offered."""

    def __init__(self, theme: Theme, analysis: SourceAnalysis | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._analysis, self._panel = theme, analysis, parent
        self._editor: CodeEditor | None = None
        self._path = ""
        self._popup: CompletionPopup | None = None
        self._hint: SignatureHint | None = None
        self._place: _Place | None = None
        self._inserting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self.complete)
        self._describing = QTimer(self)
        self._describing.setSingleShot(True)
        self._describing.setInterval(DELAY)
        self._describing.timeout.connect(self._describe)

    # What it is told

    def set_editor(self, editor: CodeEditor, path: Path | None) -> None:
        """Serve this editor, whose file is at `path`, from now on."""
        self._path = str(path or "")
        if self._editor is editor:
            return
        if self._editor is not None:
            self.hide()
            self._editor.removeEventFilter(self)
            self._editor.typed.disconnect(self._on_typed)
            self._editor.cursorPositionChanged.disconnect(self._on_cursor_moved)
        self._editor = editor
        editor.installEventFilter(self)
        editor.typed.connect(self._on_typed)
        editor.cursorPositionChanged.connect(self._on_cursor_moved)

    @property
    def popup(self) -> CompletionPopup | None:
        """The list, once it was shown."""
        return self._popup

    @property
    def hint(self) -> SignatureHint | None:
        """The parameters, once they were shown."""
        return self._hint

    @Slot()
    def complete(self) -> None:
        """Offer the names that may stand at the cursor."""
        self._timer.stop()
        editor = self._editor
        if editor is None or self._analysis is None:
            return
        cursor = editor.textCursor()
        line, column, position = cursor.blockNumber(), cursor.positionInBlock(), cursor.position()

        def show(found: Completions | None) -> None:
            self._on_completions(editor, line, position, found)

        self._analysis.ask("complete", editor.source, line + 1, column, self._path, done=show)

    @Slot()
    def show_signature(self) -> None:
        """Show what the call takes that the cursor is in."""
        editor = self._editor
        if editor is None or self._analysis is None:
            return
        cursor = editor.textCursor()
        position = cursor.position()

        def show(found: CallSignature | None) -> None:
            if self._editor is not editor or not editor.hasFocus():
                return
            if editor.textCursor().position() == position:
                self._show_hint(found)
            else:
                self.show_signature()  # more was typed meanwhile

        place = (cursor.blockNumber() + 1, cursor.positionInBlock())
        self._analysis.ask("signature", editor.source, *place, self._path, done=show)

    @Slot()
    def hide(self) -> None:
        """Take list and parameters away."""
        self._timer.stop()
        self._hide_popup()
        if self._hint is not None:
            self._hint.hide()

    # What happens in the editor

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            act = self._key(event)
            if act is not None:
                act()
                return True
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Escape belongs to the list while there is one, whatever else it ends.
            if self._key(event) is not None:
                event.accept()
                return True
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> Callable[[], object] | None:
        popup, key = self._popup, event.key()
        if popup is None or not popup.isVisible():
            hint_shown = self._hint is not None and self._hint.isVisible()
            return self.hide if key == Qt.Key.Key_Escape and hint_shown else None
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -popup.page,
            Qt.Key.Key_PageDown: popup.page,
        }
        if key in steps:
            return lambda: popup.step(steps[Qt.Key(key)])
        if key == Qt.Key.Key_Escape:
            return self._hide_popup
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            if key != Qt.Key.Key_Tab and popup.current == self._prefix():
                self._hide_popup()  # it is written out already: Enter goes to the next line
                return None
            return self._accept
        return None

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        editor = self._editor
        if editor is None or self._analysis is None:
            return
        cursor = editor.textCursor()
        if editor.highlighter.is_quoted(cursor.block(), cursor.positionInBlock()):
            return
        if text in ("(", ","):
            self.show_signature()
        if self._popup is not None and self._popup.isVisible():
            return
        if text == "." or ((text.isidentifier() or text.isdigit()) and self._is_worth_asking(cursor)):
            self._timer.start()
        else:
            self._timer.stop()

    def _is_worth_asking(self, cursor: QTextCursor) -> bool:
        before = _text_before(cursor)
        words = before.replace("(", " ").split(" ")
        name = before[len(before) - _name_length(before) :]
        if before[: len(before) - len(name)].endswith("."):
            return True
        made_up = len(words) > 1 and words[-2] in _NAMING
        return len(name) >= _LETTERS and not name[0].isdigit() and not made_up

    @Slot()
    def _on_cursor_moved(self) -> None:
        if self._inserting:
            return
        if self._popup is not None and self._popup.isVisible():
            prefix = self._prefix()
            if prefix is None:
                self._hide_popup()
            else:
                self._popup.narrow(prefix, self._line_rect(self._place.start if self._place else None))
        if self._hint is not None and self._hint.isVisible():
            self.show_signature()  # of the parameter that the cursor is at by now

    # What the answers do

    def _on_completions(self, editor: CodeEditor, line: int, position: int, found: Completions | None) -> None:
        if found is None or not found.names or editor is not self._editor or not editor.hasFocus():
            self._hide_popup()
            return
        block = editor.document().findBlockByNumber(line)
        start = position - found.units
        if not block.isValid() or not block.position() <= start < block.position() + block.length():
            return
        before = _text_before(selecting(editor, start, start))
        self._place = _Place(line, before, start)
        prefix = self._prefix()
        if prefix is None or not prefix.startswith(found.prefix):
            self._hide_popup()  # the cursor has gone elsewhere
            return
        if [one.name for one in found.names] == [prefix]:
            self._hide_popup()
            return
        self._ready_popup().show_names(found.names, prefix, self._line_rect(start))

    def _prefix(self) -> str | None:
        """What of the name is written by now; None where the cursor is not in it any more."""
        editor, place = self._editor, self._place
        if editor is None or place is None:
            return None
        cursor = editor.textCursor()
        if cursor.hasSelection() or cursor.blockNumber() != place.block or cursor.position() < place.start:
            return None
        before = _text_before(cursor)
        if not before.startswith(place.before):
            return None
        written = before[len(place.before) :]
        return written if not written or written.isidentifier() else None

    def _accept(self) -> None:
        if self._popup is not None:
            self._on_chosen(self._popup.current)

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        editor, place = self._editor, self._place
        if editor is None or place is None or not name:
            return
        self._inserting = True
        cursor = selecting(editor, place.start, editor.textCursor().position())
        cursor.insertText(name)
        editor.setTextCursor(cursor)
        self._inserting = False
        self._hide_popup()

    @Slot(str)
    def _on_current_changed(self, _name: str) -> None:
        self._describing.start()

    @Slot()
    def _describe(self) -> None:
        popup = self._popup
        if popup is None or not popup.isVisible() or self._analysis is None:
            return

        def show(described: Described | None) -> None:
            popup.describe(described)

        self._analysis.ask("describe", popup.current, done=show)

    def _show_hint(self, signature: CallSignature | None) -> None:
        if signature is None or self._editor is None:
            if self._hint is not None:
                self._hint.hide()
            return
        window = self._editor.window()
        if self._hint is None:
            from mcgui.console.analysis.signature_hint import SignatureHint

            self._hint = SignatureHint(self._theme, window)
        self._hint.set_window(window)
        self._hint.show_signature(signature, self._line_rect())

    # Where it is shown

    def _ready_popup(self) -> CompletionPopup:
        assert self._editor is not None, "there is a place to complete at"
        window = self._editor.window()
        if self._popup is None:
            from mcgui.console.analysis.completion_popup import CompletionPopup

            self._popup = CompletionPopup(self._theme, window)
            self._popup.chosen.connect(self._on_chosen)
            self._popup.current_changed.connect(self._on_current_changed)
        self._popup.set_window(window)
        return self._popup

    def _hide_popup(self) -> None:
        self._describing.stop()
        self._place = None
        if self._popup is not None:
            self._popup.hide()

    def _line_rect(self, position: int | None = None) -> QRect:
        """Where a place of the text (the cursor's, unless told) is, in the coordinates of the window."""
        editor = self._editor
        assert editor is not None, "there is a place to complete at"
        rect = editor.cursorRect(editor.textCursor() if position is None else selecting(editor, position, position))
        return QRect(editor.viewport().mapTo(editor.window(), QPoint(rect.left(), rect.top())), rect.size())


def _text_before(cursor: QTextCursor) -> str:
    left = QTextCursor(cursor.block())
    left.setPosition(cursor.position(), QTextCursor.MoveMode.KeepAnchor)
    return left.selectedText()


def _name_length(text: str) -> int:
    """How many characters at the end of a text are letters of a name."""
    length = 0
    while length < len(text) and (text[-1 - length].isalnum() or text[-1 - length] == "_"):
        length += 1
    return length
