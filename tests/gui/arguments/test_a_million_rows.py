"""A million rows: previewed at once, counted to the end, and never in the window's own memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import QElapsedTimer
from pytestqt.qtbot import QtBot

from mcgui.console.arguments.arguments_section import ArgumentLoader
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentKind, ArgumentSource
from mcgui_core.workbench.workbench import Workbench
from tests.gui.panels import background

ROWS = 1_000_000
#: Milliseconds after which the first rows are there, on a machine that does much else at the same time; on an idle
#: one it is a third of a second.
AT_ONCE = 10_000
#: Bytes by which the window's process may grow meanwhile. The smallest of these files has eight million.
GROWTH = 7_500_000


def write_lines(path: Path) -> None:
    path.write_text("".join(f"word number {number}\n" for number in range(ROWS)))


def write_csv(path: Path) -> None:
    path.write_text("x,y\n" + "".join(f"{number},{number / 4}\n" for number in range(ROWS)))


def write_json_lines(path: Path) -> None:
    path.write_text("".join(f'{{"x": {number}, "y": "a"}}\n' for number in range(ROWS)))


def write_json(path: Path) -> None:
    path.write_text(json.dumps([{"x": number} for number in range(ROWS)]))


def write_numpy(path: Path) -> None:
    np.save(path, np.arange(ROWS))


def write_parquet(path: Path) -> None:
    pq.write_table(pa.table({"x": np.arange(ROWS), "y": np.arange(ROWS) / 4}), path)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("kind", "name", "write"),
    [
        ("text", "a.txt", write_lines),
        ("csv", "a.csv", write_csv),
        ("jsonl", "a.jsonl", write_json_lines),
        ("json", "a.json", write_json),
        ("numpy", "a.npy", write_numpy),
        ("parquet", "a.parquet", write_parquet),
    ],
)
def test_a_million_rows_are_previewed_at_once_and_stay_out_of_the_windows_memory(
    kind: ArgumentKind, name: str, write: Callable[[Path], None], theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    write(tmp_path / name)
    with background() as threads, Workbench() as workbench:
        loader = ArgumentLoader(theme, threads, workbench.preview, workbench.restart)
        qtbot.addWidget(loader)
        loader.show()
        loader.set_source(ArgumentSource("expression", text="range(3)"))  # the child is up then
        qtbot.waitUntil(lambda: loader.preview is not None, timeout=60_000)
        before = psutil.Process().memory_info().rss
        clock = QElapsedTimer()
        clock.start()
        loader.set_source(ArgumentSource(kind, path=str(tmp_path / name)))
        qtbot.waitUntil(lambda: loader.preview is not None, timeout=60_000)
        took = clock.elapsed()
        preview = loader.preview
        assert preview is not None
        assert len(preview.first) == 100
        assert loader.problem == ""
        qtbot.waitUntil(lambda: not loader.waiting, timeout=200_000)
        grown = psutil.Process().memory_info().rss - before
        assert loader.preview is not None
        assert loader.preview.count == ROWS
        assert loader.line.text().startswith("1,000,000 tasks: ")
    assert took < AT_ONCE
    assert grown < GROWTH
