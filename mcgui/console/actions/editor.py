"""The menu Edit: what can be done in the editor of the environment."""

from __future__ import annotations

from mcgui.console.actions.declared import Declared

ACTIONS: tuple[Declared, ...] = ()
