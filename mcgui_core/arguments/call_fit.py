"""Whether a function can be called with what a job gives to each call: an argument, shared values, a seed.

One check for scripts, the terminal and the window, before anything is sent: else each task would fail for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mcgui_core.arguments.argument_fit import fit_one
from mcgui_core.base.listing import listed
from mcgui_core.environment.function_info import argument_name, with_given
from mcgui_core.errors import BadInput
from mcgui_core.protocol.job_check import check_shared_names

if TYPE_CHECKING:
    from mcgui_core.environment.function_info import FunctionInfo
    from mcgui_core.protocol.run_options import CallStyle


def check_call(function: FunctionInfo | None, call: CallStyle, shared: Sequence[str], seed: Any) -> None:
    """Raises BadInput where a function certainly cannot be called so, whatever the arguments are."""
    check_shared_names(shared, seed)
    problem = misfit_of_names(function, call, shared, seed)
    if not problem and call == "single" and function is not None:
        problem = fit_one(with_given(function, given_names(shared, seed)))
    if problem:
        raise BadInput(problem)


def given_names(shared: Sequence[str], seed: Any) -> list[str]:
    """What each call is given by name, whatever its argument is."""
    return [*shared] if seed is None else [*shared, "seed"]


def misfit_of_names(function: FunctionInfo | None, call: CallStyle, shared: Sequence[str], seed: Any) -> str:
    """Why a function cannot be given values by these names, as a sentence; "" where it can, or that cannot be told."""
    if seed is not None and "seed" in shared:
        return "The seed is given to each call as seed already, so no shared value can have that name."
    if function is None or not function.certain:
        return ""
    argument = argument_name(function) if call == "single" else ""
    if argument in shared:
        return (
            f"{function.name} takes its argument as {argument}, its first parameter, so no shared value can have that "
            "name. Give the shared value another one, or let another parameter be the first."
        )
    for name in () if function.any_name else shared:
        if name not in function.parameters:
            return f"{function.name} has no parameter {name}. It takes: {_taken(function)}."
    if seed is not None and not function.any_name and "seed" not in function.parameters:
        return (
            f"{function.name} has no parameter seed, by which each call is given its own. It takes: "
            f"{_taken(function)}. Add one, or leave the seed out."
        )
    return ""


def _taken(function: FunctionInfo) -> str:
    return listed(function.parameters) or "none by name"
