"""A job that ended before all of its arguments were read: it goes on reading where they can be had, and where they cannot
it says how many are lacking. Only a whole job has finished."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui_core import Cluster, Job, Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.cli.main import main
from mcgui_core.errors import BadInput, JobFailed
from mcgui_core.protocol.messages import JobSpec, JobStatus
from mcgui_core.workbench.workbench import Workbench
from tests.support import cluster, free_port
from tests.waiting import until

#: So many that a cancelled job has read some of them and not all, on any machine.
ROWS = 150_000
SQUARE = "def square(x): return x * x"
PATIENCE = 60.0


def until_some_came(job: Job, more_than: int = 0) -> JobStatus:
    until(lambda: job.status.total > more_than, PATIENCE, what="arguments")
    return job.status


@pytest.fixture
def rows(tmp_path: Path) -> ArgumentSource:
    path = tmp_path / "rows.csv"
    path.write_text("x\n" + "".join(f"{number}\n" for number in range(ROWS)))
    return ArgumentSource("csv", path=str(path))


def submitted(bench: Workbench, master: Cluster, rows: ArgumentSource) -> Job:
    return master.job(bench.submit(JobSpec("rows", SQUARE, "square", call="kwargs"), rows))


@pytest.mark.timeout(240)
def test_rows_that_were_cancelled_while_they_were_counted_are_all_run_by_a_retry(
    rows: ArgumentSource,
) -> None:
    with Master() as master, Workbench(master.console_link) as bench:
        job = submitted(bench, master, rows)
        until_some_came(job, 5_000)
        job.cancel()
        status = job.status
        assert (status.state, status.sealed, status.whole) == ("cancelled", False, ROWS)
        assert status.reason == f"{ROWS - status.total:,} of its {ROWS:,} arguments were never read."
        job.retry_failed()
        master.add_local_worker(2)
        status = job.wait(200)
        assert (status.state, status.done, status.total, status.sealed) == ("finished", ROWS, ROWS, True)
        assert status.reason == ""


@pytest.mark.timeout(240)
def test_they_are_all_run_also_by_a_master_that_was_started_anew_in_between(
    rows: ArgumentSource, tmp_path: Path
) -> None:
    port = free_port()
    with Master(port=port, journal=tmp_path / "j.db") as first:
        link = first.console_link
        bench = Workbench(link)
        job = submitted(bench, first, rows)
        until_some_came(job, 5_000)
        job.cancel()
    with bench, Master(port=port, journal=tmp_path / "j.db") as second:
        job = second.job(job.id)
        assert job.status.state == "cancelled"
        total = job.status.total
        # The reader comes back by itself, and is there once it has offered what it has.
        until(lambda: _retried(job, total), PATIENCE, what="the reader to come back")
        second.add_local_worker(2)
        assert (job.wait(200).state, job.status.total) == ("finished", ROWS)


def _retried(job: Job, total: int) -> bool:
    job.retry_failed()
    return job.status.state != "cancelled" or job.status.total > total


def test_where_its_reader_is_gone_a_retry_runs_what_is_there_and_says_what_is_not(
    rows: ArgumentSource, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Master(journal=tmp_path / "j.db") as master:
        with Workbench(master.console_link) as bench:
            job = submitted(bench, master, rows)
            until_some_came(job)
            job.cancel()
        total = job.status.total
        job.retry_failed()
        assert job.status.state in ("waiting", "running")
        master.add_local_worker(2)
        status = job.wait(PATIENCE)
        said = f"{ROWS - total:,} of its {ROWS:,} arguments were never read."
        assert (status.state, status.done, status.total, status.reason) == ("cancelled", total, total, said)
        with pytest.raises(JobFailed, match="arguments were never read"):
            job.results()
        with pytest.raises(BadInput, match="has not got all of its arguments, so it cannot be run again"):
            master.run_again(job.id)
        job.retry_failed()  # there is nothing to do
        assert job.status.reason == said
        (tmp_path / "links.json").write_text(f'{{"console": "{master.console_link}"}}')
        assert main(["status", "--link-file", str(tmp_path / "links.json")]) == 0
        assert f"{total:,} of {ROWS:,}, 0 tasks/s. {said}" in capsys.readouterr().out


def test_where_nobody_counted_them_it_says_that_nobody_knows() -> None:
    with Master() as master:
        with Workbench(master.console_link) as bench:
            endless = ArgumentSource("expression", "iter(int, 1)")
            job = master.job(bench.submit(JobSpec("job", SQUARE, "square"), endless))
            until_some_came(job)
        status = job.wait(PATIENCE)
        assert status.state == "cancelled"
        assert status.whole is None
        assert status.reason == (
            "The program that read its arguments ended before they were all read. "
            f"Only {status.total:,} of its arguments were read, and how many more there are is not known."
        )


def test_a_generator_is_asked_no_further_while_its_job_is_cancelled_and_further_after_a_retry() -> None:
    asked = 0

    def numbers() -> Iterator[int]:
        nonlocal asked
        for asked in range(1, 40_001):
            yield asked

    with cluster(2) as master:
        held = threading.Event()
        job = master.submit(SQUARE, "square", slow_after(5_000, numbers(), held))
        until_some_came(job)
        job.cancel()
        held.set()
        until(lambda: is_still(lambda: asked), PATIENCE, what="a generator that nobody asks")
        assert asked < 20_000
        assert job.status.state == "cancelled"
        job.retry_failed()
        assert job.results() == [x * x for x in range(1, 40_001)]
        assert job.status.state == "finished"


def slow_after(count: int, numbers: Iterator[int], held: threading.Event) -> Iterator[int]:
    for number in numbers:
        if number > count:
            held.wait(PATIENCE)
        yield number


def is_still(look: object) -> bool:
    before = look()  # type: ignore[operator]
    threading.Event().wait(0.5)
    return bool(look() == before)  # type: ignore[operator]


class LongList:
    """A list that waits half way, while somebody reads it."""

    def __init__(self) -> None:
        self.half, self.go_on = threading.Event(), threading.Event()

    def __len__(self) -> int:
        return 200_000

    def __iter__(self) -> Iterator[int]:
        for number in range(len(self)):
            if number == 150_000:
                self.half.set()
                self.go_on.wait(PATIENCE)
            yield number


def test_the_rest_of_a_list_is_kept_for_a_retry_where_its_job_is_cancelled_while_it_travels() -> None:
    args = LongList()
    found: list[Job] = []
    with cluster(2) as master:
        submitting = threading.Thread(target=lambda: found.append(master.submit(SQUARE, "square", args)))
        submitting.start()
        assert args.half.wait(PATIENCE)
        (job,) = until(master.jobs, what="the job, which may be on its way still while the list is read ahead")
        job.cancel()
        args.go_on.set()
        submitting.join()
        assert (job.status.state, job.status.whole) == ("cancelled", 200_000)
        found[0].retry_failed()
        assert job.results() == [x * x for x in range(200_000)]
        assert job.status.state == "finished"


def test_a_job_that_a_failure_stopped_goes_on_reading_too() -> None:
    with cluster(1) as master:
        source = "import pathlib\ndef f(path, x):\n    assert x or pathlib.Path(path).exists(), 'not yet'\n    return x"
        arriving = threading.Event()
        here = Path(__file__)

        def numbers() -> Iterator[tuple[str, int]]:
            yield str(here.with_name("nowhere")), 0
            arriving.wait(PATIENCE)
            yield from ((str(here), x) for x in range(1, 100))

        job = master.submit(source, "f", numbers(), call="args", on_error="stop")
        status = job.wait(PATIENCE)
        assert (status.state, status.sealed) == ("stopped", False)
        assert "Only 1 of its arguments were read" in status.reason
        arriving.set()
        job.retry_failed()
        assert "the first failure" in job.wait(PATIENCE).reason


def test_arguments_that_could_not_be_read_are_not_to_be_had_by_a_retry() -> None:
    def broken() -> Iterator[int]:
        yield from range(5)
        raise ValueError("the file is cut off")

    with cluster(1) as master:
        job = master.submit(SQUARE, "square", broken())
        assert "ValueError: the file is cut off. Only 5 of" in job.wait(PATIENCE).reason
        job.retry_failed()
        status = job.wait(PATIENCE)
        assert (status.state, status.done) == ("cancelled", 5)
        assert "Only 5 of its arguments were read" in status.reason


def test_what_can_only_be_indexed_is_read_as_python_iterates_it() -> None:
    class Indexed:
        def __getitem__(self, index: int) -> int:
            return range(0, 30, 10)[index]

    with Master() as master:
        job = master.submit(abs, Indexed())
        until(lambda: job.status.sealed, PATIENCE, what="the end of its arguments")
        assert job.arguments(0, 5) == [0, 10, 20]
