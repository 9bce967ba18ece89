"""Questions about source text, answered by a process beside the window, so that typing never waits for them.

Each kind of question has a process of its own (`analysis_child.py`). It gets one question at a time, of each method
always the latest; an answer that comes after a newer question was asked is dropped. A process that takes too long, or
dies of what it was asked (a text can be nested so deeply that it ends whoever compiles it), is started anew with the
next question.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from mcgui_core.protocol.pipe_channel import PipeChannel

Done = Callable[[Any], None]
#: Milliseconds after which nobody waits for an answer any more. The first question about a large library takes some.
PATIENCE = 20_000


class SourceAnalysis(QObject):
    """One kind of questions, "check" or "complete". The process is started by the first question."""

    _came = Signal(int, object)

    def __init__(
        self, kind: Literal["check", "complete"], parent: QObject | None = None, patience: int = PATIENCE
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._condition = threading.Condition()
        self._wanted: dict[str, tuple[int, tuple[Any, ...]]] = {}  # the next question of each method
        self._closed = False
        self._number = 0  # of the latest question
        self._done: dict[str, tuple[int, Done]] = {}  # whose answer is still to come
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(patience)
        self._timer.timeout.connect(self._on_late)
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._done)

    def ask(self, method: str, *arguments: Any, done: Done) -> None:
        """Have `done(answer)` called in this thread, unless the same is asked anew before; None: there is no answer."""
        if self._closed:
            return
        self._number += 1
        self._done[method] = (self._number, done)
        self._timer.start()
        with self._condition:
            self._wanted[method] = (self._number, arguments)
            self._condition.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=f"mcgui-{self._kind}")
            self._thread.start()

    def drop(self) -> None:
        """Forget all questions: their answers are of no use any more."""
        self._done.clear()
        self._timer.stop()
        with self._condition:
            self._wanted.clear()

    def close(self) -> None:
        """End the process and the thread, and wait for them. Nothing is answered any more."""
        self.drop()
        with self._condition:
            self._closed = True
            self._condition.notify()
        self._kill()
        if self._thread is not None:
            self._thread.join()

    # In the GUI thread

    @Slot(int, object)
    def _on_came(self, number: int, answer: object) -> None:
        for method, (asked, done) in list(self._done.items()):
            if asked == number:
                del self._done[method]
                if not self._done:
                    self._timer.stop()
                done(answer)
                return

    @Slot()
    def _on_late(self) -> None:
        self._kill()  # the thread then hears the pipe end, and answers that there is no answer

    # In the thread of its own

    def _serve(self) -> None:
        channel: PipeChannel | None = None
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._closed or self._wanted)
                if self._closed:
                    break
                method = next(iter(self._wanted))
                number, arguments = self._wanted.pop(method)
            answer = None
            try:
                channel = channel or self._start()
                if channel is not None:
                    channel.send((method, arguments))
                    good, answer = channel.receive()
                    answer = answer if good else None
            except (OSError, EOFError):  # it died of the question, or was killed for it
                self._end(channel)
                channel = None
            if not self._closed:
                self._came.emit(number, answer)
        self._end(channel)

    def _start(self) -> PipeChannel | None:
        from mcgui.console.analysis.analysis_child import ADMITTED
        from mcgui_core.processes.child_commands import module_command, own_group, quiet_window
        from mcgui_core.protocol.pipe_channel import PipeChannel

        command = module_command("mcgui.console.analysis.analysis_child")
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **quiet_window(), **own_group()
        )
        with self._condition:
            self._process = process
            if self._closed:
                process.kill()
        channel = PipeChannel(process.stdout, process.stdin, ADMITTED)
        channel.send(self._kind)
        return channel

    def _end(self, channel: PipeChannel | None) -> None:
        self._kill()
        if channel is not None:
            channel.close()
        with self._condition:
            process, self._process = self._process, None
        if process is not None:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()

    def _kill(self) -> None:
        with self._condition:
            if self._process is not None:
                self._process.kill()
