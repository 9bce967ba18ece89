"""What somebody does with jobs beside running them: another priority, once more; and failures and output by the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcgui_core import Master
from mcgui_core.errors import BadInput, JobUnknown
from mcgui_core.protocol.queries import FailureGroup, OutputQuery
from tests.support import MEETING, PATIENCE, Meeting, cluster
from tests.waiting import until

FAIL = """
def f(x):
    if x % 10 == 3:
        raise ValueError(f"{x} is bad")
    if x % 10 == 7:
        return {}[x]
    return x
"""

PRINT = """
import sys
def f(x):
    print("hello from", x)
    if x == 2:
        print("trouble", file=sys.stderr)
"""


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """One for all tests here that need none of their own."""
    with cluster(1) as master:
        yield master


def test_a_job_that_waits_can_be_put_first(master: Master, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    first = master.submit(MEETING, "meet", meeting.arguments(1), call="args")
    until(lambda: meeting.started == [0], PATIENCE)
    order = "def f(path, name):\n    with open(path, 'a') as file: file.write(name)"
    late = [master.submit(order, "f", [(str(tmp_path / "order"), name)], call="args") for name in "ab"]
    late[1].set_priority(5)
    assert late[1].status.priority == 5
    assert master.job(late[1].id).spec.priority == 5
    meeting.go()
    for job in (first, *late):
        job.wait(PATIENCE)
    assert (tmp_path / "order").read_text() == "ba"


def test_a_priority_is_kept_in_the_journal(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "j") as master:
        id = master.submit(FAIL, "f", range(3)).id
        master.job(id).set_priority(-2)
    with Master(journal=tmp_path / "j") as master:
        assert master.job(id).status.priority == -2


def test_name_and_note_of_a_job_are_kept_in_the_journal(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "j") as master:
        job = master.submit(FAIL, "f", range(3))
        job.describe(name="  sieve, wide  ", note="with the new\nbounds")
        job.describe(note="with the new bounds")
        assert (job.status.name, job.status.note) == ("sieve, wide", "with the new bounds")
    with Master(journal=tmp_path / "j") as master:
        status = master.job(job.id).status
        assert (status.name, status.note) == ("sieve, wide", "with the new bounds")


def test_a_job_cannot_be_called_by_nothing_or_by_a_book() -> None:
    with Master() as master:
        job = master.submit(FAIL, "f", range(3))
        for wrong, why in (({"name": " "}, "must have a name"), ({"name": "x" * 1001}, "1,000 are the most")):
            with pytest.raises(BadInput, match=why):
                job.describe(**wrong)
        with pytest.raises(BadInput, match="10,000 are the most"):
            job.describe(note="x" * 10_001)
        assert (job.status.name, job.status.note) == ("f", "")


def test_the_journal_says_how_large_it_is() -> None:
    with Master() as master:
        before = master.journal_bytes()
        master.submit(FAIL, "f", [b"x" * 300_000])
        assert master.journal_bytes() > before + 300_000


def test_nonsense_as_a_priority_is_refused() -> None:
    with Master() as master:
        job = master.submit(FAIL, "f", range(3))
        for nonsense in (1.5, "high", 10**9, True):
            with pytest.raises(BadInput, match="whole number"):
                job.set_priority(nonsense)  # type: ignore[arg-type]
        job.cancel()
        job.forget()
        with pytest.raises(JobUnknown):
            job.set_priority(1)


def test_a_job_is_run_again_on_the_same_arguments(master: Master) -> None:
    first = master.submit(FAIL, "f", [*range(2500), 8], name="fails")
    first.wait(PATIENCE)
    again = master.run_again(first.id)
    assert again.id != first.id
    assert again.wait(PATIENCE).failed == first.status.failed == 500
    assert again.results(return_exceptions=True)[-1] == 8
    assert (again.spec, first.spec) == (first.spec, again.spec)


def test_a_range_stays_a_range_when_it_is_run_again() -> None:
    with Master() as master:
        first = master.submit("def f(x): return x", "f", range(10**9))
        again = master.run_again(first.id)
        assert again.status.total == 10**9
        assert again.arguments(10**9 - 2, 10**9) == [10**9 - 2, 10**9 - 1]


def test_nothing_is_run_again_while_its_arguments_arrive_and_an_empty_job_can_be() -> None:
    with cluster(1) as master:
        growing = master.submit("def f(x): return x", "f", iter(int, 1))
        with pytest.raises(BadInput, match="They still arrive"):
            master.run_again(growing.id)
        growing.cancel()
        empty = master.submit("def f(x): return x", "f", [])
        assert master.run_again(empty.id).wait(PATIENCE).state == "finished"


MENDED = "def f(x):\n    return -x if isinstance(x, int) else x"


def test_a_new_job_has_the_failed_tasks_of_another_and_other_code(master: Master) -> None:
    first = master.submit(FAIL, "f", [*range(2500), 3], name="fails", retries=1)
    first.wait(PATIENCE)
    failed = [x for x in range(2500) if x % 10 in (3, 7)] + [3]
    again = master.submit_from(first, "failed", MENDED, name="mended", timeout=20)
    assert again.results() == [-x for x in failed]
    assert (again.spec.name, again.spec.retries, again.spec.timeout) == ("mended", 1, 20.0)
    twice = master.submit_from(again.id, [1, 0, 2])
    assert twice.results() == [-x for x in failed[:3]]
    assert first.status.failed == len(failed)


def test_tasks_for_a_new_job_are_chosen_by_state_or_by_number(master: Master) -> None:
    first = master.submit(FAIL, "f", range(1000))
    first.wait(PATIENCE)
    failed = [x for x in range(1000) if x % 10 in (3, 7)]
    by_state: dict[Any, Any] = {
        "all": range(1000),
        "failed": failed,
        "done": {*range(1000)} - {*failed},
        "waiting": [],
    }
    for which in (*by_state, [], [5], range(100, 400), [999, 0, 0]):
        wanted = sorted({*(by_state[which] if isinstance(which, str) else which)})
        assert master.submit_from(first, which, MENDED).results() == [-x for x in wanted]


def test_arguments_of_any_kind_and_size_are_copied_closed(master: Master) -> None:
    first = master.submit("def f(x): raise ValueError", "f", [b"x" * 5_000_000, {"a": [1]}, *(b"y" * 200_000,) * 200])
    first.wait(PATIENCE)
    again = master.submit_from(first, [0, 1, 150], MENDED)
    assert again.results() == [b"x" * 5_000_000, {"a": [1]}, b"y" * 200_000]
    assert again.arguments(1, 3) == [{"a": [1]}, b"y" * 200_000]


def test_many_scattered_tasks_are_more_than_one_message_names(master: Master) -> None:
    first = master.submit(MENDED, "f", range(40_000))
    first.wait(PATIENCE)
    again = master.submit_from(first, range(0, 40_000, 2))
    assert again.results() == [-x for x in range(0, 40_000, 2)]


def test_what_cannot_be_a_new_job_of_another_is_said(master: Master) -> None:
    first = master.submit(FAIL, "f", range(5))
    first.wait(PATIENCE)
    before = len(master.jobs())
    for wrong, said in (
        ([5], "no task 5"),
        ([-1], "no task -1"),
        ("some", "which must be"),
        ([1.5], "whole numbers"),
    ):
        with pytest.raises(BadInput, match=said):
            master.submit_from(first, wrong)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no option 'colour'"):
        master.submit_from(first, "all", colour=1)
    with pytest.raises(BadInput, match="no function 'f'"):
        master.submit_from(first, "all", "def g(x): return x")
    assert len(master.jobs()) == before


def test_failed_tasks_run_with_the_code_as_it_is_now(master: Master, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    (tmp_path / "helper.py").write_text("def mend(x):\n    raise OSError(x)\n")
    path.write_text("import helper\ndef f(x):\n    return helper.mend(x) if x % 2 else x\n")
    job = master.submit(path, "f", range(6), priority=3)
    assert job.wait(PATIENCE).failed == 3
    job.retry_failed()
    assert job.wait(PATIENCE).failed == 3
    (tmp_path / "helper.py").write_text("def mend(x):\n    return -x\n")
    job.retry_failed(path)
    assert job.results() == [0, -1, 2, -3, 4, -5]
    job.retry_failed("def f(x): return x")  # there is nothing to do
    assert (master.job(job.id).spec.environment, job.spec.priority) == ("def f(x): return x", 3)


def test_a_job_that_loaded_nowhere_runs_with_mended_code(master: Master) -> None:
    job = master.submit("import no_such_module\ndef f(x): return x", "f", range(3))
    assert job.wait(PATIENCE).state == "stopped"
    job.retry_failed("def f(x): return x + 1")
    assert job.results() == [1, 2, 3]


def test_code_changes_only_of_a_job_that_is_over_and_came_as_source() -> None:
    with cluster(1) as master:
        growing = master.submit(MENDED, "f", iter(int, 1))
        with pytest.raises(BadInput, match="is not over"):
            growing.retry_failed(MENDED)
        growing.cancel()
        called = master.submit(abs, [1])
        called.wait(PATIENCE)
        with pytest.raises(BadInput, match="came as an object"):
            called.retry_failed("def abs(x): return x")


def test_failures_are_grouped_by_what_was_raised_where(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    job = master.submit(FAIL, "f", range(1000))
    job.wait(PATIENCE)
    groups = [group for page in job.failure_groups() for group in page]
    assert [(g.kind, g.type, g.count, g.first, g.message) for g in sorted(groups, key=lambda g: g.first)] == [
        ("raised", "ValueError", 100, 3, "3 is bad"),
        ("raised", "KeyError", 100, 7, "7"),
    ]
    found, after = job.failures_like(next(g for g in groups if g.type == "KeyError"), 0, 40)
    assert [failure.index for failure in found] == list(range(7, 400, 10))
    rest, end = job.failures_like(next(g for g in groups if g.type == "KeyError"), after or 0, 1000)
    assert (rest[0].index, rest[-1].index, end) == (407, 997, None)
    assert all("KeyError" in failure.traceback for failure in rest)


def test_a_page_of_failures_says_where_the_next_begins() -> None:
    import sqlite3

    from mcgui_core.journal.failure_store import SCHEMA, FailureStore
    from mcgui_core.protocol.messages import TaskFailure

    db = sqlite3.connect(":memory:")
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    store = FailureStore(db)
    store.add(1, 1, [TaskFailure(i, "raised", "E" if i % 2 else "F", f"m{i}", "", "", "n") for i in range(10)])
    first, after = store.groups(1, 0, 4)
    assert (sum(group.count for group in first), after) == (4, 4)
    assert store.groups(1, 8, 4)[1] is None
    odd = FailureGroup("raised", "E", None, 0, 0, "")
    assert [f.index for f in store.like(1, odd, 0, 99, 4)[0]] == [1, 3]
    assert store.like(1, odd, 0, 99, 4)[1] == 4
    assert store.like(1, odd, 8, 99, 4)[1] is None
    db.close()


def test_what_was_printed_is_found_from_the_end_backwards(master: Master) -> None:
    job = master.submit(PRINT, "f", range(20))
    job.wait(PATIENCE)
    everything, more = master.find_output(OutputQuery())
    assert "".join(piece.text for piece in everything).count("hello") == 20
    assert more is None
    errors, _ = master.find_output(OutputQuery(stream="err", text="TROUBLE", job=job.id))
    assert [(piece.index, piece.stream, piece.text) for piece in errors] == [(2, "err", "trouble\n")]
    assert master.find_output(OutputQuery(node="nobody"))[0] == ()
    name = everything[0].node
    assert master.find_output(OutputQuery(text=name.upper()))[0] == everything  # by where it was printed
    last, more = master.find_output(OutputQuery(), None, 1)
    assert last == everything[-1:]
    before, _ = master.find_output(OutputQuery(), more, 1)
    assert before == everything[-2:-1]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("state", ["done", "failed", "waiting"])
def test_tasks_of_a_state_come_page_by_page_and_none_is_left_out(state: str, limit: int) -> None:
    from mcgui_core.master.journal_reader import _in_state
    from mcgui_core.protocol.messages import JobSpec
    from mcgui_core.scheduler.job_state import JobRecord

    job = JobRecord(1, JobSpec("job", "", "f"), 0.0)
    job.extend(60, sealed=True)
    settled = [i for i in range(60) if i % 7 not in (2, 3)]
    failed = [i for i in settled if i % 5 == 1]
    for task in settled:
        job.settled.add(task, task + 1)
    for task in failed:
        job.failed.add(task, task + 1)
    expected = {
        "failed": failed,
        "done": sorted(set(settled) - set(failed)),
        "waiting": sorted(set(range(60)) - set(settled)),
    }
    found: list[int] = []
    start = 0
    while page := _in_state(job, state, start, limit):
        assert len(page) <= limit + 1
        kept = page[:limit]
        found += [task for first, stop in kept for task in range(first, stop)]
        start = kept[-1][1]
    assert found == expected[state]
