"""Whatever a script gives to a call in error, the call says in a sentence what it must be, and nothing has happened."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mcgui_core import Cluster, ClusterExecutor, ExecutorNode, Job, Master, MasterNode, WorkerNode
from mcgui_core.client import call_arguments
from mcgui_core.errors import BadInput, DaskInvalid, LinkInvalid
from tests.support import cluster

SOURCE = "def f(x): return x"
SOMETHING = object()

CALLS: dict[str, tuple[Callable[[Master, Job], Any], str]] = {
    "a number for a link": (lambda _, __: Cluster(2), "This is not a join link: 2 is not even text"),  # type: ignore[arg-type]
    "nothing for a link": (lambda _, __: Cluster.connect(None), "None is not even text"),  # type: ignore[arg-type]
    "bytes for a link": (lambda _, __: ExecutorNode(b"mcgui://", None), "b'mcgui://' is not even text"),  # type: ignore[arg-type]
    "a key in bytes": (lambda _, __: Master(authkey=b"secret"), "authkey must be text, not b'secret'"),  # type: ignore[arg-type]
    "a port by its name": (lambda _, __: Master(port="http"), "port must be a whole number from 0 to 65,535"),  # type: ignore[arg-type]
    "a port that there is not": (lambda _, __: Master(port=70_000), "port must be a whole number .* not 70000"),
    "a host that is none": (lambda _, __: Master(host=0), "host must be text, not 0"),  # type: ignore[arg-type]
    "a journal that is none": (lambda _, __: Master(journal=5), "journal must be the path of a file, not 5"),  # type: ignore[arg-type]
    "a certificate that is none": (lambda _, __: Master(certificate=[]), "certificate must be the path of a file"),  # type: ignore[arg-type]
    "a key of bytes for the seed's": (lambda _, __: MasterNode(AUTHKEY=b"a"), "AUTHKEY must be text, not b'a'"),  # type: ignore[arg-type]
    "a key that is a number": (lambda _, __: WorkerNode("localhost", 8888, 1, 1), "AUTHKEY must be text, not 1"),  # type: ignore[arg-type]
    "a port that is text": (lambda _, __: WorkerNode("localhost", "x", "a", 1), "port must be a whole number"),  # type: ignore[arg-type]
    "text to wait for": (lambda _, job: job.wait("5"), "timeout must be a number of seconds .* not '5'"),  # type: ignore[arg-type]
    "no number to wait for": (lambda _, job: job.wait(math.nan), "timeout must be a number of seconds .* not nan"),
    "less than no time": (lambda _, job: job.wait(-1), "timeout must be a number of seconds .* not -1"),
    "nothing to look for": (lambda _, job: job.poll(None), "seconds must be a number of seconds .* not None"),  # type: ignore[arg-type]
    "text for outcomes": (lambda _, job: job.outcomes(0, "x"), "timeout must be a number of seconds"),  # type: ignore[arg-type]
    "arguments to nowhere": (lambda _, job: job.arguments(0, None), "stop must be a whole number .* not None"),  # type: ignore[arg-type]
    "arguments from before": (lambda _, job: job.arguments(-1, 1), "start must be a whole number .* not -1"),
    "outcomes to half a task": (lambda _, job: job.outcomes_between(0, 1.5), "stop must be a whole number .* not 1.5"),  # type: ignore[arg-type]
    "days in words": (
        lambda master, _: master.forget_older_than("week"),
        "days must be a number of days, 0 or more, not 'week'",
    ),  # type: ignore[arg-type]
    "a view of no time": (lambda master, _: master.snapshot(0, "x"), "timeout must be a number of seconds"),  # type: ignore[arg-type]
    "processes of an executor": (lambda _, __: ClusterExecutor("two"), "nprocs must be a whole number"),  # type: ignore[arg-type]
    "a worker's name": (lambda master, _: master.add_local_worker(1, SOMETHING), "name must be text, not <object"),  # type: ignore[arg-type]
    "a worker's name that nobody lets join": (
        lambda master, _: master.add_local_worker(1, "a" * 1_001),
        "name has 1,001 characters, and 1,000 are the most",
    ),
    "no listener": (lambda master, _: master.add_local_worker(1, on_event="x"), "on_event must be a function"),  # type: ignore[arg-type]
    "a scheduler's port": (
        lambda master, _: master.add_dask_cluster(8786),
        "'8786' cannot be added: it is not even text",
    ),  # type: ignore[arg-type]
    "files that are none": (lambda master, _: master.submit(SOURCE, "f", [1], files=5), "files must be a list, not 5"),  # type: ignore[arg-type]
    "no requirements": (
        lambda master, _: master.submit(SOURCE, "f", [1], requirements=1),
        "requirements must be a list",
    ),  # type: ignore[arg-type]
    "shared values by no name": (
        lambda master, _: master.submit(SOURCE, "f", [1], shared=[[1]]),  # type: ignore[arg-type]
        r"shared must have the names of parameters for its keys, not \[1\]",
    ),
    "nothing to reduce": (lambda master, _: master.submit(SOURCE, "f", [1], reduce={}), "reduce must be text, not {}"),  # type: ignore[arg-type]
}


@pytest.fixture(scope="module")
def started() -> Iterator[tuple[Master, Job]]:
    with cluster(1) as master:
        job = master.submit(SOURCE, "f", range(3))
        job.wait(30)
        yield master, job


@pytest.mark.parametrize("name", CALLS)
def test_it_is_said_what_was_expected(name: str, started: tuple[Master, Job], monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*command: object, **_: object) -> None:
        pytest.fail(f"{command} was started before that was said.")

    call, words = CALLS[name]
    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises((BadInput, LinkInvalid, DaskInvalid), match=words):
        call(*started)
    assert len(started[0].jobs()) == 1
    assert len(started[0].nodes()) == 1


def test_a_name_that_would_be_shown_as_nothing_is_none() -> None:
    assert [call_arguments.node_name(name) for name in (None, "", " \n", "a b")] == [None, None, None, "a b"]


def test_one_file_or_one_requirement_alone_is_a_list_of_one(started: tuple[Master, Job]) -> None:
    master, _ = started
    job = master.submit(SOURCE, "f", [1], requirements="pytest>=1", name="one")
    try:
        assert job.spec.requirements == ("pytest>=1",)
    finally:
        job.cancel()
        job.forget()


@pytest.mark.parametrize("given", [5, None, (x for x in range(3))], ids=["a number", "nothing", "a generator"])
def test_arguments_of_the_seed_that_are_no_list_are_said_to_be_none(
    given: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = MasterNode()
    seed.load_envir("def f(x): return x", from_file=False)
    seed.register_target_function("f")
    seed.load_args(given)
    assert seed.execute() is None
    assert "MasterNode.load_args() takes a list of arguments, not " in capsys.readouterr().out
