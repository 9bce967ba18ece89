"""What is tried, from everywhere in the window: the form's button, the first arguments, a result, a failure."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QObject, Slot

from mcgui.console.editor.environment_panel import EnvironmentPanel
from mcgui.console.form.job_form import JobForm
from mcgui.console.form.trial_words import processors
from mcgui.console.master.session import Session
from mcgui.console.tables.table_model import Role
from mcgui.console.work_tabs import WorkTabs
from mcgui_core.jobs import Snapshot


class Trying(QObject):
    """Brings together what knows an argument and what tries it."""

    def __init__(
        self, session: Session, environment: EnvironmentPanel, form: JobForm, tabs: WorkTabs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._form, self._results = session, form, tabs.results
        # What was typed a moment ago is tried too: the editor looks at it only after a pause.
        form.try_one.wanted.connect(environment.look_through)
        form.try_one.wanted.connect(form.try_it)
        tabs.results.view.selectionModel().selectionChanged.connect(self._on_selected)
        tabs.failures.try_wanted.connect(self.try_task)
        session.snapshot_arrived.connect(self._on_snapshot)

    @Slot(int, int)
    def try_task(self, job: int, index: int) -> None:
        """Try the function, as it is now, on the argument of this task."""
        if self._session.is_open:
            self._form.choose_task(job, index, self._session.cluster.console_link)
            self._form.try_one.wanted.emit()

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        """The row that is selected among the results is the one to try."""
        rows = self._results.view.selectionModel().selectedRows()
        job = self._results.job
        if len(rows) == 1 and job is not None and self._session.is_open:
            self._form.choose_task(job.id, rows[0].data(Role.KEY), self._session.cluster.console_link)
        elif not rows and self._form.try_one.task is not None:
            self._form.try_one.choose()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._form.try_one.set_processors(processors(snapshot.nodes))
