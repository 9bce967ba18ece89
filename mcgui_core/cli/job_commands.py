"""The commands about jobs: `mcgui-core run`, `status`, `results` and `forget`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, replace

from mcgui_core.arguments.argument_fit import best_call, misfit
from mcgui_core.arguments.argument_source import TABLE_KINDS
from mcgui_core.arguments.column_matching import passed_preview
from mcgui_core.cli.argument_options import given_source
from mcgui_core.cli.output_file import check_output, output_of, write_output, write_output_of_run
from mcgui_core.cli.run_options import given_options
from mcgui_core.cli.safe_text import safe, safe_line
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.job import Job
from mcgui_core.client.job_document import JobDocument
from mcgui_core.client.link_files import VARIABLE, default_link_file, find_link, read_link_file
from mcgui_core.client.master import Master
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import BadInput, ConnectionFailed, LinkInvalid
from mcgui_core.processes.own_interpreter import interpreter_options
from mcgui_core.protocol.job_check import check_shared_names
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import (
    DEPARTED_STATES,
    AccessReport,
    JobSpec,
    JobStatus,
    NodeStatus,
    Reduced,
    Snapshot,
    TaskFailure,
)
from mcgui_core.protocol.queries import Exported
from mcgui_core.workbench.workbench import Workbench

#: Seconds between two lines of progress.
PROGRESS_SECONDS = 1.0
#: Failures that are printed when a job is over.
FAILURES_PRINTED = 3


def run(options: argparse.Namespace) -> int:
    """Run a job to its end, or the rest of one, and print what came of it."""
    document = _document(options)
    check_output(options)
    with ExitStack() as stack:
        cluster = _cluster(options, stack)
        bench = stack.enter_context(Workbench(cluster.own_link, home=cluster.home, trust_workers=options.trust_workers))
        job = _begin(options, document, cluster, bench)
        try:
            status = _follow(cluster, job.id)
        except KeyboardInterrupt:
            if options.journal is None:
                job.cancel()
                print(f"\nJob {job.id} was cancelled.", file=sys.stderr)
            else:  # a master of our own, which ends with us: whoever keeps a journal wants to go on some day
                again = f"--journal {options.journal} --resume"
                print(f"\nJob {job.id} was broken off. The same with {again} goes on with it.", file=sys.stderr)
            return 130
        reduced = bench.reduce(job.id) if job.spec.reduce and status.state == "finished" else None
        written, as_wanted = write_output_of_run(bench, status, options) if output_of(options) else (None, True)
        if options.json:
            _print_json(status, reduced, written)
        else:
            _print_outcome(status, reduced, written)
        _print_failures(job, status)
    if not as_wanted:
        return 1
    return 0 if status.state == "finished" and not status.failed and not (reduced and reduced.failed) else 3


def forget(options: argparse.Namespace) -> int:
    """Delete runs that are over."""
    if not options.jobs and options.older_than is None:
        raise BadInput("Say which runs: their numbers, or --older-than 30d.")
    link = find_link(None, options.link_file, "console")
    with Cluster.connect(str(link)) as cluster:
        for id in options.jobs:
            cluster.job(id).forget()
        old = 0 if options.older_than is None else cluster.forget_older_than(options.older_than)
    count = len(options.jobs) + old
    print(f"{count:,} {'run was' if count == 1 else 'runs were'} deleted.", file=sys.stderr)
    return 0


def status(options: argparse.Namespace) -> int:
    """Show jobs and workers."""
    link = find_link(options.link, options.link_file, "console")
    with Cluster.connect(str(link)) as cluster:
        snapshot, access = cluster.snapshot(), cluster.access()
    if options.json:
        shown = {"jobs": [asdict(j) for j in snapshot.jobs], "nodes": [asdict(n) for n in snapshot.nodes]}
        print(json.dumps({**shown, "access": asdict(access)}))
    else:
        _print_status(link, snapshot)
        _print_access(access)
    return 0


def results(options: argparse.Namespace) -> int:
    """Write the results of a job to a file."""
    check_output(options)
    path = output_of(options)
    if path is None:
        raise BadInput("Say where the results are to go: a file, or --output-folder.")
    link = find_link(options.link, options.link_file, "console")
    with Workbench(str(link), trust_workers=options.trust_workers) as bench:
        written = write_output(bench, options.job, path, options)
    print(_said_of(written), file=sys.stderr)
    return 0


# --- inside -----------------------------------------------------------------------------------------------------


def _begin(options: argparse.Namespace, document: JobDocument | None, cluster: Cluster, bench: Workbench) -> Job:
    """A new job; or, where that is wanted, one that was broken off, which then goes on."""
    if options.resume is None:
        assert document is not None
        spec = _fitted_spec(options, document, bench)
        return cluster.job(bench.submit(spec, document.arguments, tuple(options.files), document.shared))
    if given_options(options):
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given_options(options))
        raise BadInput(f"A job that goes on keeps the options that it was started with: leave out {names}.")
    job = _to_resume(options.resume, document, cluster)
    status = job.status
    print(f"Job {job.id}, {status.name}: {status.done:,} of {status.total:,} tasks are done already.", file=sys.stderr)
    if not status.sealed:
        if document is None:
            raise BadInput(
                f"Only {status.total:,} arguments of job {job.id} have arrived. "
                "Name its document or its arguments too, so that the others can be read."
            )
        bench.feed(job.id, document.arguments)
    job.resume()
    return job


def _to_resume(id: int, document: JobDocument | None, cluster: Cluster) -> Job:
    if id:
        return cluster.job(id)
    wanted = None if document is None else document.spec()
    for job in reversed(cluster.jobs()):
        alike = wanted is None or (job.spec.environment, job.spec.function) == (wanted.environment, wanted.function)
        if alike and not job.status.final:
            return job
    raise BadInput("There is no job to resume: all that this master knows are over, or are of another function.")


def _document(options: argparse.Namespace) -> JobDocument | None:
    """What to run. None where an earlier job is to go on, and nothing else was said."""
    source = given_source(options)
    if options.job is not None:
        document = JobDocument.load(options.job)
        given = {
            "environment": None if options.environment is None else str(options.environment),
            "function": options.function,
            "reduce": options.reduce,
            "arguments": source,
            "name": options.name,
        }
        given = {field: value for field, value in given.items() if value is not None}
        given["shared"] = tuple({**dict(document.shared), **_shared(options)}.items())
        return replace(document, **given, **given_options(options))
    if options.resume is not None and options.environment is None and options.function is None and source is None:
        return None
    if options.environment is None or options.function is None or source is None:
        raise BadInput(
            "Give a job document, or --environment, --function and arguments (--expression, --file, --folder, --sweep)."
        )
    return JobDocument(
        name=options.name or options.function,
        environment=str(options.environment),
        function=options.function,
        reduce=options.reduce,
        arguments=source,
        shared=tuple(_shared(options).items()),
        **given_options(options),
    )


def _shared(options: argparse.Namespace) -> dict[str, str]:
    """Names and expressions of values that each call is given."""
    pairs = [text.partition("=") for text in options.shared]
    if wrong := [name for name, sign, text in pairs if not sign or not text.strip()]:
        raise BadInput(f"--shared takes a name and an expression, such as 'table=load()', not {wrong[0]!r}.")
    check_shared_names([name.strip() for name, _, _ in pairs], None)
    return {name.strip(): text.strip() for name, _, text in pairs}


def _fitted_spec(options: argparse.Namespace, document: JobDocument, bench: Workbench) -> JobSpec:
    """What to run, with its arguments passed as is best, where nobody has said how; says where they do not fit.

    An expression is run for that only where the function takes several arguments: else there is nothing to decide.
    """
    spec = replace(document.spec(), interpreter=interpreter_options())
    function = Environment.parse(spec.environment, spec.filename).function(spec.function)
    said = options.job is not None or "call" in given_options(options)
    several = function is not None and (function.positional_required > 1 or spec.call != "single")
    if document.arguments.kind == "expression" and not several:
        return spec
    source, is_table = document.arguments, document.arguments.kind in TABLE_KINDS
    looked_at = replace(source, columns=()) if is_table else source
    preview = bench.preview(looked_at, spec.environment, spec.filename)
    if is_table and preview.fields:
        preview = passed_preview(preview, function.parameters if function else (), source.columns)
    best = best_call(preview, function)
    spec = replace(spec, call=spec.call if said else best)
    problem = misfit(function, spec.call, preview)
    if problem:
        better = best != spec.call and not misfit(function, best, preview)
        hint = f" Try --call {best}." if better else ""
        print(f"mcgui-core: The arguments do not fit. {problem}{hint}", file=sys.stderr)
    return spec


def _cluster(options: argparse.Namespace, stack: ExitStack) -> Cluster:
    """The master that was named, or else this user's, or else one of our own with this computer as its worker."""
    if options.link_file is not None:
        return stack.enter_context(Cluster.connect(read_link_file(options.link_file, "console")))
    alone = options.journal is not None or options.nprocs is not None
    if os.environ.get(VARIABLE) and options.journal is None:
        return stack.enter_context(Cluster.connect(os.environ[VARIABLE]))
    if not alone and (theirs := _of_this_user()) is not None:
        return stack.enter_context(theirs)
    if options.resume is not None and options.journal is None:
        raise BadInput(
            "Say which master has the job to resume (--link-file, MCGUI_LINK), or which journal (--journal)."
        )
    master = stack.enter_context(Master(journal=options.journal))
    master.add_local_worker(options.nprocs)
    return master


def _of_this_user() -> Cluster | None:
    """The master that `mcgui-core master` serves for this user, if it is there."""
    links = default_link_file()
    if not links.exists():
        return None
    try:
        found = Cluster.connect(read_link_file(links, "console"))
    except (ConnectionFailed, LinkInvalid) as error:  # the links of a master with a journal outlast it
        print(f"mcgui-core: {error} So this runs on this computer alone.", file=sys.stderr)
        return None
    print(f"On the master {found.address}, as `mcgui-core status` shows.", file=sys.stderr)
    return found


def _follow(cluster: Cluster, id: int) -> JobStatus:
    """Wait for a job, with a line of progress on a terminal. Returns its last status."""
    job = cluster.job(id)
    live = sys.stderr.isatty()
    while True:
        try:
            found = job.wait(PROGRESS_SECONDS)
        except TimeoutError:
            found = job.status
        if live:
            print(f"\r\x1b[K{safe_line(_progress(found))}", end="", file=sys.stderr, flush=True)
        if found.final:
            if live:
                print(file=sys.stderr)
            return found


def _progress(status: JobStatus) -> str:
    settled = status.done + status.failed
    failed = f", {status.failed:,} failed" if status.failed else ""
    note = f" {status.reason}" if status.reason else ""
    counting = " and counting" if status.whole is None and not status.final else ""
    total = f"{status.whole or status.total:,}{counting}"
    return f"{status.name}: {settled:,} of {total}, {status.rate:,.0f} tasks/s{failed}.{note}"


def _print_outcome(status: JobStatus, reduced: Reduced | None, written: Exported | None) -> None:
    now = status.finished or time.time()
    took = now - status.created if status.started is None else status.took(now)
    tasks = f"{status.done:,} of {status.whole or status.total:,} tasks done in {took:.2f} s"
    print(safe(f"Job {status.id}, {status.name}: {status.state}, {tasks}."))
    if status.reason:
        print(safe(status.reason))
    if written is not None:
        print(_said_of(written))
    if reduced is not None:
        print(safe(reduced.text))


def _print_failures(job: Job, status: JobStatus) -> None:
    failures = job.failures(0, FAILURES_PRINTED)
    for failure in failures:
        print(safe(_failure_text(failure)), file=sys.stderr)
    if status.failed > len(failures):
        print(f"... and {status.failed - len(failures):,} more tasks failed.", file=sys.stderr)


def _failure_text(failure: TaskFailure) -> str:
    """What happened to a task, once: a traceback ends with the error, but not with what else the message says."""
    argument = f" ({failure.argument})" if failure.argument else ""
    said = f"{failure.type}: {failure.message}" if failure.type and failure.message else failure.type or failure.message
    first = "" if failure.traceback and failure.message in failure.traceback else f" {said}"
    return f"Task {failure.index}{argument} failed:{first}\n{failure.traceback}"


def _said_of(written: Exported) -> str:
    """Where the results are, and what whoever reads them has to know."""
    first = [f"{written.rows:,} rows written to {written.path}."] if written.rows or not written.notes else []
    return "\n".join([*first, *written.notes])


def _print_json(status: JobStatus, reduced: Reduced | None, written: Exported | None) -> None:
    outcome = asdict(status)
    outcome["output"] = None if written is None else asdict(written)
    outcome["reduced"] = None if reduced is None else reduced.text
    print(json.dumps(outcome))


def _print_status(link: JoinLink, snapshot: Snapshot) -> None:
    print(f"Master {link.address}")
    for job in snapshot.jobs:
        line = f"  job {job.id:>4}  {job.state:<10} {job.name:<24.24} {_progress(job).rpartition(f'{job.name}: ')[2]}"
        print(safe_line(line))
    for node in snapshot.nodes:
        print(safe_line(f"  {_node_line(node)}"))


def _print_access(access: AccessReport) -> None:
    if access.latest:
        last = access.latest[0]
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(last.last))
        times = "once" if access.failed_proofs == 1 else f"{access.failed_proofs:,} times"
        print(f"  somebody did not prove a key {times}, the last at {safe_line(last.address)}, {when}")
    for id, name in access.sent_away:
        print(f"  node {safe_line(name)} ({safe_line(id)}) is kept away")
    revoked = [kind for kind, valid in access.links if not valid]
    if revoked:
        print(f"  revoked links: {', '.join(revoked)}")


def _node_line(node: NodeStatus) -> str:
    slots = f"{node.busy}/{node.nprocs}" if node.state not in DEPARTED_STATES else "-"
    work = f"{node.done:>12,} done  {node.rate:>10,.0f}/s"
    return f"node {node.name:<20.20} {node.state:<9} {slots:>7}  {work}  {node.reason}"
