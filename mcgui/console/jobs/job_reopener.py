"""Brings a job of before back into the editor and the form, and shows what its code is different in from now."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from mcgui.background import Background
from mcgui.console.comparison.file_differences import words_of
from mcgui.console.comparison.job_differences import how_they_went
from mcgui.console.comparison.line_differences import changed, line_differences
from mcgui.console.comparison.spec_differences import Fact, facts_that_differ
from mcgui.console.environment.editor_page import UNNAMED, EditorPage
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.form.job_form import JobForm
from mcgui.console.jobs.argument_check import ArgumentCheck
from mcgui.console.jobs.code_check import CodeCheck, Comparison
from mcgui.console.master.session import Session
from mcgui.console.parts.panel_notice import NoticeAction
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.console.results.result_source import WorkbenchResults
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.tasks_of_job import TasksOfJob
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.protocol.messages import JobSpec, JobStatus

if TYPE_CHECKING:
    from mcgui.console.comparison.difference_window import DifferenceWindow
    from mcgui.console.comparison.jobs_plot import JobsPlot
    from mcgui_core.client.job_document import JobDocument
    from mcgui_core.workbench.code_difference import CodeDifference

_ABOUT: Final = "reopen"


class JobReopener(QObject):
    """Signals:
    reopened(): a job's code is in front, and the form says what was run.
    task_wanted(job, task): show it among the results of its job.
    """

    reopened = Signal()
    task_wanted = Signal(int, int)

    def __init__(
        self,
        session: Session,
        background: Background,
        environment: EnvironmentPanel,
        form: JobForm,
        messages: MessageBar,
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._messages = session, background, messages
        self._environment, self._form, self._theme = environment, form, theme
        self.code = CodeCheck(session, background, environment, form)
        self._arguments = ArgumentCheck(session, background, form, messages, self)
        self._window: DifferenceWindow | None = None
        self._plot: JobsPlot | None = None
        self._compared = (0, 0)  # the jobs whose results are shown beside each other

    # What is asked for

    def open(self, job: JobStatus) -> None:
        """Open its code in the editor, and fill in function, arguments and options as they were."""
        self._ask(job, lambda spec: self._open(job, spec, None))

    def open_tasks(self, tasks: TasksOfJob, job: JobStatus) -> None:
        """The same, for a new job on the arguments of these tasks of it."""
        self._ask(job, lambda spec: self._open(job, spec, ArgumentSource("tasks", text=str(tasks))))

    def open_argument(self, job: JobStatus, task: int) -> None:
        """The same, for a new job on the argument of this task: as an expression that can be changed, where it is one
        of numbers, text, lists and the like."""
        if self._session.is_open:
            cluster, bench = self._session.cluster, self._session.bench
            self._background.run(
                lambda: (cluster.job(job.id).spec, bench.argument_as_text(job.id, task)),
                lambda found: self._open_argument(job, task, *found),
                self._on_trouble,
            )

    def show_difference(self, job: JobStatus) -> None:
        """Show what differs between what the job ran and what the editor and the form hold now."""
        self._ask(job, lambda spec: self._compare(job, spec))

    def compare(self, one: JobStatus, other: JobStatus) -> None:
        """Show what differs between two jobs."""
        if self._session.is_open:
            found = partial(self._compare_jobs, one, other)
            self.code.compare_jobs(one.id, other.id, found, self._on_trouble)

    def page_of(self, spec: JobSpec) -> EditorPage | None:
        """The page whose text is this job's code as it is now: of the same file, or, without one, of its function."""
        tabs = self._environment.tabs
        pages = sorted(tabs.pages, key=lambda page: page is not tabs.current)
        if spec.filename != UNNAMED:
            same = [page for page in pages if name_of_page(page) == _name_of(spec) and not page.origin]
            there = [page for page in same if str(page.path or "") == spec.filename]
            return next(iter([*there, *same]), None)
        return next((page for page in pages if page.filename == UNNAMED and _defines(page, spec.function)), None)

    # Within

    def _ask(self, job: JobStatus, act: object) -> None:
        if self._session.is_open:
            cluster = self._session.cluster
            self._background.run(lambda: cluster.job(job.id).spec, act, self._on_trouble)  # type: ignore[arg-type]

    def _open(self, job: JobStatus, spec: JobSpec, source: ArgumentSource | None) -> None:
        if not spec.environment:
            text = (
                f"The function of job {job.id} came from a program as an object, not as text, so there is nothing to "
                "edit. Run again runs it as it was."
            )
            self._messages.say(Message(_ABOUT, text, "warning"))
            return
        self._messages.clear(_ABOUT)
        self._arguments.forget()
        tabs = self._environment.tabs
        now = self.page_of(spec)
        page = next((page for page in tabs.pages if page.source == spec.environment), None)
        if page is not None:
            tabs.show_page(page)
        else:
            page = tabs.free()
            beside = spec.filename if PurePath(spec.filename).is_absolute() else ""
            page.set_source(spec.environment, _name_of(spec), f"job {job.id}", beside)
            self._say_of(page, now, job, spec)
        self._environment.look_through()
        ours = TrustStore().vouches_for_source(spec.environment, spec.filename, spec.source)
        document = _document(job, spec, source)
        self._form.show_document(document, wait=not ours)
        code = self.code.code_of(page, spec)
        self.code.check(spec, code, partial(self._say_of_files, page, job, spec), self._on_trouble)
        if ours:
            self._arguments.check(job.id, document.arguments, partial(self._take_arguments, job, spec))
        self.reopened.emit()

    def _take_arguments(self, job: JobStatus, spec: JobSpec) -> None:
        """As the master has them, whatever became of where they came from."""
        self._form.show_document(
            _document(job, spec, ArgumentSource("tasks", text=str(TasksOfJob(job.id)))), wait=False
        )

    def _open_argument(self, job: JobStatus, task: int, spec: JobSpec, text: str) -> None:
        tasks = TasksOfJob(job.id, ranges=((task, task + 1),))
        source = ArgumentSource("expression", text=f"[{text}]") if text else ArgumentSource("tasks", text=str(tasks))
        self._open(job, spec, source)

    def _say_of(self, page: EditorPage, now: EditorPage | None, job: JobStatus, spec: JobSpec) -> None:
        name = "the environment" if spec.filename == UNNAMED else _name_of(spec)
        if now is None:
            page.notice.say(f"This is {name} as job {job.id} ran it. Saving asks for a name.", "info")
            return
        count = changed(line_differences(spec.environment, now.source))
        lines = "No line differs" if not count else "1 line differs" if count == 1 else f"{count:,} lines differ"
        page.notice.say(
            f"This is {name} as job {job.id} ran it. {lines} from it as it is now.",
            "info",
            (
                ("Show the difference", lambda: self._show(job, spec, now)),
                ("Use it as it is now", lambda: self._use(now, page, job, spec)),
            ),
        )

    def _say_of_files(self, page: EditorPage, job: JobStatus, spec: JobSpec, found: CodeDifference) -> None:
        """What travels with the text that is shown is read from the disk as it is now, whatever the text is."""
        if not found.files or page not in self._environment.tabs.pages:
            return
        differ = words_of(found.files)
        said = f"What travels with {name_of_page(page)} is as it is now, not as job {job.id} had it: {differ}."
        now = self.page_of(spec)
        show: tuple[NoticeAction, ...] = (("Show the difference", lambda: self._show(job, spec, now or page)),)
        if not page.origin:  # its own line may say something else
            self._messages.say(Message(_ABOUT, said, "info", actions=show))
            return
        if now is not None:
            show = (*show, ("Use it as it is now", lambda: self._use(now, page, job, spec)))
        before = page.notice.text
        page.notice.say(before if said in before else f"{before} {said}".strip(), "info", show)

    def _use(self, now: EditorPage, old: EditorPage, job: JobStatus, spec: JobSpec) -> None:
        """The code as it is now, with all else as in the job."""
        tabs = self._environment.tabs
        if now not in tabs.pages:
            return
        source, waits = self._form.arguments.source, self._form.arguments.waits_for_look
        tabs.show_page(now)
        if old in tabs.pages and not old.modified:
            tabs.close_page(tabs.pages.index(old))
        self._form.show_document(_document(job, spec, source), wait=waits)

    def _compare(self, job: JobStatus, spec: JobSpec) -> None:
        now = self.page_of(spec) or self._environment.tabs.current
        self._show(job, spec, now)

    def _show(self, job: JobStatus, spec: JobSpec, now: EditorPage) -> None:
        request = self._form.request if now is self._environment.tabs.current else None
        name = name_of_page(now) if now.filename != UNNAMED else "the editor"
        title = f"Job {job.id}, {job.name}, and {name} as it is now"
        self.code.compare_with_now(
            spec,
            self.code.code_of(now, spec),
            request,
            lambda found: self._show_comparison(title, (f"job {job.id}", "now"), found),
            self._on_trouble,
        )

    def _show_comparison(
        self, title: str, names: tuple[str, str], found: Comparison, told: tuple[Fact, ...] = ()
    ) -> None:
        texts = (found.before.environment, found.after.environment)
        facts = facts_that_differ(found.before, found.after)
        self._difference().show_difference(title, names, texts, facts, found.files, told)

    def _compare_jobs(self, one: JobStatus, other: JobStatus, found: Comparison) -> None:
        names = (f"job {one.id}", f"job {other.id}")
        title = f"Job {one.id}, {one.name}, and job {other.id}, {other.name}"
        self._show_comparison(title, names, found, how_they_went(one, other))
        self._plot_of_jobs().show_jobs((one.id, other.id))
        results, bench = self._difference().expect_results(names), self._session.bench
        pair = self._compared = (one.id, other.id)
        self._background.run(
            lambda: bench.compare(*pair),
            lambda found: results.show_comparison(names, found) if pair == self._compared else None,
            lambda error: results.fail(str(error)) if pair == self._compared else None,
        )

    def _difference(self) -> DifferenceWindow:
        if self._window is None:
            from mcgui.console.comparison.difference_window import DifferenceWindow

            self._window = DifferenceWindow(self._theme, self._environment.window())
        return self._window

    def _plot_of_jobs(self) -> JobsPlot:
        if self._plot is None:
            from mcgui.console.comparison.jobs_plot import JobsPlot

            window = self._difference()
            self._plot = JobsPlot(self._background, WorkbenchResults(self._session), self._theme, window)
            self._plot.task_wanted.connect(self.task_wanted)
            self._plot.trouble.connect(lambda text: self._messages.say(Message("plot", text, "error")))
            window.add_plot(self._plot)
        return self._plot

    def _on_trouble(self, error: Exception) -> None:
        self._messages.say(Message.of_error("job", error))


def _document(job: JobStatus, spec: JobSpec, source: ArgumentSource | None) -> JobDocument:
    """What the form shows of it; where nobody knows where its arguments came from, they are those of its tasks."""
    from mcgui_core.client.document_arguments import read_kept
    from mcgui_core.client.job_document import JobDocument

    kept = read_kept(spec.source)
    arguments = source or kept.arguments or ArgumentSource("tasks", text=str(TasksOfJob(job.id)))
    usual = spec.name in (PurePath(spec.filename).stem, spec.function)
    return JobDocument(
        environment="",
        function=spec.function,
        arguments=arguments,
        name="" if usual else spec.name,
        reduce=spec.reduce,
        shared=kept.shared,
        files=kept.files,
        **spec.options(),
    )


def name_of_page(page: EditorPage) -> str:
    """Of its file, without the folder."""
    return page.path.name if page.path is not None else page.filename


def _name_of(spec: JobSpec) -> str:
    """Of its file, without the folder, wherever that was."""
    return PureWindowsPath(spec.filename).name if "\\" in spec.filename else PurePath(spec.filename).name


def _defines(page: EditorPage, function: str) -> bool:
    environment = page.known.environment
    return environment is not None and environment.function(function) is not None
