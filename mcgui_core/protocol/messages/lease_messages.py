"""What a node is given to do, and what it brings back."""

from __future__ import annotations

from typing import Annotated, Literal

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages.field_limits import MOST_TOLD, Length, Seconds, Token, Whole
from mcgui_core.protocol.messages.job_messages import Block, JobSpec
from mcgui_core.protocol.messages.task_messages import Outcome, TaskOutput, TaskStatus

_TOLD = Length(0, MOST_TOLD)


@message
class Chunk:
    """Consecutive tasks of a job that a node has leased: indices `start` to `stop`, `stop` excluded.

    They are for all slots of the node, which takes `each` of them at a time for a slot; 0: all for one slot.
    """

    lease: Whole  # unique over the life of a journal, so a late report is known for what it is
    job: Whole
    start: Whole
    stop: Whole
    careful: bool = False  # the slot announces each task before it starts: one of them killed a slot, or has a limit
    each: Whole = 0
    token: Token = b""  # proves to the master that it was leased; comes back with whatever is reported of it

    @property
    def count(self) -> int:
        """Tasks in it."""
        return self.stop - self.start

    @property
    def pieces(self) -> int:
        """How many slots can take some of it at a time."""
        return -(-(self.stop - self.start) // self.each) if self.each else 1


@message
class SlotDeath:
    """A slot died (or was killed) while it ran these tasks of a chunk."""

    lease: Whole
    job: Whole
    start: Whole
    stop: Whole
    kind: Literal["died", "timeout", "memory"]
    reason: str
    token: Token = b""  # of the chunk


@message
class Unfit:
    """This node cannot run this job at all: its environment does not load here, say."""

    job: Whole
    type: str  # of the exception; "" where the slot died of it
    message: str
    traceback: str
    what: Literal["environment", "setup", "arguments", "requirements", "disk"] = "environment"  # what fails here


@message
class Report:
    """What a node hands over in one exchange."""

    outcomes: Annotated[tuple[Outcome, ...], _TOLD] = ()
    deaths: Annotated[tuple[SlotDeath, ...], _TOLD] = ()
    returned: Annotated[tuple[Chunk, ...], _TOLD] = ()  # given back unstarted
    unfit: Annotated[tuple[Unfit, ...], _TOLD] = ()
    output: Annotated[tuple[TaskOutput, ...], _TOLD] = ()
    statuses: Annotated[tuple[TaskStatus, ...], _TOLD] = ()
    kept: Whole = 0  # pieces of chunks that are done, and are told later
    # Leases of which some pieces cannot begin yet, since what they need is still on its way to the node; and how many.
    staging: Annotated[tuple[tuple[Whole, Whole], ...], _TOLD] = ()
    # The jobs among those leases' that wait for what all of their tasks need; the others wait for their arguments.
    bringing: Annotated[tuple[Whole, ...], _TOLD] = ()
    # Of large results, which are long on their way: it says nothing of these three, which other reports tell meanwhile.
    beside: bool = False


@message
class Lease:
    """What a node receives in one exchange: chunks, and what it needs to run them and does not have.

    Its next reports may gather for `gather` seconds, unless somebody waits for them. With the `last` chunks, the master
    has nothing more to hand out, and expects nothing of their jobs; without chunks, nothing of any job, nor has anybody
    a task to spare.
    """

    chunks: tuple[Chunk, ...] = ()
    specs: tuple[tuple[Whole, JobSpec], ...] = ()
    blocks: tuple[tuple[Whole, Block], ...] = ()
    gather: Seconds = 0.2
    last: bool = False
