"""The owner of a computer that works for others: holds an agent to the owner's limits, whoever started it.

One thread looks at the computer every two seconds (only at what a limit asks for), and whenever the owner changed
something. What follows from it is a pure function: `limits.rule`.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from mcgui_core.base.clock import ElapsedClock, OnTheWall
from mcgui_core.owner.limits import LimitName, Limits, MachineState, Overrides, Ruling, RulingCode, plain_bytes, rule
from mcgui_core.owner.machine_state import MachineReader, Strain, strain
from mcgui_core.owner.memory_limit import MemoryLimit
from mcgui_core.owner.other_load import OtherLoad

#: Seconds between two looks.
TICK = 2.0
#: So many times the ceiling of memory is too far above it to wait for the end of tasks.
FAR = 1.25
#: Seconds until the agent's figures are without what has been stopped: it measures with its heartbeats.
SETTLES = 3.0
#: By what name the owner pauses the agent; the master has another one.
OWNER = "owner"
_SENT = "It was stopped, and does not come back here as long as another computer can take it."
#: What the master shows of a worker whose owner pressed Pause.
PAUSED = "paused by its owner"


class Steerable(Protocol):
    """What an owner does with an agent (Agent, in node/agent.py)."""

    @property
    def nprocs(self) -> int:
        """Slots that it has now."""

    @property
    def cpus(self) -> int:
        """Processors of this computer that it could use."""

    @property
    def memory(self) -> int:
        """Bytes that its tasks take, with all that they have started."""

    @property
    def cpu(self) -> float:
        """Seconds of processor that its processes have used."""

    @property
    def tasks(self) -> tuple[tuple[int, int, int, int], ...]:
        """What its slots are at: slot, job, first task, and the one after the last."""

    def set_nprocs(self, nprocs: int) -> None:
        """Have so many slots; tasks that run in one too many end first."""

    def pause(self, reason: str = "", by: str = OWNER, code: RulingCode = "") -> None:
        """Begin nothing more, for a reason in words; `by` whom, and which limit it was."""

    def resume(self, by: str = OWNER) -> None:
        """Go on, as far as it was paused by the same."""

    def hand_back(self) -> None:
        """Give tasks back to the master that have not ended."""

    def lower_priority(self) -> None:
        """Let every other program of the computer go first."""

    def hand_back_surplus(self) -> None:
        """Give back what runs in slots that are too many."""

    def suspend(self, keep: int = 0) -> None:
        """Stop the processes of its tasks in memory, but for so many."""

    def wake(self, keep: int) -> None:
        """Let so many of them go on."""

    def allow_installation(self, allowed: bool) -> None:
        """Whether packages that jobs require may be installed for them."""

    def limit_disk(self, ceiling: int | None) -> str:
        """Let jobs write no more than so many bytes; what was stopped for it, "" where nothing was."""

    def stop_largest(self, ceiling: int) -> str | None:
        """Stop the slot that takes most, where all take more than `ceiling` bytes. What it ran, if that alone is too
        large; None where it begins anew in another process, to see that; "" where their number is at fault."""


@dataclass(frozen=True, slots=True)
class LimitStatus:
    """How an owner and their computer stand: what a person would see change."""

    ruling: Ruling
    wanted: int  # processors that the owner gives, where no limit says less
    turn: int  # of the owner's last change that this follows from
    in_use: bool | None  # None: it cannot tell, or no limit asks
    on_battery: bool | None
    programs: tuple[str, ...]
    tasks_until: float | None = None  # when tasks that run although they should not are given back; since the epoch
    stopped: str = ""  # what was stopped last because it needed too much, as a sentence
    cannot_tell: tuple[LimitName, ...] = ()  # limits that are on, and hold nothing back: this computer cannot tell


class LimitEnforcer:
    """Applies limits to an agent from `start` to `stop`. All else may be called from any thread.

    `on_standing(standing)` is called, in the owner's thread, with everything that differs from the time before.
    """

    def __init__(
        self,
        agent: Steerable,
        limits: Limits | None = None,
        on_standing: Callable[[LimitStatus], None] = lambda _standing: None,
        look: Callable[[Limits], MachineState] | None = None,
        clock: Callable[[], float] = time.time,
        elapsed: Callable[[], float] | None = None,
        strain: Callable[[], Strain] = strain,
    ) -> None:
        """`look` tells what the computer is like, as far as limits ask; `clock` is the one on the wall, and `elapsed`
        that of overrides, both in seconds since the epoch."""
        self._agent = agent
        self._limits = limits or Limits()
        self._overrides = Overrides()
        self._wanted = agent.nprocs
        self._turn = 0
        self._on_standing = on_standing
        self._look = look or MachineReader().read
        self._clock, self._elapsed = clock, elapsed or ElapsedClock()
        self._strain = strain
        self._ceiling, self._floor, self._others = MemoryLimit(), MemoryLimit(), OtherLoad()
        self._lowered = False
        self._grace = Grace()
        self._stopped_last = ""
        self._stopped_at = float("-inf")
        self._applied = self._seen = agent.nprocs  # what we have last told the agent, and seen of it
        self._told: LimitStatus | None = None
        self.ruling = Ruling(self._wanted)
        self._trouble = ""  # what kept the limits from being applied the last time
        self._changed = threading.Condition()
        self._news = True
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="mcgui-owner", daemon=True)

    def start(self) -> None:
        """Apply the limits, and go on doing so."""
        self._try_to_apply()
        self._thread.start()

    def stop(self) -> None:
        """Leave the agent as it is from now on."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def change(
        self,
        limits: Limits | None = None,
        overrides: Overrides | None = None,
        wanted: int | None = None,
        turn: int = 0,
    ) -> None:
        """The owner wants something else from now on; `turn` comes back with what follows from it."""
        with self._changed:
            self._limits = limits or self._limits
            self._overrides = overrides if overrides is not None else self._overrides
            if wanted is not None:
                self._wanted = wanted
                self._applied = 0  # it counts, whatever the master has set meanwhile
            self._turn = turn
            self._news = True
            self._changed.notify_all()

    @property
    def now(self) -> float:
        """By the clock of overrides."""
        return self._elapsed()

    def pause(self, paused: bool) -> None:
        """Press Pause, or let go of it."""
        self.change(overrides=replace(self._overrides, paused=paused))

    def apply(self) -> None:
        """Look once, and do what follows from it."""
        with self._changed:
            self._news = False
            limits, overrides, wanted, turn = self._limits, self._overrides, self._follow_master(), self._turn
        machine = replace(self._look(limits), cpus=self._agent.cpus)
        machine = self._with_memory(machine, limits, wanted)
        machine = self._with_strain(machine, limits, wanted)
        if stopped := self._agent.limit_disk(limits.disk if "disk" in limits.on else None):
            allowed = plain_bytes(limits.disk)
            self._stopped_last = f"{stopped}: more than the {allowed} that all may write here. They were stopped."
        now, elapsed = self._clock(), self._elapsed()
        # People read the clock on the wall, which may have been set since an override was made.
        ruling = rule(limits, overrides.shifted(round(now - elapsed)), machine, wanted, now)
        self._enforce(ruling, limits)
        self._clear(ruling, limits)
        self.ruling = ruling
        standing = LimitStatus(
            ruling,
            wanted,
            turn,
            in_use(machine, limits),
            machine.on_battery,
            machine.programs,
            self._grace.ends_at,
            self._stopped_last,
            ("watching",) if machine.watched is None else (),
        )
        if standing != self._told:
            self._told = standing
            self._on_standing(standing)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._news, self._time_to_wait())
                if self._stopped:
                    return
            self._try_to_apply()

    def _try_to_apply(self) -> None:
        """What the computer cannot tell at this moment it may tell at the next: limits must not end over it."""
        try:
            self.apply()
        except Exception as error:  # noqa: BLE001 - from the system's libraries, and from whoever listens
            said, self._trouble = self._trouble, repr(error)
            if said != self._trouble:
                traceback.print_exception(error)
        else:
            self._trouble = ""

    def _time_to_wait(self) -> float:
        now = self._elapsed()
        ends = self._overrides.next_end(now)
        soonest = min(TICK, self._grace.seconds_left(time.monotonic()))
        return soonest if ends is None else min(soonest, max(0.05, ends - now))

    def _follow_master(self) -> int:
        """A number that a person at the console set counts as if the owner had; the limits hold for it all the same."""
        self._seen = self._agent.nprocs
        if self._applied and self._seen != self._applied:
            self._wanted = self._applied = self._seen
        return self._wanted

    def _with_memory(self, machine: MachineState, limits: Limits, wanted: int) -> MachineState:
        if "memory" not in limits.on:
            self._ceiling.reset()
            return machine
        now, memory = time.monotonic(), self._agent.memory
        stopped = self._agent.stop_largest(limits.memory) if memory > FAR * limits.memory else ""
        if stopped:
            self._stopped_last = f"{stopped}, more than the {plain_bytes(limits.memory)} that all may use here. {_SENT}"
        if stopped != "":
            self._stopped_at = now
        if now - self._stopped_at < SETTLES:  # that task was at fault, not their number
            return replace(machine, memory_nprocs=self._ceiling.current)
        allowed = self._ceiling.allowed(memory, limits.memory, wanted, now)
        if self._ceiling.overdue(memory, limits.memory, now):
            self._agent.hand_back()
        return replace(machine, memory_nprocs=allowed)

    def _with_strain(self, machine: MachineState, limits: Limits, wanted: int) -> MachineState:
        """What other programs need of the computer, where a limit asks for that."""
        if "load" not in limits.on:
            self._others.reset()
        if "free memory" not in limits.on:
            self._floor.reset()
        if not limits.on & {"load", "free memory"}:
            return machine
        now, looked, allowed = time.monotonic(), self._strain(), None
        busy = "load" in limits.on and self._others.is_above(limits.load_percent, looked.cpu, self._agent.cpu, now)
        if "free memory" in limits.on:
            memory = self._agent.memory
            ceiling = memory + looked.free_memory - limits.free_memory
            if FAR * looked.free_memory < limits.free_memory:
                self._agent.stop_largest(max(ceiling, 0))
            allowed = self._floor.allowed(memory, ceiling, wanted, now)
            if self._floor.overdue(memory, ceiling, now):
                self._agent.hand_back()
        return replace(machine, busy_elsewhere=busy, free_nprocs=allowed)

    def _enforce(self, ruling: Ruling, limits: Limits) -> None:
        self._agent.allow_installation(limits.allow_install)
        if limits.low_priority and not self._lowered:
            self._agent.lower_priority()
            self._lowered = True
        if ruling.nprocs:
            # Not where the console has set another number since this look began: the next one follows it.
            if self._seen != ruling.nprocs and self._agent.nprocs == self._seen:
                self._agent.set_nprocs(ruling.nprocs)
            self._applied = ruling.nprocs
            if not self.ruling.nprocs:
                self._agent.resume(OWNER)
        elif ruling.reason != self.ruling.reason or self.ruling.nprocs:
            self._agent.pause(PAUSED if ruling.limit == "pause" else ruling.reason, OWNER, ruling.limit)

    def _clear(self, ruling: Ruling, limits: Limits) -> None:
        """What runs although a limit has asked for fewer processors ends by itself for a while, and is given back then;
        or it is stopped in memory, if the owner likes that better. (Of a pause and a snooze their owner says what
        becomes of what runs: `hand_back`.)"""
        if ruling.limit in ("pause", "snooze"):
            self._grace.end()
            return
        self._agent.wake(ruling.nprocs)
        running = len(self._agent.tasks)
        if not ruling.limit or running <= ruling.nprocs:
            self._grace.end()
        elif limits.stop_in_memory and ruling.limit not in ("memory", "free memory"):  # which get no better by that
            self._grace.end()
            self._agent.suspend(ruling.nprocs)
        elif self._grace.is_over(60 * limits.grace_minutes, time.monotonic(), self._clock()):
            if ruling.nprocs:
                self._agent.hand_back_surplus()
            else:
                self._agent.hand_back()


class Grace:
    """The time that tasks have to come to their end, from the moment at which a limit has asked for it."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._seconds = 0.0
        self._end = OnTheWall(0.0)
        self.ends_at: float | None = None  # for people: by the clock on the wall

    def is_over(self, seconds: float, now: float, wall: float) -> bool:
        """Begin it where it has not; `now` is of a clock that never goes back."""
        if self._began is None or seconds != self._seconds:
            self._began = now if self._began is None else self._began
            self._seconds = seconds
            self._end = OnTheWall(self._began + seconds)
        self.ends_at = self._end.shown(now, wall)
        return now - self._began >= seconds

    def end(self) -> None:
        """Nothing runs that should not."""
        self._began = self.ends_at = None

    def seconds_left(self, now: float) -> float:
        """Until it is over; for ever, where it is or has not begun."""
        left = float("inf") if self._began is None else self._began + self._seconds - now
        return left if left > 0 else float("inf")


def in_use(machine: MachineState, limits: Limits) -> bool | None:
    """Whether somebody uses the computer, as far as it can tell."""
    return None if machine.idle is None else machine.idle < 60 * limits.idle_minutes
