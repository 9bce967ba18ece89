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
from mcgui_core.values.text import summary


class Unopened:
    """Stands for a value that cannot be opened on this computer, where a package that it needs may be missing."""

    def __init__(self, error: BaseException) -> None:
        self.reason = summary(error)

    def __repr__(self) -> str:
        return f"<cannot be opened here: {self.reason}>"


def unpickle_what_can_be(data: Any, count: int) -> list[Any]:
    """The `count` values of a pickled list, as Unopened where one of them cannot be opened."""
    body, buffers = pickling.split(data)
    try:
        found = _Salvager(io.BytesIO(body), buffers=buffers).load()
        if isinstance(found, list) and len(found) == count:
            return [_checked(value) for value in found]
        raise pickle.UnpicklingError("these are not as many results as there are tasks")
    except Exception as error:  # noqa: BLE001 - opening a value of the user's may raise anything
        return [Unopened(error)] * count


class _Mark:
    """What a step that failed has left. It bears with whatever the pickle goes on to do with it."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __call__(self, *_args: Any, **_kwargs: Any) -> _Mark:
        return self

    def __setstate__(self, _state: Any) -> None:
        pass

    def __setitem__(self, _key: Any, _value: Any) -> None:
        pass

    def append(self, _item: Any) -> None:
        pass


_DISPATCH: dict[int, Any] = vars(pickle._Unpickler)["dispatch"]


class _Salvager(pickle._Unpickler):
    """The unpickler of the standard library that is written in Python, since only that one can go on after an error."""

    stack: list[Any]
    memo: dict[int, Any]
    dispatch: ClassVar[dict[int, Any]] = dict(_DISPATCH)

    def find_class(self, module: str, name: str) -> Any:
        try:
            return super().find_class(module, name)
        except Exception as error:  # noqa: BLE001 - importing a module of the user's may raise anything
            return _Mark(error)

    def _step(self, opcode: bytes, removed: int | None, fresh: bool) -> None:
        """Do it. If it fails, the stack is as though it had done its work, with a mark for its outcome.

        It takes `removed` things from the stack (None: all down to the last border), and changes the one below them,
        or adds a `fresh` one.
        """
        depth = len(self.stack) - (removed or 0)
        taken = self.stack[depth:] if removed else ()
        try:
            _DISPATCH[opcode[0]](self)
        except Exception as error:  # noqa: BLE001 - as above
            mark = next((thing for thing in taken if isinstance(thing, _Mark)), _Mark(error))
            if removed:
                del self.stack[depth:]
            if fresh:
                self.stack.append(mark)
                return
            spoilt, self.stack[-1] = self.stack[-1], mark
            for key in [key for key, value in self.memo.items() if value is spoilt]:
                self.memo[key] = mark


def _stepping(opcode: bytes, removed: int | None, fresh: bool) -> Callable[[_Salvager], None]:
    return lambda salvager: salvager._step(opcode, removed, fresh)


for _opcode, _removed, _fresh in (
    (pickle.REDUCE, 2, True), (pickle.NEWOBJ, 2, True), (pickle.NEWOBJ_EX, 3, True), (pickle.BUILD, 1, False),
    (pickle.SETITEM, 2, False), (pickle.SETITEMS, None, False), (pickle.APPEND, 1, False),
    (pickle.APPENDS, None, False), (pickle.ADDITEMS, None, False),
):  # fmt: skip
    _Salvager.dispatch[_opcode[0]] = _stepping(_opcode, _removed, _fresh)


def _checked(value: Any) -> Any:
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
        if isinstance(thing, _Mark):
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
