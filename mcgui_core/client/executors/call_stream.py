"""Calls of a ClusterExecutor on their way: one job, which goes on taking calls, and the futures of those.

A call leaves as soon as there is room for it, and until then it can be cancelled. There is room for as many as keep the
slots busy: two for each slot, and as many again as came back in the last moments. So short calls travel by the
thousand, and hardly a long one leaves before its time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from time import monotonic
from typing import Any

from mcgui_core.client.cluster import Cluster
from mcgui_core.client.job import Job
from mcgui_core.errors import McguiError, RemoteTraceback, TaskError
from mcgui_core.protocol.messages import DEPARTED_STATES, TaskFailure
from mcgui_core.values.exception_fields import is_of, set_cause
from mcgui_core.values.remote_call import Call, Raised
from mcgui_core.values.trust import Trust

#: Seconds of work, at the rate of the last ones, that may be on its way.
AHEAD = 0.5
#: Seconds after which the slots of a cluster are counted anew, while calls wait for one.
LOOK = 1.0


class Window:
    """How many calls may be on their way. Not thread-safe."""

    def __init__(self, cluster: Cluster, slots: int | None, most: int | None) -> None:
        """`slots` are there; None asks the cluster, while calls wait. No more than `most` are ever on their way."""
        self._cluster, self._most = cluster, most
        self._follows = slots is None and most is None
        self._slots, self._looked = slots or 1, 0.0
        self._back: deque[float] = deque()

    @property
    def patience(self) -> float | None:
        """Seconds until it is time to `look`, where there is no room; None where that changes nothing."""
        return max(0.0, self._looked + LOOK - monotonic()) if self._follows else None

    def look(self) -> None:
        """Count the slots of the cluster."""
        self._looked = monotonic()
        with suppress(McguiError):  # whoever waits for the results hears of it
            self._slots = max(1, sum(n.nprocs for n in self._cluster.nodes() if n.state not in DEPARTED_STATES))

    def came_back(self) -> None:
        """A call has."""
        self._back.append(monotonic())

    def has_room(self, under_way: int) -> bool:
        """For one more."""
        if self._most is not None:
            return under_way < self._most
        since = monotonic() - AHEAD
        while self._back and self._back[0] < since:
            self._back.popleft()
        return under_way < 2 * self._slots + len(self._back)


class CallStream:
    """One job of an executor. Thread-safe.

    `broken` is called with the reason, and what raised it, where the job ends before its calls do, or an initializer
    fails.
    """

    def __init__(self, window: Window, broken: Callable[[str, BaseException | None], None]) -> None:
        self._window, self._broken = window, broken
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Future[Any], Call]] = deque()
        self._leaving: deque[Call] = deque()
        self._under_way: dict[int, Future[Any]] = {}  # by the index of the task
        self._count = 0
        self._sealed = self._over = False
        self._job: Job | None = None
        self._thread: threading.Thread | None = None

    def follow(self, job: Job) -> None:
        """Take the results of the job, whose arguments are `calls()`."""
        self._job = job
        self._thread = threading.Thread(target=self._take, name="mcgui-executor-results", daemon=True)
        self._thread.start()

    def add(self, future: Future[Any], call: Call) -> bool:
        """False where it is over."""
        with self._changed:
            if self._over:
                return False
            self._waiting.append((future, call))
            self._let_go()
            return True

    def seal(self, cancel: bool = False) -> None:
        """No more calls will come; those that have not left are cancelled, with `cancel`."""
        with self._changed:
            self._sealed = True
            dropped = list(self._waiting) if cancel else []
            if cancel:
                self._waiting.clear()
            self._changed.notify_all()
        for future, _ in dropped:
            future.cancel()
            future.set_running_or_notify_cancel()

    def stop(self, error: BaseException) -> None:
        """End it now: the calls that are left raise `error`."""
        with self._changed:
            self._over = True
            left = list(self._under_way.values())
            waiting = [future for future, _ in self._waiting]
            self._under_way.clear()
            self._waiting.clear()
            self._leaving.clear()
            self._changed.notify_all()
        left += [future for future in waiting if future.set_running_or_notify_cancel()]
        for future in left:
            future.set_exception(error)
        if self._job is not None:
            with suppress(McguiError):  # it is over, or gone
                self._job.cancel()
                self._job.seal()  # its arguments are not waited for, in case that somebody retries it

    @property
    def runs_here(self) -> bool:
        """Whether this is called by what it does in the thread that settles its futures."""
        return threading.current_thread() is self._thread

    def join(self) -> None:
        """Wait until all results are there."""
        if self._thread is not None:
            self._thread.join()

    def calls(self) -> Iterator[Call]:
        """Those that leave, as they do. Read in a thread of its own."""
        while (call := self._next()) is not None:
            yield call

    # --- inside -------------------------------------------------------------------------------------------------

    def _next(self) -> Call | None:
        """The next one that leaves, as soon as there is one; None where none will."""
        while True:
            with self._changed:
                if self._leaving:
                    return self._leaving.popleft()
                if self._over or (self._sealed and not self._waiting):
                    return None
                patience = self._window.patience if self._waiting else None
                if patience != 0.0:
                    self._changed.wait(patience)
                    continue
            self._window.look()
            with self._changed:
                self._let_go()

    def _let_go(self) -> None:
        """As many calls as there is room for: they cannot be cancelled any more."""
        while self._waiting and self._window.has_room(len(self._under_way)):
            future, call = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                self._under_way[self._count] = future
                self._count += 1
                self._leaving.append(call)
        self._changed.notify_all()

    def _take(self) -> None:
        """Settle futures, until the job is over."""
        assert self._job is not None
        why: BaseException | None = None
        try:
            for page in self._job.pages():
                page.reverse()
                while page:  # nothing else holds a result once its future has it
                    self._settle(*page.pop())
            status = self._job.status
            reason = "" if status.state == "cancelled" else status.reason
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody is to wait for ever
            why, reason = error, str(error)
        with self._changed:
            lost = not self._over and (not self._sealed or bool(self._waiting or self._under_way))
        if lost:
            self._broken(reason or f"job {self._job.id}, which made its calls, was cancelled", why)

    def _settle(self, index: int, value: Any) -> None:
        assert self._job is not None
        with self._changed:
            future = self._under_way.pop(index, None)
            self._window.came_back()
            self._let_go()
        if future is None:
            return
        if type(value) is Raised and value.initializer:
            with self._changed:
                self._under_way[index] = future
            self._broken(f"its initializer failed. {value.traceback.rstrip()}", None)
        elif type(value) is Raised:
            future.set_exception(raised_elsewhere(index, value, self._job.trust))
        elif isinstance(value, TaskError):
            future.set_exception(value)
        else:
            future.set_result(value)


def raised_elsewhere(index: int, raised: Raised, trust: Trust) -> BaseException:
    """The error itself, with its traceback there as its cause; a TaskError where it cannot be opened here."""
    with suppress(Exception):
        error: BaseException
        (error,) = trust.load(raised.error, 1, trust.workers)
        if is_of(error, BaseException):
            set_cause(error, RemoteTraceback(raised.traceback))
            return error
    return TaskError(TaskFailure(index, "raised", raised.type, raised.message, raised.traceback, "", ""))
