"""What the tabs of jobs, results, failures and the log ask for, and the actions about them: who does it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from mcgui import format
from mcgui.console.actions import ActionRegistry
from mcgui.console.jobs.job_commands import JobCommands, held
from mcgui.console.master.session import Session
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.console.results.result_exporter import ResultExporter
from mcgui.console.results.snippets import from_file, from_journal, from_master
from mcgui.console.work_tabs import WorkTabs
from mcgui_core.protocol.messages import JobStatus, Snapshot
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.export_formats import ExportOptions

_NONE: Final = "There is no job yet."


class WorkTabsController(QObject):
    """Introduces the tabs to whoever does what they ask.

    Signals: `trouble(str)`; `show_wanted(job id)`: show this job.
    """

    trouble = Signal(str)
    show_wanted = Signal(int)

    def __init__(
        self,
        session: Session,
        commands: JobCommands,
        exporter: ResultExporter,
        tabs: WorkTabs,
        actions: ActionRegistry,
        messages: MessageBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._commands, self._exporter = session, commands, exporter
        self._tabs, self._actions, self._messages = tabs, actions, messages
        self._job: JobStatus | None = None
        self._jobs: tuple[JobStatus, ...] = ()
        self._exported: tuple[int, Path, str] | None = None  # job, file and format of the last export
        self._connect_actions()
        self._connect_tabs()
        self._offer()

    def _connect_actions(self) -> None:
        head = self._tabs.results.head
        for name, slot in (
            ("run_again", self._on_run_again),
            ("raise_priority", self._on_raise),
            ("lower_priority", self._on_lower),
            ("resume_held", self._on_resume_held),
            ("delete_job", self._on_delete),
            ("export", head.ask_for_file),
            ("copy_python", self._on_copy_python),
            ("find_results", self._on_find_results),
            ("copy_failure", self._tabs.failures.copy),
            ("find_log", self._on_find_log),
            ("save_log", self._tabs.log.save),
        ):
            self._actions[name].triggered.connect(slot)
        self._actions["plot_results"].toggled.connect(self._on_plot_toggled)
        head.plot_wanted.connect(self._actions["plot_results"].setChecked)

    def _connect_tabs(self) -> None:
        jobs, results, failures, log = self._tabs.jobs, self._tabs.results, self._tabs.failures, self._tabs.log
        jobs.priority_wanted.connect(self._on_priority)
        jobs.resume_wanted.connect(self._on_resume_held)
        results.export_wanted.connect(self._on_export)
        results.snippet_wanted.connect(self._on_snippet)
        results.said.connect(lambda text: self._messages.say(Message("export", text, "info", passes=True)))
        failures.task_wanted.connect(self._on_task_wanted)
        for panel in (results, failures, log):
            panel.trouble.connect(self.trouble)
        log.saved.connect(self._on_saved)
        self._commands.repeated.connect(self.show_wanted)
        self._exporter.written.connect(self._on_written)
        self._exporter.failed.connect(self._on_not_written)
        self._exporter.stopped.connect(self._on_stopped)

    # What comes from the master

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what has changed in the cluster."""
        self._jobs = snapshot.jobs
        self._tabs.jobs.show_tasks(snapshot.tasks, snapshot.time)
        self._tabs.results.show_statuses(snapshot.tasks)
        self._tabs.log.show_snapshot(snapshot)
        self._offer()

    def show_job(self, job: JobStatus | None) -> None:
        """This job is shown now."""
        if job is None or self._job is None or job.id != self._job.id:
            self._tabs.jobs.question.clear()  # a question about what is looked at no more
        self._job = job
        wish = self._session.state.wish
        mine = self._exported is not None and job is not None and self._exported[0] == job.id
        self._tabs.results.head.offer_snippets(journal=wish.own and wish.journal is not None, file=mine)
        self._offer()

    def forget(self) -> None:
        """Another master is shown."""
        self._jobs, self._job, self._exported = (), None, None
        self._tabs.log.forget()
        self._offer()

    def _offer(self) -> None:
        """Grey what cannot be done now, and say why."""
        job = self._job
        over = "" if job is not None and not job.final else "The job that is shown is over."
        going = "The job that is shown is not over. Cancel it first." if job is not None and not job.final else ""
        lacking = "Its arguments still arrive." if going else "Not all of its arguments were read."
        arriving = "" if job is not None and job.sealed else lacking
        nothing = "" if job is not None and job.done + job.failed else "There are no results yet."
        for name, why in (
            ("run_again", arriving),
            ("raise_priority", over),
            ("lower_priority", over),
            ("delete_job", going),
            ("export", nothing),
            ("copy_python", nothing),
            ("find_results", "" if job is not None and job.total else "There are no tasks yet."),
            ("copy_failure", "" if job is not None and job.failed else "No task of the job that is shown has failed."),
        ):
            self._actions.set_obstacle(name, _NONE if job is None else why)
        self._actions.set_obstacle("resume_held", "" if held(self._jobs) else "No job is held.")

    # Jobs

    @Slot()
    def _on_run_again(self) -> None:
        if self._job is not None:
            self._commands.run_again(self._job)

    @Slot()
    def _on_raise(self) -> None:
        if self._job is not None:
            self._commands.set_priority(self._job, self._job.priority + 1)

    @Slot()
    def _on_lower(self) -> None:
        if self._job is not None:
            self._commands.set_priority(self._job, self._job.priority - 1)

    @Slot(int, int)
    def _on_priority(self, id: int, priority: int) -> None:
        job = self._tabs.jobs.job(id)
        if job is not None:
            self._commands.set_priority(job, priority)

    @Slot()
    def _on_resume_held(self) -> None:
        self._commands.resume(held(self._jobs))

    @Slot()
    def _on_delete(self) -> None:
        chosen = self._tabs.jobs.chosen
        jobs = chosen if len(chosen) > 1 else (self._job,) if self._job is not None else ()
        self._tabs.bring(self._tabs.jobs)
        self._commands.delete(jobs, self._tabs.jobs.question)

    # Results

    @Slot(int, str, str, object)
    def _on_export(self, id: int, path: str, kind: str, options: ExportOptions) -> None:
        if not self._session.is_open:
            return
        if not self._exporter.start(id, Path(path), kind, options):
            self._messages.say(Message("export", "Another file is still being written. Wait, or stop it.", "warning"))
            return
        self._messages.clear("export")
        self._exported = (id, Path(path), kind)

    @Slot(object)
    def _on_written(self, written: Exported) -> None:
        file = Path(written.path)
        text = f"{format.plural(written.rows, 'row')} written to {file.name} in {file.parent}."
        if written.notes and not written.rows:  # what was there already stays
            self._exported = None
            self._messages.say(Message("export", " ".join(written.notes), "warning"))
            return
        text = " ".join([text, *written.notes])
        if self._exported is not None:
            self._exported = (self._exported[0], file, self._exported[2])
        actions = (
            ("Copy as Python", self._on_copy_file_snippet),
            ("Open the folder", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))),
        )
        self._messages.say(Message("export", text, "info", actions=actions, passes=True))
        self.show_job(self._job)

    @Slot(str)
    def _on_not_written(self, problem: str) -> None:
        self._exported = None
        self._messages.say(Message("export", f"The results were not written as you asked. {problem}"))

    @Slot()
    def _on_stopped(self) -> None:
        self._exported = None
        self._messages.say(Message("export", "The export was stopped. No file was written.", "info", passes=True))

    @Slot()
    def _on_copy_python(self) -> None:
        if self._job is not None:
            self._on_snippet(self._job.id, "master")

    @Slot()
    def _on_copy_file_snippet(self) -> None:
        if self._exported is not None:
            self._on_snippet(self._exported[0], "file")

    @Slot(int, str)
    def _on_snippet(self, id: int, kind: str) -> None:
        journal = self._session.state.wish.journal
        if kind == "file" and self._exported is not None:
            text = from_file(*self._exported[1:])
        elif kind == "journal" and journal is not None:
            text = from_journal(journal.absolute(), id)
        else:
            text = from_master(id)
        QApplication.clipboard().setText(text)
        said = "A script that loads the results is on the clipboard."
        self._messages.say(Message("export", said, "info", passes=True))

    @Slot(bool)
    def _on_plot_toggled(self, on: bool) -> None:
        head = self._tabs.results.head
        if head.plot.isChecked() != on:
            self._tabs.bring(self._tabs.results)
            (head.plot if on else head.table).setChecked(True)

    @Slot()
    def _on_find_results(self) -> None:
        self._tabs.bring(self._tabs.results)
        self._tabs.results.head.filter.setFocus()
        self._tabs.results.head.filter.selectAll()

    @Slot(int)
    def _on_task_wanted(self, task: int) -> None:
        self._tabs.bring(self._tabs.results)
        self._tabs.results.go_to(task)

    # The log

    @Slot()
    def _on_find_log(self) -> None:
        self._tabs.bring(self._tabs.log)
        self._tabs.log.head.filter.setFocus()
        self._tabs.log.head.filter.selectAll()

    @Slot(str)
    def _on_saved(self, text: str) -> None:
        self._messages.say(Message("log", text, "info", passes=True))
