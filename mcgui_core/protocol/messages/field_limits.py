"""What the numbers and texts of messages may be, beside being numbers and texts: said where a field is annotated.

`Annotated[int, Range(0, 5)]` is read by the decoder of calls (`calls/wire_types.py`), which refuses others as they come
in, and by `field_types.py`. What depends on more than one field is looked at by who knows the other: whether a task is
one of its job's, by the master.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `least` to `most`, both included."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Length:
    """A text, bytes or tuple of `least` to `most` characters, bytes or items."""

    least: int
    most: int


#: Of a job, a task, a lease, a visit; and amounts: of tasks, of bytes. Leases are numbered from the time in ms on.
Whole = Annotated[int, Range(0, 1 << 62)]
#: Slots that a node may have, and processors.
Slots = Annotated[int, Range(0, 1_000_000)]
#: How long something took.
Seconds = Annotated[float, Range(0.0, sys.float_info.max)]
#: Of a processor, or of all of a machine's; more than 100 where a machine says so.
Percent = Annotated[float, Range(0.0, sys.float_info.max)]
#: What somebody or something is called: it is shown in one line, and is in every snapshot.
Name = Annotated[str, Length(0, 1_000)]
#: The same of what has to have one.
Id = Annotated[str, Length(1, 1_000)]
#: Parts of leases that a node may say to hold as it joins again; more of them run anew.
MOST_HELD = 1_000
#: Of what a node has to tell, of each kind in one report; it tells the rest in the next one. The master takes them one
#: by one, under its lock.
MOST_TOLD = 10_000
#: Blocks of arguments that a node may fetch at once.
MOST_FETCHED = 64
#: Proves that something was leased (lease_tokens.py).
Token = Annotated[bytes, Length(0, 64)]
