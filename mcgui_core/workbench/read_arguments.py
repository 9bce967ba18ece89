"""How the arguments of a job are read from where they come from: as it begins, while it runs, and once more later."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sized
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.base.user_folders import expanded
from mcgui_core.environment.environment_loader import beside

if TYPE_CHECKING:
    from mcgui_core.client.job import Job

#: Arguments up to which a list is handed over before `submit` returns: a second or so. More are read in the background.
HANDED_OVER_AT_ONCE: Final = 100_000
#: Arguments of such a longer list that are tried first, because "cannot be pickled" is best said at once.
TRIED: Final = 1000
#: Arguments of a job that are compared with those that its source gives now.
COMPARED: Final = 100
#: Seconds for which they are read for that, and again for which they are compared: each may take long, or be large.
COMPARED_SECONDS: Final = 2.0


def read_beside(filename: str, values: Iterable[Any]) -> Iterable[Any]:
    """The same arguments; those that are made as they are read, where the environment's file lies."""
    return values if isinstance(values, Sized) else _read_beside(os.path.abspath(filename), iter(values))  # noqa: PTH100


def _read_beside(filename: str, values: Iterator[Any]) -> Iterator[Any]:
    while True:
        with beside(filename):
            try:
                value = next(values)
            except StopIteration:
                return
        yield value


def worth_waiting_for(values: Iterable[Any]) -> Iterable[Any]:
    """The same arguments; as an iterator, which `submit_spec` reads in the background, where they are very many."""
    if isinstance(values, range) or not isinstance(values, Sized) or len(values) <= HANDED_OVER_AT_ONCE:
        return values
    from mcgui_core.client.argument_blocks import blocks

    for _ in blocks(islice(values, TRIED)):
        continue
    return iter(values)


def differ_from(job: Job, source: ArgumentSource, values: Iterable[Any], seconds: float = COMPARED_SECONDS) -> str:
    """In what the `values` that `source` gives now are others than the job's, as a sentence; "" where that is not seen.

    Looked at are how many there are where that is known at once, the first of them (as many as are read in so many
    seconds, one at least), and where these are not all, when the file was written.
    """
    from mcgui_core.values.display import shown
    from mcgui_core.values.partial_unpickling import Unopened
    from mcgui_core.workbench.same_value import same_value

    status = job.status
    now, are_all = _first(values, COMPARED, seconds)
    there = len(values) if isinstance(values, Sized) else len(now) if are_all else None
    if there is not None and status.sealed and there != status.total:
        return f"{'There is' if there == 1 else 'There are'} {there:,}, and {_were(status.total)}."
    end = time.monotonic() + seconds
    compared = 0
    for task, (found, then) in enumerate(zip(now, _given(job, COMPARED), strict=False)):
        if not isinstance(then, Unopened):
            compared += 1
            if not same_value(then, found):
                return _difference(task, shown(then), shown(found))
        if time.monotonic() >= end:
            break
    if compared != there and source.path and expanded(source.path).stat().st_mtime > status.created:
        return f"{source.path} was written since."
    return ""


def _were(count: int) -> str:
    return f"{'there was' if count == 1 else 'were'} {count:,}"


def _difference(task: int, then: str, found: str) -> str:
    if then == found:
        return f"That of task {task:,} differs in what is left out here: {found}."
    return f"That of task {task:,} is {found}, and was {then}."


def _first(values: Iterable[Any], most: int, seconds: float) -> tuple[list[Any], bool]:
    """Up to `most` of the values, fewer where so many seconds are over before; and whether these are all of them."""
    end = time.monotonic() + seconds
    found: list[Any] = []
    for value in values:
        if len(found) == most:
            return found, False
        found.append(value)
        if time.monotonic() >= end:
            return found, False
    return found, True


def _given(job: Job, most: int) -> Iterator[Any]:
    """The first arguments of the job, twice as many at a time: the first tell most, and all may be gigabytes."""
    start = 0
    while found := job.arguments(start, min(2 * start + 1, most)):
        yield from found
        start += len(found)
