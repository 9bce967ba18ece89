"""Pages behind each other of which only the one in sight claims a width: what nobody sees makes no window wider."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget


class PageWidth(QObject):
    """Sees to that for a stack, whose pages are all there already."""

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._stack = stack
        self._policies: dict[QWidget, QSizePolicy.Policy] = {}  # of those behind, across
        stack.currentChanged.connect(self.fit)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Give the page in sight its claim back, and take that of the others."""
        for page in map(self._stack.widget, range(self._stack.count())):
            assert page is not None, "there are as many"
            policy = page.sizePolicy()
            if page is not self._stack.currentWidget():
                self._policies.setdefault(page, policy.horizontalPolicy())
                policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
            elif page in self._policies:
                policy.setHorizontalPolicy(self._policies.pop(page))
            page.setSizePolicy(policy)
