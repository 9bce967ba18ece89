"""The menu Results: what can be done with results, failures and the log."""

from __future__ import annotations

from mcgui.console.actions.declared import Declared

ACTIONS: tuple[Declared, ...] = ()
