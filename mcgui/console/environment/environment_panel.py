"""The panel in which the environment is written: the open files, what is wrong in the one in front, and its tools."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from mcgui.background import Background
from mcgui.card import Card
from mcgui.console.analysis.completion_control import CompletionControl
from mcgui.console.analysis.problem import Problem
from mcgui.console.analysis.source_analysis import SourceAnalysis
from mcgui.console.analysis.status_button import StatusButton
from mcgui.console.editor.editor import CodeEditor
from mcgui.console.editor.find_bar import FindBar
from mcgui.console.editor.go_to_bar import GoToBar
from mcgui.console.environment.editor_page import EditorPage
from mcgui.console.environment.editor_tabs import EditorTabs
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.environment.recovery import Recovery
from mcgui.console.environment.reload_offer import ReloadOffer
from mcgui.console.environment.saved_session import SavedSession
from mcgui.console.environment.source_file import FileTrouble
from mcgui.console.environment.travel_list import TravelList
from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.head_row import BesideOrBelow
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.panel_notice import Notice
from mcgui.settings import Settings
from mcgui.theme import Theme, set_tone


class EnvironmentPanel(Card):
    """The file in front is the environment, as text and as the functions that it defines.

    `theme` gives the colours; `dialogs` is what asks the user (a test gives one that answers). With `background`, the
    source is looked through, completed in and watched on the disk beside the window; without, it is looked through
    here, and there is no completion.

    Signals:
        environment_changed(EnvironmentState): the source was looked through, 200 ms after the last key press or at
            once after a file was opened; or another file is in front. The source is never run for that.
        file_changed(Path | None): another file is in front, or the same under another name.
        modified_changed(bool): there are changes that are not saved, or not any more.
        settled(): the user has left the editor, or opened or saved a file: what it holds is meant so.
        job_dropped(Path): a job document was dropped on the editor. (Any other file is opened.)
    """

    environment_changed = Signal(object)
    file_changed = Signal(object)
    modified_changed = Signal(bool)
    settled = Signal()
    job_dropped = Signal(object)

    def __init__(
        self,
        theme: Theme,
        dialogs: FileDialogs | None = None,
        background: Background | None = None,
        parent: QWidget | None = None,
        settings: Settings | None = None,
    ) -> None:
        super().__init__("", parent)
        self.set_title("Environment")
        self._dialogs = dialogs or FileDialogs()
        self._recovery: Recovery | None = None
        self._ended = False
        self._shown: tuple[tuple[Path | None, str], bool] | None = None  # what it is, and modified, as told of last
        self._checking = SourceAnalysis("check", self) if background is not None else None
        self._completing = SourceAnalysis("complete", self) if background is not None else None
        self._name = ElidedLabel(self)
        self._name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._status = StatusButton(self)
        self._status.clicked.connect(self.go_to_worst_problem)
        self.notice = Notice(theme, self)  # of the panel as a whole; each page has one of its own
        self.tabs = EditorTabs(theme, self._checking, self, background)
        self.find_bar = FindBar(theme, self, settings)
        self.go_to_bar = GoToBar(self)
        self.completion = CompletionControl(theme, self._completing, self)
        self.travels = TravelList(theme, self._dialogs, background, self)
        self.header.addWidget(self._name)
        self.header.addWidget(self._status)
        self._status_place = BesideOrBelow(self._status, self.header, self.body, self)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.tabs.bar)
        self.body.addWidget(self.find_bar)
        self.body.addWidget(self.go_to_bar)
        self.body.addWidget(self.tabs, 1)
        self.body.addWidget(self.travels)
        set_tone(self._name, "muted")
        self._changes = ReloadOffer(self.tabs, background, self) if background is not None else None
        self.tabs.opened.connect(self._on_opened)
        self.tabs.current_changed.connect(self._on_current_changed)
        self.tabs.closed_unsaved.connect(self._on_closed_unsaved)
        self.tabs.begin()

    def comfort(self) -> int:
        """Pixels of its height that it can do without: the editor's."""
        return self.editor.comfort()

    # What it holds

    @property
    def editor(self) -> CodeEditor:
        """The editor of the file in front."""
        return self.tabs.current.editor

    @property
    def source(self) -> str:
        return self.tabs.current.source

    @property
    def path(self) -> Path | None:
        return self.tabs.current.path

    @property
    def filename(self) -> str:
        """What tracebacks call the environment."""
        return self.tabs.current.filename

    @property
    def modified(self) -> bool:
        """Whether there are changes that are not saved."""
        return self.tabs.current.modified

    @property
    def state(self) -> EnvironmentState:
        """What is known of the source as it is right now, looked through again where it changed since."""
        return self.tabs.current.state

    # Files

    @Slot()
    def new(self) -> bool:
        """Begin an empty environment, beside those that are open. True where it was done."""
        self.tabs.free().set_source("")
        self.editor.setFocus()
        return True

    @Slot()
    def open(self) -> bool:
        """Ask for a file and open it. True where one was opened."""
        path = self._dialogs.path_to_open(self, self._folder())
        return path is not None and self.open_path(path)

    def open_path(self, path: Path) -> bool:
        """Bring this file to the front. False, and a line in the panel, where it cannot be read."""
        page = self.tabs.page_of(path)
        if page is not None:
            self.tabs.show_page(page)
        else:
            try:
                self.tabs.load(path)
            except FileTrouble as trouble:
                self.notice.say(str(trouble))
                return False
        self.notice.clear()
        self.editor.setFocus()  # what was in front had it, and it would go to whatever comes next in the window
        return True

    def set_source(self, source: str) -> None:
        """Show this text, as a new environment that has no file yet."""
        self.tabs.free().set_source(source)

    @Slot()
    def save(self) -> bool:
        """Save to the file that it came from; ask where there is none. True where it is saved."""
        page = self.tabs.current
        if page.path is None:
            return self.save_as()
        if page.was_changed_elsewhere():
            page.keep(None)  # once warned, the next save means it
            page.notice.say(
                f"{page.path.name} was changed by another program since it was opened. "
                "Save once more to overwrite that, or save under another name.",
                "warning",
            )
            return False
        return page.write(page.path)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a name and save there. True where it is saved."""
        page = self.tabs.current
        path = self._dialogs.path_to_save(self, page.path or self._folder() / "environment.py")
        return path is not None and page.write(path)

    @Slot()
    def close_file(self) -> None:
        """Close the file in front. What is not saved of it can be brought back (`reopen`)."""
        self.tabs.close_page(self.tabs.bar.currentIndex())
        self.editor.setFocus()

    @Slot()
    def reopen(self) -> None:
        """Open the file that was closed last, with the changes that it had."""
        if self.tabs.reopen() is not None:
            self.notice.clear()
            self.editor.setFocus()

    @Slot()
    def next_file(self) -> None:
        self.tabs.step(1)

    @Slot()
    def previous_file(self) -> None:
        self.tabs.step(-1)

    # From one run to the next

    def keep(self, recovery: Recovery) -> None:
        """Open what was open in the last run, and keep what is open and typed from now on."""
        self._recovery = recovery
        recovery.trouble.connect(self._on_trouble)
        self.tabs.restore(recovery.open(self._snapshot))
        self.tabs.edited.connect(recovery.note)
        recovery.note()

    def _snapshot(self) -> SavedSession:
        return self.tabs.kept

    def may_lose_changes(self) -> bool:
        """Whether the window may close: everything is kept for the next time, or the user saved it or gave it up."""
        if self._recovery is not None and self._recovery.save_now():
            return True
        for page in self.tabs.pages:
            if page.modified:
                self.tabs.show_page(page)
                answer = self._dialogs.about_changes(self, self._shown_name())
                if answer == "cancel" or (answer == "save" and not self.save()):
                    return False
        return True

    def end(self) -> None:
        """Keep the session, and end what works beside the window. Waits for it. No effect the second time."""
        if self._ended:
            return
        self._ended = True
        self.travels.end()
        for worker in (self._recovery, self._changes, self._checking, self._completing):
            if worker is not None:
                worker.close()

    # Problems

    @Slot()
    def look_through(self) -> None:
        """Find the functions and the first problem now, instead of when the timer says."""
        self.tabs.current.look_through()

    @Slot()
    def go_to_worst_problem(self) -> None:
        """Go to the problem that the head of the panel names."""
        worst = self._worst
        if worst is not None:
            self.editor.go_to_place(worst.line, worst.start + 1 if worst.start is not None else None)
            self.editor.setFocus()

    @property
    def _worst(self) -> Problem | None:
        problems = self.editor.problems.problems
        return next((one for one in problems if one.severity == "error"), problems[0] if problems else None)

    @Slot(int)
    def go_to_line(self, line: int) -> None:
        """Go to a line of the file in front, counted from 1."""
        self.editor.go_to(line)

    # From elsewhere

    def has_place_of(self, file: str) -> bool:
        """Whether this file, as a traceback names it, is open, or travels with what is in front."""
        return self._page_called(file) is not None or self.travels.place_of(file) is not None

    def go_to_place_of(self, file: str, line: int) -> bool:
        """Bring this file, as a traceback names it, to the front, and go to a line of it, counted from 1. False where
        it is not to be had."""
        page, place = self._page_called(file), self.travels.place_of(file)
        if page is not None:
            self.tabs.show_page(page)
        elif place is None or not self.open_path(place):
            return False
        self.editor.go_to(line)
        return True

    def _page_called(self, file: str) -> EditorPage | None:
        """Of several, the one in front."""
        return next((page for page in (self.tabs.current, *self.tabs.pages) if page.filename == file), None)

    # Within

    def _folder(self) -> Path:
        return self.path.parent if self.path else Path.home()

    @Slot(object)
    def _on_opened(self, page: EditorPage) -> None:
        page.looked_through.connect(self._on_looked_through)
        page.marked.connect(self._on_marked)
        page.renamed.connect(self._on_renamed)
        page.settled.connect(self._on_settled)
        page.editor.file_dropped.connect(self._on_file_dropped)

    @Slot(object)
    def _on_current_changed(self, page: EditorPage) -> None:
        self.go_to_bar.hide()
        self.find_bar.set_editor(page.editor)
        self.completion.set_editor(page.editor, page.path)
        self._on_renamed()
        self._show_status(page.state)
        self._status_place.begin()
        self._tell(page.state)
        self.settled.emit()

    @Slot(object)
    def _on_looked_through(self, state: EnvironmentState) -> None:
        if self.sender() is self.tabs.current:
            self._show_status(state)
            self._tell(state)

    def _tell(self, state: EnvironmentState) -> None:
        self.travels.set_environment(state)
        self.environment_changed.emit(state)

    @Slot()
    def _on_marked(self) -> None:
        if self.sender() is self.tabs.current:
            self._show_status(self.tabs.current.known)

    @Slot()
    def _on_settled(self) -> None:
        if self.sender() is self.tabs.current:
            self._status_place.begin()  # nobody types in it now, whom a line that moves would disturb
            self.settled.emit()

    @Slot()
    def _on_renamed(self) -> None:
        """Tell of the path in front, and whether it is saved, where one of them is different."""
        page = self.tabs.current
        before, self._shown = self._shown, ((page.path, page.title), page.modified)
        self._show_name()
        if before == self._shown:
            return
        self.completion.set_editor(page.editor, page.path)
        if before is None or before[0] != (page.path, page.title):
            self.file_changed.emit(page.path)
        if before is None or before[1] != page.modified:
            self.modified_changed.emit(page.modified)

    @Slot(str)
    def _on_file_dropped(self, name: str) -> None:
        path = Path(name)
        if path.suffix.lower() == ".mcjob":
            self.job_dropped.emit(path)
        else:
            self.open_path(path)

    @Slot(str)
    def _on_closed_unsaved(self, name: str) -> None:
        text = f"{name} was closed with changes that are not saved."
        self.notice.say(text, "info", (("Reopen", self.reopen),))

    @Slot(str)
    def _on_trouble(self, text: str) -> None:
        self.notice.say(text, "warning")

    def _shown_name(self) -> str:
        return self.path.name if self.path else "The environment"

    def _show_name(self) -> None:
        name = self.path.name if self.path else "not saved yet" if self.modified else ""
        self._name.setVisible(len(self.tabs.pages) == 1)  # where there are tabs, they say it
        self._name.say(f"{name}  •" if self.modified and self.path else name, str(self.path or ""))
        self._name.setAccessibleName(f"{name}, changed" if self.modified else name)

    def _show_status(self, state: EnvironmentState) -> None:
        problems = self.editor.problems.problems
        invalid, worst = state.problem, self._worst
        text = "looking through…" if state.reading else "no problems" if state.source.strip() else ""
        self._status.setEnabled(bool(problems))
        if invalid is not None and not problems:
            self._status.say(invalid.problem, "bad")
        elif worst is not None:
            more = len(problems) - 1
            self._status.say(
                f"line {worst.line}: {worst.text}",
                "bad" if worst.severity == "error" else "warn",
                "Go there; F4 goes to the next problem",
                f" (+{more})" if more else "",
            )
        else:
            self._status.say(text, "muted")
