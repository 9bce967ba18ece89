"""One file in the editor: its text, where it is on the disk, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mcgui.background import Background
from mcgui.console.analysis.problem import Problem
from mcgui.console.analysis.source_analysis import SourceAnalysis
from mcgui.console.analysis.source_checker import Checked, problems_of
from mcgui.console.editor.editor import CodeEditor
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.environment.saved_session import SavedPage
from mcgui.console.environment.source_file import FileTrouble, SourceFile, Stamp, read_source, stamp_of, write_source
from mcgui.console.parts.panel_notice import Notice
from mcgui.theme import Theme
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import EnvironmentInvalid

#: Milliseconds without a key press after which the source is looked through.
PARSE_DELAY = 200
UNNAMED = "<environment>"
#: Characters that are looked through at once where somebody waits for it, which takes some 20 ms; more takes its time
#: in the process beside the window.
AT_ONCE = 150_000


class EditorPage(QWidget):
    """A text with its file.

    `texts` numbers texts: another number is another text, not an edited one. `analysis` looks source through beside the
    window; without it, that is done here.

    Signals:
        looked_through(EnvironmentState): what the source is is known, 200 ms after the last key press.
        marked(): other problems are marked in the text.
        renamed(): it has another path, or is saved, or is not saved any more.
        edited(): text, cursor or path changed, and should be kept for the case of a crash.
        settled(): the user has left the editor, or opened or saved the file: what it holds is meant so.
    """

    looked_through = Signal(object)
    marked = Signal()
    renamed = Signal()
    edited = Signal()
    settled = Signal()

    def __init__(
        self,
        theme: Theme,
        id: int,
        texts: Iterator[int],
        analysis: SourceAnalysis | None = None,
        parent: QWidget | None = None,
        background: Background | None = None,
    ) -> None:
        super().__init__(parent)
        self.id = id
        self._key = uuid4().hex
        self._analysis = analysis
        self._path: Path | None = None
        self._called = self.origin = self._beside = ""
        self._newline, self._bom = "\n", False
        self._stamp: Stamp | None = None
        self._texts, self._text = texts, next(texts)
        self._revision = 0
        self._known = -1  # the revision that `_state` is of
        self._state = EnvironmentState("", UNNAMED, None, None, self._text)
        self._settles = False  # when the answer comes
        self._left = False
        self.notice = Notice(theme, self)
        self.editor = CodeEditor(theme, self, background)
        # Three lines in a narrow column, of large text: as many as are in sight there.
        self.editor.setPlaceholderText("Write Python, or open a file. Its top-level functions can be run.")
        self.editor.installEventFilter(self)
        self.setFocusProxy(self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.notice)
        layout.addWidget(self.editor, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PARSE_DELAY)
        self._timer.timeout.connect(self.look_through_soon)
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.cursorPositionChanged.connect(self.edited)
        self.editor.document().modificationChanged.connect(self.renamed)
        self.look_through()

    # What it holds

    @property
    def source(self) -> str:
        return self.editor.source

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def stamp(self) -> Stamp | None:
        """What the file was like when it was read or written last; None where there is no file."""
        return self._stamp

    @property
    def filename(self) -> str:
        """What tracebacks call the environment."""
        return str(self._path) if self._path else self._called or UNNAMED

    @property
    def _places(self) -> tuple[int, str, str, str]:
        """What the last fields of its state are."""
        return self._text, str(self._path or ""), self._beside, f"untitled-{self._key}"

    @property
    def title(self) -> str:
        """What a text without a file is called, with where it came from; "" where it is called nothing."""
        return f"{self._called} ({self.origin})" if self.origin and self._called else self.origin

    @property
    def modified(self) -> bool:
        """Whether there are changes that are not saved."""
        return self.editor.document().isModified()

    @property
    def untouched(self) -> bool:
        """Whether nothing would be missed: it has no file and no changes."""
        return self._path is None and not self.modified and not self.origin

    @property
    def state(self) -> EnvironmentState:
        """What is known of the source as it is right now, looked through again where it changed since; of a very long
        one, what it was when it was looked through last."""
        if self._is_stale and self._is_short:
            self.look_through()
        return self._state

    @property
    def known(self) -> EnvironmentState:
        """What was known of the source when it was looked through last."""
        return self._state

    @property
    def kept(self) -> SavedPage:
        """All that brings it back as it is."""
        cursor = self.editor.textCursor()
        is_in_file = self._path is not None and not self.modified
        return SavedPage(
            id=self.id,
            path=str(self._path or ""),
            newline=self._newline,
            bom=self._bom,
            modified=self.modified,
            stamp=(self._stamp.modified, self._stamp.size) if self._stamp else None,
            cursor=cursor.position(),
            anchor=cursor.anchor(),
            top=self.editor.firstVisibleBlock().blockNumber(),
            revision=self._revision,
            text=None if is_in_file else self.source,
            called=self._called,
            origin=self.origin,
            beside=self._beside,
            key=self._key,
        )

    # Files

    def load(self, path: Path) -> bool:
        """Read this file. False, and a line above the text, where that cannot be done."""
        try:
            file = read_source(path)
        except FileTrouble as trouble:
            self.notice.say(str(trouble))
            return False
        self.show_file(path, file)
        return True

    def show_file(self, path: Path, file: SourceFile) -> None:
        """Show what was read from this path, with nothing to undo."""
        self._newline, self._bom, self._beside = file.newline, file.bom, ""
        self._take(file.text, path, file.stamp)

    def set_source(self, source: str, called: str = "", origin: str = "", beside: str = "") -> None:
        """Put this text in place of what is there, as a new environment that has no file yet.

        One that came from elsewhere is `called` as there, such as "pi.py", and has an `origin`, such as "job 3"; what
        lies `beside` its whole path there travels with it.
        """
        self._newline, self._bom, self._beside = "\n", False, beside
        self._take(source, None, None, called, origin)

    def restore(self, page: SavedPage) -> bool:
        """Be as this page was. False, and a line above the text, where its file cannot be read any more."""
        path = Path(page.path) if page.path else None
        if page.text is None:
            if path is None or not self.load(path):
                return False
        else:
            self._newline, self._bom, self._beside = page.newline, page.bom, page.beside
            self._take(page.text, path, Stamp(*page.stamp) if page.stamp else None, page.called, page.origin, page.key)
            self.editor.document().setModified(page.modified)
        end = self.editor.document().characterCount() - 1
        cursor = self.editor.textCursor()
        cursor.setPosition(min(page.anchor, end))
        cursor.setPosition(min(page.cursor, end), QTextCursor.MoveMode.KeepAnchor)
        self.editor.setTextCursor(cursor)
        self.editor.verticalScrollBar().setValue(page.top)
        return True

    def write(self, path: Path) -> bool:
        """Save there. False, and a line above the text, where that cannot be done."""
        try:
            self._stamp = write_source(path, self.source, self._newline, self._bom, self._path)
        except FileTrouble as trouble:
            self.notice.say(str(trouble))
            return False
        self.notice.clear()
        self.editor.document().setModified(False)
        if path != self._path:
            self._path = path
            self._called = self.origin = self._beside = ""
            self._known = -1  # tracebacks call it by another name now
        self.renamed.emit()
        self.edited.emit()
        self.settle()
        return True

    def reload(self, file: SourceFile) -> None:
        """Put what is on the disk in place of the text, as one step that can be undone."""
        self._newline, self._bom, self._stamp = file.newline, file.bom, file.stamp
        place = self.editor.textCursor()
        line, column = place.blockNumber(), place.positionInBlock()
        cursor = QTextCursor(self.editor.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(file.text)
        self.editor.document().setModified(False)
        self.editor.go_to_place(line + 1, column + 1)
        self.edited.emit()
        self.settle()

    def keep(self, stamp: Stamp | None) -> None:
        """Keep the text although the file is different, or gone (None): that is a change that is not saved."""
        self._stamp = stamp
        self.editor.document().setModified(True)
        self.edited.emit()

    def agree(self, file: SourceFile) -> None:
        """The file holds what the text is, whoever wrote it."""
        self._newline, self._bom, self._stamp = file.newline, file.bom, file.stamp
        self.editor.document().setModified(False)
        self.edited.emit()

    def was_changed_elsewhere(self) -> bool:
        """Whether saving would overwrite what another program wrote."""
        try:
            return self._path is not None and self._stamp is not None and stamp_of(self._path) != self._stamp
        except OSError:  # it is gone: saving puts it back
            return False

    # Looking through

    @Slot()
    def look_through(self) -> None:
        """Find the functions and the first problem now, instead of when the timer says."""
        self._timer.stop()
        source = self.source
        environment: Environment | None = None
        problem: EnvironmentInvalid | None = None
        try:
            environment = Environment.parse(source, self.filename)
        except EnvironmentInvalid as error:
            problem = error
        if problem is not None or self._analysis is None or not source.strip():  # where nobody is asked further
            self._mark(problems_of(problem, source) if problem else ())
        self._know(EnvironmentState(source, self.filename, environment, problem, *self._places))
        if problem is None and source.strip():
            self._ask(source)  # for what the compiler does not see

    @Slot()
    def look_through_soon(self) -> None:
        """Have it looked through beside the window; here, where there is nobody to do it."""
        self._timer.stop()
        source = self.source
        if self._analysis is None or not source.strip():
            self.look_through()
        else:
            self._ask(source)

    @Slot()
    def settle(self) -> None:
        """The text is meant as it is: have it looked through, and tell those that wait for that."""
        if not self._is_stale:
            self.settled.emit()
        elif self._analysis is None or self._is_short:
            self.look_through()
            self.settled.emit()
        else:
            self._settles = True
            if self._state.text != self._text:
                self._know(EnvironmentState(self.source, self.filename, None, None, *self._places))
                self._known = -1
            self.look_through_soon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and event.type() == QEvent.Type.FocusOut:
            self.settle()
        return super().eventFilter(watched, event)

    def leave(self) -> None:
        """It is closed: answers that are still to come are of no use to it."""
        self._left = True
        self._timer.stop()
        self.hide()
        self.deleteLater()

    # Within

    @property
    def _is_stale(self) -> bool:
        return self._known != self._revision

    @property
    def _is_short(self) -> bool:
        return self.editor.document().characterCount() < AT_ONCE

    def _take(
        self, source: str, path: Path | None, stamp: Stamp | None, called: str = "", origin: str = "", key: str = ""
    ) -> None:
        """Make this the text, with nothing to undo."""
        self._path, self._stamp, self._text = path, stamp, next(self._texts)
        self._called, self.origin = ("" if called == UNNAMED else called), origin
        self._key = key or uuid4().hex
        self.notice.clear()
        self.editor.setPlainText(source)
        self.editor.document().setModified(False)
        self._known = -1
        self._mark(())  # what was wrong with the text that was there
        self.renamed.emit()
        self._timer.start()
        self.settle()

    def _ask(self, source: str) -> None:
        if self._analysis is None:
            return
        revision, filename = self._revision, self.filename
        self._analysis.ask(
            "check", source, filename, done=lambda checked: self._on_checked(revision, source, filename, checked)
        )

    def _on_checked(self, revision: int, source: str, filename: str, checked: Checked | None) -> None:
        if self._left or revision != self._revision or filename != self.filename:
            return  # an answer to what the text was; the timer asks again
        if checked is None:  # whoever looked through it died of it
            self._give_up()
            return
        self._mark(checked.problems)
        state = EnvironmentState(source, filename, checked.environment, checked.invalid, *self._places)
        if self._is_stale or state != self._state:
            self._know(state)
        if self._settles:
            self._settles = False
            self.settled.emit()

    def _give_up(self) -> None:
        """There is no answer, and there will be none: say so, instead of compiling here what ends who compiles it."""
        problem = EnvironmentInvalid(
            "it cannot be looked through: that takes too long, or ends the process that does it", self.filename
        )
        self._know(EnvironmentState(self.source, self.filename, None, problem, *self._places))

    def _mark(self, problems: tuple[Problem, ...]) -> None:
        if problems != self.editor.problems.problems:
            self.editor.set_problems(problems)
            self.marked.emit()

    def _know(self, state: EnvironmentState) -> None:
        self._known, self._state = self._revision, state
        self.looked_through.emit(state)

    @Slot()
    def _on_text_changed(self) -> None:
        self._revision += 1
        self._timer.start()
        self.edited.emit()
