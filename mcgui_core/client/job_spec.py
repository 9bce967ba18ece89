"""From what a script says of a job to its spec, checked before anything is sent."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcgui_core.errors import BadInput, FunctionNotFound
from mcgui_core.processes.own_interpreter import command_line, interpreter_options
from mcgui_core.protocol.job_check import FUNCTION_LIMIT, check_shared_names, function_too_large
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.option_kinds import shown
from mcgui_core.protocol.run_options import CallStyle, RunOptions
from mcgui_core.values import pickling

if TYPE_CHECKING:
    from mcgui_core.environment.environment_source import Environment
    from mcgui_core.environment.function_info import FunctionInfo

#: How the name of a file with an environment ends. No source that defines a function ends so in its only line.
_PYTHON_FILES = (".py", ".pyw")


def make_spec(
    environment: str | Path | None,
    function: str | Callable[..., Any] | Iterable[Any] | None,
    reduce: str | None,
    name: str | None,
    options: RunOptions,
    setup: Callable[[], Any] | None = None,
    shared: Iterable[str] = (),
) -> JobSpec:
    """The spec of a job, from what a script gives. `setup` is there where that is no name in the environment; `shared`
    are the names of values that each call is to be given.

    Raises EnvironmentInvalid, FunctionNotFound, BadInput.
    """
    if callable(function):
        if environment is not None:
            raise BadInput("Give either an environment with the name of a function in it, or a callable, not both.")
        from mcgui_core.environment.callable_info import callable_info  # here, because few jobs need it

        spec = _spec_of_callable(function, reduce, name, options, setup)
        _check_call(callable_info(function, spec.function), options.call, tuple(shared), options.seed)
        return spec
    if setup is not None:
        raise BadInput("setup must be the name of a function in the environment, where the function is one.")
    if environment is None or function is None:
        raise BadInput("A job needs an environment and the name of a function in it, or a callable.")
    if not isinstance(environment, str | Path):
        raise BadInput(f"environment must be source text, the Path of a file, or a callable, not {environment!r:.60}.")
    if not isinstance(function, str):
        raise BadInput(f"function must be the name of a function in the environment, not {function!r:.60}.")
    if name is not None and not isinstance(name, str):
        raise BadInput(f"name must be text, not {shown(name)}.")
    names = tuple(shared)
    check_shared_names(names, options.seed)  # what is no name may not be hashable either
    source, filename = _source(environment)
    try:
        return _spec_of_source(
            source, filename, function, reduce, name or function, options, names, interpreter_options()
        )
    except FunctionNotFound as error:
        if isinstance(environment, str) and not error.available and _names_a_file(environment):
            hint = f"{environment!r} was taken for source text. Give Path({environment!r}) for the file."
            raise BadInput(hint) from error
        raise


@lru_cache(maxsize=1)
def _spec_of_source(
    source: str,
    filename: str,
    function: str,
    reduce: str | None,
    name: str,
    options: RunOptions,
    shared: tuple[str, ...],
    interpreter: tuple[str, ...],
) -> JobSpec:
    """Kept: of a thousand jobs alike, one is looked at."""
    parsed = _parsed(source, filename)
    parsed.check(function)
    _check_call(parsed.function(function), options.call, shared, options.seed)
    for other in (reduce, options.setup):
        if other is not None:
            parsed.check(other)
    return JobSpec(
        name=name,
        environment=source,
        function=function,
        reduce=reduce,
        filename=filename,
        interpreter=interpreter,
        **options.options(),
    )


def _check_call(function: FunctionInfo | None, call: CallStyle, shared: tuple[str, ...], seed: str | None) -> None:
    from mcgui_core.arguments.call_fit import check_call  # here: the command line starts sooner without

    check_call(function, call, shared, seed)


def callable_first(
    called: Callable[..., Any], function: Any, args: Iterable[Any] | None
) -> tuple[None, Callable[..., Any], Iterable[Any] | None]:
    """What is meant by `submit(f, args)`: the callable stands where an environment would, its arguments come next."""
    if function is None:
        return None, called, args
    if isinstance(function, str) and args is None:
        raise BadInput(
            f"The arguments are one text, {shown(function)}. Give submit(f, [text]) to call f with it, "
            "or submit(f, list(text)) to call f with each of its letters."
        )
    if isinstance(function, str) or callable(function) or args is not None:
        raise BadInput("Give a callable and its arguments, submit(f, args), or an environment with a name in it.")
    return None, called, function


@lru_cache(maxsize=1)
def _parsed(source: str, filename: str) -> Environment:
    """Many a script has one environment, and a thousand jobs of it."""
    from mcgui_core.environment.environment_source import Environment  # here: the command line starts sooner without

    return Environment.parse(source, filename)


def _source(environment: str | Path) -> tuple[str, str]:
    """The text of an environment, and what it is called. A text that can only be the name of a file is one."""
    if isinstance(environment, str):
        if "\n" in environment or not environment.lower().endswith(_PYTHON_FILES):
            return environment, "<environment>"
        if not _names_a_file(environment):
            raise BadInput(
                f"There is no file {environment!r} in {Path.cwd()}, and as source text that defines no function."
            )
        environment = Path(environment)
    from mcgui_core.environment.source_encoding import decode_source

    try:
        return decode_source(environment.read_bytes()), str(environment)
    except (OSError, UnicodeDecodeError, SyntaxError) as error:  # SyntaxError: it declares an encoding that is none
        raise BadInput(f"The environment {environment} cannot be read: {error}.") from error


def _names_a_file(text: str) -> bool:
    try:
        return "\n" not in text and Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or with a character that no name has
        return False


def setup_name(setup: Callable[[], Any]) -> str:
    """By what name a callable that sets up is known."""
    name = getattr(setup, "__name__", "")
    return name if name.isidentifier() else "setup"  # a lambda, a partial


def _spec_of_callable(
    function: Callable[..., Any],
    reduce: str | None,
    name: str | None,
    options: RunOptions,
    setup: Callable[[], Any] | None,
) -> JobSpec:
    if options.setup is not None and setup is None:
        raise BadInput("setup must be a callable, where the function is one.")
    if reduce is not None:
        raise BadInput("reduce names a function of the environment; with a callable, apply it to results() yourself.")
    called = getattr(function, "__name__", type(function).__name__)
    return JobSpec(
        name=name or called,
        environment="",
        function=called,
        pickled_function=_pickled(function, setup, called),
        python=".".join(platform.python_version_tuple()[:2]),
        interpreter=interpreter_options(),
        argv=command_line(),
        **options.options(),
    )


def _pickled(function: Callable[..., Any], setup: Callable[[], Any] | None, called: str) -> Any:
    """Pickled, and not in one piece yet."""
    try:
        return pickling.pickled_function(function, FUNCTION_LIMIT - 1, setup)
    except pickling.TooLarge:
        raise function_too_large(called) from None
    except Exception as error:
        raise BadInput(f"The function {called} cannot be pickled: {error}.") from error
