"""Opening and saving: environments (*.py) and job documents (*.mcjob), and which were open of late."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from mcgui.console.arguments.argument_kinds import source_of_paths
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.file_filters import file_filter
from mcgui.console.files.own_documents import OwnDocuments
from mcgui.console.form.job_form import JobForm
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.console.save_dialog import ask_where_to_save
from mcgui.settings import Settings
from mcgui_core.arguments.argument_source import FILE_ENDINGS
from mcgui_core.errors import DocumentInvalid, McguiError

if TYPE_CHECKING:
    from mcgui_core.client.job_document import JobDocument

_RECENT: Final = "console/recent"
_KEPT: Final = 8
SUFFIX: Final = ".mcjob"
#: Kinds of arguments that a file is known to be by its name: of text nobody knows what it is for.
_TABLES: Final = tuple(ending for kind, endings in FILE_ENDINGS.items() if kind != "text" for ending in endings)
_DOCUMENTS: Final = (SUFFIX, ".py", ".pyw")


class DocumentDialogs:
    """Asks for the path of a job document, in one place, so that a test can answer instead."""

    def path_to_open(self, parent: QWidget, folder: Path) -> Path | None:
        kinds = (file_filter("Jobs and environments", _DOCUMENTS), file_filter("Arguments", _TABLES), "All files (*)")
        name, _ = QFileDialog.getOpenFileName(parent, "Open", str(folder), ";;".join(kinds))
        return Path(name) if name else None

    def path_to_save(self, parent: QWidget, suggested: Path) -> Path | None:
        found = ask_where_to_save(parent, "Save job", str(suggested), file_filter("Job", (SUFFIX,)), SUFFIX)
        return found[0] if found else None

    def path_of_script(self, parent: QWidget, suggested: Path) -> Path | None:
        found = ask_where_to_save(parent, "Save as a Python script", str(suggested), file_filter("Python", (".py",)))
        return found[0] if found else None


class Documents(QObject):
    """Brings files into the window and back.

    Signals:
        named(str, Path | None): what is open is called so now, and came from there.
        recent_changed(): `recent` is different.
    """

    named = Signal(str, object)
    recent_changed = Signal()

    def __init__(
        self,
        environment: EnvironmentPanel,
        form: JobForm,
        messages: MessageBar,
        settings: Settings,
        dialogs: DocumentDialogs | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment, self._form, self._messages, self._settings = environment, form, messages, settings
        self._dialogs = dialogs or DocumentDialogs()
        self._path: Path | None = None  # of the job document, if there is one
        self._jobs: dict[int, Path | None] = {}  # likewise, for each page of the editor
        self._ours = OwnDocuments()
        environment.file_changed.connect(self._on_file_changed)
        form.looked.connect(self._on_looked)

    @property
    def path(self) -> Path | None:
        """The job document that is open, if one is."""
        return self._path

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files that were opened or saved of late, the latest first."""
        return tuple(Path(text) for text in self._settings.texts(_RECENT))

    @Slot()
    def new(self) -> None:
        if self._environment.new():
            self._form.start_over()
            self._set_path(None)

    @Slot()
    def open(self) -> None:
        """Ask for a file and open it."""
        path = self._dialogs.path_to_open(self._environment, self._folder())
        if path is not None:
            self.open_path(path)

    @Slot(object)
    def open_path(self, path: Path) -> bool:
        """Open a job document or an environment, or load a table as the arguments. False, and a message, where that
        cannot be done.
        """
        return self.open_paths((path,))

    def open_paths(self, paths: tuple[Path, ...]) -> bool:
        """Open each as `open_path` does, and tell of the first that cannot be opened. False where there is one."""
        self._messages.clear("document")
        failed = [path for path in paths if not self._open(path.absolute())]
        if failed and len(paths) > 1:
            self._open(failed[0].absolute())  # what it said may have gone with the next one
        return not failed

    def _open(self, path: Path) -> bool:
        if path.suffix.lower() == SUFFIX:
            opened = self._open_job(path)
        elif path.suffix.lower() in _TABLES:
            opened = self._load_arguments(path)
        else:
            opened = self._open_environment(path)
        if opened:
            self._remember(path)
        return opened

    @Slot()
    def save(self) -> None:
        """Save the environment, and the job document if one is open."""
        if not self._environment.save():
            return
        if self._path is not None:
            self._write(self._path)
        else:
            self._ours.vouch_for(None, self._environment.path)

    @Slot()
    def save_as(self) -> None:
        if self._environment.save_as():
            self._ours.vouch_for(None, self._environment.path)

    @Slot()
    def save_job(self) -> None:
        """Ask for a name, and save a job document there; the environment is saved beside it if it has no file."""
        if (self._environment.path is None or self._environment.modified) and not self._environment.save():
            return
        suggested = self._path or self._folder() / f"{self._default_name()}{SUFFIX}"
        path = self._dialogs.path_to_save(self._environment, suggested)
        if path is not None:
            self._write(path)

    @Slot()
    def save_script(self) -> None:
        """Ask for a name, and save the job as a Python script there; the environment is saved first."""
        missing = self._form.missing
        if missing:
            text = "\n".join(("The script was not saved: there is something missing.", *missing))
            self._messages.say(Message("document", text, "warning"))
            return
        if (self._environment.path is None or self._environment.modified) and not self._environment.save():
            return
        environment = self._environment.path
        assert environment is not None, "it was saved just now"
        suggested = environment.with_name(f"run_{environment.name}")
        path = self._dialogs.path_of_script(self._environment, suggested)
        if path is None:
            return
        from mcgui_core.client.script_export import save_script

        try:
            if path.absolute() == environment.absolute():
                raise DocumentInvalid(str(path), "it is the environment itself, which the script reads")
            save_script(self._document(), path)
        except (McguiError, OSError) as error:
            self._messages.say(Message("document", f"The script was not saved. {error}"))
            return
        text = (
            f'The job is saved as the script {path.name} in {path.parent}. Type "python {path.name}" there to run it.'
        )
        self._messages.say(Message("document", text, "info", passes=True))

    # Within

    def _open_environment(self, path: Path) -> bool:
        if not self._environment.open_path(path):
            return False
        if not self._ours.vouches_for(None, path):
            self._form.arguments.wait_for_look()
        self._set_path(None)
        return True

    def _load_arguments(self, path: Path) -> bool:
        """As where it is dropped. What is wrong with it stands below the field."""
        self._form.arguments.set_source(source_of_paths([path]))
        self._form.arguments.fields.focus_entry()
        return True

    def _open_job(self, path: Path) -> bool:
        from mcgui_core.client.job_document import JobDocument

        try:
            document = JobDocument.load(path)
        except (McguiError, OSError) as error:
            self._messages.say(Message("document", str(error)))
            return False
        if not self._environment.open_path(Path(document.environment)):
            return False
        self._form.show_document(document, wait=not self._ours.vouches_for(path, Path(document.environment)))
        self._set_path(path)
        return True

    def _document(self) -> JobDocument:
        """The job as the form has it, for the environment that was saved just now."""

        environment = self._environment.path
        assert environment is not None, "the environment was saved just now"
        return replace(self._form.document(environment), name=self._form.options.options.name or self._default_name())

    def _write(self, path: Path) -> None:
        try:
            self._document().save(path)
        except (McguiError, OSError) as error:
            self._messages.say(Message("document", f"The job was not saved. {error}"))
            return
        if not self._form.arguments.waits_for_look:  # else it is still somebody else's
            self._ours.vouch_for(path, self._environment.path)
        self._messages.clear("document")
        self._set_path(path)
        self._remember(path)

    def _set_path(self, path: Path | None) -> None:
        self._path = path
        self._jobs[self._environment.tabs.current.id] = path
        shown = path or self._environment.path
        tabs = self._environment.tabs
        untitled = tabs.name_of(tabs.current) if len(tabs.pages) > 1 else ""
        self.named.emit(shown.name if shown else untitled, shown)

    @Slot()
    def _on_looked(self) -> None:
        """Whoever read it, and had it evaluated, is not asked again while it stays as it is."""
        self._ours.vouch_for(self._path, self._environment.path)

    @Slot(object)
    def _on_file_changed(self, _path: Path | None) -> None:
        """Another file is in front: the job document is the one that was opened with it, if one was."""
        self._set_path(self._jobs.get(self._environment.tabs.current.id))

    def _remember(self, path: Path) -> None:
        texts = [str(path), *(text for text in self._settings.texts(_RECENT) if text != str(path))]
        self._settings.set(_RECENT, texts[:_KEPT])
        self.recent_changed.emit()

    def _folder(self) -> Path:
        here = self._path or self._environment.path
        return here.parent if here else Path.home()

    def _default_name(self) -> str:
        environment = self._environment.path
        return environment.stem if environment else self._form.function.name or "job"
