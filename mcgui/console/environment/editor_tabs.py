"""The open files: a tab and a page for each, the order they stand in, and those that were closed."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mcgui.background import Background
from mcgui.console.analysis.source_analysis import SourceAnalysis
from mcgui.console.environment.editor_page import EditorPage
from mcgui.console.environment.editor_tab_bar import EditorTabBar
from mcgui.console.environment.saved_session import SavedPage, SavedSession
from mcgui.console.environment.source_file import read_source
from mcgui.theme import Theme

#: Closed files that can be opened again.
_REMEMBERED: Final = 20


class EditorTabs(QWidget):
    """There is always one page at least; the one in front is the environment. Where `bar` stands is the panel's to say.

    Signals:
        current_changed(EditorPage): another page is in front.
        opened(EditorPage): there is a new page; whoever follows pages connects to it.
        edited(): something that is worth keeping changed: pages, their order, the one in front, or within a page.
        closed_unsaved(str): a page with changes was closed, of this name. `reopen` brings it back.
    """

    current_changed = Signal(object)
    opened = Signal(object)
    edited = Signal()
    closed_unsaved = Signal(str)

    def __init__(
        self,
        theme: Theme,
        analysis: SourceAnalysis | None = None,
        parent: QWidget | None = None,
        background: Background | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._analysis, self._background = theme, analysis, background
        self._ids, self._texts = itertools.count(1), itertools.count(1)
        self._points = 0.0
        self._pages: list[EditorPage] = []  # in the order of the tabs
        self._closed: list[SavedPage] = []
        self._numbers: dict[int, int] = {}  # of pages without a file
        self.bar = EditorTabBar(theme, self)
        self._stack = QStackedWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._stack, 1)
        self.bar.currentChanged.connect(self._on_current_changed)
        self.bar.tabMoved.connect(self._on_tab_moved)
        self.bar.close_wanted.connect(self.close_page)

    def begin(self) -> None:
        """Have the first page, once whoever follows pages is connected."""
        if not self._pages:
            self.add()

    # Pages

    @property
    def pages(self) -> tuple[EditorPage, ...]:
        return tuple(self._pages)

    @property
    def current(self) -> EditorPage:
        return self._pages[self.bar.currentIndex()]

    def page_of(self, path: Path) -> EditorPage | None:
        """The page that has this file open."""
        return next((page for page in self._pages if page.path is not None and _same(page.path, path)), None)

    def add(self) -> EditorPage:
        """A new empty page, in front."""
        page = self._insert(len(self._pages))
        self.show_page(page)
        return page

    def free(self) -> EditorPage:
        """A page for another text, in front: the one that is there, where nothing would be missed, or a new one."""
        return self.current if self.current.untouched else self.add()

    def load(self, path: Path) -> None:
        """Open this file in a page of its own. Raises FileTrouble where it cannot be read."""
        file = read_source(path)
        self.free().show_file(path, file)

    def show_page(self, page: EditorPage) -> None:
        self.bar.setCurrentIndex(self._pages.index(page))

    @Slot(int)
    def close_page(self, at: int) -> None:
        """Close a file. Its changes are kept: `reopen` brings them back."""
        page = self._pages[at]
        kept = page.kept
        if page.path is not None or page.source:
            self._closed = [*self._closed, kept][-_REMEMBERED:]
        name, unsaved = self.name_of(page), kept.text is not None and bool(kept.text)
        if len(self._pages) == 1:
            self._insert(1)
        self._remove(page)
        self.edited.emit()
        if unsaved:
            self.closed_unsaved.emit(name)

    def reopen(self) -> EditorPage | None:
        """Open the file that was closed last, with the changes that it had; None where none was closed."""
        if not self._closed:
            return None
        kept = self._closed.pop()
        open_already = self.page_of(Path(kept.path)) if kept.path and kept.text is None else None
        page = open_already or self.free()
        if open_already is None:
            page.restore(kept)
        self.show_page(page)
        self.edited.emit()
        return page

    def step(self, by: int) -> None:
        """Bring the next tab to the front, or the one before; after the last one comes the first."""
        self.bar.setCurrentIndex((self.bar.currentIndex() + by) % len(self._pages))

    def name_of(self, page: EditorPage) -> str:
        """What a page is called: its file, with the folder where two files have the same name."""
        if page.path is None and page.title:
            return page.title
        if page.path is None:
            number = self._number_of(page)
            return "untitled" if number == 1 else f"untitled {number}"
        same = Counter(one.path.name for one in self._pages if one.path is not None)
        return f"{page.path.name} ({page.path.parent.name})" if same[page.path.name] > 1 else page.path.name

    def _number_of(self, page: EditorPage) -> int:
        """Which of the files without a name this is; it stays that, whatever becomes of the others."""
        taken = {self._numbers[one.id] for one in self._pages if one.path is None and one.id in self._numbers}
        if page.id not in self._numbers:
            self._numbers[page.id] = next(number for number in itertools.count(1) if number not in taken)
        return self._numbers[page.id]

    # Size of the font, the same for all

    def set_points(self, points: float) -> None:
        """Show all pages in this size, in points."""
        self._points = points
        for page in self._pages:
            page.editor.set_font_points(points)
            page.editor.make_room()
        self.edited.emit()

    # From one run to the next

    @property
    def kept(self) -> SavedSession:
        pages = tuple(page.kept for page in self._pages)
        return SavedSession(pages, self.bar.currentIndex(), tuple(self._closed), self._points)

    def restore(self, session: SavedSession) -> None:
        """Open what was open, as it was. A file that is gone by now is left out."""
        self._closed = list(session.closed)
        if session.points:
            self.set_points(session.points)
        self._ids = itertools.count(max((page.id for page in (*session.pages, *session.closed)), default=0) + 100)
        front: EditorPage | None = None
        for number, kept in enumerate(session.pages):
            if kept.text == "" and not kept.path:
                continue
            page = self.free()
            if not page.restore(kept):
                continue
            if number == session.current:
                front = page
        if front is not None:
            self.show_page(front)

    # Within

    def _insert(self, at: int) -> EditorPage:
        page = EditorPage(self._theme, next(self._ids), self._texts, self._analysis, self, self._background)
        if self._points:
            page.editor.set_font_points(self._points)
        page.renamed.connect(self._show_names)
        page.edited.connect(self.edited)
        page.editor.zoomed.connect(self.set_points)
        self._pages.insert(at, page)
        self._stack.addWidget(page)
        with QSignalBlocker(self.bar):
            self.bar.add(at)
        self._show_names()
        self.opened.emit(page)
        if len(self._pages) == 1:
            self._on_current_changed(0)
        return page

    def _remove(self, page: EditorPage) -> None:
        at = self._pages.index(page)
        was_current = at == self.bar.currentIndex()
        self._pages.pop(at)
        with QSignalBlocker(self.bar):
            self.bar.removeTab(at)
        self._stack.removeWidget(page)
        page.leave()
        self._show_names()
        if was_current:
            self._on_current_changed(self.bar.currentIndex())

    @Slot(int)
    def _on_current_changed(self, at: int) -> None:
        if not 0 <= at < len(self._pages):
            return
        page = self._pages[at]
        before = self._stack.currentWidget()
        had_focus = isinstance(before, EditorPage) and before.editor.hasFocus()
        self._stack.setCurrentWidget(page)
        if had_focus:
            page.editor.setFocus()
        self.current_changed.emit(page)
        self.edited.emit()

    @Slot(int, int)
    def _on_tab_moved(self, origin: int, target: int) -> None:
        self._pages.insert(target, self._pages.pop(origin))
        self.edited.emit()

    @Slot()
    def _show_names(self) -> None:
        for at, page in enumerate(self._pages):
            self.bar.show_name(at, self.name_of(page), str(page.path or ""), page.modified)


def _same(one: Path, other: Path) -> bool:
    # Not samefile(), which asks the disk: a network drive that is gone would hold the window.
    return one == other or one.absolute() == other.absolute()
