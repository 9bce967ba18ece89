"""The traceback and the causes of an exception as Python keeps them, without asking the exception: it may be a user's.

A frozen dataclass lets nobody set `__traceback__`, a property may stand in its place, and `__getattribute__`,
`__bool__` or `__len__` may do anything. Light, because every slot imports it.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

_OF_ALL = vars(BaseException)
_TRACEBACK, _CAUSE, _CONTEXT = _OF_ALL["__traceback__"], _OF_ALL["__cause__"], _OF_ALL["__context__"]
_GROUPED = vars(BaseExceptionGroup)["exceptions"]


def traceback_of(error: BaseException) -> TracebackType | None:
    """Its `__traceback__`."""
    found: TracebackType | None = _TRACEBACK.__get__(error)
    return found


def set_cause(error: BaseException, cause: BaseException | None) -> None:
    """As `raise error from cause` does."""
    _CAUSE.__set__(error, cause)


def drop_traceback(error: BaseException) -> None:
    """An error that somebody keeps, and raises every time, would drag along all of its past."""
    _TRACEBACK.__set__(error, None)


def drop_frames(error: BaseException) -> None:
    """As `drop_traceback`, of all that belongs to it too: its causes, and what is in a group of exceptions."""
    left, seen = [error], set()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        drop_traceback(one)
        left += (other for other in (_CAUSE.__get__(one), _CONTEXT.__get__(one)) if other is not None)
        if is_of(one, BaseExceptionGroup):
            left += _GROUPED.__get__(one)


def is_of(value: Any, kind: type | tuple[type, ...]) -> bool:
    """As `isinstance`, which asks the value for its `__class__` where it is of none of them."""
    return issubclass(type(value), kind)
