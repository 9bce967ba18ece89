"""The menus of the window, made of the declared actions: File, Edit, Job, Workers, Results, View, Help.

They open from one button in the tool bar, by F10 too, so that no row of the window is spent on them; where the system
has a menu bar of its own (macOS), they stand there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from mcgui.console.actions import ActionRegistry, Submenu
from mcgui.console.actions.action_registry import LAYOUT

TITLES = ("File", "Edit", "Job", "Workers", "Results", "View", "Help")


class MainMenu(QMenu):
    """All menus, each a submenu; `menu("View/Colours")` finds one, for what is not declared but comes and goes."""

    def __init__(self, actions: ActionRegistry, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle("Menu")
        self.setAccessibleName("Menu")
        self._menus: dict[str, QMenu] = {}
        for title in TITLES:
            self.menu(title)
        for one in LAYOUT:
            if one.line:
                self.menu(one.menu.partition("/")[0]).addSeparator()
            if isinstance(one, Submenu):
                self.menu(one.menu)
            else:
                self.menu(one.menu).addAction(actions[one.name])
        for title in TITLES:
            self._menus[title].menuAction().setVisible(not self._menus[title].isEmpty())
        self._bar = self._native_bar() if sys.platform == "darwin" else None

    def menu(self, path: str) -> QMenu:
        """The menu of this path, such as "View/Colours"; a new one where there is none yet."""
        if path not in self._menus:
            above, _, title = path.rpartition("/")
            holder = self.menu(above) if above else self
            made = QMenu(title, holder)
            made.setToolTipsVisible(True)
            made.setAccessibleName(title)
            holder.addMenu(made)
            self._menus[path] = made
        return self._menus[path]

    def leaves(self) -> Iterator[tuple[str, QAction]]:
        """Every action of every menu, each with the path of its menu, in their order."""
        yield from _leaves("", self)

    def _native_bar(self) -> QMenuBar:
        bar = QMenuBar()  # without a parent: one for all windows of the program
        for title in TITLES:
            bar.addMenu(self._menus[title])
        return bar


def _leaves(path: str, menu: QMenu) -> Iterator[tuple[str, QAction]]:
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield from _leaves(f"{path}/{below.title()}" if path else below.title(), below)
        elif not action.isSeparator() and action.isVisible():
            yield path, action
