"""A job as the journal holds it: all that a scheduler's record of it can be rebuilt from."""

from __future__ import annotations

from dataclasses import dataclass, field

from mcgui_core.base.ranges import RangeSet
from mcgui_core.protocol.messages import JobSpec, JobState
from mcgui_core.protocol.reasons import NO_REASON, Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a job changes while it runs, but for its arguments and outcomes."""

    state: JobState
    sealed: bool  # all arguments have arrived
    reason: Reason = NO_REASON
    started: float | None = None
    finished: float | None = None
    task_seconds: float | None = None
    broken_off: bool = False  # it is to end without the rest of its arguments
    idle: float = 0.0  # seconds in which it was over, or rested, before it went on
    rests: float | None = None  # since when nobody works on it, though it is not over


@dataclass(frozen=True, slots=True)
class StoredJob:
    """Times are seconds since the epoch; counts are tasks."""

    id: int
    spec: JobSpec
    created: float
    state: JobState
    reason: Reason
    started: float | None
    finished: float | None
    total: int
    sealed: bool
    task_seconds: float | None
    broken_off: bool = False
    idle: float = 0.0
    rests: float | None = None
    settled: RangeSet = field(default_factory=RangeSet)  # tasks that have an outcome
    failed: RangeSet = field(default_factory=RangeSet)  # those of them whose outcome is a failure
    problem: str = ""  # why this is not all, where some of it cannot be read or contradicts itself
