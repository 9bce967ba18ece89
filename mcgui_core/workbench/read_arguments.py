"""How the arguments of a job are read from where they come from: as it begins, while it runs, and once more later."""

from __future__ import annotations

import os
import pickle
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


def differ_from(job: Job, source: ArgumentSource, values: Iterable[Any]) -> str:
    """In what the `values` that `source` gives now are others than the job's, as a sentence; "" where that is not seen.

    Looked at are the first of them, how many there are where that is known at once, and else when the file was written.
    """
    from mcgui_core.values.display import shown
    from mcgui_core.values.partial_unpickling import Unopened

    status = job.status
    before = job.arguments(0, COMPARED)
    now = list(islice(iter(values), COMPARED + 1))
    there = len(values) if isinstance(values, Sized) else len(now) if len(now) <= COMPARED else None
    if there is not None and status.sealed and there != status.total:
        return f"There are {there:,}, and were {status.total:,}."
    for task, (then, found) in enumerate(zip(before, now, strict=False)):
        if not isinstance(then, Unopened) and not _same(then, found) and shown(then) != shown(found):
            return f"That of task {task:,} is {shown(found)}, and was {shown(then)}."
    if there is None and source.path and expanded(source.path).stat().st_mtime > status.created:
        return f"{source.path} was written since."
    return ""


def _same(one: Any, other: Any) -> bool:
    try:
        return pickle.dumps(one) == pickle.dumps(other)
    except Exception:  # noqa: BLE001 - it is the user's; how it is shown tells as well
        return False
