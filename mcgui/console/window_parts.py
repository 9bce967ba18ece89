"""The parts of the main window, made and introduced to each other; how they are laid out is main_window.py's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mcgui.background import Background
from mcgui.console.actions import ActionRegistry
from mcgui.console.drawer import Drawer
from mcgui.console.editor.editor_actions import connect_editor
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.traceback_lines import TracebackLines
from mcgui.console.failures.failure_source import ClusterFailures
from mcgui.console.failures.failures_panel import FailuresPanel
from mcgui.console.files.documents import Documents
from mcgui.console.files.examples import Example
from mcgui.console.first_run import FirstRun
from mcgui.console.form.job_form import JobForm
from mcgui.console.jobs.job_commands import JobCommands
from mcgui.console.jobs.job_controller import JobController
from mcgui.console.jobs.job_reopener import JobReopener
from mcgui.console.jobs.jobs_panel import JobsPanel
from mcgui.console.jobs.past_job_commands import RememberedJobs
from mcgui.console.jobs.task_reruns import TaskReruns
from mcgui.console.jobs.work_tabs_controller import WorkTabsController
from mcgui.console.log.log_panel import LogPanel
from mcgui.console.log.log_source import ClusterOutput
from mcgui.console.master.preview_bench import PreviewBench
from mcgui.console.master.serving_label import ServingLabel
from mcgui.console.master.session import Session
from mcgui.console.parts.time_slices import TimeSlices
from mcgui.console.parts.window_message_bar import MessageBar
from mcgui.console.progress.progress_strip import ProgressStrip
from mcgui.console.results.result_exporter import ResultExporter, export_by
from mcgui.console.results.result_source import WorkbenchResults
from mcgui.console.results.results_panel import ResultsPanel
from mcgui.console.throughput.throughput_history import ThroughputHistory
from mcgui.console.throughput.throughput_plot import ThroughputPlot
from mcgui.console.tool_bar import ToolBar
from mcgui.console.work_tabs import WorkTabs
from mcgui.console.workers.worker_table import WorkerTable
from mcgui.settings import Settings
from mcgui.theme import Theme

if TYPE_CHECKING:
    from mcgui.console.master.connect_panel import ConnectPanel
    from mcgui.console.master.links_panel import LinksPanel
    from mcgui.console.workers.add_workers_panel import AddWorkers
    from mcgui_core.workbench.workbench import Workbench


#: What the menu of a job, and that on rows of the results, offer below "New job of".
_NEW_JOBS = ("new_job_of_failed", "new_job_of_selected", "new_job_of_filtered")
#: What the menu of a job offers; "" is a line.
_JOB_MENU = (
    "pause", "cancel", "retry", "run_again", "",
    "open_job", _NEW_JOBS, "describe_job", "compare_code", "compare_jobs", "",
    "raise_priority", "lower_priority", "", "delete_job", "delete_old_jobs",
)  # fmt: skip
#: What the menu on rows of the results offers of it.
_ROWS_MENU = ("run_selected",)


@dataclass(frozen=True)
class Drawers:
    """The panels that are shut at first, and are not even imported before they are opened."""

    add_workers: Drawer[AddWorkers]
    connect: Drawer[ConnectPanel]
    links: Drawer[LinksPanel]


@dataclass(frozen=True)
class Parts:
    """All of them. Those that talk to each other got each other by their constructors."""

    actions: ActionRegistry
    messages: MessageBar
    environment: EnvironmentPanel
    form: JobForm
    controller: JobController
    documents: Documents
    history: ThroughputHistory
    workers: WorkerTable
    plot: ThroughputPlot
    tabs: WorkTabs
    work: WorkTabsController
    reopener: JobReopener
    reruns: TaskReruns
    remembered: RememberedJobs
    first_run: FirstRun
    time_slices: TimeSlices
    strip: ProgressStrip
    drawers: Drawers

    @property
    def add_workers(self) -> AddWorkers:
        return self.drawers.add_workers.panel

    @property
    def connect(self) -> ConnectPanel:
        return self.drawers.connect.panel

    @property
    def links(self) -> LinksPanel:
        return self.drawers.links.panel


def make_parts(
    theme: Theme,
    settings: Settings,
    background: Background,
    preview: Workbench,
    session: Session,
    examples: tuple[Example, ...],
    window: QWidget,
) -> Parts:
    """Make the parts, as children of `window`."""
    actions = ActionRegistry(theme, window)
    messages = MessageBar(theme, window)
    environment = EnvironmentPanel(theme, background=background, parent=window, settings=settings)
    bench_of = PreviewBench(preview, session)
    form = JobForm(theme, background, bench_of.preview, preview.restart, parent=window)
    environment.environment_changed.connect(form.set_environment)
    environment.settled.connect(form.settle)
    form.set_environment(environment.state)
    form.files_changed.connect(environment.travels.set_picked)
    environment.travels.picked.connect(form.set_files)
    environment.travels.written.connect(form.try_one.set_files_written)
    connect_editor(actions, environment, form)
    controller = JobController(session, background, form, messages, window)
    history = ThroughputHistory(held=True)
    background.run(history.load, lambda _nothing: history.release())
    first_run = FirstRun(examples, window)
    jobs = JobsPanel(theme, first_run, window, settings)
    new_jobs = tuple(actions[name] for name in _NEW_JOBS)
    in_menu = (actions[one] if isinstance(one, str) and one else new_jobs if one else None for one in _JOB_MENU)
    jobs.set_actions(tuple(in_menu))
    exporter = ResultExporter(background, export_by(session), window)
    results = ResultsPanel(background, WorkbenchResults(session), exporter, theme, window, settings)
    results.menu.set_actions([actions[name] for name in _ROWS_MENU], new_jobs)
    failures = FailuresPanel(background, ClusterFailures(session), theme, window)
    lines = TracebackLines(environment, window)
    for text in (failures.details, results.detail.text, form.try_one.details.text):
        lines.follow(text)
    tabs = WorkTabs(jobs, results, failures, LogPanel(background, ClusterOutput(session), theme, window), window)
    commands = JobCommands(session, background, messages, window)
    reopener = JobReopener(session, background, environment, form, messages, theme, window)
    reruns = TaskReruns(session, background, controller, reopener, messages, window)
    time_slices = TimeSlices(window)
    plot = ThroughputPlot(history, theme, background, time_slices=time_slices, settings=settings, parent=window)
    plot.set_actions(actions["throughput_pause"], actions["throughput_picture"], actions["throughput_numbers"])
    return Parts(
        actions=actions,
        messages=messages,
        environment=environment,
        form=form,
        controller=controller,
        documents=Documents(environment, form, messages, settings, parent=window),
        history=history,
        workers=WorkerTable(history, theme, settings, window),
        plot=plot,
        tabs=tabs,
        work=WorkTabsController(session, commands, exporter, tabs, actions, messages, window),
        reopener=reopener,
        reruns=reruns,
        remembered=RememberedJobs(session, background, reopener, reruns, tabs, actions, messages, window),
        first_run=first_run,
        time_slices=time_slices,
        strip=ProgressStrip(theme, window),
        drawers=_make_drawers(theme, window),
    )


def _make_drawers(theme: Theme, window: QWidget) -> Drawers:
    def add_workers(parent: QWidget) -> AddWorkers:
        from mcgui.console.workers.add_workers_panel import AddWorkers

        return AddWorkers(theme, parent)

    def connect(parent: QWidget) -> ConnectPanel:
        from mcgui.console.master.connect_panel import ConnectPanel

        return ConnectPanel(theme, parent=parent)

    def links(parent: QWidget) -> LinksPanel:
        from mcgui.console.master.links_panel import LinksPanel

        return LinksPanel(theme, parent)

    return Drawers(Drawer(add_workers, window), Drawer(connect, window), Drawer(links, window))


def make_tool_bar(
    theme: Theme, actions: ActionRegistry, open_menu: QMenu, main_menu: QMenu, parent: QWidget
) -> tuple[ToolBar, ServingLabel]:
    """The buttons at the top, with the serving label."""
    bar = ToolBar(theme, parent)
    bar.add(actions["open"], "Open", open_menu)
    save_menu = QMenu(parent)
    save_menu.addActions([actions["save"], actions["save_as"], actions["save_job"], actions["save_script"]])
    bar.add(actions["save"], "Save", save_menu)
    bar.add_line()
    bar.add(actions["run"], primary="run")
    bar.add(actions["pause"])
    bar.add(actions["cancel"])
    bar.add_line()
    bar.add(actions["add_workers"])
    serving = ServingLabel(
        theme,
        (
            actions["worker"],
            actions["share"],
            None,
            actions["copy_worker_link"],
            actions["copy_console_link"],
            actions["links"],
            None,
            actions["connect"],
            actions["disconnect"],
        ),
        parent,
    )
    bar.set_right(serving, serving.needed)
    menu = bar.menu_button("Menu (F10)", "menu", main_menu)
    menu.setShortcut(QKeySequence("F10"))
    bar.set_right(menu)
    return bar, serving
