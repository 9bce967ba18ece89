"""What the command palette lists: the actions that fit what was typed, the best one first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction

from mcgui.console.actions.action_registry import further_words, keys_of, obstacle
from mcgui.console.palette.fuzzy_match import Match, match, starts

ENTRY: Final = Qt.ItemDataRole.UserRole + 1
#: How much worse an action is that only its menu or its further words lead to.
_ELSEWHERE: Final = 100.0
_NONE: Final = QModelIndex()


@dataclass(frozen=True)
class Entry:
    """One line: the action, the path of its menu, its shortcut, why it cannot be used ("": it can), what fitted."""

    action: QAction
    text: str
    path: str
    keys: str
    why_not: str
    places: tuple[int, ...]  # letters of `text` that fitted

    @property
    def heard(self) -> str:
        """The line as a screen reader says it."""
        checked = (", on" if self.action.isChecked() else ", off") if self.action.isCheckable() else ""
        why = f", not now: {self.why_not}" if self.why_not else ""
        return f"{self.text}{checked}, {self.path}" + (f", {self.keys}" if self.keys else "") + why


class PaletteModel(QAbstractListModel):
    """Entries, of all of which `find` keeps those that fit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._leaves: tuple[tuple[str, QAction], ...] = ()
        self._entries: list[Entry] = []

    def set_leaves(self, leaves: tuple[tuple[str, QAction], ...]) -> None:
        """Take these as what can be found: (path of the menu, action)."""
        self._leaves = leaves
        self.find("")

    def find(self, typed: str) -> None:
        """List what fits, the best first; with nothing typed, everything in the order of the menus."""
        found = [(score, entry) for path, action in self._leaves for score, entry in _fitting(typed, path, action)]
        if typed.strip():
            # What can be used stands before what cannot, where both fit about as well.
            found.sort(key=lambda one: one[0] - (2.0 if one[1].why_not else 0.0), reverse=True)
        self.beginResetModel()
        self._entries = [entry for _, entry in found]
        self.endResetModel()

    def entry(self, row: int) -> Entry:
        return self._entries[row]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.heard
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.action.toolTip()
        return entry if role == ENTRY else None


def _fitting(typed: str, path: str, action: QAction) -> list[tuple[float, Entry]]:
    """(score, entry) where it fits, or nothing: its own text by letters, its menu and further words by beginnings."""
    text = action.text().replace("&", "")
    shown = path.replace("/", " > ")
    fits = match(typed, text)
    if fits is None and starts(typed, f"{text} {path} {further_words(action)}"):
        fits = Match(-_ELSEWHERE)
    if fits is None:
        return []
    return [(fits.score, Entry(action, text, shown, keys_of(action), obstacle(action), fits.places))]
