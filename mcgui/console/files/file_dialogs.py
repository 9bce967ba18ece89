"""What the panels ask the user about files, in one place, so that a test can answer instead."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mcgui.console.arguments.argument_kinds import KINDS
from mcgui.console.file_filters import file_filter
from mcgui.console.save_dialog import ask_where_to_save
from mcgui.plain_text import plain_tip
from mcgui_core.arguments.argument_source import FILE_ENDINGS, ArgumentKind

Answer = Literal["save", "discard", "cancel"]


class FileDialogs:
    """Asks by the system's dialogs. Each method waits for the answer; None means that the user thought better of it."""

    def path_to_open(self, parent: QWidget, folder: Path) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(parent, _tr("Open environment"), str(folder), _filters())
        return Path(name) if name else None

    def path_to_save(self, parent: QWidget, suggested: Path) -> Path | None:
        found = ask_where_to_save(parent, _tr("Save environment"), str(suggested), _filters())
        return found[0] if found else None

    def arguments_to_open(self, parent: QWidget, folder: Path, kind: ArgumentKind) -> Path | None:
        """A file of arguments; those of this kind are offered first, then those of any that is known."""
        every = [ending for endings in FILE_ENDINGS.values() for ending in endings]
        named = {
            known: file_filter(_tr(one.name), FILE_ENDINGS[known])
            for one in KINDS
            if (known := one.kind) in FILE_ENDINGS
        }
        filters = [named.pop(kind, ""), file_filter(_tr("All kinds of arguments"), every), *named.values()]
        offered = ";;".join([*filter(None, filters), _tr("All files (*)")])
        name, _ = QFileDialog.getOpenFileName(parent, _tr("Open arguments"), str(folder), offered)
        return Path(name) if name else None

    def folder_to_open(self, parent: QWidget, folder: Path) -> Path | None:
        """A folder of files that are arguments."""
        name = QFileDialog.getExistingDirectory(parent, _tr("Choose the folder of files"), str(folder))
        return Path(name) if name else None

    def files_to_send(self, parent: QWidget, folder: Path) -> list[Path]:
        """Files that travel with a job; none where the user thought better of it."""
        names, _ = QFileDialog.getOpenFileNames(parent, _tr("Add files that travel with the job"), str(folder))
        return [Path(name) for name in names]

    def folder_to_send(self, parent: QWidget, folder: Path) -> Path | None:
        """A folder of which all travels with a job."""
        name = QFileDialog.getExistingDirectory(parent, _tr("Add a folder that travels with the job"), str(folder))
        return Path(name) if name else None

    def path_for_export(self, parent: QWidget, title: str, suggested: Path, kind: str) -> Path | None:
        """Where to save what is shown. `kind` is a filter of Qt's, such as "CSV (*.csv)"; its ending is added."""
        filters = f"{kind};;{_tr('All files (*)')}"
        found = ask_where_to_save(parent, title, str(suggested), filters)
        return found[0] if found else None

    def about_changes(self, parent: QWidget, name: str) -> Answer:
        """What to do with changes that would be lost."""
        box = QMessageBox(parent)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(_tr("Unsaved changes"))
        box.setText(plain_tip(_tr("{name} has changes that are not saved.").format(name=name)))
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        answers: dict[int, Answer] = {button.Save.value: "save", button.Discard.value: "discard"}
        return answers.get(box.exec(), "cancel")


def _tr(text: str) -> str:
    return QCoreApplication.translate("FileDialogs", text)


def _filters() -> str:
    return file_filter(_tr("Python"), (".py", ".pyw")) + ";;" + _tr("All files (*)")
