"""The owner's limits: how many processors a worker may use right now, and why not more.

`rule` is a pure function of what the owner set, what the computer is like, and the time. limit_enforcer.py applies it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Literal, get_args

from mcgui_core.base.sizes import bytes_text
from mcgui_core.owner.weekly_schedule import Schedule

LimitName = Literal[
    "idle", "in use", "mains", "schedule", "programs", "memory", "watching", "load", "free memory", "disk"
]
LIMIT_NAMES: tuple[LimitName, ...] = get_args(LimitName)
#: What keeps a worker from giving all that its owner gives: a limit, Pause, or a snooze; "" where nothing does.
RulingCode = LimitName | Literal["", "pause", "snooze", "users"]
#: Seconds for which a limit is ignored on request.
IGNORED_FOR = 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What the owner set. A limit that is not in `on` keeps its value, so that it can be switched on again."""

    on: frozenset[LimitName] = frozenset()
    idle_minutes: float = 5.0  # without input, before the computer counts as not in use
    in_use_nprocs: int = 1  # processors while it is in use
    schedule: Schedule = field(default_factory=Schedule)
    programs: tuple[str, ...] = ()  # by name, path or words of the command line (program_list.py)
    memory: int = 4_000_000_000  # bytes that all our processes may use together
    load_percent: float = 50.0  # of all processors, that other programs may use
    free_memory: int = 1_000_000_000  # bytes that are left to other programs
    disk: int = 10_000_000_000  # bytes that jobs may write into their folders, all of them together
    grace_minutes: float = 1.0  # that tasks may go on for when a limit asks for a pause; then they are given back
    stop_in_memory: bool = False  # instead: they are stopped where they are, and go on when the limit is over
    low_priority: bool = True
    share: bool = True  # the processors with workers of other users of this computer
    keep_awake: bool = False  # while tasks run
    allow_install: bool = False  # of packages that jobs require, for them alone

    def switched(self, name: LimitName, on: bool) -> Limits:
        """The same with one limit switched."""
        return replace(self, on=self.on | {name} if on else self.on - {name})


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the owner said for a while. Times are seconds since the epoch, by an ElapsedClock, which nobody sets."""

    paused: bool = False
    snoozed_until: float = 0.0
    ignored: tuple[tuple[LimitName, float], ...] = ()  # limits that do not count, and until when

    def ignores(self, name: LimitName, now: float) -> bool:
        """Whether the limit does not count at `now`, seconds since the epoch."""
        return any(one == name and now < until for one, until in self.ignored)

    def ignoring(self, name: LimitName, until: float) -> Overrides:
        """The same, with a limit ignored until then."""
        return replace(self, ignored=(*(pair for pair in self.ignored if pair[0] != name), (name, until)))

    def fresh(self, now: float) -> Overrides:
        """The same without what is over."""
        return replace(
            self,
            snoozed_until=self.snoozed_until if now < self.snoozed_until else 0.0,
            ignored=tuple((name, until) for name, until in self.ignored if now < until),
        )

    def shifted(self, seconds: float) -> Overrides:
        """The same by a clock that is so many seconds ahead."""
        return replace(
            self,
            snoozed_until=self.snoozed_until + seconds if self.snoozed_until else 0.0,
            ignored=tuple((name, until + seconds) for name, until in self.ignored),
        )

    def next_end(self, now: float) -> float | None:
        """When the next of them ends by itself."""
        ends = [until for until in (self.snoozed_until, *(until for _, until in self.ignored)) if until > now]
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class MachineState:
    """The computer at one moment. None stands for what it cannot tell."""

    idle: float | None = None  # seconds since somebody used mouse or keyboard
    on_battery: bool | None = None  # None: it has no battery
    programs: tuple[str, ...] = ()  # those of the chosen programs that run
    memory_nprocs: int | None = None  # processors for which memory suffices (memory_limit.py); None: all
    cpus: int = 1  # processors that there are
    watched: str | None = ""  # why somebody seems to watch something, as a sentence
    busy_elsewhere: bool = False  # other programs use more of the processors than they may
    other_users: int = 0  # that have a worker on this computer
    free_nprocs: int | None = None  # processors that leave enough memory to other programs; None: all


@dataclass(frozen=True, slots=True)
class Ruling:
    """How many processors may work; 0 means a pause. `limit` and `reason` say what keeps it from being more."""

    nprocs: int
    limit: RulingCode = ""
    reason: str = ""  # a whole sentence
    until: float | None = None  # when this ends by itself, as far as that is known


def rule(
    limits: Limits,
    overrides: Overrides,
    machine: MachineState,
    wanted: int,
    now: float,
    zone: tzinfo | None = None,
) -> Ruling:
    """How many of the `wanted` processors may work at `now`, seconds since the epoch. `zone` None: the computer's.

    The strictest limit counts; of several that are as strict, the one that is named first here.
    """
    if overrides.paused:
        return Ruling(0, "pause", "Paused by its owner.")
    if now < overrides.snoozed_until:
        until = overrides.snoozed_until
        return Ruling(0, "snooze", f"Snoozed until {clock(until, now, zone)}.", until)
    best = _share(limits, machine, wanted)
    for ruling in _rulings(limits, machine, wanted, now, zone):
        assert ruling.limit not in ("", "pause", "snooze", "users")
        if ruling.limit in limits.on and not overrides.ignores(ruling.limit, now) and ruling.nprocs < best.nprocs:
            best = ruling
    return best


def _share(limits: Limits, machine: MachineState, wanted: int) -> Ruling:
    """Of the computer's processors, where other users let it work too: each would give all of them."""
    users = 1 + machine.other_users
    share = max(1, machine.cpus // users)
    if not limits.share or users == 1 or wanted <= share:
        return Ruling(wanted)
    return Ruling(share, "users", f"{users} users of this computer share its {_processors(machine.cpus)}.")


def _rulings(limits: Limits, machine: MachineState, wanted: int, now: float, zone: tzinfo | None) -> Iterator[Ruling]:
    """What each limit says, whether it is on or not."""
    if machine.on_battery:
        yield Ruling(0, "mains", "This computer runs on battery.")
    if machine.programs:
        yield Ruling(0, "programs", f"{_listed(machine.programs)} {'runs' if len(machine.programs) == 1 else 'run'}.")
    if machine.watched:
        yield Ruling(0, "watching", machine.watched)
    if machine.busy_elsewhere:
        yield Ruling(0, "load", f"Other programs use more than {limits.load_percent:g} % of the processors.")
    scheduled = limits.schedule.nprocs_at(now, zone)
    if scheduled is not None:
        until = limits.schedule.next_change(now, zone)
        ends = f" until {clock(until, now, zone)}" if until else ""
        allowed = "no work" if scheduled == 0 else f"{_processors(scheduled)}"
        yield Ruling(scheduled, "schedule", f"The schedule allows {allowed}{ends}.", until)
    in_use = machine.idle is None or machine.idle < 60 * limits.idle_minutes
    if in_use:
        yield Ruling(0, "idle", _why_in_use(machine, limits))
        yield Ruling(min(limits.in_use_nprocs, wanted), "in use", _why_in_use(machine, limits))
    if machine.memory_nprocs is not None:
        yield Ruling(
            machine.memory_nprocs, "memory", f"Its tasks need more than {plain_bytes(limits.memory)} of memory."
        )
    if machine.free_nprocs is not None:
        yield Ruling(
            machine.free_nprocs, "free memory", f"Less than {plain_bytes(limits.free_memory)} of memory is free."
        )


def _why_in_use(machine: MachineState, limits: Limits) -> str:
    if machine.idle is None:
        return "This computer cannot tell whether somebody uses it, so it counts as in use."
    return f"Somebody uses this computer, or did in the last {limits.idle_minutes:g} min."


def _processors(number: int) -> str:
    return f"{number} processor{'' if number == 1 else 's'}"


def plain_bytes(number: int) -> str:
    """ "4 GB", "1.5 GB", "500 MB"."""
    return bytes_text(number).replace(".0 ", " ")


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def clock(moment: float, now: float, zone: tzinfo | None = None) -> str:
    """The time of day of `moment`; with the weekday where that is not today."""
    then, today = datetime.fromtimestamp(moment, zone), datetime.fromtimestamp(now, zone)
    return then.strftime("%H:%M" if then.date() == today.date() else "%a %H:%M")
