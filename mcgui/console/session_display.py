"""What the session with the master says, and each snapshot of it, shown in the panels that it concerns."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QObject, Slot

from mcgui.console.jobs.job_announcer import JobAnnouncer
from mcgui.console.jobs.job_notifications import JobNotifications
from mcgui.console.jobs.loss_warning import LossWarning
from mcgui.console.log.snapshot_events import happened, history
from mcgui.console.master.serving_label import ServingLabel
from mcgui.console.master.session import Session, SessionState
from mcgui.console.parts.window_message_bar import Message
from mcgui.console.window_parts import Parts
from mcgui_core.protocol.messages import Snapshot


class SessionDisplay(QObject):
    """Hears the session, and passes on what it says."""

    def __init__(
        self,
        session: Session,
        parts: Parts,
        serving: ServingLabel,
        notices: JobNotifications,
        announcer: JobAnnouncer,
        loss_warning: LossWarning,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._parts, self._serving = session, parts, serving
        self._notices, self._announcer, self._loss_warning = notices, announcer, loss_warning
        self._snapshot: Snapshot | None = None
        self._told = ""  # how the session stood when it was last told of
        session.changed.connect(self._on_session_changed)
        session.snapshot_arrived.connect(self._on_snapshot)

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        self._serving.show_state(state)
        self._parts.actions.set_watching(state.watches)
        parts = self._parts
        if state.kind == "starting":
            self._snapshot = None
            parts.time_slices.stop()
            parts.controller.forget()
            parts.work.forget()
            parts.remembered.forget()
            self._notices.forget()
            self._announcer.forget()
            self._loss_warning.show_jobs(())
            parts.workers.show_nodes((), time.time())
            parts.tabs.jobs.show_jobs((), time.time())
            parts.messages.clear("serving")
            parts.messages.clear("lost")
        elif state.kind == "serving":
            parts.messages.clear("lost")
            if self._told != state.kind:  # not again where only a wish has changed
                verb = "Serving on" if state.wish.own else "Connected to"
                self._write(f"{verb} {state.address}, encrypted.")
        elif state.kind == "lost":
            self._say_lost(state)
        self._told = state.kind

    def _say_lost(self, state: SessionState) -> None:
        what = "start it again" if state.wish.own else "connect again"
        text = f"{state.problem}\nThe window goes on asking. Results up to now are in the journal."
        again = (f"{what.capitalize()}", lambda: self._session.open(state.wish))
        self._parts.messages.say(Message("lost", text, actions=(again,)))
        self._write(state.problem, logging.ERROR)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        parts = self._parts
        if self._snapshot is None:
            parts.tabs.log.write_history(history(snapshot))
        lines = happened(self._snapshot, snapshot)
        if lines:
            parts.tabs.log.write_lines((level, snapshot.time, line) for level, line in lines)
        self._snapshot = snapshot
        self._loss_warning.show_jobs(snapshot.jobs)
        self._notices.show_snapshot(snapshot)
        self._announcer.show_snapshot(snapshot)
        parts.history.add(snapshot.samples)
        parts.plot.show_nodes(snapshot.nodes, snapshot.time)  # at once: what it is told of they may not be in the next
        self._show_jobs(snapshot)  # at once: the job that is shown is told of by this snapshot too
        time_slices = parts.time_slices
        time_slices.put("workers", lambda: parts.workers.show_nodes(snapshot.nodes, snapshot.time))
        time_slices.put("serving", lambda: self._serving.show_nodes(snapshot.nodes))

    def _show_jobs(self, snapshot: Snapshot) -> None:
        parts = self._parts
        parts.tabs.jobs.show_jobs(snapshot.jobs, snapshot.time)
        parts.work.show_snapshot(snapshot)
        parts.remembered.show_snapshot(snapshot)
        if parts.controller.job is not None:
            parts.tabs.jobs.select(parts.controller.job.id)
        parts.strip.show_jobs(snapshot.jobs, snapshot.tasks)  # the time left changes also when nothing else does

    def _write(self, text: str, level: int = logging.INFO) -> None:
        self._parts.tabs.log.write(level, time.time(), text)
