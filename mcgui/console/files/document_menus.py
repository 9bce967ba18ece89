"""The menus of files: what the tool bar's Open offers, the examples, and what was open of late."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from mcgui.console.actions import ActionRegistry
from mcgui.console.files.documents import Documents
from mcgui.console.files.examples import Example
from mcgui.plain_text import plain_tip


class DocumentMenus(QObject):
    """Fills `examples` once, and `recent` whenever something else was opened; `open_menu` offers both."""

    def __init__(
        self,
        documents: Documents,
        actions: ActionRegistry,
        offered: tuple[Example, ...],
        menus: tuple[QMenu, QMenu, QMenu],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._documents = documents
        self.open_menu, self.examples, self.recent = menus
        self.open_menu.addActions([actions["open"], actions["new"]])
        for example in offered:
            self._add(self.examples, example.name, example.path, example.sentence)
        self.examples.menuAction().setVisible(bool(offered))
        for menu in (self.examples, self.recent):
            self.open_menu.addMenu(menu)
            menu.triggered.connect(self._on_chosen)
        documents.recent_changed.connect(self._fill_recent)
        self._fill_recent()

    def _add(self, menu: QMenu, name: str, path: Path, tip: str) -> None:
        action = QAction(name, menu)
        action.setData(str(path))
        action.setToolTip(plain_tip(tip))
        menu.addAction(action)

    @Slot()
    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in self._documents.recent:
            self._add(self.recent, path.name, path, str(path))
        self.recent.menuAction().setVisible(bool(self._documents.recent))

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        self._documents.open_path(Path(action.data()))
