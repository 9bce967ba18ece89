"""Keeps what is filled in to run (function, arguments, options), as a job document beside the session of the editor."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from mcgui.background import Background
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.recovery import DELAY
from mcgui.console.environment.saved_session import make_private
from mcgui.console.form.job_form import JobForm
from mcgui_core.errors import McguiError

if TYPE_CHECKING:
    from mcgui_core.client.job_document import JobDocument

    #: A document, and the files whose arguments wait for a look.
    _Kept = tuple[JobDocument, frozenset[str]]
    #: What is in front, and what was filled in for other files.
    _Forms = tuple[_Kept | None, tuple[JobDocument, ...]]

_FILE: Final = "form.mcjob"
#: Where those of the other files are, and how many are kept.
_FOLDER: Final = "forms"
_MOST: Final = 30
#: Which files those are of whose arguments are somebody else's and wait for a look.
_WAITS: Final = "forms.wait"
#: What stands for an environment that has no file.
_UNTITLED: Final = "untitled.py"


class SavedForm(QObject):
    """Writes the form soon after each change, and fills it in again at the next start."""

    def __init__(
        self, form: JobForm, environment: EnvironmentPanel, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._form, self._environment, self._background = form, environment, background
        self._folder: Path | None = None
        self._file: _FormFile | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._write)

    def begin(self, folder: Path | None) -> None:
        """Fill in what was kept in this folder, if it is for the file in front, and keep what is filled in from now on.

        None: there is no place to keep it in.
        """
        self._folder = folder
        if folder is None:
            return
        self._file = _FormFile(folder)
        document = _loaded(folder / _FILE)
        if document is not None and Path(document.environment) == self._path(folder):
            name = "" if document.name == Path(_FILE).stem else document.name
            self._form.show_document(replace(document, name=name), wait=document.environment in _waiting(folder))
        self._form.recall(_others(folder), _waiting(folder))
        self._form.changed.connect(self._on_changed)

    def close(self) -> None:
        """Write what is not written yet."""
        self._timer.stop()
        if file := self._due():
            file.write()

    @Slot()
    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _write(self) -> None:
        if file := self._due():
            self._background.run(file.write)

    def _due(self) -> _FormFile | None:
        """What writes all that is not written yet; None where there is nothing."""
        file = self._file
        if file is not None:
            file.wanted = self._kept(), self._form.filled_in[-_MOST:]
        return file if file is not None and file.is_due else None

    def _kept(self) -> _Kept | None:
        if self._folder is None or not self._form.is_filled:
            return None
        document = self._form.document(self._path(self._folder))
        # Not the name that it gets where nobody gave it one.
        waiting = self._form.waiting
        if self._form.arguments.waits_for_look:
            waiting |= {document.environment}
        return replace(document, name=self._form.options.options.name), waiting

    def _path(self, folder: Path) -> Path:
        return self._environment.path or folder / _UNTITLED


class _FormFile:
    """Writes what is filled in, and knows what of it is on the disk: only what was written, not what was to be."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._guard = folder, Lock()
        self.wanted: _Forms = (None, ())
        self._written: _Forms = (None, ())
        self._others: dict[str, JobDocument] = {}  # by the names of their files

    @property
    def is_due(self) -> bool:
        """Not all that is wanted is there."""
        return self.wanted != self._written

    def write(self) -> None:
        """Write what is wanted by now, unless it is there. Blocks; from any thread, one at a time: none is older than
        what another has written. What fails is tried again by the next one."""
        with self._guard:
            wanted = self.wanted
            if wanted == self._written:
                return
            kept, others = wanted
            try:
                make_private(self._folder)
                failed = self._write_others(others)
                if kept is not None:
                    document, waiting = kept
                    text = "".join(f"{path}\n" for path in sorted(waiting))
                    (self._folder / _WAITS).write_text(text, encoding="utf-8", errors="surrogatepass")
                    document.save(self._folder / _FILE)
            except (McguiError, OSError):
                return  # the session of the editor, which is kept in the same folder, has said why
            if not failed:
                self._written = wanted

    def _write_others(self, documents: tuple[JobDocument, ...]) -> bool:
        """One file for each, by a name that stays its own; those of before go last. So there is one of each at any
        time. Whether one failed, which keeps none of the others from being written: its name may be no text."""
        failed = False
        folder = self._folder / _FOLDER
        make_private(folder)
        names = {
            f"{hashlib.sha256(one.environment.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.mcjob": one
            for one in documents
        }
        for name, document in names.items():
            if self._others.get(name) != document or not (folder / name).exists():
                try:
                    replace(document, environment=str(self._folder / document.environment)).save(folder / name)
                    self._others[name] = document
                except McguiError:
                    failed = True
        for old in folder.glob("*.mcjob"):
            if old.name not in names:
                self._others.pop(old.name, None)
                old.unlink(missing_ok=True)
        return failed


def _loaded(path: Path) -> JobDocument | None:
    """None where there is none yet, or it was spoilt by hand."""
    if not path.exists():
        return None
    from mcgui_core.client.job_document import JobDocument

    try:
        return JobDocument.load(path)
    except McguiError:
        return None


def _waiting(folder: Path) -> frozenset[str]:
    """The files whose arguments waited for a look at the end of the last run."""
    try:
        return frozenset((folder / _WAITS).read_text(encoding="utf-8", errors="surrogatepass").splitlines())
    except (OSError, UnicodeDecodeError):
        return frozenset()


def _others(folder: Path) -> tuple[JobDocument, ...]:
    """What was filled in for the files that were not in front at the end of the last run."""
    found = []
    for path in sorted((folder / _FOLDER).glob("*.mcjob"), key=_written_at):
        document = _loaded(path)
        if document is not None:
            name = "" if document.name == path.stem else document.name
            found.append(replace(document, name=name, environment=_kept_as(document.environment, folder)))
    return tuple(found)


def _kept_as(environment: str, folder: Path) -> str:
    """What a text without a file is called, which is written as though it lay in this folder; or the path of a file."""
    path = Path(environment)
    return path.name if path.parent == Path(os.path.abspath(folder)) else environment  # noqa: PTH100 - as it is read


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
