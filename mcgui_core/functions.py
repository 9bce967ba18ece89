"""What a piece of source defines at its top level, found by reading its syntax tree: nothing of it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Literal

FunctionKind = Literal["def", "async", "lambda", "class", "import", "partial", "assigned"]

#: What the signature of something defined elsewhere is shown as.
UNKNOWN_SIGNATURE = "(...)"
#: Characters of an assigned expression that are shown in place of a docstring.
SHOWN_EXPRESSION = 60

_ASYNC = "it is async, and a task calls a plain function. Wrap it: def run(x): return asyncio.run({name}(x))"
_GENERATOR = "it is a generator (it yields), which cannot be sent back. Return a list instead"


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """One callable at the top level of an environment, as its source shows it."""

    name: str
    signature: str  # "(x, y=2)"
    doc: str  # first paragraph of the docstring (or of the comment right above), in one line
    line: int  # counted from 1
    kind: FunctionKind
    refusal: str = ""  # why it cannot be run, starting with "it is ..."; "" where it can
    parameters: tuple[str, ...] = ()  # that may be given by name
    required: tuple[str, ...] = ()  # those of them that must be given
    positional: int | None = None  # how many may be given by position; None: any number, or not known
    positional_required: int = 0  # how many of the required may be given by position
    any_name: bool = False  # takes **kwargs, or its parameters are not known

    @property
    def known(self) -> bool:
        """Whether the parameters are known: those of an imported name are not."""
        return self.signature != UNKNOWN_SIGNATURE


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
            names.bind(statement.name, _of_def(statement, names))
        case ast.ClassDef():
            names.bind(statement.name, _of_class(statement, names))
        case ast.Import():
            for alias in statement.names:
                names.bind(alias.asname or alias.name.partition(".")[0], other="it is a module")
        case ast.ImportFrom(module="__future__"):
            return
        case ast.ImportFrom():
            _visit_import_from(statement, names)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _assign(target, value, names)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            _assign(target, value, names)
        case ast.AugAssign(target=ast.Name(id=name)):
            names.bind(name)
        case ast.For(target=target) | ast.AsyncFor(target=target):
            _assign(target, None, names)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    _assign(item.optional_vars, None, names)
        case ast.Delete(targets=targets):
            for target in targets:
                if isinstance(target, ast.Name):
                    names.unbind(target.id)
        case _:
            return


def _visit_import_from(statement: ast.ImportFrom, names: Names) -> None:
    home = "." * statement.level + (statement.module or "")
    for alias in statement.names:
        if alias.name == "*":
            names.anything = True
            continue
        name = alias.asname or alias.name
        names.bind(name, _unknown(name, f"Imported from {home}.", statement.lineno, "import"))


def _assign(target: ast.expr, value: ast.expr | None, names: Names) -> None:
    if isinstance(target, ast.Tuple | ast.List):
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        paired = len(values) == len(target.elts) and not any(isinstance(e, ast.Starred) for e in [*values, *target.elts])
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
            return _info(name, args, _comment_above(names.lines, line), line, "lambda"), ""
        case ast.Name(id=other) if other in names.functions:
            known = names.functions[other]
            signature = (known.parameters, known.required, known.positional, known.positional_required, known.any_name)
            return FunctionInfo(name, known.signature, known.doc, line, "assigned", known.refusal, *signature), ""
        case ast.Name(id=other) if other in names.others:
            return None, names.others[other]
        case ast.Attribute(value=ast.Name(id=home)) if names.others.get(home) == "it is a module":
            return _unknown(name, _shown(value), line, "assigned"), ""
        case ast.Call(func=func) if _last_name(func) in ("partial", "partialmethod"):
            return _unknown(name, _shown(value), line, "partial"), ""
        case ast.Call() if any(_is_function(argument, names) for argument in value.args):
            return _unknown(name, _shown(value), line, "assigned"), ""
        case ast.Constant() | ast.JoinedStr() | ast.List() | ast.Tuple() | ast.Dict() | ast.Set() | ast.ListComp():
            return None, f"it is no function but {_shown(value)}"
        case ast.DictComp() | ast.SetComp() | ast.GeneratorExp() | ast.BinOp() | ast.UnaryOp() | ast.Compare():
            return None, f"it is no function but {_shown(value)}"
        case _:
            return None, ""


def _is_function(value: ast.expr, names: Names) -> bool:
    return isinstance(value, ast.Lambda) or (isinstance(value, ast.Name) and value.id in names.functions)


def _last_name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _unknown(name: str, doc: str, line: int, kind: FunctionKind) -> FunctionInfo:
    return FunctionInfo(name, UNKNOWN_SIGNATURE, doc, line, kind, any_name=True)


def _of_def(node: ast.FunctionDef | ast.AsyncFunctionDef, names: Names) -> FunctionInfo:
    doc = _docstring(node) or _comment_above(names.lines, min([node.lineno, *(d.lineno for d in node.decorator_list)]))
    kind: FunctionKind = "async" if isinstance(node, ast.AsyncFunctionDef) else "def"
    refusal = ""
    if not node.decorator_list:  # a decorator may make a plain function of anything
        if kind == "async":
            refusal = _ASYNC.format(name=node.name)
        elif _yields(node):
            refusal = _GENERATOR
    return _info(node.name, node.args, doc, node.lineno, kind, refusal)


def _of_class(node: ast.ClassDef, names: Names) -> FunctionInfo:
    doc = _docstring(node) or _comment_above(names.lines, node.lineno)
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            return _info(node.name, inner.args, doc, node.lineno, "class", bound=True)
    return _unknown(node.name, doc, node.lineno, "class")


def _info(
    name: str, args: ast.arguments, doc: str, line: int, kind: FunctionKind, refusal: str = "", bound: bool = False
) -> FunctionInfo:
    """`bound`: the first parameter (self) is not the caller's to give."""
    skipped = 1 if bound else 0
    before = [arg.arg for arg in args.posonlyargs]
    after = [arg.arg for arg in args.args]
    positional = (before + after)[skipped:]
    needed = positional[: max(0, len(positional) - len(args.defaults))]
    by_name = [parameter for parameter in positional if parameter not in before]
    keyword = [arg.arg for arg in args.kwonlyargs]
    keyword_needed = [arg for arg, default in zip(keyword, args.kw_defaults, strict=True) if default is None]
    return FunctionInfo(
        name, _signature(args, skipped), doc, line, kind, refusal,
        parameters=tuple(by_name + keyword),
        required=tuple(needed + keyword_needed),
        positional=None if args.vararg else len(positional),
        positional_required=len(needed),
        any_name=args.kwarg is not None,
    )  # fmt: skip


def _signature(args: ast.arguments, skipped: int) -> str:
    if not skipped:
        return f"({ast.unparse(args)})"
    own = copy(args)
    if own.posonlyargs:
        own.posonlyargs = own.posonlyargs[skipped:]
    else:
        own.args = own.args[skipped:]
    return f"({ast.unparse(own)})"


def _shown(value: ast.expr) -> str:
    text = ast.unparse(value)
    return text if len(text) <= SHOWN_EXPRESSION else text[: SHOWN_EXPRESSION - 4] + " ..."


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    # Not ast.get_docstring's own cleaning: that imports inspect, which costs more than reading the whole source.
    text = (ast.get_docstring(node, clean=False) or "").strip()
    paragraph = []
    for line in text.splitlines():
        if not line.strip():
            break
        paragraph.append(line.strip())
    return " ".join(paragraph)


def _comment_above(lines: list[str], line: int) -> str:
    """The comment lines that end right above a definition; `line` is that of the definition, counted from 1."""
    comment: list[str] = []
    for text in reversed(lines[: line - 1]):
        if not text.startswith("#") or text.startswith(("# ///", "#!")):
            break
        comment.insert(0, text.lstrip("#").strip())
    return " ".join(part for part in comment if part)


def _yields(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function itself yields, not one that is defined inside it."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(inner))
    return False
