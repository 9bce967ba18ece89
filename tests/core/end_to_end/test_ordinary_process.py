"""A task's process is an ordinary one: what works in plain Python works in a task."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from mcgui_core import Master
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.processes.thread_limits import VARIABLES
from tests.support import cluster

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(1) as master:
        yield master


def one(master: Master, source: str, argument: Any = 0, **options: Any) -> Any:
    (value,) = master.submit(source, "f", [argument], **options).results()
    return value


@posix_only
@pytest.mark.parametrize("name", ["INT", "TERM", "QUIT", "PIPE", "HUP", "USR1"])
def test_what_a_task_starts_has_default_signals(master: Master, name: str) -> None:
    source = (
        "import subprocess\ndef f(x):\n    return subprocess.run(['sh', '-c', f'kill -{x} $$; echo no']).returncode\n"
    )
    assert one(master, source, name) < 0


@posix_only
def test_a_task_that_sends_itself_an_interrupt_is_interrupted(master: Master) -> None:
    source = """
import os, signal
def f(x):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        return "interrupted"
"""
    assert one(master, source) == "interrupted"


def test_standard_output_has_all_that_a_text_stream_has(master: Master) -> None:
    source = """
import io, sys
def f(x):
    sys.stdout.reconfigure(errors="backslashreplace", line_buffering=True)
    sys.stderr.writelines(["a", "b"])
    sys.stdout.buffer.write("caf\\u00e9\\n".encode())
    return [
        (s.name, s.encoding, s.errors, s.isatty(), s.fileno(), s.closed, isinstance(s, io.TextIOWrapper), s.newlines)
        for s in (sys.stdout, sys.stderr)
    ]
"""
    job = master.submit(source, "f", [0])
    out, err = job.results()[0]
    assert out == ("<stdout>", "utf-8", "backslashreplace", False, 1, False, True, None)
    assert err[0] == "<stderr>"
    assert {(part.stream, part.text) for part in job.output()} == {("out", "café\n"), ("err", "ab")}


@pytest.mark.parametrize("name", VARIABLES)
def test_libraries_use_a_share_of_the_processors(master: Master, name: str) -> None:
    assert one(master, f"import os\ndef f(x): return os.environ[{name!r}]\n") == str(cpu_count())


def test_two_slots_share_the_processors_among_them() -> None:
    with cluster(2 * cpu_count()) as master:
        assert one(master, "import os\ndef f(x): return os.environ['OMP_NUM_THREADS']\n") == "1"


def test_who_says_how_many_threads_there_may_be_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    source = "import os\nos.environ['MKL_NUM_THREADS'] = '5'\ndef f(x): return os.environ[x]\n"
    with cluster(1) as master:
        found = master.submit(source, "f", ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"]).results()
    assert found == ["7", "5", str(cpu_count())]


def test_text_hashes_alike_in_all_slots_of_a_job() -> None:
    source = "import os, time\ndef f(x):\n    time.sleep(0.05)\n    return os.getpid(), hash('text')\n"
    with cluster(2) as master:
        found = set(master.submit(source, "f", range(40), chunksize=1).results())
    assert len({pid for pid, _ in found}) == 2
    assert len({value for _, value in found}) == 1


def test_who_says_how_text_is_hashed_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    with cluster(1) as master:
        assert one(master, "import os\ndef f(x): return os.environ['PYTHONHASHSEED']\n") == "7"
