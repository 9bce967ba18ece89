"""Pages behind each other of which only the one in sight claims room: what nobody sees makes no window larger."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget


class PageSize(QObject):
    """Sees to that for a stack, whose pages are all there already."""

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._stack = stack
        self._policies: dict[QWidget, QSizePolicy] = {}  # of those behind
        stack.currentChanged.connect(self.fit)
        self.fit()

    def comfort(self) -> int:
        """Pixels of the height that the highest page needs beyond the one in sight: with them, nothing moves as another
        page comes in sight."""
        pages = [page for at in range(self._stack.count()) if (page := self._stack.widget(at)) is not None]
        needed = [page.minimumSizeHint().height() for page in pages]
        return max(needed) - needed[self._stack.currentIndex()] if needed else 0

    @Slot()
    def fit(self) -> None:
        """Give the page in sight its claim back, and take that of the others."""
        for page in map(self._stack.widget, range(self._stack.count())):
            assert page is not None, "there are as many"
            if page is not self._stack.currentWidget():
                self._policies.setdefault(page, page.sizePolicy())
                page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            elif page in self._policies:
                page.setSizePolicy(self._policies.pop(page))
