"""Retrying failed tasks: as they were, or with the code as it is now, where that is another."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from mcgui import format
from mcgui.background import Background
from mcgui.console.environment.editor_page import EditorPage
from mcgui.console.jobs.job_controller import JobController
from mcgui.console.jobs.job_reopener import JobReopener, name_of_page
from mcgui.console.master.session import Session
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.tasks_of_job import TasksOfJob
from mcgui_core.protocol.messages import JobSpec, JobStatus

_ABOUT: Final = "retry"


class FailedTasks(QObject):
    """Signals: `submitted(job id)`: the failed tasks run as this job."""

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
        """Run the failed tasks again; where the editor holds other code by now, ask with which."""
        job = self._jobs.get(id)
        if job is None or not self._session.is_open:
            return
        cluster = self._session.cluster
        self._background.run(
            lambda: cluster.job(id).spec, lambda spec: self._ask(job, spec), lambda _: self._controller.retry(id)
        )

    def _ask(self, job: JobStatus, spec: JobSpec) -> None:
        page = self._reopener.page_of(spec) if spec.environment else None
        if page is None or page.source == spec.environment or not job.failed:
            self._controller.retry(job.id)
            return
        name = "The environment" if page.path is None else page.path.name
        text = (
            f"{name} is not what job {job.id} ran any more. Retry its {format.plural(job.failed, 'failed task')} with "
            "the code as it is now, or as it was?"
        )
        actions = (
            ("With the code as it is now", lambda: self._retry_with(job, spec, page)),
            ("As it was", lambda: self._controller.retry(job.id)),
            ("Show the difference", lambda: self._show(job, spec)),
        )
        self._messages.say(Message(_ABOUT, text, "info", actions=actions, asks=True))

    def _show(self, job: JobStatus, spec: JobSpec) -> None:
        """The question stays."""
        self._reopener.show_difference(job)
        self._ask(job, spec)

    def _retry_with(self, job: JobStatus, spec: JobSpec, page: EditorPage) -> None:
        page.look_through()
        if page.known.problem is not None:
            self._messages.say(Message(_ABOUT, f"{name_of_page(page)} has a problem: {page.known.problem}", "warning"))
            return
        bench = self._session.bench
        failed = ArgumentSource("tasks", text=str(TasksOfJob(job.id, "failed")))
        note = f"The failed tasks of job {job.id}, with other code."
        filename = str(page.path) if page.path is not None else page.filename
        new = replace(spec, environment=page.source, filename=filename, main="", files=(), note=note)
        self._background.run(lambda: bench.submit(new, failed), self.submitted.emit, self._on_trouble)

    def _on_trouble(self, error: Exception) -> None:
        self._messages.say(Message.of_error(_ABOUT, error, "The failed tasks were not run. "))
