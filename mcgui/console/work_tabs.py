"""The tabs at the lower right: Jobs, Results, Failures, Log."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from mcgui import format
from mcgui.card import Card
from mcgui.console.failures.failures_panel import FailuresPanel
from mcgui.console.jobs.jobs_panel import JobsPanel
from mcgui.console.log.log_panel import LogPanel
from mcgui.console.page_size import PageSize
from mcgui.console.results.results_panel import ResultsPanel
from mcgui.screen_reader import reach_by_bar
from mcgui_core.protocol.messages import JobStatus


class WorkTabs(Card):
    """The four panels, one of which is in sight.

    Attributes:
        comfort: gives the pixels with which nothing else moves as another of them comes in sight.
    """

    def __init__(
        self,
        jobs: JobsPanel,
        results: ResultsPanel,
        failures: FailuresPanel,
        log: LogPanel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self.setAccessibleName("Jobs, results, failures and log")
        self.jobs, self.results, self.failures, self.log = jobs, results, failures, log
        self._tabs = QTabWidget(self)
        self._tabs.setDocumentMode(True)
        reach_by_bar(self._tabs)
        self._tabs.tabBar().setAccessibleName("Jobs, results, failures or log")
        self._tabs.tabBar().setExpanding(False)
        for panel, title in ((jobs, "Jobs"), (results, "Results"), (failures, "Failures"), (log, "Log")):
            self._tabs.addTab(panel, title)
        stack = self._tabs.findChild(QStackedWidget)
        assert stack is not None, "which holds the panels"
        self._sizes = PageSize(stack)
        self.comfort = self._sizes.comfort
        layout = self.layout()
        assert layout is not None, "a card has one"
        layout.setContentsMargins(6, 2, 6, 8)
        self.body.addWidget(self._tabs)

    def show_job(self, job: JobStatus | None) -> None:
        """Show this job's results and failures."""
        self.results.show_job(job)
        self.failures.show_job(job)
        failed = job.failed if job is not None else 0
        title = f"Failures  {format.count(failed)}" if failed else "Failures"
        self._tabs.setTabText(self._tabs.indexOf(self.failures), title)

    def bring(self, panel: QWidget) -> None:
        """Bring one of the four in sight."""
        self._tabs.setCurrentWidget(panel)

    @property
    def current(self) -> QWidget:
        return self._tabs.currentWidget()
