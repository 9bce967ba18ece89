"""Tries several arguments, one after the other: the first, the last, and some between say more than the first alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from mcgui.background import Background
from mcgui_core.workbench.trial import Trial, TrialOutcome, TrialRequest, TrialState

#: How many are tried.
MANY: Final = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one of them."""

    index: int
    outcome: TrialOutcome


def spread(count: int, many: int = MANY) -> tuple[int, ...]:
    """Indices of that many arguments from the first to the last, as far from each other as can be."""
    if count <= many:
        return tuple(range(max(count, 0)))
    return tuple(round(step * (count - 1) / (many - 1)) for step in range(many))


class SeveralTrials(QObject):
    """Signals: `changed()`: one more was tried, or all were, or it was stopped."""

    changed = Signal()

    def __init__(
        self,
        background: Background,
        make: Callable[[TrialRequest, Callable[[TrialState], None] | None], Trial],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._background, self._make = background, make
        self._request: TrialRequest | None = None
        self._left: list[int] = []
        self._trial: Trial | None = None
        self.tried: tuple[Tried, ...] = ()

    @property
    def running(self) -> bool:
        return self._trial is not None

    @property
    def many(self) -> int:
        """How many there will be."""
        return len(self.tried) + len(self._left) + self.running

    @property
    def request(self) -> TrialRequest | None:
        """What these are tries of, but for the index."""
        return self._request

    def begin(self, request: TrialRequest, count: int) -> None:
        """Try some of `count` arguments as this request says."""
        self._request, self.tried = request, ()
        self._left = list(spread(count))
        self._next()

    def forget(self) -> None:
        """What came of them is of no interest any more. Those that run are stopped."""
        self._left, self.tried, self._request = [], (), None
        self.stop()

    def stop(self) -> None:
        """Try no more of them."""
        self._left = []
        if self._trial is not None:
            self._trial.stop()

    def _next(self) -> None:
        if not self._left or self._request is None:
            self._trial = None
            self.changed.emit()
            return
        request, index = self._request, self._left.pop(0)
        trial = self._trial = self._make(replace(request, index=index), None)
        self.changed.emit()
        self._background.run(
            trial.run,
            lambda outcome: self._on_outcome(request, index, outcome),
            lambda error: self._on_outcome(request, index, TrialOutcome("refused", message=str(error))),
        )

    def _on_outcome(self, request: TrialRequest, index: int, outcome: TrialOutcome) -> None:
        if request is self._request and outcome.kind != "stopped":
            self.tried = (*self.tried, Tried(index, outcome))
        self._next()
