"""Any executor as a node: a real process pool, whose workers are killed, and one that is broken for good."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial, singledispatch
from multiprocessing import resource_tracker
from pathlib import Path

import psutil
import pytest

from mcgui_core import ExecutorNode, Master
from mcgui_core.errors import LinkInvalid, NprocsInvalid, TaskError
from mcgui_core.slots.executors.executor_orders import Done, Order
from mcgui_core.slots.executors.executor_slot_pool import SlotPool
from tests.support import MEETING, Meeting, descendants, is_slot, joined, kill, node, wait_until_gone
from tests.waiting import until

SQUARE = "def square(x): return x * x"
FATES = """
import os, time
def f(x):
    print("at", x)
    if x == 1: raise ValueError("bad")
    if x == 2: os._exit(3)
    if x == 3: time.sleep(60)
    return x
"""
#: Kills the executor's worker that its slot belongs to.
PATRICIDE = """
import os, signal
def f(x):
    if x == 2: os.kill(os.getppid(), signal.SIGKILL)
    return x
"""

pool = partial(ProcessPoolExecutor, 2, multiprocessing.get_context("spawn"))


@contextmanager
def executor_node(master: Master, executor: object, **settings: object) -> Iterator[ExecutorNode]:
    """A node that has joined."""
    with ExecutorNode(master.worker_link, executor, 2, "pool", **settings) as found:  # type: ignore[arg-type]
        until(lambda: joined(master), 60)
        yield found


@pytest.fixture(scope="module", autouse=True)
def tracker() -> None:
    """What the first process pool of a process starts and keeps for good is none of any test's."""
    resource_tracker.ensure_running()


def pool_workers() -> list[psutil.Process]:
    """The workers of process pools of this process that have slots."""
    return [p for p in psutil.Process().children() if any(is_slot(child) for child in descendants(p.pid))]


def test_a_process_pool_is_a_node_like_others() -> None:
    with Master() as master, executor_node(master, pool):
        job = master.submit(SQUARE, "square", range(5_000))
        assert job.results() == [x * x for x in range(5_000)]
        job = master.submit(FATES, "f", range(6), timeout=2)
        results = job.results(return_exceptions=True)
        found = {r.failure.index: r.failure.kind for r in results if isinstance(r, TaskError)}
        assert found == {1: "raised", 2: "died", 3: "timeout"}
        assert [results[i] for i in (0, 4, 5)] == [0, 4, 5]
        assert "at 5\n" in "".join(piece.text for piece in job.output() if piece.index == 5)
        assert (node(master, "pool").nprocs, node(master, "pool").failed) == (2, 3)


@pytest.mark.parametrize("size", [1, 100, 10_000, 3_000_000])
def test_values_of_any_size_come_and_go(size: int) -> None:
    """Results of a hundred thousand ints, and one of some MB, are buffers within; nothing must be lost or stand still."""
    with Master() as master, executor_node(master, pool):
        count = max(4, 200_000 // size)
        data = bytes(size)

        def longer(x: bytes) -> bytes:
            return x + data[:1]

        assert set(master.submit(longer, [data] * count).results()) == {data + b"\0"}


def test_what_fails_in_code_of_ours_there_fails_its_task_and_is_not_laid_at_the_executors_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = SlotPool.work

    def failing(self: SlotPool, order: Order) -> Done:
        if order.chunk.start <= 3 < order.chunk.stop:
            raise RuntimeError("a fault of ours")
        return real(self, order)

    monkeypatch.setattr(SlotPool, "work", failing)
    with ThreadPoolExecutor(2) as threads, Master() as master, executor_node(master, threads):
        found = master.submit(SQUARE, "square", range(6)).results(return_exceptions=True)
        assert [found[i] for i in (0, 1, 2, 4, 5)] == [0, 1, 4, 16, 25]
        assert isinstance(found[3], TaskError)
        assert "what runs it in the executor's worker failed: RuntimeError: a fault of ours" in str(found[3])
        assert node(master, "pool").state != "paused"


def test_a_worker_of_the_pool_that_is_killed_costs_no_task(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, executor_node(master, pool):
        job = master.submit(MEETING, "meet", meeting.arguments(12), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 2, what="two tasks that run")
        kill(pool_workers()[0])
        until(lambda: len(meeting.started) == 4, 60, "that they have started anew")
        meeting.go()
        assert job.results() == list(range(12))


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not ended there by a signal to its parent")
def test_a_task_that_kills_the_workers_of_the_pool_fails_alone() -> None:
    with Master() as master, executor_node(master, pool):
        job = master.submit(PATRICIDE, "f", range(6), hedge=False)
        results = job.results(return_exceptions=True)
        assert [results[i] for i in (0, 1, 3, 4, 5)] == [0, 1, 3, 4, 5]
        (failure,) = job.failures()
        assert (failure.index, failure.kind) == (2, "died")
        assert "a worker process of the executor died" in failure.message


def test_an_executor_that_is_broken_for_good_gives_its_tasks_back_and_says_so(tmp_path: Path) -> None:
    threads = ThreadPoolExecutor(2)
    with Master() as master, executor_node(master, threads):
        assert master.submit(SQUARE, "square", range(10)).results() == [x * x for x in range(10)]
        threads.shutdown()
        job = master.submit(SQUARE, "square", range(10))
        until(lambda: node(master, "pool").state == "paused", what="that it is paused")
        assert "The executor cannot be used: RuntimeError" in node(master, "pool").reason
        master.add_local_worker(1)
        assert job.results() == [x * x for x in range(10)]


def test_a_node_on_an_executor_leaves_at_once_and_its_tasks_go_back(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master:
        with executor_node(master, pool):
            job = master.submit(MEETING, "meet", meeting.arguments(4), call="args", chunksize=1)
            until(lambda: len(meeting.started) == 2, what="two tasks that run")
            master.steer(node(master, "pool").id, retire="now")
            until(lambda: node(master, "pool").state == "left", what="that it has left")
            assert job.status.running == 0
            running = [p for worker in pool_workers() for p in descendants(worker.pid)]
            meeting.go()
        wait_until_gone(running)
        master.add_local_worker(1)
        assert job.results() == list(range(4))


def test_an_executor_whose_workers_cannot_run_anything_is_said_and_tried_again() -> None:
    tries: list[int] = []

    def broken() -> Executor:
        tries.append(1)
        raise OSError("no computers left")

    with Master() as master, ExecutorNode(master.worker_link, broken, 2) as found:
        until(lambda: len(tries) > 1, what="a second attempt")
        assert found.last_event.state == "connecting"
        assert "OSError: no computers left" in found.last_event.message
        assert master.nodes() == []


def test_nonsense_is_refused_before_anything_starts() -> None:
    with pytest.raises(LinkInvalid):
        ExecutorNode("http://x", pool)
    with pytest.raises(NprocsInvalid):
        ExecutorNode("mcgui://h:1#k", pool, 0)


PROJECT = """
# /// script
# [tool.mcgui]
# files = ["data/*.csv"]
# ///
from pathlib import Path
import helper
def f(x):
    beside = (Path(__file__).parent / "data/a.csv").read_text()
    return x, helper.double(x), Path("data/a.csv").read_text(), beside, str(Path.cwd())
"""


@pytest.mark.parametrize("workers", ["processes", "threads"])
def test_a_project_travels_to_an_executor(tmp_path: Path, workers: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("1;2")
    (tmp_path / "data/same.csv").write_text("1;2")
    (tmp_path / "helper.py").write_text("def double(x): return 2 * x")
    (tmp_path / "main.py").write_text(PROJECT)
    make = pool if workers == "processes" else partial(ThreadPoolExecutor, 2)
    with Master() as master, executor_node(master, make):
        job = master.submit(tmp_path / "main.py", "f", range(6), chunksize=1)
        found = job.results()
        assert [row[:4] for row in found] == [(x, 2 * x, "1;2", "1;2") for x in range(6)]
        assert str(tmp_path) not in {row[4] for row in found}
        (tmp_path / "helper.py").write_text("def double(x): return 20 * x")
        assert [row[1] for row in master.submit(tmp_path / "main.py", "f", range(6)).results()] == [
            20 * x for x in range(6)
        ]


PACKAGE = """
# /// script
# [tool.mcgui]
# files = ["texts/*.txt"]
# ///
from functools import partial, singledispatch
from importlib import resources
from pathlib import Path
from . import helper
from .deep.part import halved

def f(x):
    return helper.doubled(x), halved(x), __package__, Path("texts/a.txt").read_text(), \\
        resources.files("pack").joinpath("texts/a.txt").read_text()

@singledispatch
def told(x):
    return "something"

@told.register
def _(x: int):
    return "a number"

class Scale:
    def __init__(self, by):
        self.by = by
    def __call__(self, x):
        return self.by * x
    def less(self, x):
        return x / self.by

scaled, less, raised = Scale(4), Scale(4).less, partial(pow, 2)
"""


@pytest.mark.parametrize("where", ["an executor", "slots"])
def test_a_package_and_any_kind_of_callable_run_in(tmp_path: Path, where: str) -> None:
    for name, text in {
        "pack/__init__.py": "NAME = 'pack'",
        "pack/helper.py": "from . import NAME\ndef doubled(x): return NAME, 2 * x",
        "pack/deep/__init__.py": "",
        "pack/deep/part.py": "from ..helper import doubled\ndef halved(x): return x / 2",
        "pack/texts/a.txt": "a",
        "pack/main.py": PACKAGE,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    @singledispatch
    def own(x: object) -> str:
        return "something"

    @own.register
    def _(x: int) -> str:
        return f"{x:+}"

    class Adder:
        def __init__(self, by: int) -> None:
            self.by = by

        def __call__(self, x: int) -> int:
            return x + self.by

        def minus(self, x: int) -> int:
            return x - self.by

    with ExitStack() as stack:
        master = stack.enter_context(Master())
        if where == "slots":
            master.add_local_worker(1)
        else:
            threads = stack.enter_context(ThreadPoolExecutor(1))
            stack.enter_context(executor_node(master, threads))
        main = tmp_path / "pack/main.py"
        jobs = [master.submit(main, name, [4]) for name in ("f", "told", "scaled", "less", "raised")]
        jobs += [master.submit(one, [4]) for one in (own, Adder(3), Adder(3).minus, partial(Adder(1)))]
        found = [job.results()[0] for job in jobs]
    assert found == [(("pack", 8), 2.0, "pack", "a", "a"), "a number", 16, 1.0, 16, "+4", 7, 1, 5]
