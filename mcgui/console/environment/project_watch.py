"""Knows which files would travel with the environment in front, and notices when that changes on the disk."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui_core.errors import McguiError

if TYPE_CHECKING:  # what reads projects is imported where one is read, after the window is there
    from mcgui_core.environment.project_reader import FoundFile, StayingFile

#: Milliseconds between two looks at the disk, by the clock: see file_watcher.py.
INTERVAL: Final = 2000
#: So much longer than a look took is the pause after it, where there are very many files.
_PAUSE: Final = 50


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for."""

    path: str = ""  # of the environment's file; "" where it has none
    source: str = ""
    picked: tuple[str, ...] = ()  # patterns


@dataclass(frozen=True, slots=True)
class Look:
    """What was found. `problem` is a sentence about why there is nothing, `hint` one about what could be done."""

    files: tuple[FoundFile, ...] = ()
    staying: tuple[StayingFile, ...] = ()
    problem: str = ""
    hint: str = ""


class ProjectWatch(QObject):
    """Looks in the background; without one, at once and here.

    Signals:
        found(Look): it is different from what was found last.
    """

    found = Signal(object)

    def __init__(self, background: Background | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._question = Question()
        self._asked: Question | None = None  # what is being looked for
        self._look = Look()
        self._rests_until = 0.0  # on the monotonic clock
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._on_time)

    def ask(self, question: Question) -> None:
        """Look for this from now on."""
        if question == self._question:
            return
        self._question = question
        if question.path and self._background is not None:
            self._timer.start()
        else:
            self._timer.stop()
        self.look()

    @Slot()
    def look(self) -> None:
        """Look now, unless a look is under way: that is followed by another, where something else is asked by then."""
        question = self._question
        if self._asked is not None:
            return
        if not question.source.strip() and not question.picked and not question.path:
            self._take(Look())
        elif self._background is None:
            self._take(_look(question))
        else:
            self._asked = question
            began = time.monotonic()
            self._background.run(
                lambda: _look(question),
                lambda look: self._on_looked(question, look, began),
                lambda _error: self._on_looked(question, None, began),
            )

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _on_time(self) -> None:
        if time.monotonic() >= self._rests_until:
            self.look()

    def _on_looked(self, question: Question, look: Look | None, began: float) -> None:
        self._asked = None
        now = time.monotonic()
        self._rests_until = now + _PAUSE * (now - began)
        if question != self._question:
            self.look()
        elif look is not None:
            self._take(look)

    def _take(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            self.found.emit(look)


def _without_file(question: Question) -> Look:
    """Its text travels, and nothing else: not even what workers of this window find, which work in its folder."""
    from mcgui_core.environment.project_reader import StayingFile, beside_text

    sentence = "The environment has no file. Save it beside this one, which travels along then."
    staying = [StayingFile(pattern, "missing", sentence, pattern) for pattern in question.picked]
    with suppress(OSError):  # the folder is gone
        here = Path.cwd()
        for name in beside_text(here, question.source):
            sentence = f"{name} lies in {here}, and stays there: save the environment beside it, and it travels."
            staying.append(StayingFile(name, "mentioned", sentence))
    return Look(staying=tuple(staying), hint="Once the environment is saved, what it imports from its folder travels.")


def _look(question: Question) -> Look:
    """In the background: what would travel."""
    from mcgui_core.environment.project_reader import find_files

    try:
        if not question.path or not Path(question.path).is_file():
            return _without_file(question)
        found = find_files(Path(question.path), question.picked, question.source)
    except McguiError as error:
        return Look(problem=str(error))
    except OSError as error:  # it goes while somebody looks at it, or its drive does
        return Look(problem=f"What lies beside it cannot be read ({error.strerror}).")
    return Look(tuple(found.files.values()), tuple(found.staying))
