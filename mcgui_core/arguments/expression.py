"""Arguments that a Python expression gives, evaluated beside the environment's own names."""

from __future__ import annotations

import ast
import builtins
import math
import traceback
from collections.abc import Callable, Iterable, Iterator, Sized
from itertools import chain, islice
from types import ModuleType
from typing import Any

from mcgui_core.arguments.argument_shapes import keys_of, widths_of
from mcgui_core.base.article import with_article
from mcgui_core.environment.environment_loader import beside, load_in_place
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import ArgumentsInvalid, EnvironmentInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle
from mcgui_core.values.text import short, summary

#: What tracebacks and messages call the expression.
EXPRESSION_NAME = "<arguments>"
#: What a preview says of no arguments, which is allowed.
NOTHING_TO_DO = "There are no arguments: the job would be finished at once."
#: Values of an iterator that a preview reads.
ITERATED = 5
_EXAMPLE = "Give a list or a range, such as range(1_000)."


class ExpressionArguments:
    """What the expression gives: a list or range as it is, an iterator read as it is asked for, once."""

    call: CallStyle = "single"

    def __init__(
        self,
        text: str,
        environment: str = "",
        filename: str = "<environment>",
        load: Callable[[str, str], ModuleType] = load_in_place,
    ) -> None:
        """Evaluates the expression. Raises ArgumentsInvalid, EnvironmentInvalid."""
        value = evaluate(text, environment, filename, load)
        self._filename = filename
        self._sized: Iterable[Any] | None = None
        self._rest: Iterator[Any] = iter(())
        self._seen: list[Any] = []  # of an iterator, by a preview, and still to be given out
        self.count: int | None = None
        if isinstance(value, Sized):
            self._sized, self.count = _iterable(value), _length(value)
        else:
            self._rest = self._told(iter(_iterable(value)))

    @property
    def values(self) -> Iterable[Any]:
        return iter(self) if self._sized is None else self._sized

    def check(self) -> None:
        """Nothing is left to check: the expression has been evaluated."""

    def preview(self, n: int = 5, seconds: float = math.inf) -> ArgumentsPreview:  # noqa: ARG002 - it is counted already
        if self._sized is None:
            n = min(n, ITERATED)  # each may take long
            self._seen += islice(self._rest, max(0, n + 1 - len(self._seen)))
            shown = self._seen[:n]
            count = len(self._seen) if len(self._seen) <= n else None
        else:
            shown = list(islice(self._told(iter(self._sized)), n))
            count = self.count
        return ArgumentsPreview(
            count,
            tuple(map(short, shown)),
            problem="" if count != 0 else NOTHING_TO_DO,
            widths=widths_of(shown),
            keys=keys_of(shown),
        )

    def __iter__(self) -> Iterator[Any]:
        if self._sized is not None:
            return self._told(iter(self._sized))
        seen, self._seen = self._seen, []
        return chain(seen, self._rest)

    def _told(self, source: Iterator[Any]) -> Iterator[Any]:
        """The same items, with what the user's iterator raises told as ours."""
        given = 0
        while True:
            try:
                value = next(source)
            except StopIteration:
                return
            except (Exception, SystemExit) as error:
                what = described(error, self._filename)
                raise ArgumentsInvalid(f"The expression raises {what} after {given:,} arguments.") from error
            given += 1
            yield value


def evaluate(
    text: str,
    environment: str = "",
    filename: str = "<environment>",
    load: Callable[[str, str], ModuleType] = load_in_place,
) -> Any:
    """The value of an expression over builtins, `math` and what the environment defines.

    The environment runs (by `load`) only where the expression uses a name of it: it may need packages that only
    the workers have, or be half written. Raises ArgumentsInvalid, EnvironmentInvalid.
    """
    tree, code = _compile(text.strip())
    namespace: dict[str, Any] = {"math": math}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if _needs_environment(used, environment):
        namespace.update(_load(environment, filename, load))
    try:
        with beside(filename):
            return eval(code, namespace)  # noqa: S307 - evaluating what the user wrote is what this is for
    except (Exception, SystemExit) as error:
        hint = "It may use builtins, math and what the environment defines." if isinstance(error, NameError) else ""
        raise ArgumentsInvalid(f"The expression raises {described(error, filename)}.", hint) from error


def described(error: BaseException, filename: str) -> str:
    """An exception in one line: its type, its message, and the line of the user's code that it came from."""
    head = summary(error)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == EXPRESSION_NAME:
            return head if frame.lineno == 1 else f"{head} (line {frame.lineno} of the expression)"
        if frame.filename.startswith(filename):  # a later version of the file has its digest behind the name
            return f"{head} (line {frame.lineno} of {filename})"
    return head


def _compile(text: str) -> tuple[ast.Expression, Any]:
    if not text:
        raise ArgumentsInvalid("There is no expression.", _EXAMPLE)
    try:
        tree = ast.parse(text, EXPRESSION_NAME, "eval")
        return tree, compile(tree, EXPRESSION_NAME, "eval", dont_inherit=True)
    except SyntaxError as error:
        where = f" in its line {error.lineno}" if error.lineno and "\n" in text else ""
        hint = _EXAMPLE
        if _is_statement(text):
            hint = "It is a statement: define things in the environment, and give here what is to be iterated."
        raise ArgumentsInvalid(f"The expression is not Python: {error.msg}{where}.", hint) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ArgumentsInvalid(f"The expression cannot be read: {error}.", _EXAMPLE) from error


def _is_statement(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _needs_environment(used: set[str], environment: str) -> bool:
    """Whether a name is neither a builtin nor math, or has a meaning of its own in the environment."""
    if not environment.strip():
        return False
    if not all(hasattr(builtins, name) or name == "math" for name in used):
        return True
    try:
        found = Environment.parse(environment)
    except EnvironmentInvalid:
        return False  # half written; an expression that does not use it need not wait
    return any(found.defines(name) for name in used)


def _load(environment: str, filename: str, load: Callable[[str, str], ModuleType]) -> dict[str, Any]:
    Environment.parse(environment, filename)
    try:
        return load(environment, filename).__dict__
    except (Exception, SystemExit) as error:
        what = described(error, filename)
        raise ArgumentsInvalid(f"The expression uses the environment, which does not load here: {what}.") from error


def _length(value: Sized) -> int:
    try:
        return len(value)
    except OverflowError as error:
        raise ArgumentsInvalid("The expression gives more arguments than any computer can count.", _EXAMPLE) from error


def _iterable(value: Any) -> Iterable[Any]:
    kind, shown = with_article(type(value).__qualname__), short(value)
    if isinstance(value, str | bytes | bytearray):
        raise ArgumentsInvalid(
            f"The expression is {kind}, {shown}, and each piece of it would be an argument.",
            f"For this one argument write [{shown}]; if its pieces are meant, list({shown}).",
        )
    try:
        iter(value)
    except TypeError as error:
        hint = f"For this one argument write [{shown}]."
        if callable(value):
            hint = f"Did you mean to call it: {getattr(value, '__name__', 'f')}(...)?"
        elif isinstance(value, int) and not isinstance(value, bool):
            hint = f"Did you mean range({shown})?"
        raise ArgumentsInvalid(f"The expression is {kind}, {shown}, which is no list of arguments.", hint) from error
    iterable: Iterable[Any] = value
    return iterable
