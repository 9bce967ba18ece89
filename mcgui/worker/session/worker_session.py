"""The worker behind tray and panel: joins, leaves, pauses, resizes, and says what state that led to."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.worker.limits.limit_words import limit_title
from mcgui.worker.session.agent_connection import AgentConnection
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.session.work_spells import WorkSpells
from mcgui.worker.state import TaskCounts, WorkerState, after_event, off
from mcgui.worker.words import clock, log_line, spell_line
from mcgui_core.client.agent_process import AgentEvent
from mcgui_core.errors import LinkInvalid
from mcgui_core.owner.limits import IGNORED_FOR, LIMIT_NAMES, Limits, Overrides
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.join_link import JoinLink

#: Milliseconds between two times that tasks are written down, while there are any.
_WRITE: Final = 10_000


class WorkerSession(QObject):
    """Owns the agent process, if there is one, and the state that everything else shows.

    Signals:
        changed(WorkerState): the state is a new one.
        limits_changed(): `limits` or `overrides` are other ones.
        logged(str): something worth a line in the log. No line ever holds a key.
        closed(): after `close`, once no agent process is left.
    """

    changed = Signal(object)
    limits_changed = Signal()
    logged = Signal(str)
    closed = Signal()

    def __init__(self, remembered: SavedState, nprocs: int | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._remembered = remembered
        self._background = Background(self)
        self._connection: AgentConnection | None = None  # the agent that is shown; it may be leaving
        self._going: set[AgentConnection] = set()  # agents that hand back what they hold
        self._counts: dict[AgentConnection, TaskCounts] = {}
        self._closing = False
        self._turn = 0  # how often we have told an agent what its owner wants
        self._finishing = False  # quit once the agent has finished
        self.limits = remembered.limits
        self.overrides = remembered.overrides
        self._diary = remembered.diary
        self._write = QTimer(self)
        self._write.setSingleShot(True)
        self._write.setInterval(_WRITE)
        self._write.timeout.connect(self._on_write)
        self._spells = WorkSpells()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._on_rest)
        self._state = self._dated(WorkerState(nprocs=nprocs or remembered.nprocs, cpus=cpu_count()))

    @property
    def state(self) -> WorkerState:
        return self._state

    def overrides_on_the_wall(self) -> Overrides:
        """With times by the clock that people read, whatever that has been set to."""
        return self.overrides.shifted(round(time.time() - self._remembered.clock()))

    @property
    def link(self) -> str:
        """The link that was used last, for the link field."""
        return self._remembered.link

    def serves(self, link: str) -> bool:
        """Whether it works for, or looks for, the master of this link, with the same key. Raises LinkInvalid."""
        return self._state.running and not self._state.leaving and str(JoinLink.parse(link)) == self.link

    @Slot(str)
    def join(self, text: str) -> None:
        """Join the master that a link names; leaves the one before. A bad link changes nothing that runs."""
        try:
            link = JoinLink.parse(text)
        except LinkInvalid as error:
            self._tell_problem(str(error))
            return
        if self.serves(text):
            if self._state.link_problem:
                self._show(replace(self._state, link_problem=""))
            return
        if link.remark:
            self.logged.emit(link.remark)
        self._send_away()
        self._remembered.joins(str(link))
        self._start(link)

    @Slot()
    def leave(self) -> None:
        """Leave the master, and do not join it again at the next start."""
        self._remembered.leaves()
        self._send_away()

    @Slot(int)
    def set_nprocs(self, nprocs: int) -> None:
        """Give this many processors from now on, whether joined or not."""
        if nprocs == self._state.nprocs:
            return
        self._remembered.gives(nprocs)
        self._steer(nprocs)
        self.logged.emit(f"{nprocs} of {self._state.cpus} processors from now on.")
        self._show(replace(self._state, nprocs=nprocs))

    @Slot()
    def toggle_pause(self) -> None:
        """Pause where it works, go on where it is paused."""
        if self._connection is None or not self._state.can_pause:
            return
        held = self._state.held
        self._override(replace(self.overrides, paused=not held, snoozed_until=0.0))

    @Slot()
    def pause_now(self) -> None:
        """Pause, and give back what runs."""
        if self._connection is None or not self._state.can_pause:
            return
        self._override(replace(self.overrides, paused=True, snoozed_until=0.0))
        self._connection.hand_back()

    @Slot()
    def hand_back(self) -> None:
        """Where it is paused, give back what still runs."""
        if self._connection is not None:
            self._connection.hand_back()

    @Slot(int)
    def snooze(self, seconds: int) -> None:
        """Pause for so long; it outlives a restart, and ends by itself."""
        now = time.time()
        # Written before it is said: who hears of it may end this process.
        self._override(replace(self.overrides, paused=False, snoozed_until=self._remembered.clock() + seconds))
        self.logged.emit(f"Snoozed until {clock(now + seconds, now)}.")

    @Slot(str)
    def ignore(self, name: str) -> None:
        """Let a limit not count for an hour."""
        if name not in LIMIT_NAMES:
            return
        now, elapsed = time.time(), self._remembered.clock()
        self._override(self.overrides.fresh(elapsed).ignoring(name, elapsed + IGNORED_FOR))
        self.logged.emit(f'The limit "{limit_title(name)}" does not count until {clock(now + IGNORED_FOR, now)}.')

    @Slot(str)
    def heed(self, name: str) -> None:
        """Let a limit that was ignored count again."""
        ignored = tuple(pair for pair in self.overrides.ignored if pair[0] != name)
        self._override(replace(self.overrides, ignored=ignored))

    @Slot(object)
    def set_limits(self, limits: Limits) -> None:
        """Hold to these limits from now on."""
        if limits == self.limits:
            return
        self.limits = limits
        self._remembered.limits = limits
        # What the owner has just set is to count.
        self._override(replace(self.overrides, ignored=()))

    @Slot()
    def finish(self) -> None:
        """Finish what runs, then quit."""
        self._finishing = True
        if self._connection is None or not self._state.running or self._state.leaving:
            self.close()
            return
        self._connection.drain()

    def _override(self, overrides: Overrides) -> None:
        self.overrides = overrides
        self._remembered.overrides = overrides
        self._steer(self._state.nprocs)
        self.limits_changed.emit()

    def _steer(self, nprocs: int) -> None:
        """Tell the agent, if there is one, all that its owner wants."""
        if self._connection is not None and self._state.running:
            self._turn += 1
            self._connection.limit(self.limits, self.overrides, nprocs, self._turn, self._remembered.clock())

    @Slot()
    def close(self) -> None:
        """Leave for good; `closed` comes when the agent has handed back what it held."""
        if self._closing:
            return
        self._closing = True
        self._send_away()
        self._end_if_alone()

    def _tell_problem(self, problem: str) -> None:
        kind = self._state.kind if self._state.running else "trouble"
        self._show(replace(self._state, kind=kind, link_problem=problem))

    def _start(self, link: JoinLink) -> None:
        looking = replace(
            self._state, kind="connecting", master=link.address, since=0.0, message="", link_problem="", leaving=False
        )
        try:
            self._connection = AgentConnection(link, self._state.nprocs, self._background, self)
        except OSError as error:
            problem = f"The worker process could not be started: {error.strerror or error}."
            self._show(replace(looking, kind="trouble", message=problem, running=False))
            return
        self._connection.heard.connect(self._on_heard)
        self._connection.gone.connect(self._on_gone)
        self._show(replace(looking, running=True))
        self._steer(self._state.nprocs)

    def _send_away(self) -> None:
        if self._connection is not None and self._connection not in self._going:
            self._show(replace(self._state, leaving=True, message=""))
            self._see_off(self._connection)

    def _see_off(self, connection: AgentConnection) -> None:
        """Have an agent leave; or, where it has ended already, have what it leaves behind cleared away."""
        self._going.add(connection)
        connection.leave()

    @Slot(object, object)
    def _on_heard(self, connection: AgentConnection, event: AgentEvent) -> None:
        total = self._count(connection, event)
        if connection is not self._connection:  # one that makes room for another link still counts
            self._show(self._dated(replace(self._state, done=total.done, failed=total.failed)))
            return
        if event.turn != self._turn:
            event = replace(event, wanted=0)  # from before the owner said something else
        elif event.wanted not in (0, self._state.nprocs):
            self._remembered.gives(event.wanted)
            self.logged.emit(f"The console set {event.wanted} of {self._state.cpus} processors.")
        self._show(self._dated(after_event(self._state, event, total)))
        if self._finishing and event.state == "ended":
            self.close()
        if not self._state.running and connection not in self._going:
            self._see_off(connection)

    def _count(self, connection: AgentConnection, event: AgentEvent) -> TaskCounts:
        """What all agents have done since the start; what is new of it goes into the diary."""
        before = self._counts.get(connection, TaskCounts())
        after = self._counts[connection] = before.with_event(event)
        done, failed = after.done - before.done, after.failed - before.failed
        if done or failed:
            self._diary = self._diary.with_tasks(done, failed, time.strftime("%Y-%m-%d"))
            if not self._write.isActive():
                self._write.start()
        return sum(self._counts.values(), TaskCounts())

    def _dated(self, state: WorkerState) -> WorkerState:
        """A state with what the diary says."""
        diary = self._diary
        return replace(
            state, day=diary.day, done_today=diary.done, failed_today=diary.failed, done_ever=diary.done_ever
        )

    @Slot()
    def _on_write(self) -> None:
        self._remembered.diary = self._diary

    @Slot(object, str)
    def _on_gone(self, connection: AgentConnection, problem: str) -> None:
        self._going.discard(connection)
        if problem:
            self.logged.emit(problem)
        if connection is self._connection:
            self._connection = None
            if self._state.leaving:
                self._show(off(self._state))
        self._end_if_alone()

    def _end_if_alone(self) -> None:
        if self._closing and not self._going:
            if self._write.isActive():
                self._write.stop()
                self._on_write()
            self._background.close()
            self.closed.emit()

    def _show(self, state: WorkerState) -> None:
        if state == self._state:
            return
        line = log_line(self._state, state)
        self._state = state
        if line:
            self.logged.emit(line)
        self._on_rest()
        self.changed.emit(state)

    @Slot()
    def _on_rest(self) -> None:
        """Perhaps a stretch of work is over now."""
        now = time.monotonic()
        spell = self._spells.after(self._state, now)
        if spell is not None and (spell.done or spell.failed):
            self.logged.emit(spell_line(spell, self._state))
        wait = self._spells.seconds_to_wait(now)
        if wait is None:
            self._rest.stop()
        else:
            self._rest.start(int(1000 * wait) + 1)
