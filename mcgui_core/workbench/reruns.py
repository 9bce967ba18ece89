"""Tasks of a job that there was, run once more: in that job, or as a new one; with its code, or with another."""

from __future__ import annotations

from dataclasses import replace

from mcgui_core.arguments.call_fit import check_call
from mcgui_core.base.ranges import RangeSet
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.document_arguments import kept_with_files, read_kept
from mcgui_core.client.project_upload import given_requirements, is_file
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.environment.environment_source import Environment
from mcgui_core.protocol.messages import JobSpec

#: Source of an environment, the name of its file, and patterns of what travels with it. None: what the job had named.
Code = tuple[str, str, tuple[str, ...] | None]


def retry_failed(cluster: Cluster, id: int, code: Code) -> None:
    """In the same job, whose code that is from then on. Raises BadInput, EnvironmentInvalid, FunctionNotFound."""
    job = cluster.job(id)
    job.retry_with(_with_code(cluster, job.spec, code))


def run_tasks(cluster: Cluster, id: int, tasks: RangeSet, code: Code | None) -> int:
    """As a new job; returns its id. Without `code`, with that of the job. Raises as `retry_failed` does."""
    job = cluster.job(id)
    spec = job.spec if code is None else _with_code(cluster, job.spec, code)
    note = f"{len(tasks):,} {'task' if len(tasks) == 1 else 'tasks'} of job {id}{', with other code' if code else ''}."
    return cluster.submit_spec_from(job, tasks, replace(spec, note=note, source="")).id


def _with_code(cluster: Cluster, spec: JobSpec, code: Code) -> JobSpec:
    """The spec with this code, of which the master has all files then."""
    source, filename, files = code
    environment = Environment.parse(source, filename)
    environment.check(spec.function)
    if spec.reduce:
        environment.check(spec.reduce)
    check_call(environment.function(spec.function), spec.call, [name for name, _ in spec.shared], spec.seed)
    new = replace(spec, environment=source, filename=filename, main="", files=(), requirements=(), requires_python="")
    TrustStore().vouch_for_source(source, filename)  # what this user runs here may be run here
    given = given_requirements(spec)
    if not is_file(filename):
        return cluster.with_project(new, (), given)
    named = read_kept(spec.source).files if files is None else files
    return cluster.with_project(replace(new, source=kept_with_files(spec.source, named)), named, given)
