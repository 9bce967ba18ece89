"""Limits and overrides as builtins, for the pipe to an agent and for a settings file, and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, cast

from mcgui_core.base.clock import elapsed
from mcgui_core.owner.limits import LIMIT_NAMES, LimitName, Limits, Overrides
from mcgui_core.owner.weekly_schedule import Period, Schedule

_FIELDS = frozenset(field.name for field in fields(Limits))


def limits_to_plain(limits: Limits) -> dict[str, Any]:
    """What `limits_from_plain` reads; fit for JSON."""
    return {**asdict(limits), "on": sorted(limits.on)}


def limits_from_plain(plain: dict[str, Any]) -> Limits:
    """Raises KeyError, TypeError or ValueError for what `limits_to_plain` did not make."""
    schedule = plain["schedule"]
    periods = tuple(Period(**{**one, "days": tuple(one["days"])}) for one in schedule["periods"])
    return Limits(
        **{
            # Another version may have had others.
            **{name: value for name, value in plain.items() if name in _FIELDS},
            "on": frozenset(_names(plain["on"])),
            "programs": tuple(map(str, plain["programs"])),
            "schedule": Schedule(periods, schedule["otherwise"]),
        }
    )


def overrides_to_plain(overrides: Overrides, now: float) -> dict[str, Any]:
    """What `overrides_from_plain` reads: with times by `elapsed`, which all processes of a computer share. `now` is by
    the clock of these."""
    return asdict(overrides.fresh(now).shifted(elapsed() - now))


def overrides_from_plain(plain: dict[str, Any], now: float) -> Overrides:
    """Raises KeyError, TypeError or ValueError for what `overrides_to_plain` did not make."""
    ignored = tuple((name, float(until)) for name, until in plain["ignored"] if _names([name]))
    return Overrides(bool(plain["paused"]), float(plain["snoozed_until"]), ignored).shifted(now - elapsed())


def _names(given: list[Any]) -> list[LimitName]:
    """Those that are names of limits: another version may have had others."""
    return [cast("LimitName", name) for name in given if name in LIMIT_NAMES]
