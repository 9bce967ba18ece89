"""The `concurrent.futures.Executor` of a cluster. The way of its calls is in call_stream.py."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from mcgui_core.base.article import with_article
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.executors.call_packing import CallPacker, pickled_once
from mcgui_core.client.executors.call_stream import CallStream, Window
from mcgui_core.client.master import Master
from mcgui_core.errors import ArgumentsInvalid, ExecutorBroken
from mcgui_core.processes.processor_count import cpu_count, parse_nprocs
from mcgui_core.protocol.run_options import OPTIONS, checked_options
from mcgui_core.values.remote_call import RemoteCalls, call_each

T = TypeVar("T")

#: Options of a job that are the executor's own.
_OWN = {"call", "setup", "hedge"}


class BrokenClusterExecutor(ExecutorBroken, BrokenExecutor):
    """ExecutorBroken, for those who look for concurrent.futures' own."""


class ClusterExecutor(Executor):
    """A `concurrent.futures.Executor` whose calls run on the workers of a cluster, or on a local one of its own.

    Functions and arguments travel by cloudpickle, as they are when they are submitted: lambdas and closures do, and no
    `if __name__ == "__main__":` is needed. What raises does so in `result()`, with the traceback there as its cause; a
    call that kills its process is tried three times, then raises TaskError, and the executor goes on.

    Its calls are the tasks of a job, which the console shows, and which stays in the master's journal. One that raised
    counts as done there, with what it raised as its result. One whose worker was lost runs a second time. All go on
    when the master is started anew on its journal. A future can be cancelled as long as its call waits here.

    >>> from mcgui_core import ClusterExecutor
    >>> with ClusterExecutor(max_workers=1) as executor:
    ...     executor.submit(pow, 2, 10).result()
    ...     list(executor.map(lambda x: x * x, range(5)))
    1024
    [0, 1, 4, 9, 16]
    """

    def __init__(
        self,
        max_workers: int | None = None,
        initializer: Callable[..., Any] | None = None,
        initargs: tuple[Any, ...] = (),
        *,
        cluster: Cluster | None = None,
        name: str = "ClusterExecutor",
        **options: Any,
    ) -> None:
        """Start a cluster of its own, unless there is one.

        max_workers: `int`, processes. With a cluster, calls that are on their way at the same time, at most. Default:
            None, all processors; with a cluster, all that it has.
        initializer: callable that each process calls before its first call here. Where it raises, the executor is
            broken. Default: None.
        initargs: `tuple`, what it is called with. Default: nothing.
        cluster: `Cluster` or `Master`, which stays open. Default: None, one that ends with the executor.
        name: `str`, what its job is called in the console.
        options: of `Cluster.submit`, such as timeout=60, memory="2 GB", files=["*.csv"], or shared={"table": big}, of
            which each call is given the values by name.

        Raises ValueError (BadInput for an option), TypeError, and what `Master` raises.
        """
        _check_cluster(max_workers, cluster)
        if isinstance(max_workers, int) and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        if max_workers is not None:
            max_workers = parse_nprocs(max_workers)
        _check_options(options)
        begin = partial(RemoteCalls, initializer=initializer, initargs=initargs)
        self._calls = _Calls(cluster, max_workers, begin, {"hedge": False, "name": name, **options})
        self._finalizer = weakref.finalize(self, self._calls.close)  # who forgets it need not hold its processes
        self._finalizer.atexit = False

    @property
    def _broken(self) -> str:
        """As those of concurrent.futures have it."""
        return self._calls.broken

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have fn(*args, **kwargs) called. Returns at once with the Future of what it returns.

        Raises RuntimeError after `shutdown`, BrokenExecutor. What cannot travel raises ArgumentsInvalid in `result()`.
        """
        return self._calls.submit(fn, args, kwargs)

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        **more: Any,
    ) -> Iterator[T]:
        """As `map(fn, *iterables)`, of which calls run at the same time: results in the order of the arguments.

        timeout: `float`, seconds from now on, after which whoever waits for the next one gets TimeoutError.
        chunksize: `int`, calls that travel as one. Calls travel together anyway; larger ones save what each costs here.
        more: what later versions of Python have for `Executor.map`.

        Raises ValueError; the iterator raises what a call has raised.
        """
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        if chunksize == 1:
            return super().map(pickled_once(fn), *iterables, timeout=timeout, **more)
        each = pickled_once(partial(call_each, fn))
        return _each(super().map(each, _chunks(iterables, chunksize), timeout=timeout, **more))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls, and end a cluster of its own once the last one is done. May be called again.

        wait: `bool`; False returns at once. Default: True.
        cancel_futures: `bool`; True cancels the calls that have not left yet. Default: False.
        """
        self._calls.close(cancel_futures)
        if wait:
            self._calls.join()


class _Calls:
    """What an executor has, so that it goes on where nobody holds the executor any more. Thread-safe."""

    def __init__(
        self,
        cluster: Cluster | None,
        max_workers: int | None,
        begin: Callable[[tuple[str, ...]], RemoteCalls],
        options: dict[str, Any],
    ) -> None:
        self._begin, self._options = begin, options
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._streams: list[CallStream] = []
        self._travelling: set[str] = set()  # the user's own modules that those after the last one have
        self._packer = CallPacker()
        self.broken = ""
        self._own = Master() if cluster is None else None
        if self._own is not None:
            self._own.add_local_worker(max_workers)
            self._cluster: Cluster = self._own
            self._window = partial(Window, self._own, max_workers or cpu_count(), None)
        elif cluster is not None:
            self._cluster = cluster
            self._window = partial(Window, cluster, None, max_workers)
        self._process = os.getpid()
        # A daemon, so that the interpreter comes to its end, at which `finish` waits for it.
        self._thread = threading.Thread(target=self._end, name="mcgui-executor", daemon=True)
        self._thread.start()
        atexit.register(self.finish)

    def submit(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Future[Any]:
        """As ClusterExecutor.submit."""
        future: Future[Any] = Future()
        self._check()
        try:
            call, modules = self._packer.packed(function, args, kwargs)
        except ArgumentsInvalid as error:
            return _failed(future, error)
        with self._lock:
            self._check()
            try:
                if not self._streams or not modules <= self._travelling:
                    self._start(modules)
            except Exception as error:  # noqa: BLE001 - modules that cannot travel, or a master that is gone
                return _failed(future, error)
            if not self._streams[-1].add(future, call):
                self._check()
        return future

    def close(self, cancel: bool = False) -> None:
        """Take no more calls."""
        with self._lock:
            self._closed.set()
            streams = list(self._streams)
        for stream in streams:
            stream.seal(cancel)

    def join(self) -> None:
        """Wait until all is done, and what it started has ended. Not in a callback of a future: that waits for it."""
        if not any(stream.runs_here for stream in self._streams):
            self._thread.join()

    def finish(self) -> None:
        """At the end of the program: what was asked for is done."""
        if os.getpid() == self._process:
            self.close()
            self.join()

    # --- inside -------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        if os.getpid() != self._process:  # whose threads, which would bring the calls to the cluster, are not here
            raise RuntimeError("This executor belongs to the process from which this one was forked. Make one here.")
        if self.broken:
            raise BrokenClusterExecutor(self.broken)
        if self._closed.is_set():
            raise RuntimeError("cannot schedule new futures after shutdown")

    def _start(self, modules: frozenset[str]) -> None:
        """Begin a job with which these modules travel too. Raises BadInput, ConnectionFailed."""
        travelling = self._travelling | modules
        stream = CallStream(self._window(), self._break)
        calls = self._begin(tuple(sorted(travelling)))
        job = self._cluster.submit(calls, stream.calls(), **self._options)
        for before in self._streams:
            before.seal()
        self._streams.append(stream)
        self._travelling = travelling
        stream.follow(job)

    def _break(self, reason: str, cause: BaseException | None) -> None:
        """All that is left raises why."""
        with self._lock:
            first, self.broken = not self.broken, self.broken or reason
            streams = list(self._streams)
        if first:
            logging.getLogger("concurrent.futures").critical("A ClusterExecutor is broken: %s", reason)
        error = BrokenClusterExecutor(reason)
        error.__cause__ = cause
        for stream in streams:
            stream.stop(error)

    def _end(self) -> None:
        """Once it is closed and all is done, end what it started."""
        self._closed.wait()
        for stream in self._streams:
            stream.join()
        if self._own is not None:
            self._own.shutdown()
        atexit.unregister(self.finish)


def _check_cluster(max_workers: object, cluster: object) -> None:
    """It comes first where people are used to other libraries, and by a link where they have one. Raises TypeError."""
    if isinstance(max_workers, Cluster):
        raise TypeError("max_workers is a number of processes; give a cluster by name: ClusterExecutor(cluster=...)")
    link = next((given for given in (max_workers, cluster) if isinstance(given, str)), None)
    if link is not None and link.strip().startswith("mcgui:"):
        raise TypeError("Join by the link first: ClusterExecutor(cluster=Cluster.connect(link))")
    if cluster is not None and not isinstance(cluster, Cluster):
        raise TypeError(f"cluster must be a Cluster or a Master, not {with_article(type(cluster).__name__)}")


def _check_options(options: dict[str, Any]) -> None:
    for name in options:
        if name in _OWN or name not in {*OPTIONS, "files", "requirements", "shared"}:
            raise TypeError(f"ClusterExecutor() got an unexpected keyword argument {name!r}")
    checked_options({name: value for name, value in options.items() if name in OPTIONS})


def _failed(future: Future[Any], error: Exception) -> Future[Any]:
    future.set_running_or_notify_cancel()
    future.set_exception(error)
    return future


def _chunks(iterables: tuple[Iterable[Any], ...], size: int) -> Iterator[tuple[tuple[Any, ...], ...]]:
    together = zip(*iterables, strict=False)
    while chunk := tuple(islice(together, size)):
        yield chunk


def _each(chunks: Iterator[list[T]]) -> Iterator[T]:
    """The results, of which nothing here holds one that was given out."""
    for chunk in chunks:
        chunk.reverse()
        while chunk:
            yield chunk.pop()
