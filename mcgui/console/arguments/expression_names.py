"""Whether an expression needs the environment: it uses a name that is not Python's own."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mcgui_core.environment.environment_source import Environment

#: What every expression may use without an environment.
_OWN: Final = frozenset({*dir(builtins), "math"})


def is_plain(expression: str) -> bool:
    """Whether it is no more than numbers, text, and ranges and containers of these: what evaluating runs nothing."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return _is_plain(tree.body)


def _is_plain(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant()):
            return True
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return all(map(_is_plain, parts))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and _is_plain(key) for key in keys) and all(map(_is_plain, values))
        case ast.Call(func=ast.Name(id="range"), args=parts, keywords=[]):
            return all(map(_is_plain, parts))
    return False


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
