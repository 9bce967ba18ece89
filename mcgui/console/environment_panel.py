"""The panel in which the environment is written: the editor, its file, and the first problem in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from mcgui.card import Card
from mcgui.console.editor import CodeEditor, Problem
from mcgui.console.environment_state import EnvironmentState
from mcgui.console.file_dialogs import FileDialogs
from mcgui.console.notice import Notice
from mcgui.console.source_file import FileTrouble, Stamp, read_source, stamp_of, write_source
from mcgui.theme import Theme, set_tone
from mcgui_core.environment import Environment
from mcgui_core.errors import EnvironmentInvalid

#: Milliseconds without a key press after which the source is looked through.
PARSE_DELAY = 200
UNNAMED = "<environment>"


class EnvironmentPanel(Card):
    """The environment, as text and as the functions that it defines.

    `theme` gives the colours; `dialogs` is what asks the user (a test gives one that answers).

    Signals:
        environment_changed(EnvironmentState): the source was looked through, 200 ms after the last key press or at
            once after a file was opened. The source is never run for that.
        file_changed(Path | None): another file is edited, or the same under another name.
        modified_changed(bool): there are changes that are not saved, or not any more.
        settled(): the user has left the editor, or opened or saved a file: what it holds is meant so.
        job_dropped(Path): a job document was dropped on the editor. (Any other file is opened.)
    """

    environment_changed = Signal(object)
    file_changed = Signal(object)
    modified_changed = Signal(bool)
    settled = Signal()
    job_dropped = Signal(object)

    def __init__(self, theme: Theme, dialogs: FileDialogs | None = None, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("Environment"))
        self._dialogs = dialogs or FileDialogs()
        self._path: Path | None = None
        self._newline, self._bom = "\n", False
        self._stamp: Stamp | None = None
        self._text = 0
        self._state = EnvironmentState("", UNNAMED, None, None)
        self._name = QLabel(self)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._status = QPushButton(self)
        self._status.setProperty("link", True)
        self._status.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._status.clicked.connect(self.go_to_problem)
        self.notice = Notice(theme, self)
        self.editor = CodeEditor(theme, self)
        self.editor.setPlaceholderText(
            self.tr("Write Python here, or open a file.\nThe functions at its top level are those that can be run.")
        )
        self.editor.installEventFilter(self)
        self.header.addWidget(self._name)
        self.header.addWidget(self._status)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.editor, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PARSE_DELAY)
        self._timer.timeout.connect(self.look_through)
        self.editor.textChanged.connect(self._timer.start)
        self.editor.document().modificationChanged.connect(self._on_modified)
        self.editor.file_dropped.connect(self._on_file_dropped)
        set_tone(self._name, "muted")
        self.look_through()
        self._show_name()

    # What it holds

    @property
    def source(self) -> str:
        return self.editor.source

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def filename(self) -> str:
        """What tracebacks call the environment."""
        return self._path.name if self._path else UNNAMED

    @property
    def modified(self) -> bool:
        """Whether there are changes that are not saved."""
        return self.editor.document().isModified()

    @property
    def state(self) -> EnvironmentState:
        """What is known of the source as it is right now, looked through again where it changed since."""
        if self._timer.isActive():
            self.look_through()
        return self._state

    # Files

    @Slot()
    def new(self) -> bool:
        """Begin an empty environment, unless changes would be lost. True where it was done."""
        if not self.may_lose_changes():
            return False
        self._take("", None)
        return True

    @Slot()
    def open(self) -> bool:
        """Ask for a file and open it. True where one was opened."""
        if not self.may_lose_changes():
            return False
        path = self._dialogs.path_to_open(self, self._folder())
        return path is not None and self._load(path)

    def open_path(self, path: Path) -> bool:
        """Open this file, unless changes would be lost. False, and a line in the panel, where it cannot be read."""
        return self.may_lose_changes() and self._load(path)

    def set_source(self, source: str) -> None:
        """Put this text in place of what is there, as a new environment that has no file yet."""
        self._take(source, None)

    @Slot()
    def save(self) -> bool:
        """Save to the file that it came from; ask where there is none. True where it is saved."""
        if self._path is None:
            return self.save_as()
        if self._was_changed_elsewhere(self._path):
            self._stamp = None  # once warned, the next save means it
            self.notice.say(
                self.tr(
                    "{name} was changed by another program since it was opened. "
                    "Save once more to overwrite that, or save under another name."
                ).format(name=self._path.name),
                "warning",
            )
            return False
        return self._write(self._path)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a name and save there. True where it is saved."""
        path = self._dialogs.path_to_save(self, self._path or self._folder() / "environment.py")
        return path is not None and self._write(path)

    def may_lose_changes(self) -> bool:
        """Whether the text may go: there are no changes, or the user saved them or gave them up."""
        if not self.modified:
            return True
        answer = self._dialogs.about_changes(self, self._shown_name())
        return self.save() if answer == "save" else answer == "discard"

    # Problems

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
        self._state = EnvironmentState(source, self.filename, environment, problem, self._text)
        line = problem.line if problem else None
        self.editor.set_problem(Problem(line, problem.problem) if problem and line else None)
        self._show_status()
        self.environment_changed.emit(self._state)

    @Slot()
    def go_to_problem(self) -> None:
        problem = self._state.problem
        if problem is not None and problem.line:
            self.editor.go_to(problem.line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and event.type() == QEvent.Type.FocusOut:
            self._settle()
        return super().eventFilter(watched, event)

    # Within

    def _settle(self) -> None:
        if self._timer.isActive():
            self.look_through()
        self.settled.emit()

    def _load(self, path: Path) -> bool:
        try:
            file = read_source(path)
        except FileTrouble as trouble:
            self.notice.say(str(trouble))
            return False
        self._newline, self._bom = file.newline, file.bom
        self._take(file.text, path)
        self._stamp = file.stamp
        return True

    def _take(self, source: str, path: Path | None) -> None:
        """Make this text the environment, with nothing to undo."""
        if path is None:
            self._newline, self._bom = "\n", False
        self._path, self._stamp = path, None
        self._text += 1
        self.notice.clear()
        self.editor.setPlainText(source)
        self.editor.document().setModified(False)
        self.file_changed.emit(path)
        self._show_name()
        self._timer.start()
        self._settle()

    def _write(self, path: Path) -> bool:
        try:
            self._stamp = write_source(path, self.source, self._newline, self._bom)
        except FileTrouble as trouble:
            self.notice.say(str(trouble))
            return False
        self.notice.clear()
        self.editor.document().setModified(False)
        if path != self._path:
            self._path = path
            self.file_changed.emit(path)
            self._timer.start()  # tracebacks call it by another name now
        self._show_name()
        self._settle()
        return True

    def _was_changed_elsewhere(self, path: Path) -> bool:
        try:
            return self._stamp is not None and stamp_of(path) != self._stamp
        except OSError:  # it is gone: saving puts it back
            return False

    def _folder(self) -> Path:
        return self._path.parent if self._path else Path.home()

    @Slot(str)
    def _on_file_dropped(self, name: str) -> None:
        path = Path(name)
        if path.suffix == ".mcjob":
            self.job_dropped.emit(path)
        else:
            self.open_path(path)

    @Slot(bool)
    def _on_modified(self, modified: bool) -> None:
        self._show_name()
        self.modified_changed.emit(modified)

    def _shown_name(self) -> str:
        return self._path.name if self._path else self.tr("The environment")

    def _show_name(self) -> None:
        name = self._path.name if self._path else self.tr("not saved yet") if self.modified else ""
        self._name.setText(f"{name}  •" if self.modified else name)
        self._name.setToolTip(str(self._path or ""))
        self._name.setAccessibleName(self.tr("{name}, changed").format(name=name) if self.modified else name)

    def _show_status(self) -> None:
        problem = self._state.problem
        if problem is None:
            text, tip = self.tr("no problems") if self._state.source.strip() else "", ""
        else:
            where = self.tr("line {line}: ").format(line=problem.line) if problem.line else ""
            text, tip = where + problem.problem, self.tr("Go to the problem")
        self._status.setText(_shortened(text))
        self._status.setToolTip(f"{text}\n{tip}" if tip else "")
        self._status.setAccessibleName(text or self.tr("Problems"))
        self._status.setEnabled(problem is not None)
        self._status.setVisible(bool(text))
        set_tone(self._status, "bad" if problem else "muted")


def _shortened(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
