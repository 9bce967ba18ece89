"""What parent and child of the workbench may name in their messages."""

from __future__ import annotations

from mcgui_core.protocol.codec import ADMITTED_MODULES

#: As between us and a master, and what describes the arguments.
ADMITTED = (*ADMITTED_MODULES, "mcgui_core.arguments.argument_source")
