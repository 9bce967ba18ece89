"""What a callable of a script takes, as Python itself tells it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

from mcgui_core.environment.function_info import FunctionInfo, of_parameters, of_unknown


def callable_info(function: Callable[..., Any], name: str) -> FunctionInfo:
    """Its own parameters, not those of what it wraps: a wrapper may give some of them itself."""
    try:
        if hasattr(function, "__signature__"):  # which is what somebody says of it
            return of_unknown(name, "", 0, "assigned")
        own = inspect.signature(function, follow_wrapped=False)
        (definition,) = ast.parse(f"def f{_bare(own)}: ...").body
    except Exception:  # noqa: BLE001 - one of C's, or an object that answers in its own way
        return of_unknown(name, "", 0, "assigned")
    assert isinstance(definition, ast.FunctionDef)
    return of_parameters(name, definition.args, "", 0, "assigned")


def _bare(signature: inspect.Signature) -> inspect.Signature:
    """Without annotations, and with 0 for each default: so it can be read as source."""
    empty = inspect.Parameter.empty
    bare = [
        found.replace(annotation=empty, default=empty if found.default is empty else 0)
        for found in signature.parameters.values()
    ]
    return inspect.Signature(bare)
