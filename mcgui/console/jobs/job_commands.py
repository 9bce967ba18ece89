"""What is done with jobs beside the one that is shown: in the background, and what went wrong is said in the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from mcgui import format
from mcgui.background import Background
from mcgui.console.master.session import Session
from mcgui.console.parts.panel_notice import Notice
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui_core.protocol.messages import JobStatus

if TYPE_CHECKING:
    from mcgui_core.client.cluster import Cluster


class JobCommands(QObject):
    """Acts on jobs by their status. `repeated(int)`: a job was submitted once more, as the job of this number."""

    repeated = Signal(int)

    def __init__(
        self, session: Session, background: Background, messages: MessageBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._messages = session, background, messages

    def run_again(self, job: JobStatus) -> None:
        """Submit it once more, on the arguments that the journal has."""
        self._do(lambda cluster: cluster.run_again(job.id).id, self.repeated.emit)

    def set_priority(self, job: JobStatus, priority: int) -> None:
        if priority != job.priority:
            self._do(lambda cluster: cluster.job(job.id).set_priority(priority))

    def resume(self, jobs: tuple[JobStatus, ...]) -> None:
        """Let these go on."""

        def act(cluster: Cluster) -> None:
            for job in jobs:
                cluster.job(job.id).resume()

        self._do(act)

    def delete(self, jobs: tuple[JobStatus, ...], question: Notice) -> None:
        """Ask in this place, and then delete these. What is not over cannot be deleted: that is said."""
        going_on = [job for job in jobs if not job.final]
        if going_on:
            text = f"{going_on[0].name} is not over, so it cannot be deleted. Cancel it first."
            question.say(text, "warning")
        elif jobs:
            what = f"job {jobs[0].id}, {jobs[0].name}," if len(jobs) == 1 else format.plural(len(jobs), "job")
            count = sum(job.done for job in jobs)
            text = f"Delete {what} with {format.plural(count, 'result')}? This cannot be undone."
            actions = (("Delete", lambda: self._delete(jobs)),)
            question.say(text, "warning", actions)

    def _delete(self, jobs: tuple[JobStatus, ...]) -> None:
        def act(cluster: Cluster) -> None:
            for job in jobs:
                cluster.job(job.id).forget()

        self._do(act)

    def _do(self, act: Callable[[Cluster], Any], done: Callable[[Any], None] | None = None) -> None:
        if not self._session.is_open:
            return
        cluster = self._session.cluster
        self._background.run(lambda: act(cluster), done, self._on_trouble)

    @Slot(object)
    def _on_trouble(self, error: Exception) -> None:
        self._messages.say(Message.of_error("job", error))


def held(jobs: tuple[JobStatus, ...]) -> tuple[JobStatus, ...]:
    """Those that wait to be resumed since their master was started anew."""
    return tuple(job for job in jobs if job.state == "paused" and job.reason_code == "held")
