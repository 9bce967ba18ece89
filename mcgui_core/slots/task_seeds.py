"""A seed of its own for each task: the same wherever it runs, and again when it is tried again. Runs in the slot."""

from __future__ import annotations

from typing import Any


class TaskSeeds:
    """What `numpy.random.SeedSequence.spawn` gives, one for each index of a job."""

    def __init__(self, text: str) -> None:
        """`text` is as the option keeps it (option_kinds.py: Seed). Raises ImportError where there is no NumPy."""
        try:
            from numpy.random import SeedSequence  # here, because few jobs need it
        except ImportError as error:
            raise ImportError(f"seed= needs NumPy on each worker, and here is none ({error})") from error
        self._make: Any = SeedSequence
        text, _, before = text.partition("+")
        entropy, *key = text.split("/")
        numbers = [int(number) for number in entropy.split(",")]
        self._entropy = numbers if len(numbers) > 1 else numbers[0]
        self._key = tuple(map(int, key))
        self._before = int(before or 0)  # children that it has had already

    def of(self, index: int) -> Any:
        """The SeedSequence of a task."""
        return self._make(self._entropy, spawn_key=(*self._key, self._before + index))
