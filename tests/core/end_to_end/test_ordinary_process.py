"""A task's process is an ordinary one: what works in plain Python works in a task."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcgui_core import Job, Master
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.messages import TaskOutput
from tests.support import cluster
from tests.waiting import until

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


#: Each gives how its process ended, or what it said.
_STARTED = """
import asyncio, os, signal, subprocess, sys

def forked(number):
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), number)
        os._exit(0)
    return os.waitpid(pid, 0)[1]

def f(how):
    if how == "a fork":
        return [forked(number) for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGUSR1)]
    if how == "a pipeline":
        command = ["bash", "-c", "yes | head -1; echo ${PIPESTATUS[0]}"]
        return subprocess.run(command, capture_output=True, text=True).stdout
    if how == "a spawn":
        return os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", "kill -INT $$; exit 3"], os.environ), 0)[1]
    if how == "Python":
        code = "import os\\ntry: os.kill(os.getpid(), 2)\\nexcept KeyboardInterrupt: print('heard')"
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    if how == "asyncio":
        async def main():
            return await (await asyncio.create_subprocess_exec("sh", "-c", "kill -TERM $$")).wait()
        return asyncio.run(main())
    words = subprocess.run(["grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"], capture_output=True, text=True).stdout
    # But for two that the C library has for itself, and holds back for a moment now and then.
    return [int(word, 16) & ~(0b11 << 31) for word in words.split()[1::2]]
"""


@pytest.mark.skipif(sys.platform != "linux", reason="numbers of signals, and /proc, as Linux has them")
def test_signals_are_default_however_a_process_is_started(master: Master) -> None:
    hows = ["a fork", "a pipeline", "a spawn", "Python", "asyncio", "nothing ignored or blocked"]
    expected = [[1, 15, 10], "y\n141\n", 2, "heard\n", -15, [0, 0]]
    assert master.submit(_STARTED, "f", hows).results() == expected


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


_WRITES = """
import codecs, contextlib, io, logging, os, subprocess, sys, threading
def f(how):
    out = sys.stdout
    if how == "redirected":
        with contextlib.redirect_stdout(io.StringIO()) as aside:
            print("aside")
        print(aside.getvalue().upper(), end="")
    elif how == "wrapped anew":
        sys.stdout = io.TextIOWrapper(out.buffer, "utf-8", line_buffering=True)
        print("wrapped anew")
        sys.stdout.detach()
        sys.stdout = out
    elif how == "codecs":
        codecs.getwriter("utf-8")(out.buffer).write("codecs é")
    elif how == "raw":
        return out.buffer.raw.write(b"raw"), out.buffer.write(memoryview(b"!")), out.write("abc")
    elif how == "descriptor opened":
        with os.fdopen(out.fileno(), "w", closefd=False) as own:
            own.write("descriptor opened")
    elif how == "sys.__stdout__":
        print("sys.__stdout__", file=sys.__stdout__, flush=True)
    elif how == "logging":
        logging.basicConfig(stream=out, level=logging.INFO, format="%(message)s")
        logging.info("logging")
    elif how == "in pieces":
        for word in ("in ", "pieces"):
            print(word, end="", flush=True)
    elif how == "another encoding":
        out.reconfigure(encoding="latin-1")
        print("é")
        out.reconfigure(encoding="utf-8")
    elif how == "a thread":
        writer = threading.Thread(target=print, args=("a thread",))
        writer.start()
        writer.join()
    elif how == "a program":
        subprocess.run([sys.executable, "-c", "print('a program')"], stdout=out)
    elif how == "put aside":
        kept, (read, write) = os.dup(1), os.pipe()
        os.dup2(write, 1)
        os.write(1, b"caught")
        os.dup2(kept, 1)
        os.close(write)
        return os.read(read, 100)
    elif how == "asked":
        try:
            input("? ")
        except EOFError:
            return sys.stdin.isatty(), sys.stdin.read()
"""
_WRITTEN = {
    "redirected": "ASIDE\n", "wrapped anew": "wrapped anew\n", "codecs": "codecs é", "raw": "raw!abc",
    "descriptor opened": "descriptor opened", "sys.__stdout__": "sys.__stdout__\n", "logging": "logging\n",
    "in pieces": "in pieces", "another encoding": "é\n", "a thread": "a thread\n", "a program": "a program\n",
    "put aside": "", "asked": "? ",
}  # fmt: skip


def test_output_is_written_in_every_way_that_there_is(master: Master) -> None:
    job = master.submit(_WRITES, "f", list(_WRITTEN), chunksize=1)
    results = dict(zip(_WRITTEN, job.results(), strict=True))
    assert (results["raw"], results["put aside"], results["asked"]) == ((3, 1, 3), b"caught", (False, ""))

    def said() -> dict[str, str]:
        parts = job.output()
        return {how: "".join(part.text for part in parts if part.index == at) for at, how in enumerate(_WRITTEN)}

    until(lambda: said() == _WRITTEN, what="all that was written")


#: As joblib sets them; none may be spelt otherwise.
_OF_LIBRARIES = ["OMP", "OPENBLAS", "MKL", "NUMEXPR", "BLIS", "NUMBA"]
_OTHERS = ["VECLIB_MAXIMUM_THREADS", "POLARS_MAX_THREADS", "LOKY_MAX_CPU_COUNT"]


def test_libraries_use_a_share_of_the_processors(master: Master) -> None:
    names = [*(f"{library}_NUM_THREADS" for library in _OF_LIBRARIES), *_OTHERS]
    source = "import os\ndef f(name): return os.environ.get(name)\n"
    assert master.submit(source, "f", names).results() == [str(cpu_count())] * len(names)


_THREADS = """
import os, subprocess, sys
import joblib, pyarrow
def f(x):
    code = "import pyarrow; print(pyarrow.cpu_count())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    return os.environ["OMP_NUM_THREADS"], pyarrow.cpu_count(), joblib.effective_n_jobs(-1), said
"""


def test_two_slots_share_the_processors_among_them_with_what_their_tasks_start() -> None:
    with cluster(2 * cpu_count()) as master:
        assert one(master, _THREADS) == ("1", 1, 1, "1\n")


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


PRINTER = """
import ctypes, os, subprocess, sys
def f(x):
    if x == "descriptor":
        os.write(1, b"by the descriptor\\n")
        os.write(2, "and é\\n".encode())
    if x == "program":
        subprocess.run([sys.executable, "-c", "import sys; print('from a program'); print('its error', file=sys.stderr)"])
    if x == "library":
        ctypes.CDLL(None).puts(b"from a library")
    if x == "locked":  # a library that keeps Python's lock while it prints more than a pipe holds
        libc = ctypes.PyDLL(None)
        for _ in range(20_000):
            libc.write(1, b"0123456789", 10)
        ctypes.PyDLL(None).write(1, b"0" * 200_000, 200_000)
    if x == "crash":
        os.write(2, b"my last words")
        os.abort()
    return x
"""


def printed(job: Job) -> list[TaskOutput]:
    """All of it: what a library writes in 20,000 small pieces comes in as many as the reader finds time for."""
    found: list[TaskOutput] = []
    while more := job.output(found[-1].seq if found else 0):
        found.extend(more)
    return found


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("descriptor", ["by the descriptor", "and é"]),
        ("program", ["from a program", "its error"]),
        pytest.param("library", ["from a library"], marks=posix_only),
        pytest.param("locked", ["0123456789" * 20_000, "0" * 200_000], marks=posix_only),
        ("crash", ["my last words"]),
    ],
)
def test_whatever_a_task_writes_is_in_its_output(master: Master, what: str, said: list[str]) -> None:
    job = master.submit(PRINTER, "f", ["nothing", what, "nothing"], chunksize=1)
    job.wait(30.0)
    output = until(
        lambda: (
            text
            if all(word in (text := "".join(p.text for p in printed(job) if p.index == 1)) for word in said)
            else ""
        )
    )
    assert output
    assert all(part.index == 1 for part in printed(job))


STARTED = """
import os, subprocess, sys, warnings
def f(x):
    try:
        warnings.warn("old", DeprecationWarning)
        warned = "shown"
    except DeprecationWarning:
        warned = "raised"
    return __debug__, warned, sys.flags.utf8_mode, sys.argv
"""


def test_the_interpreter_of_a_task_has_the_options_of_who_submits_it(master: Master, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"""
import sys
from mcgui_core import Cluster
SOURCE = {STARTED!r}
def started(x):
    import sys
    return __debug__, sys.argv
with Cluster.connect(sys.argv[1]) as cluster:
    print(cluster.submit(SOURCE, "f", [0]).results())
    print(cluster.submit(started, [0]).results())
"""
    )
    options = ["-O", "-W", "error::DeprecationWarning", "-X", "utf8"]
    command = [sys.executable, *options, str(script), master.console_link, "--depth", "3"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]).stdout
    text, function = found.splitlines()
    assert text == "[(False, 'raised', 1, ['<environment>'])]"
    assert function == f"[(False, [{str(script)!r}, 'mcgui://', '--depth', '3'])]"  # a key goes to no worker
    (plain,) = master.submit(STARTED, "f", [0]).results()
    assert plain[:2] == (True, "shown")


def test_the_traceback_of_a_function_of_a_script_says_its_file_line_and_source(master: Master, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        """
import functools, inspect, linecache, sys
from mcgui_core import Cluster

def ratio(x):
    def inner(y):
        return y / 0  # here
    return inner(x)

def source(x):
    return inspect.getsource(source)

with Cluster.connect(sys.argv[1]) as cluster:
    job = cluster.submit(ratio, [1])
    job.wait()
    print(job.failures()[0].traceback)
    job = cluster.submit(lambda x: [][x], [1])
    job.wait()
    print(job.failures()[0].traceback)
    print(cluster.submit(source, [1]).results()[0])
    cell = "def celled(x):\\n    return [][x]  # in a cell\\n"  # as a notebook has it: no file that anybody could read
    linecache.cache["<cell 6>"] = (len(cell), None, cell.splitlines(True), "<cell 6>")
    exec(compile(cell, "<cell 6>", "exec"))
    for function in (celled, functools.partial(celled), type("C", (), {"celled": lambda self, x: celled(x)})().celled):
        job = cluster.submit(function, [1])
        job.wait()
        print(job.failures()[0].traceback)
"""
    )
    command = [sys.executable, str(script), master.console_link]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]).stdout
    assert f'File "{script}", line 7, in inner\n    return y / 0  # here' in found
    assert f'File "{script}", line 17, in <lambda>\n    job = cluster.submit(lambda x: [][x], [1])' in found
    assert "dynamic-code" not in found
    assert found.count('File "<cell 6>", line 2, in celled\n    return [][x]  # in a cell') == 3
    assert "return inspect.getsource(source)" in found


def test_ten_million_characters_that_are_printed_at_once_arrive_whole(master: Master) -> None:
    source = "import sys\ndef f(n): sys.stdout.write(('y' * 99 + '\\n') * n)"
    job = master.submit(source, "f", [100_000])
    assert len(job.results()) == 1

    def arrived() -> int:
        count, after = 0, 0
        while pieces := job.output(after):
            count, after = count + sum(len(piece.text) for piece in pieces), pieces[-1].seq
        return count

    until(lambda: arrived() == 10_000_000, what="all that was printed")
