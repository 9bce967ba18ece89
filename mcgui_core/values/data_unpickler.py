"""Opens a pickled list of values of somebody who is not trusted: as data, which runs nothing.

A pickle is a program that says what to import and what to call. Here it gets what stands on a list of names
(admitted_names.py), and the classes of one job's code; a value that asks for more is Refused, and its neighbours stay.

Twice: C's unpickler opens what names none but the plainest classes, which are nearly all results there are. It would
let a pickle set attributes of classes, so everything else is read step by step by one that is written in Python
(partial_unpickling.py), ten times as slow, which knows at each step what is called, and what gets a state.
"""

from __future__ import annotations

import importlib
import io
import pickle
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, Final

from mcgui_core.values import pickling
from mcgui_core.values.admitted_names import CALLED, CALLED_QUICKLY, KEPT
from mcgui_core.values.data_constructors import (
    CONSTRUCTORS,
    STAND_INS,
    ZONE,
    Constructor,
    Refusal,
    dtype_with_state,
    empty_array,
    from_buffer,
    new_dtype,
    scalar,
)
from mcgui_core.values.partial_unpickling import (
    Mark,
    NotAdmitted,
    Refused,
    Salvager,
    Unopened,
    checked,
    stepping,
)

Classes = Callable[[str, str], "type | None"]
"""The class that a module of the job's code defines, by the names of both, if there is one."""


def open_as_data(data: Any, count: int, classes: Classes = lambda _module, _name: None) -> list[Any]:
    """The `count` values of a pickled list, with Refused or Unopened in the place of those that stay closed."""
    with suppress(Exception):  # whatever it is, the careful one says of which value
        found = _opened_quickly(data)
        if found is not None and len(found) == count:
            return found
    try:
        found = _CarefulUnpickler(*pickling.split(data), classes).load()
        if type(found) not in (list, range) or len(found) != count:
            raise pickle.UnpicklingError("these are not as many results as there are tasks")
    except Exception as error:  # noqa: BLE001 - as above
        return [_unopened(Unopened(error), error)] * count
    return [_explained(checked(value)) for value in found]


def _opened_quickly(data: Any) -> list[Any] | None:
    """A list, or a range; None where it is neither. Raises what opening it raises."""
    quick = _QuickUnpickler(*pickling.split(data))
    found = quick.load()
    waiting = quick.waiting
    del quick
    return found if type(found) in (list, range) and not any(left() is not None for left in waiting) else None


def _explained(value: Any) -> Any:
    return _unopened(value, value.error) if type(value) is Unopened else value


def _unopened(value: Unopened, error: BaseException) -> Unopened:
    return Refused(error.name) if type(error) is NotAdmitted else value


# --- quickly ----------------------------------------------------------------------------------------------------


class _DtypeInWaiting:
    """A type of numbers before its state is known. Only arrays and numbers may be made of it."""

    __slots__ = ("__weakref__", "dtype")

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype

    def __setstate__(self, state: Any) -> None:
        self.dtype = dtype_with_state(self.dtype, state)


def _known(dtype: Any) -> Any:
    if not isinstance(dtype, _DtypeInWaiting):
        raise Refusal("it describes no type of numbers")
    return dtype.dtype


_QUICK: Final = {
    name: Constructor(lambda dtype, data: scalar(_known(dtype), data))
    if name[1] == "scalar"
    else Constructor(lambda data, dtype, *rest: from_buffer(data, _known(dtype), *rest))
    for name in CONSTRUCTORS
    if name[1] in ("scalar", "_frombuffer")
}


class _QuickUnpickler(pickle.Unpickler):
    """C's, with nothing at hand that has attributes to be set."""

    def __init__(self, body: Any, buffers: list[bytearray]) -> None:
        super().__init__(io.BytesIO(body), buffers=buffers)
        self.waiting: list[weakref.ref[_DtypeInWaiting]] = []

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in CALLED_QUICKLY:
            return getattr(importlib.import_module(module), name)
        if (module, name) == ("numpy", "dtype"):
            waiting = self.waiting  # not a method of ours, by which what is opened would hold us, and we that
            return Constructor(lambda *args: _dtype_in_waiting(waiting, *args))
        try:
            return _QUICK[module, name]
        except KeyError:
            raise NotAdmitted(f"{module}.{name}") from None


def _dtype_in_waiting(waiting: list[weakref.ref[_DtypeInWaiting]], *args: Any) -> _DtypeInWaiting:
    made = _DtypeInWaiting(new_dtype(*args))
    waiting.append(weakref.ref(made))  # one that is there in the end is a value itself
    return made


# --- carefully --------------------------------------------------------------------------------------------------


class _CarefulUnpickler(Salvager):
    dispatch: ClassVar[dict[int, Any]] = dict(Salvager.dispatch)

    def __init__(self, body: Any, buffers: list[bytearray], classes: Classes) -> None:
        super().__init__(io.BytesIO(body), buffers=buffers)
        self._classes = classes
        self._callable: dict[int, Any] = {id(ZONE): ZONE}  # by identity; kept, so that no other thing gets that
        self._tolerant: set[int] = set()  # of those: what takes no notice of what it is given
        self._filled: set[type] = set()  # whose instances may get a state
        self._own: set[type] = set()  # of those: what the job's code defines

    def find_class(self, module: str, name: str) -> Any:
        key = (module, name)
        try:
            if name == "_reconstruct" and key in CONSTRUCTORS:
                own = self._own  # not a method of ours, as above
                return self._admit(Constructor(lambda kind, shape, dtype: empty_array(kind, shape, dtype, own)))
            if key in CONSTRUCTORS:
                return self._admit(CONSTRUCTORS[key])
            if key in CALLED:
                return self._admit(getattr(importlib.import_module(module), name))
            if key in STAND_INS:
                return STAND_INS[key]
            if key in KEPT:
                return getattr(importlib.import_module(module), name)
            if module in ("cloudpickle.cloudpickle", "cloudpickle"):
                return self._of_cloudpickle(name)
            return self._of_job(module, name, f"{module}.{name}")
        except Exception as error:  # noqa: BLE001 - importing a package may raise anything
            return Mark(error)

    def _of_cloudpickle(self, name: str) -> Any:
        """A class of an environment comes with all its code, of which none is wanted: it is here already, or is not."""
        here = weakref.proxy(self)  # we hold these functions, so they must not hold us
        meant: dict[str, Callable[..., Any]] = {
            "_make_skeleton_class": lambda _kind, name, _bases, _more, id, _extra: here._by_identity(id, name),
            "_make_skeleton_enum": lambda _bases, _name, name, _members, _module, id, _extra: here._by_identity(
                id, name
            ),
            "_class_setstate": lambda made, _state: made,
        }
        if name not in meant:
            return Mark(NotAdmitted(f"cloudpickle.{name}"))
        made = self._admit(Constructor(meant[name]))
        self._tolerant.add(id(made))
        return made

    def _by_identity(self, identity: Any, name: Any) -> Any:
        """As pickling.identify_classes names them."""
        module, _, place = identity.partition(".") if isinstance(identity, str) else ("", "", "")
        return self._of_job(module, place, name)

    def _of_job(self, module: str, name: str, shown: Any) -> Any:
        found = self._classes(module, name)
        if found is None:
            return Mark(NotAdmitted(str(shown).removeprefix(pickling.ENVIRONMENT_PREFIX)))
        self._own.add(found)
        return self._admit(found)

    def _admit(self, made: Any) -> Any:
        self._callable[id(made)] = made
        if isinstance(made, type):
            self._filled.add(made)
        return made

    # --- steps ------------------------------------------------------------------------------------------------

    def call(self, opcode: int, made_of: int) -> None:
        """REDUCE and NEWOBJ: only what was admitted is called, never what lies about in the values."""
        called = self.stack[-made_of]
        if type(called) is Mark:
            raise called.error
        if id(called) not in self._callable:
            raise NotAdmitted(_name_of(called))
        if id(called) not in self._tolerant:
            for argument in self.stack[-1]:
                if type(argument) is Mark:
                    raise argument.error
        Salvager.plainly[opcode](self)

    def build(self) -> None:
        """BUILD: only what is a value gets a state."""
        state, made = self.stack[-1], self.stack[-2]
        if type(made) is Mark:
            self.stack.pop()
            return
        numpy: Any = sys.modules.get("numpy")
        if numpy is not None and isinstance(made, numpy.dtype):
            self.stack.pop()
            self.replace(made, dtype_with_state(made, state))
            return
        own = type(made) in self._own
        if numpy is not None and isinstance(made, numpy.ndarray) and (own or type(made) in _arrays(numpy)):
            for part in state:
                if type(part) is Mark:
                    raise part.error
        elif isinstance(made, type) or type(made) not in self._filled:
            raise NotAdmitted(_name_of(made))
        Salvager.plainly[pickle.BUILD[0]](self)

    def refuse(self) -> None:
        raise pickle.UnpicklingError("it holds an instruction that no result has")


def _arrays(numpy: Any) -> tuple[type, ...]:
    return numpy.ndarray, numpy.matrix, numpy.recarray, numpy.ma.MaskedArray


def _name_of(thing: Any) -> str:
    kind = thing if isinstance(thing, type) else type(thing)
    return f"{kind.__module__}.{kind.__qualname__}"


def _call(opcode: bytes, made_of: int) -> Any:
    return stepping(lambda unpickler: unpickler.call(opcode[0], made_of), made_of, True)


_CarefulUnpickler.dispatch.update(
    {
        pickle.REDUCE[0]: _call(pickle.REDUCE, 2),
        pickle.NEWOBJ[0]: _call(pickle.NEWOBJ, 2),
        pickle.NEWOBJ_EX[0]: _call(pickle.NEWOBJ_EX, 3),
        pickle.BUILD[0]: stepping(_CarefulUnpickler.build, 1, False),
        **{
            opcode[0]: _CarefulUnpickler.refuse
            for opcode in (
                pickle.INST, pickle.OBJ, pickle.EXT1, pickle.EXT2, pickle.EXT4, pickle.PERSID, pickle.BINPERSID,
            )
        },
    }
)  # fmt: skip
