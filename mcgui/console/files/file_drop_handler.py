"""Files that are dropped on the window: opened, or loaded as the arguments."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mcgui.console.arguments.argument_kinds import source_of_paths
from mcgui.console.files.documents import Documents
from mcgui.console.files.drop_rules import DropPlan
from mcgui.console.files.drop_zone import DropZone
from mcgui.console.form.job_form import JobForm
from mcgui.theme import Theme


class Drops(QObject):
    """Does what the zone announced."""

    def __init__(self, documents: Documents, form: JobForm, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._documents, self._form = documents, form
        self.zone = DropZone(window, theme)
        self.zone.dropped.connect(self._on_dropped)

    @Slot(object)
    def _on_dropped(self, plan: DropPlan) -> None:
        for path in plan.documents:
            if not self._documents.open_path(path):
                return
        if plan.arguments:
            self._form.arguments.set_source(source_of_paths(list(plan.arguments)))
            self._form.arguments.fields.focus_entry()
