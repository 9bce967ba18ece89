"""Which nodes have fallen silent. Sans I/O, a part of the scheduler."""

from __future__ import annotations

from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.node_state import NodeRecord

#: Seconds without a word after which a node gets no more work, and after which it is given up. Its heartbeats come at
#: least every second.
SILENT_AFTER, NODE_TIMEOUT = 2.5, 5.0
#: Seconds between two looks that mean that we were asleep, and not the nodes.
ASLEEP = 2.0


class HeartbeatMonitor:
    """Looks after `nodes`, which it shares with the scheduler."""

    def __init__(self, nodes: dict[str, NodeRecord], timeout: float) -> None:
        self._nodes, self._timeout = nodes, timeout
        self._looked: float | None = None

    def look(self, now: float) -> tuple[dict[str, Reason], bool]:
        """To be called about twice a second. Returns who is to be given up and why, and whether anybody has become
        silent. Silent nodes are marked here."""
        self._excuse_sleep(now)
        lost: dict[str, Reason] = {}
        fell_silent = False
        for id, node in self._nodes.items():
            silence = now - node.contact
            if node.present and silence > self._timeout:
                lost[id] = Reason("silent", f"silent for {silence:.0f} s")
            elif node.present and silence > SILENT_AFTER and not node.silent:
                node.fall_silent()
                fell_silent = True
        return lost, fell_silent

    def _excuse_sleep(self, now: float) -> None:
        """If nobody has called us for a while (this computer slept, or its process was stopped), then what the nodes
        said meanwhile has not been read yet: their silence is ours."""
        asleep = 0.0 if self._looked is None else now - self._looked
        self._looked = now
        if asleep > ASLEEP:
            for node in self._nodes.values():
                node.contact = max(node.contact, min(now, node.contact + asleep))
