"""What the master says of a job whose arguments have not all come, and of who has the rest."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mcgui_core.protocol.messages import Block, JobStatus, NodeInfo, Report
from mcgui_core.values import pickling
from tests.core.master.test_hub import Master
from tests.core.scheduling import done
from tests.core.world import spec
from tests.waiting import until

INFO = NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1)
READER = object()


def block(start: int, stop: int) -> tuple[Block, ...]:
    return (Block(start, stop - start, pickling.dumps(list(range(start, stop)))),)


@pytest.fixture
def master(tmp_path: Path) -> Iterator[Master]:
    master = Master(tmp_path / "j.sqlite")
    yield master
    master.hub.close()


def run_all(master: Master) -> None:
    master.hub.join(INFO, "here", None)
    chunks = [*master.hub.exchange("a", Report(), 1.0).chunks]
    while chunks:
        chunks = [*master.hub.exchange("a", Report(tuple(map(done, chunks))), 1.0).chunks]


def cancelled(master: Master, expected: int | None = 4) -> int:
    """A job of which two arguments came before it was cancelled."""
    id = master.hub.submit(replace(spec(), expected=expected), block(0, 2), False, READER)
    master.hub.cancel(id)
    return id


def told(status: JobStatus) -> tuple[str, int, bool, str]:
    return status.state, status.done, status.sealed, status.reason


def test_whoever_brings_arguments_of_a_job_that_is_over_is_to_offer_them_again(master: Master) -> None:
    id = cancelled(master)
    assert master.hub.extend(id, block(2, 4), False, None, READER) is False
    assert master.hub.extend(id, block(2, 4), False, 0.0, READER) is False
    assert master.hub.status(id).total == 2
    master.hub.retry_failed(id)
    assert master.hub.extend(id, block(2, 4), True, 0.0, READER) is True
    assert master.hub.extend(id, (), True, 0.0, READER) is None
    run_all(master)
    assert told(master.hub.status(id)) == ("finished", 4, True, "")


def test_a_retry_waits_for_whoever_has_the_rest(master: Master) -> None:
    id = cancelled(master)
    master.hub.retry_failed(id)
    run_all(master)
    assert told(master.hub.status(id)) == ("running", 2, False, "")


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (4, "2 of its 4 arguments were never read."),
        (None, "Only 2 of its arguments were read, and how many more there are is not known."),
        (1, "Only 2 of its arguments were read, and how many more there are is not known."),
    ],
)
def test_where_nobody_has_the_rest_a_retry_ends_and_says_what_is_lacking(
    master: Master, expected: int | None, said: str
) -> None:
    id = cancelled(master, expected)
    assert told(master.hub.status(id)) == ("cancelled", 0, False, said)
    master.hub.feeder_gone(READER)
    master.hub.retry_failed(id)
    assert master.hub.status(id).state == "waiting"
    run_all(master)
    assert told(master.hub.status(id)) == ("cancelled", 2, False, said)
    assert master.hub.status(id).reason_code == "arguments end"


def test_that_nobody_has_them_is_not_forgotten_by_a_master_that_is_started_anew(master: Master) -> None:
    id = cancelled(master)
    master.hub.feeder_gone(READER)
    master.hub.retry_failed(id)
    again = master.again()
    run_all(again)
    assert told(again.hub.status(id))[:3] == ("cancelled", 2, False)
    again.hub.close()


def test_somebody_may_bring_them_after_all(master: Master) -> None:
    id = cancelled(master)
    master.hub.feeder_gone(READER)
    master.hub.retry_failed(id)
    assert master.hub.extend(id, block(2, 3), False, None, READER) is True
    run_all(master)
    assert master.hub.status(id).state == "running"
    assert master.hub.extend(id, block(3, 4), True, None, READER) is True
    run_all(master)
    assert told(master.hub.status(id)) == ("finished", 4, True, "")


def test_whoever_says_that_they_cannot_be_read_has_them_no_more(master: Master) -> None:
    id = master.hub.submit(spec(), block(0, 2), False, READER)
    master.hub.abort(id, "The file is cut off.")
    master.hub.retry_failed(id)
    run_all(master)
    assert master.hub.status(id).state == "cancelled"


def test_who_is_content_with_those_that_came_has_a_whole_job(master: Master) -> None:
    id = cancelled(master)
    master.hub.seal(id)
    master.hub.retry_failed(id)
    run_all(master)
    assert told(master.hub.status(id)) == ("finished", 2, True, "")


def test_whoever_gave_up_while_the_master_kept_him_waiting_brings_nothing_more(master: Master) -> None:
    id = cancelled(master)
    answers: list[bool | None] = []
    master.hub.feeder_gone(READER)
    asked = threading.Thread(target=lambda: answers.append(master.hub.extend(id, block(2, 4), True, 5.0, READER)))
    asked.start()
    until(lambda: master.hub._senders.has(id))
    master.hub.abort(id, "The program has ended.")
    master.hub.retry_failed(id)
    asked.join()
    assert answers == [False]
    assert master.hub.status(id).total == 2
