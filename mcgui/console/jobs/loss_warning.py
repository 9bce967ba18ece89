"""What the window asks before it lets go of the master: whether results are to be lost, or jobs are to wait."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from mcgui import format
from mcgui.console.master.session import Session
from mcgui.console.results.result_exporter import ResultExporter
from mcgui.plain_text import unturned
from mcgui.settings import Settings
from mcgui_core.protocol.messages import JobStatus

#: The user has read once what becomes of jobs, and wants to hear no more of it.
_KNOWN: Final = "console/jobs_wait_known"
_Button: Final = QMessageBox.StandardButton


#: What the window does when it is closed.
QUIT: Final = "Quit"


class Question:
    """Asks, in one place, so that a test can answer instead."""

    def ask(self, parent: QWidget, text: str, what: str) -> bool:
        """Whether to do `what` all the same."""
        return _answer(QMessageBox(QMessageBox.Icon.Question, "Results would be lost", text, parent=parent), what)

    def tell(self, parent: QWidget, text: str, what: str) -> tuple[bool, bool]:
        """The same where nothing is lost; and whether this is to be said again."""
        box = QMessageBox(QMessageBox.Icon.Information, "Jobs are not over", text, parent=parent)
        known = QCheckBox("Do not say this again", box)
        box.setCheckBox(known)
        return _answer(box, what), not known.isChecked()


def _answer(box: QMessageBox, what: str) -> bool:
    box.setTextFormat(Qt.TextFormat.PlainText)  # names of jobs are anybody's
    box.setText(unturned(box.text()))
    going_on = box.addButton(what, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(_Button.Cancel))
    box.exec()
    return box.clickedButton() is going_on


class LossWarning:
    """Knows whether letting go of the master loses anything: of the window's own one, where its journal is a temporary
    one; of any, a file to which results are just being written. And whether jobs are to wait for the next start."""

    def __init__(
        self,
        session: Session,
        exporter: ResultExporter,
        settings: Settings,
        window: QWidget,
        question: Question | None = None,
    ) -> None:
        self._session, self._exporter, self._settings, self._window = session, exporter, settings, window
        self._question = question or Question()
        self._jobs: tuple[JobStatus, ...] = ()
        self.tells_of_waiting = True  # a demonstration is no work of anybody's

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
        if texts:
            return self._question.ask(self._window, "\n\n".join(texts), what)
        if what != QUIT or not self.tells_of_waiting or not self.waiting or self._settings.flag(_KNOWN):
            return True
        accepted, again = self._question.tell(self._window, self.waiting, what)
        if not again:
            self._settings.set(_KNOWN, True)
        return accepted

    @property
    def waiting(self) -> str:
        """What becomes of jobs that are not over, where the journal keeps them; "" where there are none."""
        wish = self._session.state.wish
        going_on = [job for job in self._jobs if job.state in ("running", "waiting")]
        if not wish.own or wish.journal is None or not going_on or not self._session.is_open:
            return ""
        one = len(going_on) == 1
        jobs = f"Job {going_on[0].id}, {going_on[0].name}," if one else format.plural(len(going_on), "job")
        return (
            f"{jobs} {'is' if one else 'are'} not over. What is done stays in the journal; the rest waits there, and "
            f"goes on once mcgui is started again and you resume {'it' if one else 'them'}."
        )

    def _unwritten(self, what: str) -> str:
        """The file that would not be there, in a question; "" where none is being written."""
        path = self._exporter.path
        if path is None:
            return ""
        return f"Results are being written to {path.name}. {what} and leave the file unwritten?"
