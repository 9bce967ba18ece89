"""Lets a slot end soon after its agent, also while a call into C keeps all of Python from running."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from typing import Any

#: prctl(2): which signal we get when our parent is gone.
_PR_SET_PDEATHSIG = 1
#: That signal, which nothing raises (SIGSTKFLT). Its number is also the seconds that we are then given, see below.
_STACK_FAULT = 16


def end_without_parent() -> None:
    """From now on, this process ends 16 seconds after its parent, whatever it is at. On Linux only.

    The thread that reads from the agent notices its end at once, and ends us and what our tasks have started; but it
    needs the interpreter, which a task in C may hold for hours. So the system sends us a signal too, and that is
    handled in C: by `alarm(16)`, whose own signal ends us unless the thread was quicker. (One second is too few where a
    computer has more to do than it can: what tasks had started lived on.)

    Elsewhere such a slot ends when the call returns. What it forks is no slot, and hears of no parent.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # here, because other systems' slots need not wait for it

    before = signal.getsignal(_STACK_FAULT)  # as far as Python knows, this stays
    libc = ctypes.CDLL(None)
    libc.signal(_STACK_FAULT, ctypes.cast(libc.alarm, ctypes.c_void_p))
    libc.prctl(_PR_SET_PDEATHSIG, _STACK_FAULT, 0, 0, 0)
    os.register_at_fork(after_in_child=partial(_forget, before))


def _forget(before: Any) -> None:
    """Let the signal do in a child what it would have done here, unless the task said what."""
    if sys.platform != "win32" and signal.getsignal(_STACK_FAULT) == before:
        signal.signal(_STACK_FAULT, signal.SIG_DFL if before is None else before)
