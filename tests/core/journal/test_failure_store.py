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
from mcgui_core.protocol.messages import Block, JobSpec, Outcome, TaskFailure, TaskOutput
from mcgui_core.protocol.queries import OutputQuery

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
    return int(journal.file.db.execute("SELECT count(*) FROM tracebacks").fetchone()[0])


def test_failures_at_the_same_place_share_their_traceback_and_are_read_whole(journal: Journal) -> None:
    failures = tuple(map(failure, range(3000)))
    for start in range(0, 3000, 500):
        record(journal, *failures[start : start + 500])
    assert journal.failures.page(1, 0, 3000) == failures
    assert texts(journal) == 1
    assert journal.file.db.execute("SELECT sum(length(failure)) FROM failures").fetchone()[0] < 3000 * len(BODY) / 10


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
    assert journal.failures.page(1, 0, 10) == (odd,)


def test_of_very_many_different_tracebacks_the_first_are_kept(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failure_store, "TRACEBACKS_KEPT", 10)
    record(journal, *(failure(n, f"in a way of its own: {n}\n") for n in range(50)))
    found = journal.failures.page(1, 0, 100)
    assert found[9] == failure(9, "in a way of its own: 9\n")
    assert found[10] == failure(10, LEFT_OUT)
    record(journal, failure(60, "in a way of its own: 3\n"))
    assert journal.failures.page(1, 60, 1) == (failure(60, "in a way of its own: 3\n"),)
    assert texts(journal) == 11


def test_a_report_that_is_not_written_leaves_no_trace(journal: Journal) -> None:
    broken = Outcome(1, 9, 10, object(), (failure(9),), 0.1, missing=(9,))
    first = Outcome(1, 8, 9, b"", (failure(8),), 0.1, missing=(8,))
    with pytest.raises(sqlite3.Error):
        journal.record([first, broken])
    record(journal, failure(8))
    assert journal.failures.page(1, 0, 10) == (failure(8),)


def test_what_is_retried_has_no_failures_any_more(journal: Journal) -> None:
    record(journal, failure(1), failure(2))
    journal.forget_failures(1)
    assert (journal.failures.page(1, 0, 10), texts(journal)) == ((), 0)
    record(journal, failure(1))
    assert journal.failures.page(1, 0, 10) == (failure(1),)


#: The tables of format 1 that later ones changed.
FORMAT_1 = """
ALTER TABLE jobs DROP COLUMN reason_code;
ALTER TABLE outcomes DROP COLUMN home;
ALTER TABLE jobs DROP COLUMN idle;
ALTER TABLE jobs DROP COLUMN rests;
DROP TABLE value_files; DROP TABLE functions; DROP TABLE output; DROP TABLE tracebacks; DROP TABLE failures;
CREATE TABLE failures (
    job INTEGER NOT NULL, task INTEGER NOT NULL, seq INTEGER NOT NULL, failure TEXT NOT NULL, PRIMARY KEY (job, task));
CREATE INDEX failures_of_outcome ON failures (seq);
INSERT INTO failures VALUES (1, 3, 1, '{"index": 3, "kind": "raised", "type": "E", "message": "m",
    "traceback": "whole", "argument": "3", "node": "n"}');
PRAGMA user_version = 1;
"""


def test_a_journal_of_the_first_format_is_carried_on(journal: Journal) -> None:
    journal.close()
    db = sqlite3.connect(journal.file.path)
    db.executescript(FORMAT_1)
    db.close()
    for number in (4, 5):
        journal = Journal(journal.file.path)
        assert journal.failures.page(1, 3, 1) == (TaskFailure(3, "raised", "E", "m", "whole", "3", "n"),)
        record(journal, failure(number))
        assert journal.failures.page(1, number, 1) == (failure(number),)
        assert journal.output.page(1, 0, 10) == ()
        journal.close()


def test_words_that_utf_8_cannot_hold_are_kept_as_they_look_in_source(journal: Journal) -> None:
    message = "caf\udce9.txt"
    odd = TaskFailure(0, "raised", "Bad\ud800", message, f"{BODY}Bad\ud800: {message}\n", repr("\udfff"), "lab-\udce9")
    record(journal, odd, replace(odd, index=1, message="\ud83d"), failure(2))
    (kept, _, other) = journal.failures.page(1, 0, 10)
    assert (kept.type, kept.message, kept.node) == (r"Bad\ud800", r"caf\udce9.txt", r"lab-\udce9")
    assert kept.traceback == f"{BODY}Bad\\ud800: caf\\udce9.txt\n"
    assert other == failure(2)
    groups, after = journal.failures.groups(1, 0, 10)
    assert sorted((group.type, group.count, group.message) for group in groups) == [
        (r"Bad\ud800", 1, r"\ud83d"),
        (r"Bad\ud800", 1, r"caf\udce9.txt"),
        ("ValueError", 1, "2 is bad"),
    ]
    assert after is None
    for group in groups:
        found, _ = journal.failures.like(1, group, 0, 10, 10)
        assert [one.message for one in found] == [group.message]


def test_an_older_journal_may_hold_them_as_they_were(journal: Journal) -> None:
    record(journal, failure(0))
    journal.file.db.execute("UPDATE failures SET failure = replace(failure, '0 is bad', 'caf\\udce9.txt')")
    (group,), _ = journal.failures.groups(1, 0, 10)
    assert group.message == r"caf\udce9.txt"
    assert journal.failures.page(1, 0, 1)[0].message == r"caf\udce9.txt"


def test_what_tasks_print_is_kept_in_any_characters(journal: Journal) -> None:
    journal.record([], [TaskOutput(1, 0, "out", "caf\udce9\n", 1.0, "lab-\udce9")])
    (piece,) = journal.output.page(1, 0, 10)
    assert (piece.text, piece.node) == ("caf\\udce9\n", r"lab-\udce9")
    assert journal.output.find(OutputQuery(text=r"\udce9"), None, 10, 10)[0] == (piece,)
