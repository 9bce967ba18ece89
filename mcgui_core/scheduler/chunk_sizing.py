"""How many tasks make a chunk, and how many chunks a queue. Pure arithmetic.

A chunk should take long enough to hide what its travel costs, and be short enough that the work can be spread anew at
any moment. The duration of a task is unknown at first and may drift, so a chunk grows by steps, from one task or a
small part of a large job, and a slot hands back what it could not finish in time anyway (slot_interface.py).
"""

from __future__ import annotations

import math

#: Seconds that a chunk should take. Handing one over costs about 1 ms on a quiet local network, so 2 % at this length.
CHUNK_SECONDS = 0.05
#: Seconds below which a chunk is not cut just to share out the rest of a job: the cut would cost more than it gains.
SMALLEST_SECONDS = 0.002
#: A chunk is at most so many times the largest one yet. One measured task says little of its neighbours.
GROWTH = 64
#: Of a job of which nobody knows how long its tasks take, the only node is given so many times what it would be of one
#: whose chunks take next to nothing.
BEFORE_KNOWN = 64


def chunk_size(waiting: int, slots: int, task_seconds: float | None, largest: int, fixed: int | None = None) -> int:
    """Tasks for the next chunk, at least 1.

    `waiting` tasks are left to share among `slots` slots; one takes `task_seconds` (None: not known yet); `largest` is
    the most that was completed in one piece so far; `fixed` is the user's own choice, which wins.
    """
    if fixed is not None:
        return max(1, fixed)
    if task_seconds is None:
        return max(1, min(GROWTH, waiting // (GROWTH * max(1, slots))))
    seconds = max(task_seconds, 1e-9)
    timely = math.ceil(CHUNK_SECONDS / seconds)
    share = math.ceil(waiting / (2 * max(1, slots)))
    worthwhile = math.ceil(SMALLEST_SECONDS / seconds)
    return max(1, min(timely, max(share, worthwhile), GROWTH * largest))


def still_growing(task_seconds: float | None, largest: int) -> bool:
    """Chunks are still small because little is known. Then no slot of several nodes should hold more than it runs: the
    next chunk, a round trip later, will be many times as large, and a queue of small ones would be in its way."""
    return task_seconds is None or GROWTH * largest * max(task_seconds, 1e-9) < CHUNK_SECONDS


def queue_depth(task_seconds: float | None, largest: int, fixed: int | None, alone: bool) -> int:
    """How many times what a node wants to hold beside what it runs it may be given, by what is known; the arguments as
    for `chunk_size`. `alone`: there is nobody with whom it would have to share, and no other job.

    Who is alone sees sooner than we how long tasks take, and cuts them by that: another round trip of a small job takes
    as long as most of its tasks.
    """
    if task_seconds is None:
        return BEFORE_KNOWN if alone and fixed is None else 0
    return 0 if fixed is None and still_growing(task_seconds, largest) else 1
