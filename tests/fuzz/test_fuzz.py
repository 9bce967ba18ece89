"""A short run of `make fuzz`; and that its mutations are what they should be, since one that harms nothing finds nothing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from mcgui_core.errors import BadInput, FrameInvalid
from mcgui_core.protocol import codec
from mcgui_core.protocol.calls import call_codec
from mcgui_core.protocol.messages import Chunk, Outcome, Report
from tests.fuzz.examples import Known, example
from tests.fuzz.mutations import broken, frame, misshapen
from tests.fuzz.run import Run


@pytest.mark.timeout(240)
def test_a_master_that_is_sent_nonsense_by_every_kind_of_link_goes_on_with_its_work(tmp_path: Path) -> None:
    with Run(tmp_path, seed=1, messages=2000) as run:
        report = run.go()
    assert not report.faults, report.text()
    assert report.sent == 2000
    assert report.honest_jobs >= 1
    assert {"answered", "BadInput", "NotAllowed", "hung up"} <= report.answers.keys()


def read(data: bytes) -> object:
    rest = bytearray(data)

    def receive(size: int) -> bytearray:
        piece = rest[:size]
        del rest[:size]
        if len(piece) < size:
            raise FrameInvalid("it ends")
        return piece

    request = call_codec.read_request(receive, lambda _ident, _method: codec.FRAME_LIMIT)
    hints = (str, Report, float)
    return request.ident, request.method, tuple(map(call_codec.Argument.read, request.args, hints)), request.kwargs


def test_most_mutations_are_other_messages_or_none() -> None:
    chance = random.Random(1)
    message: Any = ("node", "exchange", ("id", Report((Outcome(1, 0, 1, b"x", (), 0.1),)), 1.0), {})
    sound = frame(message)
    assert read(sound) == message
    other = sum(misshapen(message, chance) != message for _ in range(1000))
    assert other > 950
    none = 0
    for _ in range(1000):
        try:
            none += read(broken(sound, chance)) != message
        except (FrameInvalid, BadInput, IndexError):
            none += 1
    assert none > 700  # a name that is spoilt is left out, and its field is what it is where nothing is said


def test_an_outcome_that_is_an_example_is_of_a_lease_that_its_sender_has() -> None:
    known = Known("rogue", "9.9", 1, [Chunk(7, 1, 10, 20, token=b"token")])
    made = [example(Outcome, known, random.Random(seed)) for seed in range(50)]
    of_lease = [outcome for outcome in made if outcome.token == b"token"]
    assert len(of_lease) > 30
    assert all(10 <= outcome.start < outcome.stop <= 20 and outcome.lease == 7 for outcome in of_lease)
