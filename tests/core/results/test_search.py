"""Tasks as rows and as details, on a real master."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.results.task_detail import TEXT_LIMIT, laid_out
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE

WORK = """
from collections import namedtuple
from dataclasses import dataclass

Hit = namedtuple("Hit", "x y label")

@dataclass
class Fit:
    slope: float
    name: str = "line"

def double(x):
    if x % 1000 == 13:
        raise ValueError(f"{x} is unlucky")
    return x * 2

def kinds(x):
    return [Hit(x, 2 * x, "a"), Fit(0.5), {"loss": 1.5, "tag": "b"}, (3, 4), "text", True][x]

def image(size):
    import numpy as np
    return np.outer(np.arange(size), np.ones(size))

def colours(size):
    import numpy as np
    return np.full((size, size, 3), 0.5)

def files(kind):
    import io
    from PIL import Image
    file = io.BytesIO()
    Image.new("RGB", (5, 4), (255, 0, 0)).save(file, kind)
    return file.getvalue()

def pillow(mode):
    from PIL import Image
    return Image.new("RGB", (5, 4), (255, 0, 0)).convert(mode)

def long(x):
    return {f"key {i}": list(range(20)) for i in range(x)} if x < 100 else "line one\\nGrüße ✓\\n" + "z" * x
"""


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(2)
        yield master


@pytest.fixture
def at(master: Master) -> Iterator[Workbench]:
    with Workbench(master.console_link) as bench:
        yield bench


def finished(master: Master, bench: Workbench, function: str, arguments: str) -> int:
    id = bench.submit(JobSpec("job", WORK, function), ArgumentSource("expression", arguments))
    assert master.job(id).wait(PATIENCE).state == "finished"
    return id


def test_rows_far_apart_come_in_one_answer(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "range(50_000)")
    rows = at.rows_of(id, (13, 14, 49_999))
    assert [(row.index, row.state, row.value) for row in rows] == [
        (13, "failed", "ValueError: 13 is unlucky"), (14, "done", "28"), (49_999, "done", "99998"),
    ]  # fmt: skip


def test_of_a_list_that_is_too_long_to_be_shown_both_ends_are() -> None:
    text = laid_out(list(range(3_000_000)))
    assert text.startswith("[0, 1, 2, ")
    assert text.endswith(", 2999998, 2999999]")
    assert "of 3,000,000 items, those between are left out" in text
    assert len(text) < 1.01 * TEXT_LIMIT
    assert laid_out(tuple(range(3))) == "(0, 1, 2)"


def test_a_detail_is_whole_and_laid_out(master: Master, at: Workbench) -> None:
    id = finished(master, at, "long", "[1, 5, 300, 1_000_000]")
    assert at.detail(id, 0).value == "{'key 0': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]}"
    assert len(at.detail(id, 1).value.splitlines()) == 5
    assert at.detail(id, 2).value == "line one\nGrüße ✓\n" + "z" * 300
    assert "characters left out" in at.detail(id, 3).value
    assert at.detail(id, 4) is None


def test_the_detail_of_a_failure_is_its_traceback(master: Master, at: Workbench) -> None:
    id = finished(master, at, "double", "[13]")
    detail = at.detail(id, 0)
    assert (detail.state, detail.argument) == ("failed", "13")
    assert detail.value.startswith("Traceback")
    assert detail.value.endswith("ValueError: 13 is unlucky")


def test_an_array_is_a_picture_from_its_smallest_to_its_largest_number(master: Master, at: Workbench) -> None:
    id = finished(master, at, "image", "[4, 2500, 1]")
    picture = at.detail(id, 0).picture
    assert (picture.width, picture.height, picture.channels) == (4, 4, 1)
    assert picture.pixels[::4] == bytes([0, 85, 170, 255])
    assert at.detail(id, 1).picture.width <= 2048
    assert at.detail(id, 2).picture is None
    id = finished(master, at, "colours", "[3]")
    assert at.detail(id, 0).picture.pixels == bytes([127]) * 27


def test_pictures_of_pillow_and_files_of_pictures_are_shown_as_such(master: Master, at: Workbench) -> None:
    pytest.importorskip("PIL", reason="Pillow is not installed here")
    id = finished(master, at, "files", "['PNG', 'JPEG', 'GIF']")
    assert [at.detail(id, task).image[:4] for task in range(3)] == [b"\x89PNG", b"\xff\xd8\xff\xe0", b""]
    id = finished(master, at, "pillow", "['RGB', 'L', 'P', '1']")
    pictures = [at.detail(id, task).picture for task in range(4)]
    assert [(one.width, one.height, one.channels) for one in pictures[:2]] == [(5, 4, 3), (5, 4, 1)]
    assert pictures[0].pixels[:3] == b"\xff\x00\x00"
    assert pictures[2].pixels[:3] == b"\xff\x00\x00"
