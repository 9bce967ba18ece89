"""Keeps what is typed: within a second or so it is on the disk, and after a crash or a quit it is there again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.environment.saved_session import SavedPage, SavedSession, SessionFolder, make_private

#: Milliseconds from the first change to when it is written.
DELAY: Final = 700
#: Windows at once whose sessions are told apart.
_MOST: Final = 99


class Recovery(QObject):
    """Keeps the session that `snapshot()` gives, in a folder of `base` that no other window has at the moment.

    Signals:
        trouble(str): it cannot be written, as a sentence; told once until it can be again.
    """

    trouble = Signal(str)

    def __init__(self, base: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._base = base
        self._folder: SessionFolder | None = None
        self._lock: QLockFile | None = None
        self._snapshot: Callable[[], SavedSession] = SavedSession
        self._background = Background(self, threads=1)
        self._writing = self._again = self._told = False
        self._last: SavedSession | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._write)

    def open(self, snapshot: Callable[[], SavedSession]) -> SavedSession:
        """Begin to keep what `snapshot` gives. Returns what was kept before, with what other windows left unsaved."""
        self._snapshot = snapshot
        try:
            make_private(self._base)
        except OSError as error:
            self._say(error)
            return SavedSession()
        for number in range(1, _MOST):
            lock = self._try_lock(number)
            if lock is not None:
                self._lock, self._folder = lock, SessionFolder(self._base / str(number))
                break
        if self._folder is None:
            return SavedSession()
        return self._with_orphans(self._folder.load())

    @property
    def folder(self) -> Path | None:
        """Where the session is kept; None where it is not."""
        return self._folder.path if self._folder is not None else None

    @Slot()
    def note(self) -> None:
        """Something is different: it is written soon."""
        if self._folder is not None and not self._timer.isActive():
            self._timer.start()

    def save_now(self) -> bool:
        """Write everything, and wait for it. False where that failed: what is unsaved would be lost."""
        self._timer.stop()
        self._background.close()  # a write that is under way is done first
        self._writing = self._again = False
        self._background = Background(self, threads=1)
        if self._folder is None:
            return False
        session, self._last = self._snapshot(), None
        try:
            self._folder.save(session)
        except OSError as error:
            self._say(error)
            return False
        self._last = session
        return True

    def close(self) -> None:
        """Write everything, and keep nothing any more."""
        self.save_now()
        self._background.close()
        self._folder = None
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    # Within

    def _try_lock(self, number: int) -> QLockFile | None:
        lock = QLockFile(str(self._base / f"{number}.lock"))
        lock.setStaleLockTime(0)  # one is stale only when the process that made it is gone
        return lock if lock.tryLock(0) else None

    def _with_orphans(self, session: SavedSession) -> SavedSession:
        """The session, and the unsaved pages of windows that are gone and whose place nobody took."""
        assert self._folder is not None
        found: list[SavedPage] = []
        for path in sorted(self._base.iterdir()):
            if not path.name.isdecimal() or path == self._folder.path:
                continue
            lock = self._try_lock(int(path.name))
            if lock is None:
                continue
            orphan = SessionFolder(path)
            found.extend(page for page in orphan.load().pages if page.text is not None)
            if found:
                session = self._adopt(session, found, orphan)
                found = []
            lock.unlock()
        return session

    def _adopt(self, session: SavedSession, found: list[SavedPage], orphan: SessionFolder) -> SavedSession:
        assert self._folder is not None
        highest = max((page.id for page in (*session.pages, *session.closed)), default=0)
        adopted = tuple(replace(page, id=highest + 1 + number) for number, page in enumerate(found))
        session = replace(session, pages=session.pages + adopted)
        try:
            self._folder.save(session)
        except OSError:
            return session
        orphan.clear()  # only now that it is kept here
        return session

    @Slot()
    def _write(self) -> None:
        folder = self._folder
        if folder is None:
            return
        if self._writing:
            self._again = True
            return
        session = self._snapshot()
        if session == self._last:
            return
        self._writing, self._last = True, session
        self._background.run(lambda: folder.save(session), self._on_written, self._on_failed)

    def _on_written(self, _: object) -> None:
        self._told = False
        self._go_on()

    def _on_failed(self, error: Exception) -> None:
        self._last = None
        self._say(error)
        self._go_on()

    def _go_on(self) -> None:
        self._writing = False
        if self._again:
            self._again = False
            self.note()

    def _say(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self.trouble.emit(
                f"What you type is not kept for the case of a crash: {self._base} cannot be written ({reason}). "
                "Save your files."
            )
