"""The worker's windows: its panel in each state, its preferences, its menu."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.panel.worker_panel import WorkerPanel
from mcgui.worker.preferences.preferences_dialog import Preferences
from mcgui.worker.session.throughput_history import ThroughputHistory
from mcgui.worker.state import WorkerState
from mcgui.worker.tray.worker_tray import WorkerTray
from mcgui_core.owner.limits import LIMIT_NAMES, Limits, Overrides
from mcgui_core.owner.weekly_schedule import Period, Schedule
from mcgui_core.protocol.lan_discovery import FoundMaster
from tests.pictures.gallery.room import look, taken

_LINK: Final = "mcgui://lab:8888#w.very-secret-indeed"
_LIMITS: Final = Limits(
    on=frozenset(LIMIT_NAMES),
    in_use_nprocs=2,
    programs=("blender", "steam"),
    memory=4_000_000_000,
    schedule=Schedule((Period(tuple(range(5)), 18 * 60, 24 * 60, 4), Period((5, 6), 0, 24 * 60, 8))),
)


def _states() -> dict[str, WorkerState]:
    working = WorkerState(
        kind="working", master="lab:8888", since=time.time() - 4000, nprocs=6, cpus=8, busy=6, done=18204, failed=2,
        cpu=71.0, memory=1_100_000_000, running=True, slots=6, day=time.strftime("%Y-%m-%d"), done_today=18204, failed_today=2,
        done_ever=1_204_551, in_use=False, on_battery=False,
        tasks=tuple((slot, 7, 18_206 + slot, 18_207 + slot) for slot in range(6)),
    )  # fmt: skip
    quiet = replace(working, done=0, failed=0)  # all of today's were done before this program started
    return {
        "off": WorkerState(cpus=8, nprocs=8),
        "working": working,
        "idle": replace(quiet, kind="idle", busy=0, cpu=0.0, tasks=()),
        "connecting": replace(quiet, kind="connecting", message="No master answers at lab:8888. Is it running?"),
        "paused": replace(
            quiet,
            kind="paused",
            limit="mains",
            reason="This computer runs on its battery.",
            on_battery=True,
            busy=1,
            tasks=working.tasks[:1],
        ),
        "snoozed": replace(quiet, kind="paused", limit="snooze", until=time.time() + 5000, busy=0, tasks=()),
        "refused": replace(
            quiet, kind="trouble", running=False, message="The master refused this link: its key was revoked."
        ),
        "problem": WorkerState(
            cpus=8, link_problem="The link is cut off: its end is missing. Copy it anew, as a whole."
        ),
    }


def _past(state: WorkerState) -> ThroughputHistory:
    """How the tasks of this state came about: in waves, over some minutes."""
    now = time.monotonic()
    past, done = ThroughputHistory(now - 240), 0.0
    steps = [4 + 3 * math.sin(ago / 20) for ago in range(240, 0, -1)]
    for ago, step in zip(range(240, 0, -1), steps, strict=True):
        done += step * state.done / sum(steps)
        past.record(round(done), state.failed * (ago < 100), now - ago + 0.5)
    return past


def scenes(_app: QApplication, theme: Theme, _home: Path, _size: QSize) -> Iterator[tuple[str, QImage]]:
    for name, state in _states().items():
        actions = WorkerActions(8)
        panel = WorkerPanel(theme, actions, "" if name in ("off", "problem") else _LINK)
        panel.limits.show_limits(Limits() if name == "off" else _LIMITS, Overrides)
        actions.show_state(state)
        if name == "working":
            panel.tasks._throughput = _past(state)
        panel.show_state(state)
        if name == "off":
            panel.link.show_masters((FoundMaster("lab", "lab.local:8888"), FoundMaster("desk", "10.0.0.7:8888")))
        panel.show()
        look()
        yield f"worker-{name}", taken(panel)
        if name == "working":
            panel.limits.more.set_open(True)
            look()
            yield "worker-limits", taken(panel)
            panel.log.toggle.set_open(True)
            for line in ("Joined lab:8888 with 6 processors.", "The memory is short: 2 tasks were given back.") * 4:
                panel.log.add(line)
            look()
            yield "worker-log", taken(panel)
        panel.hide()
        panel.deleteLater()
    dialog = Preferences(theme, _LIMITS, 8, frozenset(), True)
    for page in ("idle", "schedule", "behaviour"):
        if page == "behaviour":
            dialog.pages.setCurrentIndex(2)
        else:
            dialog.show_page(page)
        dialog.show()
        look()
        yield f"worker-preferences-{page}", taken(dialog)
    dialog.hide()
    dialog.deleteLater()
    actions = WorkerActions(8)
    tray = WorkerTray(theme, actions)
    actions.show_state(_states()["working"])
    tray.menu.popup(QPoint(10, 10))
    look()
    yield "worker-tray-menu", tray.menu.grab().toImage()
    tray.menu.close()
    tray.hide()
