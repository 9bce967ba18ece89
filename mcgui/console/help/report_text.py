"""What to put into a report: versions, the system, and how the master stands. No names, no links, no values."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from mcgui.console.master.session import SessionState
from mcgui.theme import Theme
from mcgui_core.base.version import __version__
from mcgui_core.protocol.messages import Snapshot

_PACKAGES = ("PySide6-Essentials", "pyqtgraph", "numpy", "cloudpickle", "cryptography", "psutil", "jedi")


def report_text(theme: Theme, state: SessionState, snapshot: Snapshot | None) -> str:
    """Lines of "what: value"."""
    screens = ", ".join(
        f"{screen.size().width()} x {screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    points = QGuiApplication.font().pointSizeF()
    lines = [
        f"mcgui: {__version__}",
        f"Python: {platform.python_version()} ({platform.python_implementation()}, {sys.maxsize.bit_length() + 1} bit)",
        f"System: {platform.platform()}, {platform.machine()}",
        f"Qt: {qVersion()}, {QGuiApplication.platformName()}",
        f"Screens: {screens}",
        f"Text: {points:g} points, colours: {theme.scheme}{' (dark)' if theme.dark else ''}",
        f"Master: {'its own' if state.wish.own else 'elsewhere'}, {state.kind}",
        *_counts(snapshot),
        "Packages:",
        *(f"  {name} {_version(name)}" for name in _PACKAGES),
    ]
    return "\n".join(lines)


def _counts(snapshot: Snapshot | None) -> list[str]:
    if snapshot is None:
        return []
    there = [node for node in snapshot.nodes if node.state not in ("lost", "left")]
    systems = sorted({f"Python {node.python} on {node.platform}" for node in there})
    over = sum(job.final for job in snapshot.jobs)
    return [
        f"Workers: {len(there)}, {sum(node.nprocs for node in there)} processors",
        *(f"  {system}" for system in systems),
        f"Jobs: {len(snapshot.jobs)}, {len(snapshot.jobs) - over} not over",
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
