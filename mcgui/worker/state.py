"""What the tray and the panel show: one frozen value, and how an agent's event turns it into the next one.

No Qt in here, so that every state and every change of state can be tested as plain data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from mcgui_core.agents import AgentEvent

Kind = Literal["off", "connecting", "idle", "working", "paused", "trouble"]
KINDS: Final[tuple[Kind, ...]] = ("off", "connecting", "idle", "working", "paused", "trouble")

#: What the icon calls each of the agent's states. One that drains takes nothing new, which is what "paused" tells.
_KIND_OF_AGENT: Final[dict[str, Kind]] = {
    "connecting": "connecting",
    "idle": "idle",
    "working": "working",
    "paused": "paused",
    "draining": "paused",
    "refused": "trouble",
}
_JOINED: Final[frozenset[Kind]] = frozenset({"idle", "working", "paused"})
#: What the master, too, shows as the reason when the owner pressed Pause here. The owner need not be told.
PAUSED_BY_OWNER: Final = "paused by its owner"


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One moment of this computer as a worker. Times are seconds since the epoch, `memory` is bytes."""

    kind: Kind = "off"
    master: str = ""  # "host:port" that we serve or look for
    since: float = 0.0  # when this master was joined; 0.0 while it is not
    message: str = ""  # a whole sentence: why it is as it is, where there is something to say
    link_problem: str = ""  # what is wrong with the link that was given last
    nprocs: int = 1  # processors given, as the owner set it
    cpus: int = 1  # processors there are
    busy: int = 0  # slots that run a task now
    done: int = 0  # tasks since this program started
    failed: int = 0
    cpu: float = 0.0  # per cent of the whole machine, used by our processes
    memory: int = 0
    running: bool = False  # an agent process is there: what can be disconnected
    leaving: bool = False  # it has been told to go and hands back what it holds

    @property
    def joined(self) -> bool:
        """Whether the master knows this computer right now."""
        return self.kind in _JOINED

    @property
    def host(self) -> str:
        """The master's host without its port."""
        return self.master.rpartition(":")[0] or self.master

    @property
    def can_pause(self) -> bool:
        """Whether there is an agent that pausing, or going on, means something to."""
        return self.running and not self.leaving and self.kind != "trouble"


@dataclass(frozen=True, slots=True)
class Tally:
    """Tasks of one agent, or of all that there have been since the program started."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.done + other.done, self.failed + other.failed)

    def with_event(self, event: AgentEvent) -> Tally:
        """What the agent has done by now. One that crashed cannot say it, so a tally never shrinks."""
        return Tally(max(self.done, event.done), max(self.failed, event.failed))


def after_event(previous: WorkerState, event: AgentEvent, total: Tally) -> WorkerState:
    """The state after `event`; `total` is what all agents have done by then. `nprocs` stays what the owner chose."""
    previous = replace(previous, done=total.done, failed=total.failed)
    if event.state == "ended":
        return off(previous) if previous.leaving else _ended(previous, event)
    refused = event.state == "refused"
    return replace(
        previous,
        kind=_KIND_OF_AGENT[event.state],
        master=event.master or previous.master,
        since=event.since,
        message="" if event.message == PAUSED_BY_OWNER else event.message,
        cpus=event.cpus or previous.cpus,
        busy=0 if refused else event.busy,
        cpu=0.0 if refused else event.cpu,
        memory=0 if refused else event.memory,
        running=not refused,
        leaving=previous.leaving and not refused,
    )


def off(previous: WorkerState) -> WorkerState:
    """The state once the agent has left; what it has done stays counted."""
    return replace(previous, kind="off", since=0.0, message="", busy=0, cpu=0.0, memory=0, running=False, leaving=False)


def _ended(previous: WorkerState, event: AgentEvent) -> WorkerState:
    """An agent ended that nobody had told to: it was refused, and has said so; or it crashed, or was killed."""
    if not previous.running:
        return previous
    return replace(off(previous), kind="trouble", message=f"{event.message} Connect again to go on working.".strip())
