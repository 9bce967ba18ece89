"""A pytest plugin that fails every test which leaves something behind: a process, thread, socket, descriptor or file,
or the garbage collector in another state than it was in.

Each test is looked at from before its first fixture to after its last one. What is new at the end gets a few seconds
to go away by itself (children are reaped, threads are joined, garbage is collected); what is then still there is named
in the failure, and processes are killed, so that no test is blamed for another one's.

What a fixture of a wider scope starts is there before the test, and is not counted against it.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.waiting import comes_true

#: Every process that the tests start inherits this variable. It tells ours from those of another run of the tests on
#: this machine, also when their parent is gone and they are children of init.
RUN_VARIABLE = "MCGUI_TEST_RUN"

#: Commands that may stay, and why.
TOLERATED_PROCESSES = {
    # multiprocessing starts one for the whole life of a process that ever made a Pool, and never stops it. It cannot
    # come from us: nothing of ours uses multiprocessing's processes, only comparisons with Pool do.
    "multiprocessing.resource_tracker",
}

#: Descriptors that may stay, by the beginning of what they point to, and why.
TOLERATED_DESCRIPTORS = (
    # Devices without a state that libraries open once and keep. Everything else counts: sockets, pipes and files
    # because they are ours to close, eventfd, epoll, inotify and pidfd because each belongs to an object of Qt or of
    # the selectors module that was not closed. (For one more exception see `new_descriptors`.)
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
)

#: Fonts that Matplotlib opens with the first figure, and keeps.
TOLERATED_FOLDER = "/matplotlib/mpl-data/fonts/"

_DESCRIPTORS = Path("/proc/self/fd")
_TASKS = Path("/proc/self/task")


@dataclass(frozen=True)
class Belongings:
    """What there is at one moment. Processes are the whole machine's: whose they are is asked only of new ones."""

    processes: frozenset[int]
    threads: frozenset[threading.Thread]
    descriptors: frozenset[tuple[int, str]]
    files: frozenset[str]
    collecting: bool  # whether Python collects garbage by itself


def look() -> Belongings:
    """What there is now."""
    return Belongings(
        processes=frozenset(psutil.pids()),
        threads=frozenset(threading.enumerate()),
        descriptors=_descriptors(),
        files=_files(),
        collecting=gc.isenabled(),
    )


def _descriptors() -> frozenset[tuple[int, str]]:
    """Open descriptors with what they point to. Where there is no /proc, those that psutil can name."""
    if not _DESCRIPTORS.is_dir():
        process = psutil.Process()
        sockets = {(c.fd, f"socket {c.laddr} {c.raddr}") for c in process.net_connections(kind="all")}
        return frozenset(sockets | {(f.fd, f.path) for f in process.open_files()})
    found = set()
    for link in _DESCRIPTORS.iterdir():
        try:
            target = str(link.readlink())
        except FileNotFoundError:  # the one that read the folder
            continue
        if not target.startswith(TOLERATED_DESCRIPTORS) and TOLERATED_FOLDER not in target:
            found.add((int(link.name), target))
    return frozenset(found)


def _files() -> frozenset[str]:
    """Names in the temporary folder. It is this run's own, so all of them count, whatever they begin with."""
    return frozenset(path.name for path in Path(tempfile.gettempdir()).iterdir())


def _is_left(process: psutil.Process, before: Belongings) -> bool:
    """Whether the test started this process, itself or through others.

    By its ancestors, as far as they live: what a process of a wider fixture starts during the test, such as the slots
    of a cluster that many tests share, belongs to that fixture. An orphan is known by the variable that it inherited.
    """
    try:
        command = " ".join(process.cmdline())
        if any(tolerated in command for tolerated in TOLERATED_PROCESSES):
            return False
        ancestor = process.parent()
        while ancestor is not None and ancestor.pid not in before.processes:
            ancestor = ancestor.parent()
        if ancestor is not None and ancestor.pid == os.getpid():
            return True
        return _has_our_mark(process) and (ancestor is None or not _has_our_mark(ancestor))
    except psutil.AccessDenied:  # somebody else's
        return False
    except psutil.NoSuchProcess:  # (a zombie, too) it has ended
        return False


def _has_our_mark(process: psutil.Process) -> bool:
    try:
        return _environment(process).get(RUN_VARIABLE) == os.environ[RUN_VARIABLE]
    except psutil.AccessDenied:
        return False


def _environment(process: psutil.Process) -> dict[str, str]:
    """Its variables; of one that is being started there are none for a moment, after whoever starts it knows of it."""
    pause = threading.Event()
    for _ in range(50):
        found = process.environ()
        if found or process.ppid() == 2:  # Linux's own threads have none, ever
            return found
        pause.wait(0.002)
    return {}


def new_processes(before: Belongings) -> list[psutil.Process]:
    """Processes that the test started and that are still there."""
    found = []
    for pid in set(psutil.pids()) - before.processes:
        try:
            process = psutil.Process(pid)
        except psutil.NoSuchProcess:
            continue
        if _is_left(process, before):
            found.append(process)
    return found


def _has_ended(process: psutil.Process) -> bool:
    """Whether it runs no more. Only looked at: whoever started it is to hear how it ended. A pool that broke waits for
    its processes in a thread, and keeps their pipes for good where others took the exit status."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def new_threads(before: Belongings) -> list[threading.Thread]:
    """Threads that were not there before and that still run."""
    return [thread for thread in set(threading.enumerate()) - before.threads if _runs(thread)]


def _runs(thread: threading.Thread) -> bool:
    """Whether a thread runs. Python keeps a thread of Qt's that once called Python listed for ever (up to 3.12)."""
    if thread.native_id is not None and isinstance(thread, threading._DummyThread) and _TASKS.is_dir():
        return (_TASKS / str(thread.native_id)).exists()
    return thread.is_alive()


def new_descriptors(before: Belongings) -> list[tuple[int, str]]:
    """Descriptors that were not there before."""
    found = sorted(_descriptors() - before.descriptors)
    # Qt paints larger areas in a pool of threads of its own, which come and go by themselves and hold one each.
    wakers = [one for one in found if one[1] == "anon_inode:[eventfd]"][: _painting_threads()]
    return [one for one in found if one not in wakers]


def _painting_threads() -> int:
    """How many threads of Qt's own pool there are; none of it can be reached from Python to be stopped."""
    count = 0
    for task in _TASKS.iterdir() if _TASKS.is_dir() else ():
        try:
            count += (task / "comm").read_text().startswith("Thread (pooled)")
        except (FileNotFoundError, ProcessLookupError):  # it has ended by now
            continue
    return count


def new_files(before: Belongings) -> list[str]:
    """Names in the temporary folder that were not there before."""
    return sorted(_files() - before.files)


def left_behind(before: Belongings, patience: float) -> list[str]:
    """One line for each thing that is still there after `patience` seconds; processes are killed."""

    def nothing_new() -> bool:
        return not (new_threads(before) or new_descriptors(before) or new_files(before))

    def all_gone() -> bool:
        """What only waits for the garbage collector is not left behind. It looks at the young first, which is quick."""
        for generation in (1, 2):
            if nothing_new():
                return True
            gc.collect(generation)
        return nothing_new()

    deadline = time.monotonic() + patience
    processes = new_processes(before)
    comes_true(lambda: all(map(_has_ended, processes)), patience)
    processes = [process for process in processes if not _has_ended(process)]
    comes_true(all_gone, deadline - time.monotonic())
    lines = [f"process {process.pid}: {_command(process)}" for process in processes]
    _kill(processes)
    lines += [f"{'daemon ' * thread.daemon}thread {thread.name}" for thread in new_threads(before)]
    lines += [f"descriptor {number}: {target}{_peer(number)}" for number, target in new_descriptors(before)]
    lines += [f"file {Path(tempfile.gettempdir(), name)}" for name in new_files(before)]
    return lines + _collector_left(before)


def _collector_left(before: Belongings) -> list[str]:
    """Of the garbage collector, which is set back: left on, it would destroy windows of later tests in some thread."""
    if gc.isenabled() == before.collecting:
        return []
    (gc.enable if before.collecting else gc.disable)()
    return [f"the garbage collector {'off' if before.collecting else 'on'}"]


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return "(it has ended by now)"


def _peer(number: int) -> str:
    """Of an internet socket, from where to where it goes."""
    for connection in psutil.Process().net_connections(kind="inet"):
        if connection.fd == number:
            return f" from {connection.laddr} to {connection.raddr or 'nowhere'}"
    return ""


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=5)


def destroy_closed_windows() -> None:
    """Do now what `deleteLater` leaves to the next event loop, which is that of some later test. Until then each theme
    that a test puts on restyles thousands of old widgets, and the garbage collector may empty objects that Qt still
    sends events to."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("leak_patience", "seconds that what a test leaves behind may take to go away", default="5")


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home and a temporary folder of this run's own: no test reads or writes what belongs to the user."""
    base = tmp_path_factory.getbasetemp()
    places = {
        "HOME": base / "home",
        "USERPROFILE": base / "home",
        "LOCALAPPDATA": base / "home" / "local",
        "APPDATA": base / "home" / "roaming",
        "XDG_CONFIG_HOME": base / "home" / "config",
        "XDG_DATA_HOME": base / "home" / "data",
        "XDG_STATE_HOME": base / "home" / "state",
        "XDG_CACHE_HOME": base / "home" / "cache",
        "XDG_RUNTIME_DIR": base / "run",
        "TMPDIR": base / "t",
        "TEMP": base / "t",
        "TMP": base / "t",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, place in places.items():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            patch.setenv(name, str(place))
        patch.setattr(tempfile, "tempdir", str(places["TMPDIR"]))
        patch.setenv(RUN_VARIABLE, uuid.uuid4().hex)
        yield base


@pytest.fixture(autouse=True)
def nothing_left_behind(surroundings: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test that leaves a process, thread, socket, descriptor or temporary file behind, or the collector off."""
    yield from looked_after(request)


def looked_after(request: pytest.FixtureRequest) -> Iterator[None]:
    """What `nothing_left_behind` does. A module whose tests share what grows by itself (connections, threads of a pool)
    makes its own of that name, for the whole module."""
    before = look()
    yield
    destroy_closed_windows()
    lines = left_behind(before, float(request.config.getini("leak_patience")))
    if lines:
        pytest.fail("The test left behind:\n  " + "\n  ".join(lines), pytrace=False)
