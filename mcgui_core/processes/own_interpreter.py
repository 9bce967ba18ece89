"""How this process of Python was started, as far as the tasks that it submits are to run in the same way."""

from __future__ import annotations

import os
import sys

from mcgui_core.protocol.job_check import ARGV_LENGTH, ARGV_LIMIT, INTERPRETER_OPTION, OPTIONS_LIMIT

#: How a join link begins: a key is in it, which is nothing that workers are told.
_LINK = "mcgui://"


def interpreter_options() -> tuple[str, ...]:
    """The options that count for tasks too: -O, -W and the UTF-8 mode, where somebody has said so."""
    found = [f"-{'O' * min(sys.flags.optimize, 2)}"] if sys.flags.optimize else []
    found += [f"-W{option}" for option in sys.warnoptions]
    # It may be on by itself, as the locale is here: elsewhere that is for the locale there to say.
    if "utf8" in sys._xoptions or "PYTHONUTF8" in os.environ:
        found.append(f"-Xutf8={int(sys.flags.utf8_mode)}")
    return tuple(option for option in found if INTERPRETER_OPTION.fullmatch(option))[:OPTIONS_LIMIT]


def command_line() -> tuple[str, ...]:
    """`sys.argv`, but for keys; without what is too long to travel."""
    words = tuple(_LINK if _LINK in word else word for word in map(str, getattr(sys, "argv", ())))
    return words if len(words) <= ARGV_LIMIT and sum(map(len, words)) <= ARGV_LENGTH else words[:1]
