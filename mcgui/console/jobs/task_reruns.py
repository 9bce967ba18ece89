"""Tasks run once more: as they were, or with the code as it is now, where that is another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from mcgui import format
from mcgui.background import Background
from mcgui.console.comparison.file_differences import words_of
from mcgui.console.environment.editor_page import EditorPage
from mcgui.console.jobs.code_check import Code
from mcgui.console.jobs.job_controller import JobController
from mcgui.console.jobs.job_reopener import JobReopener, name_of_page
from mcgui.console.master.session import Session
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.tasks_of_job import TasksOfJob
from mcgui_core.base.ranges import RangeSet
from mcgui_core.protocol.messages import JobSpec, JobStatus

if TYPE_CHECKING:
    from mcgui_core.workbench.code_difference import CodeDifference

_ABOUT: Final = "retry"


@dataclass(frozen=True)
class _Rerun:
    """What is wanted: `words` are such as "Retry its 4 failed tasks"."""

    job: JobStatus
    words: str
    as_it_was: Callable[[], None]
    with_code: Callable[[JobSpec, Code], None]


class TaskReruns(QObject):
    """Signals: `submitted(job id)`: they run as this job."""

    submitted = Signal(int)

    def __init__(
        self,
        session: Session,
        background: Background,
        controller: JobController,
        reopener: JobReopener,
        messages: MessageBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._messages = session, background, messages
        self._controller, self._reopener = controller, reopener
        self._jobs: dict[int, JobStatus] = {}

    def show_jobs(self, jobs: tuple[JobStatus, ...]) -> None:
        self._jobs = {job.id: job for job in jobs}

    @Slot(int)
    def retry(self, id: int) -> None:
        """Run the failed tasks again, in the same job; where the editor holds other code by now, ask with which."""
        job = self._jobs.get(id)
        if job is None or not self._session.is_open:
            return
        if not job.failed:  # what never ran is run
            self._controller.retry(id)
            return
        self._ask(
            _Rerun(
                job,
                f"Retry its {format.plural(job.failed, 'failed task')}",
                lambda: self._controller.retry(id),
                lambda spec, code: self._retry_with(job, spec, code),
            )
        )

    def run(self, job: JobStatus, tasks: RangeSet) -> None:
        """Run these tasks again, as a new job; ask likewise."""
        self._ask(
            _Rerun(
                job,
                f"Run {format.plural(len(tasks), 'task')} of it again",
                lambda: self._run(job, tasks, None),
                lambda _, code: self._run(job, tasks, code),
            )
        )

    def run_where(self, job: JobStatus, where: str, count: int) -> None:
        """Run the tasks that a filter keeps again, as a new job; ask likewise. `count` says how many they are."""
        self._ask(
            _Rerun(
                job,
                f"Run {format.plural(count, 'task')} of it again",
                lambda: self._run(job, RangeSet(), None, where),
                lambda _, code: self._run(job, RangeSet(), code, where),
            )
        )

    def _ask(self, rerun: _Rerun) -> None:
        if not self._session.is_open:
            return
        cluster, id = self._session.cluster, rerun.job.id
        self._background.run(
            lambda: cluster.job(id).spec, lambda spec: self._on_spec(rerun, spec), lambda _: rerun.as_it_was()
        )

    def _on_spec(self, rerun: _Rerun, spec: JobSpec) -> None:
        page = self._reopener.page_of(spec) if spec.environment else None
        if page is None:
            rerun.as_it_was()
            return
        check = self._reopener.code
        code = check.code_of(page, spec)
        check.check(spec, code, lambda found: self._on_checked(rerun, spec, page, found), self._on_trouble)

    def _on_checked(self, rerun: _Rerun, spec: JobSpec, page: EditorPage, found: CodeDifference) -> None:
        if found.is_none:
            rerun.as_it_was()
            return
        name = "The environment" if page.path is None else page.path.name
        files = f": {words_of(found.files)}" if found.files else ""
        subject = f"{name} is" if found.text or not found.files else f"What travels with {name} is"
        text = (
            f"{subject} not what job {rerun.job.id} ran any more{files}. {rerun.words} with the code as it is now, or "
            "as it was?"
        )
        actions = (
            ("With the code as it is now", lambda: self._with_page(rerun, spec, page)),
            ("As it was", rerun.as_it_was),
            ("Show the difference", lambda: self._show(rerun, spec, page, found)),
        )
        self._messages.say(Message(_ABOUT, text, "info", actions=actions, asks=True))

    def _show(self, rerun: _Rerun, spec: JobSpec, page: EditorPage, found: CodeDifference) -> None:
        """The question stays."""
        self._reopener.show_difference(rerun.job)
        self._on_checked(rerun, spec, page, found)

    def _with_page(self, rerun: _Rerun, spec: JobSpec, page: EditorPage) -> None:
        page.look_through()
        if page.known.problem is not None:
            self._messages.say(Message(_ABOUT, f"{name_of_page(page)} has a problem: {page.known.problem}", "warning"))
            return
        rerun.with_code(spec, self._reopener.code.code_of(page, spec))

    def _retry_with(self, job: JobStatus, spec: JobSpec, code: Code) -> None:
        """In the same job, once that is over; until then it goes on as it is, and they are a job of their own."""
        bench, now = self._session.bench, self._jobs.get(job.id, job)
        if now.final:
            self._controller.renew(job.id)
            self._background.run(lambda: bench.retry_failed(job.id, code), failed=self._on_trouble)
            return
        failed = ArgumentSource("tasks", text=str(TasksOfJob(job.id, "failed")))
        note = f"The failed tasks of job {job.id}, with other code."
        new = replace(spec, environment=code[0], filename=code[1], main="", files=(), note=note)

        def submit() -> int:
            from mcgui_core.client.project_upload import is_file

            return bench.submit(new, failed, code[2] if is_file(code[1]) else ())

        self._background.run(submit, self.submitted.emit, self._on_trouble)

    def _run(self, job: JobStatus, tasks: RangeSet, code: Code | None, where: str = "") -> None:
        if self._session.is_open:
            bench = self._session.bench
            self._background.run(
                lambda: bench.run_tasks(job.id, tasks, where, code), self.submitted.emit, self._on_trouble
            )

    def _on_trouble(self, error: Exception) -> None:
        self._messages.say(Message.of_error(_ABOUT, error, "The tasks were not run. "))
