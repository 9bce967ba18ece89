"""What an executor runs for a node: chunks, in its own worker processes. The node's side is executor_slots.py.

A worker process of the executor does not run the tasks itself: it keeps slots as an agent does (process_slots.py), a
process each. So tasks find here what they find everywhere: a process of their own (the executor's workers may be
threads), time and memory limits that end them, and a crash that takes nothing along, neither their neighbours nor the
executor's worker.

What goes to and fro is pickled by us, so that whatever lies between (a Dask scheduler) sees bytes and opens nothing.
"""

from __future__ import annotations

import pickle
import platform
import threading
import traceback

from mcgui_core.base.version import __version__
from mcgui_core.protocol.messages import SlotDeath
from mcgui_core.slots.executors.executor_orders import Done, Look, Order, packed
from mcgui_core.slots.executors.executor_slot_pool import SlotPool


def look() -> Look:
    """To be run by the executor: that it returns shows that its workers can run our code at all."""
    return Look(__version__, platform.python_version(), f"{platform.system()} {platform.machine()}")


def work(order: bytes) -> bytes:
    """Run a packed `Order`. Returns a packed `Done`, whatever happens: an exception would be taken for one of the
    executor's own, and the chunk given back, to fail in the same way elsewhere, without end."""
    opened: Order = pickle.loads(order)
    try:
        return packed(_pool(opened.node).work(opened))
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        chunk, reason = opened.chunk, f"what runs it in the executor's worker failed: {type(error).__name__}: {error}"
        death = SlotDeath(chunk.lease, chunk.job, chunk.start, chunk.stop, "died", reason, chunk.token)
        return packed(Done(chunk.stop, (death,)))


def stop(node: str, numbers: tuple[int, ...]) -> None:
    """End the tasks of those orders that run in this process, and keep the others from starting."""
    for number in numbers:
        _pool(node).stop(number)


def close(node: str) -> None:
    """A node has left: end its slots in this process."""
    _pool(node).close()


class _Pools:
    """Those of this process: the name of a node is all that `work`, `stop` and `close` are given."""

    by_node_lock = threading.Lock()
    by_node: dict[str, SlotPool] = {}


def _pool(node: str) -> SlotPool:
    with _Pools.by_node_lock:
        return _Pools.by_node.setdefault(node, SlotPool())
