"""Some tasks of a job, in an order of somebody's choice: what an export writes where not all of them are wanted."""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from mcgui_core.base.ranges import RangeSet

#: Tasks that lie so close together are read in one go.
NEAR = 64


@dataclass(frozen=True)
class ChosenTasks:
    """`order` has the tasks as they are to be written; None: as they ascend."""

    tasks: RangeSet
    order: tuple[int, ...] | None = None

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where to read: ranges that together hold all tasks, and not many others."""
        begin = end = -1
        for start, stop in self.tasks:
            if begin >= 0 and start - end >= NEAR:
                yield begin, end
                begin = -1
            begin, end = (start if begin < 0 else begin), stop
        if begin >= 0:
            yield begin, end

    def arranged(
        self, found: Iterator[tuple[int, Any]], in_place: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Iterator[Any]:
        """What belongs to each task, which come ascending, in the order that is wanted. It waits in a file until then:
        there may be more of it than memory. What it is of can be pickled `in_place`."""
        if self.order is None:
            yield from (item for _, item in found)
            return
        tasks, places = array("q"), array("q")
        with tempfile.TemporaryFile() as file:
            for task, item in found:
                tasks.append(task)
                places.append(file.tell())
                with in_place():
                    pickle.dump(item, file, protocol=5)
            place_of = dict(zip(tasks, places, strict=True))
            for task in self.order:
                if task in place_of:  # others have no outcome
                    file.seek(place_of[task])
                    with in_place():
                        item = pickle.load(file)
                    yield item
