"""What is done with the jobs of before: opened again, described, compared, made the source of new ones, deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Slot

from mcgui import format
from mcgui.background import Background
from mcgui.console.actions import ActionRegistry
from mcgui.console.jobs.job_reopener import JobReopener
from mcgui.console.jobs.task_reruns import TaskReruns
from mcgui.console.master.session import Session
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.console.results.rows_copier import selected_rows
from mcgui.console.work_tabs import WorkTabs
from mcgui_core.arguments.tasks_of_job import MOST_RANGES, TasksOfJob
from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.protocol.messages import JobStatus, Snapshot

_NONE: Final = "There is no job yet."
#: Seconds between two looks at what the journal takes, while a job runs.
_MEASURED_EVERY: Final = 10.0
_DAY: Final = 86_400.0
#: Ages by which old jobs are deleted, in days.
_AGES: Final = (("a day", 1), ("a week", 7), ("a month", 30))


class RememberedJobs(QObject):
    """Connects the actions to whoever does what they say, and keeps the size of the journal in sight."""

    def __init__(
        self,
        session: Session,
        background: Background,
        reopener: JobReopener,
        reruns: TaskReruns,
        tabs: WorkTabs,
        actions: ActionRegistry,
        messages: MessageBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._messages = session, background, messages
        self._reopener, self._reruns, self._tabs, self._actions = reopener, reruns, tabs, actions
        self._job: JobStatus | None = None
        self._jobs: tuple[JobStatus, ...] = ()
        self._measured: object = None  # how the jobs stood when the journal was last measured
        self._size: int | None = None
        for name, act in (
            ("open_job", self._on_open),
            ("describe_job", self._on_describe),
            ("compare_code", self._on_compare_code),
            ("compare_jobs", self._on_compare_jobs),
            ("new_job_of_failed", self._on_new_of_failed),
            ("new_job_of_selected", self._on_new_of_selected),
            ("new_job_of_filtered", self._on_new_of_filtered),
            ("run_selected", self._on_run_selected),
            ("retry", self._on_retry),
            ("delete_old_jobs", self._on_delete_old),
        ):
            actions[name].triggered.connect(act)
        tabs.jobs.description.described.connect(self._on_described)
        tabs.jobs.view.selectionModel().selectionChanged.connect(self._offer)
        tabs.results.view.selectionModel().selectionChanged.connect(self._offer)
        tabs.results.query.rows_changed.connect(self._offer)
        tabs.results.argument_wanted.connect(self._on_argument_wanted)
        tabs.failures.retry_wanted.connect(reruns.retry)
        reopener.task_wanted.connect(self._on_task_wanted)
        self._offer()

    # What comes from the master

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._jobs = snapshot.jobs
        self._reruns.show_jobs(snapshot.jobs)
        self._measure(snapshot.time)
        self._offer()

    def show_job(self, job: JobStatus | None) -> None:
        self._job = job
        self._offer()

    def forget(self) -> None:
        self._jobs, self._job, self._measured, self._size = (), None, None, None
        self._tabs.jobs.show_journal(None)
        self._offer()

    def _measure(self, now: float) -> None:
        """What the journal takes is told when a job's state has changed, and now and then while one runs."""
        runs = any(job.state == "running" for job in self._jobs)
        standing = (frozenset((job.id, job.state) for job in self._jobs), now // _MEASURED_EVERY if runs else 0)
        if standing != self._measured and self._session.is_open:
            self._measured = standing
            self._background.run(self._session.cluster.journal_bytes, self._on_measured, lambda _error: None)

    def _on_measured(self, size: int) -> None:
        self._size = size
        self._tabs.jobs.show_journal(size)

    @Slot()
    def _offer(self) -> None:
        job = self._job
        nothing = _NONE if job is None else ""
        two = "" if len(self._tabs.jobs.chosen) == 2 else "Select two jobs in the table of jobs, with Ctrl and a click."
        rows = "" if self._tabs.results.view.selectionModel().hasSelection() else "Select rows of the results first."
        kept = "" if self._tabs.results.query.where else "Filter the results first."
        over = any(one.final for one in self._jobs)
        for name, why in (
            ("open_job", nothing),
            ("describe_job", nothing),
            ("compare_code", nothing),
            ("compare_jobs", two),
            ("new_job_of_failed", nothing or ("" if job and job.failed else "No task of this job has failed.")),
            ("new_job_of_selected", nothing or rows),
            ("new_job_of_filtered", nothing or kept),
            ("run_selected", nothing or rows),
            ("delete_old_jobs", "" if over else "No job is over yet."),
        ):
            self._actions.set_obstacle(name, why)

    # What the actions do

    @Slot()
    def _on_open(self) -> None:
        if self._job is not None:
            self._reopener.open(self._job)

    @Slot()
    def _on_compare_code(self) -> None:
        if self._job is not None:
            self._reopener.show_difference(self._job)

    @Slot()
    def _on_compare_jobs(self) -> None:
        chosen = sorted(self._tabs.jobs.chosen, key=lambda job: job.id)
        if len(chosen) == 2:
            self._reopener.compare(*chosen)

    @Slot()
    def _on_retry(self) -> None:
        if self._job is not None:
            self._reruns.retry(self._job.id)

    @Slot()
    def _on_new_of_failed(self) -> None:
        if self._job is not None:
            self._reopener.open_tasks(TasksOfJob(self._job.id, "failed"), self._job)

    @Slot()
    def _on_new_of_selected(self) -> None:
        self._with_selected(self._open_tasks)

    @Slot()
    def _on_run_selected(self) -> None:
        self._with_selected(self._reruns.run)

    def _with_selected(self, act: Callable[[JobStatus, RangeSet], None]) -> None:
        """Do it with the tasks of the rows that are selected, also of those that nobody has scrolled to."""
        job, view = self._job, self._tabs.results.model.view
        rows = selected_rows(self._tabs.results.view, self._tabs.results.model)
        if job is not None and view is not None and rows and self._session.is_open:
            bench = self._session.bench
            self._background.run(
                lambda: RangeSet(bench.tasks_at(job.id, view, rows)),
                lambda tasks: act(job, tasks),
                self._on_trouble,
            )

    def _open_tasks(self, job: JobStatus, tasks: RangeSet) -> None:
        ranges = tuple(tasks)
        if len(ranges) <= MOST_RANGES:
            self._reopener.open_tasks(TasksOfJob(job.id, ranges=ranges), job)
        else:
            self._say_too_many("The selection has", job, len(tasks), lambda: self._reruns.run(job, tasks))

    def _say_too_many(self, kept: str, job: JobStatus, count: int, run: Callable[[], object]) -> None:
        text = (
            f"{kept} {format.plural(count, 'task')} of job {job.id}, in more than {MOST_RANGES:,} places, which are "
            "too many for a line of the form. They can be run as they are."
        )
        self._messages.say(Message("job", text, "info", actions=(("Run them as a new job", run),), asks=True))

    @Slot()
    def _on_new_of_filtered(self) -> None:
        job, where = self._job, self._tabs.results.query.where
        if job is not None and where and self._session.is_open:
            bench = self._session.bench
            self._background.run(
                lambda: bench.tasks_where(job.id, where, MOST_RANGES),
                lambda found: self._on_filtered(job, where, *found),
                self._on_trouble,
            )

    def _on_filtered(self, job: JobStatus, where: str, count: int, ranges: tuple[Range, ...]) -> None:
        if ranges:
            self._reopener.open_tasks(TasksOfJob(job.id, ranges=ranges), job)
        elif not count:
            self._messages.say(Message("job", f"The filter keeps no task of job {job.id}.", "warning"))
        else:
            self._say_too_many("The filter keeps", job, count, lambda: self._reruns.run_where(job, where, count))

    @Slot(int, int)
    def _on_task_wanted(self, job: int, task: int) -> None:
        """Show a task of a job that need not be the one whose results are shown."""
        self._tabs.bring(self._tabs.results)
        self._tabs.results.go_to_task_of(job, task)
        self._tabs.jobs.selected.emit(job)
        self._tabs.results.window().activateWindow()

    @Slot(int)
    def _on_argument_wanted(self, task: int) -> None:
        if self._job is not None:
            self._reopener.open_argument(self._job, task)

    @Slot()
    def _on_describe(self) -> None:
        if self._job is not None:
            self._tabs.bring(self._tabs.jobs)
            self._tabs.jobs.description.edit(self._job)

    @Slot(int, str, str)
    def _on_described(self, id: int, name: str, note: str) -> None:
        if self._session.is_open:
            cluster = self._session.cluster
            self._background.run(lambda: cluster.job(id).describe(name, note), failed=self._on_trouble)

    @Slot()
    def _on_delete_old(self) -> None:
        """Say how many there are of each age; which go is a press of a button."""
        now = max((job.finished or 0.0 for job in self._jobs), default=0.0)
        now = max(now, self._tabs.jobs.now)
        counts = [(words, days, _older(self._jobs, now - days * _DAY)) for words, days in _AGES]
        counts = [(words, days, count) for words, days, count in counts if count]
        self._tabs.bring(self._tabs.jobs)
        question = self._tabs.jobs.question
        size = f" The journal takes {format.bytes(self._size)}." if self._size is not None else ""
        if not counts:
            text = f"No job ended more than a day ago.{size} Single jobs are deleted in the menu of the job."
            question.say(text, "info")
            return
        text = f"Delete jobs that ended long ago, with their arguments and results? This cannot be undone.{size}"
        actions = tuple(
            (f"{format.count(count)} older than {words}", partial(self._delete_older, days))
            for words, days, count in counts
        )
        question.say(text, "warning", actions)

    def _delete_older(self, days: int) -> None:
        if self._session.is_open:
            cluster = self._session.cluster
            self._background.run(lambda: cluster.forget_older_than(days), self._on_deleted, self._on_trouble)

    def _on_deleted(self, count: int) -> None:
        self._measured = None
        self._messages.say(Message("deleted", f"{format.plural(count, 'job')} deleted.", "info", passes=True))

    def _on_trouble(self, error: Exception) -> None:
        self._messages.say(Message.of_error("job", error))


def _older(jobs: tuple[JobStatus, ...], before: float) -> int:
    return sum(job.final and (job.finished or 0.0) < before for job in jobs)
