"""Whose results are opened as whatever they are, and whose as data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mcgui_core.protocol.messages import JobSpec, Outcome
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
    project: gives a job's own modules, where values are to be opened with those and not with the process's.
    modules: of those, the one of this name; None where it has none, or where it is not to be run here: whether the
        value that names it is opened as it comes is the second argument. None: there are none.
    """

    workers: bool = True
    home: bool = False
    environment: Callable[[], ModuleType | None] = lambda: None
    project: Callable[[JobSpec], Any] | None = None
    modules: Callable[[str, bool], ModuleType | None] | None = None

    def trusts(self, outcome: Outcome) -> bool:
        """Whether what is in this outcome is opened as it is."""
        return self.workers or (self.home and outcome.home)

    def load(self, data: Any, count: int, trusted: bool) -> list[Any]:
        """The `count` values of a pickled list. Where it is opened as data, what is more has Refused in its place;
        else it raises what opening it raises."""
        if trusted:
            found: list[Any] = pickling.loads(data, self._trusted_modules)
            return found
        from mcgui_core.values.data_unpickler import open_as_data

        return open_as_data(data, count, self._class)

    def load_what_can_be(self, data: Any, count: int, trusted: bool) -> list[Any]:
        """As `load`, with Unopened in the place of what cannot be opened."""
        if trusted:
            return unpickle_what_can_be(data, count, modules=self._trusted_modules)
        return self.load(data, count, trusted)

    @property
    def _trusted_modules(self) -> pickling.Modules | None:
        modules = self.modules
        return None if modules is None else lambda name: modules(name, True)

    def _class(self, module: str, name: str) -> type | None:
        """The class of that name, perhaps within others, which a module of the job's defines itself."""
        found: Any = self._module(module)
        for part in name.split("."):
            found = vars(found).get(part) if found is not None else None
            if not isinstance(found, type) or found.__module__ != module:
                return None
        return found  # type: ignore[no-any-return]

    def _module(self, name: str) -> ModuleType | None:
        if name.startswith(pickling.ENVIRONMENT_PREFIX):
            environment = self.environment()
            return environment if environment is not None and environment.__name__ == name else None
        return None if self.modules is None else self.modules(name, False)


#: As every peer of a pool of processes does: what one's own program asked for is opened as it comes.
EVERYBODY = Trust()
