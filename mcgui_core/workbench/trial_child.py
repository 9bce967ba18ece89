"""The process in which one argument is tried, for trial.py: the real function, the real call style, the real pickling.

    (spec, source, link, job, index, shared, folder, files)  ->  any of the following, the last of them once, at the end

    ("argument", text)                    it is there, and the function is called
    ("out", [(0, stream, text), ...])     what is printed
    ("cut",)                              what is printed from here on is counted only
    ("status", 0, text, fraction)         what the function reports
    ("value", text, seconds)              what the first call gave
    ("end", kind, texts, seconds, calls, left out, end of the output, files that were read and would not travel)

where kind and texts are "done" (); "failed" (type, message, traceback); "refused" (why it could not be called). Shared
values lie in files of the `folder`, as they do on a worker.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from mcgui_core.arguments.argument_readers import open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.shared_expressions import evaluated
from mcgui_core.arguments.tasks_of_job import tasks_of_job
from mcgui_core.client.argument_blocks import blocks
from mcgui_core.environment import environment_loader
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import ArgumentsInvalid, BadInput, McguiError
from mcgui_core.processes.child_pipes import take_pipes
from mcgui_core.protocol.job_check import check_shared_names
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.protocol.run_options import CallStyle
from mcgui_core.slots import loaded_job, task_runner
from mcgui_core.slots.progress_report import report_to
from mcgui_core.values import pickling
from mcgui_core.values.display import full, shown
from mcgui_core.values.text import cut, error_text, summary
from mcgui_core.workbench.call_timing import SHORT, Timing, repeat
from mcgui_core.workbench.channel import ADMITTED
from mcgui_core.workbench.files_read import FilesRead
from mcgui_core.workbench.output_recorder import OutputRecorder

#: Characters of a value that are sent.
VALUE_LIMIT = 100_000


class Trial:
    """One try."""

    def __init__(self, channel: PipeChannel) -> None:
        self._channel = channel
        self._channel_lock = threading.Lock()
        self._read: FilesRead | None = None  # where the environment has a folder
        self._staying: Callable[[], tuple[str, ...]] = tuple  # files that were read here, and would not be there
        self.recorder = OutputRecorder(self._send)

    def _send(self, message: tuple[Any, ...]) -> None:
        with self._channel_lock:
            self._channel.send(message)

    def run(
        self,
        spec: JobSpec,
        source: ArgumentSource | None,
        link: str | None,
        job: int | None,
        index: int,
        shared: tuple[tuple[str, str], ...],
        folder: str,
        files: tuple[str, ...],
    ) -> None:
        try:
            values = _values_of(spec, shared, folder)
            place = _place(spec.filename)
            if place[0]:
                self._read = FilesRead(place[0])
                self._staying = partial(self._read.staying, spec.filename, files, spec.environment)
            self._run(spec, source, link, job, index, place, values)
        except McguiError as error:
            self._end("refused", (str(error),))
        except BaseException as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            self._end("refused", (f"{summary(error)}\n\n{traceback.format_exc()}",))

    def _run(
        self,
        spec: JobSpec,
        source: ArgumentSource | None,
        link: str | None,
        job: int | None,
        index: int,
        place: tuple[str, str],
        shared: tuple[tuple[str, tuple[str, int, int]], ...],
    ) -> None:
        described = spec.environment, spec.filename, spec.function, spec.call, None, spec.setup, spec.seed
        try:
            loaded = loaded_job.load_job(*described, *place, shared)
        except loaded_job.LoadFailed as error:
            files = __file__, loaded_job.__file__, environment_loader.__file__
            self._end("failed", error_text(error.cause, *files))
            return
        module, function = loaded.module, loaded.function
        assert module is not None, "only environments are tried"
        if loaded.seeds is not None:
            function = partial(function, seed=loaded.seeds.of(index))
        pickling.identify_classes(module)
        if source is None:
            found, call = _of_job(link, job, index)
        else:
            with self._read.not_heard() if self._read else nullcontext():
                found, call = _of_source(source, spec, module, index, link), spec.call
        argument = pickling.loads(next(blocks([found])).data)[0]  # as it would arrive elsewhere
        self._send(("argument", shown(argument)))
        (part,) = task_runner.run(function, call, [argument], index, 0.0)
        if part.failures:
            _, _, kind, message, trace, _ = part.failures[0]
            self._end("failed", (kind, message, trace), part.seconds)
            return
        value = pickling.loads(part.values)[0]
        self._send(("value", cut(full(value), VALUE_LIMIT), part.seconds))
        timing = Timing(part.seconds, 1)
        if part.seconds < SHORT:
            self.recorder.muted = True
            timing = repeat(function, call, pickling.loads(next(blocks([found])).data)[0], part.seconds)
        self._end("done", (), timing.seconds, timing.calls)

    def _end(self, kind: str, texts: tuple[str, ...], seconds: float = 0.0, calls: int = 0) -> None:
        left_out, last = self.recorder.finish()
        self._send(("end", kind, texts, seconds, calls, left_out, last, self._staying()))


def _values_of(
    spec: JobSpec, shared: tuple[tuple[str, str], ...], folder: str
) -> tuple[tuple[str, tuple[str, int, int]], ...]:
    """What the call is given by name, pickled as it would arrive elsewhere, in files; made before the setup has run."""
    environment = Environment.parse(spec.environment, spec.filename)
    environment.check(spec.function)
    if not shared:
        return ()
    check_shared_names([name for name, _ in shared], spec.seed)
    values = evaluated(shared, spec.environment, spec.filename)
    return tuple((name, _in_file(name, value, Path(folder, name))) for name, value in values.items())


def _in_file(name: str, value: Any, path: Path) -> tuple[str, int, int]:
    try:
        data = pickling.dumps(value)
    except Exception as error:
        raise BadInput(f"The shared value {name} cannot be pickled: {summary(error)}.") from error
    path.write_bytes(data)
    return str(path), 0, len(data)


def _of_source(source: ArgumentSource, spec: JobSpec, module: ModuleType, index: int, link: str | None) -> Any:
    if source.kind == "tasks":
        return _of_tasks(source.text, index, link)
    arguments = open_arguments(
        source, spec.environment, spec.filename, lambda _source, _filename: module, spec.function
    )
    values = arguments.values
    if isinstance(values, Sequence):
        if index < len(values):
            return values[index]
    else:
        for value in islice(values, index, index + 1):
            return value
    count = arguments.count
    many = f"there are {count:,}" if count is not None else "they end before it"
    raise ArgumentsInvalid(f"There is no argument {index:,}: {many}." if index else "There are no arguments.")


def _place(filename: str) -> tuple[str, str]:
    """Where the environment's project lies, and its file in there; "" for text. This process works there from now."""
    if not Path(filename).is_file():
        return "", ""
    folder, main = environment_loader.project_place(filename)
    environment_loader.enter_project(folder, main)
    return folder, main


def _of_tasks(text: str, index: int, link: str | None) -> Any:
    """The argument of one of some tasks of a job, by its place among them."""
    from mcgui_core.client.cluster import Cluster
    from mcgui_core.client.job_arguments import JobArguments

    assert link is not None, "who names a job knows its master"
    with Cluster.connect(link) as cluster:
        arguments = JobArguments(cluster, tasks_of_job(text))
        for value in islice(arguments, index, index + 1):
            return value
        raise ArgumentsInvalid(f"There is no argument {index:,}: there are {arguments.count:,}.")


def _of_job(link: str | None, job: int | None, index: int) -> tuple[Any, CallStyle]:
    """The argument of a task, and how its job passes it."""
    from mcgui_core.client.cluster import Cluster  # here, because most tries need no master

    assert link is not None, "who names a job knows its master"
    assert job is not None, "either a source or a job is given"
    with Cluster.connect(link) as cluster:
        found = cluster.job(job)
        return found.arguments(index, index + 1)[0], found.spec.call


def _end_with(channel: PipeChannel) -> None:
    """Runs in a thread: end as soon as nobody is there who could hear the answer."""
    try:
        channel.receive()
    except (EOFError, OSError):
        os._exit(1)


def main() -> None:
    """Try what the first message says, and end."""
    faulthandler.enable(all_threads=False)  # what crashes tells where, on standard error
    channel = PipeChannel(*take_pipes(), ADMITTED)
    trial = Trial(channel)
    sys.stdout = trial.recorder.stream("out", sys.stdout)  # type: ignore[arg-type]
    sys.stderr = trial.recorder.stream("err", sys.stderr)  # type: ignore[arg-type]
    report_to(trial.recorder.report)
    request = channel.receive()
    threading.Thread(target=_end_with, args=(channel,), daemon=True).start()
    threading.stack_size(64 << 20)
    trial.run(*request)
    # Not by returning: threads that the function has started would be waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
