"""The demonstration: the Pi example is opened and run by itself; if asked for, a picture is taken at the end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.console.files.examples import Example
from mcgui.console.main_window import MainWindow
from mcgui.console.master.session import Session, SessionState
from mcgui.console.parts.window_message_bar import Message
from mcgui_core.protocol.messages import JobStatus, Reduced

#: Milliseconds that the whole of it may take, where somebody waits for the picture.
_LIMIT: Final = 180_000
#: Milliseconds between two looks at whether the window has come to rest.
_LOOK: Final = 250
#: Times that the plot is drawn after the job's end before the picture is taken: with its last second in it.
_DRAWN: Final = 3


class Demo(QObject):
    """Runs the example as soon as that is possible. `ended(int)`: with the exit code, where a picture was asked for."""

    ended = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        example: Example,
        picture: Path | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._session, self._picture = window, session, picture
        self._job: int | None = None
        self._started = False
        self._drawn = 0
        self._reduced: Reduced | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._on_limit)
        if picture is not None:
            self._limit.start(_LIMIT)
        parts = window.parts
        window.startup_failures.by_itself = True
        session.changed.connect(self._on_session_changed)
        parts.form.changed.connect(self._try)
        parts.controller.submitted.connect(self._on_submitted)
        parts.controller.shown.connect(self._on_shown)
        parts.controller.reduced.connect(self._on_reduced)
        if not parts.documents.open_path(example.path):
            self._fail(f"the example {example.path} could not be opened")

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        if state.kind == "failed" and not self._session.busy:
            # Refusals has just tried the way out, if there is one; what is left is final.
            QTimer.singleShot(0, self, self._check_failed)
        self._try()

    @Slot()
    def _check_failed(self) -> None:
        state = self._session.state
        if state.kind == "failed":
            self._fail(state.problem)

    @Slot()
    def _try(self) -> None:
        """Run, if everything is in place."""
        if not self._started and self._session.is_open and self._window.parts.form.request is not None:
            self._started = True
            # Not from within the signal that told of it: the form is still telling others.
            QTimer.singleShot(0, self._window.parts.controller.run)

    @Slot(int)
    def _on_submitted(self, id: int) -> None:
        if self._job is None:
            self._job = id

    @Slot(object)
    def _on_shown(self, job: JobStatus | None) -> None:
        if job is not None and job.id == self._job and job.final and job.state != "finished":
            self._fail(f"the job was {job.state}. {job.reason}")

    @Slot(int, object)
    def _on_reduced(self, id: int, reduced: Reduced) -> None:
        if id != self._job or self._reduced is not None:
            return
        self._reduced = reduced
        if self._picture is None:
            return
        if reduced.failed:
            self._fail(reduced.text)
            return
        self._window.parts.tabs.bring(self._window.parts.tabs.results)
        self._window.parts.plot.drawn.connect(self._on_drawn)
        self._look()

    @Slot()
    def _on_drawn(self) -> None:
        self._drawn += 1

    @Slot()
    def _look(self) -> None:
        """Take the picture once nothing moves any more."""
        results = self._window.parts.tabs.results
        if self._drawn < _DRAWN or not results.model.at_rest:
            QTimer.singleShot(_LOOK, self, self._look)
            return
        assert self._picture is not None, "without one, nobody looks"
        assert self._reduced is not None, "what is looked at is what comes after it"
        self._limit.stop()
        if not _save(self._window, self._picture):
            self._fail(f"the picture could not be written to {self._picture}")
            return
        print(f"Pi is roughly {self._reduced.text}")
        print(f"A picture of the window: {self._picture.resolve()}", flush=True)
        self.ended.emit(0)

    @Slot(str, str)
    def on_fault(self, line: str, _text: str) -> None:
        """An error in the program itself: nobody is there to see it in the window."""
        if self._picture is not None:
            self._fail(line)

    @Slot()
    def _on_limit(self) -> None:
        missing = " ".join(self._window.parts.form.missing)
        self._fail(f"the job was not done within {_LIMIT // 1000} s. {missing}")

    def _fail(self, why: str) -> None:
        if self._picture is None:
            self._window.parts.messages.say(Message("demo", f"The demonstration did not run: {why}"))
            return
        self._limit.stop()
        print(f"mcgui: the demonstration failed: {why}", file=sys.stderr, flush=True)
        QTimer.singleShot(0, self, lambda: self.ended.emit(1))


def _save(window: MainWindow, path: Path) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return window.grab().save(str(path))
