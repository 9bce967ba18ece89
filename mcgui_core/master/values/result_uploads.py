"""Large results on their way from nodes elsewhere: what has come of each, in a file of its own.

They come in pieces, beside the reports of their nodes. The report by which a result counts comes after its last piece.
What a broken connection interrupts goes on where it was; what nobody goes on with, or wants, is removed.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from mcgui_core.errors import BadInput
from mcgui_core.master.shared_state import SharedState
from mcgui_core.protocol.codec import FRAME_LIMIT
from mcgui_core.protocol.messages import Chunk, Outcome, Report, Stored
from mcgui_core.values.value_file import is_brought, new_name

#: Seconds without a piece after which a result is taken for one that nobody goes on with.
GRACE = 600.0

Key = tuple[str, int, int, int]  # node, lease, first task, and the one after the last


class ResultUploads:
    """Thread-safe. Writes without the state's lock."""

    def __init__(self, state: SharedState) -> None:
        self._state, self._values = state, state.journal.values
        self._uploads: dict[Key, _Upload] = {}

    def bring(self, node: str, piece: Outcome, offset: int, size: int) -> int:
        """The bytes of a result of that size from `offset` on, or some of them. Returns from where on the next ones are
        wanted: `size`, once all are here. Raises BadInput, JournalFull."""
        if not 0 < size <= FRAME_LIMIT or isinstance(piece.values, Stored):
            raise BadInput(f"A result of {size:,} bytes cannot travel; {FRAME_LIMIT:,} are the most.")
        with self._state.lock:
            upload = self._begun(_key(node, piece), piece.job, size)
            # A node that was refused asks without bytes, and the same ones do not travel again and again.
            self._state.write(partial(self._check_disk, size - upload.reached))
            data = memoryview(piece.values).cast("B")[: max(0, size - offset)]
            if not len(data) or offset != upload.reached or upload.busy:
                return upload.reached
            self._state.write(partial(self._values.reserve, len(data)))
            upload.reserved += len(data)
            upload.busy = True
        error = self._append(upload, data)
        with self._state.lock:
            upload.busy = False
            upload.reserved = self._released(upload.reserved, upload.reached)
            if upload.removed:
                self._drop(upload)
            elif error is not None:
                self._state.write(partial(_raise, error))
            return upload.reached

    def named(self, node: str, report: Report) -> Report:
        """A report with where those results lie that have been brought. One that has not gives its tasks back."""
        outcomes: list[Outcome] = []
        returned: list[Chunk] = []
        for outcome in report.outcomes:
            if not is_brought(outcome.values):
                outcomes.append(outcome)
            elif (stored := self._whole(node, outcome)) is not None:
                outcomes.append(replace(outcome, values=stored))
            else:
                returned.append(Chunk(outcome.lease, outcome.job, outcome.start, outcome.stop, token=outcome.token))
        return replace(report, outcomes=tuple(outcomes), returned=(*report.returned, *returned))

    def counted(self, node: str, outcomes: Iterable[Outcome]) -> None:
        """These have been told: a row names their files, or else they go."""
        with self._state.lock:
            for outcome in outcomes:
                if is_brought(outcome.values):
                    self._remove(_key(node, outcome))

    def forget(self, node: str) -> None:
        """That node does not come back. For whoever holds the state's lock."""
        for key in [key for key in self._uploads if key[0] == node]:
            self._remove(key)

    def sweep(self) -> None:
        """Remove what nobody wants or goes on with; now and then, by whoever holds the state's lock."""
        if not self._uploads:
            return
        now, jobs = self._state.now(), self._state.scheduler.jobs
        for key, upload in list(self._uploads.items()):
            if upload.job not in jobs or jobs[upload.job].final or now > upload.touched + GRACE:
                self._remove(key)

    def close(self) -> None:
        """Remove them all."""
        for key in list(self._uploads):
            self._remove(key)

    # --- inside -------------------------------------------------------------------------------------------------

    def _begun(self, key: Key, job: int, size: int) -> _Upload:
        found = self._uploads.get(key)
        if found is not None and found.size != size:
            self._remove(key)
            found = None
        if found is None:
            found = self._uploads[key] = _Upload(job, size)
        found.touched = self._state.now()
        return found

    def _check_disk(self, size: int) -> None:
        """Raises OSError where the disk has no room for the rest of a result."""
        if size > shutil.disk_usage(self._values.folder).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _append(self, upload: _Upload, data: memoryview) -> OSError | None:
        """Write these bytes, without the lock. Returns why some of them could not be."""
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(self._values.folder / upload.name, flags, 0o600), "ab", buffering=0) as file:
                while len(data):
                    written = file.write(data) or 0
                    upload.reached += written
                    data = data[written:]
        except OSError as error:
            return error
        return None

    def _released(self, reserved: int, used: int) -> int:
        self._values.release(reserved - used)
        return used

    def _whole(self, node: str, outcome: Outcome) -> Stored | None:
        upload = self._uploads.get(_key(node, outcome))
        if upload is None or not upload.size == upload.reached == len(outcome.values):
            return None
        return Stored(upload.name, 0, upload.size)

    def _remove(self, key: Key) -> None:
        upload = self._uploads.pop(key, None)
        if upload is not None:
            upload.removed = True
            if not upload.busy:  # else it is dropped by who writes
                self._drop(upload)

    def _drop(self, upload: _Upload) -> None:
        upload.reserved = self._released(upload.reserved, 0)
        self._values.drop(upload.name)


class _Upload:
    """What has come of one result."""

    def __init__(self, job: int, size: int) -> None:
        self.job, self.size = job, size
        self.name = new_name(os.getpid())
        self.reached = self.reserved = 0
        self.touched = 0.0
        self.busy = self.removed = False  # somebody writes it; it is not wanted any more


def _key(node: str, outcome: Outcome) -> Key:
    return node, outcome.lease, outcome.start, outcome.stop


def _raise(error: OSError) -> Any:
    raise error
