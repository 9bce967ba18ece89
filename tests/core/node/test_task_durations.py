"""What a node knows of how long tasks take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mcgui_core.node.workload.task_durations import MANY, REMEMBERED, TaskDurations
from mcgui_core.protocol.messages import JobSpec, Outcome, ProjectFile

QUICK = JobSpec("quick", "def f(x): ...", "f")


def told(job: int, count: int, seconds: float) -> Outcome:
    return Outcome(job, 0, count, b"", (), seconds)


@pytest.fixture
def durations() -> TaskDurations:
    """That know a job of many quick tasks, which is over."""
    durations = TaskDurations()
    durations.begin(1, QUICK)
    assert durations.get(1) is None
    durations.count(told(1, MANY, 0.5))
    durations.forget(1)
    assert durations.get(1) is None
    return durations


def test_a_function_that_was_quick_is_taken_to_be_so_once_more(durations: TaskDurations) -> None:
    durations.begin(2, QUICK)
    assert durations.get(2) == 0.5 / MANY


@pytest.mark.parametrize(
    "other",
    [
        JobSpec("quick", "def f(x): return slow(x)", "f"),
        JobSpec("quick", "def f(x): ...", "g"),
        JobSpec("quick", "", "f", pickled_function=b"f"),
        JobSpec("quick", "def f(x): ...", "f", setup="prepare"),
        JobSpec("quick", "def f(x): ...", "f", files=(ProjectFile("helper.py", 1, "0" * 64),)),
    ],
)
def test_nothing_is_known_of_another_function(durations: TaskDurations, other: JobSpec) -> None:
    durations.begin(2, other)
    assert durations.get(2) is None


def test_a_trial_with_a_few_tasks_says_nothing_of_a_job_of_many() -> None:
    durations = TaskDurations()
    durations.begin(1, QUICK)
    durations.count(told(1, MANY - 1, 0.5))
    durations.begin(2, QUICK)
    assert durations.get(2) is None


def test_a_function_that_is_slow_by_now_is_known_as_slow(durations: TaskDurations) -> None:
    durations.begin(2, QUICK)
    for _ in range(100):
        durations.count(told(2, 1, 10.0))
    durations.begin(3, QUICK)
    assert durations.get(3) == pytest.approx(10.0, rel=1e-3)


def test_the_first_tasks_of_a_job_say_more_than_all_those_of_the_job_before(durations: TaskDurations) -> None:
    """Its arguments are others: after a slow job it took 73 outcomes until quick tasks were known to be quick."""
    durations.begin(2, QUICK)
    for _ in range(100):
        durations.count(told(2, 1, 10.0))
    durations.forget(2)
    durations.begin(3, QUICK)
    durations.count(told(3, 10, 0.1))
    assert durations.get(3) == pytest.approx(0.01)
    durations.count(told(3, 1, 0.51))
    assert durations.get(3) == pytest.approx(0.11), "of its own tasks it is a mean"
    durations.begin(4, QUICK)
    assert durations.get(4) == pytest.approx(0.11)


def test_tasks_that_end_after_their_job_are_of_none(durations: TaskDurations) -> None:
    durations.count(told(1, MANY, 0.5))
    assert durations.get(1) is None


def test_a_job_of_another_master_is_another_and_its_function_may_be_known(durations: TaskDurations) -> None:
    durations.begin(2, QUICK)
    durations.count(told(2, MANY, 10.0))
    durations.another_master()
    assert durations.get(2) is None
    durations.begin(2, JobSpec("other", "def f(x): return x", "f"))
    assert durations.get(2) is None
    durations.begin(3, QUICK)
    assert durations.get(3) == 10.0 / MANY


def test_an_outcome_costs_as_much_in_a_project_of_many_files(durations: TaskDurations) -> None:
    """What a function is known by is worked out when its job begins, not under the lock at each outcome."""

    class Counted(str):
        __slots__ = ()
        hashed = 0

        def __hash__(self) -> int:
            Counted.hashed += 1
            return super().__hash__()

    durations.begin(2, replace(QUICK, files=(ProjectFile(Counted("helper.py"), 1, "0" * 64),)))
    durations.count(told(2, MANY, 1.0))
    before = Counted.hashed
    durations.count(told(2, MANY, 1.0))
    assert Counted.hashed == before


def test_as_many_functions_are_remembered_as_it_takes(durations: TaskDurations) -> None:
    for number in range(REMEMBERED):
        durations.begin(number + 2, JobSpec("other", f"def f(x): return {number}", "f"))
        durations.count(told(number + 2, MANY, 1.0))
    durations.begin(100, QUICK)
    assert durations.get(100) is None
    durations.begin(101, JobSpec("other", "def f(x): return 0", "f"))
    assert durations.get(101) == 1.0 / MANY
