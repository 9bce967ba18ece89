"""What an environment needs beside it comes to the master before its job does."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcgui_core.client.content_upload import bring_pieces
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import Content, JobSpec, ProjectFile

if TYPE_CHECKING:  # the window imports this before it is there, and connections come later
    from mcgui_core.environment.project_reader import Project
    from mcgui_core.protocol.rpc_client import RpcClient

#: Problems of a project that one message lists.
PROBLEMS_SHOWN = 5


def with_requirements(spec: JobSpec, requirements: Iterable[str]) -> JobSpec:
    """The spec with what its environment requires by its header, and these. Raises BadInput, EnvironmentInvalid."""
    header = _header(spec)
    if not header and not requirements:
        return spec
    from mcgui_core.environment.requirements import checked_python, checked_requirements

    if isinstance(requirements, str):
        requirements = (requirements,)
    found = checked_requirements([*header.get("dependencies", ()), *requirements])
    return replace(spec, requirements=found, requires_python=checked_python(header.get("requires-python", "")))


def given_requirements(spec: JobSpec) -> tuple[str, ...]:
    """What a job requires that a program has said, and not its environment: it goes with other code too."""
    from mcgui_core.environment.requirements import checked_requirements

    by_header = checked_requirements(_header(spec).get("dependencies", ())) if spec.requirements else ()
    return tuple(one for one in spec.requirements if one not in by_header)


def _header(spec: JobSpec) -> dict[str, Any]:
    """What stands at the head of its environment. Raises EnvironmentInvalid."""
    if spec.is_object or "# /// script" not in spec.environment:
        return {}
    from mcgui_core.environment.environment_source import script_header

    return script_header(spec.environment, spec.filename)


def with_project(remote: RpcClient, spec: JobSpec, files: Iterable[str | Path]) -> JobSpec:
    """The spec with the files of its project, which the master has then. As it is, where the environment is no file.

    Raises BadInput for files that cannot travel, EnvironmentInvalid.
    """
    patterns = tuple(map(str, (files,) if isinstance(files, str | Path) else files))
    if spec.pickled_function is not None:
        from mcgui_core.client.code.callable_project import callable_project  # here, because others do without it

        with ExitStack() as until:
            return _with(remote, spec, callable_project(spec.pickled_function, patterns, until), patterns)
    if is_file(spec.filename):
        from mcgui_core.environment.project_reader import read_project

        return _with(remote, spec, read_project(Path(spec.filename), patterns, spec.environment), patterns)
    if patterns:
        raise BadInput("files belong to an environment that is a file: give its Path.")
    return spec


def _with(remote: RpcClient, spec: JobSpec, project: Project, patterns: tuple[str, ...]) -> JobSpec:
    if project.problems:
        more = len(project.problems) - PROBLEMS_SHOWN
        shown = " ".join(project.problems[:PROBLEMS_SHOWN]) + (f" And {more} more." if more > 0 else "")
        raise BadInput(f"What {spec.name} needs cannot travel. {shown}")
    _bring(remote, project)
    if project.modules:
        TrustStore().vouch_for_modules(project.main, project.files, project.modules)
    source = spec.source
    if patterns and not source:
        from mcgui_core.client.document_arguments import kept_text  # here, because others do without it

        source = kept_text(None, (), patterns)
    return replace(spec, main=project.main, files=project.files, source=source)


def _bring(remote: RpcClient, project: Project) -> None:
    by_digest = {file.sha256: file for file in project.files}
    for digest in remote.call("missing_content", tuple(by_digest)):
        _bring_file(remote, project, by_digest[digest])


def _bring_file(remote: RpcClient, project: Project, file: ProjectFile) -> None:
    def piece(start: int, size: int) -> bytes:
        content.seek(start)
        data: bytes = content.read(size)
        if not data and file.size:
            raise BadInput(f"{file.path} changed while it was sent. Submit the job once more.")
        return data

    try:
        with BytesIO(project.source) if file.path == project.main else project.places[file.path].open("rb") as content:
            bring_pieces(remote, Content(file.sha256, file.size), piece)
    except OSError as error:
        raise BadInput(f"{file.path} cannot be read ({error.strerror}).") from error


def is_file(name: str) -> bool:
    """Whether an environment of this name is one, and not only text."""
    return os.path.isfile(name)  # noqa: PTH113 - which never raises, and each job asks: a Path takes five times as long
