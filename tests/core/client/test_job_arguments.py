"""The arguments of tasks of one job, for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.arguments.tasks_of_job import TasksOfJob, tasks_of_job
from mcgui_core.base.ranges import RangeSet
from mcgui_core.client.job_arguments import JobArguments
from mcgui_core.errors import ArgumentsInvalid, JobUnknown
from tests.support import PATIENCE, cluster

WORK = """
def f(x):
    if x % 10 == 3:
        raise ValueError(x)
    return x
def g(a, b=0):
    return a + b
"""


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 50)), min_size=1, max_size=9))
def test_tasks_are_named_as_they_are_read(job: int, spans: list[tuple[int, int]]) -> None:
    found = RangeSet()
    for start, length in spans:
        found.add(start, start + length)
    named = TasksOfJob(job, ranges=tuple(found))
    assert tasks_of_job(str(named)) == named


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("3", TasksOfJob(3)),
        ("#3: all", TasksOfJob(3)),
        (" 3 : Failed ", TasksOfJob(3, "failed")),
        ("3: 4, 0 - 2,", TasksOfJob(3, ranges=((0, 3), (4, 5)))),
    ],
)
def test_tasks_may_be_named_in_haste(text: str, means: TasksOfJob) -> None:
    assert tasks_of_job(text) == means


@pytest.mark.parametrize("text", ["", "x", "3: some", "3: 5-2", "3: ,", "-3", "3: 1.5"])
def test_what_names_no_tasks_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ArgumentsInvalid, match="3: failed|ends before"):
        tasks_of_job(text)


def test_all_the_failed_and_some_tasks_of_a_job_give_their_arguments() -> None:
    with cluster(2) as master:
        job = master.submit(WORK, "f", (i for i in range(10_000)))
        job.wait(PATIENCE)
        some = JobArguments(master, TasksOfJob(job.id, "failed"))
        assert (some.count, list(some)) == (1000, list(range(3, 10_000, 10)))
        assert list(JobArguments(master, tasks_of_job(f"{job.id}: 9990-9999, 0"))) == [0, *range(9990, 10_000)]
        assert list(JobArguments(master, TasksOfJob(job.id))) == list(range(10_000))
        again = master.submit("def f(x): return -x", "f", some)
        assert again.results() == [-x for x in range(3, 10_000, 10)]
        with pytest.raises(ArgumentsInvalid, match="no task 10,000"):
            JobArguments(master, tasks_of_job(f"{job.id}: 10000"))
        with pytest.raises(JobUnknown):
            JobArguments(master, TasksOfJob(99))


def test_arguments_by_name_are_previewed_as_columns() -> None:
    with cluster(1) as master:
        job = master.submit(WORK, "g", [{"a": 1, "b": 2}, {"a": 5}], call="kwargs")
        preview = JobArguments(master, TasksOfJob(job.id)).preview()
        assert (preview.count, preview.call, preview.columns) == (2, "kwargs", ("a", "b"))
        assert preview.first == ("{'a': 1, 'b': 2}", "{'a': 5}")
        job = master.submit(WORK, "g", [(1, 2)], call="args")
        assert JobArguments(master, TasksOfJob(job.id)).preview().call == "args"
