"""How a function and its setup travel together, where they are callables of a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class FunctionWithSetup(NamedTuple):
    """`setup` is called in each process before the first call of `function`."""

    function: Callable[..., Any]
    setup: Callable[[], Any]
