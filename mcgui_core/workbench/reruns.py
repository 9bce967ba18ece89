"""Tasks of a job that there was, run once more: in that job, or as a new one; with its code, or with another."""

from __future__ import annotations

from dataclasses import replace

from mcgui_core.base.ranges import RangeSet
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.document_arguments import read_kept
from mcgui_core.client.project_upload import is_file
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.environment.environment_source import Environment
from mcgui_core.protocol.messages import JobSpec

#: Source of an environment, and the name of its file.
Code = tuple[str, str]


def retry_failed(cluster: Cluster, id: int, code: Code) -> None:
    """In the same job, whose code that is from then on. Raises BadInput, EnvironmentInvalid, FunctionNotFound."""
    job = cluster.job(id)
    job.retry_with(_with_code(cluster, job.spec, code))


def run_tasks(cluster: Cluster, id: int, tasks: RangeSet, code: Code | None) -> int:
    """As a new job; returns its id. Without `code`, with that of the job. Raises as `retry_failed` does."""
    job = cluster.job(id)
    spec = job.spec if code is None else _with_code(cluster, job.spec, code)
    note = f"{len(tasks):,} {'task' if len(tasks) == 1 else 'tasks'} of job {id}{', with other code' if code else ''}."
    return cluster.submit_spec_from(job, tasks, replace(spec, note=note)).id


def _with_code(cluster: Cluster, spec: JobSpec, code: Code) -> JobSpec:
    """The spec with this code, of which the master has all files then."""
    source, filename = code
    environment = Environment.parse(source, filename)
    environment.check(spec.function)
    if spec.reduce:
        environment.check(spec.reduce)
    new = replace(spec, environment=source, filename=filename, main="", files=(), requirements=(), requires_python="")
    TrustStore().vouch_for_source(source, filename)  # what this user runs here may be run here
    return cluster.with_project(new, read_kept(spec.source).files if is_file(filename) else ())
