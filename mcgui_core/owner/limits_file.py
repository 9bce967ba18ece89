"""The owner's limits as a TOML file: what `mcgui-core worker --limits FILE` reads.

only_when_idle = true            # by mouse and keyboard
idle_minutes = 5
nprocs_in_use = 2                # instead: fewer processors while the computer is in use
only_on_mains = true
not_while_running = ["blender"]  # by name, path or words of the command line
not_while_watching = true        # a program fills the screen, or keeps it on
others_percent = 50              # no work while other programs use more of the processors
free_memory = "1 GB"             # that is left to other programs
disk = "10 GB"                   # that jobs may write into their folders, all of them together
memory = "4 GB"                  # of all our processes together
finish_within_minutes = 1        # tasks that run when a limit asks for a pause; then they go back to the master
stop_in_memory = false           # instead: they are stopped where they are, and go on when the limit is over
low_priority = true
share = true                     # the processors with workers of other users of this computer
keep_awake = false
allow_install = false            # of packages that jobs require, for them alone

[schedule]
otherwise = 8                    # left out: no limit at other times; 0: no work
[[schedule.period]]
days = "Mon-Fri"
from = "08:00"
to = "18:00"
nprocs = 2
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mcgui_core.base.sizes import parse_bytes
from mcgui_core.errors import LimitsInvalid
from mcgui_core.owner.limits import LimitName, Limits
from mcgui_core.owner.weekly_schedule import Period, Schedule, parse_days, parse_time

_KEYS = {
    "only_when_idle": bool,
    "idle_minutes": float,
    "nprocs_in_use": int,
    "only_on_mains": bool,
    "not_while_running": list,
    "not_while_watching": bool,
    "others_percent": float,
    "free_memory": str,
    "disk": str,
    "memory": str,
    "finish_within_minutes": float,
    "stop_in_memory": bool,
    "low_priority": bool,
    "share": bool,
    "keep_awake": bool,
    "allow_install": bool,
    "schedule": dict,
}
#: Keys that switch a limit on where they are true, and those whose value does.
_SWITCHES: tuple[tuple[str, LimitName], ...] = (
    ("only_when_idle", "idle"),
    ("only_on_mains", "mains"),
    ("not_while_watching", "watching"),
)
_VALUES: tuple[tuple[str, LimitName], ...] = (
    ("nprocs_in_use", "in use"),
    ("memory", "memory"),
    ("schedule", "schedule"),
    ("others_percent", "load"),
    ("free_memory", "free memory"),
    ("disk", "disk"),
)


def load_limits(path: Path) -> Limits:
    """The limits of a file. Raises LimitsInvalid, with the file's name, where it cannot be read or understood."""
    try:
        return parse_limits(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LimitsInvalid(str(path), error.strerror or str(error)) from None
    except (UnicodeDecodeError, ValueError) as error:
        raise LimitsInvalid(str(path), str(error)) from None


def parse_limits(text: str) -> Limits:
    """The limits of a TOML text. Raises ValueError."""
    given = tomllib.loads(text)
    for key, value in given.items():
        _check(key, value)
    on: set[LimitName] = set()
    for key, name in _SWITCHES:
        if given.get(key):
            on.add(name)
    for key, name in _VALUES:
        if key in given:
            on.add(name)
    programs = tuple(map(str, given.get("not_while_running", ())))
    if programs:
        on.add("programs")
    usual = Limits()
    in_use = given.get("nprocs_in_use", usual.in_use_nprocs)
    minutes = float(given.get("idle_minutes", usual.idle_minutes))
    if in_use < 0 or not 0 < minutes < 24 * 60:
        raise ValueError("nprocs_in_use is 0 or more, and idle_minutes between 0 and 1440")
    grace = float(given.get("finish_within_minutes", usual.grace_minutes))
    if not 0 <= grace < float("inf"):
        raise ValueError("finish_within_minutes is 0 or more")
    percent = float(given.get("others_percent", usual.load_percent))
    if not 0 < percent <= 100:
        raise ValueError("others_percent is between 0 and 100")
    return Limits(
        on=frozenset(on),
        load_percent=percent,
        free_memory=parse_bytes(given["free_memory"]) if "free_memory" in given else usual.free_memory,
        disk=parse_bytes(given["disk"]) if "disk" in given else usual.disk,
        idle_minutes=minutes,
        in_use_nprocs=in_use,
        schedule=_schedule(given.get("schedule", {})),
        programs=programs,
        memory=parse_bytes(given["memory"]) if "memory" in given else usual.memory,
        grace_minutes=grace,
        stop_in_memory=given.get("stop_in_memory", usual.stop_in_memory),
        low_priority=given.get("low_priority", usual.low_priority),
        share=given.get("share", usual.share),
        keep_awake=given.get("keep_awake", usual.keep_awake),
        allow_install=given.get("allow_install", usual.allow_install),
    )


def _check(key: str, value: object) -> None:
    wanted = _KEYS.get(key)
    if wanted is None:
        raise ValueError(f"there is no limit called {key!r}; there are {', '.join(_KEYS)}")
    fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        fits = True
    if not fits:
        raise ValueError(f"{key} = {value!r} is not what {key} can be")


def _schedule(given: dict[str, Any]) -> Schedule:
    unknown = set(given) - {"otherwise", "period"}
    if unknown:
        raise ValueError(f"a schedule has no {min(unknown)!r}; it has otherwise, and period")
    otherwise = given.get("otherwise")
    if otherwise is not None and (isinstance(otherwise, bool) or not isinstance(otherwise, int) or otherwise < 0):
        raise ValueError("otherwise is a number of processors, 0 for no work")
    return Schedule(tuple(_period(one) for one in given.get("period", ())), otherwise)


def _period(given: dict[str, Any]) -> Period:
    missing = {"from", "to", "nprocs"} - set(given)
    if missing:
        raise ValueError(f"a period of the schedule lacks {min(missing)!r}")
    if isinstance(given["nprocs"], bool) or not isinstance(given["nprocs"], int):
        raise ValueError("nprocs is a number of processors, 0 for no work")
    days = parse_days(str(given.get("days", "every day")))
    return Period(days, parse_time(str(given["from"])), parse_time(str(given["to"])), given["nprocs"])
