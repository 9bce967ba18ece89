"""Whether an expression needs the environment: it uses a name that is not Python's own."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mcgui_core.environment.environment_source import Environment

#: What every expression may use without an environment.
_OWN: Final = frozenset({*dir(builtins), "math"})


def needs_environment(expression: str, environment: Environment | None) -> bool:
    """Whether the expression uses a name from outside of itself that the environment has, or that only it could have.

    `environment` is None while it does not compile. An expression that is none itself needs nothing.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    used = {node.id for node in names} - made
    return bool(used - _OWN) or (environment is not None and any(environment.defines(name) for name in used))
