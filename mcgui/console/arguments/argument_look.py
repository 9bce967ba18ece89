"""Looking at arguments: the latest source only, in the background, a second time where a file is long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.arguments.file_watch import FileWatch, Stamp, stamp_of
from mcgui.console.parts.latest_request import LatestRequest
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview

#: Milliseconds after the last key press before an expression is evaluated.
TYPING_DELAY: Final = 300
#: Seconds that the first look at a file may count, and a second look where it did not get to the end.
AT_ONCE: Final = 0.3
PATIENTLY: Final = 60.0


class LooksAtArguments(Protocol):
    """What tells of a source: it blocks, and should run the expression in another process. The environment is a text,
    called as its file is."""

    def __call__(
        self, source: ArgumentSource, environment: str, filename: str, *, seconds: float = AT_ONCE
    ) -> ArgumentsPreview: ...


class ArgumentLook(QObject):
    """What is known of the arguments, as their file names their columns.

    `preview` looks at a source; it is called in `background`, one at a time. A file that is too long to be counted at
    once is shown at once, and counted by a second look. `restart()` makes a preview that never ends give up. Answers
    that are not to the latest question are dropped. A file that is written anew is looked at anew.

    Attributes:
        found: what is known; None where nothing is.
        refusal: why nothing is, as a sentence.
        counting: what is known is being counted.
        unfit: it was refused because it is in another encoding.

    Signals:
        due(): it is time to `ask`.
        changed(): what is known is another thing now.
        late(): there is no answer yet, and `stop` is worth offering.
    """

    due = Signal()
    changed = Signal()
    late = Signal()

    def __init__(
        self, background: Background, preview: LooksAtArguments, restart: Callable[[], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._preview = preview
        self.found: ArgumentsPreview | None = None
        self.refusal = ""
        self.counting = self.unfit = False
        self._asked: tuple[ArgumentSource, str] | None = None  # what is known is of this source, in this environment
        self._known: list[Stamp | None] = []  # what the file was like as the latest look at it began
        self._watch = FileWatch(background, self)
        self._watch.written.connect(self._on_written)
        self._latest = LatestRequest(background, restart, self)
        self._latest.answered.connect(self._on_answered)
        self._latest.refused.connect(self._on_refused)
        self._latest.late.connect(self.late)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.due)

    @property
    def waiting(self) -> bool:
        """Whether the source is still being looked at."""
        return self._timer.isActive() or self._latest.busy

    @property
    def written(self) -> int:
        """When the file was written that is known, in nanoseconds since the epoch; 0 where there is none."""
        return self._watch.known.written

    def has_asked_another(self, source: ArgumentSource, environment: str) -> bool:
        """Whether something was looked at, and not just this."""
        return self._asked is not None and self._asked != (source, environment)

    def begin_soon(self, delay: int = 0) -> None:
        """Be `due` after so many milliseconds in which nobody says so again."""
        self._timer.start(delay)

    def drop(self) -> None:
        """Whatever the answer is, nobody wants it any more."""
        self._latest.drop()

    def forget(self, refusal: str = "") -> None:
        """Nothing is known, for this reason."""
        self.found, self.refusal = None, refusal
        self.counting = self.unfit = False
        self._watch.watch("")

    def rest(self) -> None:
        """There is nothing to look at."""
        self._timer.stop()
        self._asked = None

    def ask(self, source: ArgumentSource, environment: str, filename: str, *, refusal: str = "") -> None:
        """Look at this; or refuse it, for this reason, before anybody looks."""
        self._asked = (source, environment)
        self.counting = False
        if refusal:
            self.forget(refusal)
            self.changed.emit()
        else:
            known = self._known = []

            def question() -> ArgumentsPreview:
                known.append(stamp_of(source.path))  # before it is read: what is written meanwhile is another
                return self._preview(source, environment, filename)

            self._latest.ask(question)

    def stop(self) -> None:
        """Give up: what is known uncounted can be used all the same."""
        self._latest.stop()
        if self.counting:
            self.counting = False
        else:
            self.refusal = "Stopped. Change the arguments to have them looked at again."
        self.changed.emit()

    @Slot()
    def _on_written(self) -> None:
        """What is known stays in sight until the file has been looked at again."""
        self._latest.drop()
        self._timer.start(0)

    @Slot(object)
    def _on_answered(self, preview: ArgumentsPreview) -> None:
        assert self._asked is not None, "it is an answer"
        source, _ = self._asked
        self._watch.watch(source.path, *self._known)
        self.found, self.refusal = preview, ""
        self.counting = preview.count is None and source.kind != "expression" and not self.counting
        if self.counting:
            self._latest.ask(lambda: self._preview(source, "", "<environment>", seconds=PATIENTLY))
        self.changed.emit()

    @Slot(object)
    def _on_refused(self, error: Exception) -> None:
        if self.counting:
            self.counting = False  # what is there can be used, uncounted
        else:
            path = self._asked[0].path if self._asked is not None else ""
            self.forget(str(error) or type(error).__name__)
            self._watch.watch(path, *self._known)
            self.unfit = bool(isinstance(error, ArgumentsInvalid) and error.encoding)
        self.changed.emit()
