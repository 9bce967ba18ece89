"""What is tried, from everywhere in the window: the form's button, the first arguments, a result, a failure."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QObject, Slot

from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.form.job_form import JobForm
from mcgui.console.master.session import Session
from mcgui.console.tables.table_model import Role
from mcgui.console.trial.trial_words import processors
from mcgui.console.work_tabs import WorkTabs
from mcgui_core.protocol.messages import Snapshot


class TrialController(QObject):
    """Brings together what knows an argument and what tries it."""

    def __init__(
        self, session: Session, environment: EnvironmentPanel, form: JobForm, tabs: WorkTabs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._form, self._results = session, form, tabs.results
        self._environment = environment
        form.link = lambda: session.cluster.own_link if session.is_open else None
        self._functions: dict[int, str] = {}  # job -> the function that it ran
        self._is_coming = False  # the row that is selected, of which it is not known yet which task it is
        # What was typed a moment ago is tried too: the editor looks at it only after a pause.
        form.try_one.wanted.connect(environment.look_through)
        form.try_one.wanted.connect(form.try_it)
        tabs.results.view.selectionModel().selectionChanged.connect(self._on_selected)
        tabs.failures.try_wanted.connect(self.try_task)
        tabs.results.try_wanted.connect(self.try_task)
        tabs.results.model.modelReset.connect(self._on_reset)
        tabs.results.model.rows_arrived.connect(self._on_rows_arrived)
        session.snapshot_arrived.connect(self._on_snapshot)

    @Slot(int, int)
    def try_task(self, job: int, index: int) -> None:
        """Try the function that the job ran, as it is now, on the argument of this task."""
        if not self._session.is_open:
            return
        self._environment.look_through()
        name = self._functions.get(job, "")
        if self._form.function.offers(name):
            self._form.function.choose(name)
        self._form.choose_task(job, index, self._session.cluster.own_link)
        if name in ("", self._form.function.name):
            self._form.try_one.wanted.emit()
        else:  # another function's answer would be no answer
            self._form.try_one.refuse(
                f"Job {job} ran {name}, which this environment does not define. Open its environment to try it; "
                f"the button tries {self._form.function.name or 'the chosen function'} on the argument of task {index}."
            )

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        """The row that is selected among the results is the one to try."""
        self._choose()

    def _choose(self) -> None:
        view, job = self._results.view, self._results.job
        rows = view.selected_rows()
        task = int(view.model().index(rows.first, 0).data(Role.KEY)) if len(rows) == 1 else -1
        self._is_coming = len(rows) == 1 and task < 0
        if task >= 0 and job is not None and self._session.is_open:
            self._form.choose_task(job.id, task, self._session.cluster.own_link)
        elif self._form.try_one.task is not None:
            self._form.try_one.choose()

    @Slot()
    def _on_rows_arrived(self) -> None:
        """Of a row that was selected before it was there it is known now which task it is."""
        if self._is_coming:
            self._choose()

    @Slot()
    def _on_reset(self) -> None:
        """Another job is shown, or others of its tasks: the row that was selected is not there, and nobody says so."""
        if self._form.try_one.task is not None and not self._results.view.selectionModel().hasSelection():
            self._form.try_one.choose()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._functions = {job.id: job.function for job in snapshot.jobs}
        self._form.try_one.set_processors(processors(snapshot.nodes))
