"""Whether a pickle is no more than a message: looked at before it is loaded, since loading is what it would abuse.

The unpickler admits no class that is not ours (codec.py), but a pickle need name none to do harm. A tuple in a tuple in
a tuple, as a key of a dict, overflows the C stack as it is hashed, and the process is gone; a tuple that holds itself
twice, forty times over, is hashed for hours; and a number in the memo is taken for how much memory is wanted.

So the opcodes are run without their values: of each thing on the stack only its depth and its size, as it is when all
that it shares is counted each time, are kept. Opcodes that our pickler does not write are refused.
"""

from __future__ import annotations

from mcgui_core.errors import FrameInvalid

#: How deep a message may be. A report with outcomes with failures is 10 deep.
MOST_DEPTH = 50
#: Things that a message may hold. A first block of arguments is one; a report of 1,000 outcomes is 20,000.
MOST_THINGS = 5_000_000

#: Opcodes that push something plain, and how many bytes of it follow.
_PLAIN = {
    **dict.fromkeys(b"N\x88\x89)]}", 0),  # None, True, False, and an empty tuple, list or dict
    ord("K"): 1,
    ord("M"): 2,
    ord("J"): 4,
    ord("G"): 8,  # numbers
    ord("\x97"): 0,  # a buffer
}
#: Opcodes that push something plain, and of how many bytes its length is.
_SIZED = {**dict.fromkeys(b"\x8aC\x8c", 1), **dict.fromkeys(b"BX", 4), **dict.fromkeys(b"\x8d\x8e\x96", 8)}
#: Opcodes that make one thing of the last so many.
_JOINED = {ord("\x85"): 1, ord("\x86"): 2, ord("\x87"): 3, ord("R"): 2, ord("\x81"): 2, ord("\x93"): 2, ord("b"): 2,
           ord("a"): 2, ord("s"): 3}  # fmt: skip
#: ... of the one before the last mark, and all after it.
_ADDED = frozenset(b"eu")
_MARK, _TUPLE, _MEMOIZE, _READONLY, _PROTO, _FRAME, _STOP = b"(t\x94\x98\x80\x95."
#: Opcodes that make what others fill.
_UNFILLED = frozenset(b"]}\x81")
_GETS = {ord("h"): 1, ord("j"): 4}


def check_pickle(body: bytes | bytearray) -> None:
    """Raises FrameInvalid for what our pickler would not write."""
    try:
        _run(body)
    except (IndexError, ValueError) as error:
        raise FrameInvalid("it is broken off, or no message") from error


def _run(body: bytes | bytearray) -> None:  # noqa: C901, PLR0912 - an interpreter, in one loop so that it is quick
    stack: list[tuple[int, int]] = []  # of each thing: depth, size
    marks: list[int] = []
    memo: list[tuple[int, int] | None] = []
    plain, sized, joined = _PLAIN, _SIZED, _JOINED
    at, end, one, opcode = 0, len(body), (0, 1), 0
    while True:
        before, opcode = opcode, body[at]
        at += 1
        if opcode == _MEMOIZE:
            # What is filled only later is no bigger than that yet, and may hold itself; no message shares such a thing.
            memo.append(None if before in _UNFILLED else stack[-1])
        elif opcode in plain:
            at += plain[opcode]
            stack.append(one)
        elif opcode in sized:
            start = at + sized[opcode]
            at = start + int.from_bytes(body[at:start], "little")
            stack.append(one)
        elif opcode in _GETS:
            start, at = at, at + _GETS[opcode]
            shared = memo[int.from_bytes(body[start:at], "little")]
            if shared is None:
                raise FrameInvalid("it shares a list, which no message does")
            stack.append(shared)
        elif opcode == _MARK:
            marks.append(len(stack))
        elif opcode in joined or opcode == _TUPLE or opcode in _ADDED:
            first = len(stack) - joined[opcode] if opcode in joined else marks.pop() - (opcode != _TUPLE)
            if first < (marks[-1] if marks else 0):
                raise FrameInvalid("it is no message")
            depth, size = 0, 1
            for other, things in stack[first:]:
                size += things
                depth = max(depth, other)
            if depth >= MOST_DEPTH or size > MOST_THINGS:
                raise FrameInvalid(f"it is deeper than {MOST_DEPTH} or holds more than {MOST_THINGS:,} things")
            stack[first:] = [(depth + 1, size)]
        elif opcode == _FRAME:
            at += 8
        elif opcode == _PROTO:
            at += 1
        elif opcode == _STOP:
            return
        elif opcode != _READONLY:
            raise FrameInvalid(f"it holds the opcode {opcode:#x}, which no message does")
        if at > end:
            raise FrameInvalid("it is broken off")
