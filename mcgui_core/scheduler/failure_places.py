"""On which nodes a job's tasks have failed, found by node and by task.

A task that ends takes its failures along, wherever they were. To look for them at all nodes would make each report
cost what there is, and a note of each task would be much where a million have failed once: so nodes are noted for each
block of neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from mcgui_core.base.ranges import Range, RangeSet

#: Tasks in a block: about as many as a node holds together.
BLOCK = 256


class FailurePlaces:
    """Pairs of a node and a task. False while there is none."""

    __slots__ = ("_blocks", "_tasks")

    def __init__(self) -> None:
        self._tasks: dict[str, RangeSet] = {}  # node -> tasks that failed there
        self._blocks: dict[int, dict[str, None]] = {}  # block -> nodes on which a task of it did, in their order

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def add(self, node: str, index: int) -> None:
        self._tasks.setdefault(node, RangeSet()).add(index, index + 1)
        self._blocks.setdefault(index // BLOCK, {})[node] = None

    def of(self, node: str) -> RangeSet | None:
        """The tasks that failed there, None where there are none. Not to be changed."""
        return self._tasks.get(node)

    def has(self, node: str, index: int) -> bool:
        """Whether that task failed on that node."""
        return index in self._tasks.get(node, ())

    def counts(self, spans: Iterable[Range]) -> Counter[str]:
        """How many of these tasks failed, by node."""
        found: Counter[str] = Counter()
        for start, stop in spans:
            for block in self._blocks_of(start, stop):
                first, last = max(start, block * BLOCK), min(stop, (block + 1) * BLOCK)
                for node in self._blocks[block]:
                    if count := sum(b - a for a, b in self._tasks[node].common(first, last)):
                        found[node] += count
        return found

    def remove(self, start: int, stop: int) -> None:
        """Forget what there is of start ... stop - 1."""
        for block in list(self._blocks_of(start, stop)):
            first, last = block * BLOCK, (block + 1) * BLOCK
            for node in list(self._blocks[block]):
                tasks = self._tasks[node]
                tasks.remove(max(start, first), min(stop, last))
                if not tasks.common(first, last, 1):
                    del self._blocks[block][node]
                if not tasks:
                    del self._tasks[node]
            if not self._blocks[block]:
                del self._blocks[block]

    def clear(self) -> None:
        self._tasks.clear()
        self._blocks.clear()

    def _blocks_of(self, start: int, stop: int) -> Iterator[int]:
        """Those that have failures, and some of these tasks."""
        if self._blocks and start < stop:
            yield from (block for block in range(start // BLOCK, (stop - 1) // BLOCK + 1) if block in self._blocks)
