"""Whoever has a link, and sends what no program of ours sends: refused as what it is, and nobody else is the worse."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.base.pickle_check import check_pickle
from mcgui_core.errors import BadInput, ConnectionLost, FrameInvalid, NodeUnknown, NotAllowed
from mcgui_core.journal.journal import Journal
from mcgui_core.master.server import ClusterServer
from mcgui_core.protocol import codec
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    NodeInfo,
    NodeReport,
    Outcome,
    Report,
    SlotDeath,
    Stored,
    TaskFailure,
    TaskOutput,
    TaskStatus,
)
from mcgui_core.protocol.messages.field_limits import MOST_TOLD
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.protocol.transport import TlsConnection
from mcgui_core.values import outcome_values, pickling
from tests.raw_calls import call

INFO = NodeInfo("rogue", "the rogue", 1, 1, "3.11.7", "Test", 1)
OUTCOME = Outcome(1, 0, 1, pickling.dumps([666]), (), 0.1, "rogue", 1)
HEARTBEAT = NodeReport(1, 0, 0.0, 0)
FAILURE = TaskFailure(0, "raised", "E", "m", "")

#: Ten bytes for a dict whose key is a tuple in a tuple in a tuple...: hashing that leaves the C stack.
DEEP = b"\x80\x05})" + b"\x85" * 200_000 + b"Ns."
#: A tuple that holds itself twice, forty times over: hashed for hours.
DOUBLED = b"\x80\x05})" + b"".join(b"\x94h" + bytes([n]) + b"\x86" for n in range(40)) + b"Ns."
#: A number in the memo that takes 2 GB.
MEMO = b"\x80\x05Nr" + struct.pack("<I", 1 << 27) + b"."
#: A list that holds itself.
ITSELF = b"\x80\x05]\x94h\x00a."

#: Calls whose argument is no data: it is deep, it claims to be long, or it ends before it should.
_CALL = b"\x94\xa7cluster\xacset_priority\x92\x01%b\x80"
SPOILT = {
    "deep": _CALL % (b"\x91" * 200_000 + b"\xc0"),
    "keys in keys": _CALL % (b"\x81" * 200_000 + b"\xc0" * 200_001),
    "a long list": _CALL % b"\xdd\xff\xff\xff\xff\xc0",
    "a long map": _CALL % b"\xdf\xff\xff\xff\xff\xc0",
    "long bytes": _CALL % b"\xc6\xff\xff\xff\xffx",
    "a type of somebody's own": _CALL % b"\xc9\xff\xff\xff\xff\x05x",
    "a byte that there is not": _CALL % b"\xc1",
    "nothing": b"",
    "a call without arguments": b"\x92\xa7cluster\xa7job_ids",
    "texts that are spelled wrongly": b"\xc1\x94\xa7cluster\xa5abort\x92\x01\xa2\xc4\x80\x80",
    "more after its end": _CALL % b"\x05" + b"x",
}


@pytest.fixture
def rogue() -> Iterator[tuple[Master, TlsConnection]]:
    """A master with a job of three that nobody has begun, and who joined it by a worker link."""
    with Master() as master:
        master.submit("def f(x): return x * x", "f", range(3))
        with connect(JoinLink.parse(master.worker_link)) as connection:
            call(connection, "node", "join", INFO)
            yield master, connection


def honest(master: Master) -> None:
    """An honest worker does the job, and it comes out right."""
    master.add_local_worker(nprocs=1)
    assert master.job(1).results() == [0, 1, 4]


@pytest.mark.parametrize(
    "report",
    [
        Report(outcomes=(replace(OUTCOME, start=0.5),)),  # type: ignore[arg-type]
        Report(outcomes=(replace(OUTCOME, stop=200_000_000),)),
        Report(outcomes=(replace(OUTCOME, start=-1),)),
        Report(outcomes=(replace(OUTCOME, start=1, stop=1),)),
        Report(outcomes=(replace(OUTCOME, values="text"),)),
        Report(outcomes=(replace(OUTCOME, seconds=float("nan")),)),
        Report(outcomes=(replace(OUTCOME, seconds=-1.0),)),
        Report(outcomes=(replace(OUTCOME, values=Stored("../../etc/passwd", 0, 10)),)),
        Report(outcomes=(replace(OUTCOME, seconds=float("inf")),)),
        Report(kept=-1),
        Report(kept=0.5),  # type: ignore[arg-type]
        Report(outcomes=(replace(OUTCOME, job=-5),)),
        Report(output=(TaskOutput(1, 1 << 63, "out", "", 0.0),)),
        Report(outcomes=(replace(OUTCOME, missing=(2,)),)),
        Report(outcomes=(replace(OUTCOME, failures=(replace(FAILURE, index=2),)),)),
        Report(outcomes=(replace(OUTCOME, failures=(FAILURE,) * 2),)),
        Report(outcomes=(replace(OUTCOME, lease=-1),)),
        Report(outcomes=(OUTCOME,), statuses=(TaskStatus(1, "odd", "", None),)),  # type: ignore[arg-type]
        Report(deaths=(SlotDeath(1, 1, 0, 300_000, "died", ""),)),
        Report(deaths=(SlotDeath(1, 1, 0, 1, "bored", ""),)),  # type: ignore[arg-type]
        Report(unfit=("me",)),  # type: ignore[arg-type]
        Report(returned=(Chunk(1, 1, 0, 1),) * (MOST_TOLD + 1)),
        Report(outcomes=(OUTCOME,) * (MOST_TOLD + 1)),
        Report(output=(TaskOutput(1, 0, "out", "", 0.0),) * (MOST_TOLD + 1)),
        Report(statuses=(TaskStatus(1, 0, "", None),) * (MOST_TOLD + 1)),
    ],
    ids=lambda report: repr(report)[:200],
)
def test_a_report_that_cannot_be_so_is_refused_as_what_it_is(
    rogue: tuple[Master, TlsConnection], report: Report
) -> None:
    master, connection = rogue
    with pytest.raises(BadInput):
        call(connection, "node", "exchange", "rogue", report, 0.0)
    assert (master.job(1).status.done, master.job(1).status.failed) == (0, 0)


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("attend", ("rogue", None, 0.0)),
        ("attend", ("rogue", replace(HEARTBEAT, nprocs="many"), 0.0)),  # type: ignore[arg-type]
        ("attend", ("rogue", HEARTBEAT, "long")),
        ("attend", (["rogue"], HEARTBEAT, 0.0)),
        ("exchange", ("rogue", Report(), float("nan"))),
        ("exchange", ("rogue", Report(outcomes=HEARTBEAT), 0.0)),  # type: ignore[arg-type]
        ("leave", ("rogue", 5)),
        ("leave", ("rogue", "bored", "no such code")),
        ("join", (None,)),
        ("join", (replace(INFO, name="x" * 1_000_000),)),
        ("join", (replace(INFO, nprocs=1 << 40),)),
    ],
    ids=range(11),
)
def test_wrong_types_in_a_call_of_a_node_end_its_connection_and_no_others(
    server: ClusterServer, method: str, args: tuple[Any, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    link = JoinLink.parse(server.links["worker"])
    with connect(link) as bystander, connect(link) as rogue:
        call(rogue, "node", "join", INFO)
        with pytest.raises(BadInput):
            call(rogue, "node", method, *args)
        with pytest.raises(ConnectionLost):
            call(rogue, "node", "leave", "rogue", "")
        assert call(bystander, None, "dummy") is None
    assert "the node 'the rogue' at 127.0.0.1:" in capsys.readouterr().err


def test_after_all_wrong_types_an_honest_worker_finishes(rogue: tuple[Master, TlsConnection]) -> None:
    master, connection = rogue
    with pytest.raises(NodeUnknown):
        call(connection, "node", "exchange", "never joined", Report(outcomes=(OUTCOME,)), 0.0)
    with pytest.raises(BadInput):
        call(connection, "node", "exchange", "rogue", Report(outcomes=HEARTBEAT), 0.0)  # type: ignore[arg-type]
    honest(master)


def test_what_tasks_say_never_fills_a_snapshot(rogue: tuple[Master, TlsConnection]) -> None:
    master, connection = rogue
    statuses = tuple(TaskStatus(job, index, "x" * 100_000, None) for job in (1, 7) for index in range(5))
    call(connection, "node", "exchange", "rogue", Report(statuses=statuses), 0.0)
    shown = master.snapshot().tasks
    assert [(status.job, status.index) for status in shown] == [(1, 0), (1, 1), (1, 2)]
    assert all(len(status.text) <= 200 for status in shown)


@pytest.mark.parametrize("kind", ["worker", "watch", "console"])
def test_a_frame_that_would_freeze_or_kill_ends_only_the_connection_that_it_came_by(kind: str) -> None:
    with Master() as master:
        master.submit("def f(x): return x * x", "f", range(3))
        links = {"worker": master.worker_link, "watch": master.watch_link, "console": master.console_link}
        before = psutil.Process(master.pid).memory_info().rss
        for body in (DEEP, DOUBLED, MEMO, *SPOILT.values()):
            with connect(JoinLink.parse(links[kind])) as connection:
                connection._socket.sendall(codec._HEAD.pack(0, len(body)) + body)
                with pytest.raises((ConnectionLost, BadInput, NotAllowed)):
                    raise connection.recv(10.0)[1]
        assert psutil.Process(master.pid).memory_info().rss < before + (50 << 20)
        honest(master)


@pytest.mark.parametrize(
    "body", [DEEP, DOUBLED, MEMO, ITSELF, b"", b"\x80\x05", b"0.", b"cos\nsystem\n."], ids=range(8)
)
def test_a_pickle_that_is_no_message_is_refused_before_it_is_loaded(body: bytes) -> None:
    with pytest.raises(FrameInvalid):
        check_pickle(body)


def test_a_head_that_claims_a_gigabyte_takes_no_memory() -> None:
    asked: list[int] = []

    def ends(view: memoryview) -> int:
        asked.append(len(view))
        return 0

    with pytest.raises(ConnectionResetError):
        codec.received(ends, 1 << 30, ConnectionResetError, "it ended")
    assert asked == [codec.PIECE]


@pytest.mark.parametrize("values", [[1], [1, 2, 3], "ab", {}], ids=repr)
def test_more_or_fewer_values_than_tasks_are_a_failure_of_that_part_and_never_a_shift(values: Any) -> None:
    outcome = replace(OUTCOME, stop=2, values=pickling.dumps(values), accepted=((0, 2),))
    with pytest.raises(ValueError, match="2 results were due"):
        list(outcome_values.values(outcome))
    target = ["kept"] * 4
    with pytest.raises(ValueError, match="2 results were due"):
        outcome_values.fill(target, outcome)
    assert target == ["kept"] * 4
    assert [type(value).__name__ for _, value in outcome_values.opened(outcome)] == ["Unopened"] * 2


def test_the_journal_opens_after_all_that(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "j") as master:
        master.submit("def f(x): return x * x", "f", range(3))
        for start, stop in ((0.5, 1), (0, 5), (-3, 1), (2, 1), (0, 1)):
            report = Report(outcomes=(replace(OUTCOME, start=start, stop=stop),))  # type: ignore[arg-type]
            with connect(JoinLink.parse(master.worker_link)) as connection:
                call(connection, "node", "join", INFO)
                with pytest.raises(BadInput):
                    call(connection, "node", "exchange", "rogue", report, 0.0)
        honest(master)
    journal = Journal(tmp_path / "j", None)
    try:
        assert [(job.problem, list(job.settled)) for job in journal.restore()] == [("", [(0, 3)])]
    finally:
        journal.close()


@pytest.mark.parametrize("name", ["../journal", "/etc/passwd", "\ud800", ""])
def test_a_name_of_a_file_that_is_not_the_stores_is_refused_also_from_a_console(
    server: ClusterServer, name: str
) -> None:
    place = Stored(name, 0, 10)
    with connect(JoinLink.parse(server.links["console"])) as connection:
        for spec, blocks in (
            (JobSpec("j", "", "f"), (Block(0, 1, place),)),
            (JobSpec("j", "", "f", pickled_function=place), ()),
        ):
            with pytest.raises(BadInput, match="not in the store"):
                call(connection, "cluster", "submit", spec, blocks, True)
    with connect(JoinLink.parse(server.links["worker"])) as connection:
        assert call(connection, "node", "join", replace(INFO, store="\ud800"))
