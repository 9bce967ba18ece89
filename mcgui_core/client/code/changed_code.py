"""What a job has run, with its code as it is now, another name, other options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mcgui_core.client.job_spec import make_spec
from mcgui_core.client.project_upload import given_requirements, is_file, with_project, with_requirements
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.protocol.run_options import OPTIONS, RunOptions


def changed_code(
    remote: RpcClient,
    spec: JobSpec,
    environment: str | Path | Callable[..., Any] | None,
    function: str | None = None,
    files: Iterable[str | Path] = (),
    name: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> JobSpec:
    """The spec, changed in what is given; the master has the files then. Raises BadInput."""
    options = options or {}
    if unknown := options.keys() - OPTIONS.keys():
        raise BadInput(f"There is no option {min(unknown)!r}.")
    now = RunOptions(**spec.options() | dict(options)).checked()
    name, given = name or spec.name, [name for name, _ in spec.shared]
    if callable(environment):
        called = make_spec(None, environment, None, name, now, shared=given)
        called = with_requirements(replace(called, shared=spec.shared), given_requirements(spec))
        return with_project(remote, called, files)
    if environment is not None:
        changed = make_spec(environment, function or spec.function, spec.reduce, name, now, shared=given)
        changed = replace(changed, shared=spec.shared, source=spec.source)
        changed = with_requirements(changed, given_requirements(spec))
        return with_project(remote, changed, _patterns(files) or _named_before(changed))
    if function is not None or files:
        raise BadInput("A function and files belong to an environment: give that too.")
    return replace(spec, name=name, **now.options())


def _patterns(files: Iterable[str | Path]) -> tuple[str, ...]:
    return (str(files),) if isinstance(files, str | Path) else tuple(map(str, files))


def _named_before(spec: JobSpec) -> tuple[str, ...]:
    """The patterns of files that were named for the job, which still go with its file."""
    if not spec.source or not is_file(spec.filename):
        return ()
    from mcgui_core.client.document_arguments import read_kept  # here, because few jobs need it

    return read_kept(spec.source).files
