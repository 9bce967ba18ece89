"""ClusterExecutor: what holds beyond the tests of CPython's own executors (test_like_cpython.py)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest

from mcgui_core import Cluster, ClusterExecutor, Master
from mcgui_core.errors import ArgumentsInvalid, ExecutorBroken, TaskError
from tests.leaks import looked_after
from tests.support import PATIENCE, cluster
from tests.waiting import until


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind(surroundings: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Looked at when the last test is over: the executor that they share begins a job, with threads and connections of
    its own, whenever a call may name a module that those before it did not."""
    yield from looked_after(request)


@pytest.fixture(scope="module")
def executor(nothing_left_behind: None) -> Iterator[ClusterExecutor]:
    """One with a cluster of its own, of two processes. Its job has begun, with this module."""
    with ClusterExecutor(2) as found:
        assert found.submit(divided, 1).result(PATIENCE) == 1
        yield found


@pytest.fixture(scope="module")
def master(nothing_left_behind: None) -> Iterator[Master]:
    with cluster(1) as found:
        yield found


@pytest.fixture
def room(master: Master) -> Iterator[Cluster]:
    """A cluster that many use, with connections of the test's own."""
    with Cluster.connect(master.console_link) as found:
        yield found


def wait_for(path: Path) -> str:
    while not path.exists():
        Event().wait(0.01)
    return path.name


def divided(x: float) -> float:
    return 1 / x


def error(future: Future[Any]) -> BaseException | None:
    return future.exception(PATIENCE)


def test_calls_give_what_their_functions_return(executor: ClusterExecutor) -> None:
    assert executor.submit(pow, 2, exp=10).result(PATIENCE) == 1024
    assert executor.submit(partial(divmod, 7), 2).result(PATIENCE) == (3, 1)
    assert list(executor.map(lambda x, y: x * y, range(5), range(5))) == [0, 1, 4, 9, 16]
    assert list(executor.map(divided, [1, 2, 4, 8, 16], chunksize=2)) == [1, 0.5, 0.25, 0.125, 0.0625]


def test_many_calls_each_settle_their_own_future(executor: ClusterExecutor) -> None:
    futures = [executor.submit(abs, -n) for n in range(2000)]
    assert [future.result(PATIENCE) for future in futures] == list(range(2000))


def test_an_error_is_raised_as_itself_with_its_traceback_there(executor: ClusterExecutor) -> None:
    found = error(executor.submit(divided, 0))
    assert type(found) is ZeroDivisionError
    shown = "".join(traceback.format_exception(found))
    assert "return 1 / x" in shown
    assert "remote_call" not in shown
    with pytest.raises(ZeroDivisionError):
        list(executor.map(divided, [1, 0], chunksize=2))


@pytest.mark.parametrize("raised", [SystemExit(3), StopIteration(1), KeyboardInterrupt()])
def test_whatever_a_call_raises_is_raised(executor: ClusterExecutor, raised: BaseException) -> None:
    def call() -> None:
        raise raised

    found = error(executor.submit(call))
    assert type(found) is type(raised)
    assert found.args == raised.args


class NeedsTwo(Exception):
    """Cannot be opened from what it is pickled as."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def test_an_error_that_cannot_be_opened_here_is_told(executor: ClusterExecutor) -> None:
    def call() -> None:
        raise NeedsTwo(1, 2)

    found = error(executor.submit(call))
    assert isinstance(found, TaskError)
    assert "NeedsTwo: 1 and 2" in str(found)


def test_what_cannot_travel_fails_its_own_call_alone(executor: ClusterExecutor) -> None:
    there = error(executor.submit(len, (x for x in "abc")))
    assert isinstance(there, ArgumentsInvalid)
    assert "The call of len cannot travel: cannot pickle 'generator' object." in str(there)
    assert isinstance(error(executor.submit(lambda lock: lock, Event())), ArgumentsInvalid)
    assert [type(error(f)) for f in [executor.submit(lambda: (x for x in "abc"))]] == [TaskError]
    assert executor.submit(abs, -1).result(PATIENCE) == 1


def test_a_call_that_kills_its_process_fails_alone(executor: ClusterExecutor) -> None:
    killer, other = executor.submit(os._exit, 3), executor.submit(abs, -1)
    assert "exit code 3" in str(error(killer))
    assert other.result(PATIENCE) == 1


def test_functions_travel_as_they_are_when_they_are_submitted(executor: ClusterExecutor) -> None:
    kept: list[int] = []
    futures = []
    for n in range(3):
        kept.append(n)
        futures.append(executor.submit(lambda: kept))
    assert [future.result(PATIENCE) for future in futures] == [[0], [0, 1], [0, 1, 2]]


LIMIT = 1


def test_globals_that_changed_travel_with_the_next_call(
    executor: ClusterExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = lambda x=2: (LIMIT, x)  # noqa: E731 - the same one twice
    assert executor.submit(function).result(PATIENCE) == (1, 2)
    monkeypatch.setattr(sys.modules[__name__], "LIMIT", True)
    assert repr(executor.submit(function).result(PATIENCE)) == "(True, 2)"
    function.__defaults__ = (3,)
    assert executor.submit(function).result(PATIENCE) == (True, 3)


def test_an_object_whose_method_changes_it_is_another_one_for_each_call(executor: ClusterExecutor) -> None:
    kept: list[int] = []
    assert [executor.submit(kept.__iadd__, [1]).result(PATIENCE) for _ in range(6)] == [[1]] * 6


def test_quick_calls_do_not_wait_for_a_long_one_that_came_before_them(
    executor: ClusterExecutor, tmp_path: Path
) -> None:
    """Many quick ones travel together, and nobody knows which one will be long."""
    for future in [executor.submit(abs, -n) for n in range(2000)]:
        future.result(PATIENCE)
    long, quick = executor.submit(wait_for, tmp_path / "go"), [executor.submit(abs, -n) for n in range(30)]
    try:
        assert [future.result(PATIENCE) for future in quick] == list(range(30))
        assert not long.done()
    finally:
        (tmp_path / "go").touch()
    assert long.result(PATIENCE) == "go"


def test_asyncio_runs_calls_in_it(executor: ClusterExecutor) -> None:
    async def both() -> list[int]:
        loop = asyncio.get_running_loop()
        return await asyncio.gather(*(loop.run_in_executor(executor, abs, -n) for n in range(2)))

    assert asyncio.run(both()) == [0, 1]


def test_a_call_can_be_cancelled_until_it_leaves(executor: ClusterExecutor, tmp_path: Path) -> None:
    futures = [executor.submit(wait_for, tmp_path / "go") for _ in range(2000)]
    assert futures[-1].cancel()
    assert not futures[0].cancel()
    for future in futures[2:]:
        future.cancel()
    (tmp_path / "go").touch()
    assert [future.result(PATIENCE) for future in futures if not future.cancelled()][:2] == ["go", "go"]


def test_modules_of_the_users_own_travel_whenever_they_are_first_used(
    room: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    source = "class Kept(int): pass\ndef made(x): return Kept(x + 1)\n"
    with ClusterExecutor(cluster=room) as executor:
        for name in ("executor_first", "executor_second"):
            (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
            module = __import__(name)
            assert type(executor.submit(module.made, 1).result(PATIENCE)) is module.Kept
            assert executor.submit(abs, module.Kept(-3)).result(PATIENCE) == 3
            monkeypatch.delitem(sys.modules, name)


def test_calls_are_tasks_of_a_job_of_the_cluster(room: Cluster) -> None:
    with ClusterExecutor(cluster=room, name="mine") as executor:
        futures = [executor.submit(divided, x) for x in (1, 0)]
    assert [type(error(future)) for future in futures] == [type(None), ZeroDivisionError]
    job = room.jobs()[-1]
    assert (job.spec.name, job.status.state, job.status.done) == ("mine", "finished", 2)
    assert [repr(call) for call in job.arguments(0, 2)] == ["divided(...)"] * 2


def test_options_of_a_job_are_those_of_each_call(room: Cluster) -> None:
    with ClusterExecutor(cluster=room, shared={"table": [5, 7]}, priority=3) as executor:
        assert executor.submit(lambda i, table: table[i], 1).result(PATIENCE) == 7
    assert room.jobs()[-1].spec.priority == 3


def test_an_executor_that_nobody_holds_does_what_is_left_and_ends(room: Cluster) -> None:
    future = ClusterExecutor(cluster=room).submit(abs, -1)
    assert future.result(PATIENCE) == 1
    until(lambda: room.jobs()[-1].status.state == "finished", PATIENCE)


def test_a_callback_of_a_future_may_end_it(room: Cluster) -> None:
    executor = ClusterExecutor(cluster=room)
    executor.submit(abs, 1).add_done_callback(lambda _: executor.shutdown())
    executor.shutdown()


def test_where_its_cluster_is_closed_nobody_waits_for_ever(master: Master, tmp_path: Path) -> None:
    with Cluster.connect(master.console_link) as cluster, ClusterExecutor(cluster=cluster) as executor:
        futures = [executor.submit(wait_for, tmp_path / "never") for _ in range(9)]
        cluster.close()
        assert {type(error(future)).__name__ for future in futures} == {"BrokenClusterExecutor"}
    until(lambda: master.jobs()[-1].status.final, PATIENCE)


def test_no_more_calls_than_max_workers_are_on_their_way(room: Cluster, tmp_path: Path) -> None:
    with ClusterExecutor(1, cluster=room) as executor:
        futures = [executor.submit(wait_for, tmp_path / "go") for _ in range(3)]
        assert [future.running() for future in futures] == [True, False, False]
        assert futures[2].cancel()
        (tmp_path / "go").touch()
    assert [future.result(0) for future in futures[:2]] == ["go", "go"]


def test_errors_of_workers_that_are_not_trusted_are_opened_as_data(room: Cluster) -> None:
    def call() -> None:
        raise NeedsTwo(1, 2)

    with (
        Cluster.connect(room.console_link, trust_workers=False) as strict,
        ClusterExecutor(cluster=strict) as executor,
    ):
        plain, own = executor.submit(divided, 0), executor.submit(call)
        assert type(error(plain)) is ZeroDivisionError
        assert type(error(own)) is TaskError
        assert "NeedsTwo: 1 and 2" in str(error(own))


def test_where_its_job_is_cancelled_nobody_waits_for_ever(room: Cluster, tmp_path: Path) -> None:
    with ClusterExecutor(cluster=room) as executor:
        futures = [executor.submit(wait_for, tmp_path / "never") for _ in range(9)]
        until(lambda: room.jobs()[-1].status.running, PATIENCE)
        room.jobs()[-1].cancel()
        for future in futures:
            assert isinstance(error(future), ExecutorBroken)
        with pytest.raises(BrokenExecutor, match=r"was cancelled\. Start another one"):
            executor.submit(abs, 1)


def test_where_its_master_dies_nobody_waits_for_ever(tmp_path: Path) -> None:
    before = psutil.Process().children()
    executor = ClusterExecutor(1)
    futures = [executor.submit(wait_for, tmp_path / "never") for _ in range(9)]
    (server,) = [
        p for p in psutil.Process().children() if p not in before and "mcgui_core.master.server" in p.cmdline()
    ]
    server.kill()
    assert {type(error(future)).__name__ for future in futures} == {"BrokenClusterExecutor"}
    executor.shutdown()


def test_each_process_is_set_up_first(room: Cluster) -> None:
    with ClusterExecutor(initializer=sys.setrecursionlimit, initargs=(1234,), cluster=room) as executor:
        assert executor.submit(sys.getrecursionlimit).result(PATIENCE) == 1234


def test_an_initializer_that_fails_breaks_it(room: Cluster) -> None:
    with ClusterExecutor(initializer=divided, initargs=(0,), cluster=room) as executor:
        futures = [executor.submit(abs, 1) for _ in range(9)]
        for future in futures:
            assert "ZeroDivisionError" in str(error(future))
            assert isinstance(error(future), BrokenExecutor)
        with pytest.raises(BrokenExecutor):
            executor.submit(abs, 1)


def test_what_cannot_be_asked_for_is_said_before_anything_starts(executor: ClusterExecutor, room: Cluster) -> None:
    with pytest.raises(ValueError, match="max_workers must be greater than 0"):
        ClusterExecutor(0)
    with pytest.raises(TypeError, match="give a cluster by name: ClusterExecutor\\(cluster=...\\)"):
        ClusterExecutor(room)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Join by the link first"):
        ClusterExecutor(room.console_link)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Join by the link first"):
        ClusterExecutor(cluster=room.console_link)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="cluster must be a Cluster or a Master, not an int"):
        ClusterExecutor(cluster=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="nprocs must be a whole number"):
        ClusterExecutor(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="unexpected keyword argument 'timeot'"):
        ClusterExecutor(timeot=3)
    with pytest.raises(ValueError, match="timeout must be"):
        ClusterExecutor(timeout=-1)
    with pytest.raises(TypeError, match="initializer must be a callable"):
        ClusterExecutor(initializer=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="chunksize must be >= 1"):
        executor.map(abs, [1], chunksize=0)


def test_after_its_end_it_takes_no_calls(room: Cluster) -> None:
    executor = ClusterExecutor(cluster=room)
    executor.shutdown(wait=False)
    executor.shutdown()
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        executor.submit(abs, 1)


def test_a_program_that_forgets_its_end_does_what_is_left_and_ends(tmp_path: Path) -> None:
    """Without `if __name__ == "__main__":`; the leak check sees that it leaves no process and no file."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            """
            import time
            from pathlib import Path
            from mcgui_core import ClusterExecutor

            def write(name):
                time.sleep(0.2)
                Path(__file__).with_name(name).touch()

            executor = ClusterExecutor(1)
            for name in "abc":
                executor.submit(write, name)
            """
        ),
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert {path.name for path in tmp_path.iterdir()} >= {"a", "b", "c"}
