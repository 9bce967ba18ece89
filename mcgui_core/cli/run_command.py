"""`mcgui-core run`: a job from its first argument to its results."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from pathlib import Path

from mcgui_core.arguments.argument_fit import best_call, misfit, needs_spreading
from mcgui_core.arguments.argument_source import TABLE_KINDS
from mcgui_core.arguments.call_fit import given_names, misfit_of_names
from mcgui_core.arguments.column_matching import passed_preview
from mcgui_core.cli.argument_options import given_source
from mcgui_core.cli.ending_signals import Ended, ending_signals
from mcgui_core.cli.job_commands import FEW, print_few
from mcgui_core.cli.job_progress import exit_code, follow, print_failures
from mcgui_core.cli.job_words import outcome_lines
from mcgui_core.cli.master_choice import THAT_STAY, my_master, named_master
from mcgui_core.cli.meant_command import as_typed, check_document, check_environment
from mcgui_core.cli.output_file import check_output, output_of, write_output_of_run
from mcgui_core.cli.run_options import given_options
from mcgui_core.cli.safe_text import safe
from mcgui_core.client.access.link_files import VARIABLE, leave_link, take_link_back
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.job import Job
from mcgui_core.client.job_document import JobDocument
from mcgui_core.client.master import Master
from mcgui_core.environment.environment_source import Environment
from mcgui_core.environment.function_info import FunctionInfo, with_given
from mcgui_core.errors import BadInput, ConnectionFailed, McguiError, NoMaster
from mcgui_core.processes.own_interpreter import interpreter_options
from mcgui_core.protocol.job_check import check_shared_names
from mcgui_core.protocol.messages import ArgumentsPreview, JobSpec, JobStatus, Reduced
from mcgui_core.protocol.queries import Exported
from mcgui_core.protocol.run_options import CallStyle
from mcgui_core.workbench.workbench import Workbench

#: Seconds in which a job that is on its way to the master may arrive there.
MOMENT = 1.0


def run(options: argparse.Namespace) -> int:
    """Run a job to its end, or the rest of one, and print what came of it."""
    document = _document(options)
    if document is not None:
        check_environment(Path(document.environment))
    check_output(options)
    with ending_signals() as signals, ExitStack() as stack:
        cluster = _cluster(options, stack)
        bench = stack.enter_context(Workbench(cluster.own_link, home=cluster.home, trust_workers=options.trust_workers))
        number: Future[int] = Future()  # of the job: it may come to the master just before we are interrupted
        try:
            job = _begin(options, document, cluster, bench, number)
            _warn_of_loss(options, cluster, job)
            status = follow(cluster, job, signals)
        except KeyboardInterrupt as signal:
            if number.running() or number.done():
                with suppress(TimeoutError, McguiError):  # no job yet: an expression takes its time, above all
                    _break_off(options, cluster, cluster.job(number.result(MOMENT)), signal)
            raise
        reduced = bench.reduce(job.id) if job.spec.reduce and status.state == "finished" else None
        written, as_wanted = write_output_of_run(bench, status, options) if output_of(options) else (None, True)
        if options.json:
            _print_json(status, reduced, written)
        else:
            print("\n".join(outcome_lines(status, reduced, written)))
            if written is None and status.done:
                _show_results(options, cluster, bench, status)
        print_failures(job, status)
        if status.state == "finished" and not status.total:
            print("mcgui-core: There were no arguments, so nothing ran.", file=sys.stderr)
    if not as_wanted:
        return 1
    return 3 if reduced and reduced.failed else exit_code(status)


# --- inside -----------------------------------------------------------------------------------------------------


def _begin(
    options: argparse.Namespace,
    document: JobDocument | None,
    cluster: Cluster,
    bench: Workbench,
    number: Future[int],
) -> Job:
    """A new job; or, where that is wanted, one that was broken off, which then goes on. `number` becomes its."""
    if options.resume is None:
        assert document is not None
        return cluster.job(_submitted(options, document, bench, number))
    if given_options(options):
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given_options(options))
        raise BadInput(f"A job that goes on keeps the options that it was started with: leave out {names}.")
    job = _to_resume(options.resume, document, cluster)
    number.set_result(job.id)
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


def _submitted(options: argparse.Namespace, document: JobDocument, bench: Workbench, number: Future[int]) -> int:
    """The number of a new job, made in a thread: who is interrupted meanwhile can still hear which it is."""
    spec = _fitted_spec(options, document, bench)

    def submit() -> None:
        try:
            number.set_result(bench.submit(spec, document.arguments, document.files, document.shared))
        except Exception as error:  # noqa: BLE001 - it is raised where the number is asked for
            number.set_exception(error)

    number.set_running_or_notify_cancel()
    threading.Thread(target=submit, name="submission", daemon=True).start()
    return number.result()


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
        check_document(options.job, options)
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
        given["files"] = tuple(dict.fromkeys((*document.files, *options.files)))
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
        files=tuple(options.files),
        **given_options(options),
    )


def _shared(options: argparse.Namespace) -> dict[str, str]:
    """Names and expressions of values that each call is given."""
    pairs = [text.partition("=") for text in options.shared]
    if wrong := [name for name, sign, text in pairs if not sign or not text.strip()]:
        raise BadInput(f'--shared takes a name and an expression, such as "table=load()", not {wrong[0]!r}.')
    check_shared_names([name.strip() for name, _, _ in pairs], None)
    return {name.strip(): text.strip() for name, _, text in pairs}


def _fitted_spec(options: argparse.Namespace, document: JobDocument, bench: Workbench) -> JobSpec:
    """What to run, with its arguments passed as is best, where nobody has said how.

    An expression is run for that only where the function needs several arguments, or some by name: else there is
    nothing to decide.
    Raises BadInput where not even the first argument fits; says where others do not.
    """
    spec = replace(document.spec(), interpreter=interpreter_options())
    whole = Environment.parse(spec.environment, spec.filename).function(spec.function)
    shared = [name for name, _ in document.shared]
    chosen = options.job is not None or "call" in given_options(options)
    _check_names(whole, spec.call if chosen else "kwargs", shared, spec.seed)  # passed by name, most names are free
    function = None if whole is None else with_given(whole, given_names(shared, spec.seed))
    undecided = function is not None and (needs_spreading(function) or spec.call != "single")
    if document.arguments.kind == "expression" and not undecided:
        _check_names(whole, spec.call, shared, spec.seed)
        return spec
    source, is_table = document.arguments, document.arguments.kind in TABLE_KINDS
    looked_at = replace(source, columns=()) if is_table else source
    preview = bench.preview(looked_at, spec.environment, spec.filename)
    if preview.note:
        print(f"mcgui-core: {safe(preview.note)}", file=sys.stderr)
    if is_table and preview.fields:
        preview = passed_preview(preview, function.parameters if function else (), source.columns)
    best = best_call(preview, function)
    spec = replace(spec, call=spec.call if chosen else best)
    _check_names(whole, spec.call, shared, spec.seed)
    problem = misfit(function, spec.call, preview)
    if problem:
        better = best != spec.call and not misfit(function, best, preview)
        hint = f" Try --call {best}." if better else _how_to_pass(function, spec, preview if is_table else None)
        said = f"The arguments do not fit. {problem}{hint}"
        if misfit(function, spec.call, replace(preview, widths=preview.widths[:1])):
            raise BadInput(said)
        print(f"mcgui-core: {safe(said)}", file=sys.stderr)
    return spec


def _check_names(function: FunctionInfo | None, call: CallStyle, shared: Sequence[str], seed: str | None) -> None:
    if problem := misfit_of_names(function, call, shared, seed):
        raise BadInput(problem)


def _how_to_pass(function: FunctionInfo | None, spec: JobSpec, table: ArgumentsPreview | None) -> str:
    """How a parameter that nothing reaches is given its value, in a terminal: by a column of the `table` that is passed
    as no parameter, or as a shared value."""
    if function is not None and table is not None and spec.call == "kwargs" and not function.any_name:
        unknown = [field for field in table.fields if field in table.columns and field not in function.parameters]
        free = [name for name in function.parameters if name not in table.columns]
        if unknown and free:
            return f' Pass a column by another name, --map "{unknown[0]}={free[0]}", or leave it out, "{unknown[0]}=".'
        return f' Leave a column out by --map "{unknown[0]}=".' if unknown else ""
    if function is None or spec.call != "single" or function.positional_required < 2:
        return ""
    return f' Share it by --shared "{function.required[1]}=EXPRESSION".'


def _cluster(options: argparse.Namespace, stack: ExitStack) -> Cluster:
    """The master that was named, or else this user's, or else one of our own with this computer as its worker."""
    if options.link_file is not None or (os.environ.get(VARIABLE) and options.journal is None):
        named = named_master(options)
        assert named is not None
        return stack.enter_context(named)
    alone = options.journal is not None or options.nprocs is not None
    if not alone and (theirs := _of_this_user()) is not None:
        return stack.enter_context(theirs)
    if options.resume is not None and options.journal is None:
        raise BadInput(
            "Say which master has the job to resume (--link-file, MCGUI_LINK), or which journal (--journal)."
        )
    master = stack.enter_context(Master(journal=options.journal))
    master.add_local_worker(options.nprocs)
    leave_link("run", master.own_link)  # for other terminals: to look at it, to pause it
    stack.callback(take_link_back, "run")
    return master


def _of_this_user() -> Cluster | None:
    """The master that `mcgui-core master` or the console serves for this user, if it is there."""
    try:
        found, server = my_master(THAT_STAY)
    except NoMaster as none:
        for why in none.tried:  # the links of a master with a journal outlast it
            print(f"mcgui-core: {why} So this runs on this computer alone.", file=sys.stderr)
        return None
    whose = ", which the console has open" if server == "console" else ""
    print(f"On the master {found.address}{whose}, as `mcgui-core status` shows.", file=sys.stderr)
    return found


def _break_off(options: argparse.Namespace, cluster: Cluster, job: Job, signal: KeyboardInterrupt) -> None:
    """We are told to end before the job has. Ctrl+C cancels it; it goes on where it can without us otherwise."""
    told = f"Job {job.id} was cancelled."
    if options.journal is not None:  # a master of our own, which ends with us: who keeps a journal wants to go on
        again = f"--journal {as_typed(options.journal)} --resume"
        told = f"Job {job.id} was broken off. The same with {again} goes on with it."
    else:
        with suppress(ConnectionFailed):
            if isinstance(signal, Ended) and not cluster.home and job.status.sealed:
                told = f"Job {job.id} goes on without this command: `mcgui-core wait {job.id}` waits for it."
            else:
                job.cancel()
    with suppress(OSError):  # the terminal may be gone
        print(told, file=sys.stderr, flush=True)


def _warn_of_loss(options: argparse.Namespace, cluster: Cluster, job: Job) -> None:
    """Say before the work, not after it, that its results would not be kept."""
    if output_of(options) or options.journal is not None or not cluster.home or job.spec.reduce:
        return
    whole = job.status.whole
    if whole is None or whole > FEW:
        print(
            f"mcgui-core: The first {FEW} results will be printed, and none are kept: --output FILE writes all of "
            "them, --journal FILE keeps the run.",
            file=sys.stderr,
        )


def _show_results(options: argparse.Namespace, cluster: Cluster, bench: Workbench, status: JobStatus) -> None:
    """Nobody has said where the results are to go: those that are few are printed, and the place of all is named."""
    where = "" if options.link_file is None else f" --link-file {as_typed(options.link_file)}"
    where = where if options.journal is None else f" --journal {as_typed(options.journal)}"
    kept = options.journal is not None or not cluster.home
    if status.reduce is None and (status.total <= FEW or not kept):
        print_few(bench, status)
    if kept:
        print(f"Its results are kept: `mcgui-core results {status.id} FILE{where}` writes them to a file.")
    elif status.reduce is None and status.total > FEW:
        print(f"... and {status.total - FEW:,} more, which were not kept: give --output FILE.")


def _print_json(status: JobStatus, reduced: Reduced | None, written: Exported | None) -> None:
    outcome = asdict(status)
    outcome["output"] = None if written is None else asdict(written)
    outcome["reduced"] = None if reduced is None else reduced.text
    print(json.dumps(outcome))
