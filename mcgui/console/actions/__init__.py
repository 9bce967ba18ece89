"""Everything that the window can be told to do, declared once: a file for each menu, put together by `Actions`."""

from mcgui.console.actions.action_declaration import Declared, Submenu
from mcgui.console.actions.action_registry import Actions

__all__ = ["Actions", "Declared", "Submenu"]
