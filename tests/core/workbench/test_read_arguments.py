"""What a job is opened again with is compared with what it had: by its first arguments, their number, and a file's time."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.workbench.read_arguments import differ_from
from mcgui_core.workbench.workbench import Workbench
from tests.leaks import looked_after
from tests.waiting import until

Submit = Callable[[ArgumentSource], int]
SOURCE = "import random\ndef f(x): return x\n"


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind(surroundings: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Looked at when the last test is over: they share a master."""
    yield from looked_after(request)


@pytest.fixture(scope="module")
def master(nothing_left_behind: None) -> Iterator[Master]:
    with Master() as made:
        yield made


@pytest.fixture(scope="module")
def bench(master: Master) -> Iterator[Workbench]:
    with Workbench(master.console_link) as made:
        yield made


@pytest.fixture
def submitted(master: Master, bench: Workbench) -> Submit:
    def submit(source: ArgumentSource) -> int:
        job = bench.submit(JobSpec("f", SOURCE, "f"), source)
        until(lambda: master.job(job).status.sealed)
        return job

    return submit


@pytest.mark.parametrize(
    ("text", "differs"),
    [("range(1_000_000)", False), ("[float('nan'), {3, 1, 2}, None]", False), ("[random.random()]", True)],
)
def test_an_expression_may_give_others_each_time(bench: Workbench, submitted: Submit, text: str, differs: bool) -> None:
    source = ArgumentSource("expression", text=text)
    assert bool(bench.arguments_differ(submitted(source), source)) is differs


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("a\nb\n", ""),
        ("a\nb\nc\n", "There are 3, and were 2."),
        ("a\n", "There is 1, and were 2."),
        ("a\nB\n", "That of task 1 is 'B', and was 'b'."),
    ],
)
def test_a_file_is_read_anew(bench: Workbench, submitted: Submit, tmp_path: Path, after: str, said: str) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("a\nb\n")
    source = ArgumentSource("text", path=str(path))
    job = submitted(source)
    path.write_text(after)
    assert bench.arguments_differ(job, source) == said
    path.unlink()
    with pytest.raises(ArgumentsInvalid, match="There is no file"):
        bench.arguments_differ(job, source)


def test_a_place_in_the_middle_of_long_text_is_not_overlooked(
    bench: Workbench, submitted: Submit, tmp_path: Path
) -> None:
    path = tmp_path / "lines.txt"
    path.write_text(f"{'a' * 200} alpha=1 {'b' * 200}\n")
    source = ArgumentSource("text", path=str(path))
    job = submitted(source)
    os.utime(path, (5e9, 5e9))
    assert not bench.arguments_differ(job, source)  # all were compared, and are the same
    path.write_text(path.read_text().replace("alpha=1", "alpha=2"))
    assert bench.arguments_differ(job, source).startswith("That of task 0 differs in what is left out here: 'aaaa")


@pytest.mark.parametrize("count", [300, 3])
def test_the_time_of_a_file_tells_of_what_was_not_compared(
    master: Master, submitted: Submit, tmp_path: Path, count: int
) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("".join(f"{line}\n" for line in range(count)))
    source = ArgumentSource("text", path=str(path))
    job = master.job(submitted(source))
    os.utime(path, (5e9, 5e9))
    as_it_is = [str(line) for line in range(count)]  # of a known length, as many kinds of files have
    assert differ_from(job, source, as_it_is) == ("" if count == 3 else f"{path} was written since.")
    assert differ_from(job, source, as_it_is, seconds=0) == f"{path} was written since."


def test_of_a_long_file_the_time_says_what_its_first_lines_do_not(
    bench: Workbench, submitted: Submit, tmp_path: Path
) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("".join(f"{line}\n" for line in range(1000)))
    source = ArgumentSource("text", path=str(path))
    job = submitted(source)
    os.utime(path, (1e9, 1e9))
    assert not bench.arguments_differ(job, source)
    os.utime(path, (5e9, 5e9))
    assert bench.arguments_differ(job, source) == f"{path} was written since."


def test_files_that_were_removed_from_a_folder_are_missed(bench: Workbench, submitted: Submit, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).touch()
    source = ArgumentSource("folder", path=str(tmp_path))
    job = submitted(source)
    (tmp_path / "b").unlink()
    assert bench.arguments_differ(job, source) == "There are 2, and were 3."


def test_a_job_begins_while_an_iterator_keeps_its_next_argument_back(master: Master, bench: Workbench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gate, ThreadPoolExecutor() as pool:
        source = ArgumentSource("expression", text="kept_back()")
        waits = f"    socket.create_connection(('127.0.0.1', {gate.getsockname()[1]})).recv(1)\n"
        code = f"import socket\ndef f(x): return x\ndef kept_back():\n    yield 1\n{waits}    yield 2\n"
        job = bench.submit(JobSpec("f", code, "f"), source)
        gate.accept()[0].close()
        until(lambda: master.job(job).status.sealed)
        said = pool.submit(bench.arguments_differ, job, source)
        with gate.accept()[0]:
            assert bench.submit(JobSpec("f", SOURCE, "f"), ArgumentSource("expression", text="range(3)"))
            assert not said.done()
        assert said.result() == ""


def test_no_more_are_read_or_compared_than_there_is_time_for(master: Master, submitted: Submit) -> None:
    source = ArgumentSource("expression", text="range(3)")
    job = master.job(submitted(source))
    endless = count()
    assert differ_from(job, source, endless, seconds=0) == ""
    assert next(endless) == 1
    assert differ_from(job, source, [0, 1, 5], seconds=0) == ""
    assert differ_from(job, source, [5, 1, 2], seconds=0) == "That of task 0 is 5, and was 0."
