"""One function as its source shows it: signature, docstring, and whether a task can call it. Nothing runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from typing import Literal

FunctionKind = Literal["def", "async", "lambda", "class", "import", "partial", "assigned"]

#: What the signature of something defined elsewhere is shown as.
UNKNOWN_SIGNATURE = "(...)"

#: Decorators whose functions take what the decorated one takes.
_KEEPING = frozenset({"cache", "lru_cache", "jit", "njit"})
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
    docstring: str = ""  # the whole, as it stands in the source
    may_differ: bool = False  # a decorator may make a function of other parameters of it, or another branch have one

    @property
    def known(self) -> bool:
        """Whether the parameters are known: those of an imported name are not."""
        return self.signature != UNKNOWN_SIGNATURE

    @property
    def certain(self) -> bool:
        """Whether a call that does not fit the parameters certainly fails."""
        return self.known and not self.may_differ


def of_unknown(name: str, doc: str, line: int, kind: FunctionKind) -> FunctionInfo:
    """A callable whose parameters stand elsewhere."""
    return FunctionInfo(name, UNKNOWN_SIGNATURE, doc, line, kind, any_name=True)


def of_def(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> FunctionInfo:
    """What is known of a function by its `def`; `lines` are those of the source, for comments above it."""
    docstring = _docstring(node)
    above = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    doc = _first_paragraph(docstring) or comment_above(lines, above)
    kind: FunctionKind = "async" if isinstance(node, ast.AsyncFunctionDef) else "def"
    refusal = ""
    if not node.decorator_list:  # a decorator may make a plain function of anything
        if kind == "async":
            refusal = _ASYNC.format(name=node.name)
        elif _yields(node, lines):
            refusal = _GENERATOR
    found = of_parameters(node.name, node.args, doc, node.lineno, kind, refusal)
    return replace(found, docstring=docstring, may_differ=_may_differ(node))


def of_class(node: ast.ClassDef, lines: list[str]) -> FunctionInfo:
    """What is known of a class as a function: its parameters are those of `__init__`."""
    docstring = _docstring(node)
    doc = _first_paragraph(docstring) or comment_above(lines, node.lineno)
    found = of_unknown(node.name, doc, node.lineno, "class")
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            found = of_parameters(node.name, inner.args, doc, node.lineno, "class", bound=True)
            break
    return replace(found, docstring=docstring, may_differ=bool(node.keywords) or _may_differ(node))


def of_parameters(
    name: str, args: ast.arguments, doc: str, line: int, kind: FunctionKind, refusal: str = "", bound: bool = False
) -> FunctionInfo:
    """A callable with these parameters; where it is `bound`, the first (self) is not the caller's to give."""
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


def of_partial(name: str, known: FunctionInfo, call: ast.Call, doc: str, line: int) -> FunctionInfo:
    """What `call`, which is partial(FUNCTION, ...), makes of a function: what it gives need not be given any more."""
    given, named = call.args[1:], {keyword.arg: keyword.value for keyword in call.keywords}
    own = _parsed(known.signature) if known.known else None
    positional = [*own.posonlyargs, *own.args] if own is not None else []
    too_many = len(given) > len(positional) and own is not None and own.vararg is None
    if own is None or None in named or too_many or any(isinstance(one, ast.Starred) for one in given):
        return of_unknown(name, doc, line, "partial")
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(own.defaults)) + list(own.defaults)
    left = list(zip(positional, defaults, strict=True))[len(given) :]
    # From the first that is given by name on, they can only be given by name.
    cut = next((number for number, (arg, _) in enumerate(left) if arg.arg in named), len(left))
    before, after = left[:cut], left[cut:]
    first = max(0, len(own.posonlyargs) - len(given))
    by_name = [*after, *zip(own.kwonlyargs, own.kw_defaults, strict=True)]
    rest = ast.arguments(
        posonlyargs=[arg for arg, _ in before[:first]],
        args=[arg for arg, _ in before[first:]],
        vararg=own.vararg if not after else None,
        kwonlyargs=[arg for arg, _ in by_name],
        kw_defaults=[named.get(arg.arg, default) for arg, default in by_name],
        kwarg=own.kwarg,
        defaults=[default for _, default in before if default is not None],
    )
    return replace(of_parameters(name, rest, doc, line, "partial", known.refusal), may_differ=known.may_differ)


def with_given(known: FunctionInfo, names: Iterable[str]) -> FunctionInfo:
    """What is left of a function whose parameters of these names are given to each call; it has others, or none."""
    given = [name for name in names if name in known.parameters]
    if not given or not known.known:
        return known
    call = ast.Call(ast.Name("partial"), [ast.Name(known.name)], [ast.keyword(name, ast.Constant(0)) for name in given])
    left = of_partial(known.name, known, call, known.doc, known.line)
    parameters = tuple(name for name in left.parameters if name not in given)
    may_differ = known.may_differ
    return replace(left, kind=known.kind, docstring=known.docstring, parameters=parameters, may_differ=may_differ)


def argument_name(known: FunctionInfo) -> str:
    """The parameter that takes an argument which is passed alone; "" where it has no name that could be given."""
    own = _parsed(known.signature) if known.known else None
    return own.args[0].arg if own is not None and own.args and not own.posonlyargs else ""


def _parsed(signature: str) -> ast.arguments | None:
    """The parameters that a signature stands for; None where it is none."""
    try:
        (definition,) = ast.parse(f"def f{signature}: ...").body
    except SyntaxError:
        return None
    return definition.args if isinstance(definition, ast.FunctionDef) else None


def _signature(args: ast.arguments, skipped: int) -> str:
    if not skipped:
        return f"({ast.unparse(args)})"
    own = copy(args)
    if own.posonlyargs:
        own.posonlyargs = own.posonlyargs[skipped:]
    else:
        own.args = own.args[skipped:]
    return f"({ast.unparse(own)})"


def _may_differ(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether a decorator may make something that takes other parameters, or it stands in a branch, beside another."""
    for decorator in node.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = named.attr if isinstance(named, ast.Attribute) else named.id if isinstance(named, ast.Name) else ""
        if name not in _KEEPING:
            return True
    return node.col_offset > 0


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    # Not ast.get_docstring's own cleaning: that imports inspect, which costs more than reading the whole source.
    return ast.get_docstring(node, clean=False) or ""


def _first_paragraph(docstring: str) -> str:
    paragraph = []
    for line in docstring.strip().splitlines():
        if not line.strip():
            break
        paragraph.append(line.strip())
    return " ".join(paragraph)


def comment_above(lines: list[str], line: int) -> str:
    """The comment lines that end right above a definition; `line` is that of the definition, counted from 1."""
    comment: list[str] = []
    for at in range(line - 2, -1, -1):  # only as far as it goes: a file may have thousands of definitions
        text = lines[at]
        if not text.startswith("#") or text.startswith(("# ///", "#!")):
            break
        comment.insert(0, text.lstrip("#").strip())
    return " ".join(part for part in comment if part)


def _yields(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> bool:
    """Whether the function itself yields, not one that is defined inside it."""
    if not any("yield" in line for line in lines[node.lineno - 1 : node.end_lineno]):
        return False  # which is nearly always so, and a walk through all functions takes as long as parsing them
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(inner))
    return False
