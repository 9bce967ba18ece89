"""Trying one argument on this computer: the function as a worker would call it, in a process that can be stopped.

What is tried may loop for ever, crash, print without end or fill the memory; it happens in a child of its own
(`trial_child.py`), which ends with the try.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.processes.child_commands import kill_group, module_command, own_group, quiet_window
from mcgui_core.processes.exit_status import ending
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.values.text import left_out
from mcgui_core.workbench.channel import ADMITTED

#: Characters that are kept of what a function prints, and of what its process writes without Python.
OUTPUT_LIMIT, RAW_LIMIT = 70_000, 10_000
#: Seconds that repeating may take before the first call has to do: a function may wait for ever the second time.
REPEAT_TIMEOUT = 3.0

TrialKind = Literal["done", "failed", "refused", "died", "stopped"]


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What to try: `function` of the spec's environment, on argument number `index` of a source or of a job.

    Of the spec, `environment`, `filename`, `function`, `call`, `setup` and `seed` count; a job's argument is passed as
    that job does. A `job` needs the `link` of its master. `shared` are names and expressions of values that the call is
    given by name, `files` patterns of what travels along beside what the environment itself names and imports.
    """

    spec: JobSpec
    source: ArgumentSource | None = None
    index: int = 0
    job: int | None = None
    link: str | None = field(default=None, repr=False)  # a key is in it
    shared: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialState:
    """How far a try is. `argument` is "" until it has been read."""

    argument: str = ""  # repr, shortened
    value: str | None = None  # repr of what the first call gave
    output: str = ""
    status: str = ""  # what the function reports, in its own words
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """What came of it."""

    kind: TrialKind
    argument: str = ""  # repr, shortened; "" where it could not be read
    value: str = ""  # repr, cut where it is very long
    output: str = ""  # what it printed, cut where it is very much
    type: str = ""  # of the exception
    message: str = ""  # of the exception; or why it was refused, or how its process ended
    traceback: str = ""
    seconds: float = 0.0  # a call
    calls: int = 0  # over which `seconds` is the mean; 0: it was not called to its end
    staying: tuple[str, ...] = ()  # files of its project that were read here, and that would not travel with a job


class Trial:
    """One try. `run` blocks until it has ended; `stop` ends it, from any thread, and more than once if need be."""

    def __init__(self, request: TrialRequest, hear: Callable[[TrialState], None] | None = None) -> None:
        """`hear` is told, in a thread of ours, whenever there is something new."""
        self._request, self._hear = request, hear
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._late = False  # repeating took too long
        self._state = TrialState()
        self._cut = False
        self._raw = b""
        self._first = 0.0

    def run(self) -> TrialOutcome:
        """Try it. Raises OSError where no process can be started."""
        if not self._request.shared:
            return self._run("")
        with tempfile.TemporaryDirectory(prefix="mcgui-try-", ignore_cleanup_errors=True) as folder:
            return self._run(folder)

    def stop(self) -> None:
        """End it, whatever it is at."""
        with self._lock:
            self._stopped = True
            self._kill()

    # --- inside -------------------------------------------------------------------------------------------------

    def _run(self, folder: str) -> TrialOutcome:
        with self._lock:
            if self._stopped:
                return TrialOutcome("stopped")
            process = self._process = subprocess.Popen(
                module_command("mcgui_core.workbench.trial_child"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **quiet_window(),
                **own_group(),
            )
        raw = threading.Thread(target=self._read_raw, args=(process,), name="mcgui-trial", daemon=True)
        raw.start()
        channel = PipeChannel(process.stdout, process.stdin, ADMITTED)
        patience = threading.Timer(REPEAT_TIMEOUT, self._on_late)
        patience.daemon = True
        try:
            with suppress(OSError):  # it has ended already: reading says so
                channel.send(self._message(folder))
            end = self._listen(channel, patience)
        finally:
            patience.cancel()
            with self._lock:
                self._process = None
            kill_group(process)  # what the function has started ends with it
            process.wait()
            raw.join()
            if patience.is_alive():
                patience.join()
            channel.close()
        return self._outcome(end, process.returncode)

    def _message(self, folder: str) -> tuple[Any, ...]:
        request = self._request
        source = request.source
        if source is not None and source.path.strip():
            source = replace(source, path=os.path.abspath(source.path))  # noqa: PTH100
        where = request.link, request.job, request.index
        return request.spec, source, *where, request.shared, folder, request.files

    def _listen(self, channel: PipeChannel, patience: threading.Timer) -> tuple[Any, ...] | None:
        """What the child says last; None where it ended before that."""
        with suppress(EOFError, OSError):
            while True:
                kind, *rest = channel.receive()
                if kind == "end":
                    return tuple(rest)
                self._note(kind, rest, patience)
        return None

    def _note(self, kind: str, rest: list[Any], patience: threading.Timer) -> None:
        state = self._state
        if kind == "argument":
            state = replace(state, argument=rest[0])
        elif kind == "out":
            state = replace(state, output=(state.output + "".join(text for _, _, text in rest[0]))[:OUTPUT_LIMIT])
        elif kind == "cut":
            self._cut = True
            return
        elif kind == "status":
            state = replace(state, status=rest[1], fraction=rest[2])
        elif kind == "value":
            state = replace(state, value=rest[0])
            self._first = rest[1]
            patience.start()
        self._state = state
        if self._hear is not None:
            self._hear(state)

    def _read_raw(self, process: subprocess.Popen[bytes]) -> None:
        """What reaches standard error past Python's own streams: libraries in C, and crashes. Its end is kept."""
        pipe: Any = process.stderr
        with pipe as stream:
            while data := stream.read1(4096):
                self._raw = (self._raw + data)[-RAW_LIMIT:]

    def _on_late(self) -> None:
        with self._lock:
            self._late = True
            self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            kill_group(self._process)

    def _outcome(self, end: tuple[Any, ...] | None, code: int) -> TrialOutcome:
        state = self._state
        count, last, staying = end[4:7] if end is not None else (0, "", ())
        output = _joined(state.output, self._cut, count, last, self._raw)
        known = TrialOutcome("done", state.argument, state.value or "", output, staying=tuple(staying))
        if end is not None:
            kind, texts, seconds, calls = end[:4]
            if kind == "failed":
                found, message, traceback = texts
                return replace(known, kind=kind, type=found, message=message, traceback=traceback, seconds=seconds)
            if kind == "refused":
                return replace(known, kind=kind, message=texts[0])
            return replace(known, seconds=seconds, calls=calls)
        if state.value is not None and (self._late or self._stopped):
            return replace(known, seconds=self._first, calls=1)  # the first call is there, and says enough
        if self._stopped:
            return replace(known, kind="stopped", message="It was stopped.")
        return replace(known, kind="died", message=f"Its process {ending(code)}.")


def _joined(head: str, was_cut: bool, count: int, last: str, raw: bytes) -> str:
    if count:
        head += f"\n{left_out(count)}\n"
    elif was_cut and not last:
        head += "\n... the rest is left out ...\n"
    text = head + last
    low = raw.decode("utf-8", "replace")
    return f"{text}\n{low}" if text and low and not text.endswith("\n") else text + low
