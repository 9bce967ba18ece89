"""The names at the top level of a piece of source, and which of them are functions, found without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mcgui_core.environment.function_info import (
    FunctionInfo,
    comment_above,
    of_class,
    of_def,
    of_parameters,
    of_partial,
    of_unknown,
)

#: Characters of an assigned expression that are shown in place of a docstring.
SHOWN_EXPRESSION = 60
_MODULE = "it is a module"
_DISPLAYS: dict[type, str] = {
    ast.JoinedStr: "it is no function but a string",
    ast.List: "it is no function but a list",
    ast.ListComp: "it is no function but a list",
    ast.Tuple: "it is no function but a tuple",
    ast.Dict: "it is no function but a dict",
    ast.DictComp: "it is no function but a dict",
    ast.Set: "it is no function but a set",
    ast.SetComp: "it is no function but a set",
    ast.GeneratorExp: "it is no function but a generator",
}


@dataclass(slots=True)
class Names:
    """What the top level binds: callables, what is certainly none (with the reason), and what may be one."""

    lines: list[str]
    functions: dict[str, FunctionInfo] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    maybe: set[str] = field(default_factory=set)
    anything: bool = False  # "from x import *"

    def bind(self, name: str, info: FunctionInfo | None = None, other: str = "") -> None:
        """The newest binding of a name is the one that counts, and its place in the source is where it is listed."""
        self.unbind(name)
        if info is not None:
            self.functions[name] = info
        elif other:
            self.others[name] = other
        else:
            self.maybe.add(name)

    def unbind(self, name: str) -> None:
        self.functions.pop(name, None)
        self.others.pop(name, None)
        self.maybe.discard(name)


def find_names(tree: ast.Module, lines: list[str]) -> Names:
    """The names that the top level binds, also those inside its if, try, with, for and while blocks."""
    names = Names(lines)
    for statement in _statements(tree.body):
        _visit(statement, names)
    return names


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(statement, ast.If) and _never_true(statement.test):
            yield from _statements(statement.orelse)
            continue
        for part in ("handlers", "cases"):
            for clause in getattr(statement, part, ()):
                yield from _statements(clause.body)
        for part in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, part, []))


def _never_true(test: ast.expr) -> bool:
    """Conditions that are false in an environment: it is no main module, and no type checker runs it."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__":
        return isinstance(test.ops[0], ast.Eq)
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"


def _visit(statement: ast.stmt, names: Names) -> None:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            names.bind(statement.name, of_def(statement, names.lines))
        case ast.ClassDef():
            names.bind(statement.name, of_class(statement, names.lines))
        case ast.Import():
            for alias in statement.names:
                names.bind(alias.asname or alias.name.partition(".")[0], other=_MODULE)
        case ast.ImportFrom() if statement.module != "__future__":
            _import_from(statement, names)
        case ast.Delete(targets=targets):
            for target in targets:
                if isinstance(target, ast.Name):
                    names.unbind(target.id)
        case _:
            for target, value in _targets(statement):
                _assign(target, value, names)


def _targets(statement: ast.stmt) -> list[tuple[ast.expr, ast.expr | None]]:
    """What a statement assigns to, each with the value where that stands there."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            return [(target, value) for target in targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return [(target, value)]
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
            return [(target, None)]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return [(item.optional_vars, None) for item in items if item.optional_vars is not None]
        case _:
            return []


def _import_from(statement: ast.ImportFrom, names: Names) -> None:
    home = "." * statement.level + (statement.module or "")
    for alias in statement.names:
        if alias.name == "*":
            names.anything = True
            continue
        name = alias.asname or alias.name
        names.bind(name, of_unknown(name, f"Imported from {home}.", statement.lineno, "import"))


def _assign(target: ast.expr, value: ast.expr | None, names: Names) -> None:
    if isinstance(target, ast.Tuple | ast.List):
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        starred = any(isinstance(element, ast.Starred) for element in (*values, *target.elts))
        paired = len(values) == len(target.elts) and not starred
        for index, inner in enumerate(target.elts):
            _assign(inner, values[index] if paired else None, names)
    elif isinstance(target, ast.Starred):
        _assign(target.value, None, names)
    elif isinstance(target, ast.Name):
        info, other = _of_value(target, value, names)
        names.bind(target.id, info, other)


def _of_value(target: ast.Name, value: ast.expr | None, names: Names) -> tuple[FunctionInfo | None, str]:
    """What a value is: a callable, certainly none (with the reason), or neither is known."""
    name, line = target.id, target.lineno
    match value:
        case ast.Lambda(args=args):
            return of_parameters(name, args, comment_above(names.lines, line), line, "lambda"), ""
        case ast.Name(id=other) if other in names.functions:
            return replace(names.functions[other], name=name, line=line, kind="assigned", docstring=""), ""
        case ast.Name(id=other) if other in names.others:
            return None, names.others[other]
        case ast.Attribute(value=ast.Name(id=home)) if names.others.get(home) == _MODULE:
            return of_unknown(name, _shown(value), line, "assigned"), ""
        case ast.Call(func=func) if _last_name(func) in ("partial", "partialmethod"):
            return _of_partial(name, value, line, names), ""
        case ast.Call() if any(_is_function(argument, names) for argument in value.args):
            return of_unknown(name, _shown(value), line, "assigned"), ""
        case ast.Constant(value=constant):
            return None, f"it is no function but {repr(constant)[:SHOWN_EXPRESSION]}"
        case _:
            return None, _DISPLAYS.get(type(value), "")


def _of_partial(name: str, call: ast.Call, line: int, names: Names) -> FunctionInfo:
    target = call.args[0] if call.args else None
    known = names.functions.get(target.id) if isinstance(target, ast.Name) else None
    if known is None:
        return of_unknown(name, _shown(call), line, "partial")
    return of_partial(name, known, call, _shown(call), line)


def _is_function(value: ast.expr, names: Names) -> bool:
    return isinstance(value, ast.Lambda) or (isinstance(value, ast.Name) and value.id in names.functions)


def _last_name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _shown(value: ast.expr) -> str:
    text = ast.unparse(value)
    return text if len(text) <= SHOWN_EXPRESSION else text[: SHOWN_EXPRESSION - 4] + " ..."
