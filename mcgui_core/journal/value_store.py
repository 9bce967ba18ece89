"""The store: large values of jobs, in files beside the journal's database, whose rows say where each lies.

A file is written by one process, and never changed once a row names it: by the master, for what came to it through a
connection, or by a client or a slot of this computer. First the file, then the row, then whoever waits is told. So at
any moment a file that no row names is nobody's, unless its writer is still about to hand it over; and all of a job's
go with the job. What a killed process wrote is there. What a power cut takes is what was not synced: its rows are told
by their files' mark (`durable`), and by whether the computer was started since.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import psutil

from mcgui_core.errors import BadInput, JournalUnusable
from mcgui_core.journal.boot_identity import boot_identity, is_same_boot
from mcgui_core.journal.journal_file import JournalFile
from mcgui_core.protocol.messages import Stored
from mcgui_core.values.value_file import VALUES_FOLDER, ValueFile, is_large, is_name, slice_of, writer_of

T = TypeVar("T")


class ValueStore:
    """The caller begins and ends transactions, and says how they ended. `put`, `read`, `loaded` and `sync` are
    thread-safe."""

    def __init__(self, file: JournalFile) -> None:
        """Raises JournalUnusable where the folder of the values is not there any more."""
        self._file, self._db = file, file.db
        self.path = Path(f"{file.path}{VALUES_FOLDER}")
        self._boot = boot_identity()
        self._noted: list[str] = []  # files that rows name since the transaction began
        self._made: list[str] = []  # files that were written for it
        self._unsynced: deque[str] = deque()
        self._synced: deque[str] = deque()  # and not marked yet
        self._unwanted: set[str] = set()  # files that go when the transaction has ended
        self._size = 0  # bytes of all files that rows name
        self._arriving = 0  # bytes for which `reserve` has promised room
        self.lost: dict[int, int] = {}  # job -> outcomes whose values were not there any more as this was opened
        self._recover()

    @property
    def folder(self) -> Path:
        """Where the files are; made when it is needed. Raises OSError."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.path

    # --- reading ------------------------------------------------------------------------------------------------

    @property
    def bytes(self) -> int:
        """What all its files take of the disk."""
        return self._size

    def loaded(self, thing: T, field: str) -> T:
        """A thing with the bytes themselves in that field. Raises OSError."""
        data = getattr(thing, field)
        if not isinstance(data, Stored):
            return thing
        return replace(thing, **{field: self.read(data)})  # type: ignore[type-var]

    def read(self, stored: Stored) -> memoryview:
        """Its bytes. Raises OSError."""
        return slice_of(self.path, stored).view(0, stored.size)

    def put(self, things: Iterable[T], field: str) -> tuple[tuple[T, ...], str]:
        """As `keep`, before the transaction; and the name of the file, or "": `drop` has to be called of that when the
        transaction has ended. Raises OSError."""
        things = tuple(things)
        if not any(is_large(getattr(thing, field)) for thing in things):
            return things, ""
        with ValueFile(self.folder) as file:
            kept = tuple(
                replace(thing, **{field: file.put(getattr(thing, field))})  # type: ignore[type-var]
                if is_large(getattr(thing, field))
                else thing
                for thing in things
            )
        return kept, file.name

    def has(self, stored: Stored | None) -> bool:
        """Its file is there, and as long as it has to be."""
        if stored is None:
            return False
        row = self._db.execute("SELECT size FROM value_files WHERE name = ?", (stored.name,)).fetchone()
        return row is not None and 0 <= stored.start <= stored.start + stored.size <= row[0]

    def is_named(self, name: str) -> bool:
        """A row says that something lies in this file."""
        return self._db.execute("SELECT 1 FROM value_files WHERE name = ?", (name,)).fetchone() is not None

    # --- within a transaction -----------------------------------------------------------------------------------

    def keep(self, things: Iterable[T], field: str) -> tuple[T, ...]:
        """The things, of which that field says where it lies where it was large: in a file, which belongs to nobody
        until `note`. Raises OSError."""
        kept, name = self.put(things, field)
        self._made += [name] if name else []
        return kept

    def note(self, job: int, values: Iterable[Any]) -> None:
        """Those of them that are in files belong to a job now. Raises BadInput where they are not there, or another
        job's; sqlite3.Error."""
        sizes: dict[str, int] = {}
        for value in values:
            if isinstance(value, Stored):
                sizes[value.name] = max(sizes.get(value.name, 0), value.start + value.size)
                if value.start < 0 or value.size < 0:
                    raise BadInput("Values begin where their file begins, or later.")
        for name, reached in sizes.items():
            self._note(job, name, reached)

    def _note(self, job: int, name: str, reached: int) -> None:
        if not is_name(name):  # it comes from a peer: a path elsewhere, or no UTF-8
            raise BadInput("These values are not in the store.")
        known = self._db.execute("SELECT job, size FROM value_files WHERE name = ?", (name,)).fetchone()
        if known is not None and known[0] != job:
            raise BadInput("These values are another job's.")
        if known is not None and known[1] >= reached:
            return
        try:
            size = (self.path / name).stat().st_size
        except OSError:
            size = -1
        if size < reached:
            raise BadInput("These values are not in the store.")
        self._check_room(size)
        self._file.leave_room(self._size + size)
        self._db.execute(
            "INSERT INTO value_files VALUES (?1, ?2, ?3, 0) ON CONFLICT (name) DO UPDATE SET size = ?3, durable = 0",
            (name, job, size),
        )
        self._size += size - (known[1] if known is not None else 0)
        self._noted.append(name)

    def reserve(self, size: int) -> None:
        """So many bytes are about to be `put`, until `release` says that they are noted, or dropped.

        Raises OSError where the limit has no room for them."""
        self._check_room(self._arriving + size)
        self._arriving += size

    def release(self, size: int) -> None:
        """What was reserved is in use by now, or free again."""
        self._arriving -= size

    def drop(self, name: str) -> None:
        """Remove what `put` has made, if no row names it. Outside of transactions."""
        if name and not self.is_named(name):
            self._remove([name])

    def unwanted(self, value: Any) -> None:
        """It counts nowhere: its file goes with the transaction, unless a row names that."""
        if isinstance(value, Stored) and is_name(value.name) and not self.is_named(value.name):
            self._unwanted.add(value.name)

    def forget(self, job: int) -> None:
        sizes = dict(self._db.execute("SELECT name, size FROM value_files WHERE job = ?", (job,)).fetchall())
        self._db.execute("DELETE FROM value_files WHERE job = ?", (job,))
        self._unwanted.update(sizes)
        self._size -= sum(sizes.values())

    def committed(self) -> None:
        """The transaction has ended, and holds."""
        self._unsynced.extend(self._noted)
        self._noted.clear()
        self._made.clear()
        unwanted, self._unwanted = self._unwanted, set()
        if unwanted:
            self._remove(name for name in unwanted if not self.is_named(name))  # of other values in it, some may count
            self._file.leave_room(self._size)

    def undone(self) -> None:
        """The transaction was rolled back. What we wrote for it is nobody's; what others wrote is still theirs."""
        self._remove(self._made)
        self._noted.clear()
        self._made.clear()
        self._unwanted.clear()
        self._measure()

    # --- on disk ------------------------------------------------------------------------------------------------

    def sync(self) -> None:
        """Have the disk keep all values that rows name by now, before it is made to keep those rows. Raises OSError."""
        if self._file.temporary_folder is not None or not self._unsynced:
            return
        names = [self._unsynced.popleft() for _ in range(len(self._unsynced))]
        try:
            for name in set(names):
                with suppress(FileNotFoundError), (self.path / name).open("r+b", buffering=0) as file:
                    os.fsync(file.fileno())
            if os.name == "posix":
                folder = os.open(self.path, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        except BaseException:
            self._unsynced.extendleft(names)
            raise
        self._synced.extend(names)

    def mark_synced(self) -> None:
        """Note of what `sync` has done. Raises sqlite3.Error."""
        names = {self._synced.popleft() for _ in range(len(self._synced))}.difference(self._unsynced)
        if names:
            with self._file.transaction():
                self._db.executemany("UPDATE value_files SET durable = 1 WHERE name = ?", ((name,) for name in names))

    def sweep(self, quiet: float = 0.0) -> None:
        """Remove files that no row names, and whose writer is gone; to which nobody has written for `quiet` seconds."""
        with suppress(OSError, sqlite3.Error):
            for path in self.path.iterdir():
                left = is_name(path.name) and self._is_orphan(path.name) and not self.is_named(path.name)
                if left and (not quiet or path.stat().st_mtime + quiet < time.time()):
                    self._remove([path.name])

    def close(self) -> None:
        """To be called before the database is closed."""
        with suppress(OSError, sqlite3.Error):
            self.sync()
            self.mark_synced()
        with suppress(OSError, sqlite3.Error):
            self.sweep()
            if self._file.temporary_folder is not None:
                shutil.rmtree(self.path, ignore_errors=True)
            self.path.rmdir()  # where nothing is in it

    # --- inside -------------------------------------------------------------------------------------------------

    def _is_orphan(self, name: str) -> bool:
        """Nobody is about to hand it over."""
        return not psutil.pid_exists(writer_of(name))

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            # On Windows, what somebody has mapped cannot be removed: `sweep` tries again.
            with suppress(OSError):
                (self.path / name).unlink()

    def _measure(self) -> None:
        self._size = self._db.execute("SELECT coalesce(sum(size), 0) FROM value_files").fetchone()[0]
        self._file.leave_room(self._size)

    def _check_room(self, size: int) -> None:
        limit = self._file.limit
        if limit is not None and self._size + size + self._file.size > limit:
            raise OSError(errno.ENOSPC, "the limit of the journal is reached")

    def _recover(self) -> None:
        """Find what is not there that rows name, and remove what no row names."""
        self._check_folder()
        before = self._file.get("boot") or ""
        same = is_same_boot(before, self._boot)
        lost = [
            (name, job)
            for name, job, size, durable in self._db.execute("SELECT name, job, size, durable FROM value_files")
            if not (durable or same) or not self._is_whole(name, size)
        ]
        with self._file.transaction():
            for name, job in lost:
                self._lose(name, job)
            if before != self._boot:
                self._file.put("boot", self._boot)
        self._unsynced.extend(n for (n,) in self._db.execute("SELECT name FROM value_files WHERE NOT durable"))
        with suppress(OSError):
            for path in self.path.iterdir():
                if is_name(path.name) and not self.is_named(path.name) and (not same or self._is_orphan(path.name)):
                    self._remove([path.name])
        self._measure()

    def _check_folder(self) -> None:
        """Raises JournalUnusable where the folder is not there, and what was in it was synced: no power cut takes that.

        Whoever moved the journal alone would lose all results by a look at it: they would count no more, also once the
        folder is there again.
        """
        synced = self._db.execute("SELECT count(*) FROM value_files WHERE durable").fetchone()[0]
        if synced and not self.path.exists():
            raise JournalUnusable(
                str(self._file.path),
                f"the folder {self.path.name}, which has the large ones of its values, is not beside it. Was it moved "
                "without that? Put the folder there; where it is gone for good, an empty one of that name has those "
                "tasks run again whose results were in it",
            )

    def _is_whole(self, name: str, size: int) -> bool:
        try:
            return (self.path / name).stat().st_size >= size
        except OSError:
            return False

    def _lose(self, name: str, job: int) -> None:
        """What lay in a file counts no more. Arguments that are missing are seen when their job is read."""
        end = f"% {name}"
        found = self._db.execute(
            "UPDATE outcomes SET accepted = '[]', data = x'' WHERE job = ? AND typeof(data) = 'text' AND data LIKE ?",
            (job, end),
        ).rowcount
        self._db.execute("DELETE FROM value_files WHERE name = ?", (name,))
        if found:
            self.lost[job] = self.lost.get(job, 0) + found
            self._db.execute(
                "UPDATE jobs SET state = 'waiting', reason = '', reason_code = '', finished = NULL "
                "WHERE id = ? AND state = 'finished'",
                (job,),
            )
