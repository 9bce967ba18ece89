"""What can be seen of a value: figures, drawn without a window; pictures of Pillow; arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from mcgui_core import Master
from mcgui_core.protocol.queries import TaskDetail
from mcgui_core.results.pictures import FIGURE_DPI, PICTURE_LIMIT, is_figure, picture_of, png_of
from mcgui_core.results.reduce import told
from mcgui_core.results.task_detail import seen_in
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE

WORK = """
import matplotlib.pyplot as plt

def curve(x):
    figure, axes = plt.subplots()  # of pyplot, which would show it in a window when it is opened
    axes.plot([0, x], [1, 2])
    return figure

def together(results):
    return results[0]
"""


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Master, int]]:
    monkeypatch.setenv("MPLBACKEND", "QtAgg")  # as some editors set it: in the workbench it would open windows
    with Master() as master:
        monkeypatch.setenv("MPLBACKEND", "Agg")
        master.add_local_worker(nprocs=1)
        monkeypatch.setenv("MPLBACKEND", "QtAgg")
        job = master.submit(WORK, "curve", [1, 2], reduce="together")
        assert job.wait(PATIENCE).failed == 0
        yield master, job.id


def detail(bench: Workbench, job: int) -> TaskDetail:
    found = bench.detail(job, 0)
    assert found is not None
    return found


def test_a_figure_of_a_worker_that_is_trusted_is_a_picture_and_one_of_others_stays_closed(
    job: tuple[Master, int],
) -> None:
    master, id = job
    with Workbench(master.console_link, home=True) as bench:
        picture = detail(bench, id).picture
        assert picture is not None
        assert (picture.width, picture.height, picture.channels) == (6.4 * FIGURE_DPI, 4.8 * FIGURE_DPI, 4)
        reduced = bench.reduce(id)
        assert reduced.picture == picture
    with Workbench(master.console_link) as bench:
        closed = detail(bench, id)
        assert closed.picture is None
        assert "Figure" in closed.value


def test_a_figure_of_any_size_is_drawn_and_one_that_cannot_be_is_none() -> None:
    for size in ((100.0, 2.0), (0.1, 0.1)):
        picture = picture_of(Figure(figsize=size))
        assert picture is not None
        assert max(picture.width, picture.height) <= PICTURE_LIMIT
    broken = Figure()
    broken.text(0.5, 0.5, r"$\no such command$")
    assert picture_of(broken) is None
    assert is_figure(broken)
    assert not is_figure(Figure)
    assert not is_figure("Figure")


def test_pictures_are_files_and_pictures_of_a_reduction() -> None:
    for value in (Figure(), Image.new("P", (3, 2)), Image.new("L", (3, 2))):
        assert png_of(value).startswith(b"\x89PNG")
        assert told(value).picture is not None
    assert told(np.zeros((3, 3))).picture is None  # numbers are read as numbers


def test_of_a_record_the_first_picture_is_seen() -> None:
    image, png = Image.new("RGB", (4, 3)), b"\x89PNG\r\n\x1a\n..."

    @dataclass
    class Scan:
        name: str
        pixels: Any

        @property
        def broken(self) -> int:
            raise ValueError

    for value in ({"mean": 2.5, "picture": image, "other": png}, Scan("a", image), ("a", image), image):
        picture, content = seen_in(value)
        assert picture is not None
        assert (picture.width, picture.height, content) == (4, 3, b"")
    assert seen_in({"name": "a.png", "png": png}) == (None, png)
    for value in ({"mean": 2.5}, (1, "a"), {}, None, [image]):
        assert seen_in(value) == (None, b"")
