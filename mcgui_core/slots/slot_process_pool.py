"""The processes of a node that no slot holds: blank ones that are ready, those that another job needs soon, and those
that are about to end.

A process serves one environment for all of its life: what its tasks change there, and in the modules that they import,
reaches nobody else's. A slot that is given a chunk of another environment therefore takes another process. A blank one
has all but the environment itself behind it, so that this costs no time.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress

from mcgui_core.processes.process_family import ProcessFamilies
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.slots.slot_interface import NO_PLACE, WorkPlace
from mcgui_core.slots.slot_process import END_SECONDS, SlotProcess, environment_key

#: Blank processes that are ready, at most: 10 MB each.
BLANKS = 2
#: Seconds that the next blank one waits, since somebody who has just taken one has work to do.
BLANK_DELAY = 0.1
#: Seconds after which a process is ended whose environment no slot has asked for again.
KEPT_SECONDS = 3.0
#: Seconds until the next try, where a process could not be started.
RETRY_SECONDS = 5.0


class SlotProcessPool:
    """Thread-safe. Has a thread of its own, the keeper, while there are slots, or processes that are about to end.

    The keeper starts all processes: on Linux, one is told of the end of the thread that started it, as if that were the
    end of its agent (parent_death.py), and a slot that another one took it over from may be gone.
    """

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        """`variables` are set in the environment of the processes, beside ours."""
        self._variables = variables
        self._families = ProcessFamilies()
        self._low_priority = False
        self._changed = threading.Condition()
        self._slots = 0
        self._blanks: list[SlotProcess] = []
        self._orders: deque[tuple[Sequence[str], Future[SlotProcess]]] = deque()  # options of the interpreter
        self._kept: list[tuple[float, SlotProcess]] = []  # since when
        self._ending: set[threading.Thread] = set()
        self._keeper: threading.Thread | None = None
        self._next_blank = 0.0  # not before this time
        self._key: tuple[JobSpec | None, WorkPlace, str] = None, NO_PLACE, ""  # what ran last, where, and the key of it

    def key_of(self, spec: JobSpec, place: WorkPlace) -> str:
        """The key of its environment; made once for all slots that run it one after the other."""
        known, there, key = self._key
        if known is not spec or there != place:
            key = environment_key(spec, place)
            self._key = spec, place, key
        return key

    def lower_priority(self) -> None:
        """Those that are here, and all that are started from now on, come after other programs."""
        with self._changed:
            self._low_priority = True
            here = [*self._blanks, *(process for _, process in self._kept)]
        for process in here:
            process.watched.lower_priority()

    def add_slot(self) -> None:
        """One more slot will take processes."""
        with self._changed:
            self._slots += 1
            self._wake_keeper()

    def remove_slot(self) -> None:
        """One slot less. With the last one, all processes that are here are ended."""
        with self._changed:
            self._slots -= 1
            self._changed.notify_all()
        if not self._slots:
            self.end_kept()

    def take(
        self, key: str, known_jobs: Collection[int], place: WorkPlace = NO_PLACE, options: Sequence[str] = ()
    ) -> SlotProcess:
        """A process that serves this environment from now on, whose interpreter has these options, as the key says too.

        Raises OSError where none can be started.
        Those that serve none of the `known_jobs` are not needed any more.
        """
        found: SlotProcess | None = None
        over = []
        with self._changed:
            self._blanks = [process for process in self._blanks if process.alive]
            for since, process in reversed(self._kept):
                if found is None and process.serves == key and process.alive:
                    found = process
                elif not process.is_of(known_jobs):
                    over.append((since, process))
            self._kept = [entry for entry in self._kept if entry[1] is not found and entry not in over]
            if found is None and self._blanks and not options:
                found = self._blanks.pop(0)
            self._next_blank = time.monotonic() + BLANK_DELAY
            ordered: Future[SlotProcess] = Future()
            if found is None:
                self._orders.append((options, ordered))
            self._wake_keeper()
        for _, process in over:
            self.end(process)
        found = found or ordered.result()
        if not found.serves:
            with suppress(OSError):  # it has just ended: whoever talks to it will see
                found.serve(key, max(1, cpu_count() // max(1, self._slots)), place)
        return found

    def keep(self, process: SlotProcess, known_jobs: Collection[int]) -> None:
        """A slot does not need it now; another one may, if it serves one of the `known_jobs`."""
        if not process.is_of(known_jobs):
            self.end(process)
            return
        with self._changed:
            self._kept.append((time.monotonic(), process))
            surplus = self._kept.pop(0)[1] if len(self._kept) > max(1, self._slots) else None
            self._changed.notify_all()
        if surplus is not None:
            self.end(surplus)

    def end(self, process: SlotProcess) -> None:
        """Nobody needs it any more. Returns at once."""
        thread = threading.Thread(target=self._end, args=(process,), name="mcgui-slot-end", daemon=True)
        with self._changed:
            self._ending.add(thread)
            thread.start()

    def end_kept(self) -> None:
        """What they have loaded is nobody's any more."""
        with self._changed:
            kept, self._kept = self._kept, []
        for _, process in kept:
            self.end(process)

    def join(self) -> None:
        """Wait until all are gone that are about to end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._ending and self._keeper is None, 2 * END_SECONDS)

    @property
    def pids(self) -> list[int]:
        """Of those that no slot holds."""
        with self._changed:
            return [process.pid for process in (*self._blanks, *(process for _, process in self._kept))]

    # --- threads ------------------------------------------------------------------------------------------------

    def _wake_keeper(self) -> None:
        self._changed.notify_all()
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="mcgui-slot-processes", daemon=True)
            self._keeper.start()

    def _end(self, process: SlotProcess) -> None:
        process.end()
        with self._changed:
            self._ending.discard(threading.current_thread())
            self._changed.notify_all()

    def _keep(self) -> None:
        """Start those that are ordered, and blank ones, and end those that nobody has asked for in a while."""
        while True:
            with self._changed:
                self._changed.wait(self._seconds_left())
                while len(self._blanks) > self._most_blanks:
                    self.end(self._blanks.pop())
                order = self._orders.popleft() if self._orders else None
                # A blank one may have been on its way as this was ordered.
                ready = self._blanks.pop(0) if order and not order[0] and self._blanks else None
                if not (order or self._slots or self._kept or self._ending):
                    self._keeper = None
                    self._changed.notify_all()
                    return
                latest = time.monotonic() - KEPT_SECONDS
                for since, process in list(self._kept):
                    if since <= latest:
                        self._kept.remove((since, process))
                        self.end(process)
                wanted = len(self._blanks) < self._most_blanks and time.monotonic() >= self._next_blank
            if order is not None:
                self._fill(*order, ready)
            elif wanted:
                self._add_blank()

    def _fill(self, options: Sequence[str], order: Future[SlotProcess], ready: SlotProcess | None) -> None:
        try:
            order.set_result(ready or self._new(options))
        except Exception as error:  # noqa: BLE001 - is raised where it was ordered
            order.set_exception(error)

    def _new(self, options: Sequence[str] = ()) -> SlotProcess:
        return SlotProcess(self._families, self._variables, self._low_priority, options)

    def _add_blank(self) -> None:
        try:
            process = self._new()
        except OSError:
            with self._changed:
                self._next_blank = time.monotonic() + RETRY_SECONDS
            return
        with self._changed:
            self._blanks.append(process)
            lowered = self._low_priority
        if lowered:  # perhaps only since it was started
            process.watched.lower_priority()

    @property
    def _most_blanks(self) -> int:
        return min(BLANKS, self._slots)

    def _seconds_left(self) -> float | None:
        """Until there is something to do for the keeper."""
        if self._orders or len(self._blanks) > self._most_blanks:
            return 0.0
        if not self._slots and not self._kept:
            return None if self._ending else 0.0
        dates = [since + KEPT_SECONDS for since, _ in self._kept[:1]]
        if len(self._blanks) < self._most_blanks:
            dates.append(self._next_blank)
        return max(0.0, min(dates) - time.monotonic()) if dates else None
