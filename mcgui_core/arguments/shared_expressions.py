"""Values that all calls of a job share, as people write them: a name and an expression each, as in an assignment."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any

from mcgui_core.arguments.expression import evaluate
from mcgui_core.environment.environment_loader import load_in_place
from mcgui_core.errors import ArgumentsInvalid, BadInput
from mcgui_core.protocol.job_check import check_shared_names

#: Names, each with the expression of its value.
Shared = tuple[tuple[str, str], ...]
_EXAMPLE = "Write a name and an expression, such as table = load_table()."


def read_shared(text: str) -> Shared:
    """What a text of lines such as `table = load_table()` says; an expression in brackets may go over several.

    Raises BadInput with a sentence about the first line that is wrong.
    """
    try:
        statements = ast.parse(text).body
    except SyntaxError as error:
        raise BadInput(f"{_place(text, error.lineno)} is not Python: {error.msg}. {_EXAMPLE}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadInput(f"The shared values cannot be read: {error}. {_EXAMPLE}") from error
    found: dict[str, str] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]):
                # Not the segment of its value, which is without the brackets around it.
                expression = (ast.get_source_segment(text, statement) or "").partition("=")[2].strip()
            case _:
                raise BadInput(f"{_place(text, statement.lineno)} gives no value a name. {_EXAMPLE}")
        if name in found:
            raise BadInput(f"{_place(text, statement.lineno)} gives {name} a value, and an earlier one did.")
        found[name] = expression
    check_shared_names(found, None)
    return tuple(found.items())


def shared_lines(shared: Shared) -> str:
    """The text that `read_shared` reads these from."""
    return "\n".join(_line(name, expression.strip()) for name, expression in shared)


def evaluated(
    shared: Shared | Mapping[str, str],
    environment: str = "",
    filename: str = "<environment>",
    load: Callable[[str, str], ModuleType] = load_in_place,
) -> dict[str, Any]:
    """The values, by their names. The environment is loaded once, where one of them needs it.

    Raises BadInput, which names the value that cannot be made; EnvironmentInvalid.
    """
    load = lru_cache(load)
    pairs: Iterable[tuple[str, str]] = shared.items() if isinstance(shared, Mapping) else shared
    return {name: _evaluated(name, text, environment, filename, load) for name, text in pairs}


def _evaluated(name: str, text: str, environment: str, filename: str, load: Callable[[str, str], ModuleType]) -> Any:
    try:
        return evaluate(text, environment, filename, load)
    except ArgumentsInvalid as error:
        problem = error.problem.replace("The expression", "its expression", 1)
        raise BadInput(f"The shared value {name} cannot be made: {problem}") from error


def _line(name: str, expression: str) -> str:
    line = f"{name} = {expression}"
    try:
        as_it_is = read_shared(line) == ((name, expression),)
    except BadInput:
        as_it_is = False
    return line if as_it_is else f"{name} = ({expression})"  # of several lines, for example


def _place(text: str, line: int | None) -> str:
    return f"Line {line}" if line and "\n" in text.strip() else "That"
