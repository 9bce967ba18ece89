"""A job with more tasks than are kept in columns: it is filtered by reading it through, and keeps its order."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

import numpy as np

from mcgui_core.client.job import Job
from mcgui_core.results.outcome_reader import OutcomeReader, arguments_between
from mcgui_core.results.table import filter_masks
from mcgui_core.results.table.filters import Filter, InState, parse
from mcgui_core.results.table.matching_tasks import MatchingTasks
from mcgui_core.results.table.table_index import TableIndex

#: Tasks of which the columns are those of all.
FIRST: Final = 256
#: Tasks that are opened together, where they are small: each window costs two round trips to the master.
WINDOW: Final = 32_768
#: Ranges that are asked for at once.
AT_ONCE: Final = 10_000


class LongJob:
    """Not thread-safe. One filter at a time; what it has found is in `found`, of the tasks before `searched`.

    Where the same is looked for once more, since tasks have ended, `found` is what there was until that is over.
    """

    def __init__(self) -> None:
        self.found = MatchingTasks()
        self.searched = 0
        self._fresh = self.found
        self._where = ""
        self._standing: tuple[int, ...] = ()  # of the job when the search began
        self._sample: TableIndex | None = None

    def sample(self, job: Job, reader: OutcomeReader) -> TableIndex:
        """The first tasks: which columns there are."""
        if self._sample is None or self._sample.read < min(FIRST, job.status.done + job.status.failed):
            for start, stop, index in _windows(job, reader, 0, min(FIRST, job.status.total)):
                if start == 0 and stop:
                    self._sample = index
                    break
        return self._sample or TableIndex()

    def look(self, job: Job, reader: OutcomeReader, where: str, seconds: float) -> bool:
        """Search on for so long at most. True where all has been looked through. Raises FilterInvalid."""
        wanted = parse(where, self.sample(job, reader).titles)
        assert wanted is not None, "there is nothing to look for without a filter"
        status = job.status
        standing = (status.total, status.done, status.failed)
        over = self.searched >= sum(self._standing[:1])
        if where != self._where or (over and standing != self._standing):
            self._fresh, self.searched, self._standing = MatchingTasks(), 0, standing
        if where != self._where:
            self.found, self._where = self._fresh, where
        deadline = time.monotonic() + seconds
        while self.searched < self._standing[0] and time.monotonic() < deadline:
            self._search(job, reader, wanted, deadline)
        if self.searched < self._standing[0]:
            return False
        self.found = self._fresh
        return True

    def _search(self, job: Job, reader: OutcomeReader, wanted: Filter, deadline: float) -> None:
        total = self._standing[0]
        if isinstance(wanted, InState):  # the master knows that, and nothing has to be opened for it
            ranges, complete = job.tasks_in(wanted.state, self.searched, AT_ONCE)
            self._fresh.extend(ranges)
            self.searched = total if complete else ranges[-1][1]
            return
        sample = self.sample(job, reader)
        for start, stop, index in _windows(job, reader, self.searched, total):
            kept = np.concatenate(([0], filter_masks.mask(index, wanted, sample).view(np.int8), [0]))
            edges = (np.flatnonzero(np.diff(kept)) + start).tolist()
            self._fresh.extend(zip(edges[::2], edges[1::2], strict=True))
            self.searched = stop
            if time.monotonic() >= deadline:
                return


def _windows(job: Job, reader: OutcomeReader, start: int, stop: int) -> Iterable[tuple[int, int, TableIndex]]:
    for first, last, settled in reader.between(job, start, stop, WINDOW):
        index = TableIndex()
        index.fill(first, arguments_between(job, first, last), settled)
        yield first, last, index
