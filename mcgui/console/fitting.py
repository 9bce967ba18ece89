"""Whether the arguments fit the function: what it takes, beside what each task gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcgui_core.arguments import fit, fit_one

if TYPE_CHECKING:
    from mcgui_core.environment import FunctionInfo
    from mcgui_core.jobs import ArgumentsPreview, CallStyle


def best_call(preview: ArgumentsPreview, function: FunctionInfo | None) -> CallStyle:
    """How these arguments are best passed: as their source says, or spread where the function needs more than one."""
    if preview.call != "single" or function is None or function.positional_required < 2 or not preview.first:
        return preview.call
    first = preview.first[0]
    if first.startswith(("(", "[")):
        return "args"
    return "kwargs" if first.startswith("{") else "single"


def misfit(function: FunctionInfo | None, call: CallStyle, preview: ArgumentsPreview) -> str:
    """Why the function cannot be called so, as a sentence; "" where it can, or where that cannot be told."""
    if function is None:
        return ""
    if call == "kwargs":
        return fit(function, preview.columns) if preview.columns else ""
    return fit_one(function) if call == "single" else ""
