"""A task's time, which stands still while the task is stopped in memory."""

from __future__ import annotations

import threading

from mcgui_core.slots.time_limits.time_limit import Stopwatch, TimeLimit
from tests.waiting import until


def test_a_stopwatch_stands_still_while_it_is_stopped_and_goes_on_from_there() -> None:
    watch = Stopwatch()
    watch.stop()
    before = watch.now()
    watch.stop()
    assert watch.now() == before
    watch.go()
    watch.go()
    until(lambda: watch.now() > before)


def test_a_limit_acts_when_the_time_is_up_and_not_while_it_stands_still() -> None:
    watch, other, acted, later = Stopwatch(), Stopwatch(), threading.Event(), threading.Event()
    watch.stop()
    limit = TimeLimit(watch, watch.now() + 0.01, acted.set)
    TimeLimit(other, other.now() + 0.1, later.set)
    assert later.wait(20)
    assert not acted.is_set()
    watch.go()
    assert acted.wait(20)
    limit.cancel()


def test_a_limit_that_is_postponed_acts_once_and_then_no_more() -> None:
    watch, acted = Stopwatch(), threading.Event()
    limit = TimeLimit(watch, watch.now() + 600.0, acted.set)
    assert limit.postpone(watch.now() + 0.01)
    assert acted.wait(20)
    assert not limit.postpone(watch.now() + 600.0)
    other = TimeLimit(watch, watch.now() + 600.0, acted.set)
    other.cancel()
    assert not other.postpone(watch.now() + 600.0)


def test_a_stopwatch_stands_still_while_nobody_could_look_at_it() -> None:
    """A computer that slept: its clock may have gone on, as on Windows."""
    now = 100.0
    watch = Stopwatch(lambda: now)
    began = watch.now()
    for now in (101.0, 102.5, 9_000.0, 9_001.0):  # noqa: B007
        shown = watch.now() - began
    assert shown == 3.5
    watch.stop()
    now = 20_000.0
    assert watch.now() - began == 3.5
    watch.go()
    now = 20_001.0
    assert watch.now() - began == 4.5


def test_a_stopwatch_that_is_stopped_before_anybody_looks_at_it_again_has_not_gone_on_in_its_sleep() -> None:
    """A computer that wakes because somebody is back: what runs is stopped in memory before the next look."""
    now = 100.0
    watch = Stopwatch(lambda: now)
    began = watch.now()
    now = 102.0
    assert watch.now() - began == 2.0
    now = 9_000.0
    watch.stop()
    assert watch.now() - began == 2.0
    now = 20_000.0
    watch.stop()
    watch.go()
    assert watch.now() - began == 2.0
    now = 20_001.5
    watch.stop()
    assert watch.now() - began == 3.5, "what it went on since"


def test_a_limit_that_was_cancelled_never_acts() -> None:
    watch, other, acted, later = Stopwatch(), Stopwatch(), threading.Event(), threading.Event()
    watch.stop()  # so that it is cancelled in time, however busy this computer is
    TimeLimit(watch, watch.now() + 0.02, acted.set).cancel()
    watch.go()
    TimeLimit(other, other.now() + 0.1, later.set)
    assert later.wait(20)
    assert not acted.is_set()
