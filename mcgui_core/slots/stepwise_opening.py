"""Opens a block of arguments of which one ends the process: step by step, saying each step before it is done.

So its agent, which sees the process end, knows of which step. In the next process that step is left out, and the values
that it belongs to are Unopened; their neighbours are there. Runs in the slot, and is slow: few blocks need it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from mcgui_core.values import picked_values, pickling
from mcgui_core.values.immutable import ATOMS
from mcgui_core.values.partial_unpickling import Mark, Salvager, Step, Unopened, checked


class EndsProcess(Exception):
    """What was not done, since it has ended processes before, or took for ever."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind_of_failure = kind  # of the tasks whose argument it belongs to


class Steps:
    """Those of one block, by number: the same in every process that opens it."""

    def __init__(self, say: Callable[[int], None], fatal: Mapping[int, tuple[str, str]]) -> None:
        """`say` is told each step before it is done; the `fatal` ones are not: why, as kind and message."""
        self._say, self._fatal = say, fatal
        self._number = -1

    def next(self) -> EndsProcess | None:
        """One more is about to be done, unless something is returned."""
        self._number += 1
        if self._number in self._fatal:
            return EndsProcess(*self._fatal[self._number])
        self._say(self._number)
        return None


def opened(data: Any, count: int, steps: Steps) -> Sequence[Any]:
    """The `count` values of a block, as Unopened where one of them cannot be opened."""
    return picked_values.opened_by(data, count, lambda inner, whole: _opened(inner, whole, steps))


def _opened(data: Any, count: int, steps: Steps) -> Sequence[Any]:
    try:
        body, buffers = pickling.split(data)
        unpickler = _Stepper(steps, body, buffers)
        found: Sequence[Any] = unpickler.load()
        if len(found) != count:
            raise ValueError(f"{len(found):,} arguments came in the place of {count:,}")
    except BaseException as error:  # noqa: BLE001 - opening a value of the user's may raise anything
        return [Unopened(error)] * count
    return [_looked_at(value, steps) for value in found] if unpickler.marked else found


def _looked_at(value: Any, steps: Steps) -> Any:
    """The value, or Unopened. To look calls what is to pickle it: a step as well."""
    if type(value) in ATOMS:
        return value
    if ends := steps.next():
        return Unopened(ends)
    try:
        return checked(value)
    except BaseException:  # noqa: BLE001 - SystemExit, say: it cannot be searched, so nothing is known against it
        return value


class _Stepper(Salvager):
    """Takes for a step what may call something of the user's."""

    metastack: list[list[Any]]
    failures: ClassVar[type[BaseException]] = BaseException
    marked = False  # not all went well

    def __init__(self, steps: Steps, body: memoryview, buffers: Sequence[Any]) -> None:
        super().__init__(io.BytesIO(body), buffers=buffers)
        self._steps = steps

    def find_class(self, module: str, name: str) -> Any:
        ends = self._steps.next()  # it may be the first to import that module
        found = super().find_class(module, name) if ends is None else Mark(ends)
        self.marked |= type(found) is Mark
        return found

    def attempt(self, step: Step, removed: int | None, fresh: bool) -> None:
        ends = None if not fresh and self._is_plain(removed) else self._steps.next()
        super().attempt(step if ends is None else _raising(ends), removed, fresh)
        self.marked |= type(self.stack[-1]) is Mark

    def _is_plain(self, removed: int | None) -> bool:
        """Things are put into a list, or under plain keys into a dict. They lie on top of the stack; `removed` is None
        where that begins with them, and what they are put into is on the one below."""
        whole = self.metastack[-1][-1] if removed is None else self.stack[-1 - removed]
        if type(whole) is list:
            return True
        keys = (self.stack if removed is None else self.stack[-removed:])[::2]
        return type(whole) is dict and ATOMS.issuperset(map(type, keys))


def _raising(error: BaseException) -> Step:
    def step(_unpickler: Any) -> None:
        raise error

    return step
