"""How much peers may say: names and reasons are in every snapshot, and all of it is kept.

What a slot of ours says of a failure is shorter (values/text.py); of what is longer, the beginning is kept. A text that
is too long is no reason to refuse the result beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from mcgui_core.protocol.messages import JobStatus, NodeReport, SlotDeath, TaskFailure, Unfit

T = TypeVar("T")

#: Characters of a name, of a message or a reason, of a repr, of a traceback, of a note.
NAME, MESSAGE, ARGUMENT, TRACEBACK, NOTE = 1_000, 24_000, 1_200, 24_000, 40_000

_LIMITS: dict[type, dict[str, int]] = {
    TaskFailure: {"type": NAME, "message": MESSAGE, "traceback": TRACEBACK, "argument": ARGUMENT, "node": NAME},
    SlotDeath: {"reason": MESSAGE},
    Unfit: {"type": NAME, "message": MESSAGE, "traceback": TRACEBACK},
    NodeReport: {"reason": MESSAGE},
    JobStatus: {"name": NAME, "function": NAME, "reduce": NAME, "reason": MESSAGE, "note": NOTE},
}


def within_limits(message: T) -> T:
    """The message, with no text that is longer than it may be. Itself, where none is: as nearly always."""
    limits = _LIMITS[type(message)]
    cut = {}
    for name, most in limits.items():
        text = getattr(message, name)
        if text is not None and len(text) > most:
            cut[name] = text[:most]
    return replace(message, **cut) if cut else message  # type: ignore[type-var]


def all_within_limits(messages: tuple[T, ...]) -> tuple[T, ...]:
    """Likewise; the tuple itself, where nothing had to be cut."""
    found = tuple(map(within_limits, messages))
    return messages if _same(messages, found) else found


def _same(messages: Iterable[object], found: Iterable[object]) -> bool:
    return all(one is other for one, other in zip(messages, found, strict=True))
