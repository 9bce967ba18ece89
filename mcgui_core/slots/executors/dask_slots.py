"""A whole Dask cluster as one node: its threads are the node's slots.

Dask places the chunks, moves them when a worker is lost, and tells when workers come and go. Whatever else it can do,
such as graphs of tasks and scaling, stays its own: nothing here depends on it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any, TypeVar

from mcgui_core.base.version import __version__
from mcgui_core.errors import SlotsUnavailable
from mcgui_core.protocol.dask_address import dask_address
from mcgui_core.slots.executors import executor_worker
from mcgui_core.slots.executors.executor_orders import Look
from mcgui_core.slots.executors.executor_slots import ExecutorSlots, unlike
from mcgui_core.slots.slot_interface import Site, Steering

T = TypeVar("T")

#: Seconds between two looks at the cluster.
INTERVAL = 1.0
#: Seconds that the scheduler may take to answer before it is taken for gone, and that a connection to it may take.
ANSWER_SECONDS, CONNECT_SECONDS = 5.0, 5.0
#: Seconds that a cluster may take to run its first call before its node joins without knowing more of it.
LOOK_SECONDS = 10.0
#: By what name the state of the cluster pauses the node.
BY = "dask"


class DaskSlots(ExecutorSlots):
    """As many slots as the cluster has threads, and as many as it has then, when workers come and go.

    Unless `fixed`: then the node has the number it was given, and chunks wait at Dask while there are no workers. That
    is for clusters that start workers as they are needed.
    """

    def __init__(self, address: str, fixed: bool = False) -> None:
        """Raises DaskInvalid, also where this computer has no Dask."""
        self._address = dask_address(address)
        super().__init__(self._connect, 1)
        self._fixed = fixed
        self._client: Any = None
        self._followed = 0  # the number of slots that we set last
        self._workers = _Workers()
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._unwanted: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._watch, name="mcgui-dask", daemon=True),
            threading.Thread(target=self._stop_unwanted, name="mcgui-dask-stop", daemon=True),
        ]

    def open(self, node: Steering) -> None:
        self._node = node
        self._followed = 0 if self._fixed else node.nprocs
        self.executor()
        threads = self._workers_threads()
        found = self._workers.first(self._client, threads, LOOK_SECONDS)
        python, where = (found.python, found.platform) if found is not None else (self._site.python, "workers unknown")
        self._site = Site(max(1, sum(threads.values())), python, f"Dask, {where}")
        self._look()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._closed.set()
        self._wake.set()
        self._unwanted.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._disconnect(tidy=True)

    def submit(self, executor: Executor, function: Callable[..., T], *arguments: object) -> Future[T]:
        return executor.submit(_errand, function.__name__, *arguments)

    def stop(self, number: int) -> None:
        self._unwanted.put(number)

    def killed_by(self, error: BaseException) -> str:
        if type(error).__name__ != "KilledWorker":
            return super().killed_by(error)
        failures = getattr(error, "allowed_failures", 0)
        return f"{failures + 1} Dask workers died, one after the other, as it ran there"

    def trouble(self, executor: Executor | None, error: BaseException) -> None:
        if self.killed_by(error):
            return  # Dask goes on
        if executor is self._executor and self._node is not None:
            self._node.pause(self.in_words(error), BY, "slots")
        self._wake.set()

    def in_words(self, error: BaseException) -> str:
        if isinstance(error, ModuleNotFoundError):
            return super().in_words(error).replace("executor's", "Dask")
        return f"The Dask scheduler at {self._address} does not answer. What it was at has been given back."

    # --- the cluster --------------------------------------------------------------------------------------------

    def _connect(self) -> Executor:
        from distributed import Client

        try:
            client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False, name="mcgui")
        except Exception as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise SlotsUnavailable(f"No Dask scheduler answers at {self._address} ({reason}).") from error
        self._client, self._workers = client, _Workers()
        executor: Executor = client.get_executor(pure=False)
        return executor

    def _disconnect(self, tidy: bool = False) -> None:
        with self._making:
            client, self._client, self._executor = self._client, None, None
        if client is None:
            return
        with suppress(Exception):  # there is nobody to be told
            if tidy and client.status == "running":
                client.run(
                    _errand, executor_worker.close.__name__, self.id, on_error="ignore", callback_timeout=ANSWER_SECONDS
                )
        with suppress(Exception):
            client.close(timeout=ANSWER_SECONDS)

    def _stop_unwanted(self) -> None:
        """In a thread of its own: it may not return before a worker answers that is just being lost."""
        while (number := self._unwanted.get()) is not None:
            numbers = [number]
            while not self._unwanted.empty() and (more := self._unwanted.get()) is not None:
                numbers.append(more)
            client = self._client
            with suppress(Exception):  # they run on, then
                arguments = (executor_worker.stop.__name__, self.id, tuple(numbers))
                client.run(_errand, *arguments, on_error="ignore", callback_timeout=ANSWER_SECONDS)
            if self._closed.is_set():
                return

    def _workers_threads(self) -> dict[str, int]:
        """Threads of each worker. Raises SlotsUnavailable where the scheduler is gone."""
        client = self._client
        try:
            if client is None or client.status != "running":
                raise SlotsUnavailable(self.in_words(OSError()))
            # As client.nthreads does, which takes no limit of time in all versions.
            return dict(client.sync(client.scheduler.ncores, workers=None, callback_timeout=ANSWER_SECONDS))
        except (OSError, TimeoutError, ValueError) as error:  # ValueError: closed at this very moment
            raise SlotsUnavailable(self.in_words(error)) from error

    def _watch(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(INTERVAL)
            self._wake.clear()
            if self._closed.is_set():
                return
            try:
                if self._client is None:
                    self.executor()
                self._look()
            except Exception as error:  # noqa: BLE001  # of Dask's, anything; and this thread has to go on
                assert self._node is not None
                text = str(error) if isinstance(error, SlotsUnavailable) else self.in_words(error)
                self._node.pause(text, BY, "slots")
                self._node.hand_back()
                self._disconnect()

    def _look(self) -> None:
        """Let the node be as the cluster is."""
        assert self._node is not None
        threads = self._workers_threads()
        problem = self._workers.problem(self._client, threads, self._site.python)
        if not threads and not self._fixed:
            problem = f"The Dask cluster at {self._address} has no workers now."
        if problem:
            self._node.pause(problem, BY, "slots")
            return
        count = sum(threads.values())
        if self._followed and count and self._node.nprocs == self._followed:
            self._followed = count
            self._node.set_nprocs(count)
        self._node.resume(BY)


class _Workers:
    """What the workers of a cluster are like: each is asked once, when it is first seen."""

    def __init__(self) -> None:
        self._asked: dict[str, Any] = {}  # address -> a Dask future of its Look

    def first(self, client: Any, threads: Mapping[str, int], timeout: float) -> Look | None:
        """The first one's, waited for. None where there are none, it is busy, or it cannot run our code."""
        self._ask(client, threads)
        try:
            found: Look | None = next(iter(self._asked.values())).result(timeout) if self._asked else None
        except Exception:  # noqa: BLE001  # `problem` says it
            return None
        return found

    def problem(self, client: Any, threads: Mapping[str, int], python: str) -> str:
        """Why the cluster cannot be used as it is, as far as its workers have answered; "" where it can."""
        self._ask(client, threads)
        for address, future in self._asked.items():
            if future.status == "error":
                return f"The Dask worker {address} cannot run mcgui: {_reason(future.exception())}"
            if future.status == "finished":
                found: Look = future.result()
                if found.python.split(".")[:2] != python.split(".")[:2]:
                    return f"The Dask worker {address} runs Python {found.python}, and others run {python}."
                if problem := unlike(found):
                    return problem.replace("executor's", "Dask")
        return ""

    def _ask(self, client: Any, threads: Mapping[str, int]) -> None:
        for address in self._asked.keys() - threads.keys():
            del self._asked[address]
        for address in threads.keys() - self._asked.keys():
            where: dict[str, Any] = {"workers": [address], "allow_other_workers": False}
            self._asked[address] = client.submit(
                _errand, executor_worker.look.__name__, pure=False, priority=100, **where
            )


def _reason(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"it has no module {error.name}. Install mcgui {__version__} there."
    return f"{type(error).__name__}: {error}"


def _errand(function: str, *arguments: Any) -> Any:
    """Call a function of executor_worker.py: what a Dask worker is given to run."""
    from importlib import import_module

    return getattr(import_module("mcgui_core.slots.executors.executor_worker"), function)(*arguments)


# Pickled by value, as what a script defines is. A Dask worker that is sent the name of a module which it does not have
# ends itself, and so would all workers of the cluster; this way the call fails, and says why. The scheduler, which
# opens what it is given, needs no mcgui at all.
_errand.__module__ = "__main__"
