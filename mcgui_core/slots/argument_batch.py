"""The arguments of the tasks that a slot runs between two looks at the clock. Runs in the slot's process."""

from __future__ import annotations

from typing import Any


class ArgumentBatch:
    """Arguments that are taken one by one."""

    def __init__(self, arguments: list[Any], first: int, began: float) -> None:
        """`first` is the index of the first task, `began` the time, by perf_counter."""
        self.arguments, self.first, self.began = arguments, first, began
        self.stop = first + len(arguments)  # the index after the last task that runs
        self.left = iter(arguments)
        self.ended_early = False
        self._left_out: list[Any] = []

    @property
    def is_exhausted(self) -> bool:
        """Somebody has asked for more than there are."""
        return self._begun is None

    def end_early(self) -> int | None:
        """Nobody gets another one. Returns the index of the first task that does not begin, the first of all being
        taken for begun; None where all that there are have been done. Another thread may be at them."""
        self.ended_early = True
        end = max(1, self._begun or 0)
        self._left_out = self.arguments[end:] + self._left_out
        del self.arguments[end:]  # what iterates looks for the end each time
        begun = self._begun  # one more, perhaps
        if begun is None:
            return None
        self.stop = self.first + max(1, begun)
        return self.stop

    def argument(self, place: int) -> Any:
        """One of them, taken or not."""
        kept = len(self.arguments)
        return self.arguments[place] if place < kept else self._left_out[place - kept]

    @property
    def _begun(self) -> int | None:
        """How many have been taken; None where it is exhausted."""
        state: Any = self.left.__reduce__()  # the only way to ask an iterator where it is
        return state[2] if len(state) > 2 else None
