"""The journal as a file: opened, checked, migrated, limited, shrunk. What its rows mean, the stores know.

SQLite in write-ahead mode: a write is one append, a killed process loses nothing, and the file is locked as a whole
while a master has it open. Without a path it is a temporary file: a job that does not fit into memory needs one too.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from mcgui_core.base.private_file import make_private
from mcgui_core.errors import JournalUnusable
from mcgui_core.journal import schema

#: Bytes that are written to find out whether the disk takes anything again.
PROBE = 256 << 10
#: Pages that are given back to the disk in one go, when runs are deleted: a moment's work.
VACUUM_PAGES = 1000
#: Bytes to which the write-ahead log shrinks again after it had to hold much.
LOG_BYTES = 64 << 20

_REASONS = {
    sqlite3.SQLITE_BUSY: "another master has it open",
    sqlite3.SQLITE_NOTADB: "it is not a journal",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
}


class JournalFile:
    """One open file. Not thread-safe."""

    def __init__(self, path: Path | None = None, limit: int | None = None) -> None:
        """Open or create it; it grows to `limit` bytes at most.

        Raises JournalUnusable where the file is not a journal, is newer, damaged, or in use.
        """
        self._limit = limit
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        if path is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="mcgui-")
            path = Path(self._temporary.name, "journal.sqlite")
        self.path = path
        try:
            self.written = _last_written(path)
            self.db = self._open()
        except sqlite3.Error as error:
            code = error.sqlite_errorcode & 0xFF
            raise JournalUnusable(str(path), _REASONS.get(code, str(error)), code == sqlite3.SQLITE_BUSY) from error
        except OSError as error:
            raise JournalUnusable(str(path), error.strerror or str(error)) from error

    @property
    def id(self) -> str:
        """What tells this journal from any other."""
        return self.get("id") or ""

    @property
    def bytes(self) -> int:
        """What it takes of the disk, with what it wrote ahead."""
        files = (self.path, Path(f"{self.path}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    @property
    def limit(self) -> int | None:
        """Bytes that it may have, if that is limited."""
        return self._limit

    @property
    def size(self) -> int:
        """Bytes that it has, without what was deleted."""
        pages, free, each = (
            self.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * each)

    def leave_room(self, size: int) -> None:
        """So many bytes of what it may have are in use elsewhere."""
        if self._limit is not None:
            each = self.db.execute("PRAGMA page_size").fetchone()[0]
            self.db.execute(f"PRAGMA max_page_count = {max(1, (self._limit - size) // each)}")

    @property
    def temporary_folder(self) -> str | None:
        """Where a journal without a path of its own is, until `close`."""
        return self._temporary.name if self._temporary is not None else None

    def close(self) -> None:
        """Close the file; a journal without a path is gone with it."""
        self.db.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def get(self, key: str) -> str | None:
        """What is kept beside the jobs, such as the master's identity."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        """Keep a value under a key of the table `meta`, in place of what was there."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def put_time_back(self) -> None:
        """Have it look as though nobody had written to it since it was opened: what is told by that goes on being so.
        Also once it is closed, which writes to it too."""
        if self.written is not None:
            for path in (self.path, Path(f"{self.path}-wal")):
                with suppress(OSError):
                    os.utime(path, (self.written, self.written))

    def probe(self) -> None:
        """Raises sqlite3.Error where the disk takes no more."""
        self.put("probe", "x" * PROBE)
        self.db.execute("DELETE FROM meta WHERE key = 'probe'")

    def sync(self) -> None:
        """Have the disk keep all that is written by now; returns once it does. Thread-safe: by no lock, since others go
        on writing meanwhile. No effect on a temporary journal, which need not outlive the computer.

        Only the log, where each write goes first: whoever closed the database's own file here would let go of its lock.
        """
        if self._temporary is not None:
            return
        with suppress(FileNotFoundError), Path(f"{self.path}-wal").open("r+b", buffering=0) as log:
            os.fsync(log.fileno())

    def shrink(self) -> bool:
        """Give some of the room that deleted jobs had back to the disk. True if there is more."""
        # By executescript, because each step of this statement frees one page, and execute takes only the first.
        self.db.executescript(f"PRAGMA incremental_vacuum({VACUUM_PAGES})")
        more = bool(self.db.execute("PRAGMA freelist_count").fetchone()[0])
        if not more:
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return more

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements of the block, or none of them."""
        self.db.execute("BEGIN")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # SQLite has ended it by itself where the disk is full
                self.db.execute("ROLLBACK")
            raise

    # --- opening ------------------------------------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # It holds the keys, so nobody else may read it; SQLite gives the mode of the file to its side files.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        for path in (self.path, *(Path(f"{self.path}-{side}") for side in ("wal", "shm"))):
            if path.exists():
                make_private(path)  # it may have been copied here, or made by other means
        # Read-only, so that what is refused stays as it is: SQLite would write its side file into it when it is closed.
        with closing(sqlite3.connect(_read_only(self.path), uri=True, timeout=2.0)) as db:
            version = self._look(db)
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=2.0)
        try:
            self._prepare(db, version)
        except BaseException:
            db.close()
            raise
        return db

    def _look(self, db: sqlite3.Connection) -> int:
        """The format that it has; 0 where it is empty. Raises JournalUnusable."""
        known = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and known != schema.APPLICATION_ID:
            raise JournalUnusable(str(self.path), "it is a database of another program")
        if version > schema.FORMAT:
            raise JournalUnusable(
                str(self.path), f"it is of format {version}, and this version of mcgui reads {schema.FORMAT}"
            )
        if tables and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise JournalUnusable(str(self.path), "it is damaged")
        return int(version) if tables else 0

    def _prepare(self, db: sqlite3.Connection, version: int) -> None:
        # Exclusive: a second master on the same journal must be refused, not share it.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        if not version:
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # so that it shrinks when runs are deleted
        db.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing at this level, but SQLite itself has the disk keep what it wrote only when the
        # log is full, which may be hours away: `sync` does, and a power cut takes what was written since the last one.
        # A temporary journal need not outlive the computer, so nobody waits for the disk.
        db.execute(f"PRAGMA synchronous = {'OFF' if self._temporary is not None else 'NORMAL'}")
        db.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
        db.execute("BEGIN IMMEDIATE")
        if version:
            schema.migrate(db, version)
        else:
            schema.create(db)
        db.execute("COMMIT")
        # What the look left there; nobody else can use it now.
        Path(f"{self.path}-shm").unlink(missing_ok=True)


def _last_written(path: Path) -> float | None:
    """When somebody wrote to it last, in seconds since the epoch; None where there is none yet."""
    files = (path, Path(f"{path}-wal"))
    return max((file.stat().st_mtime for file in files if file.exists()), default=None)


def _read_only(path: Path) -> str:
    """As a URI whose host is empty, which is the only one that SQLite takes: Python names a share's server there."""
    return f"file:///{quote(path.absolute().as_posix().removeprefix('/'))}?mode=ro"
