"""Whoever has a worker link, and reports what was not leased to him: nothing of it counts, and his connection ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from mcgui_core import Master
from mcgui_core.errors import BadInput, ConnectionLost
from mcgui_core.master.server import ClusterServer
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import Chunk, Lease, NodeInfo, Outcome, Report, SlotDeath, Unfit, Welcome
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.protocol.transport import TlsConnection
from mcgui_core.values import pickling
from tests.raw_calls import call

TASKS = 300


@pytest.fixture
def master() -> Iterator[Master]:
    """With a job that nobody has begun."""
    with Master() as opened:
        opened.submit("def f(x): return x * x", "f", range(TASKS), chunksize=10)
        yield opened


def joined(master: Master, id: str) -> TlsConnection:
    connection = connect(JoinLink.parse(master.worker_link))
    call(connection, "node", "join", NodeInfo(id, f"the {id}", 1, 1, "3.11.7", "Test", 1))
    return connection


def leased(connection: TlsConnection, id: str) -> Chunk:
    lease: Lease = call(connection, "node", "exchange", id, Report(), 0.001)
    return lease.chunks[0]


def lies(chunk: Chunk) -> Outcome:
    values = pickling.dumps([666] * chunk.count)
    return Outcome(chunk.job, chunk.start, chunk.stop, values, (), 0.1, "rogue", chunk.lease, token=chunk.token)


def honest(master: Master) -> None:
    """An honest worker does the job, and it comes out right."""
    master.add_local_worker(nprocs=1)
    assert master.job(1).results() == [x * x for x in range(TASKS)]


#: What a liar makes of a lease of its own. It knows how a token is made, and everything but the key.
FORGED: dict[str, Callable[[Chunk], Chunk]] = {
    "no token": lambda own: replace(own, token=b""),
    "a token that is too long": lambda own: replace(own, token=own.token + b"\0"),
    "a token with a wrong code": lambda own: replace(own, token=own.token[:-1] + bytes([own.token[-1] ^ 1])),
    "a token of a wider range": lambda own: replace(
        own, start=0, stop=TASKS, token=bytes(8) + TASKS.to_bytes(8, "big") + own.token[16:]
    ),
    "more than was leased": lambda own: replace(own, stop=own.stop + 1),
    "what comes after": lambda own: replace(own, start=own.stop, stop=own.stop + 1),
    "by another lease": lambda own: replace(own, lease=own.lease + 1),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize(
    "report",
    [
        lambda chunk: Report(outcomes=(lies(chunk),)),
        lambda chunk: Report(deaths=(SlotDeath(chunk.lease, 1, chunk.start, chunk.stop, "died", "", chunk.token),)),
        lambda chunk: Report(returned=(chunk,)),
    ],
    ids=["outcome", "death", "returned"],
)
def test_a_report_beyond_what_was_leased_is_refused_and_ends_the_connection(
    shared: Master, report: Callable[[Chunk], Report], forged: Callable[[Chunk], Chunk]
) -> None:
    with joined(shared, "rogue") as connection:
        said = report(forged(leased(connection, "rogue")))
        with pytest.raises(BadInput, match=r"were not leased to this node|has no tasks"):
            call(connection, "node", "exchange", "rogue", said, 0.0)
        with pytest.raises(ConnectionLost):
            call(connection, "node", "exchange", "rogue", Report(), 0.0)
    assert (shared.job(1).status.done, shared.job(1).status.failed) == (0, 0)


@pytest.fixture(scope="module")
def shared() -> Iterator[Master]:
    """The same for all who achieve nothing."""
    with Master() as opened:
        opened.submit("def f(x): return x * x", "f", range(TASKS), chunksize=10)
        yield opened


def test_what_others_have_leased_is_theirs_to_report_also_for_who_knows_their_token(master: Master) -> None:
    with joined(master, "victim") as victim, joined(master, "rogue") as rogue:
        chunk = leased(victim, "victim")
        with pytest.raises(BadInput, match="not leased to this node"):
            call(rogue, "node", "exchange", "rogue", Report(outcomes=(lies(chunk),)), 0.0)
        call(victim, "node", "exchange", "victim", Report(returned=(chunk,)), 0.0)  # its connection goes on
        call(victim, "node", "leave", "victim", "")
    honest(master)


def test_a_job_that_somebody_never_had_is_not_stopped_because_he_says_it_does_not_load(master: Master) -> None:
    with joined(master, "rogue") as rogue:
        call(rogue, "node", "exchange", "rogue", Report(unfit=(Unfit(1, "ImportError", "no", ""),)), 0.0)
        assert master.job(1).status.state == "waiting"
        call(rogue, "node", "leave", "rogue", "")
    honest(master)


def test_who_reports_of_others_is_named_in_the_masters_log(
    server: ClusterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(JoinLink.parse(server.links["worker"])) as rogue:
        call(rogue, "node", "join", NodeInfo("rogue", "the rogue", 1, 1, "3.11.7", "Test", 1))
        with pytest.raises(BadInput):
            call(rogue, "node", "exchange", "rogue", Report(outcomes=(lies(Chunk(7, 1, 0, TASKS)),)), 0.0)
        with pytest.raises(ConnectionLost):
            rogue.recv(5.0)
    said = capsys.readouterr().err
    assert "the node 'the rogue' at 127.0.0.1:" in said
    assert "Tasks 0 to 300 of job 1 were not leased to this node by lease 7." in said


def test_who_takes_tasks_and_is_hung_up_on_leaves_them_as_they_were(master: Master) -> None:
    """A worker that is lost with tasks, again and again, is taken for their victim in the end: not so a rogue."""
    for n in range(8):
        with joined(master, f"rogue{n}") as rogue:
            lease: Lease = call(rogue, "node", "exchange", f"rogue{n}", Report(), 100.0)
            assert lease.chunks
            with pytest.raises(BadInput):
                call(rogue, "node", "exchange", f"rogue{n}", Report(outcomes=(lies(Chunk(7, 1, 0, 1)),)), 0.0)
            with pytest.raises(ConnectionLost):
                rogue.recv(5.0)
        node = master.nodes()[-1]
        assert (node.state, node.reason_code) == ("left", "refused")
    honest(master)


def joins_with(connection: TlsConnection, id: str, *held: Chunk) -> tuple[Chunk, ...]:
    """What a node may go on with that joins and says to hold this."""
    welcome: Welcome = call(connection, "node", "join", NodeInfo(id, f"the {id}", 1, 1, "3.11.7", "Test", 1), held)
    return welcome.kept


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_was_never_leased_is_not_held_by_who_says_so(shared: Master, forged: Callable[[Chunk], Chunk]) -> None:
    with joined(shared, "rogue") as connection:
        own = leased(connection, "rogue")
        assert joins_with(connection, "rogue", forged(own)) == ()
        assert shared.job(1).status.running == 0
        call(connection, "node", "leave", "rogue", "")


def test_what_others_have_leased_is_theirs_also_for_who_says_to_hold_it(master: Master) -> None:
    with joined(master, "victim") as victim, joined(master, "rogue") as rogue:
        chunk = leased(victim, "victim")
        assert joins_with(rogue, "rogue", chunk) == ()
        call(victim, "node", "exchange", "victim", Report(returned=(chunk,)), 0.0)
        assert joins_with(rogue, "rogue", chunk) == ()  # nor is it once it waits
        assert master.job(1).status.running == 0
        call(victim, "node", "leave", "victim", "")
        call(rogue, "node", "leave", "rogue", "")
    honest(master)


def test_who_says_to_hold_what_he_had_takes_it_from_nobody(master: Master) -> None:
    with joined(master, "victim") as victim, joined(master, "rogue") as rogue:
        own = leased(rogue, "rogue")
        call(rogue, "node", "exchange", "rogue", Report(returned=(own,)), 0.0)
        theirs: Lease = call(victim, "node", "exchange", "victim", Report(), 100.0)
        assert any(chunk.start <= own.start < chunk.stop for chunk in theirs.chunks)
        assert joins_with(rogue, "rogue", *[own] * 1000) == ()
        with pytest.raises(BadInput, match="held of join"):
            joins_with(rogue, "rogue", *[own] * 1001)
        call(victim, "node", "leave", "victim", "")
    honest(master)


def test_arguments_of_tasks_that_others_have_are_not_for_who_asks_for_them() -> None:
    with Master() as master:
        large = [bytes([number]) * 300_000 for number in range(2)]
        job = master.submit("def f(x): return len(x)", "f", large, chunksize=1)
        with joined(master, "victim") as victim, joined(master, "rogue") as rogue:
            own = leased(rogue, "rogue")
            assert (own.start, leased(victim, "victim").start) == (0, 1)
            (data,) = call(rogue, "node", "argument_pieces", "rogue", job.id, (0,), 0)
            assert bytes(data).count(b"\0") >= 300_000
            assert call(rogue, "node", "argument_pieces", "rogue", job.id, (0,), 1 << 40) == (b"",)
            for id, number, starts in (
                ("rogue", job.id, (1,)),
                ("rogue", job.id, (0, 1)),
                ("rogue", job.id, (10**9,)),
                ("rogue", job.id + 1, (0,)),
                ("nobody", job.id, (0,)),
            ):
                assert call(rogue, "node", "argument_pieces", id, number, starts, 0) == ()
            call(rogue, "node", "exchange", "rogue", Report(returned=(own,)), 0.0)
            assert call(rogue, "node", "argument_pieces", "rogue", job.id, (0,), 0) == ()
            for connection, id in ((victim, "victim"), (rogue, "rogue")):
                call(connection, "node", "leave", id, "")
