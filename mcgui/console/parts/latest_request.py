"""Asking again and again, while only the answer to the latest question counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from mcgui.background import Background

#: Milliseconds after which an answer is late.
PATIENCE = 2000


class LatestRequest(QObject):
    """Puts one question at a time to something slow that can be interrupted, and drops answers that came too late.

    `restart` makes what is asked give up (it blocks, and is called in the background): the question that it was busy
    with then fails. A late question is interrupted by itself as soon as a newer one waits, so a question that never
    ends holds nothing up.

    Signals:
        answered(object): the answer to the latest question.
        refused(Exception): why there is none.
        late(): there was no answer for a while; `stop` is worth offering.
    """

    answered = Signal(object)
    refused = Signal(object)
    late = Signal()

    def __init__(
        self,
        background: Background,
        restart: Callable[[], object],
        parent: QObject | None = None,
        patience: int = PATIENCE,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._restart = restart
        self._running: Callable[[], Any] | None = None
        self._wanted: Callable[[], Any] | None = None  # the latest question, until it is answered
        self._restarting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(patience)
        self._timer.timeout.connect(self._on_late)

    @property
    def busy(self) -> bool:
        """Whether the latest question is still to be answered."""
        return self._wanted is not None

    def ask(self, question: Callable[[], Any]) -> None:
        """Have `question()` answered in the background, and forget any other one."""
        self._wanted = question
        if self._running is None:
            self._begin()
        elif not self._timer.isActive():
            self._interrupt()

    def drop(self) -> None:
        """Forget the question: its answer is of no use any more."""
        self._wanted = None

    def stop(self) -> None:
        """Forget the question, and make what is busy with it give up."""
        self._wanted = None
        if self._running is not None:
            self._interrupt()

    def _begin(self) -> None:
        if self._wanted is None or self._running is not None or self._restarting:
            return
        self._running = self._wanted
        self._timer.start()
        self._background.run(self._running, self._on_answer, self._on_error)

    def _interrupt(self) -> None:
        if not self._restarting:
            self._restarting = True
            self._background.run(self._restart, self._on_restarted, self._on_restart_failed)

    def _end(self) -> bool:
        """Note that the running question ended. True where it is the one whose answer is wanted."""
        self._timer.stop()
        mine = self._running is self._wanted and self._wanted is not None
        self._running = None
        if mine:
            self._wanted = None
        return mine

    def _on_answer(self, answer: object) -> None:
        if self._end():
            self.answered.emit(answer)
        self._begin()

    def _on_error(self, error: Exception) -> None:
        if self._end():
            self.refused.emit(error)
        self._begin()

    def _on_restarted(self, _: object) -> None:
        self._restarting = False
        if self._running is None:
            self._begin()

    def _on_restart_failed(self, error: Exception) -> None:
        self._restarting = False
        self._wanted = None
        self.refused.emit(error)

    def _on_late(self) -> None:
        if self._running is not self._wanted:
            self._interrupt()
        else:
            self.late.emit()
