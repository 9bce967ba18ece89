"""Whether the arguments fit the function: what it takes, beside what each task gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from mcgui_core.base.listing import listed
from mcgui_core.values.text import short

if TYPE_CHECKING:
    from mcgui_core.environment.function_info import FunctionInfo
    from mcgui_core.protocol.messages import ArgumentsPreview
    from mcgui_core.protocol.run_options import CallStyle


def best_call(preview: ArgumentsPreview, function: FunctionInfo | None) -> CallStyle:
    """How these arguments are best passed: as their source says, or spread where the function needs that."""
    if preview.call != "single" or function is None or not needs_spreading(function) or not preview.first:
        return preview.call
    first = preview.first[0]
    if first.startswith(("(", "[", "array(")):  # a row of a matrix can be spread like a tuple
        return "args"
    return "kwargs" if first.startswith("{") else "single"


def needs_spreading(function: FunctionInfo) -> bool:
    """Whether a function needs more than one argument, or some by name."""
    return function.positional_required > 1 or bool(fit_one(function))


def misfit(function: FunctionInfo | None, call: CallStyle, preview: ArgumentsPreview) -> str:
    """Why the function cannot be called so, as a sentence; "" where it can, or where that cannot be told."""
    if function is None:
        return ""
    if call == "kwargs":
        columns = preview.columns or preview.keys
        return fit(function, columns) if columns else _misfit_of_kind(function, preview, "**", "a dict", _NO_DICT)
    if call == "args":
        return _misfit_of_items(function, preview) or _misfit_of_kind(function, preview, "*", "a tuple", _NO_TUPLE)
    return fit_one(function)


def filled_by_arguments(
    function: FunctionInfo | None, call: CallStyle, preview: ArgumentsPreview | None
) -> tuple[str, ...]:
    """The parameters that each task's argument is passed as, as far as that can be told."""
    if function is None or not function.known or "/" in function.signature:
        return ()
    if call == "kwargs":
        return (preview.columns or preview.keys) if preview is not None else ()
    count = 1 if call == "single" else next(iter(preview.widths), 0) if preview is not None else 0
    return function.parameters[: count if function.positional is None else min(count, function.positional)]


#: Characters of an argument that are told.
_LONGEST: Final = 40
#: How what is no dict, and what is no tuple, begins where it is written down. (Of other things nobody can tell.)
_NO_DICT: Final = re.compile(r"[-\d'\"\[(]|b'|True\b|False\b|None\b")
_NO_TUPLE: Final = re.compile(r"-?\d|True\b|False\b|None\b")


def _misfit_of_kind(
    function: FunctionInfo, preview: ArgumentsPreview, stars: str, wanted: str, other: re.Pattern[str]
) -> str:
    """The first argument is none that can be taken apart so."""
    first = preview.first[0] if preview.first else ""
    if not other.match(first):
        return ""
    return f"{function.name}({stars}value) needs {wanted} for each task, and the first argument is {_short(first)}."


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _misfit_of_items(function: FunctionInfo, preview: ArgumentsPreview) -> str:
    for number, width in enumerate(preview.widths):
        problem = fit_items(function, width)
        if problem:
            return problem if number == 0 else f"Argument {number + 1}: {problem}"
    return ""


def misfit_of_results(function: FunctionInfo) -> str:
    """Why a function cannot reduce results, which it gets as one list; "" where it can, or where nobody knows."""
    if not function.certain or not fit_items(function, 1):
        return ""
    takes = function.signature
    return f"{function.name}{takes} cannot reduce: it has to take one argument, the list of all results."


def fit(function: FunctionInfo, columns: Sequence[str]) -> str:
    """What keeps rows of these columns from being the keyword arguments of `function`; "" where they fit."""
    if function.certain and not function.any_name:
        unknown = [column for column in columns if column not in function.parameters]
        if unknown:
            takes = listed(function.parameters) or "none by name"
            return f"{function.name} has no parameter {_listed(unknown)}. It takes: {takes}."
    missing = [name for name in function.required if name not in columns]
    if missing:
        return f"{function.name} needs {_listed(missing)}, and nothing is passed by that name."
    return ""


def fit_one(function: FunctionInfo) -> str:
    """What keeps `function` from being called with one argument, by position; "" where it can be."""
    if not function.certain:
        return ""
    needed_by_name = function.required[function.positional_required :]
    if needed_by_name:
        return f"{function.name} needs {_listed(needed_by_name)} by name: pass rows as keyword arguments."
    if function.positional == 0:
        return f"{function.name} takes no argument, and gets one."
    if function.positional_required > 1:
        return (
            f"{function.name} needs {function.positional_required} arguments, and gets one: nothing gives "
            f"{_listed(function.required[1 : function.positional_required])}. Pass tuples as separate arguments, or "
            "share a value."
        )
    return ""


def fit_items(function: FunctionInfo, count: int) -> str:
    """What keeps `function` from being called with so many arguments by position; "" where it can be."""
    if not function.certain:
        return ""
    needed_by_name = function.required[function.positional_required :]
    if needed_by_name:
        return f"{function.name} needs {_listed(needed_by_name)} by name: pass rows as keyword arguments."
    most, least = function.positional, function.positional_required
    if count >= least and (most is None or count <= most):
        return ""
    takes = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
    return f"{function.name} takes {takes} {'argument' if takes == '1' else 'arguments'}, and gets {count}."


def _listed(names: Iterable[str]) -> str:
    return listed([short(name) for name in names])
