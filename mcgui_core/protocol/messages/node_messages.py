"""What a node says of itself, what the master wants of it, and how it stands."""

from __future__ import annotations

from typing import Annotated, Literal

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages.field_limits import Id, Length, Name, Percent, Slots, Whole
from mcgui_core.protocol.messages.lease_messages import Chunk, Lease
from mcgui_core.protocol.reasons import ReasonCode

NodeState = Literal["idle", "working", "paused", "draining", "silent", "lost", "left"]
#: States of a node that is not there any more.
DEPARTED_STATES: frozenset[str] = frozenset({"lost", "left"})


@message
class NodeInfo:
    """What a node says of itself when it joins."""

    id: Id  # chosen by the node, kept over reconnections
    name: Name
    nprocs: Slots
    cpus: Slots
    python: Name
    platform: Name
    pid: Whole
    visit: Whole = 0  # how often it has joined: what it asked during an earlier visit is not answered with work
    store: Name = ""  # the secret that lies in the master's store, where the node can read that


@message
class Welcome:
    """What the master answers a node that joins."""

    journal: str  # its id: a node that finds another one at the old address forgets what it holds
    kept: tuple[Chunk, ...] = ()  # of what the node said to hold: what it may go on with


@message
class NodeReport:
    """What a node says of itself with each heartbeat."""

    nprocs: Slots
    busy: Slots
    cpu: Percent  # of the whole machine, used by this node's processes
    memory: Whole  # bytes, resident, of the agent and its slots together
    paused: bool = False
    draining: bool = False
    reason: str = ""  # why it is paused or draining
    jobs: Annotated[tuple[Whole, ...], Length(0, 10_000)] = ()  # whose tasks its slots are at
    reason_code: ReasonCode = ""  # of `reason`


@message
class Orders:
    """What the master wants of a node, in answer to a heartbeat."""

    work: bool = False  # there is something to lease
    recall: Whole = 0  # give back this many tasks that have not started
    recall_jobs: tuple[Whole, ...] = ()  # give back all tasks of these jobs that have not started
    drop: tuple[Whole, ...] = ()  # jobs whose tasks are to be stopped and forgotten
    before: Whole = 0  # ... but for leases from this number on, which are newer than this order: the job was retried
    nprocs: Slots = 0  # have so many slots from now on; 0: as it has
    pause: bool | None = None  # start no more tasks; False: start some again; None: as it is
    retire: Literal["", "finish", "now"] = ""  # leave, once the tasks that run are done, or now
    aside: str = ""  # tasks of a job are kept from it, because it fails what others do; why
    known: bool = True  # False: the master does not know this node (any more); it has to join again
    lease: Lease | None = None  # of a small job, which comes along so that nobody has to ask for it


@message
class NodeStatus:
    """One node, as the master knows it. Times are seconds since the epoch."""

    id: str
    name: str
    state: NodeState
    nprocs: int
    busy: int  # slots that run a task now
    cpus: int
    cpu: float  # per cent
    memory: int  # bytes
    done: int
    failed: int
    rate: float  # tasks a second over the last seconds
    task_seconds: float | None
    contact: float  # time of the last word from it
    joined: float
    address: str
    python: str
    platform: str
    pid: int  # of its agent
    reason: str = ""  # why it is in this state, where there is something to say
    reason_code: ReasonCode = ""  # of `reason`: what to decide by, where the other is to be shown
