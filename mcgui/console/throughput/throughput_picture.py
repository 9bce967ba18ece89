"""What the throughput plot shows of a history: whose shares, and in words what is being read.

Imports pyqtgraph and numpy, which take longer than all the rest of the window: it is made after the first picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Final

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from mcgui.console.throughput.throughput_canvas import BANDS, Share, ThroughputCanvas
from mcgui.console.throughput.throughput_history import Window
from mcgui.console.throughput.throughput_words import csv_rows, reading, summary
from mcgui.theme import Theme

#: Lines of a reading that name no worker: the moment, all of them, the others, what failed.
_OTHER_LINES: Final = 4


class ThroughputPicture(ThroughputCanvas):
    """Draws a window of the history. `names`: of nodes, by their ids."""

    def __init__(self, theme: Theme, names: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._names = names
        self._window: Window | None = None
        self._now = 0.0
        self.pointed.connect(self._on_pointed)

    @property
    def window_shown(self) -> Window | None:
        """What is drawn."""
        return self._window

    def show_shares(self, window: Window, by_node: bool, now: float) -> None:
        """Draw this, which ends at `now`: each node's share, or all together."""
        self._window, self._now = window, now
        self.show_window(window, self.shares(window) if by_node else [("", "", window.total)])
        self.setAccessibleDescription(summary(window, self._names))
        if self.point >= 0:
            self._on_pointed(self.point)

    def shares(self, window: Window) -> list[Share]:
        """The bands from the bottom up."""
        sums = window.rates.sum(axis=1)
        busy = np.flatnonzero(sums)
        others = 0
        if len(busy) > BANDS:
            others = len(busy) - BANDS + 1
            busy = np.sort(np.argsort(-sums, kind="stable")[: BANDS - 1])  # the most, in the order of all
        named = [self._share(window, row) for row in busy.tolist()]
        if not others:
            return named
        rest = np.maximum(window.total - window.rates[busy].sum(axis=0), 0.0)
        return [*named, ("", f"{others} others", rest)]

    def _share(self, window: Window, row: int) -> Share:
        node = window.nodes[row]
        return node, self._names.get(node, node), window.rates[row]

    @Slot(int)
    def _on_pointed(self, point: int) -> None:
        window = self._window
        if point < 0 or window is None or point >= len(window.times):
            self.show_reading("")
            if window is not None:
                self.setAccessibleDescription(summary(window, self._names))
            return
        rows = reading(window, point, self._names, self._now, self.lines - _OTHER_LINES)
        self.show_reading(_as_table(rows, self._theme.colours.muted.name(), self._theme.colours.bad.name()))
        self.setAccessibleDescription(", ".join(f"{what} {value}" for what, value in rows))

    def numbers(self) -> Iterator[list[str]] | None:
        """What is drawn, as the rows of a table. The names are those of now: it may be read in another thread."""
        return csv_rows(self._window, dict(self._names)) if self._window is not None else None


def _as_table(rows: Iterable[tuple[str, str]], muted: str, bad: str) -> str:
    """The reading, aligned: names at the left, numbers at the right."""
    lines = []
    for number, (what, value) in enumerate(rows):
        colour = f"color:{bad}" if what == "Failed" else f"color:{muted}" if number == 0 else ""
        lines.append(
            f"<tr style='{colour}'><td>{escape(what)}</td><td align='right'>&nbsp;&nbsp;&nbsp;{escape(value)}</td></tr>"
        )
    return f"<table cellspacing='0' cellpadding='1'>{''.join(lines)}</table>"
