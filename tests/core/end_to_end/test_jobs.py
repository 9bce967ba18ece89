"""Jobs on a real cluster: what goes in comes out, whatever it is and however it is passed."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.errors import JobFailed, TaskError
from tests.support import MEETING, Meeting, cluster, run_script
from tests.waiting import until

SQUARE = "def square(x): return x * x"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Master]:
    """One cluster for all tests here; none of them ends a slot."""
    with cluster(2) as master:
        # Both slots have started once this is done, so that no test is blamed for one.
        meeting = Meeting(tmp_path_factory.mktemp("warm"))
        job = master.submit(MEETING, "meet", meeting.arguments(2), call="args")
        until(lambda: len(meeting.started) == 2, what="a task on either slot")
        meeting.go()
        job.results()
        yield master


def test_results_come_in_the_order_of_the_arguments(shared: Master) -> None:
    assert shared.submit(SQUARE, "square", range(20_000)).results() == [x * x for x in range(20_000)]


def test_results_come_as_they_complete_each_exactly_once(shared: Master) -> None:
    found = list(shared.submit(SQUARE, "square", range(20_000)).iter_results())
    assert len(found) == 20_000
    assert dict(found) == {x: x * x for x in range(20_000)}


def test_a_fast_task_is_given_out_while_a_slow_one_before_it_runs(shared: Master, tmp_path: Path) -> None:
    source = (
        "import pathlib, threading\n"
        "def f(item):\n"
        "    number, go = item\n"
        "    while number == 0 and not pathlib.Path(go).exists():\n"
        "        threading.Event().wait(0.01)\n"
        "    return number\n"
    )
    go = tmp_path / "go"
    results = shared.submit(source, "f", [(number, str(go)) for number in range(6)]).iter_results()
    first = [next(results) for _ in range(5)]
    assert sorted(first) == [(number, number) for number in range(1, 6)]
    go.touch()
    assert list(results) == [(0, 0)]


def test_whatever_takes_long_all_others_are_done_meanwhile_and_each_once(shared: Master, tmp_path: Path) -> None:
    """Without second runs: what travelled with the long one is done by another slot, or was told before."""
    gate, ran = tmp_path / "gate", tmp_path / "ran"
    source = (
        "import pathlib, threading\n"
        "def f(x):\n"
        f"    with open({str(ran)!r}, 'a') as file:\n"
        "        file.write(f'{x}\\n')\n"
        f"    while x == 1700 and not pathlib.Path({str(gate)!r}).exists():\n"
        "        threading.Event().wait(0.01)\n"
        "    return -x\n"
    )
    job = shared.submit(source, "f", range(4000), hedge=False)
    try:
        until(lambda: job.status.done == 3999, what="all but the long one")
    finally:
        gate.touch()
    assert job.results() == [-x for x in range(4000)]
    assert sorted(int(line) for line in ran.read_text().split()) == list(range(4000))


def test_a_callable_may_come_first_as_people_type_it(shared: Master) -> None:
    assert shared.submit(abs, range(-3, 0)).results() == [3, 2, 1]
    assert shared.submit(abs, args=[-1]).results() == [1]
    assert shared.submit(pow, np.array([[2, 3], [3, 2]]), call="args").results() == [8, 9]
    assert shared.submit(function=abs, args=[-1]).results() == [1]


def test_the_name_of_a_file_that_is_there_is_taken_for_the_file(
    shared: Master, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sir.py").write_text("def sir(x): return x + 1\n")
    monkeypatch.chdir(tmp_path)
    for named in ("sir.py", str(tmp_path / "sir.py"), Path("sir.py")):
        job = shared.submit(named, "sir", [1])
        assert (job.results(), Path(job.spec.filename).name) == ([2], "sir.py")


def test_duplicate_arguments_have_a_result_each(shared: Master) -> None:
    assert shared.submit(SQUARE, "square", [3] * 1000).results() == [9] * 1000


def test_unhashable_arguments_are_fine(shared: Master) -> None:
    args: list[Any] = [{"a": [1]}, [1, [2]], {1, 2}, bytearray(b"x")]
    assert shared.submit("def f(x): return x", "f", args).results() == args


def test_no_arguments_make_a_job_that_is_finished_at_once(shared: Master) -> None:
    job = shared.submit(SQUARE, "square", [])
    assert job.results() == []
    assert list(job.iter_results()) == []
    assert job.status.state == "finished"
    assert job.progress == 1.0


def test_an_empty_generator_makes_a_finished_job_too() -> None:
    with cluster(1) as master:
        job = master.submit(SQUARE, "square", iter(()))
        assert job.results() == []
        assert job.status.state == "finished"


@pytest.mark.parametrize(
    ("call", "args"),
    [
        ("single", [(1, 2), (3, 4)]),
        ("args", [(1, 2), (3, 4)]),
        ("kwargs", [{"a": 1, "b": 2}, {"b": 4, "a": 3}]),
    ],
)
def test_an_argument_is_passed_in_the_chosen_style(shared: Master, call: Any, args: list[Any]) -> None:
    source = "def f(a, b=None): return (a, b) if b is not None else a"
    assert shared.submit(source, "f", args, call=call).results() == [(1, 2), (3, 4)]


def test_an_argument_that_does_not_suit_the_call_style_fails_that_task_alone(shared: Master) -> None:
    found = shared.submit("def f(a, b): return a + b", "f", [(1, 2), (1, 2, 3), 7, (3, 4)], call="args").results(
        return_exceptions=True
    )
    assert (found[0], found[3]) == (3, 7)
    assert [found[i].failure.type for i in (1, 2)] == ["TypeError", "TypeError"]


def test_large_arrays_come_back_whole_and_writable(shared: Master) -> None:
    source = "import numpy\ndef f(seed): return numpy.random.default_rng(seed).random(524_288)"  # 4 MB
    for seed, found in enumerate(shared.submit(source, "f", range(8)).results()):
        assert np.array_equal(found, np.random.default_rng(seed).random(524_288))
        found += 1


def test_large_arguments_arrive_whole(shared: Master) -> None:
    arrays = [np.full(524_288, number, dtype=np.float64) for number in range(8)]
    assert shared.submit("def f(a): return float(a.sum())", "f", arrays).results() == [n * 524_288.0 for n in range(8)]


def test_many_large_results_are_never_in_the_clients_memory_all_at_once(shared: Master) -> None:
    """200 MB go through; nobody holds more than a few of them."""
    before = memory_peak()
    job = shared.submit("def f(n): return bytes(4_000_000)", "f", range(50))
    assert sum(len(value) for _, value in job.iter_results()) == 200_000_000
    assert memory_peak() - before < 100_000_000


def memory_peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


CLASSES = """
import dataclasses, enum

class Colour(enum.Enum):
    RED = 1

@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    colour: Colour = Colour.RED
    def doubled(self): return Point(2 * self.x)

def make(x): return Point(x)
"""


def test_results_may_be_of_classes_that_the_environment_defines(shared: Master) -> None:
    found = shared.submit(CLASSES, "make", range(500), chunksize=10).results()
    assert [point.x for point in found] == list(range(500))
    assert found[7].doubled().x == 14


def test_a_class_of_the_environment_is_one_class_whichever_slot_a_result_came_from(shared: Master) -> None:
    found = shared.submit(CLASSES, "make", [1] * 500, chunksize=10).results()
    assert len({type(point) for point in found}) == 1
    assert set(found) == {found[0]}
    assert all(point.colour is found[0].colour for point in found)


def test_a_lambda_and_a_closure_travel_with_what_they_hold(shared: Master) -> None:
    offset = 40

    def shifted(x: int) -> int:
        return x + offset

    assert shared.submit(function=lambda x: 2 * x, args=range(5)).results() == [0, 2, 4, 6, 8]
    assert shared.submit(function=shifted, args=range(3)).results() == [40, 41, 42]
    assert shared.submit(function=functools.partial(pow, 2), args=range(5)).results() == [1, 2, 4, 8, 16]
    assert shared.submit(function=str.upper, args=["a", "b"]).results() == ["A", "B"]


def test_an_environment_may_be_a_file(shared: Master, tmp_path: Path) -> None:
    path = tmp_path / "job.py"
    path.write_text("\ufeff# ein Würfel\ndef cube(x): return x ** 3\n", encoding="utf-8")
    assert shared.submit(path, "cube", [1, 2, 3]).results() == [1, 8, 27]


def test_two_environments_with_functions_of_one_name_do_not_meet(shared: Master) -> None:
    jobs = [shared.submit(f"K = {k}\ndef f(x): return x * K", "f", range(2000)) for k in range(6)]
    for k, job in enumerate(jobs):
        assert job.results() == [x * k for x in range(2000)]


def test_what_a_task_prints_or_reads_does_not_disturb_its_slot(shared: Master) -> None:
    source = (
        "import os, sys\n"
        "def f(x):\n"
        "    print('x' * 100, file=sys.stdout if x % 2 else None)\n"
        "    os.write(1, b'raw\\n')\n"
        "    return sys.stdin.read()\n"
    )
    assert shared.submit(source, "f", range(20)).results() == [""] * 20


@pytest.mark.parametrize("raised", ["SystemExit(3)", "KeyboardInterrupt()", "StopIteration(1)", "GeneratorExit()"])
def test_whatever_a_task_raises_fails_that_task_alone(shared: Master, raised: str) -> None:
    source = f"def f(x):\n    if x == 5: raise {raised}\n    return x"
    found = shared.submit(source, "f", range(10)).results(return_exceptions=True)
    assert [x for x in found if not isinstance(x, TaskError)] == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert found[5].failure.type == raised.partition("(")[0]


def test_a_failed_job_still_gives_out_what_it_has(shared: Master) -> None:
    job = shared.submit("def f(x): return 1 / x", "f", [1, 0, 2])
    with pytest.raises(JobFailed, match=r"1 of 3 tasks failed[\s\S]*ZeroDivisionError"):
        job.results()
    found = job.results(return_exceptions=True)
    assert (found[0], found[2]) == (1.0, 0.5)
    assert dict(job.iter_results(return_exceptions=True)).keys() == {0, 1, 2}


def test_another_client_sees_the_job_and_its_arguments(shared: Master) -> None:
    job = shared.submit(SQUARE, "square", [5, 6, 7], name="three squares")
    job.wait(20)
    with Cluster.connect(shared.console_link) as other:
        same = other.job(job.id)
        assert same.spec.name == "three squares"
        assert same.arguments(1, 3) == [6, 7]
        assert same.results() == [25, 36, 49]
        assert [j.id for j in other.jobs()][-1] == job.id


SCRIPT = """
import dataclasses, sys
from mcgui_core import Master

@dataclasses.dataclass
class Pair:
    a: int
    b: int

FACTOR = 3

def scaled(pair):
    return Pair(pair.a * FACTOR, pair.b * FACTOR)

print("main runs")
with Master() as master:
    master.add_local_worker(2)
    found = master.submit(function=scaled, args=[Pair(n, 1) for n in range(4)]).results()
    assert all(isinstance(pair, Pair) for pair in found), found
    print(found[3])
    found = master.submit("def f(x): return x + 1", "f", range(3)).results()
    print(found)
"""


def test_a_script_without_a_main_guard_runs_once_and_may_pass_its_own_classes(tmp_path: Path) -> None:
    done = run_script(tmp_path / "script.py", SCRIPT)
    assert (done.stdout, done.stderr) == ("main runs\nPair(a=9, b=3)\n[1, 2, 3]\n", "")
    assert done.returncode == 0


def test_arguments_are_those_that_there_are_however_many_are_asked_for(shared: Master) -> None:
    job = shared.submit(SQUARE, "square", [2, 3])
    assert (job.arguments(0, 10), job.arguments(1, 10**9), job.arguments(2, 3)) == ([2, 3], [3], [])
