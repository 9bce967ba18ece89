"""The journal: what was written is there again, and what is no journal stays as it is."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcgui_core.base.ranges import RangeSet
from mcgui_core.errors import JournalUnusable
from mcgui_core.journal.journal import Journal
from mcgui_core.journal.schema import FORMAT
from mcgui_core.journal.stored_job import Standing, StoredJob
from mcgui_core.protocol.messages import Block, JobSpec, Outcome, Stored, TaskFailure
from mcgui_core.protocol.reasons import NO_REASON, Reason
from tests.core.strategies import of

SPEC = JobSpec("Pi", "def throw(_): ...", "throw")
FAILURE = TaskFailure(2, "raised", "ValueError", "bad \ud800 é", "Traceback ...", "'x'", "lab-3")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite")
    yield opened
    opened.close()


def again(journal: Journal) -> Journal:
    """The same journal, closed and opened anew."""
    journal.close()
    return Journal(journal.file.path)


def outcome(start: int, stop: int, *accepted: tuple[int, int], job: int = 1, **fields: Any) -> Outcome:
    return Outcome(job, start, stop, b"values", (), 0.5, "lab-3", 7, accepted=accepted or ((start, stop),), **fields)


def with_tasks(journal: Journal, count: int = 10, spec: JobSpec = SPEC) -> int:
    job = journal.add_job(spec, 1.0)
    journal.extend(job, [Block(0, count, b"arguments")], count, True)
    return job


def bytes_of(path: Path) -> dict[str, bytes]:
    """The file and its side file; not the index, which is made anew whenever it is read, nor a side file with nothing."""
    found = {path.name: path.read_bytes(), f"{path.name}-wal": b""}
    if (side := path.with_name(f"{path.name}-wal")).exists():
        found[side.name] = side.read_bytes()
    return {name: data for name, data in found.items() if data}


# --- what is there again --------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spec=of(JobSpec).filter(lambda spec: inf not in (spec.timeout, spec.backoff, -(spec.timeout or 0), -spec.backoff))
)
def test_every_spec_comes_back_as_it_was(journal: Journal, spec: JobSpec) -> None:
    if isinstance(spec.pickled_function, Stored):  # of a file that is there: test_value_store.py
        spec = replace(spec, pickled_function=None)
    id = journal.add_job(spec, 1.0)
    assert {job.id: job.spec for job in journal.restore()}[id] == spec


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(failure=of(TaskFailure), values=st.binary(), seconds=st.floats(0, 1e9))
def test_every_outcome_comes_back_as_it_was(
    journal: Journal, failure: TaskFailure, values: bytes, seconds: float
) -> None:
    failure = replace(failure, index=1)
    id = with_tasks(journal)
    before = Outcome(id, 0, 9, values, (failure,), seconds, "lab-3", 7, (1,), ((0, 1), (2, 9)))
    journal.record([before])
    (after,) = journal.outcomes.after(id, 0, 1)
    assert replace(after, lease=7, seq=0) == before
    assert journal.failures.page(id, 0, 10) == (failure,)


def test_every_job_comes_back_as_it_stood(journal: Journal) -> None:
    ids = [with_tasks(journal, spec=replace(SPEC, name=str(number))) for number in range(3)]
    journal.record(
        [
            outcome(0, 4, (0, 2), (3, 4), job=ids[0], missing=(2,)),
            replace(outcome(2, 3, job=ids[0], missing=(2,)), accepted=(), failures=(FAILURE,)),
            outcome(0, 10, job=ids[1]),
        ]
    )
    journal.save_state(ids[0], Standing("running", True, started=2.0, task_seconds=0.25))
    journal.save_state(ids[1], Standing("finished", True, finished=9.0))
    journal.save_state(
        ids[2],
        Standing("cancelled", False, Reason("arguments end", "enough \ud800 é"), finished=9.0, broken_off=True),
    )
    journal = again(journal)
    running, finished, cancelled = journal.restore()
    journal.close()
    assert running == StoredJob(
        id=ids[0],
        spec=replace(SPEC, name="0"),
        created=1.0,
        state="running",
        reason=NO_REASON,
        started=2.0,
        finished=None,
        total=10,
        sealed=True,
        task_seconds=0.25,
        settled=RangeSet([(0, 4)]),
        failed=RangeSet([(2, 3)]),
    )
    assert (finished.state, finished.finished, finished.settled) == ("finished", 9.0, RangeSet([(0, 10)]))
    assert (cancelled.state, cancelled.reason, cancelled.settled) == (
        "cancelled",
        Reason("arguments end", r"enough \ud800 é"),
        RangeSet(),
    )
    assert (cancelled.sealed, cancelled.broken_off) == (False, True)


def test_what_is_kept_beside_the_jobs_comes_back(journal: Journal) -> None:
    assert journal.file.get("identity") is None
    journal.file.put("identity", "first")
    journal.file.put("identity", "second")
    id = journal.file.id
    journal = again(journal)
    assert (journal.file.get("identity"), journal.file.id) == ("second", id)
    journal.close()


def test_two_journals_are_told_apart(journal: Journal, tmp_path: Path) -> None:
    other = Journal(tmp_path / "other.sqlite")
    assert len(journal.file.id) == 32
    assert journal.file.id != other.file.id
    other.close()


def test_a_job_that_is_to_be_retried_is_not_over(journal: Journal) -> None:
    id = with_tasks(journal)
    journal.record([replace(outcome(2, 3, missing=(2,)), accepted=(), failures=(FAILURE,))])
    journal.save_state(id, Standing("finished", True, finished=9.0))
    journal.forget_failures(id)
    (job,) = journal.restore()
    assert (job.state, job.finished, list(job.failed), list(job.settled)) == ("waiting", None, [], [])
    assert journal.outcomes.after(id, 0, 1)[0].failures == ()


@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=8), start=st.integers(0, 40), count=st.integers(0, 12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_blocks_of_a_span_are_those_that_touch_it(
    journal: Journal, sizes: list[int], start: int, count: int
) -> None:
    blocks, total = [], 0
    for size in sizes:
        blocks.append(Block(total, size, os.urandom(3)))
        total += size
    id = journal.add_job(SPEC, 1.0)
    journal.extend(id, blocks, total, True)
    stop = start + count
    touching = [b for b in blocks if b.start < stop and start < b.start + b.count]
    found = journal.jobs.blocks(id, start, stop)
    assert [b for b in found if b.start + b.count > start] == touching


def test_outcomes_are_read_in_order_as_many_as_fit_and_one_at_least(journal: Journal) -> None:
    id = with_tasks(journal)
    journal.record([outcome(5, 10), outcome(0, 3), outcome(3, 5), outcome(0, 10, job=id + 1)])
    assert [o.start for o in journal.outcomes.after(id, 0, 10**9)] == [5, 0, 3]
    assert [o.start for o in journal.outcomes.after(id, 0, 0)] == [5]
    first, second = journal.outcomes.after(id, 0, 7)
    assert [o.start for o in journal.outcomes.after(id, first.seq, 7)] == [0, 3]
    assert [o.start for o in journal.outcomes.after(id, second.seq, 10**9)] == [3]
    assert [o.start for o in journal.outcomes.between(id, 2, 5)] == [0, 3]
    assert journal.outcomes.after(id, 99, 10) == journal.outcomes.between(id, 10, 20) == ()


FAILED = replace(outcome(5, 8, (5, 7)), missing=(7,), failures=(replace(FAILURE, index=7),))


@pytest.mark.parametrize(
    "reports",
    [
        [[outcome(0, 3)], [outcome(3, 5, (3, 4), home=True), replace(outcome(5, 10), node="caf\udce9")]],
        [[outcome(0, 3)], [outcome(3, 5), FAILED], [outcome(8, 10)]],
        [[outcome(index, index + 1) for index in range(10)] * 2],
        [[outcome(0, 3)], [replace(outcome(3, 5), values=bytes(1 << 17))], [outcome(5, 10)]],
    ],
    ids=["few", "a failure among them", "many", "large ones"],
)
def test_what_came_last_is_read_from_memory_as_it_is_from_its_rows(
    journal: Journal, reports: list[list[Outcome]]
) -> None:
    blocks = [Block(0, 4, b"first"), Block(4, 3, b"second"), Block(7, 3, b"third")]
    id = journal.add_job(SPEC, 1.0, blocks[:1], 4)
    journal.extend(id, blocks[1:], 10, True)
    for report in reports:
        journal.record(report)

    def read() -> list[Any]:
        parts = [journal.jobs.blocks(id, start, stop) for start in range(10) for stop in range(start + 1, 11)]
        sizes = [journal.jobs.block_sizes(id, start) for start in (0, 4, 7, 10)]
        return [parts, sizes, *(journal.outcomes.after(id, seq, 1 << 20) for seq in range(22))]

    found = read()
    journal = again(journal)
    assert found == read()
    journal.close()


def test_outcomes_in_which_nothing_counts_take_no_room(journal: Journal) -> None:
    id = with_tasks(journal)
    journal.record([replace(outcome(0, 3), accepted=())])
    assert journal.outcomes.after(id, 0, 10) == ()


def test_failures_are_read_by_index(journal: Journal) -> None:
    id = with_tasks(journal)
    for index in (7, 2, 5):
        failed = replace(FAILURE, index=index)
        journal.record([replace(outcome(index, index + 1), accepted=(), failures=(failed,))])
    assert [f.index for f in journal.failures.page(id, 0, 10)] == [2, 5, 7]
    assert [f.index for f in journal.failures.page(id, 3, 1)] == [5]


# --- what goes wrong ------------------------------------------------------------------------------------------------


def test_a_report_is_written_whole_or_not_at_all(journal: Journal) -> None:
    id = with_tasks(journal)
    with pytest.raises(sqlite3.Error):
        journal.record([outcome(0, 3), outcome(3, 5, seq=0), replace(outcome(5, 9), values=object())])
    with pytest.raises(sqlite3.Error):
        journal.extend(id, [Block(10, 1, b"more")], object(), True)  # type: ignore[arg-type]
    assert journal.jobs.blocks(id, 10, 11) == []
    assert journal.outcomes.after(id, 0, 10) == ()
    journal.record([outcome(0, 3)])
    assert len(journal.outcomes.after(id, 0, 10)) == 1


def test_a_disk_that_is_full_loses_nothing_that_was_written(journal: Journal) -> None:
    id = with_tasks(journal)
    journal.record([outcome(0, 3)])
    pages = journal.file.db.execute("PRAGMA page_count").fetchone()[0]
    journal.file.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        journal.record([outcome(3, 5), replace(outcome(5, 9), values=bytes(200_000))])
    assert [o.start for o in journal.outcomes.after(id, 0, 10)] == [0]
    journal.file.db.execute(f"PRAGMA max_page_count = {10 * pages + 1000}")
    journal.record([outcome(3, 5)])
    journal = again(journal)
    assert [o.start for o in journal.outcomes.after(id, 0, 100)] == [0, 3]
    journal.close()


WRITER = """
import sys
from pathlib import Path
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.messages import Block, JobSpec, Outcome
journal = Journal(Path(sys.argv[1]))
journal.add_job(JobSpec("job", "", "f"), 1.0)
journal.extend(1, [Block(0, 10**6, b"")], 10**6, True)
for index in range(10**6):
    journal.record([Outcome(1, index, index + 1, b"v" * 500, (), 0.0, accepted=((index, index + 1),))])
    print(index, flush=True)
"""


def test_a_process_that_is_killed_loses_nothing_that_it_has_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        for _ in range(300):
            process.stdout.readline()
        process.kill()
        acknowledged = 299 + len(process.stdout.read().split("\n")[:-1])
    assert process.returncode != 0
    journal = Journal(path)
    (job,) = journal.restore()
    journal.close()
    assert list(job.settled) in ([(0, acknowledged + 1)], [(0, acknowledged + 2)])


def as_a_crash_leaves_it(journal: Journal, name: str) -> Path:
    """A copy of it with its side file, in which SQLite still keeps most."""
    copy = journal.file.path.with_name(name)
    for suffix in ("", "-wal"):
        shutil.copy(f"{journal.file.path}{suffix}", f"{copy}{suffix}")
    return copy


def refused(path: Path) -> str:
    """Why the journal cannot be used. It stays as it is, byte for byte."""
    before = bytes_of(path)
    with pytest.raises(JournalUnusable, match="cannot be used") as caught:
        Journal(path)
    assert bytes_of(path) == before
    assert caught.value.path == str(path)
    return caught.value.reason


def test_what_is_no_journal_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 1000, encoding="utf-8")
    assert refused(path) == "it is not a journal"


def test_the_database_of_another_program_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE jobs (id INTEGER)")
    db.close()
    assert refused(path) == "it is a database of another program"


def test_a_newer_journal_is_refused_and_kept(journal: Journal) -> None:
    with_tasks(journal)
    journal.file.db.execute(f"PRAGMA user_version = {FORMAT + 1}")
    crashed = as_a_crash_leaves_it(journal, "crashed.sqlite")
    assert len(bytes_of(crashed)) == 2
    assert refused(crashed) == f"it is of format {FORMAT + 1}, and this version of mcgui reads {FORMAT}"
    journal.close()
    assert refused(journal.file.path).startswith(f"it is of format {FORMAT + 1}")


#: What later formats changed, taken back.
FORMAT_2 = """
DROP TABLE value_files;
DROP TABLE functions;
ALTER TABLE outcomes DROP COLUMN home;
ALTER TABLE jobs DROP COLUMN idle;
ALTER TABLE jobs DROP COLUMN rests;
ALTER TABLE jobs DROP COLUMN reason_code;
UPDATE jobs SET state = 'paused',
    reason = 'The master was started anew, and holds this job until you resume it.' WHERE id = 1;
UPDATE jobs SET state = 'cancelled', reason = 'Somebody wanted it so.' WHERE id = 2;
PRAGMA user_version = 2;
"""


def test_in_a_journal_of_the_second_format_held_jobs_are_known_by_their_sentence_once(journal: Journal) -> None:
    with_tasks(journal)
    with_tasks(journal)
    journal.close()
    with closing(sqlite3.connect(journal.file.path)) as db:
        db.executescript(FORMAT_2)
    for _ in range(2):
        journal = Journal(journal.file.path)
        held, cancelled = journal.restore()
        assert (held.state, held.reason.code) == ("paused", "held")
        assert cancelled.reason == Reason("", "Somebody wanted it so.")
        journal.close()


def test_a_function_in_the_description_of_a_job_of_the_third_format_is_found_in_a_row_of_its_own(
    journal: Journal,
) -> None:
    with_tasks(journal)
    with_tasks(journal)
    (spec,) = journal.file.db.execute("SELECT spec FROM jobs WHERE id = 1").fetchone()
    journal.close()
    wide = json.dumps(json.loads(spec) | {"pickled_function": base64.b64encode(b"\x00\x80").decode()})
    with closing(sqlite3.connect(journal.file.path)) as db:
        db.execute("DROP TABLE functions")
        db.execute("DROP TABLE value_files")
        db.execute("ALTER TABLE outcomes DROP COLUMN home")
        db.execute("ALTER TABLE jobs DROP COLUMN idle")
        db.execute("ALTER TABLE jobs DROP COLUMN rests")
        db.execute("UPDATE jobs SET spec = ? WHERE id = 1", (wide,))
        db.execute("PRAGMA user_version = 3")
        db.commit()
    for _ in range(2):
        journal = Journal(journal.file.path)
        first, second = journal.restore()
        assert (first.spec.pickled_function, first.problem) == (b"\x00\x80", "")
        assert (second.spec.pickled_function, second.problem) == (None, "")
        journal.close()


class ForgetfulDisk:
    """Holds of a journal's log what was synced; all else of it is gone when the power is cut."""

    def __init__(self, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
        self._path, self._log, self._really = journal.file.path, b"", os.fsync
        monkeypatch.setattr(os, "fsync", self._sync)

    def _sync(self, descriptor: int) -> None:
        self._really(descriptor)
        log = self._path.with_name(f"{self._path.name}-wal")
        assert os.path.samestat(os.fstat(descriptor), log.stat())
        self._log = log.read_bytes()

    def after_a_power_cut(self, folder: Path) -> Journal:
        folder.mkdir()
        (folder / "journal-wal").write_bytes(self._log)
        (folder / "journal").write_bytes(self._path.read_bytes())
        return Journal(folder / "journal")


def test_a_power_cut_takes_nothing_that_was_written_before_the_last_sync(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = ForgetfulDisk(journal, monkeypatch)
    with_tasks(journal)
    journal.record([outcome(0, 3)])
    journal.file.sync()
    journal.record([outcome(3, 6)])
    for folder, settled in (("first", [(0, 3)]), ("second", [(0, 6)])):
        with closing(disk.after_a_power_cut(tmp_path / folder)) as left:
            (job,) = left.restore()
            assert (list(job.settled), job.problem) == (settled, "")
        journal.file.sync()


def test_what_changes_with_a_jobs_state_is_a_narrow_row(journal: Journal) -> None:
    id = with_tasks(journal, spec=replace(SPEC, pickled_function=bytes(1 << 20)))
    log = journal.file.path.with_name(f"{journal.file.path.name}-wal")
    before = log.stat().st_size
    for state in ("running", "paused", "finished"):
        journal.save_state(id, Standing(state, True))
    journal.save_spec(id, replace(SPEC, pickled_function=bytes(1 << 20), priority=3))
    assert log.stat().st_size - before < 100_000
    (job,) = journal.restore()
    function = journal.values.loaded(job.spec, "pickled_function").pickled_function
    assert (job.spec.priority, function) == (3, bytes(1 << 20))
    journal.forget(id)
    assert journal.file.db.execute("SELECT count(*) FROM functions").fetchone() == (0,)


def test_a_damaged_journal_is_refused_and_kept(journal: Journal) -> None:
    job = with_tasks(journal)
    for index in range(200):
        journal.record([replace(outcome(index, index + 1, job=job), values=os.urandom(2000))])
    crashed = as_a_crash_leaves_it(journal, "crashed.sqlite")
    journal.close()
    for path in (crashed, journal.file.path):
        data = bytearray(path.read_bytes())
        for page in range(2 * 4096, len(data), 4096):
            data[page : page + 64] = os.urandom(64)
        path.write_bytes(data)
        assert refused(path) == "it is damaged"


def test_a_journal_that_was_cut_off_is_refused_and_kept(journal: Journal) -> None:
    job = with_tasks(journal)
    journal.record([replace(outcome(0, 3, job=job), values=bytes(10**6))])
    journal.close()
    os.truncate(journal.file.path, 20_000)
    assert refused(journal.file.path) == "it is damaged"


def test_a_journal_in_use_is_refused_and_kept(journal: Journal) -> None:
    job = with_tasks(journal)
    assert refused(journal.file.path) == "another master has it open"
    journal.record([outcome(0, 3)])
    assert len(journal.outcomes.after(job, 0, 10)) == 1


def test_a_folder_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalUnusable):
        Journal(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(JournalUnusable):
        Journal(tmp_path / "file" / "journal.sqlite")


# --- the file itself ------------------------------------------------------------------------------------------------


def test_a_path_is_made_and_an_empty_file_is_taken(tmp_path: Path) -> None:
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    for path in (tmp_path / "a folder" / "that # is" / "new?.sqlite", empty):
        journal = Journal(path)
        with_tasks(journal)
        journal = again(journal)
        assert len(list(journal.restore())) == 1
        journal.close()
        assert list(bytes_of(path)) == [path.name]
        assert not path.with_name(f"{path.name}-shm").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in lists, which a folder of the user's hands down")
def test_nobody_else_may_read_it(journal: Journal) -> None:
    """It holds the keys."""
    with_tasks(journal)
    for name in bytes_of(journal.file.path):
        assert journal.file.path.with_name(name).stat().st_mode & 0o077 == 0


def test_a_journal_without_a_path_is_gone_when_it_is_closed() -> None:
    journal = Journal()
    folder = journal.file.path.parent
    assert journal.file.temporary_folder == str(folder)
    with_tasks(journal)
    journal.close()
    assert not folder.exists()


def test_it_holds_no_pickle_of_ours(journal: Journal) -> None:
    """A newer version reads what an older one wrote: specs and failures are JSON."""
    with_tasks(journal, spec=replace(SPEC, pickled_function=b"\x80\x05N."))
    journal.record([replace(outcome(2, 3, missing=(2,)), accepted=(), failures=(FAILURE,))])
    (spec,) = journal.file.db.execute("SELECT spec FROM jobs").fetchone()
    (failure,) = journal.file.db.execute("SELECT failure FROM failures").fetchone()
    assert json.loads(spec)["function"] == "throw"
    assert json.loads(spec)["pickled_function"] == {"bytes": 4}
    assert TaskFailure(**json.loads(failure) | {"traceback": FAILURE.traceback}) == replace(
        FAILURE, message=r"bad \ud800 é"
    )


def test_a_journal_of_the_fifth_format_takes_no_worker_for_its_masters_own(journal: Journal) -> None:
    with_tasks(journal)
    journal.record((outcome(0, 1, (0, 1), home=True),))
    assert journal.outcomes.after(1, 0, 1)[0].home
    journal.close()
    with closing(sqlite3.connect(journal.file.path)) as db:
        db.executescript(
            "ALTER TABLE outcomes DROP COLUMN home; ALTER TABLE jobs DROP COLUMN idle; "
            "ALTER TABLE jobs DROP COLUMN rests; PRAGMA user_version = 5;"
        )
    journal = Journal(journal.file.path)
    assert not journal.outcomes.after(1, 0, 1)[0].home
    journal.close()


def test_a_journal_of_the_seventh_format_keeps_how_long_a_job_was_idle(journal: Journal) -> None:
    with_tasks(journal)
    journal.save_state(1, Standing("paused", True, started=1.0, idle=4.0, rests=9.0))
    journal.close()
    with closing(sqlite3.connect(journal.file.path)) as db:
        db.executescript("ALTER TABLE jobs DROP COLUMN rests; PRAGMA user_version = 7;")
    journal = Journal(journal.file.path)
    (job,) = journal.restore()
    assert (job.state, job.idle, job.rests, job.problem) == ("paused", 4.0, None, "")
    journal.save_state(1, Standing("paused", True, started=1.0, idle=4.0, rests=9.0))
    (job,) = journal.restore()
    assert (job.idle, job.rests) == (4.0, 9.0)
    journal.close()
