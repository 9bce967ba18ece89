"""Arguments that come one by one, read in a thread of their own.

What has come travels while the next one is awaited: a generator may be slow, or wait for a result of its own job. It
may also give the same list or array again and again, with other contents: each argument is what it was when it came,
but for what a function refers to.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from sys import getrefcount
from typing import Any

from mcgui_core.values.immutable import ATOMS
from mcgui_core.values.size_estimate import estimated_size
from mcgui_core.values.snapshot import as_kept, is_array, is_flat, is_plain_array, kept

_CONTAINERS: tuple[Collection[Any], ...] = ([], (), {}, {}.keys(), {}.values(), {}.items(), set(), deque(), "", b"")
#: Iterators that hand out what is there already.
_OF_CONTAINERS = frozenset(type(iter(one)) for one in _CONTAINERS)


class ReadingStopped(Exception):
    """Nobody wants the rest of the arguments."""


def as_they_come(arguments: Iterable[Any]) -> Iterator[Any]:
    """The arguments, each as it is now: what may change later as `kept` makes it, of which `as_kept` makes it again.

    Raises KeyboardInterrupt, where that comes while something of the user's is called."""
    argument = object()
    alone = getrefcount(argument)  # of what is here alone: as versions of Python count
    for argument in arguments:
        if type(argument) in ATOMS or (getrefcount(argument) == alone and _holds_all(argument)):
            yield argument
        else:
            yield kept(argument, KeyboardInterrupt)


def makes_items(arguments: Iterable[Any], items: Iterator[Any]) -> bool:
    """Each may be made, or filled, as it is asked for, and be the one before it: but for those of the plain containers,
    what is not known does so. (What is in C may ask a generator: `zip`, or `nditer` with a buffer.)"""
    return type(items) not in _OF_CONTAINERS and not is_array(arguments)


def _holds_all(argument: Any) -> bool:
    """Nobody who has not got the argument has anything in it that may change."""
    return is_flat(argument) or (is_plain_array(argument) and bool(argument.flags.owndata))


class ReadAhead:
    """Reads an iterable, up to `most` arguments or `most_bytes` of them ahead of whoever takes them."""

    def __init__(self, arguments: Iterable[Any], most: int, most_bytes: int) -> None:
        self._arguments, self._most, self._most_bytes = arguments, most, most_bytes
        self._changed = threading.Condition()
        self._items: list[Any] = []
        self._bytes = 0
        self._ended = self._closed = False
        self._error: Exception | None = None
        threading.Thread(target=self._read, name="mcgui-reader", daemon=True).start()

    def __iter__(self) -> Iterator[list[Any]]:
        """What has come since the last time, as soon as there is something.

        Raises what reading raised, once everything before it has been given out; ReadingStopped after `close`.
        """
        while taken := self._take():
            yield [as_kept(argument) for argument in taken]
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Read no further. An iterable that blocks is left to itself: nothing can interrupt it."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _take(self) -> list[Any]:
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._ended or self._closed)
            if self._closed:
                raise ReadingStopped
            taken, self._items, self._bytes = self._items, [], 0
            self._changed.notify_all()
            return taken

    def _read(self) -> None:
        try:
            items = iter(self._arguments)
            for argument in as_they_come(items) if makes_items(self._arguments, items) else items:
                if not self._offer(argument):
                    break
        except Exception as error:  # noqa: BLE001 - it is raised where the arguments are taken
            self._error = error
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like; they would end another thread than theirs
            self._error = RuntimeError(f"{type(error).__name__}: {error}")
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _offer(self, argument: Any) -> bool:
        with self._changed:
            self._items.append(argument)
            self._bytes += estimated_size(argument)
            self._changed.notify_all()
            self._changed.wait_for(self._has_room)
            return not self._closed

    def _has_room(self) -> bool:
        return self._closed or (len(self._items) < self._most and self._bytes < self._most_bytes)
