"""The programs beside which nothing works: typed by name, path or words of their command line, or picked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from mcgui.plain_text import plain_button
from mcgui_core.owner.program_list import programs_to_pick


class ProgramsField(QWidget):
    """A line of programs with commas between them, and a button with a menu of those that run now."""

    def __init__(
        self,
        programs: tuple[str, ...],
        parent: QWidget | None = None,
        to_pick: Callable[[], tuple[str, ...]] = programs_to_pick,
    ) -> None:
        super().__init__(parent)
        self._to_pick = to_pick
        self.line = QLineEdit(", ".join(programs), self)
        self.line.setCursorPosition(0)  # what does not fit is cut at its end
        self.line.setPlaceholderText("blender, steam, /opt/film/play.py")
        self.line.setToolTip("By name, by path, or by words of the command line; with commas between them.")
        self.line.setAccessibleName("Not while these programs run")
        self.pick = QPushButton("Pick", self)
        self.pick.setAccessibleName("Pick a program that runs now")
        self.menu = QMenu(self.pick)
        self.pick.setMenu(self.menu)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.pick)
        self.menu.aboutToShow.connect(self._fill)
        self.menu.triggered.connect(self._on_picked)

    @property
    def programs(self) -> tuple[str, ...]:
        """What stands in the line, each once."""
        return tuple(dict.fromkeys(name.strip() for name in self.line.text().split(",") if name.strip()))

    @Slot()
    def _fill(self) -> None:
        self.menu.clear()
        for name in self._to_pick():
            action = self.menu.addAction(plain_button(name))
            action.setData(name)
        if self.menu.isEmpty():
            self.menu.addAction("No program of yours can be seen").setEnabled(False)

    @Slot(QAction)
    def _on_picked(self, action: QAction) -> None:
        if action.data():
            self.line.setText(", ".join(dict.fromkeys([*self.programs, action.data()])))
