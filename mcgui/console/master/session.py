"""The session: the master that the window shows, from the wish to the end, without ever blocking the window."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal, Slot

from mcgui.background import Background
from mcgui.bridge import Bridge
from mcgui.console.master.master_startup import Opened, Wish, close_cluster, open_cluster, settle_worker
from mcgui_core.errors import ServerFailed
from mcgui_core.protocol.messages import Snapshot

if TYPE_CHECKING:
    from mcgui_core.client.agent_process import AgentEvent
    from mcgui_core.client.cluster import Cluster
    from mcgui_core.workbench.workbench import Workbench


@dataclass(frozen=True)
class SessionState:
    """How the session stands. `address` is HOST:PORT; `problem` says why it is not serving."""

    kind: Literal["starting", "serving", "lost", "failed"]
    wish: Wish
    address: str
    problem: str = ""
    watches: bool = False  # by a watch link: nothing can be changed, and no value opened


class Session(QObject):
    """Opens masters as wished for, one at a time, and listens to the one that is open.

    Signals:
        changed(SessionState): the session stands differently.
        snapshot_arrived(Snapshot): a few times a second, while something changes.
        refused(Exception, Wish): a wish could not be granted. What was open before is open again, if anything was.
        worker_told(AgentEvent): this computer, as a worker, told how it is.
    """

    changed = Signal(object)
    snapshot_arrived = Signal(object)
    refused = Signal(object, object)
    worker_told = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._opened: Opened | None = None
        self._bridge: Bridge | None = None
        self._made: list[Opened] = []  # all that is open, also what the GUI thread has not heard of yet
        self._lock = threading.Lock()
        self._busy = False
        self._hold = True
        self._closing = False
        self._state = SessionState("starting", Wish(), "")

    # What is there now

    @property
    def state(self) -> SessionState:
        return self._state

    @property
    def cluster(self) -> Cluster:
        """The master that is open. Raises ServerFailed where there is none (yet)."""
        return self._there().cluster

    @property
    def bench(self) -> Workbench:
        """The workbench of the master that is open. Raises ServerFailed where there is none (yet)."""
        return self._there().bench

    @property
    def worker_pid(self) -> int | None:
        """The process of this computer's worker; None where there is none."""
        worker = self._opened.worker if self._opened is not None else None
        return None if worker is None else worker.pid

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    @property
    def busy(self) -> bool:
        """A wish is being granted."""
        return self._busy

    def _there(self) -> Opened:
        opened = self._opened
        if opened is None:
            raise ServerFailed(self._state.problem or "it is still starting. Try again in a moment.")
        return opened

    # Opening and closing

    def open(self, wish: Wish) -> None:
        """Close what is open, then open this. Where that fails, open again what was open before."""
        if self._busy or self._closing:
            return
        self._busy = True
        before = self._opened
        bridge, self._bridge, self._opened = self._bridge, None, None
        self._set(SessionState("starting", wish, wish.address))
        self._background.run(lambda: self._replace(bridge, before, wish), self._on_opened, self._on_refused_without)

    def _replace(self, bridge: Bridge | None, before: Opened | None, wish: Wish) -> tuple[Opened, Exception | None]:
        """In the background. The second value says why it is not what was wished for."""
        if bridge is not None:
            bridge.stop()
        if before is not None:
            self._close(before)
        try:
            return self._make(wish), None
        except Exception as error:
            if before is None:
                raise _Refused(error, wish) from error
            try:
                return self._make(before.wish), error
            except Exception as second:
                raise _Refused(second, before.wish) from second

    def _make(self, wish: Wish) -> Opened:
        if self._closing:
            raise ServerFailed("the window is closing.")
        # What was running when the window was closed waits to be resumed; a master that is only started anew goes on.
        opened = open_cluster(wish, self._hear_worker, hold=self._hold)
        self._hold = False
        if wish.own:
            # Asked for any free port, we keep the one that we got: links stay good when the master is started again.
            port = int(opened.cluster.address.rpartition(":")[2])
            opened.wish = replace(wish, port=port)
        with self._lock:
            self._made.append(opened)
        return opened

    def _close(self, opened: Opened) -> None:
        with self._lock:
            if opened not in self._made:
                return
            self._made.remove(opened)
        close_cluster(opened)

    def _on_opened(self, made: tuple[Opened, Exception | None]) -> None:
        opened, refusal = made
        self._busy = False
        self._opened = opened
        self._bridge = Bridge(opened.cluster, self)
        self._bridge.snapshot_arrived.connect(self._on_snapshot)
        self._bridge.lost.connect(self._on_lost)
        self._bridge.found.connect(self._on_found)
        self._set(SessionState("serving", opened.wish, opened.cluster.address, watches=opened.cluster.watches_only))
        self._bridge.start()
        if refusal is not None:
            self.refused.emit(refusal, self._state.wish)

    def _on_refused_without(self, error: Exception) -> None:
        self._busy = False
        cause, wish = (error.cause, error.wish) if isinstance(error, _Refused) else (error, self._state.wish)
        self._set(SessionState("failed", wish, wish.address, str(cause)))
        self.refused.emit(cause, wish)

    @property
    def is_closing(self) -> bool:
        """Whether all that it started is about to end."""
        return self._closing

    def begin_close(self) -> None:
        """Begin to end: nothing is opened any more, and whoever waits for the workbench is let go."""
        self._closing = True
        if self._bridge is not None:
            self._bridge.stop()
        with self._lock:
            made = list(self._made)
        for opened in made:
            opened.bench.close()

    def close(self) -> None:
        """End everything, and wait for it. First comes `begin_close`, then the background is closed, then this."""
        self._closing = True
        with self._lock:
            made = list(self._made)
        for opened in made:
            self._close(opened)
        self._opened = None

    # This computer as a worker

    def set_worker(self, wanted: bool) -> None:
        """Let this computer work too, or not any more."""
        opened = self._opened
        if opened is None or opened.wish.worker == wanted:
            return
        opened.wish = replace(opened.wish, worker=wanted)
        self._set(replace(self._state, wish=opened.wish))
        self._background.run(lambda: settle_worker(opened, self._hear_worker))

    def set_worker_nprocs(self, nprocs: int) -> None:
        """How many processors this computer gives, now and when it is switched on again."""
        opened = self._opened
        if opened is None:
            return
        opened.wish = replace(opened.wish, nprocs=nprocs)
        self._set(replace(self._state, wish=opened.wish))
        if opened.worker is not None:
            opened.worker.set_nprocs(nprocs)

    def restart_worker(self) -> None:
        """Start this computer's worker anew."""
        opened = self._opened
        if opened is not None:
            self._background.run(lambda: settle_worker(opened, self._hear_worker, afresh=True))

    def _hear_worker(self, event: AgentEvent) -> None:
        """In a thread of the agent's: a signal brings it to the GUI thread."""
        if not self._closing:
            self.worker_told.emit(event)

    # Listening

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self.sender() is self._bridge:
            self.snapshot_arrived.emit(snapshot)

    @Slot(str)
    def _on_lost(self, problem: str) -> None:
        self._set(replace(self._state, kind="lost", problem=problem))

    @Slot()
    def _on_found(self) -> None:
        self._set(replace(self._state, kind="serving", problem=""))

    def tell_again(self) -> None:
        """The master has other links now."""
        self._set(self._state)

    def _set(self, state: SessionState) -> None:
        self._state = state
        self.changed.emit(state)


class _Refused(Exception):
    """Why a wish was not granted, with the wish."""

    def __init__(self, cause: Exception, wish: Wish) -> None:
        super().__init__(cause, wish)
        self.cause, self.wish = cause, wish
