"""A task that writes into the pipe from its slot to the agent ends that slot alone: it died of it, and nobody else."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from mcgui_core.errors import FrameInvalid, TaskError
from mcgui_core.processes.own_pipe import HIGHEST
from mcgui_core.protocol import codec
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, SlotDeath, TaskOutput
from mcgui_core.slots import process_slots
from mcgui_core.slots.slot_answers import checked
from mcgui_core.slots.slot_interface import Event, Slot
from mcgui_core.values import pickling
from tests.attacks.test_messages import DEEP, DOUBLED, MEMO
from tests.support import cluster, joined
from tests.waiting import until

SOURCE = f"""
import os, stat

def f(frame, x):
    if frame is None:
        return x * x
    for descriptor in range(3, {HIGHEST}):
        try:
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                os.write(descriptor, frame)
        except OSError:
            pass
    return "written"
"""


def framed(body: bytes) -> bytes:
    return codec._HEAD.pack(0, len(body)) + body


def frame(message: Any) -> bytes:
    return b"".join(bytes(part) for part in codec.encode(message))


SMALL = {
    "a key that overflows the stack": framed(DEEP[:3] + b"\x85" * 20_000 + b"Ns."),
    "a tuple that doubles": framed(DOUBLED),
    "a number in the memo": framed(MEMO),
    "a head that claims too much": struct.pack("!IQ", 0, 1 << 40),
    "a class that no message may name": framed(b"\x80\x05cposix\nsystem\n."),
    "no answer of a slot": frame("hello"),
    "an answer with another type": frame(("end", "soon")),
    "an answer about tasks of others": frame(("part", 0, 1 << 40, b"", (), (), 0.0)),
    "an end before the beginning": frame(("end", -1)),
}


@pytest.mark.timeout(120)
def test_a_task_that_writes_into_its_slots_pipe_dies_of_it_and_the_agent_and_all_others_go_on() -> None:
    nonsense = list(SMALL.values())
    arguments: list[Any] = [(None, x) for x in range(40)]
    for n, data in enumerate(nonsense):
        arguments[4 * n + 2] = (data, 0)
    with cluster(2) as master:
        until(lambda: joined(master), 30, "a worker")
        (before,) = master.nodes()
        job = master.submit(SOURCE, "f", arguments, call="args")
        results = job.results(return_exceptions=True)
        (after,) = master.nodes()
    for n, (data, x) in enumerate(arguments):
        if data is None:
            assert results[n] == x * x
        else:
            assert isinstance(results[n], TaskError)
            assert results[n].failure.kind == "died"
            assert "wrote what is no message into the pipe" in results[n].failure.message
    assert (after.pid, after.state) == (before.pid, before.state)


@pytest.mark.parametrize(
    "answer",
    [
        None, (), "end", ("bored",), (["end"],), ("end",), ("end", 9), ("end", 21), ("at", 20), ("at", 9),
        ("loaded", 1), ("unfit", "a", "b", "c", "weather"), ("out", ((0, "out", "text"),)), ("out", [(0, "in", "text")]),
        ("status", 0, "text", "half"), ("part", 10, 21, b"", (), (), 0.0), ("part", 11, 20, b"", (), (), 0.0),
        ("part", 10, 10, b"", (), (), 0.0), ("part", 10, 20, "", (), (), 0.0), ("part", 10, 20, ("name", 0), (), (), 0.0), ("part", 10, 20, b"", (20,), (), 0.0),
        ("part", 10, 20, b"", (), (), -1.0), ("part", 10, 20, b"", (), ((9, "raised", "", "", "", ""),), 0.0),
        ("part", 10, 20, b"", (), ((10, "bored", "", "", "", ""),), 0.0), TaskOutput(1, 0, "out", "", 0.0),
    ],
    ids=repr,
)  # fmt: skip
def test_what_no_slot_says_is_refused(answer: Any) -> None:
    with pytest.raises(FrameInvalid):
        checked(answer, 10, 20)


@pytest.mark.parametrize(
    "answer",
    [
        ("loaded",), ("unfit", "E", "m", "t", "setup"), ("at", 10), ("end", 10), ("end", 20), ("status", 1, "t", 0.5),
        ("status", 1, "t", None), ("out", [(-1, "out", "text")]), ("part", 10, 20, bytearray(b"x"), (), (), 1),
        ("part", 10, 20, ("name", 0, 5), (), (), 0.5),
        ("part", 10, 12, b"", (10,), ((10, "raised", "E", "m", "t", "a"),), 0.5),
    ],
    ids=repr,
)  # fmt: skip
def test_what_slots_say_is_taken(answer: Any) -> None:
    assert checked(answer, 10, 20) == answer


UNFINISHED = {
    "a body": struct.pack("!IQ", 0, 1000) + b"\x80",
    "a head": struct.pack("!IQ", 0, 1000)[:7],
    "sizes of buffers": struct.pack("!IQ", 3, 10),
    "a buffer of 500 MB": struct.pack("!IQQ", 1, 3, 500_000_000) + b"\x80\x05\x97",
}


@pytest.mark.parametrize("data", UNFINISHED.values(), ids=UNFINISHED)
def test_a_task_that_begins_a_message_and_does_not_end_it_dies_of_it_and_holds_up_nobody(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_slots, "MESSAGE_SECONDS", 1.0)
    slots = process_slots.ProcessSlots()
    slot = slots.new("node")
    try:
        # The task writes into every pipe it has, the one of what C code prints too, which may be read before it dies.
        told = [event for event in ran(slot, [(None, 3), (data, 0)]) if not isinstance(event, TaskOutput)]
        assert [type(event).__name__ for event in told] == ["Outcome", "SlotDeath"]
        (death,) = (event for event in told if isinstance(event, SlotDeath))
        assert (death.start, death.stop, death.kind) == (1, 2, "died")
        assert "into the pipe to its worker" in death.reason
        assert [type(event).__name__ for event in ran(slot, [(None, 3)])] == ["Outcome"]
    finally:
        slot.close()
        slots.close()


def ran(slot: Slot, arguments: list[Any]) -> list[Event]:
    """What a slot tells of these, given one by one."""
    spec, told = JobSpec("job", SOURCE, "f", call="args"), []
    block = Block(0, len(arguments), pickling.dumps(arguments))
    for at in range(len(arguments)):
        slot.begin()
        slot.run(Chunk(1, 1, at, at + 1, careful=True), spec, [block], [1], told.append)
    return told
