"""Failures in the journal: whole when they are read, and their tracebacks kept once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mcgui_core.journal import failure_store
from mcgui_core.journal.failure_store import LEFT_OUT
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.messages import Block, JobSpec, Outcome, TaskFailure

BODY = 'Traceback (most recent call last):\n  File "<environment>", line 2, in f\n    raise ValueError(x)\n' * 50


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite")
    opened.extend(opened.add_job(JobSpec("job", "", "f"), 1.0), [Block(0, 5000, b"")], 5000, True)
    yield opened
    opened.close()


def failure(index: int, body: str = BODY) -> TaskFailure:
    message = f"{index} is bad"
    return TaskFailure(index, "raised", "ValueError", message, f"{body}ValueError: {message}\n", str(index), "lab-3")


def record(journal: Journal, *failures: TaskFailure) -> None:
    missing = tuple(f.index for f in failures)
    journal.record([Outcome(1, min(missing), max(missing) + 1, b"", failures, 0.1, missing=missing)])


def texts(journal: Journal) -> int:
    return int(journal._db.execute("SELECT count(*) FROM tracebacks").fetchone()[0])


def test_failures_at_the_same_place_share_their_traceback_and_are_read_whole(journal: Journal) -> None:
    failures = tuple(map(failure, range(3000)))
    for start in range(0, 3000, 500):
        record(journal, *failures[start : start + 500])
    assert journal.failures(1, 0, 3000) == failures
    assert texts(journal) == 1
    assert journal._db.execute("SELECT sum(length(failure)) FROM failures").fetchone()[0] < 3000 * len(BODY) / 10


@pytest.mark.parametrize(
    "odd",
    [
        replace(failure(1), traceback=""),
        replace(failure(1), traceback="no traceback at all"),
        replace(failure(1), message="", traceback=f"{BODY}ValueError\n"),
        replace(failure(1), traceback=f"{BODY}ValueError: another message\n"),
        TaskFailure(1, "died", "", "its process ended", "", "", "lab-3"),
    ],
)
def test_any_traceback_is_read_as_it_was(journal: Journal, odd: TaskFailure) -> None:
    record(journal, odd)
    assert journal.failures(1, 0, 10) == (odd,)


def test_of_very_many_different_tracebacks_the_first_are_kept(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failure_store, "TRACEBACKS_KEPT", 10)
    record(journal, *(failure(n, f"in a way of its own: {n}\n") for n in range(50)))
    found = journal.failures(1, 0, 100)
    assert found[9] == failure(9, "in a way of its own: 9\n")
    assert found[10] == failure(10, LEFT_OUT)
    record(journal, failure(60, "in a way of its own: 3\n"))
    assert journal.failures(1, 60, 1) == (failure(60, "in a way of its own: 3\n"),)
    assert texts(journal) == 11


def test_a_report_that_is_not_written_leaves_no_trace(journal: Journal) -> None:
    broken = Outcome(1, 9, 10, object(), (failure(9),), 0.1, missing=(9,))
    first = Outcome(1, 8, 9, b"", (failure(8),), 0.1, missing=(8,))
    with pytest.raises(sqlite3.Error):
        journal.record([first, broken])
    record(journal, failure(8))
    assert journal.failures(1, 0, 10) == (failure(8),)


def test_what_is_retried_has_no_failures_any_more(journal: Journal) -> None:
    record(journal, failure(1), failure(2))
    journal.forget_failures(1)
    assert (journal.failures(1, 0, 10), texts(journal)) == ((), 0)
    record(journal, failure(1))
    assert journal.failures(1, 0, 10) == (failure(1),)


#: The tables of format 1 that later ones changed.
FORMAT_1 = """
ALTER TABLE jobs DROP COLUMN reason_code;
DROP TABLE output; DROP TABLE tracebacks; DROP TABLE failures;
CREATE TABLE failures (
    job INTEGER NOT NULL, task INTEGER NOT NULL, seq INTEGER NOT NULL, failure TEXT NOT NULL, PRIMARY KEY (job, task));
CREATE INDEX failures_of_outcome ON failures (seq);
INSERT INTO failures VALUES (1, 3, 1, '{"index": 3, "kind": "raised", "type": "E", "message": "m",
    "traceback": "whole", "argument": "3", "node": "n"}');
PRAGMA user_version = 1;
"""


def test_a_journal_of_the_first_format_is_carried_on(journal: Journal) -> None:
    journal.close()
    db = sqlite3.connect(journal.path)
    db.executescript(FORMAT_1)
    db.close()
    for number in (4, 5):
        journal = Journal(journal.path)
        assert journal.failures(1, 3, 1) == (TaskFailure(3, "raised", "E", "m", "whole", "3", "n"),)
        record(journal, failure(number))
        assert journal.failures(1, number, 1) == (failure(number),)
        assert journal.output(1, 0, 10) == ()
        journal.close()
