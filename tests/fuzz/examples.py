"""Valid values of what an annotation says: what a mutation begins with. So every method that there is, or will be, is
called with what it takes, and every field of every message is there to be spoilt."""

from __future__ import annotations

import inspect
import random
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, is_dataclass
from typing import Any

from mcgui_core.protocol.field_types import field_types, fits
from mcgui_core.protocol.messages import Chunk, NodeInfo, Outcome, SlotDeath
from mcgui_core.values import pickling

_WORDS = ("", "out", "err", "x", "done", "é\ud800\x1b[2J", "a longer word " * 20)
_PICKLES = tuple(pickling.dumps([1] * count) for count in (0, 1, 3))
_PLAIN: dict[Any, tuple[Any, ...]] = {
    None: (None,),
    types.NoneType: (None,),
    bool: (False, True),
    int: (0, 1, 2, 5, 100),
    float: (0.0, 0.5, 3.0, 7),
    str: _WORDS,
    bytes: _PICKLES,
    Any: _PICKLES,
}


@dataclass
class Known:
    """What whoever sends messages knows: who it says it is, jobs of its own, and chunks that were leased to it."""

    node: str
    python: str
    job: int
    chunks: list[Chunk] = field(default_factory=list)


def arguments(method: Callable[..., Any], known: Known, chance: random.Random) -> tuple[Any, ...]:
    """For one call of a method."""
    hints = typing.get_type_hints(method)
    names = list(inspect.signature(method).parameters)
    return tuple(_named(name, hints[name], known, chance) for name in names)


def _named(name: str, hint: Any, known: Known, chance: random.Random) -> Any:
    plain = typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint
    if name == "job" and plain in (int, int | None):
        return known.job
    if name in ("node", "id") and plain is str:
        return known.node
    if name == "timeout":
        return 0.0
    if name == "python" and plain in (str, str | None):
        return known.python
    return example(hint, known, chance)


def example(hint: Any, known: Known, chance: random.Random) -> Any:
    """A value that fits an annotation."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        fitting = [value for value in (example(inner[0], known, chance) for _ in range(20)) if fits(value, hint)]
        return chance.choice(fitting)
    if origin is typing.Literal:
        return chance.choice(inner)
    if origin in (typing.Union, types.UnionType):
        return example(chance.choice(inner), known, chance)
    if origin is tuple and inner[-1] is ...:
        return tuple(example(inner[0], known, chance) for _ in range(chance.choice((0, 1, 1, 3))))
    if origin is tuple:
        return tuple(example(part, known, chance) for part in inner)
    if origin is dict:
        return {example(inner[0], known, chance): example(inner[1], known, chance)}
    if is_dataclass(hint):
        return _message(hint, known, chance)
    return chance.choice(_PLAIN[hint])


def _message(kind: Any, known: Known, chance: random.Random) -> Any:
    made = kind(**{name: _named(name, hint, known, chance) for name, hint in field_types(kind).items()})
    if kind is NodeInfo:
        return NodeInfo(known.node, "the rogue", 1, 1, f"{known.python}.0", "Test", 1, 1)
    if known.chunks and kind in (Chunk, Outcome, SlotDeath) and chance.random() < 0.9:
        return _of_lease(made, chance.choice(known.chunks), chance)
    return made


def _of_lease(made: Any, chunk: Chunk, chance: random.Random) -> Any:
    """As an honest node would say it of a part of its lease."""
    start = chance.randrange(chunk.start, chunk.stop)
    stop = chance.randint(start + 1, min(chunk.stop, start + 20))
    if isinstance(made, SlotDeath):
        return SlotDeath(chunk.lease, chunk.job, start, stop, made.kind, made.reason, chunk.token)
    if isinstance(made, Chunk):
        return Chunk(chunk.lease, chunk.job, start, stop, token=chunk.token)
    values = pickling.dumps([None] * (stop - start))
    return Outcome(chunk.job, start, stop, values, (), 0.1, lease=chunk.lease, token=chunk.token)
