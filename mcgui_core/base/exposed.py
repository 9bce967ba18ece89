"""Which methods may be called from outside the process: an allow-list that stands at the methods themselves.

A name that comes over a connection must never reach `getattr` (remote method invocation by any name is how one ends up
calling `__init__`). And a list of names beside the class is forgotten when a method is added or renamed. So a method is
private unless it is marked, with who may call it; whoever dispatches looks names up in what `exposed_methods` returns.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def exposed(*audiences: str) -> Callable[[F], F]:
    """Mark a method: these audiences, and nobody else, may call it."""

    def mark(method: F) -> F:
        method._exposed_to = frozenset(audiences)  # type: ignore[attr-defined]
        return method

    return mark


def exposed_methods(audience: str, *objects: object) -> dict[str, Callable[..., Any]]:
    """By name, the methods of these objects that this audience may call. Raises ValueError where two share a name.

    An override is exposed only where it is marked itself.
    """
    found: dict[str, Callable[..., Any]] = {}
    for owner in objects:
        kind: Any = type(owner)
        for name in _exposed_names(audience, kind):
            if name in found:
                raise ValueError(f"two objects expose {name} to {audience}")
            found[name] = getattr(owner, name)
    return found


@cache
def _exposed_names(audience: str, kind: Any) -> tuple[str, ...]:
    """Looked for once: each connection of a room full of nodes asks for them."""
    return tuple(name for name in dir(kind) if audience in getattr(getattr(kind, name), "_exposed_to", ()))
