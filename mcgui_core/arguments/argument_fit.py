"""Whether the arguments fit the function: what it takes, beside what each task gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcgui_core.arguments.function_fit import fit, fit_items, fit_one

if TYPE_CHECKING:
    from mcgui_core.environment.environment_source import FunctionInfo
    from mcgui_core.protocol.messages import ArgumentsPreview
    from mcgui_core.protocol.run_options import CallStyle


def best_call(preview: ArgumentsPreview, function: FunctionInfo | None) -> CallStyle:
    """How these arguments are best passed: as their source says, or spread where the function needs more than one."""
    if preview.call != "single" or function is None or function.positional_required < 2 or not preview.first:
        return preview.call
    first = preview.first[0]
    if first.startswith(("(", "[", "array(")):  # a row of a matrix can be spread like a tuple
        return "args"
    return "kwargs" if first.startswith("{") else "single"


def misfit(function: FunctionInfo | None, call: CallStyle, preview: ArgumentsPreview) -> str:
    """Why the function cannot be called so, as a sentence; "" where it can, or where that cannot be told."""
    if function is None:
        return ""
    if call == "kwargs":
        columns = preview.columns or preview.keys
        return fit(function, columns) if columns else ""
    if call == "args":
        return _misfit_of_items(function, preview)
    return fit_one(function)


def _misfit_of_items(function: FunctionInfo, preview: ArgumentsPreview) -> str:
    for number, width in enumerate(preview.widths):
        problem = fit_items(function, width)
        if problem:
            return problem if number == 0 else f"Argument {number + 1}: {problem}"
    return ""


def misfit_of_results(function: FunctionInfo) -> str:
    """Why a function cannot reduce results, which it gets as one list; "" where it can, or where nobody knows."""
    if not function.known or not fit_items(function, 1):
        return ""
    takes = function.signature
    return f"{function.name}{takes} cannot reduce: it has to take one argument, the list of all results."
