"""One process that runs tasks, by the side of its agent: blank at first, then at the service of one environment.

It is ended as Python ends where nobody needs it any more, or at once where what runs in it must stop.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import threading
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mcgui_core.processes.child_commands import module_command
from mcgui_core.processes.exit_status import is_ending
from mcgui_core.processes.process_family import ProcessFamilies
from mcgui_core.processes.raw_output import RawOutput
from mcgui_core.processes.watched_process import WatchedProcess
from mcgui_core.protocol import codec
from mcgui_core.protocol.messages import Block, Chunk, Content, JobSpec
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.slots.argument_blocks import BLOCKS_KEPT
from mcgui_core.slots.opening_deaths import Fatal
from mcgui_core.slots.slot_interface import NO_PLACE, WorkPlace
from mcgui_core.slots.time_limits.task_clock import seconds_between_looks
from mcgui_core.values.file_slice import FileSlice

#: Seconds that a process has to end by itself: to run what is registered with atexit, to write what is in open files.
END_SECONDS = 2.0
#: Seconds in which a process whose pipe has closed is gone, where the system does not tell that it is about to be: one
#: that is there still has closed it and goes on.
GONE_SECONDS = 1.0


def environment_key(spec: JobSpec, place: WorkPlace = NO_PLACE) -> str:
    """What tells apart the code that processes serve: the same for jobs of which one may follow the other in one.

    The project's folder is another one for other content (project_folders.py).
    """
    digest = hashlib.sha256()
    for text in (spec.environment, spec.filename, place.main, place.folder, place.packages, *spec.interpreter):
        part = text.encode("utf-8", "surrogatepass")
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    digest.update(_identity(spec))
    return digest.hexdigest()


def _identity(spec: JobSpec) -> Any:
    """Bytes that tell a function that came as an object from any other."""
    function: Any = spec.pickled_function
    if spec.function_content is not None:
        return spec.function_content.sha256.encode()
    return f"{function.path}:{function.start}".encode() if isinstance(function, FileSlice) else function or b""


def _function(spec: JobSpec, place: WorkPlace) -> Any:
    """One that came as an object."""
    content = spec.function_content
    return spec.pickled_function if content is None else _here(content, place)


def _here(value: Content, place: WorkPlace) -> FileSlice:
    """A content, in its file."""
    return FileSlice(Path(dict(place.contents)[value.sha256]), 0, value.size, mapped=True)


def _as_sent(data: Any) -> Any:
    """Bytes, or where they lie in a file, for a slot."""
    if isinstance(data, FileSlice):
        return str(data.path), data.start, data.size
    return None if data is None else codec.large(data)


class SlotProcess:
    """Belongs to whoever took it from the pool; `kill` may come from any thread."""

    def __init__(
        self,
        families: ProcessFamilies,
        variables: Mapping[str, str] | None = None,
        low_priority: bool = False,
        options: Sequence[str] = (),
    ) -> None:
        """Start it. `variables` are set in its environment, beside ours, `options` given to its interpreter.

        Raises OSError where there is no room.
        """
        self.serves = ""  # the key of an environment; "" while it is blank
        self.fresh = True  # no task has run in it yet
        self._loaded: set[int] = set()  # jobs
        self._served = False  # it has loaded some job
        self._sent: deque[tuple[int, int]] = deque()  # blocks that it has, as it drops them itself
        self._unsent: list[tuple[Any, ...]] = []  # what it is told with what it is to run next
        command = module_command("mcgui_core.slots.slot_main", options)
        # Text hashes alike in all slots of a job, unless somebody has said how it is to be hashed.
        variables = {"PYTHONHASHSEED": os.environ.get("PYTHONHASHSEED", "0"), **(variables or {})}
        self.watched = WatchedProcess(command, families, variables, low_priority, subprocess.PIPE)
        self._popen = self.watched.popen
        self.channel = PipeChannel(self._popen.stdout, self._popen.stdin, checked=True)
        assert self._popen.stderr is not None
        self.raw = RawOutput(self._popen.stderr)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    # --- what it is asked to do: each raises OSError where it has ended ------------------------------------------

    def serve(self, key: str, threads: int, place: WorkPlace) -> None:
        """Let a blank one serve an environment, in its project's folder; libraries may use so many threads."""
        self.serves = key
        self.channel.send([("serve", threads, place.folder, place.main, place.packages, place.modules)])

    def load(self, job: int, spec: JobSpec, place: WorkPlace, careful: bool) -> bool:
        """Have it load a job, before it is to `run` some of that. Returns whether it has loaded it before, or one that
        was loaded as this is, so that this will most likely go well: it then says so by what comes of the tasks alone.
        `careful`: not then either, so that nobody takes its death at that for one at the tasks."""
        if job in self._loaded:
            return True
        again = self._served and spec.setup is None and not spec.shared and not careful
        self._unsent.append(
            (
                *("load", job, not again, spec.environment, spec.filename, spec.function, spec.call),
                *(_as_sent(_function(spec, place)), spec.setup, spec.seed, place.folder, place.main),
                tuple((name, _as_sent(_here(content, place))) for name, content in spec.shared),
                spec.argv,
            )
        )
        return again

    def has_loaded(self, job: int) -> None:
        """It has said so."""
        self._loaded.add(job)
        self._served = True

    def was_unfit(self, job: int, what: str) -> None:
        """It has said so. Of arguments it does once it has loaded the job, and keeps them; else it has ignored what was
        to be run, with the arguments that came along."""
        if what == "arguments":
            self.has_loaded(job)
        else:
            self._drop_sent({job})

    def forget_all_but(self, jobs: Iterable[int]) -> None:
        """Have it let go of all other jobs that it has loaded, and of their arguments: one that comes back brings them
        again."""
        gone = self._loaded.difference(jobs)
        if gone:
            self._unsent += [("forget", job) for job in gone]
            self._loaded -= gone
            self._drop_sent(gone)

    def _drop_sent(self, jobs: Collection[int]) -> None:
        """It has none of their blocks."""
        self._sent = deque(key for key in self._sent if key[0] not in jobs)

    def is_of(self, jobs: Collection[int]) -> bool:
        """It has loaded one of these."""
        return any(job in jobs for job in self._loaded)

    def run(
        self,
        chunk: Chunk,
        blocks: Iterable[Block],
        budget: float,
        store: Path | None = None,
        timeout: float | None = None,
        fatal: tuple[Fatal, ...] | None = None,
    ) -> None:
        """Have it run a chunk of a job that it loads, and do not wait for that. Large results go to the `store`; of a
        task that may take `timeout` seconds only, it says when that takes long. Arguments are opened step by step where
        `fatal` ones are to be left out, be it none: it is not None."""
        place = (str(store), os.getpid()) if store is not None else None
        look = None if timeout is None or chunk.careful else seconds_between_looks(timeout)
        pieces = self._pieces(chunk, blocks)
        asked, self._unsent = self._unsent, []
        asked.append(("run", chunk.job, chunk.start, pieces, chunk.careful, budget, place, look, fatal))
        self.channel.send(asked)

    def _pieces(self, chunk: Chunk, blocks: Iterable[Block]) -> list[tuple[Any, ...]]:
        pieces = []
        for block in blocks:
            low, high = max(chunk.start, block.start), min(chunk.stop, block.start + block.count)
            if low >= high:
                continue
            key = (chunk.job, block.start)
            data = None
            if key not in self._sent:
                data = _as_sent(block.data)
                self._sent.append(key)
                if len(self._sent) > BLOCKS_KEPT:
                    self._sent.popleft()
            pieces.append((block.start, data, low - block.start, high - block.start, block.count))
        return pieces

    # --- its end ------------------------------------------------------------------------------------------------

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self.watched.kill()

    def has_ended(self) -> bool:
        """Whether its pipe is closed because it ends, and not because something in it has closed that."""
        if self._popen.poll() is not None:
            return True
        if (ends := is_ending(self.pid)) is not None:
            return ends
        try:
            self._popen.wait(GONE_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True

    def reap(self) -> int:
        """Clear away what has ended, or has to. Returns its exit code."""
        self.channel.close()
        self.watched.close()  # it has closed its pipe, so it is as good as gone; what its tasks started may not be
        code = self._popen.wait()
        self.raw.finish()
        return code

    def end(self, seconds: float = END_SECONDS) -> None:
        """Let it end as Python ends; kill it after so many seconds. Returns when it is gone.

        To be called while no task runs in it. A blank one has nothing to end.
        """
        if not self.serves:
            self.kill()
            self.reap()
            return
        timer = threading.Timer(seconds, self.kill)
        timer.daemon = True
        timer.start()
        with suppress(EOFError, OSError):
            self.channel.send([("end",)])
            while True:  # what it prints at its end would fill the pipe
                self.channel.receive()
        timer.cancel()
        timer.join()
        self.reap()
