"""How something that the window can be told to do is declared: as data, for menus, tool bar, shortcuts and palette."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QKeySequence

Keys = str | QKeySequence.StandardKey


@dataclass(frozen=True)
class Declared:
    """One action. `menu` is where it stands, such as "Job" or "View/Colours"; actions stand in the order of their file.

    `shortcut` holds in the whole window; or, with `scope` "panel", where the panel that calls `addAction` with it has
    the focus. `words` are further words that the command palette finds it by.
    """

    name: str
    text: str
    tip: str
    menu: str
    shortcut: Keys
    sign: str = ""  # name of an icon
    checkable: bool = False
    line: bool = False  # a line above it in its menu
    scope: Literal["window", "panel"] = "window"
    words: str = ""


@dataclass(frozen=True)
class Submenu:
    """A menu whose actions are not declared, since they come and go: recent files, examples, panels."""

    menu: str  # such as "File/Recent"
    line: bool = False
