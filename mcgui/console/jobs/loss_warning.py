"""The one question that the window asks before something is lost for good: results that no journal keeps, a file."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QMessageBox, QWidget

from mcgui import format
from mcgui.console.master.session import Session
from mcgui.console.results.result_exporter import Exporter
from mcgui_core.protocol.messages import JobStatus

_Button: Final = QMessageBox.StandardButton


class Question:
    """Asks, in one place, so that a test can answer instead."""

    def ask(self, parent: QWidget, text: str, what: str) -> bool:
        """Whether to do `what` all the same."""
        box = QMessageBox(QMessageBox.Icon.Question, "Results would be lost", text, parent=parent)
        going_on = box.addButton(what, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(_Button.Cancel))
        box.exec()
        return box.clickedButton() is going_on


class LossWarning:
    """Knows whether letting go of the master loses anything: of the window's own one, where its journal is a temporary
    one; of any, a file to which results are just being written."""

    def __init__(self, session: Session, exporter: Exporter, window: QWidget, question: Question | None = None) -> None:
        self._session, self._exporter, self._window = session, exporter, window
        self._question = question or Question()
        self._jobs: tuple[JobStatus, ...] = ()

    def show_jobs(self, jobs: tuple[JobStatus, ...]) -> None:
        self._jobs = jobs

    @property
    def text(self) -> str:
        """Which results would be lost, and why; "" where none would."""
        wish = self._session.state.wish
        if not wish.own or wish.journal is not None or not self._jobs or not self._session.is_open:
            return ""
        jobs = format.plural(len(self._jobs), "job")
        return f"The journal of this master is a temporary one. {jobs}, with all results, would be gone with it."

    def accepted(self, what: str) -> bool:
        """Whether to go on with `what`, such as "Quit": at once where nothing would be lost."""
        texts = [text for text in (self.text, self._unwritten(what)) if text]
        return not texts or self._question.ask(self._window, "\n\n".join(texts), what)

    def _unwritten(self, what: str) -> str:
        """The file that would not be there, in a question; "" where none is being written."""
        path = self._exporter.path
        if path is None:
            return ""
        return f"Results are being written to {path.name}. {what} and leave the file unwritten?"
