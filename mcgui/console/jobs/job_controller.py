"""What Run, Pause, Cancel and the rest do: from the form to the master and back, without blocking the window."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.form.job_form import JobForm, JobRequest
from mcgui.console.master.master_startup import Wish
from mcgui.console.master.session import Session, SessionState
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui_core.protocol.messages import JobStatus, Reduced, Snapshot

#: Milliseconds after which it is said why a job that was run is not there yet.
SLOW: Final = 1_000


class JobController(QObject):
    """Acts on the job that is shown, and knows which one that is.

    Signals:
        shown(JobStatus | None): the job that is shown is another one, or stands differently.
        submitted(int): a job was submitted; it is the one that is shown as soon as the master tells of it.
        reduced(int, Reduced): what the reduce function made of a job's results.
        busy_changed(bool): a job is being submitted.
    """

    shown = Signal(object)
    submitted = Signal(int)
    reduced = Signal(int, object)
    busy_changed = Signal(bool)

    def __init__(
        self,
        session: Session,
        background: Background,
        form: JobForm,
        messages: MessageBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._form, self._messages = session, background, form, messages
        self._jobs: dict[int, JobStatus] = {}
        self._wanted: int | None = None  # the job to show
        self._reductions: dict[int, Reduced | None] = {}  # None: on its way
        self._run_asked = False  # Run was pressed while the environment or the arguments were still being looked at
        self._run_at: Wish | None = None  # Run was pressed while this master was still starting
        self._refused = False  # Run was pressed while something was missing, and the window says what
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW)
        self._slow.timeout.connect(self._on_slow)
        session.snapshot_arrived.connect(self._on_snapshot)
        session.changed.connect(self._on_session_changed)
        form.changed.connect(self._on_form_changed)

    @property
    def job(self) -> JobStatus | None:
        """The job that is shown."""
        return self._jobs.get(self._wanted) if self._wanted is not None else None

    @Slot(int)
    def show_job(self, id: int) -> None:
        """Show this job."""
        if id != self._wanted:
            self._wanted = id
            self._tell()

    @Slot(int)
    def show_when_there(self, id: int) -> None:
        """Show a job that was submitted a moment ago, as one that was run from here."""
        self._on_submitted(id)

    def forget(self) -> None:
        """Another master is shown: its jobs have nothing to do with those of before."""
        self._jobs, self._wanted, self._run_at = {}, None, None
        self._reductions.clear()
        self._tell()

    # What the buttons do

    @Slot()
    def run(self) -> None:
        """Submit the job that the form describes, or say what is missing."""
        self._form.arguments.look()
        missing, request = self._form.missing, self._form.request
        self._run_asked, self._run_at = self._form.is_settling, None
        self._refused = request is None and not self._run_asked
        if self._run_asked:
            self._messages.say(Message("run", f"{missing[0]} It runs as soon as that is done.", "info"))
            return
        if request is None:
            self._messages.say(Message("run", "Not run yet. " + " ".join(missing), "warning"))
            return
        if not self._session.is_open:
            self._await_master(self._session.state)
            return
        self._messages.clear("run")
        self._set_busy(True)
        bench = self._session.bench
        self._background.run(
            lambda: bench.submit(request.spec, request.arguments, request.files, request.shared),
            self._on_submitted,
            lambda error: self._on_not_submitted(request, error),
        )

    def _await_master(self, state: SessionState) -> None:
        if state.problem:
            self._messages.say(Message("run", f"Not run. {state.problem}"))
            return
        self._run_at = state.wish
        self._messages.say(Message("run", "The master is still starting. It runs as soon as that is done.", "info"))

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        """Run, where that was pressed meanwhile; not at another master than was meant, nor where one may only watch."""
        meant = self._run_at
        if meant is None or state.kind == "starting":
            return
        self._run_at = None
        self._messages.clear("run")
        if (meant.link, meant.journal) == (state.wish.link, state.wish.journal) and not state.watches:
            self.run()

    @Slot()
    def _on_form_changed(self) -> None:
        if self._run_asked and not self._form.is_settling:
            self.run()
        elif self._refused and self._form.request is not None:  # what was said is not so any more
            self._refused = False
            self._messages.clear("run")

    @Slot()
    def pause_or_resume(self) -> None:
        job = self.job
        if job is not None:
            self._do(job.id, "resume" if job.state == "paused" else "pause")

    @Slot()
    def cancel(self) -> None:
        if self.job is not None:
            self._do(self.job.id, "cancel")

    @Slot(int)
    def retry(self, id: int) -> None:
        """Run the failed tasks of a job again."""
        self.renew(id)
        self._do(id, "retry_failed")

    def renew(self, id: int) -> None:
        """The results of this job will be others: what was reduced from them does not hold any more."""
        self._reductions.pop(id, None)

    def _do(self, id: int, what: str) -> None:
        if not self._session.is_open:
            return
        cluster = self._session.cluster

        def act() -> None:
            getattr(cluster.job(id), what)()

        self._background.run(act, failed=self._on_trouble)

    def _set_busy(self, busy: bool) -> None:
        """A long file is read through before its job begins, so that its last row cannot be a bad one."""
        self._slow.start() if busy else self._slow.stop()
        if not busy:
            self._messages.clear("run")
        self.busy_changed.emit(busy)

    @Slot()
    def _on_slow(self) -> None:
        self._messages.say(Message("run", "The job begins as soon as its arguments and files have been read.", "info"))

    # What comes back

    def _on_submitted(self, id: int) -> None:
        self._set_busy(False)
        self._wanted = id
        self.submitted.emit(id)
        self._tell()

    def _on_not_submitted(self, request: JobRequest, error: Exception) -> None:
        self._set_busy(False)
        self._messages.say(Message.of_error("run", error, f"{request.spec.name} was not run. "))

    def _on_trouble(self, error: Exception) -> None:
        self._messages.say(Message.of_error("job", error))

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        first = not self._jobs
        before = self.job
        self._jobs = {job.id: job for job in snapshot.jobs}
        if first and self._wanted is None and self._jobs:
            self._wanted = _most_interesting(snapshot.jobs).id
        if self.job != before:
            self._tell()

    def _tell(self) -> None:
        self.shown.emit(self.job)
        self._reduce()

    def _reduce(self) -> None:
        """Have the results of the job that is shown reduced, once it is over."""
        job = self.job
        if job is None or not job.reduce or not self._session.is_open:
            return
        if job.state != "finished":
            self._reductions.pop(job.id, None)
            return
        if job.id in self._reductions:
            found = self._reductions[job.id]
            if found is not None:
                self.reduced.emit(job.id, found)
            return
        self._reductions[job.id] = None
        bench, id = self._session.bench, job.id
        self._background.run(
            lambda: bench.reduce(id),
            lambda made: self._on_reduced(id, made),
            lambda error: self._on_reduced(id, Reduced(f"{type(error).__name__}: {error}", failed=True)),
        )

    def _on_reduced(self, id: int, made: Reduced) -> None:
        self._reductions[id] = made
        self.reduced.emit(id, made)


def _most_interesting(jobs: tuple[JobStatus, ...]) -> JobStatus:
    """The newest that is not over, or else the newest."""
    return max(jobs, key=lambda job: (not job.final, job.id))
