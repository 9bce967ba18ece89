"""From what a script says of a job to its spec, checked before anything is sent."""

from __future__ import annotations

import platform
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any, Literal

from mcgui_core.base.sizes import parse_bytes
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import CALL_STYLES, CallStyle, JobSpec


def checked_options(
    call: CallStyle,
    retries: int,
    timeout: float | None,
    on_error: Literal["continue", "stop"],
    priority: int,
    chunksize: int | None,
    backoff: float = 0.5,
    memory: int | str | None = None,
    hedge: bool = True,
) -> dict[str, Any]:
    """The options of a job as fields of its spec. Raises BadInput."""
    if call not in CALL_STYLES:
        raise BadInput(f"call must be one of {', '.join(CALL_STYLES)}, not {call!r}.")
    if on_error not in ("continue", "stop"):
        raise BadInput(f"on_error must be continue or stop, not {on_error!r}.")
    if retries < 0:
        raise BadInput(f"retries must be 0 or more, not {retries}.")
    if timeout is not None and not timeout > 0:
        raise BadInput(f"timeout must be more than 0 seconds, not {timeout}.")
    if chunksize is not None and chunksize < 1:
        raise BadInput(f"chunksize must be 1 or more, not {chunksize}.")
    if not 0 <= backoff < inf:
        raise BadInput(f"backoff must be 0 seconds or more, not {backoff}.")
    return {
        "call": call,
        "retries": retries,
        "timeout": timeout,
        "on_error": on_error,
        "priority": priority,
        "chunksize": chunksize,
        "backoff": backoff,
        "memory": None if memory is None else parse_bytes(memory),
        "hedge": hedge,
    }


def make_spec(
    environment: str | Path | None,
    function: str | Callable[..., Any] | None,
    reduce: str | None,
    name: str | None,
    options: dict[str, Any],
) -> JobSpec:
    """The spec of a job, from what a script gives. Raises EnvironmentInvalid, FunctionNotFound, BadInput."""
    if callable(function):
        if environment is not None:
            raise BadInput("Give either an environment with the name of a function in it, or a callable, not both.")
        return _spec_of_callable(function, reduce, name, options)
    if environment is None or function is None:
        raise BadInput("A job needs an environment and the name of a function in it, or a callable.")
    from mcgui_core.environment.environment_source import (
        Environment,  # here, because workers and the CLI's `status` do without it
    )

    filename = "<environment>"
    if isinstance(environment, Path):
        filename = str(environment)
        try:
            environment = environment.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"The environment {filename} cannot be read: {error}.") from error
    parsed = Environment.parse(environment, filename)
    parsed.check(function)
    if reduce is not None:
        parsed.check(reduce)
    return JobSpec(
        name=name or function,
        environment=environment,
        function=function,
        reduce=reduce,
        filename=filename,
        **options,
    )


def _spec_of_callable(
    function: Callable[..., Any], reduce: str | None, name: str | None, options: dict[str, Any]
) -> JobSpec:
    import cloudpickle

    if reduce is not None:
        raise BadInput("reduce names a function of the environment; with a callable, apply it to results() yourself.")
    called = getattr(function, "__name__", type(function).__name__)
    try:
        pickled = b"\x00" + cloudpickle.dumps(function, protocol=5)
    except Exception as error:
        raise BadInput(f"The function {called} cannot be pickled: {error}.") from error
    return JobSpec(
        name=name or called,
        environment="",
        function=called,
        pickled_function=pickled,
        python=".".join(platform.python_version_tuple()[:2]),
        **options,
    )
