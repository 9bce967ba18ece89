"""Answers in the background whether a job's code, with all that travels with it, is another one now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mcgui.background import Background
from mcgui.console.comparison.file_differences import ComparedFile, Reader, file_reader, with_texts
from mcgui.console.environment.editor_page import EditorPage
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.form.job_form import JobForm, JobRequest
from mcgui.console.master.session import Session
from mcgui_core.protocol.messages import JobSpec

if TYPE_CHECKING:
    from mcgui_core.client.cluster import Cluster
    from mcgui_core.workbench.code_difference import CodeDifference

#: Source of an environment, the name of its file, and patterns of what travels with it.
Code = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two descriptions of jobs, and what of their code differs."""

    before: JobSpec
    after: JobSpec
    difference: CodeDifference
    files: tuple[ComparedFile, ...] = ()


class CodeCheck:
    """Reads files of projects, and the master's, never in the GUI's thread."""

    def __init__(self, session: Session, background: Background, environment: EnvironmentPanel, form: JobForm) -> None:
        self._session, self._background = session, background
        self._environment, self._form = environment, form

    def code_of(self, page: EditorPage, spec: JobSpec) -> Code:
        """What would run: the files that are picked count for the text in front, and for others what the job names."""
        from mcgui_core.client.document_arguments import read_kept

        in_front = page is self._environment.tabs.current
        files = self._form.files if in_front else read_kept(spec.source).files
        place = str(page.path) if page.path is not None else page.known.beside or page.filename
        return page.source, place, files

    def check(
        self,
        spec: JobSpec,
        code: Code,
        done: Callable[[CodeDifference], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Tell what of the code is another now."""

        def work() -> CodeDifference:
            from mcgui_core.workbench.code_difference import code_difference, code_now

            return code_difference(spec, code_now(spec, *code).spec)

        self._background.run(work, done, failed)

    def compare_with_now(
        self,
        spec: JobSpec,
        code: Code,
        request: JobRequest | None,
        done: Callable[[Comparison], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """The same with the texts of files; function and options are those of the request, where there is one."""
        cluster = self._session.cluster
        asked = _as_kept(request, spec) if request is not None else spec

        def work() -> Comparison:
            from mcgui_core.workbench.code_difference import code_difference, code_now

            now = code_now(asked, *code)
            found = code_difference(spec, now.spec)
            texts = with_texts(found.files, _reader_of(cluster), file_reader(now.places))
            return Comparison(spec, now.spec, found, texts)

        self._background.run(work, done, failed)

    def compare_jobs(
        self, one: int, other: int, done: Callable[[Comparison], None], failed: Callable[[Exception], None]
    ) -> None:
        """The same for two jobs."""
        cluster = self._session.cluster

        def work() -> Comparison:
            from mcgui_core.workbench.code_difference import code_difference

            before, after = cluster.job(one).spec, cluster.job(other).spec
            found = code_difference(before, after)

            read = _reader_of(cluster)
            return Comparison(before, after, found, with_texts(found.files, read, read))

        self._background.run(work, done, failed)


def _reader_of(cluster: Cluster) -> Reader:
    """Reads what the master keeps."""
    return lambda file: cluster.file_content(file.sha256)


def _as_kept(request: JobRequest, spec: JobSpec) -> JobSpec:
    """The spec as the job would have it; of what is only known once files are read, the job's counts until then."""
    from mcgui_core.client.document_arguments import kept_text

    return replace(
        request.spec,
        environment=spec.environment,
        main=spec.main,
        files=spec.files,
        requirements=spec.requirements,
        requires_python=spec.requires_python,
        source=kept_text(request.arguments, request.shared, request.files),
    )
