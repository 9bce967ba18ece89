"""Opens what can be opened of a pickled list of results in which one cannot, perhaps for lack of a package here.

All results of a part share one pickle, so an error in one of them would take its neighbours along. This reads the
pickle step by step, puts a mark where a step fails, and afterwards looks which of the results a mark has got into.
It is slow, and needed only once the ordinary way has failed.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from types import FunctionType, ModuleType
from typing import Any, ClassVar

from mcgui_core.values import pickling
from mcgui_core.values.exception_fields import drop_frames, is_of
from mcgui_core.values.text import summary


class Unopened:
    """Stands for a value that cannot be opened on this computer, where a package that it needs may be missing."""

    def __init__(self, error: BaseException) -> None:
        drop_frames(error)  # they would keep all that was opened before it in memory for as long as it lasts
        self.error, self.reason = error, summary(error)

    def __repr__(self) -> str:
        return f"<cannot be opened here: {self.reason}>"


class NotAdmitted(Exception):
    """A pickle names something that only its sender's word speaks for. `name` is "module.name"."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Refused(Unopened):
    """Stands for a value that was not opened, because that may run code of whoever sent it. `kind` is its class."""

    def __init__(self, kind: str) -> None:
        super().__init__(NotAdmitted(kind))
        self.kind = kind
        self.reason = f"opening {kind} may run code of the worker that sent it"

    def __repr__(self) -> str:
        return f"<{self.kind}, not opened>"


def unpickle_what_can_be(
    data: Any, count: int, whatever: bool = False, modules: pickling.Modules | None = None
) -> list[Any]:
    """The `count` values of a pickled list, as Unopened where one of them cannot be opened; with `whatever` also where
    opening it raises SystemExit or KeyboardInterrupt, which elsewhere are those of whoever sits there."""
    try:
        body, buffers = pickling.split(data)
        salvager = (_SalvagerOfAll if whatever else Salvager)(io.BytesIO(body), buffers=buffers)
        salvager.modules = modules
        found = salvager.load()
        if isinstance(found, list) and len(found) == count:
            return [checked(value) for value in found]
        raise pickle.UnpicklingError("these are not as many results as there are tasks")
    except Exception as error:  # noqa: BLE001 - opening a value of the user's may raise anything
        return [Unopened(error)] * count


class Mark:
    """What a step that failed has left. It bears with whatever the pickle goes on to do with it."""

    def __init__(self, error: BaseException) -> None:
        drop_frames(error)  # as above
        self.error = error

    def __call__(self, *_args: Any, **_kwargs: Any) -> Mark:
        return self

    def __setstate__(self, _state: Any) -> None:
        pass

    def __setitem__(self, _key: Any, _value: Any) -> None:
        pass

    def append(self, _item: Any) -> None:
        """Nothing can be put into what is not there."""


Step = Callable[[Any], None]
_DISPATCH: dict[int, Step] = vars(pickle._Unpickler)["dispatch"]


class Salvager(pickle._Unpickler):
    """The unpickler of the standard library that is written in Python, since only that one can go on after an error."""

    stack: list[Any]
    memo: dict[int, Any]
    plainly: ClassVar[dict[int, Step]] = _DISPATCH
    dispatch: ClassVar[dict[int, Step]] = dict(_DISPATCH)
    failures: ClassVar[type[BaseException]] = Exception  # after which it goes on
    modules: pickling.Modules | None = None

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name, or a mark in its place where it cannot be had."""
        try:
            return pickling.named(module, name, self.modules, super().find_class)
        except self.failures as error:  # importing a module of the user's may raise anything
            return Mark(error)

    def attempt(self, step: Step, removed: int | None, fresh: bool) -> None:
        """Do it. If it fails, the stack is as though it had done its work, with a mark for its outcome.

        It takes `removed` things from the stack (None: all down to the last border), and changes the one below them,
        or adds a `fresh` one.
        """
        depth = len(self.stack) - (removed or 0)
        taken = self.stack[depth:] if removed else ()
        try:
            step(self)
        except self.failures as error:
            mark = _mark_in(taken) or Mark(error)
            drop_frames(error)  # also a mark's that was raised once more
            if removed:
                del self.stack[depth:]
            if fresh:
                self.stack.append(mark)
                return
            self.replace(self.stack[-1], mark)

    def replace(self, old: Any, new: Any) -> None:
        """Put something else in the place of what lies on top. It was memoized not long ago."""
        self.stack[-1] = new
        for key in reversed(self.memo):
            if self.memo[key] is old:
                self.memo[key] = new
                return


class _SalvagerOfAll(Salvager):
    failures = BaseException


def _mark_in(taken: Any) -> Mark | None:
    """The first mark among these, also within what a call is given, such as the bases of a class: it is the cause."""
    for thing in taken:
        if type(thing) is Mark:
            return thing
        if is_of(thing, (tuple, list)) and (found := _mark_in(thing)) is not None:
            return found
    return None


def stepping(step: Step, removed: int | None, fresh: bool) -> Step:
    """The same step, after which there is a mark where it failed."""
    return lambda salvager: salvager.attempt(step, removed, fresh)


for _opcode, _removed, _fresh in (
    (pickle.REDUCE, 2, True), (pickle.NEWOBJ, 2, True), (pickle.NEWOBJ_EX, 3, True), (pickle.BUILD, 1, False),
    (pickle.SETITEM, 2, False), (pickle.SETITEMS, None, False), (pickle.APPEND, 1, False),
    (pickle.APPENDS, None, False), (pickle.ADDITEMS, None, False),
):  # fmt: skip
    Salvager.dispatch[_opcode[0]] = stepping(_DISPATCH[_opcode[0]], _removed, _fresh)


def checked(value: Any) -> Any:
    """The value, or Unopened where a mark is in it."""
    try:
        _Search(_Nowhere(), protocol=5, buffer_callback=lambda _buffer: None).dump(value)
    except _Found as found:
        return Unopened(found.args[0])
    except Exception:  # noqa: BLE001 - it cannot be searched further, so nothing is known against it
        return value
    return value


class _Found(Exception):
    """A mark, with its error."""


class _Nowhere:
    def write(self, data: Any) -> int:
        return len(data)


class _Search(pickle.Pickler):
    """Goes through all that belongs to a value, and makes nothing of it."""

    def reducer_override(self, thing: Any) -> Any:
        if type(thing) is Mark:
            raise _Found(thing.error)
        if thing is str or thing is tuple:
            return NotImplemented  # as usual
        if isinstance(thing, type | FunctionType | ModuleType):
            return str, ()
        parts: str | Sequence[Any] = thing.__reduce_ex__(5)
        if isinstance(parts, str):
            return str, ()
        inside = [list(part) if index > 1 and part is not None else part for index, part in enumerate(parts[1:5])]
        return tuple, (tuple(inside),)
