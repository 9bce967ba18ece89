"""When the journal cannot be written: nothing is lost, jobs pause and say why, and go on by themselves."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from mcgui_core.errors import JournalFull, McguiError
from mcgui_core.journal.journal import Journal
from mcgui_core.master.stored_jobs import standing
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.scheduler import Scheduler

T = TypeVar("T")

#: What a file says of a disk, or of one's share of it, that is full.
_FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskFullGuard:
    """Writes to a journal, and halts the scheduler while that cannot be done. Not thread-safe: see hub.py."""

    def __init__(self, journal: Journal, scheduler: Scheduler) -> None:
        self._journal, self._scheduler = journal, scheduler
        self._unsaved: dict[int, JobRecord] = {}  # whose state has changed since nothing can be written
        self._shrinking = False  # the journal has room to give back
        self.trouble: JournalFull | None = None  # why nothing can be written at present

    def write(self, write: Callable[[], T]) -> T:
        """Raises JournalFull; then nothing of this was written."""
        try:
            return write()
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, McguiError):
                raise
            file = self._journal.file
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            full = code == sqlite3.SQLITE_FULL or getattr(error, "errno", None) in _FULL
            self.trouble = JournalFull(str(file.path), file.limit, str(error), full)
            self._scheduler.halt(True)
            raise self.trouble from error

    def save(self, job: JobRecord) -> None:
        """Write how a job stands; later, if that cannot be done now: it can be rebuilt from the outcomes anyway."""
        try:
            self.write(lambda: self._journal.save_state(job.id, standing(job)))
        except JournalFull:
            self._unsaved[job.id] = job

    def forget(self, job: int) -> None:
        """Delete a job. Raises JournalFull."""
        self.write(lambda: self._journal.forget(job))
        self._unsaved.pop(job, None)
        self._shrinking = True

    def look(self) -> bool:
        """To be called now and then. True if the journal can be written again after it could not."""
        if self._shrinking:
            self._shrinking = self._journal.file.shrink()
        if self.trouble is None:
            return False
        try:
            self._journal.file.probe()
        except sqlite3.Error:
            return False
        self.trouble = None
        unsaved, self._unsaved = self._unsaved, {}
        for job in unsaved.values():
            self.save(job)
        self._scheduler.halt(self.trouble is not None)
        return True
