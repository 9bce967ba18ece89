"""A job in the journal that cannot be read is set aside with its reason: the master starts, and all others run."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.errors import BadInput, JobUnknown
from mcgui_core.journal.journal import Journal
from mcgui_core.journal.stored_job import Standing
from mcgui_core.master.hub import Hub
from mcgui_core.protocol.messages import Block, NodeInfo, Outcome, Report, TaskFailure
from mcgui_core.values import pickling
from tests.core.scheduling import done
from tests.core.world import spec

INFO = NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1)
VALUES = pickling.dumps([0, 10])
FAILURE = TaskFailure(3, "raised", "ValueError", "bad", "Traceback ...\nValueError: bad\n", "3", "a")

#: What becomes of the database while no master has it open.
Damage = Callable[[sqlite3.Connection], object]


def arguments(start: int, stop: int) -> Block:
    return Block(start, stop - start, pickling.dumps(list(range(start, stop))))


def damaged(path: Path, damage: Damage) -> None:
    """A journal with a job of ten tasks (two done, one failed) on which `damage` was done, and another, sound job."""
    journal = Journal(path)
    first = journal.add_job(spec(name="first"), 1.0, [arguments(0, 5), arguments(5, 10)], 10, True)
    journal.add_job(spec(name="second"), 1.0, [arguments(0, 3)], 3, True)
    journal.save_state(first, Standing("running", True, started=2.0))
    journal.record(
        [
            Outcome(first, 0, 2, VALUES, (), 0.5, "a", 7, accepted=((0, 2),)),
            Outcome(first, 3, 4, b"", (FAILURE,), 0.5, "a", 8, missing=(3,)),
        ]
    )
    journal.close()
    with closing(sqlite3.connect(path)) as db:
        damage(db)
        db.commit()


def rows(path: Path) -> list[Any]:
    """All that the journal holds of the first job."""
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = bytes
        return [
            db.execute(f"SELECT * FROM {table} WHERE {column} = 1").fetchall()
            for table, column in (("jobs", "id"), ("blocks", "job"), ("outcomes", "job"), ("failures", "job"))
        ]


@contextmanager
def started(path: Path) -> Iterator[Hub]:
    hub = Hub(Journal(path), lambda: 1000.0)
    hub.nodes.join(INFO, "here", None)
    try:
        yield hub
    finally:
        hub.close()


def work(hub: Hub) -> None:
    """Honest work, until nothing is left."""
    hub.tick()
    chunks = hub.nodes.exchange("a", Report(), 1.0).chunks
    while chunks:
        chunks = hub.nodes.exchange("a", Report(tuple(map(done, chunks))), 1.0).chunks
    hub.tick()


def described(change: Callable[[dict[str, Any]], object]) -> Damage:
    """The description of the first job is changed."""

    def damage(db: sqlite3.Connection) -> None:
        fields = json.loads(db.execute("SELECT spec FROM jobs WHERE id = 1").fetchone()[0])
        change(fields)
        db.execute("UPDATE jobs SET spec = ? WHERE id = 1", (json.dumps(fields),))

    return damage


def sql(statement: str) -> Damage:
    return lambda db: db.execute(statement)


DAMAGES: list[tuple[str, Damage]] = [
    ('its priority is "high"', described(lambda f: f.update(priority="high"))),
    ('its retries is "3"', described(lambda f: f.update(retries="3"))),
    ("its timeout is NaN", described(lambda f: f.update(timeout=float("nan")))),
    ("its function is null", described(lambda f: f.update(function=None))),
    ("chunksize must be a whole number from 1 to 1,000,000,000 or None, not 0", described(lambda f: f.update(chunksize=0))),
    ("its description has 'gpu', which this version of mcgui does not know", described(lambda f: f.update(gpu=1))),
    ("its description lacks environment", described(lambda f: f.pop("environment"))),
    ("its pickled_function is damaged", described(lambda f: f.update(pickled_function="abc"))),
    ("its description is no JSON object", sql("UPDATE jobs SET spec = '[]' WHERE id = 1")),
    ("its description is no JSON (", sql("UPDATE jobs SET spec = 'job' WHERE id = 1")),
    ("its description is no JSON (", sql("UPDATE jobs SET spec = CAST(X'22FF22' AS TEXT) WHERE id = 1")),
    ("its description is no JSON (", sql(f"UPDATE jobs SET spec = '{'[' * 100_000}' WHERE id = 1")),
    ("its state cannot be read", sql("UPDATE jobs SET state = 'sleeping' WHERE id = 1")),
    ("its created cannot be read", sql("UPDATE jobs SET created = 'now' WHERE id = 1")),
    ("its started cannot be read", sql("UPDATE jobs SET started = 9e999 WHERE id = 1")),
    ("its total cannot be read", sql("UPDATE jobs SET total = 9.5 WHERE id = 1")),
    ("its sealed cannot be read", sql("UPDATE jobs SET sealed = 'yes' WHERE id = 1")),
    ("it has 10 of its 12 arguments", sql("UPDATE jobs SET total = 12 WHERE id = 1")),
    ("its arguments from 0 on cannot be read", sql("DELETE FROM blocks WHERE job = 1 AND start = 0")),
    ("its arguments from 5 on cannot be read", sql("UPDATE blocks SET count = 4.5 WHERE job = 1 AND start = 5")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET start = 0.5 WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET stop = 0 WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET stop = 20, accepted = '[[0, 20]]' WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET missing = '{\"1\": 1}' WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET accepted = '[[0.5, 2]]' WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET accepted = '[[0, 9]]' WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET accepted = '[[0, 2]' WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET accepted = '7' WHERE seq = 1")),
    ("outcome 1 is damaged", sql("UPDATE outcomes SET missing = '[1]' WHERE seq = 1")),
    ("outcome 3 is damaged, or contradicts another", sql(
        "INSERT INTO outcomes (job, start, stop, node, seconds, missing, accepted, data) "
        "VALUES (1, 1, 3, 'a', 0.5, '[]', '[[1, 3]]', X'')")),
    ("the failure of task 3 is damaged", sql("UPDATE failures SET failure = 'bad' WHERE job = 1")),
    ("the failure of task 77 is damaged", sql("UPDATE failures SET task = 77 WHERE job = 1")),
    ("some have both a result and a failure", sql("UPDATE failures SET task = 1 WHERE job = 1")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "damage"), DAMAGES, ids=[f"{n}-{reason}" for n, (reason, _) in enumerate(DAMAGES)])
def test_a_job_that_is_damaged_in_any_way_is_set_aside_and_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reason: str, damage: Damage
) -> None:
    path = tmp_path / "journal.sqlite"
    damaged(path, damage)
    before = rows(path)
    for _ in range(2):
        with started(path) as hub:
            work(hub)
            status = hub.view.status(1)
            assert status.state == "stopped"
            assert status.reason.startswith("It could not be read from the journal: ")
            assert reason in status.reason
            assert hub.view.status(2).state == "finished"
            assert {job.id for job in hub.view.snapshot(0, 0.0).jobs} >= {1, 2}
            assert hub.view.wait(1, 0.0) == status
            look_at_all(hub)
            new = hub.jobs.submit(spec(), (arguments(0, 1),), True)
            work(hub)
            assert hub.view.status(new).state == "finished"
        assert rows(path) == before
        assert "mcgui master: job 1 is set aside, because " in capsys.readouterr().err


def look_at_all(hub: Hub) -> None:
    """Whatever a console may ask of a job, it is answered of one that was set aside."""
    hub.view.spec(1)
    assert hub.reader.outcomes(1, 0, 0.0, 1 << 20)[1]
    hub.reader.outcomes_between(1, 0, 10)
    for state in ("", "done", "failed", "waiting"):
        hub.reader.tasks_in(1, state, 0, 10)
    hub.reader.failures(1, 0, 10)
    for group in hub.reader.failure_groups(1, 0)[0]:
        hub.reader.failures_like(1, group, 0, 10)
    hub.reader.output(1, 0, 10)
    hub.reader.blocks(1, 0, 10)


def test_what_is_sound_of_a_job_that_is_set_aside_can_be_read(tmp_path: Path) -> None:
    damaged(tmp_path / "j", described(lambda fields: fields.update(priority="high")))
    with started(tmp_path / "j") as hub:
        assert (hub.view.spec(1).name, hub.view.spec(1).priority) == ("first", 0)
        assert (hub.view.status(1).total, hub.view.status(1).done, hub.view.status(1).failed) == (10, 2, 1)
        (good, bad), status = hub.reader.outcomes(1, 0, 0.0, 1 << 20)
        assert (good.values, bad.failures, status) == (VALUES, (FAILURE,), hub.view.status(1))
        (block,) = hub.reader.blocks(1, 5, 10)
        assert pickling.loads(block.data) == [5, 6, 7, 8, 9]


def test_a_job_that_is_set_aside_can_be_deleted_and_not_changed(tmp_path: Path) -> None:
    damaged(tmp_path / "j", described(lambda fields: fields.update(priority="high")))
    with started(tmp_path / "j") as hub:
        changes: list[Callable[[], object]] = [
            lambda: hub.jobs.pause(1),
            lambda: hub.jobs.resume(1),
            lambda: hub.jobs.cancel(1),
            lambda: hub.jobs.retry_failed(1),
            lambda: hub.jobs.seal(1),
            lambda: hub.jobs.abort(1, "enough"),
            lambda: hub.jobs.extend(1, (arguments(10, 11),), True),
            lambda: hub.changes.set_priority(1, 3),
        ]
        for change in changes:
            with pytest.raises(BadInput, match="Job 1 can only be looked at, or deleted. It could not be read"):
                change()
        work(hub)
        assert hub.jobs.forget_older_than(0.0) == 0
    with started(tmp_path / "j") as hub:
        hub.jobs.forget(1)
        with pytest.raises(JobUnknown):
            hub.view.status(1)
    with started(tmp_path / "j") as hub:
        assert hub.view.job_ids() == (2,)


def test_a_job_that_a_newer_version_can_read_again_goes_on(tmp_path: Path) -> None:
    damaged(tmp_path / "j", described(lambda fields: fields.update(priority="high")))
    with started(tmp_path / "j") as hub:
        assert hub.view.status(1).state == "stopped"
    with closing(sqlite3.connect(tmp_path / "j")) as db:
        described(lambda fields: fields.update(priority=3))(db)
        db.commit()
    with started(tmp_path / "j") as hub:
        work(hub)
        assert (hub.view.status(1).state, hub.view.status(1).done, hub.view.status(1).failed) == ("finished", 9, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(["args", "stop"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from([*asdict(spec()), "unknown"])


@given(
    changed=st.dictionaries(FIELDS, JSON, max_size=4),
    removed=st.sets(FIELDS, max_size=2),
    whole=st.none() | JSON.map(json.dumps) | st.text(max_size=20).filter(lambda text: text.isascii()),
)
def test_whatever_a_description_has_become_the_journal_opens_and_the_other_job_runs(
    changed: dict[str, Any], removed: set[str], whole: str | None
) -> None:
    def damage(db: sqlite3.Connection) -> None:
        described(lambda fields: [fields.update(changed), [fields.pop(name, None) for name in removed]])(db)
        if whole is not None:
            db.execute("UPDATE jobs SET spec = ? WHERE id = 1", (whole,))

    with tempfile.TemporaryDirectory(prefix="mcgui-aside-") as folder:
        path = Path(folder, "journal.sqlite")
        damaged(path, damage)
        before = rows(path)
        with started(path) as hub:
            work(hub)
            # Sound though changed, it has run (unless for another version of Python, or after its first failure).
            aside = hub.view.status(1).reason.startswith("It could not be read")
            assert hub.view.status(2).state == "finished"
            assert len(hub.view.snapshot(0, 0.0).jobs) == 2
            look_at_all(hub) if aside else None
        assert not aside or rows(path) == before
