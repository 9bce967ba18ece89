"""Keeps what is filled in to run (function, arguments, options), as a job document beside the session of the editor."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
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
        self._last: tuple[_Kept | None, tuple[JobDocument, ...]] = (None, ())  # what was written last
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
        document = _loaded(folder / _FILE)
        if document is not None and Path(document.environment) == self._path(folder):
            name = "" if document.name == Path(_FILE).stem else document.name
            self._form.show_document(replace(document, name=name), wait=document.environment in _waiting(folder))
        self._form.recall(_others(folder), _waiting(folder))
        self._form.changed.connect(self._on_changed)

    def close(self) -> None:
        """Write what is not written yet."""
        self._timer.stop()
        if save := self._saving():
            save()

    @Slot()
    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _write(self) -> None:
        if save := self._saving():
            self._background.run(save)

    def _saving(self) -> Callable[[], None] | None:
        """What writes all that is not written yet; None where there is nothing."""
        kept, others, folder = self._kept(), self._form.filled_in[-_MOST:], self._folder
        before = self._last
        if folder is None or (kept, others) == before:
            return None
        self._last = kept, others
        return lambda: _save(kept, others, before[1], folder)

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


def _save(kept: _Kept | None, others: tuple[JobDocument, ...], written: tuple[JobDocument, ...], folder: Path) -> None:
    """Write what is in front, and those of the `others` that are not `written` yet."""
    try:
        make_private(folder)
        _save_others(others, written, folder / _FOLDER)
        if kept is None:
            return
        document, waiting = kept
        (folder / _WAITS).write_text("".join(f"{path}\n" for path in sorted(waiting)), encoding="utf-8")
        document.save(folder / _FILE)
    except (McguiError, OSError):
        return  # the session of the editor, which is kept in the same folder, has said why


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
        return frozenset((folder / _WAITS).read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        return frozenset()


def _others(folder: Path) -> tuple[JobDocument, ...]:
    """What was filled in for the files that were not in front at the end of the last run."""
    found = []
    for path in sorted((folder / _FOLDER).glob("*.mcjob"), key=_written_at):
        document = _loaded(path)
        if document is not None:
            found.append(replace(document, name="" if document.name == path.stem else document.name))
    return tuple(found)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _save_others(documents: tuple[JobDocument, ...], written: tuple[JobDocument, ...], folder: Path) -> None:
    """One file for each, by a name that stays its own; those of before go last. So there is one of each at any time."""
    make_private(folder)
    names = {
        f"{hashlib.sha256(one.environment.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.mcjob": one
        for one in documents
    }
    for name, document in names.items():
        if document not in written or not (folder / name).exists():
            document.save(folder / name)
    for old in folder.glob("*.mcjob"):
        if old.name not in names:
            old.unlink(missing_ok=True)
