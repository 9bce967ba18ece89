"""Large values lie in files beside the journal: what a row names is there, and what none names goes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mcgui_core.errors import BadInput, JournalUnusable
from mcgui_core.journal.journal import Journal
from mcgui_core.journal.stored_job import Standing, StoredJob
from mcgui_core.protocol.messages import Block, JobSpec, Outcome, Stored
from mcgui_core.values.value_file import LARGE, ValueFile

SPEC = JobSpec("job", "", "f")
#: A number that no process has.
NOBODY = 0x7FFFFFF0


def value(number: int) -> bytes:
    return number.to_bytes(4, "big") * (LARGE // 2)


def outcome(job: int, start: int, stop: int, values: object = None) -> Outcome:
    return Outcome(job, start, stop, value(start) if values is None else values, (), 0.1, accepted=((start, stop),))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal")
    yield opened
    opened.close()


def with_results(journal: Journal, *starts: int, function: bytes | None = None) -> int:
    """A finished job of ten tasks, of which those have large results; so has its argument."""
    job = journal.add_job(replace(SPEC, pickled_function=function), 1.0, [Block(0, 10, value(99))], 10, True)
    for start in starts:
        journal.record([outcome(job, start, start + 1)])
    journal.save_state(job, Standing("finished", True, finished=2.0))
    return job


def files(journal: Journal) -> set[str]:
    return {path.name for path in journal.values.path.iterdir()} if journal.values.path.exists() else set()


def named(journal: Journal) -> set[str]:
    return {name for (name,) in journal.file.db.execute("SELECT name FROM value_files")}


def results(journal: Journal, job: int) -> dict[int, bytes]:
    found = journal.outcomes.after(job, 0, 1 << 40)
    return {o.start: bytes(journal.values.loaded(o, "values").values) for o in found if o.accepted}


def test_what_is_large_lies_in_files_and_is_there_again(journal: Journal) -> None:
    job = with_results(journal, 3, 7, function=value(5))
    assert len(files(journal)) == 4
    assert journal.file.size < LARGE
    journal.close()
    with closing(Journal(journal.file.path)) as again:
        (stored,) = again.restore()
        assert (stored.problem, list(stored.settled)) == ("", [(3, 4), (7, 8)])
        assert results(again, job) == {3: value(3), 7: value(7)}
        assert again.values.loaded(stored.spec, "pickled_function").pickled_function == value(5)
        (block,) = again.jobs.blocks(job, 0, 10)
        assert again.values.loaded(block, "data").data == value(99)
        assert again.jobs.reach(job, 0, 10, 1) == (10, len(value(99)))


def test_what_is_small_stays_in_its_row(journal: Journal) -> None:
    job = journal.add_job(SPEC, 1.0, [Block(0, 10, b"small")], 10, True)
    journal.record([outcome(job, 0, 1, bytes(LARGE - 1))])
    assert files(journal) == set()
    assert results(journal, job) == {0: bytes(LARGE - 1)}


def test_a_job_that_is_forgotten_gives_its_room_back_and_no_other(journal: Journal) -> None:
    first, second = with_results(journal, 0, 1), with_results(journal, 2)
    journal.forget(first)
    assert files(journal) == named(journal)
    assert len(files(journal)) == 2
    assert results(journal, second) == {2: value(2)}
    journal.forget(second)
    assert files(journal) == set()


def test_what_is_not_written_leaves_no_file(journal: Journal) -> None:
    job = with_results(journal, 0)
    before = files(journal)
    with pytest.raises(BadInput):
        journal.record([outcome(job, 1, 2), outcome(job, 2, 3, Stored("1-" + "0" * 32, 0, 5))])
    assert files(journal) == before
    assert results(journal, job).keys() == {0}


# --- what others put there ------------------------------------------------------------------------------------------


def put(journal: Journal, *values: bytes, writer: int | None = None) -> list[Stored]:
    with ValueFile(journal.values.folder, writer) as file:
        return [file.put(each) for each in values]


def test_values_that_others_put_there_count_once_a_row_names_them(journal: Journal) -> None:
    job = with_results(journal)
    (ignored,), (first, second) = put(journal, b"nobody's", writer=NOBODY), put(journal, b"first", b"second")
    journal.record([outcome(job, 0, 1, first), outcome(job, 1, 2, second)])
    assert results(journal, job) == {0: b"first", 1: b"second"}
    assert second.start % 64 == 0
    journal.values.sweep()
    assert files(journal) == named(journal)
    assert ignored.name not in files(journal)


def test_a_file_that_no_row_names_stays_while_its_writer_may_hand_it_over(journal: Journal) -> None:
    mine, other = put(journal, b"mine")[0].name, put(journal, b"other", writer=NOBODY)[0].name
    journal.close()
    with closing(Journal(journal.file.path)) as again:
        assert mine in files(again)
        assert other not in files(again)


def test_a_file_is_its_writers_until_it_is_handed_over_whole(journal: Journal) -> None:
    with ValueFile(journal.values.folder, writer=NOBODY) as file:
        stored = file.put(b"whole")
        name = file.hand_to(os.getpid())
    journal.values.sweep()
    assert files(journal) == {name}
    assert bytes(journal.values.read(replace(stored, name=name))) == b"whole"


def test_what_a_killed_process_has_left_goes_once_nobody_has_written_to_it_for_a_while(journal: Journal) -> None:
    (fresh,), (stale,) = put(journal, b"fresh", writer=NOBODY), put(journal, b"stale", writer=NOBODY)
    (mine,) = put(journal, b"mine")
    for each in (stale, mine):
        os.utime(journal.values.path / each.name, (1.0, 1.0))
    journal.values.sweep(3600.0)
    assert files(journal) == {fresh.name, mine.name}


def test_a_report_that_counts_nowhere_takes_its_file_along(journal: Journal) -> None:
    job = with_results(journal)
    before = files(journal)
    (late,) = put(journal, b"late")
    journal.record([replace(outcome(job, 0, 1, late), accepted=())])
    assert files(journal) == before


@pytest.mark.parametrize("name", ["../journal", "1-" + "0" * 32, ""])
def test_values_that_are_not_there_are_refused(journal: Journal, name: str) -> None:
    job = with_results(journal)
    with pytest.raises(BadInput, match="not in the store"):
        journal.record([outcome(job, 0, 1, Stored(name, 0, 1))])


def test_values_beyond_their_file_or_of_another_job_are_refused(journal: Journal) -> None:
    first, second = with_results(journal), with_results(journal)
    (mine,) = put(journal, b"mine")
    with pytest.raises(BadInput, match="not in the store"):
        journal.record([outcome(first, 0, 1, replace(mine, size=5))])
    with pytest.raises(BadInput, match="begin"):
        journal.record([outcome(first, 0, 1, replace(mine, start=-1))])
    journal.record([outcome(first, 0, 1, mine)])
    with pytest.raises(BadInput, match="another job's"):
        journal.record([outcome(second, 0, 1, mine)])


# --- limits ---------------------------------------------------------------------------------------------------------


def test_the_limit_of_a_journal_counts_its_files(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "journal", limit=4 * LARGE)) as journal:
        job = with_results(journal)
        with pytest.raises(OSError, match="limit"):
            journal.record([outcome(job, 0, 1, bytes(3 * LARGE))])
        assert files(journal) == named(journal)
        journal.forget(job)
        job = journal.add_job(SPEC, 1.0, [Block(0, 10, b"small")], 10, True)
        journal.record([outcome(job, 0, 1, bytes(3 * LARGE))])


def test_what_arrives_at_the_same_time_fits_together(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "journal", limit=4 * LARGE)) as journal:
        journal.values.reserve(2 * LARGE)
        with pytest.raises(OSError, match="limit"):
            journal.values.reserve(2 * LARGE)
        journal.values.release(2 * LARGE)
        journal.values.reserve(2 * LARGE)


def test_a_report_of_which_nothing_counts_costs_no_look_at_all_files(journal: Journal) -> None:
    job, other = with_results(journal, 0, 1), with_results(journal, 2)
    said: list[str] = []
    journal.file.db.set_trace_callback(said.append)
    for start in range(3):
        (late,) = put(journal, b"late")
        journal.record([replace(outcome(job, start, start + 1, late), accepted=())])
    journal.forget(job)
    journal.file.db.set_trace_callback(None)
    assert said
    assert not [statement for statement in said if "sum(" in statement]
    sizes = [(journal.values.path / name).stat().st_size for name in named(journal)]
    assert journal.values.bytes == sum(sizes) > 0
    assert results(journal, other) == {2: value(2)}


# --- power cuts -----------------------------------------------------------------------------------------------------


def after_a_power_cut(journal: Journal, *without: str) -> tuple[Journal, StoredJob]:
    """The journal on a computer that was started anew, whose disk has all rows, but not what lay in those files."""
    journal.file.put("boot", "another")
    journal.file.db.close()
    for name in without:
        os.truncate(journal.values.path / name, 100)
    again = Journal(journal.file.path)
    (job,) = again.restore()
    return again, job


def test_what_was_synced_survives_a_power_cut(journal: Journal) -> None:
    job = with_results(journal, 0, 1)
    journal.sync()
    journal.values.mark_synced()
    again, stored = after_a_power_cut(journal)
    assert (stored.state, stored.problem, list(stored.settled), again.values.lost) == ("finished", "", [(0, 2)], {})
    assert results(again, job) == {0: value(0), 1: value(1)}
    again.close()


def test_a_journal_that_was_moved_without_its_folder_is_left_as_it_is(journal: Journal, tmp_path: Path) -> None:
    job = with_results(journal, 0, 1)
    journal.sync()
    journal.values.mark_synced()
    journal.close()
    folder = journal.values.path
    aside = folder.rename(tmp_path / "elsewhere")
    for _ in range(2):  # a look changes nothing
        with pytest.raises(JournalUnusable, match="folder journal-values, which .* not beside it. Was it moved"):
            Journal(tmp_path / "journal")
        assert not folder.exists()
    aside.rename(folder)
    with closing(Journal(tmp_path / "journal")) as again:
        assert (again.values.lost, results(again, job)) == ({}, {0: value(0), 1: value(1)})


def test_an_empty_folder_says_that_the_values_are_gone_for_good(journal: Journal, tmp_path: Path) -> None:
    job = with_results(journal, 0, 1)
    journal.close()
    for file in journal.values.path.iterdir():
        file.unlink()
    with closing(Journal(tmp_path / "journal")) as again:
        assert again.values.lost == {job: 2}


def test_results_that_a_power_cut_took_are_made_again(journal: Journal) -> None:
    job = with_results(journal, 0)
    journal.sync()
    journal.values.mark_synced()
    safe = named(journal)
    journal.record([outcome(job, 1, 2), outcome(job, 2, 3)])
    again, stored = after_a_power_cut(journal, *named(journal) - safe)
    assert (stored.state, stored.problem, list(stored.settled)) == ("waiting", "", [(0, 1)])
    assert again.values.lost == {job: 2}
    assert results(again, job) == {0: value(0)}
    assert files(again) == named(again) == safe
    again.close()


def test_a_job_whose_arguments_a_power_cut_took_says_so(journal: Journal) -> None:
    with_results(journal)
    again, stored = after_a_power_cut(journal, *named(journal))
    assert "its arguments from 0 on cannot be read" in stored.problem
    again.close()


def test_a_computer_that_was_not_started_anew_keeps_what_was_not_synced(journal: Journal) -> None:
    job = with_results(journal, 0)
    journal.file.db.close()  # killed
    with closing(Journal(journal.file.path)) as again:
        assert results(again, job) == {0: value(0)}


# --- kills ----------------------------------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.messages import Block, JobSpec, Outcome
path = Path(sys.argv[1])
path.parent.mkdir()
journal = Journal(path)
journal.add_job(JobSpec("job", "", "f"), 1.0, [Block(0, 10**6, b"")], 10**6, True)
for index in range(int(sys.argv[2])):
    values = index.to_bytes(4, "big") * 250_000
    journal.record([Outcome(1, index, index + 1, values, (), 0.0, accepted=((index, index + 1),))])
    print(index, flush=True)
"""

LONG = os.environ.get("MCGUI_LONG") == "1"


@pytest.mark.timeout(3600 if LONG else 60)
def test_a_kill_in_the_middle_of_a_large_write_loses_nothing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    dice, most = random.Random(1), 500 if LONG else 20
    for kill in range(50 if LONG else 3):
        path = tmp_path / str(kill) / "journal"
        command = [sys.executable, "-c", WRITER, str(path), str(most)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(dice.randint(1, most))]
            process.kill()
            said += process.stdout.read().splitlines()
        acknowledged = max(int(line) for line in said if line.strip().isdigit())
        with closing(Journal(path)) as journal:
            (job,) = journal.restore()
            assert (job.problem, journal.values.lost, files(journal)) == ("", {}, named(journal))
            assert list(job.settled) in ([(0, acknowledged + 1)], [(0, acknowledged + 2)])
            for number in (0, acknowledged):
                (found,) = journal.outcomes.between(1, number, number + 1)
                assert bytes(journal.values.loaded(found, "values").values) == number.to_bytes(4, "big") * 250_000
            journal.forget(1)
            assert files(journal) == set()
