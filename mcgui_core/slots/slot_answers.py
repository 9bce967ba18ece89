"""Whether what comes up a slot's pipe is what a slot says: tasks run in that process, and may write into the pipe.

What is none ends that slot, and is the death of the task that ran there. Nothing of it gets further, since the master
would refuse the whole node for it.
"""

from __future__ import annotations

from typing import Any, Literal

from mcgui_core.errors import FrameInvalid
from mcgui_core.protocol.field_types import predicate
from mcgui_core.protocol.messages import FailureKind

_Failure = tuple[int, FailureKind, str, str, str, str]
_Place = tuple[str, int, int]  # the name of a file of the store, start, size
_Piece = tuple[int, Literal["out", "err"], str]
_SHAPES: dict[str, Any] = {
    "loaded": tuple[Literal["loaded"]],
    "unfit": tuple[Literal["unfit"], str, str, str, Literal["environment", "setup", "arguments"]],
    "step": tuple[Literal["step"], int, int],
    "opened": tuple[Literal["opened"]],
    "at": tuple[Literal["at"], int],
    "part": tuple[Literal["part"], int, int, bytes | _Place, tuple[int, ...], tuple[_Failure, ...], float],
    "end": tuple[Literal["end"], int],
    "stop": tuple[Literal["stop"], int],
    "stale": tuple[Literal["stale"]],
    "status": tuple[Literal["status"], int, str, float | None],
}
_FITS = {kind: predicate(shape) for kind, shape in _SHAPES.items()}
_is_piece = predicate(_Piece)


def checked(answer: Any, reached: int, stop: int) -> tuple[Any, ...]:
    """The answer of a slot that has come as far as `reached` with a chunk that ends before `stop`.

    Raises FrameInvalid for what none says, with types, order or tasks that cannot be.
    """
    kind = answer[0] if type(answer) is tuple and answer else None
    if kind == "out":
        fine = len(answer) == 2 and type(answer[1]) is list and all(map(_is_piece, answer[1]))
    else:
        fine = type(kind) is str and kind in _FITS and _FITS[kind](answer) and _can_be(answer, reached, stop)
    if not fine:
        raise FrameInvalid("no slot says that")
    found: tuple[Any, ...] = answer
    return found


def _can_be(answer: tuple[Any, ...], reached: int, stop: int) -> bool:
    if answer[0] in ("at", "end"):
        return answer[1] in range(reached, stop + (answer[0] == "end"))
    if answer[0] == "stop":
        return answer[1] in range(reached + 1, stop)
    if answer[0] == "part":
        _, first, last, _, missing, failures, seconds = answer
        inside = range(first, last)
        named = (*missing, *(failure[0] for failure in failures))
        return first == reached < last <= stop and seconds >= 0 and all(index in inside for index in named)
    return True
