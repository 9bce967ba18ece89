"""Everything that the window can be told to do, declared once: a file for each menu, put together as ActionRegistry."""

from mcgui.console.actions.action_declaration import ActionDeclaration, Submenu
from mcgui.console.actions.action_registry import ActionRegistry

__all__ = ["ActionDeclaration", "ActionRegistry", "Submenu"]
