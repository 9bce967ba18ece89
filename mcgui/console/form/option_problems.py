"""What is wrong with the options of a job, before it runs: each a sentence, "" where nothing is. No Qt in here."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mcgui_core.arguments.call_fit import misfit_of_names
from mcgui_core.errors import FunctionNotFound
from mcgui_core.protocol.option_kinds import NoSuchValue
from mcgui_core.protocol.run_options import OPTIONS

if TYPE_CHECKING:
    from mcgui_core.arguments.shared_expressions import Shared
    from mcgui_core.environment.environment_source import Environment
    from mcgui_core.environment.function_info import FunctionInfo
    from mcgui_core.protocol.run_options import CallStyle

_OWN: Final = frozenset({*dir(builtins), "math"})


def problem_of_setup(name: str | None, environment: Environment | None) -> str:
    """Why this function cannot set the processes up."""
    if name is None or environment is None:
        return ""
    try:
        environment.check(name)
    except FunctionNotFound as error:
        return f"Set up by: {error}"
    function = environment.function(name)
    if function is not None and function.known and function.required:
        return f"Set up by: {name} is called without arguments, and needs {', '.join(function.required)}."
    return ""


def problem_of_seed(seed: str | None, function: FunctionInfo | None, call: CallStyle = "single") -> str:
    """Why this is no seed, or why the function cannot be given one."""
    if seed is None:
        return ""
    try:
        OPTIONS["seed"].checked(seed)
    except NoSuchValue:
        return f"Seed: {_short(seed)} is no whole number of 0 or more."
    return misfit_of_names(function, call, (), seed)


def problem_of_shared(
    shared: Shared,
    function: FunctionInfo | None,
    environment: Environment | None,
    seed: str | None,
    call: CallStyle = "single",
    passed: Sequence[str] = (),
) -> str:
    """Why a function cannot be given these values; `passed` are parameters that the arguments fill already."""
    names = [name for name, _ in shared]
    if problem := misfit_of_names(function, call, names, seed if "seed" in names else None):
        return problem
    for name, expression in shared:
        if name in passed:
            return f"Each task passes its argument as {name} already, so no shared value can have that name."
        if environment is not None and (unknown := _unknown(expression, environment)):
            return f"{name} = {_short(expression)} uses {unknown}, which the environment does not define."
    return ""


def _unknown(expression: str, environment: Environment) -> str:
    """A name in an expression that nobody defines; "" where there is none."""
    tree = ast.parse(f"({expression})", mode="eval")
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    used = (node.id for node in names if isinstance(node.ctx, ast.Load))
    return next((name for name in used if name not in made | _OWN and not environment.defines(name)), "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:38]}…"
