"""An executor of one's own as a worker: for scripts that have a process pool, MPI, or a cluster of another kind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from types import TracebackType
from typing import Self

from mcgui_core.node.agent import Agent
from mcgui_core.processes.processor_count import parse_nprocs
from mcgui_core.protocol.agent_events import AgentEvent
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.slots.executors.executor_slots import ExecutorSlots


class ExecutorNode:
    """A node whose tasks run on any executor of `concurrent.futures` (PEP 3148).

        with ExecutorNode(link, MPIPoolExecutor, nprocs=64, name="mpi") as node:
            node.wait()

    `last_event` (`AgentEvent`) is the latest that it went through.

    Each call of the executor runs a chunk of tasks in a process of its own, beside the executor's worker, so mcgui has
    to be installed where those run. Time and memory limits hold and a crash stays with its task, as everywhere; but
    outcomes and what tasks print come when a chunk ends, and a task that runs is not stopped when its job is cancelled.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> from mcgui_core import ExecutorNode, Master
    >>> with Master() as master, ThreadPoolExecutor(2) as pool:
    ...     with ExecutorNode(master.worker_link, pool, nprocs=2):
    ...         master.submit("def f(x): return 10 * x", "f", range(4)).results()
    [0, 10, 20, 30]
    """

    def __init__(
        self,
        link: str,
        executor: Executor | Callable[[], Executor],
        nprocs: int | None = None,
        name: str | None = None,
        on_event: Callable[[AgentEvent], None] = lambda _event: None,
    ) -> None:
        """Join, and stay until `leave`.

        link: `str`, the master's worker link.
        executor: an `Executor`, which stays yours; or a function that makes one: that is made anew should it break, and
            shut down at the end.
        nprocs: `int`, how many calls it runs at once. Default: None, as many as the executor has workers.
        name: `str`, what the console calls it. Default: None, this computer's host name.
        on_event: called with each `AgentEvent`, in threads of the node. Default: nothing.

        Raises LinkInvalid, NprocsInvalid.
        """
        slots = None if nprocs is None else parse_nprocs(nprocs)
        self.last_event = AgentEvent("connecting")
        self._on_event = on_event
        self._agent = Agent(JoinLink.parse(link), slots, name, self._hear, ExecutorSlots(executor, slots))
        self._agent.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has left: told to by the console. False where that took longer than `timeout` s."""
        return self._agent.ended.wait(timeout)

    def set_nprocs(self, nprocs: int) -> None:
        """Give it so many chunks at once from now on. Raises NprocsInvalid."""
        self._agent.set_nprocs(parse_nprocs(nprocs))

    def pause(self, reason: str = "") -> None:
        """Start no more tasks; those that run go on to their end."""
        self._agent.pause(reason)

    def resume(self) -> None:
        """Start tasks again after `pause`."""
        self._agent.resume()

    def drain(self) -> None:
        """Finish what runs, then leave."""
        self._agent.drain()

    def leave(self) -> None:
        """Leave now: tasks go back to the master."""
        self._agent.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _hear(self, event: AgentEvent) -> None:
        self.last_event = event
        self._on_event(event)
