"""The focus comes back from what goes out of sight to where it was before: not to whatever comes next in the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class FocusReturn(QObject):
    """Knows where the focus was before it came into `owner`, which calls `give_back` before it, or a part, hides."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._before: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication), "widgets have one"
        app.focusChanged.connect(self._on_focus_changed)

    def give_back(self, part: QWidget | None = None) -> None:
        """Put the focus back where it is in `part` (all of the owner, where that is None), and was elsewhere before."""
        now, before = QApplication.focusWidget(), self._before
        hiding = part or self._owner
        within = now is not None and (now is hiding or hiding.isAncestorOf(now))
        if within and before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot("QWidget*", "QWidget*")
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        owner = self._owner
        if before is not None and now is not None and owner.isAncestorOf(now) and not owner.isAncestorOf(before):
            self._before = before
