"""What the owner's limits are called, and how each stands right now."""

from __future__ import annotations

from mcgui import format as say
from mcgui.worker.state import WorkerState
from mcgui_core.limits import LimitName, Limits, clock

#: In the order of the card.
ROWS: tuple[LimitName, ...] = ("mains", "idle", "in use", "schedule", "programs", "memory")

_TITLES = {
    "mains": "Only on mains power",
    "idle": "Only while nobody uses the computer",
    "in use": "Fewer processors while I use the computer",
    "schedule": "Weekly schedule",
    "programs": "Not while these programs run",
}


def limit_title(name: str, limits: Limits | None = None) -> str:
    """What a limit is called; with its value where that is a part of the name."""
    if name == "memory":
        return "At most so much memory" if limits is None else f"At most {say.bytes(limits.memory)} of memory"
    return _TITLES.get(name, name)


def standing(name: LimitName, limits: Limits, state: WorkerState, now: float) -> str:
    """How it stands with a limit: beside its name. Where nobody looks at that, what is set."""
    on = name in limits.on and state.joined
    match name:
        case "mains":
            if not on:
                return ""
            return {True: "on battery", False: "on mains", None: "no battery"}[state.on_battery]
        case "idle":
            wait = f"{limits.idle_minutes:g} min without input"
            return _use(state, "nobody does") if on else wait
        case "in use":
            return f"{say.count(limits.in_use_nprocs)} while in use" if not on else _fewer(limits, state)
        case "schedule":
            return _schedule(limits, state, now)
        case "programs":
            if on and state.programs:
                return f"{', '.join(state.programs)} {'runs' if len(state.programs) == 1 else 'run'}"
            return ", ".join(limits.programs) or "none chosen"
        case "memory":
            return f"{say.bytes(state.memory)} now" if state.memory else ""


def _use(state: WorkerState, otherwise: str) -> str:
    return {True: "in use now", False: otherwise, None: "cannot tell here"}[state.in_use]


def _fewer(limits: Limits, state: WorkerState) -> str:
    now = {True: "in use", False: "not in use", None: "cannot tell"}[state.in_use]
    return f"{say.count(limits.in_use_nprocs)} while in use · {now}"


def _schedule(limits: Limits, state: WorkerState, now: float) -> str:
    """What holds now and what comes next: "2 until 18:00, then 8"."""
    if not limits.schedule.periods:
        return "no times chosen"
    current = _number(limits.schedule.nprocs_at(now), state)
    change = limits.schedule.next_change(now)
    if change is None:
        return f"always {current}"
    then = _number(limits.schedule.nprocs_at(change), state)
    return f"{current} until {clock(change, now)}, then {then}"


def _number(nprocs: int | None, state: WorkerState) -> str:
    if nprocs == 0:
        return "no work"
    return say.count(state.nprocs if nprocs is None else min(nprocs, state.nprocs))
