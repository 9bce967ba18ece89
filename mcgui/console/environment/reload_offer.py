"""Offers to read a file anew that another program changed: a line above its text, never a box."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Slot

from mcgui.background import Background
from mcgui.console.environment.editor_page import EditorPage
from mcgui.console.environment.editor_tabs import EditorTabs
from mcgui.console.environment.file_watcher import Changed, FileWatcher
from mcgui.console.environment.source_file import SourceFile, Stamp


class ReloadOffer(QObject):
    """Watches the open files of `tabs`, and says above the text of one what happened to it."""

    def __init__(self, tabs: EditorTabs, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tabs = tabs
        self._offered: dict[int, Stamp | None] = {}  # page: what it was told of
        self.watch = FileWatcher(background, self._files, self)
        self.watch.changed.connect(self._on_changed)

    def close(self) -> None:
        self.watch.stop()

    def _files(self) -> dict[Path, Stamp]:
        return {page.path: page.stamp for page in self._tabs.pages if page.path is not None and page.stamp is not None}

    @Slot(object)
    def _on_changed(self, found: tuple[Changed, ...]) -> None:
        for changed in found:
            page = self._tabs.page_of(changed.path)
            if page is None or page.stamp != changed.before:
                continue  # it was saved from here while somebody looked: the next look tells what is so then
            if changed.file is None:
                self._say_gone(page)
            elif changed.file.text == page.source:
                page.agree(changed.file)
            else:
                self._offer(page, changed.file)

    def _offer(self, page: EditorPage, file: SourceFile) -> None:
        if self._offered.get(page.id) == file.stamp:
            return
        self._offered[page.id] = file.stamp
        assert page.path is not None, "only files are watched"
        text = _tr("{name} was changed on the disk by another program.").format(name=page.path.name)
        if page.modified:
            text += " " + _tr("Reloading takes the place of your changes here; undo brings them back.")
        page.notice.say(
            text,
            "warning",
            ((_tr("Reload"), partial(page.reload, file)), (_tr("Keep"), partial(page.keep, file.stamp))),
        )

    def _say_gone(self, page: EditorPage) -> None:
        assert page.path is not None, "only files are watched"
        page.keep(None)
        page.notice.say(
            _tr("{name} is not on the disk any more. Save writes it there again.").format(name=page.path.name),
            "warning",
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReloadOffer", text)
