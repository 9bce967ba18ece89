"""Whether a function can be called with the arguments that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mcgui_core.environment.function_info import FunctionInfo


def fit(function: FunctionInfo, columns: Sequence[str]) -> str:
    """What keeps rows of these columns from being the keyword arguments of `function`; "" where they fit."""
    if function.known and not function.any_name:
        unknown = [column for column in columns if column not in function.parameters]
        if unknown:
            takes = ", ".join(function.parameters) or "none by name"
            return f"{function.name} has no parameter {_listed(unknown)}. It takes: {takes}."
    missing = [name for name in function.required if name not in columns]
    if missing:
        return f"{function.name} needs {_listed(missing)}, and nothing is passed by that name."
    return ""


def fit_one(function: FunctionInfo) -> str:
    """What keeps `function` from being called with one argument, by position; "" where it can be."""
    if not function.known:
        return ""
    needed_by_name = function.required[function.positional_required :]
    if needed_by_name:
        return f"{function.name} needs {_listed(needed_by_name)} by name: pass rows as keyword arguments."
    if function.positional == 0:
        return f"{function.name} takes no argument, and gets one."
    if function.positional_required > 1:
        return (
            f"{function.name} needs {function.positional_required} arguments, and gets one. "
            "Pass each tuple as separate arguments, or let the function take one tuple."
        )
    return ""


def fit_items(function: FunctionInfo, count: int) -> str:
    """What keeps `function` from being called with so many arguments by position; "" where it can be."""
    if not function.known:
        return ""
    needed_by_name = function.required[function.positional_required :]
    if needed_by_name:
        return f"{function.name} needs {_listed(needed_by_name)} by name: pass rows as keyword arguments."
    most, least = function.positional, function.positional_required
    if count >= least and (most is None or count <= most):
        return ""
    takes = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
    return f"{function.name} takes {takes} arguments, and gets {count}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
