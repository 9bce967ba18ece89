"""What the tasks that run now say of themselves. Only the latest, and only while they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mcgui_core.protocol.messages import Outcome, TaskStatus

#: Tasks that are shown. Nobody reads more, and a job of a million tasks that report must not fill the memory.
SHOWN = 500


class TaskStatuses:
    """By task; the oldest go first where there are too many."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], TaskStatus] = {}

    def update(self, statuses: Iterable[TaskStatus]) -> None:
        for status in statuses:
            self._found.pop((status.job, status.index), None)
            self._found[status.job, status.index] = status
        while len(self._found) > SHOWN:
            del self._found[next(iter(self._found))]

    def settle(self, outcomes: Iterable[Outcome]) -> None:
        """These tasks are done."""
        if not self._found:
            return
        for outcome in outcomes:
            over = [key for key in self._found if key[0] == outcome.job and outcome.start <= key[1] < outcome.stop]
            for key in over:
                del self._found[key]

    def keep(self, wanted: Callable[[int], bool]) -> None:
        """Forget those of jobs that are not wanted."""
        self._found = {key: status for key, status in self._found.items() if wanted(key[0])}

    def shown(self) -> tuple[TaskStatus, ...]:
        return tuple(self._found.values())
