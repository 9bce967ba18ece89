"""What the owner's limits are called, and how each stands right now."""

from __future__ import annotations

from mcgui import format as say
from mcgui.worker.state import WorkerState
from mcgui_core.owner.limits import LimitName, Limits, clock, plain_bytes

#: In the order of the card.
ROWS: tuple[LimitName, ...] = ("mains", "idle", "in use", "schedule", "programs", "memory")
#: Those that are folded away until one of them is wanted.
MORE_ROWS: tuple[LimitName, ...] = ("watching", "load", "free memory", "disk")

_CANNOT_TELL = "cannot tell here"
_TITLES = {
    "mains": "Only on mains power",
    "idle": "Only while nobody uses the computer",
    "in use": "Fewer processors while I use the computer",
    "schedule": "Weekly schedule",
    "programs": "Not while these programs run",
    "memory": "At most so much memory",
    "watching": "Not during a film, a call, or in full screen",
    "load": "Not while other programs are busy",
    "free memory": "Leave memory to other programs",
    "disk": "At most so much written to the disk",
}


def limit_title(name: str, limits: Limits | None = None) -> str:
    """What a limit is called; with its value where that is a part of the name."""
    if name == "memory" and limits is not None:
        return f"At most {say.bytes(limits.memory).replace('.0 ', ' ')} of memory"
    if name == "load" and limits is not None:
        return f"Not while other programs use over {limits.load_percent:g} %"
    if name == "disk" and limits is not None:
        return f"At most {plain_bytes(limits.disk)} written to the disk"
    if name == "free memory" and limits is not None:
        return f"Leave {plain_bytes(limits.free_memory)} of memory free"
    return _TITLES.get(name, name)


def standing(name: LimitName, limits: Limits, state: WorkerState, now: float) -> str:
    """How it stands with a limit, beside its name. Where nobody looks at that, what is set."""
    looked_at = name in limits.on and state.joined
    match name:
        case "mains":
            return _power(state) if looked_at else ""
        case "idle":
            return _use(state) if looked_at else f"{limits.idle_minutes:g} min without input"
        case "in use":
            number = f"{say.count(limits.in_use_nprocs)} while in use"
            return _use(state) if looked_at and not state.in_use else number
        case "schedule":
            return _schedule(limits, state, now)
        case "programs":
            return _programs(state.programs, limits.programs, looked_at)
        case "memory":
            return f"{say.bytes(state.memory)} now" if state.memory else ""
        case "watching" | "load" | "free memory" | "disk":
            return _CANNOT_TELL if looked_at and name in state.cannot_tell else ""


def _power(state: WorkerState) -> str:
    return {True: "on battery", False: "on mains", None: "no battery"}[state.on_battery]


def _use(state: WorkerState) -> str:
    return {True: "in use", False: "not in use", None: _CANNOT_TELL}[state.in_use]


def _programs(running: tuple[str, ...], chosen: tuple[str, ...], looked_at: bool) -> str:
    """Their names, where there is room for them, and that none of them runs."""
    if not chosen:
        return "none chosen"
    if looked_at and not running:
        return "not running now" if len(chosen) == 1 else "none runs now"
    names = running if looked_at else chosen
    listed = ", ".join(name.replace("\\", "/").rpartition("/")[2] for name in names)
    return listed if len(listed) <= 24 else f"{len(names)} programs" if len(names) > 1 else f"{listed[:23]}…"


def _schedule(limits: Limits, state: WorkerState, now: float) -> str:
    """What holds now and what comes next: "2 until 18:00, then 8"."""
    if not limits.schedule.periods and limits.schedule.otherwise is None:
        return "no times chosen"
    current = _number(limits.schedule.nprocs_at(now), state)
    change = limits.schedule.next_change(now)
    if change is None:
        return f"always {current}"
    then = _number(limits.schedule.nprocs_at(change), state)
    # The limit, and the slider, may give the same number under another name.
    return f"{current} until {clock(change, now)}, then {then}" if then != current else f"{current} now"


def _number(nprocs: int | None, state: WorkerState) -> str:
    if nprocs == 0:
        return "no work"
    return say.count(state.nprocs if nprocs is None else min(nprocs, state.nprocs))
