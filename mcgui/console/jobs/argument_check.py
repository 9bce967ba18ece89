"""Says of a job that is opened again where its arguments are read from something else than they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Slot

from mcgui.background import Background
from mcgui.console.form.job_form import JobForm
from mcgui.console.master.session import Session
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import ArgumentsInvalid, EnvironmentInvalid

_ABOUT: Final = "reopened arguments"
_DIFFER: Final = "are not what they were"
_UNREADABLE: Final = "cannot be read any more"
_UNKNOWN: Final = "could not be compared with what they were"


class ArgumentCheck(QObject):
    """What it says goes when other arguments are filled in."""

    def __init__(
        self, session: Session, background: Background, form: JobForm, messages: MessageBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._form, self._messages = session, background, form, messages
        self._asked: ArgumentSource | None = None
        form.changed.connect(self._on_form_changed)

    def forget(self) -> None:
        """Other arguments are shown, or another job's."""
        self._asked = None
        self._messages.clear(_ABOUT)

    def check(self, job: int, source: ArgumentSource, take: Callable[[], object]) -> None:
        """Read anew what the form shows now, as it was kept with this job: from a file that may have been changed or
        removed, or by an expression that may give others each time. `take` brings those that the job has had."""
        self.forget()
        if source.kind == "tasks":
            return
        self._asked, bench = source, self._session.bench
        self._background.run(
            lambda: bench.arguments_differ(job, source),
            lambda why: self._say(job, source, why, take),
            lambda error: self._say(job, source, str(error), take, _found_by(error)),
        )

    def _say(
        self, job: int, source: ArgumentSource, why: str, take: Callable[[], object], found: str = _DIFFER
    ) -> None:
        if why and source is self._asked:
            text = f"The arguments of job {job} are read anew, and {found}. {why}"
            self._messages.say(Message(_ABOUT, text, "warning", actions=((f"Take those of job {job}", take),)))

    @Slot()
    def _on_form_changed(self) -> None:
        if self._asked is not None and self._form.arguments.source != self._asked:
            self.forget()


def _found_by(error: Exception) -> str:
    """What an error says of the arguments: of a connection that is gone, or a process that ended, nothing."""
    return _UNREADABLE if isinstance(error, ArgumentsInvalid | EnvironmentInvalid) else _UNKNOWN
