"""The chaos run itself: its checker finds what is not as it was promised, and its schedule can be repeated."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from mcgui_core.protocol.messages import TaskFailure
from tests.chaos import work
from tests.chaos.adversary import Adversary
from tests.chaos.checker import Checker, same
from tests.chaos.disk import LimitedDisk
from tests.chaos.network import Network
from tests.chaos.plan import FED, LARGE, LIMITED, MIXED, JobPlan, Plan
from tests.chaos.processes import Command
from tests.chaos.run import killed_at
from tests.chaos.schedule import DECK, Act, schedule
from tests.waiting import until

KINDS = ("number", "raising", "exiting", "hungry", "text")
JOB = JobPlan(0, "job", KINDS, {})


def outcome(index: int) -> object:
    """What has to come of a task of JOB."""
    expected = JOB.expected(index)
    if isinstance(expected, work.Value):
        return expected.value
    return TaskFailure(index, expected.kind, expected.type, expected.message, "Traceback ...")  # type: ignore[arg-type]


def died(index: int) -> TaskFailure:
    return TaskFailure(index, "died", "", "its process ended by SIGKILL", "")


def checked(*changes: tuple[int, object], without: int | None = None, twice: int | None = None) -> Checker:
    """A checker that was shown JOB, with some outcomes changed."""
    checker = Checker(JOB)
    changed = dict(changes)
    for index in range(len(KINDS)):
        for _ in range((index != without) + (index == twice)):
            checker.see(index, changed.get(index, outcome(index)))
    return checker


def test_what_is_as_promised_is_good() -> None:
    verdict = checked().verdict({})
    assert verdict.good
    assert (verdict.tasks, verdict.outcomes) == (5, 5)
    assert verdict.failures == {"raised": 1, "died": 1, "memory": 1}


def test_a_lost_outcome_is_found() -> None:
    verdict = checked(without=4).verdict({})
    assert (verdict.lost, verdict.outcomes, verdict.good) == (1, 4, False)
    assert verdict.words == ["job: task 4 is lost (text)"]


def test_a_doubled_outcome_is_found() -> None:
    verdict = checked(twice=1).verdict({})
    assert (verdict.doubled, verdict.good) == (1, False)


@pytest.mark.parametrize(
    ("index", "instead"),
    [
        (0, 1),
        (0, True),
        (4, "result № 4"),
        (1, None),
        (0, TaskFailure(0, "raised", "ValueError", "task 0", "Traceback ...")),
        (1, TaskFailure(1, "raised", "ValueError", "task 2", "Traceback ...")),
        (1, TaskFailure(1, "raised", "TypeError", "task 1", "Traceback ...")),
        (1, TaskFailure(1, "raised", "ValueError", "task 1", "")),
        (2, TaskFailure(2, "timeout", "", "", "")),
        (2, 0),
    ],
    ids=str,
)
def test_a_wrong_outcome_is_found(index: int, instead: object) -> None:
    verdict = checked((index, instead)).verdict({index: 100})
    assert (verdict.wrong, verdict.good) == (1, False)


def test_an_index_that_does_not_exist_is_wrong() -> None:
    checker = checked()
    checker.see(5, 0)
    assert checker.verdict({}).wrong == 1


def test_an_innocent_task_may_only_have_died_of_three_kills() -> None:
    assert checked((0, died(0))).verdict({0: 2}).wrong == 1
    verdict = checked((0, died(0))).verdict({0: 3})
    assert (verdict.wrong, verdict.excused) == (0, 1)


def test_a_hungry_task_may_only_have_died_otherwise_if_it_was_killed() -> None:
    assert checked((3, died(3))).verdict({}).wrong == 1
    assert checked((3, died(3))).verdict({3: 1}).good


def test_results_are_equal_only_if_their_types_are() -> None:
    import numpy as np

    assert same(work.array(3), work.array(3))
    assert not same(work.array(3), work.array(4))
    assert not same(work.array(3), work.array(3).astype(np.float32))
    assert not same(1, 1.0)
    assert not same(1, True)
    assert same(work.Point(1, 2), work.Point(1, 2))


def test_plans_are_the_same_for_the_same_seed_and_have_a_task_of_each_kind() -> None:
    plan = Plan(7, 1000)
    assert plan.jobs == Plan(7, 1000).jobs
    assert plan.jobs != Plan(8, 1000).jobs
    assert sum(len(job.kinds) for job in plan.jobs) == 1000
    for job, shares in zip(plan.jobs, (MIXED, LIMITED, FED, LARGE), strict=True):
        assert set(job.kinds) == {"number", *shares}
        assert list(job.stream(quick=len(job.kinds))) == job.arguments
        for index in range(len(job.kinds)):
            assert job.expected(index)


def test_schedules_are_the_same_for_the_same_seed_and_one_deck_has_every_act() -> None:
    size = sum(DECK.values())
    acts = list(islice(schedule(3), 2 * size))
    assert acts == list(islice(schedule(3), 2 * size))
    assert acts != list(islice(schedule(4), 2 * size))
    assert Counter(act.kind for act in acts[:size]) == Counter(act.kind for act in acts[size:]) == Counter(DECK)
    hasty = list(islice(schedule(3, haste=4), size))
    assert [act.kind for act in hasty] == [act.kind for act in acts[:size]]
    assert sum(act.seconds for act in hasty) < sum(act.seconds for act in acts[:size])


def test_the_task_at_which_a_slot_was_killed_is_known(tmp_path: Path) -> None:
    ended, begun = work.RECORD.pack(0, work.ENDED, 7), work.RECORD.pack(0, work.BEGUN, 7)
    other = work.RECORD.pack(1, work.BEGUN, 8)
    (tmp_path / "11-a").write_bytes(begun + ended + other + b"half")
    (tmp_path / "12-b").write_bytes(begun)  # not killed by us
    (tmp_path / "13-c").write_bytes(begun + ended)  # at nothing when it was killed
    kills, executions = killed_at(tmp_path, [11, 13])
    assert (kills, executions) == ({1: {8: 1}}, 4)


# --- the network ---------------------------------------------------------------------------------------------------


@contextmanager
def echo() -> Iterator[tuple[str, int]]:
    """A server that sends back what it gets."""

    def answer(sock: socket.socket) -> None:
        with sock:
            try:
                while data := sock.recv(1000):
                    sock.sendall(data)
            except OSError:
                return

    def accept() -> None:
        with closing(listener):
            while True:
                sock = listener.accept()[0]
                if stop.is_set():
                    sock.close()
                    return
                threads.append(threading.Thread(target=answer, args=(sock,)))
                threads[-1].start()

    listener, stop, threads = socket.create_server(("127.0.0.1", 0)), threading.Event(), []
    address = listener.getsockname()
    threads.append(threading.Thread(target=accept))
    threads[0].start()
    try:
        yield address
    finally:
        stop.set()
        socket.create_connection(address).close()
        for thread in threads:
            thread.join()


@contextmanager
def connected() -> Iterator[tuple[Network, socket.socket]]:
    with echo() as address, closing(Network(address)) as network:
        with socket.create_connection(network.address, timeout=10) as sock:
            yield network, sock


def ask(sock: socket.socket, data: bytes) -> bytes:
    sock.sendall(data)
    return sock.recv(1000)


def test_a_network_passes_on_what_comes_and_corrupts_when_told() -> None:
    with connected() as (network, sock):
        assert ask(sock, b"one") == b"one"
        network.to_corrupt = 1
        spoilt = ask(sock, b"two")
        assert len(spoilt) == 3
        assert sum((a ^ b).bit_count() for a, b in zip(spoilt, b"two", strict=True)) == 1
        assert network.corrupted == 1
        assert ask(sock, b"three") == b"three"


@pytest.mark.parametrize("how", ["drop", "reset"])
def test_a_network_breaks_connections_even_if_it_is_frozen(how: str) -> None:
    with connected() as (network, sock):
        assert ask(sock, b"one") == b"one"
        network.freeze()
        sock.sendall(b"two")
        getattr(network, how)()
        with pytest.raises(ConnectionError) if how == "reset" else closing(sock):
            assert sock.recv(1000) == b""
        until(lambda: network.open == 0)


def test_a_network_holds_back_what_comes_while_it_is_frozen() -> None:
    with connected() as (network, sock):
        network.freeze()
        sock.sendall(b"one")
        sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            sock.recv(1000)
        network.thaw()
        sock.settimeout(10)
        assert sock.recv(1000) == b"one"


@contextmanager
def adversary(folder: Path, *kinds: str) -> Iterator[tuple[Adversary, Command, Command]]:
    """With these acts to come, all at the last of what there is: and the agent, and a client that ends at once."""

    def command(name: str, code: str) -> Command:
        return Command(name, [sys.executable, "-c", code], folder / name, dict(os.environ))

    server, agent = (command(name, "import time; time.sleep(50)") for name in ("server", "agent"))
    client = command("client", "")
    acts = iter([Act(number, kind, 0.0, 0.99, 0.0) for number, kind in enumerate((*kinds, "kill server"))])
    disk = LimitedDisk(folder / "disk")
    with echo() as served, closing(Network(served, 1)) as first, closing(Network(served, 2)) as second:
        try:
            for process in (server, agent, client):
                process.start()
            yield Adversary(server, [agent], client, [first, second], disk, acts), agent, client
        finally:
            for process in (server, agent, client):
                process.kill()
            disk.close()


@pytest.mark.parametrize("what", ["drop", "reset", "corrupt"])
def test_a_client_that_has_read_all_starts_again_for_who_wants_to_cut_its_connection(what: str, tmp_path: Path) -> None:
    """The jobs may be over before the last act is done: it would wait for such a connection for ever."""
    with adversary(tmp_path, f"{what} connections") as (one, _, client):
        until(lambda: client.exit_code == 0, 20, "the end of the client")
        one.step(may_wait=False)
        assert client.starts == 2


def test_an_act_without_a_victim_waits_for_one_while_others_are_done(tmp_path: Path) -> None:
    with adversary(tmp_path, "stop agent", "delay connections") as (one, agent, _):
        agent.stop()  # it hangs: it cannot be stopped now
        one.step(may_wait=False)
        assert not one.done
        one.step(may_wait=False)
        assert list(one.done) == ["delay connections"]
        assert not one.has_done(2)
        agent.go_on()
        one.step(may_wait=False)
        assert list(one.done) == ["delay connections", "stop agent"]
        assert one.has_done(2)
