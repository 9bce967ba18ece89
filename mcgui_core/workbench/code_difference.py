"""Whether the code of a job is another than that of another job, or than it is now: its text, and all that travels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from mcgui_core.client.document_arguments import kept_with_files, read_kept
from mcgui_core.client.project_upload import given_requirements, is_file, with_requirements
from mcgui_core.environment.project_reader import read_project
from mcgui_core.errors import McguiError
from mcgui_core.protocol.messages import JobSpec, ProjectFile


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file that is not the same in both; None where it is not there. The environment itself is none of them."""

    path: str  # in the project, with "/"
    before: ProjectFile | None
    after: ProjectFile | None

    @property
    def kind(self) -> Literal["new", "gone", "changed"]:
        """What became of it."""
        if self.before is None:
            return "new"
        return "gone" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class CodeDifference:
    """What is not the same."""

    text: bool  # of the environment, or the object that the function came as
    files: tuple[FileDifference, ...]
    shared: bool  # expressions of the values that each call is given
    requirements: bool

    @property
    def is_none(self) -> bool:
        """Whether the code is the same in everything."""
        return not (self.text or self.files or self.shared or self.requirements)


@dataclass(frozen=True, slots=True)
class CodeNow:
    """What a job would be with its code as it is now, and where the files lie that would travel with it."""

    spec: JobSpec
    places: dict[str, Path]  # by their paths in the project


def code_difference(before: JobSpec, after: JobSpec) -> CodeDifference:
    """What of the code is another: files are compared by path and content."""
    ours, theirs = _beside(before), _beside(after)
    return CodeDifference(
        text=_told(before) != _told(after),
        files=tuple(
            FileDifference(path, ours.get(path), theirs.get(path))
            for path in sorted(ours.keys() | theirs.keys())
            if ours.get(path) != theirs.get(path)
        ),
        shared=read_kept(before.source).shared != read_kept(after.source).shared,
        requirements=_required(before) != _required(after),
    )


def code_now(spec: JobSpec, source: str, filename: str, patterns: tuple[str, ...]) -> CodeNow:
    """The spec with this source of a file of this name, and what travels with that now; nothing is sent.

    `patterns` are the files that are picked. All files are read, which may take seconds. Where they cannot be, as the
    header of the source is broken, they count as they were.
    """
    new = replace(spec, source=kept_with_files(spec.source, patterns))
    if source != spec.environment:
        new = _with_header(replace(new, environment=source, filename=filename), spec)
    if not is_file(filename):
        return CodeNow(replace(new, main="", files=()), {})
    try:
        project = read_project(Path(filename), patterns, source)
    except (McguiError, OSError):
        return CodeNow(new, {})
    return CodeNow(replace(new, main=project.main, files=project.files), project.places)


def _with_header(spec: JobSpec, before: JobSpec) -> JobSpec:
    try:
        return with_requirements(replace(spec, requirements=(), requires_python=""), given_requirements(before))
    except McguiError:  # a header that is broken requires nothing that anybody knew
        return replace(spec, requirements=(), requires_python="")


def _beside(spec: JobSpec) -> dict[str, ProjectFile]:
    return {file.path: file for file in spec.files if file.path != spec.main}


def _told(spec: JobSpec) -> tuple[object, ...]:
    return spec.environment, spec.pickled_function, spec.function_content


def _required(spec: JobSpec) -> tuple[object, ...]:
    return spec.requirements, spec.requires_python
