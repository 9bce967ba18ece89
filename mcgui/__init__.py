"""The windows of mcgui: the console, and the tray app of a worker. What they show lives in `mcgui_core`."""

from __future__ import annotations

#: Modules that the rest of the house uses.
__all__: list[str] = []
