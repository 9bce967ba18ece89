"""What travels with a job, below the editor: a line that unfolds into a table, and files that are picked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.environment.project_watch import Look, ProjectWatch, Question
from mcgui.console.environment.travel_rows import TravelRow, rows_of, short_total, total, trouble
from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.head_row import BesideOrBelow
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.panel_notice import Notice
from mcgui.console.parts.tab_order import put_after
from mcgui.fold_button import FoldButton
from mcgui.screen_reader import announce
from mcgui.theme import Theme, set_tone

if TYPE_CHECKING:
    from mcgui.console.environment.travel_table import TravelTable

#: Folders of Python and of what is installed, in which files have the names of many others.
_OF_PYTHON: Final = re.compile(r"python-?[0-9.]+|(site|dist)-packages", re.IGNORECASE)


class TravelList(QWidget):
    """Hidden where there is no environment, and nothing is picked. The table is made when it is first unfolded.

    Signals:
        picked(tuple[str, ...]): the user picked other files; these are all of them, as patterns.
        written(int): when the last of those that travel was written, in nanoseconds since the epoch.
    """

    picked = Signal(object)
    written = Signal(object)

    def __init__(
        self,
        theme: Theme,
        dialogs: FileDialogs,
        background: Background | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._dialogs, self._background = theme, dialogs, background
        self._question, self._text = Question(), -1
        self._look = Look()
        self._taken_back: list[tuple[str, ...]] = []  # what was picked before each removal
        self._table: TravelTable | None = None
        self.toggle = FoldButton("", "What travels with this job", theme, self)
        self.toggle.turned.connect(self._show)
        self.trouble = ElidedLabel(self)
        self.trouble.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.notice = Notice(theme, self)
        self._watch = ProjectWatch(background, self)
        self._watch.found.connect(self._on_found)
        self._lay_out()
        self._show()

    @property
    def table(self) -> TravelTable:
        """What is unfolded; made when somebody asks for it."""
        if self._table is None:
            from mcgui.console.environment.travel_table import TravelTable

            self._table = made = TravelTable(self._theme, self)
            made.named_wanted.connect(self.add_named)
            made.files_wanted.connect(self.add_files)
            made.folder_wanted.connect(self.add_folder)
            made.remove_wanted.connect(self.remove)
            made.undo_wanted.connect(self.bring_back)
            self._layout.addWidget(made)
            put_after(self.toggle, made)
            made.setVisible(self.toggle.is_open)
            made.show_look(self._look, bool(self._question.path))
        return self._table

    # What it is told

    def set_environment(self, state: EnvironmentState) -> None:
        """Another text is in front, or the same was edited. While it does not compile, what it said before counts."""
        another = state.text != self._text
        if not another and (state.problem is not None or state.reading):
            return
        self._text = state.text
        if another:
            self._taken_back.clear()
            self.notice.clear()
            self._trouble_place.begin()
        self._ask(Question(state.place, state.source, self._question.picked))

    @Slot(object)
    def set_picked(self, patterns: tuple[str, ...]) -> None:
        """These are what was picked."""
        self._ask(Question(self._question.path, self._question.source, patterns))

    def place_of(self, file: str) -> Path | None:
        """Where the file lies that a traceback calls so, in whose folder of a worker it lay; None where it is none of
        those that travel."""
        parts = file.replace("\\", "/").split("/")
        if any(map(_OF_PYTHON.fullmatch, parts)):
            return None
        ends = {"/".join(parts[at:]) for at in range(len(parts))}
        found = [one for one in self._look.files if one.path in ends]
        return max(found, key=lambda one: len(one.path)).place if found else None

    def end(self) -> None:
        """Look no more."""
        self._watch.stop()

    # What the user does

    @Slot()
    def add_files(self) -> None:
        """Ask for files, and have them travel along."""
        self._pick(self._dialogs.files_to_send(self, self._folder))

    @Slot()
    def add_folder(self) -> None:
        """Ask for a folder, and have all that is in it travel along."""
        folder = self._dialogs.folder_to_send(self, self._folder)
        self._pick([folder] if folder is not None else [])

    @Slot(object)
    def add_named(self, rows: tuple[TravelRow, ...]) -> None:
        """Have these travel along, which the code names."""
        self._pick([self._folder_of_project() / row.name for row in rows])

    @Slot(object)
    def remove(self, patterns: frozenset[str]) -> None:
        """Take back what was picked by these patterns."""
        before = self._question.picked
        self._taken_back.append(before)
        self.picked.emit(tuple(pattern for pattern in before if pattern not in patterns))

    @Slot()
    def bring_back(self) -> None:
        """Have what was taken back last travel along again."""
        if self._taken_back:
            before = self._taken_back.pop()
            self.picked.emit(tuple(dict.fromkeys((*before, *self._question.picked))))

    # Within

    def _ask(self, question: Question) -> None:
        self._question = question
        self.setVisible(bool(question.path or question.picked or question.source.strip()))
        self._watch.ask(question)

    def _pick(self, paths: list[Path]) -> None:
        """Files that travel anyway need not be picked. One outside of the folder cannot travel: it is asked about."""
        from mcgui_core.environment.project_reader import is_outside, pattern_of  # here: nobody has a file to pick yet

        there = {file.place for file in self._look.files}
        main = Path(self._question.path)
        outside = [path for path in paths if is_outside(path, main)]
        new = [pattern_of(path, main) for path in paths if path.resolve() not in there and path not in outside]
        every = tuple(dict.fromkeys((*self._question.picked, *new)))
        if every != self._question.picked:
            self.picked.emit(every)
        if outside:
            self._ask_about(outside)

    def _ask_about(self, outside: list[Path]) -> None:
        first, more = outside[0].name, len(outside) - 1
        them = "them" if more else "it"
        names = f"{first} and {format.plural(more, 'other')} lie" if more else f"{first} lies"
        text = f"{names} outside of {self._folder}: only what lies there can travel."
        copy = (f"Copy {them} there", lambda: self._copy_in(outside))
        self.notice.say(text, "warning", (copy, (f"Leave {them} out", lambda: None)))

    def _copy_in(self, paths: list[Path]) -> None:
        """Copy them beside the environment, and have the copies travel."""
        from mcgui.console.environment.copying_in import copied_into

        folder, question = self._folder, self._question
        if self._background is not None:
            self.notice.say(f"Copying into {folder}…", "info")
            self._background.run(
                lambda: copied_into(folder, paths),
                lambda copies: self._on_copied(question, copies),
                lambda error: self.notice.say(str(error)),
            )

    def _on_copied(self, question: Question, copies: list[Path]) -> None:
        self.notice.clear()
        if question.path == self._question.path:
            self._pick(copies)

    @property
    def _folder(self) -> Path:
        return Path(self._question.path).parent

    def _folder_of_project(self) -> Path:
        """What the paths in the list begin at."""
        main = next(file for file in self._look.files if file.origin == "main")
        return main.place.parents[main.path.count("/")]

    @Slot(object)
    def _on_found(self, look: Look) -> None:
        self.written.emit(max((file.written for file in look.files), default=0))
        before = trouble(self._look)[0]
        self._look = look
        self._show()
        said, tone = trouble(look)
        if said and said != before:
            announce(self, said, urgent=tone == "bad")

    @Slot()
    def _show(self) -> None:
        unfolded, text = self.toggle.is_open, total(self._look)
        said, tone = trouble(self._look)
        self.toggle.setText(text)
        self.toggle.short = short_total(self._look)
        self.toggle.setAccessibleName(f"{text}. {said}" if said else text)
        self.trouble.say(said, "\n".join(row.sentence for row in rows_of(self._look) if row.sentence))
        self.trouble.setVisible(bool(said))  # where it has a line of its own, that is not empty
        set_tone(self.trouble, tone)
        if unfolded or self._table is not None:
            self.table.show_look(self._look, bool(self._question.path))
            self.table.setVisible(unfolded)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)  # also where it stands alone
        head.addWidget(self.trouble, 1)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        below = QHBoxLayout()
        below.setContentsMargins(self.toggle.iconSize().width() + 8, 0, 0, 0)
        layout.addLayout(below)
        layout.addWidget(self.notice)
        self._trouble_place = BesideOrBelow(self.trouble, head, below, self)
