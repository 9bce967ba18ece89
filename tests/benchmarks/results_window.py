"""How smooth the window stays in front of a million results with eight columns: sorted, filtered, scrolled, plotted.

`make bench-table` runs it on a virtual screen, after tests.benchmarks.table, which measures the same without a window.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from mcgui.console.app import Console
from mcgui.console.command_line import Options
from mcgui.console.master.master_startup import Wish
from mcgui.console.results.results_panel import ResultsPanel
from mcgui.garbage_collection import GuiThreadCollector
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core import Master
from tests.benchmarks.console import WANTED_STALL, Pulse
from tests.benchmarks.table import WORK

PATIENCE = 300.0


class Person:
    """Does one thing after the other with the panel, and says how long it took until it was seen, and the longest stall."""

    def __init__(self, app: QApplication, panel: ResultsPanel) -> None:
        self._app, self._panel = app, panel
        self.worst = 0.0

    def does(self, words: str, act: Callable[[], object], seen: Callable[[], bool]) -> None:
        pulse, begun = Pulse(), time.perf_counter()
        pulse.start()
        act()
        while not seen():
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError(f"Waited in vain: {words}.")
            self._app.processEvents()
            time.sleep(0.001)
        took = time.perf_counter() - begun
        pulse.stop()
        stall, busy = pulse.stalls.longest[0][0] if pulse.stalls.longest else 0.0, pulse.busiest
        self.worst = max(self.worst, busy)
        print(
            f"{words:<44} {took:7.2f} s, longest stall {1000 * stall:5.0f} ms ({1000 * busy:.0f} of processor)",
            flush=True,
        )

    def at_rest(self) -> bool:
        """Also the rows that are seen are there."""
        model = self._panel.model
        return self._panel.at_rest and model.index(self._panel.view.rowAt(4), 0).data() not in (None, "…")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="mcgui-bench-") as folder, Master() as master:
        master.add_local_worker(2)
        master.submit(WORK, "row", range(count), name="A million").wait()
        app = QApplication([])
        collector = GuiThreadCollector(app)
        options = Options((), Wish(link=master.console_link, worker=False), demo=False, picture=None, scheme="light")
        console = Console(app, Theme(app, "light"), Settings(Path(folder) / "mcgui.ini"), options, ())
        console.start()
        try:
            _measure(app, console)
        finally:  # or nothing of it would ever end
            console.window.end()
            console.close()
            collector.close()


def _measure(app: QApplication, console: Console) -> None:
    tabs = console.window.parts.tabs
    panel = tabs.results
    person = Person(app, panel)
    person.does("the window", lambda: None, lambda: panel.job is not None)
    person.does("all read", lambda: tabs.bring(panel), lambda: person.at_rest() and panel.query.part >= 1)
    for title, down in (("result.a", False), ("result.b", True), ("result.d", False)):
        person.does(f"sorted by {title}", lambda wish=(title, down): panel._on_sort(wish), person.at_rest)
    bar = panel.view.verticalScrollBar()
    for part in range(1, 8):
        person.does(
            f"scrolled to {part} of 8", lambda part=part: bar.setValue(bar.maximum() * part // 8), person.at_rest
        )
    for where in ("a > 1000000000", 'd contains "99"', "99"):
        person.does(f"filtered: {where}", lambda where=where: panel.head.filter_by(where), person.at_rest)
    person.does("all rows as they were", lambda: (panel.head.filter_by(""), panel._on_sort(None)), person.at_rest)
    person.does("a plot of a column", lambda: panel.head.plot.setChecked(True), lambda: _drawn(panel, "bars"))
    fields = panel._plot.widget.fields
    person.does("one against another", lambda: fields.across.setCurrentText("argument"), lambda: _drawn(panel, "image"))
    verdict = "as wanted" if person.worst < WANTED_STALL else "MORE than wanted"
    print(f"The window's thread had the processor for {1000 * person.worst:.0f} ms at most ({verdict}: under 50 ms).")
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


def _drawn(panel: ResultsPanel, kind: str) -> bool:
    plot = panel._plot
    return plot.is_made and plot.widget.at_rest and kind in plot.widget.view.charts.kinds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
