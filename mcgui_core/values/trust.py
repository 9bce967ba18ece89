"""Whose results are opened as whatever they are, and whose as data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mcgui_core.protocol.messages import Outcome
from mcgui_core.values import pickling
from mcgui_core.values.partial_unpickling import unpickle_what_can_be


@dataclass(frozen=True, slots=True)
class Trust:
    """Decides for each outcome. To open a pickle as it is runs whatever it says.

    workers: whatever any worker sent is opened as it is.
    home: what came from workers that this master's own program started with it is opened as it is. The master keeps
        that with each outcome, by the key that the worker proved.
    environment: the module whose classes may be made of data; None where it is not to be run here. Asked only where a
        value is of such a class.
    """

    workers: bool = True
    home: bool = False
    environment: Callable[[], ModuleType | None] = lambda: None

    def trusts(self, outcome: Outcome) -> bool:
        """Whether what is in this outcome is opened as it is."""
        return self.workers or (self.home and outcome.home)

    def load(self, data: Any, count: int, trusted: bool) -> list[Any]:
        """The `count` values of a pickled list. Where it is opened as data, what is more has Refused in its place;
        else it raises what opening it raises."""
        if trusted:
            found: list[Any] = pickling.loads(data)
            return found
        from mcgui_core.values.data_unpickler import open_as_data

        return open_as_data(data, count, self._class)

    def load_what_can_be(self, data: Any, count: int, trusted: bool) -> list[Any]:
        """As `load`, with Unopened in the place of what cannot be opened."""
        return unpickle_what_can_be(data, count) if trusted else self.load(data, count, trusted)

    def _class(self, identity: str) -> type | None:
        """As pickling.identify_classes names them."""
        module = self.environment()
        name = identity.partition(".")[2]
        if module is None or identity != f"{module.__name__}.{name}":
            return None
        found = vars(module).get(name)
        return found if isinstance(found, type) and found.__module__ == module.__name__ else None


#: As every peer of a pool of processes does: what one's own program asked for is opened as it comes.
EVERYBODY = Trust()
