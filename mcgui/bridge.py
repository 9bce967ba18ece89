"""The bridge between core and window: one thread asks the master what changed, the GUI thread hears it in batches.

How a snapshot travels: the thread asks `cluster.snapshot(after, timeout)` (a long poll: the answer comes when there
is something new), lays the answer into a box, and rings. The GUI thread empties the box and emits
`snapshot_arrived`. While the GUI thread is busy, answers are merged in the box instead of queueing up, so a slow
window is at most one batch behind and never drowns.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from mcgui_core.protocol.messages import Snapshot

#: Seconds between two batches: four a second is as often as numbers can be read.
INTERVAL = 0.25
#: Seconds that one long poll may wait. Also what stopping may take, so it is short.
PATIENCE = 0.5
#: Seconds before the master is asked again after it did not answer.
RETRY = 1.0


class SnapshotSource(Protocol):
    """What the bridge needs of a cluster."""

    def snapshot(self, after: int = 0, timeout: float = 0.0) -> Snapshot: ...


def merged(older: Snapshot | None, newer: Snapshot) -> Snapshot:
    """`newer`, with the samples of `older` in front: the rest of a snapshot is whole in each."""
    return newer if older is None else replace(newer, samples=older.samples + newer.samples)


class Bridge(QObject):
    """Asks one cluster for snapshots in a thread of its own, and hands them to the GUI thread.

    `snapshot_arrived(Snapshot)` and the others are emitted in the thread that this object lives in.
    `lost(str)` tells why the master does not answer, once; the bridge goes on asking, and says `found` when it does.
    """

    snapshot_arrived = Signal(object)
    lost = Signal(str)
    found = Signal()
    _rung = Signal()

    def __init__(
        self,
        cluster: SnapshotSource,
        parent: QObject | None = None,
        *,
        interval: float = INTERVAL,
        patience: float = PATIENCE,
        retry: float = RETRY,
    ) -> None:
        super().__init__(parent)
        self._cluster = cluster
        self._interval, self._patience, self._retry = interval, patience, retry
        self._lock = threading.Lock()
        self._waiting: Snapshot | None = None  # the box
        self._trouble: str | None = None  # why there was no answer to the last question; "" where there was one
        self._told: str = ""  # what of that the GUI thread has said
        self._has_rung = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="mcgui-bridge")
        self._rung.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self, timeout: float | None = 10.0) -> bool:
        """Stop asking, and wait for the thread to end. False where it did not within `timeout` seconds."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _ask(self) -> None:
        """The thread: ask, lay down, ring, rest."""
        version = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                snapshot = self._cluster.snapshot(version, self._patience)
            except Exception as error:  # noqa: BLE001 - whatever it is, the window shows it and asks again
                self._lay_down(None, str(error) or type(error).__name__)
                # A master that was restarted counts its versions anew.
                version = 0
                self._stopping.wait(self._retry)
                continue
            version = snapshot.version
            self._lay_down(snapshot, "")
            self._stopping.wait(max(0.0, self._interval - (time.monotonic() - began)))

    def _lay_down(self, snapshot: Snapshot | None, trouble: str) -> None:
        with self._lock:
            if snapshot is not None:
                self._waiting = merged(self._waiting, snapshot)
            self._trouble = trouble
            ring = not self._has_rung
            self._has_rung = True
        if ring and not self._stopping.is_set():
            self._rung.emit()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            snapshot, self._waiting = self._waiting, None
            trouble, self._has_rung = self._trouble or "", False
        if self._stopping.is_set():
            return
        if snapshot is not None:
            self.snapshot_arrived.emit(snapshot)
        if trouble and not self._told:
            self.lost.emit(trouble)
        elif self._told and not trouble:
            self.found.emit()
        self._told = trouble
