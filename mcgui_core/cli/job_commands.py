"""The commands about jobs that there are: to look at them, and to have them stop, go on, or run again."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from mcgui_core.cli.ending_signals import ending_signals
from mcgui_core.cli.job_choice import chosen_job
from mcgui_core.cli.job_progress import exit_code, follow, print_failures
from mcgui_core.cli.job_words import (
    access_lines,
    example_line,
    failure_text,
    group_line,
    job_lines,
    node_line,
    outcome_lines,
    result_lines,
    tasks,
    written_text,
)
from mcgui_core.cli.master_choice import the_master
from mcgui_core.cli.output_file import check_output, output_of, write_output
from mcgui_core.cli.safe_text import safe_line
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.job import Job
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import JobStatus, TaskFailure
from mcgui_core.protocol.queries import FailureGroup
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.workbench.workbench import Workbench

#: Results that are few enough to be printed.
FEW = 20
#: Failures of one kind that are shown, if not all are wanted.
EXAMPLES = 4


def status(options: argparse.Namespace) -> int:
    """Show jobs and workers."""
    with the_master(options) as cluster:
        snapshot, access = cluster.snapshot(), cluster.access()
    if options.json:
        shown = {"jobs": [asdict(j) for j in snapshot.jobs], "nodes": [asdict(n) for n in snapshot.nodes]}
        print(json.dumps({**shown, "access": asdict(access)}))
        return 0
    nodes = [node_line(node) for node in snapshot.nodes]
    _print([_head(cluster, options), *job_lines(snapshot.jobs), *nodes, *access_lines(access)])
    return 0


def jobs(options: argparse.Namespace) -> int:
    """Show jobs."""
    with the_master(options) as cluster:
        found = cluster.snapshot().jobs
    if options.json:
        print(json.dumps({"jobs": [asdict(job) for job in found]}))
    else:
        _print([_head(cluster, options), *(job_lines(found) or ["  There is no job yet."])])
    return 0


def _head(cluster: Cluster, options: argparse.Namespace) -> str:
    """Whose jobs these are: a journal that is looked into has a master of its own, which nobody can reach."""
    return f"Master {cluster.address}" if options.journal is None else f"Journal {safe_line(str(options.journal))}"


def pause(options: argparse.Namespace) -> int:
    """Start no more tasks of a job."""
    with _job_to_change(options, "paused") as (job, _):
        job.pause()
        return _told(options, job, "paused; what runs goes on")


def resume(options: argparse.Namespace) -> int:
    """Go on with a job that is paused."""
    with _job_to_change(options, "resumed") as (job, before):
        job.resume()
        return _told(options, job, "resumed" if before.state == "paused" else "not paused, and goes on as before")


def cancel(options: argparse.Namespace) -> int:
    """End a job now."""
    with _job_to_change(options, "cancelled") as (job, _):
        job.cancel()
        return _told(options, job, "cancelled; its results so far stay")


def retry(options: argparse.Namespace) -> int:
    """Run the failed tasks of a job again, with its code or with another."""
    with _job_to_change(options) as (job, before):
        again = before.failed + (before.remaining if before.final else 0)
        if not again:
            raise BadInput(f"No task of job {job.id} has failed: there is nothing to run again.")
        code = _other_code(options, job)
        job.retry_failed(code, options.files)
        if code is not None:
            TrustStore().vouch_for_source(job.spec.environment, job.spec.filename)
        how = "with the code it had" if code is None else f"with {code} as it is now"
        return _told(options, job, f"at work again: {tasks(again)}, {how}")


def wait(options: argparse.Namespace) -> int:
    """Wait until a job is over, and print what came of it."""
    with ending_signals() as signals, the_master(options) as cluster:
        job = cluster.job(chosen_job(cluster, options.job))
        found = follow(cluster, job, signals)
        if options.json:
            print(json.dumps(asdict(found)))
        else:
            _print(outcome_lines(found, None, None))
        print_failures(job, found)
    return exit_code(found)


def failures(options: argparse.Namespace) -> int:
    """Show which tasks of a job failed, and why."""
    with the_master(options) as cluster:
        job = cluster.job(chosen_job(cluster, options.job))
        found = job.status
        if options.json:
            every = [asdict(failure) for failure in _all_failures(job)]
            print(json.dumps({"job": job.id, "failed": found.failed, "failures": every}))
            return 0
        whole = tasks(found.whole or found.total)
        _print([safe_line(f"Job {job.id}, {found.name}: {found.failed:,} of {whole} failed.")])
        for page in job.failure_groups():
            for group in page:
                _print(["", group_line(group), *_failures_of(job, group, options.all)])
    return 0


def results(options: argparse.Namespace) -> int:
    """Write the results of a job to a file, or print them."""
    check_output(options)
    path = output_of(options)
    with the_master(options) as cluster:
        id = chosen_job(cluster, options.job)
        found = cluster.job(id).status
        if not found.final:
            print(f"Job {id} is not over: these are its results so far.", file=sys.stderr)
        with Workbench(cluster.own_link, home=cluster.home, trust_workers=options.trust_workers) as bench:
            if path is None:
                return _print_results(bench, found, options)
            written = write_output(bench, id, path, options)
    print(written_text(written), file=sys.stderr)
    return 0


def forget(options: argparse.Namespace) -> int:
    """Delete runs that are over."""
    if not options.jobs and options.older_than is None:
        raise BadInput("Say which runs: their numbers, or --older-than 30d.")
    with the_master(options) as cluster:
        for id in [chosen_job(cluster, text, changes=True) for text in options.jobs]:
            cluster.job(id).forget()
        old = 0 if options.older_than is None else cluster.forget_older_than(options.older_than)
    count = len(options.jobs) + old
    print(f"{count:,} {'run was' if count == 1 else 'runs were'} deleted.", file=sys.stderr)
    return 0


# --- inside -----------------------------------------------------------------------------------------------------


def _print(lines: list[str]) -> None:
    print("\n".join(lines))


@contextmanager
def _job_to_change(options: argparse.Namespace, done: str = "") -> Iterator[tuple[Job, JobStatus]]:
    """The job that a command is about, and how it stands. Raises BadInput where it is over and cannot be `done` so."""
    with the_master(options) as cluster:
        job = cluster.job(chosen_job(cluster, options.job, changes=True))
        status = job.status
        if done and status.final:
            again = f" `mcgui-core retry {status.id}` runs again what failed." if status.failed else ""
            raise BadInput(f"Job {status.id} is over ({status.state}) and cannot be {done}.{again}")
        yield job, status


def _told(options: argparse.Namespace, job: Job, what: str) -> int:
    """What became of it: as JSON the job, as it stands now."""
    if options.json:
        print(json.dumps(asdict(job.status)))
    else:
        _print([f"Job {job.id} is {what}."])
    return 0


def _other_code(options: argparse.Namespace, job: Job) -> Path | None:
    """The file with the code that it is to run from now on. None: what it had. Raises BadInput."""
    file: Path | None = options.environment
    if not options.edited:
        if options.files and file is None:
            raise BadInput("--files belong to an environment: give --environment or --edited too.")
        return file
    if file is not None:
        raise BadInput("Give --edited, for the job's own file as it is now, or --environment with another, not both.")
    own = Path(job.spec.filename)
    if job.spec.is_object or not own.is_file():
        raise BadInput(
            f"The file that job {job.id} came from ({own}) is not there. Name one that is: --environment FILE."
        )
    return own


def _all_failures(job: Job) -> Iterator[TaskFailure]:
    after = 0
    while found := job.failures(after):
        yield from found
        after = found[-1].index + 1


def _failures_of(job: Job, group: FailureGroup, every: bool) -> Iterator[str]:
    """Each with its traceback; or the first so, and some more in a line each."""
    if every:
        yield from ("\n" * bool(number) + failure_text(one) for number, one in enumerate(_alike(job, group)))
        return
    shown = list(islice(_alike(job, group), EXAMPLES))
    yield from (example_line(one) if number else failure_text(one) for number, one in enumerate(shown))
    if left := group.count - len(shown):
        yield f"  ... and {left:,} more: `mcgui-core failures {job.id} --all` shows each with its traceback."


def _alike(job: Job, group: FailureGroup) -> Iterator[TaskFailure]:
    after: int | None = group.first
    while after is not None:
        found, after = job.failures_like(group, after)
        yield from found


def _print_results(bench: Workbench, found: JobStatus, options: argparse.Namespace) -> int:
    if options.json:
        with tempfile.TemporaryDirectory(prefix="mcgui-results-") as folder:
            path = Path(folder, "results.jsonl")
            arguments = ExportOptions(options.exported_arguments, options.exact)
            written = bench.export(found.id, str(path), "jsonl", options=arguments)
            if path.exists():
                with path.open(encoding="utf-8") as lines:
                    shutil.copyfileobj(lines, sys.stdout)
        if written.notes:
            print("\n".join(written.notes), file=sys.stderr)
        return 0
    print_few(bench, found)
    if found.total > FEW:
        print(f"... and {found.total - FEW:,} more: `mcgui-core results {found.id} FILE` writes all.", file=sys.stderr)
    return 0


def print_few(bench: Workbench, status: JobStatus) -> None:
    """The first results of a job, a line for each."""
    _print(result_lines(bench.rows(status.id, 0, FEW)))
