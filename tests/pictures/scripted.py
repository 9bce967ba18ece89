"""What the scripted master answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mcgui_core.errors import ServerFailed
from mcgui_core.protocol.messages import AccessReport, FailedProof, Reduced, TaskFailure, TaskOutput
from mcgui_core.protocol.queries import FailureGroup, OutputQuery, TableColumn, TableRow, TableState
from tests.gui.snapshots import NOW

WORKER_LINK: Final = "mcgui://192.168.1.20:8888#w.t0pVkWc3bJq7yXn5aRzL9eHf"
CONSOLE_LINK: Final = "mcgui://192.168.1.20:8888#c.G4mZs8uQdT1xKv6oYwBi2NpE"
TRACEBACK: Final = """\
Traceback (most recent call last):
  File "pi.py", line 7, in throw
    x, y = coordinates(sample)
  File "pi.py", line 13, in coordinates
    raise ValueError(f"sample {sample} is outside of the square")
ValueError: sample 1013 is outside of the square
"""
_NODES: Final = ("lab-3", "lab-4", "this computer")


class ScriptedBench:
    """Rows, a reduced value and failures, as a workbench and a master would give them."""

    def __init__(self) -> None:
        self.problem = ""  # why nothing is answered
        self.done = 712_000

    def table(self, _job: int, _where: str, _order: object, _seconds: float) -> TableState:
        self._answer()
        numbers, texts = ("task", "argument", "result"), ("error", "node")
        columns = (*(TableColumn(title, True, "") for title in numbers), *(TableColumn(t, False, "") for t in texts))
        return TableState(columns, 0, self.done, self.done, self.done, True)

    def table_rows(self, _job: int, _view: int, start: int, count: int) -> tuple[TableRow, ...]:
        self._answer()
        return tuple(self._row(index) for index in range(start, start + count))

    def table_rows_of(self, _job: int, tasks: tuple[int, ...]) -> tuple[TableRow, ...]:
        self._answer()
        return tuple(self._row(index) for index in tasks)

    def _row(self, index: int) -> TableRow:
        said = {"argument": repr(index), "node": _NODES[index * 7 % 3]}
        if index >= self.done:
            return TableRow(index, "waiting", {"argument": repr(index)})
        if index % 300 == 4:
            return TableRow(index, "failed", {**said, "error": "ValueError: outside of the square"})
        return TableRow(index, "done", {**said, "result": repr(int(index * 2_654_435_761 % 100 < 78))})

    def detail(self, _job: int, _index: int) -> None:
        """No task of a picture has more to tell than its row."""
        self._answer()

    def reduce(self, _id: int) -> Reduced:
        self._answer()
        return Reduced("3.14166")

    def failure_groups(self) -> Iterator[tuple[FailureGroup, ...]]:
        self._answer()
        yield (
            FailureGroup("raised", "ValueError", 1, 2, 1013, "sample 1013 is outside of the square"),
            FailureGroup("died", "", None, 1, 88_104, "The process was killed by signal 9 (SIGKILL)."),
        )

    def failures_like(
        self, group: FailureGroup, _after: int, _limit: int
    ) -> tuple[tuple[TaskFailure, ...], int | None]:
        self._answer()
        if group.kind == "died":
            return (TaskFailure(88_104, "died", "", group.message, "", "88104", "lab-4"),), None
        return (_raised(1013), _raised(2041)), None

    def find_output(
        self, _query: OutputQuery, _before: int | None, _limit: int
    ) -> tuple[tuple[TaskOutput, ...], int | None]:
        self._answer()
        return (), None

    def _answer(self) -> None:
        if self.problem:
            raise ServerFailed(self.problem)

    def close(self) -> None:
        """There is nothing to end."""

    def __getattr__(self, name: str) -> Any:
        """What else a panel may ask for is answered by an error, which it has to show."""
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_args: object, **_more: object) -> None:
            raise ServerFailed(self.problem or "there is nothing of that in a picture.")

        return refuse


def _raised(index: int) -> TaskFailure:
    message = f"sample {index} is outside of the square"
    traceback = TRACEBACK.replace("1013", str(index))
    return TaskFailure(index, "raised", "ValueError", message, traceback, repr(index), "lab-3")


class ScriptedCluster:
    """A master as far as panels ask for it."""

    worker_link, console_link, address = WORKER_LINK, CONSOLE_LINK, "192.168.1.20:8888"
    own_link, watch_link, watches_only = CONSOLE_LINK, "", False

    def __init__(self, bench: ScriptedBench) -> None:
        self._bench = bench

    def access(self) -> AccessReport:
        """The watch link is revoked, somebody knocked without a key, and one worker was sent away."""
        knocked = (FailedProof("192.168.1.77", 3, NOW - 400),)
        links = (("worker", True), ("watch", False), ("console", True))
        return AccessReport(links, False, 3, knocked, (("ab12", "studio-2"),))

    def job(self, _id: int) -> ScriptedBench:
        return self._bench

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bench, name)
