"""A slot's process: runs one chunk after the other for the agent that started it. process_slots.py is the other side.

The agent speaks on standard input, the answers go to standard output; before any task runs, both are moved out of
its reach: what Python prints comes along as messages, what anything else prints goes to standard error, which the
agent reads too, and what is read is empty. The two sides speak in builtins:

    ("serve", threads, folder, main, packages, modules)          how many threads its libraries may use; where it
                                                                 works ("": where it is); folders of packages, and of
                                                                 environments that are only text
    ("load", job, tell, source, filename, function, call, pickled, setup, seed, folder, main, shared, argv)
                                                                 -> ("loaded",) if it is to `tell` that, or ("unfit",
                                                                    type, message, traceback, what: "environment",
                                                                    "setup" or "arguments"), or ("stale",): a module was
                                                                    edited since another job imported it, so this is the
                                                                    wrong process
    ("run", job, start, pieces, careful, budget, store, look, fatal)
                                                                 -> ("part", *Part) ... ("end", first index not run),
                                                                    nothing where the job did not load
    ("forget", job)
    ("end",)                                                     it ends as Python ends

At any time there may come ("out", [(index, stream, text), ...]) and ("status", index, text, fraction):
see output_capture.py. A piece is (key, data or None, from, to, count): arguments from a block, whose data come
along the first time only: bytes, or (path, start, size) of a file, as a pickled function too. What is shared is a
tuple of (name, value). `store` is None, or the folder for large results and the number of the process that they belong
to; the values of a Part are then (name, start, size) of a file there. A careful chunk says ("opened",) when it has
opened the blocks that hold several arguments, after which whatever ends it before a task is that task's argument; with
`fatal` it opens these by steps, says each, ("step", block, number), before it does it, and leaves out those that are
fatal: (block, number, kind of failure, reason). It announces each task, ("at", index), before it starts, and reports it
before the next. Of one with a `look`, in seconds, the first is announced, and whatever takes longer than that. Where a
task of any other than a careful one takes longer than the `budget`, what was done before it is told, and ("stop",
index) says from where on others may run the rest of the chunk (time_limits/long_tasks.py).
No "end" is said of any other chunk whose last part was, and what is asked for together comes as one list: each message
takes a small job 0.1 ms.
"""

from __future__ import annotations

import errno
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from mcgui_core.environment.environment_loader import activate, enter_project
from mcgui_core.environment.import_path import changed_since, import_from, import_packages
from mcgui_core.processes.c_output import print_by_lines
from mcgui_core.processes.child_pipes import take_pipes
from mcgui_core.processes.default_signals import default_signals
from mcgui_core.processes.own_pipe import OwnPipe
from mcgui_core.processes.parent_death import end_without_parent
from mcgui_core.processes.shared_memory_sweepers import spare_sweepers
from mcgui_core.processes.thread_limits import limit_threads
from mcgui_core.protocol import codec
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.slots import task_runner
from mcgui_core.slots.argument_blocks import ArgumentBlocks, Arguments, NotOpened
from mcgui_core.slots.loaded_job import LoadedJob, LoadFailed, load_job
from mcgui_core.slots.missing_files import error_with_advice
from mcgui_core.slots.outcomes.growing_part import Part
from mcgui_core.slots.output_capture import OutputCapture
from mcgui_core.slots.progress_report import report_to
from mcgui_core.slots.time_limits.long_tasks import LongTasks
from mcgui_core.values import pickling
from mcgui_core.values.of_scripts import script_main
from mcgui_core.values.text import error_text
from mcgui_core.values.value_file import ValueFile, is_large

#: Seconds that a slot may go on which was told to end, and whose agent is gone.
ALONE_SECONDS = 2.0
#: Seconds that the agent has to end a slot whose pipes were closed: more than it waits for what ends by itself.
CLOSED_SECONDS = 5.0
#: Seconds that it may take, without its agent, to end what its tasks have started.
ENDING_SECONDS = 20


class SlotService:
    """What a slot knows: functions by job, and the blocks it used last."""

    def __init__(self, channel: PipeChannel) -> None:
        self._channel = channel
        self._channel_lock = threading.Lock()  # threads that tasks start print too
        self.position = task_runner.Position()
        self.outlet = OutputCapture(self._send, lambda: self.position.index)
        self.long_tasks = LongTasks(
            self.position, self._channel_lock, lambda index: channel.send(("at", index)), self._hand_back
        )
        self._stop = 0  # the index after the last task that it is to run now
        self._jobs: dict[int, LoadedJob] = {}
        self._blocks = ArgumentBlocks()
        self._store: tuple[str, int] | None = None  # where large results go
        self._began, self._has_loaded = time.time(), False  # when it was told what it serves
        self._active: Any = None  # the environment to whose module its name leads now
        self._process = os.getpid()

    def close(self) -> None:
        """No task runs any more, and nothing of the user's is kept here: his modules go as Python lets modules go."""
        self.outlet.close()
        self._jobs.clear()
        self._active, self._blocks = None, ArgumentBlocks()

    def _send(self, *messages: tuple[Any, ...]) -> None:
        with self._channel_lock:
            try:
                self._channel.send(*messages)
            except OSError as error:
                if error.errno == errno.EBADF:  # a task has closed our pipes: the agent sees that, ends us and says why
                    threading.Event().wait(CLOSED_SECONDS)
                raise

    def _say(self, *messages: tuple[Any, ...]) -> None:
        """An answer, after all that was printed before it."""
        self.outlet.flush()
        self._send(*messages)

    def handle(self, request: tuple[Any, ...]) -> None:
        """Do what is asked. Raises SystemExit in a process that was forked meanwhile: it is no second slot."""
        self._handle(*request)
        if os.getpid() != self._process:
            raise SystemExit

    def _handle(self, kind: str, job: Any, *rest: Any) -> None:
        if kind == "serve":
            limit_threads(job)
            self._began = time.time()
            self._enter(*rest)
        elif kind == "load":
            self._load(job, *rest)
        elif kind == "run":
            self._run(job, *rest)
        elif kind == "forget":
            self._jobs.pop(job, None)
            self._blocks.forget(job)

    def _enter(self, folder: str, main: str, packages: str, modules: str) -> None:
        if packages:
            import_packages(packages)
        if folder:
            enter_project(folder, main)
        if modules:
            import_from(modules, before_all=False)

    def _load(self, job: int, tell: bool, *described: Any) -> None:
        self.position.part = None
        self._jobs.pop(job, None)
        if self._has_loaded and changed_since(self._began):
            self._say(("stale",))
            return
        self._has_loaded = True
        self._active = None  # the module of another job may have the same name
        try:
            self._jobs[job] = load_job(*described)
        except LoadFailed as error:
            if os.getpid() != self._process:  # forked as it was imported, or set up: it ends as it would elsewhere
                raise error.cause from None
            self._say(("unfit", *error_with_advice(error.cause), error.what))
        else:
            if tell:
                self._say(("loaded",))

    def _run(
        self,
        job: int,
        start: int,
        pieces: list[tuple[Any, ...]],
        careful: bool,
        budget: float,
        store: tuple[str, int] | None,
        look: float | None,
        fatal: tuple[tuple[int, int, str, str], ...] | None,
    ) -> None:
        if job not in self._jobs:
            return  # it was sent together with the order to load that job, which has been answered
        loaded = self._jobs[job]
        sys.argv[:] = loaded.argv
        if loaded.module is not None and loaded.module is not self._active:
            activate(loaded.module)
            pickling.identify_classes(loaded.module)  # so that an argument of such a class is one of this very module's
            self._active = loaded.module
        self.outlet.at_once = careful
        self._store = store
        arguments = self._blocks.arguments(job, pieces)
        self._stop = start + len(arguments)
        try:
            if careful:
                self._run_carefully(loaded, arguments, start, fatal)
            elif look is None:
                self._run_all(loaded, arguments, start, budget)
            else:
                self._run_watched(loaded, arguments, start, budget, look)
        except NotOpened as error:
            if os.getpid() != self._process:
                raise
            self._say(("unfit", *error_text(error if error.__cause__ is None else error.__cause__), "arguments"))

    def _run_all(self, loaded: LoadedJob, arguments: Arguments, start: int, budget: float) -> None:
        reached = start
        if len(arguments) > 1:
            self.long_tasks.watch(None, self._stop, budget)
        try:
            for part in self._parts(loaded, arguments, start, budget):
                reached = part.stop
                self._say_part(part)
        finally:
            self.long_tasks.rest()
        if reached < self._stop:
            self._say(("end", reached))

    def _run_watched(self, loaded: LoadedJob, arguments: Arguments, start: int, budget: float, look: float) -> None:
        arguments = arguments.taken()  # which takes nothing of the time of a task
        reached = start
        self._say(("at", start))
        self.long_tasks.watch(look, self._stop, budget)
        try:
            for part in self._parts(loaded, arguments, start, budget):
                self._say_part(part)
                reached = part.stop
        finally:
            self.long_tasks.rest()
        self._say(("end", reached))

    def _hand_back(self, index: int, since: float) -> None:
        """A task takes long: tell what was done before it, and let others run what is behind it. See LongTasks."""
        done = self.position.done_before(index, since)
        if done is not None:
            self._say_part(done)
        begin = self.position.end_batch_early(index)
        if begin is not None and begin < self._stop:
            self._stop = begin
            self._say(("stop", begin))

    def _say_part(self, part: Part) -> None:
        values: Any = part.values
        if self._store is not None and is_large(values):
            folder, agent = self._store
            with suppress(OSError), ValueFile(Path(folder)) as file:  # our own until it is whole
                stored = file.put(values)
                values = file.hand_to(agent), stored.start, stored.size
        if not isinstance(values, tuple):
            values = codec.large(bytes(values))
        self._say(("part", *part._replace(values=values)))

    def _parts(self, loaded: LoadedJob, arguments: Arguments, start: int, budget: float) -> Iterator[Part]:
        seeds = loaded.seeds.of if loaded.seeds is not None else None
        return task_runner.run(loaded.function, loaded.call, arguments, start, budget, self.position, seeds)

    def _run_carefully(
        self, loaded: LoadedJob, arguments: Arguments, start: int, fatal: tuple[tuple[int, int, str, str], ...] | None
    ) -> None:
        if fatal is None:
            arguments.open()
        else:
            arguments.open_by_steps(lambda block, step: self._send(("step", block, step)), fatal)
        self._say(("opened",))
        for index, argument in enumerate(one.taken() for one in arguments.each()):
            self._say(("at", start + index))
            for part in self._parts(loaded, argument, start + index, 0.0):
                self._say_part(part)
        self._say(("end", start + len(arguments)))


def _read_requests(channel: PipeChannel, requests: queue.SimpleQueue[Any], answers: OwnPipe) -> None:
    """Runs in a thread, so that a slot whose agent is gone ends at once, in the middle of a task too. `answers` is the
    pipe that they go to."""
    ending = False
    while True:
        try:
            for request in channel.receive():
                ending |= request[0] == "end"
                requests.put(request)
        except (EOFError, OSError) as error:
            if isinstance(error, OSError) and error.errno == errno.EBADF:  # closed by a task, and not by the agent
                answers.let_go()  # by which the agent sees that, ends us and says why
                threading.Event().wait(CLOSED_SECONDS)
            if ending:
                threading.Event().wait(ALONE_SECONDS)  # as long as it would have had with its agent
            _end_alone()


def _end_alone() -> None:
    """Nobody else is there who could end what our tasks have started. (On Windows it ends with the agent's job.)"""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        with suppress(Exception):  # whatever is wrong, we end
            signal.alarm(ENDING_SECONDS)  # later than after the one that `end_without_parent` gives
            from mcgui_core.processes.process_family import end_own_family  # here, because it takes a slot 10 ms

            signal.alarm(ENDING_SECONDS)  # again: that one may have begun meanwhile
            end_own_family()
            os._exit(0)  # alone: what is left sweeps up shared memory, and ends by itself
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _let_go_of(pipes: Sequence[OwnPipe], slot: SlotService) -> None:
    """A process that a task forks must not hold our pipes open: the agent knows by their end that we are gone."""
    slot.outlet.close_in_child()
    slot.long_tasks.close_in_child()
    slot.position.close_in_child()
    for pipe in pipes:
        pipe.let_go()


def main() -> None:
    """Serve the agent until it closes our standard input."""
    reader, writer = take_pipes()
    default_signals()
    script_main.begin()
    spare_sweepers()
    end_without_parent()
    print_by_lines()
    channel = PipeChannel(reader, writer)
    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
    answers = writer.raw
    assert isinstance(answers, OwnPipe)
    threading.Thread(target=_read_requests, args=(channel, requests, answers), daemon=True).start()
    slot = SlotService(channel)
    if sys.platform != "win32":
        os.register_at_fork(after_in_child=partial(_let_go_of, (reader, answers), slot))
    sys.stdout = slot.outlet.stream("out", sys.stdout)  # type: ignore[arg-type]
    sys.stderr = slot.outlet.stream("err", sys.stderr)  # type: ignore[arg-type]
    report_to(slot.outlet.report)
    while (request := requests.get())[0] != "end":
        slot.handle(request)
    slot.close()


if __name__ == "__main__":
    main()
