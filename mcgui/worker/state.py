"""What the tray and the panel show: one frozen value, and how an agent's event turns it into the next one.

No Qt in here, so that every state and every change of state can be tested as plain data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from mcgui_core.client.agent_process import AgentEvent

Kind = Literal["off", "connecting", "idle", "working", "paused", "draining", "trouble"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

#: What the icon calls each of the agent's states.
_KIND_OF_AGENT: Final[dict[str, Kind]] = {
    "connecting": "connecting",
    "idle": "idle",
    "working": "working",
    "paused": "paused",
    "draining": "draining",
    "refused": "trouble",
}
_JOINED: Final[frozenset[Kind]] = frozenset({"idle", "working", "paused", "draining"})


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
    tasks: tuple[tuple[int, int, int, int], ...] = ()  # what slots are at: slot, job, first task, one after the last
    slots: int = 0  # slots that there are, which the limits may keep below `nprocs`
    limit: str = ""  # the limit in force (mcgui_core.owner.limits), "pause" or "snooze"
    reason: str = ""  # why, as a whole sentence
    until: float = 0.0  # when that ends by itself; 0.0 where nobody knows
    in_use: bool | None = None  # the computer, by its input; None where that is not known
    on_battery: bool | None = None
    programs: tuple[str, ...] = ()  # those of the owner's programs that run
    suspended: int = 0  # slots whose tasks are stopped in memory
    tasks_until: float = 0.0  # when what still runs is given back; 0.0: when it is done
    stopped: str = ""  # what was stopped last because it needed too much
    cannot_tell: tuple[str, ...] = ()  # limits that hold nothing back, since this computer cannot tell
    aside: str = ""  # what the master said last of tasks that fail here and nowhere else
    day: str = ""  # that the next two are of, "2026-07-03"
    done_today: int = 0
    failed_today: int = 0
    done_ever: int = 0  # on this computer, as far as is remembered

    @property
    def joined(self) -> bool:
        """Whether the master knows this computer right now."""
        return self.kind in _JOINED

    @property
    def host(self) -> str:
        """The master's host without its port, as people call it."""
        host = self.master.rpartition(":")[0] or self.master
        return "this computer" if host in ("127.0.0.1", "[::1]", "localhost") else host

    @property
    def can_pause(self) -> bool:
        """Whether there is an agent that pausing, or going on, means something to."""
        return self.running and not self.leaving and self.kind not in ("trouble", "draining")

    @property
    def held(self) -> bool:
        """Whether the owner holds it: by Pause, or by a snooze."""
        return self.limit in ("pause", "snooze")

    @property
    def running_on(self) -> int:
        """Slots that run although it is paused."""
        return self.busy - self.suspended if self.kind == "paused" else 0

    @property
    def limited(self) -> bool:
        """Whether one of the limits keeps it from working, or from working with all that its owner gives."""
        return bool(self.limit) and not self.held and self.limit != "users"  # who share it; no choice of its owner's


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Tasks of one agent, or of all that there have been since the program started."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: TaskCounts) -> TaskCounts:
        return TaskCounts(self.done + other.done, self.failed + other.failed)

    def with_event(self, event: AgentEvent) -> TaskCounts:
        """What the agent has done by now. One that crashed cannot say it, so a count never shrinks."""
        return TaskCounts(max(self.done, event.done), max(self.failed, event.failed))


def after_event(previous: WorkerState, event: AgentEvent, total: TaskCounts) -> WorkerState:
    """The state after `event`; `total` is what all agents have done by then.

    `nprocs` stays what the owner chose, here or at the console: how many slots there are now is another number.
    """
    previous = replace(previous, done=total.done, failed=total.failed)
    if event.state == "ended":
        return off(previous) if previous.leaving else _ended(previous, event)
    refused = event.state == "refused"
    return replace(
        previous,
        kind=_KIND_OF_AGENT[event.state],
        master=event.master or previous.master,
        since=event.since,
        message=_sentence(event),
        nprocs=event.wanted or previous.nprocs,
        tasks=() if refused else event.tasks,
        slots=0 if refused else event.nprocs,
        limit=event.limit,
        reason=event.reason,
        until=event.until,
        in_use=event.in_use,
        on_battery=event.on_battery,
        programs=event.programs,
        suspended=0 if refused else event.suspended,
        tasks_until=event.tasks_until,
        stopped=event.stopped,
        cannot_tell=event.cannot_tell,
        aside=event.aside,
        cpus=event.cpus or previous.cpus,
        busy=0 if refused else event.busy,
        cpu=0.0 if refused else event.cpu,
        memory=0 if refused else event.memory,
        running=True,
        leaving=previous.leaving,
    )


def _sentence(event: AgentEvent) -> str:
    """Why it is as it is. That its owner paused it, or snoozes, nobody has to be told."""
    if event.message_code in ("pause", "snooze"):
        return ""
    if event.message_code == "console":
        return "Paused from the console."
    return event.message or (event.reason if event.wanted else "")


def off(previous: WorkerState) -> WorkerState:
    """The state once the agent has left; what it has done stays counted."""
    return WorkerState(
        master=previous.master, nprocs=previous.nprocs, cpus=previous.cpus, done=previous.done, failed=previous.failed,
        link_problem=previous.link_problem, day=previous.day, done_today=previous.done_today,
        failed_today=previous.failed_today, done_ever=previous.done_ever,
    )  # fmt: skip


def _ended(previous: WorkerState, event: AgentEvent) -> WorkerState:
    """An agent ended that nobody here had told to: the console had, or it crashed, or was killed."""
    if not previous.running:
        return previous
    return replace(off(previous), kind="trouble", message=f"{event.message} Connect again to go on working.".strip())
