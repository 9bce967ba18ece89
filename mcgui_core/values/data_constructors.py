"""What stands for the names in a pickle whose arguments have to be looked at: of numbers, zones, and mostly of NumPy.

`dtype.__setstate__` believes what it is told. A type of objects that says that it holds none makes an array whose bytes
are taken for addresses. So a state is read here, and the type made anew by the constructor, which checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

_DTYPE = re.compile(r"[<>=|]?[?abBcdDefFgGhHiIlLmMOpPqQSuUV][0-9]*(\[[0-9]*[a-zA-Z]+\])?")
_FRACTION = re.compile(r"-?[0-9]+(/[0-9]+)?")


class Refusal(Exception):
    """Arguments that no honest pickle has."""


class Constructor:
    """A function that a pickle can call and not change."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *args: Any) -> Any:
        return self._call(*args)

    def __setstate__(self, _state: Any) -> None:
        raise Refusal("it changes what makes values")


def _numpy() -> Any:
    import numpy as np  # here, because it need not be installed

    return np


def new_dtype(spec: Any, _align: Any = False, _copy: Any = True) -> Any:
    """Another object each time, since which state it gets is not known yet."""
    np = _numpy()
    named = isinstance(spec, str) and _DTYPE.fullmatch(spec)
    if not named and not (isinstance(spec, type) and issubclass(spec, np.void | np.record)):
        raise Refusal("it describes no type of numbers")
    return np.dtype(spec, copy=True)


def dtype_with_state(plain: Any, state: Any) -> Any:
    """The type that `plain` becomes by this state."""
    np = _numpy()
    version, order, subarray, names, fields, itemsize, alignment, _flags, *more = state
    if version not in (3, 4) or not (isinstance(order, str) and len(order) == 1):
        raise Refusal("it describes no type of numbers")
    if more and more[0] is not None and plain.char in "mM":
        unit, count, *_ = more[0][1]
        unit = unit.decode() if isinstance(unit, bytes) else unit
        plain = np.dtype(f"{plain.char}8" if unit == "generic" else f"{plain.char}8[{int(count)}{unit}]")
    if subarray is not None:
        base, shape = subarray
        return np.dtype((_sound(base), shape))
    if names is not None:
        parts = [fields[name] for name in names]
        described: dict[str, Any] = {
            "names": [str(name) for name in names],
            "formats": [_sound(part[0]) for part in parts],
            "offsets": [int(part[1]) for part in parts],
            "itemsize": int(itemsize),
        }
        if any(len(part) > 2 for part in parts):
            described["titles"] = [part[2] if len(part) > 2 else None for part in parts]
        made = np.dtype(described, align=alignment > 1)
        return np.dtype((plain.type, made)) if plain.type is np.record else made
    return plain.newbyteorder(order) if order in "<>" else plain


def _sound(dtype: Any) -> Any:
    np = _numpy()
    if not isinstance(dtype, np.dtype):
        raise Refusal("it describes no type of numbers")
    return dtype


def empty_array(kind: Any, _shape: Any, _dtype: Any, own: Collection[type] = ()) -> Any:
    """An empty one, which gets its state next. `own` are classes whose kinds of arrays may be made too."""
    np = _numpy()
    if kind not in (np.ndarray, np.matrix, np.recarray) and not (kind in own and issubclass(kind, np.ndarray)):
        raise Refusal("it is an array of no kind that is known")
    return np.ndarray.__new__(kind, (0,), "b")


def _masked_array(kind: Any, base: Any, _shape: Any, _dtype: Any) -> Any:
    np = _numpy()
    if kind is not np.ma.MaskedArray or base is not np.ndarray:
        raise Refusal("it is an array of no kind that is known")
    return kind.__new__(kind, np.ndarray.__new__(base, (0,), "b"), mask=np.ndarray.__new__(base, (0,), "?"), dtype="b")


def from_buffer(data: Any, dtype: Any, shape: Any, order: Any, axes: Any = None) -> Any:
    np = _numpy()
    found = np.frombuffer(data, dtype=_sound(dtype))
    return found.reshape(shape, order=order) if axes is None else found.reshape(shape).transpose(axes)


def scalar(dtype: Any, data: Any) -> Any:
    np = _numpy()
    dtype = _sound(dtype)
    if dtype.hasobject:
        if not isinstance(data, np.ndarray):
            raise Refusal("it describes no number")
        return data[()]
    if not isinstance(data, bytes | bytearray | str):
        raise Refusal("it describes no number")
    held = data.encode("latin-1") if isinstance(data, str) else bytes(data)
    return np.frombuffer(held, dtype=dtype, count=1)[0] if dtype.itemsize else dtype.type()


def _arrow_array(state: Any) -> Any:
    """pyarrow believes offsets into text, too, until it is asked to look at them."""
    from pyarrow.lib import _restore_array

    made = _restore_array(state)
    made.validate(full=True)
    return made


def _fraction(text: Any, denominator: Any = None) -> Any:
    """Not of "1e999999999", which would be written out."""
    from fractions import Fraction

    if denominator is None and isinstance(text, str) and _FRACTION.fullmatch(text):
        return Fraction(text)
    if type(text) is int and type(denominator) is int:
        return Fraction(text, denominator)
    raise Refusal("it is no fraction")


def _zone(key: Any, from_cache: Any) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(key) if from_cache else ZoneInfo.no_cache(key)


ZONE = Constructor(_zone)


def _attribute(owner: Any, name: Any) -> Any:
    """How a time zone is pickled: `getattr(ZoneInfo, "_unpickle")`. No other attribute of anything."""
    if owner is not _ZONE_CLASS or name != "_unpickle":
        raise Refusal("it asks for an attribute")
    return ZONE


class _ZoneClass:
    """Stands for ZoneInfo."""

    __slots__ = ()


_ZONE_CLASS = _ZoneClass()

_ARRAYS = {f"numpy.{core}.multiarray" for core in ("core", "_core")}
#: (module, name) -> what stands for it.
CONSTRUCTORS: dict[tuple[str, str], Any] = {
    ("builtins", "getattr"): Constructor(_attribute),
    ("fractions", "Fraction"): Constructor(_fraction),
    ("numpy", "dtype"): Constructor(new_dtype),
    ("numpy.ma.core", "_mareconstruct"): Constructor(_masked_array),
    ("pyarrow.lib", "_restore_array"): Constructor(_arrow_array),
    **{(module, "_reconstruct"): Constructor(empty_array) for module in _ARRAYS},
    **{(module, "scalar"): Constructor(scalar) for module in _ARRAYS},
    **{(f"numpy.{core}.numeric", "_frombuffer"): Constructor(from_buffer) for core in ("core", "_core")},
}
#: (module, name) -> what stands for it, not to be called.
STAND_INS = {("zoneinfo", "ZoneInfo"): _ZONE_CLASS}
