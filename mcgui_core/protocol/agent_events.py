"""What a node's agent tells whoever started it, and its commands: one line of JSON each, on the agent's pipes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from typing import Literal

from mcgui_core.protocol.reasons import ReasonCode

#: Seconds between two events that only tell of work that comes and goes.
INTERVAL = 0.25
#: Seconds between two events that only tell how much processor and memory are used.
FIGURES_INTERVAL = 0.9

AgentState = Literal["connecting", "idle", "working", "paused", "draining", "refused", "ended"]


@dataclass(frozen=True, slots=True)
class AgentEvent:
    """How an agent is. One comes with every change, and about one a second while it works."""

    state: AgentState
    message: str = ""  # a whole sentence: why it connects, was refused, is paused; "" where there is nothing to say
    master: str = ""  # host:port
    nprocs: int = 0
    cpus: int = 0
    busy: int = 0  # slots that run a task now
    done: int = 0  # tasks since it started
    failed: int = 0
    cpu: float = 0.0  # per cent of the machine, by this agent's processes
    memory: int = 0  # bytes, by this agent's processes
    since: float = 0.0  # when it joined, in seconds since the epoch; 0.0 while it has not
    tasks: tuple[tuple[int, int, int, int], ...] = ()  # what slots are at: slot, job, first task, one after the last
    aside: str = ""  # the last that the master said of tasks which fail here and nowhere else, as a sentence
    # What its owner's limits (limits.py) say of it; as they are here where it has no owner.
    wanted: int = 0  # processors that the owner gives, or a person at the console set; 0: not known yet
    turn: int = 0  # the last `wanted` that the owner sent: an event from before must not put the slider back
    limit: str = ""  # the limit in force
    reason: str = ""  # a whole sentence: why it is
    until: float = 0.0  # when that ends by itself, in seconds since the epoch; 0.0 where that is not known
    in_use: bool | None = None  # by its input; None where it cannot tell, or nobody asked
    on_battery: bool | None = None
    programs: tuple[str, ...] = ()  # those of the owner's programs that run
    message_code: ReasonCode = ""  # of `message`, where it says why the agent is paused
    suspended: int = 0  # slots whose tasks are stopped in memory
    tasks_until: float = 0.0  # when what still runs is given back, in seconds since the epoch; 0.0: when it is done
    stopped: str = ""  # what was stopped last for the owner's sake, as a sentence
    cannot_tell: tuple[str, ...] = ()  # limits that hold nothing back, since this computer cannot tell

    def says_more_than(self, before: AgentEvent, age: float) -> bool:
        """Whether it is worth telling, `age` seconds after that one.

        That an idle node's CPU and memory flicker a little is not; nor is each of many small chunks or jobs; nor, after
        the last words, what another thread was just about to say.
        """
        if before.state == "ended":
            return False
        if age >= FIGURES_INTERVAL and self._uses_other_than(before):
            return True
        works = self.state in _AT_WORK and before.state in _AT_WORK
        if works and age < INTERVAL:
            return _but_for_work(self) != _but_for_work(before)
        return (works and self.state == "working") or _but_for_figures(self) != _but_for_figures(before)

    def _uses_other_than(self, before: AgentEvent) -> bool:
        """By so much that a person would call it another figure."""
        return abs(self.cpu - before.cpu) >= 1 or abs(self.memory - before.memory) > 0.05 * before.memory

    def to_line(self) -> str:
        """As a line of JSON, with its line break."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> AgentEvent:
        """The event of a line. Raises ValueError for a line that is none."""
        fields = json.loads(line)
        try:
            fields["tasks"] = tuple(tuple(task) for task in fields["tasks"])
            fields["programs"] = tuple(fields["programs"])
            fields["cannot_tell"] = tuple(fields["cannot_tell"])
            return cls(**fields)
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is no event of an agent: {line!r}") from error


#: States between which an agent goes to and fro with each small job.
_AT_WORK = ("idle", "working")
_FIGURES, _WORK = {"cpu", "memory"}, {"state", "busy", "done", "failed"}
_but_for_figures = attrgetter(*(field.name for field in fields(AgentEvent) if field.name not in _FIGURES))
_but_for_work = attrgetter(*(field.name for field in fields(AgentEvent) if field.name not in _FIGURES | _WORK))
