"""Looking through source for functions and problems: the compiler first, pyflakes second. Nothing of it is run.

Runs in a process beside the window (see `analysis_child.py`): compiling ten thousand lines holds Python's lock for
longer than a frame takes, and a text can be so deeply nested that it ends the process that compiles it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcgui.console.analysis.problem import Problem, Severity, units
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import EnvironmentInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Problems that are told of one text; who has more than that has one reason for most of them.
MOST = 200
_NAME = re.compile(r"\w+")
#: The comment by which other checkers know, too, that the writer means a line as it is.
_MEANT = re.compile(r"#\s*noqa\b", re.IGNORECASE)
#: What pyflakes calls those of its findings that end the run, or may: the rest is untidy and no more.
_ERRORS = frozenset(
    (
        "BreakOutsideLoop",
        "ContinueOutsideLoop",
        "DefaultExceptNotLast",
        "DuplicateArgument",
        "FutureFeatureNotDefined",
        "LateFutureImport",
        "PercentFormatInvalidFormat",
        "ReturnOutsideFunction",
        "StringDotFormatInvalidFormat",
        "TwoStarredExpressions",
        "UndefinedExport",
        "UndefinedLocal",
        "UndefinedName",
        "YieldOutsideFunction",
    )
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a text. Either `environment` or `invalid` is there, and the other is None."""

    environment: Environment | None
    invalid: EnvironmentInvalid | None
    problems: tuple[Problem, ...] = ()


def check(source: str, filename: str) -> Checked:
    """Everything that can be told of this source. Takes about 5 ms for 500 lines."""
    try:
        environment = Environment.parse(source, filename)
    except EnvironmentInvalid as error:
        return Checked(None, error, problems_of(error, source))
    return Checked(environment, None, tuple(_further(source, filename)))


def problems_of(error: EnvironmentInvalid, source: str) -> tuple[Problem, ...]:
    """Where the compiler stopped; empty where that is no line."""
    if not error.line:
        return ()
    problem = Problem(error.line, error.problem)
    cause = error.__cause__
    lines = source.split("\n")
    if not isinstance(cause, SyntaxError) or not cause.offset or error.line > len(lines):
        return (problem,)
    line = lines[error.line - 1]
    same_line = cause.end_lineno in (None, cause.lineno)
    end = cause.end_offset if same_line and cause.end_offset else 0
    return (_placed(problem, line, cause.offset - 1, max(end - 1, 0)),)


def _further(source: str, filename: str) -> Iterator[Problem]:
    from pyflakes import checker

    try:
        found = checker.Checker(ast.parse(source, filename), filename=filename).messages
    except (SyntaxError, RecursionError, ValueError):  # which the compiler let pass: then there is no more to tell
        return
    lines = source.split("\n")
    for message in sorted(found, key=lambda one: (one.lineno, one.col))[:MOST]:
        line = lines[message.lineno - 1] if 0 < message.lineno <= len(lines) else ""
        if not _is_meant(message, line):
            yield _of_message(message, line)


def _is_meant(message: Any, line: str) -> bool:
    if _MEANT.search(line):
        return True
    # `from math import sqrt` alone is a whole environment: what is imported by name can be chosen as the function.
    return type(message).__name__ == "UnusedImport" and line.lstrip().startswith("from ")


def _of_message(message: Any, line: str) -> Problem:
    text = message.message % message.message_args
    severity: Severity = "error" if type(message).__name__ in _ERRORS else "warning"
    begin = len(line.encode()[: message.col].decode(errors="ignore"))  # ast counts bytes
    name = _NAME.match(line, begin)
    if name is not None and name[0] in ("import", "from") and message.message_args:  # it stands further on in the line
        meant = str(message.message_args[0]).rpartition(" ")[2].rpartition(".")[2]
        name = re.compile(rf"\b{re.escape(meant)}\b").search(line, name.end()) or name
        begin = name.start()
    problem = Problem(message.lineno, text, severity)
    return _placed(problem, line, begin, name.end() if name else 0)


def _placed(problem: Problem, line: str, begin: int, end: int) -> Problem:
    """The problem at these characters of its line; up to the end of the line where no end is known."""
    begin = min(begin, len(line.rstrip()))
    if end <= begin:
        end = len(line.rstrip())
    if end <= begin:  # behind the last character: mark that
        begin = max(end - 1, 0)
    if end <= begin:
        return problem
    return replace(problem, start=units(line, begin), end=units(line, end))
