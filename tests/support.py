"""What the tests of a whole cluster share: starting one, looking at its processes, and talking with tasks by files."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from mcgui_core import Master
from mcgui_core.client.agent_process import AgentEvent, AgentProcess
from mcgui_core.protocol.messages import NodeStatus
from tests.waiting import until

#: Seconds that a node may take to start, join, or come back. Far more than it takes, for machines that are busy.
PATIENCE = 20.0

#: An environment whose tasks tell by files that they have started, and wait for a file before they go on.
#: `meet` takes (folder, number); a task that runs twice leaves two marks, since each has its process in its name.
MEETING = """
import os, pathlib, threading, uuid

def meet(folder, number):
    pathlib.Path(folder, f"started-{number}-{os.getpid()}-{uuid.uuid4().hex}").touch()
    while not pathlib.Path(folder, "go").exists():
        threading.Event().wait(0.01)
    return number
"""


@contextmanager
def cluster(nprocs: int = 2, **settings: object) -> Iterator[Master]:
    """A master with one local worker of `nprocs` slots."""
    with Master(**settings) as master:  # type: ignore[arg-type]
        master.add_local_worker(nprocs)
        yield master


@contextmanager
def worker(
    link: str, nprocs: int = 1, name: str | None = None, on_event: Callable[[AgentEvent], None] | None = None
) -> Iterator[AgentProcess]:
    """A worker that is no child of a master's object: it outlives the master."""
    agent = AgentProcess(link, nprocs, name, on_event)
    try:
        yield agent
    finally:
        agent.leave()


class Meeting:
    """Where the tasks of `MEETING` and a test meet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arguments(self, count: int) -> list[tuple[str, int]]:
        return [(str(self.folder), number) for number in range(count)]

    @property
    def started(self) -> list[int]:
        """The numbers of the tasks that have started, once for each time."""
        return sorted(int(path.name.split("-")[1]) for path in self.folder.glob("started-*"))

    @property
    def processes(self) -> list[int]:
        """The processes in which they have started."""
        return sorted({int(path.name.split("-")[2]) for path in self.folder.glob("started-*")})

    def go(self) -> None:
        """Let all tasks go on."""
        (self.folder / "go").touch()


def node(master: Master, name: str) -> NodeStatus:
    """The youngest node of that name. Raises IndexError where there is none."""
    return [node for node in master.nodes() if node.name == name][-1]


def joined(master: Master, count: int = 1) -> bool:
    """Whether as many nodes as that are there."""
    return sum(node.state not in ("lost", "left") for node in master.nodes()) == count


def descendants(pid: int) -> list[psutil.Process]:
    """The processes that `pid` has started, and theirs."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def slots(agent: AgentProcess) -> list[psutil.Process]:
    """The slots of a worker that run now."""
    return [process for process in descendants(agent.pid) if is_slot(process)]


def looping_slots(agent: AgentProcess) -> list[psutil.Process]:
    """Those whose task is an endless loop: what only waits for something to do has used next to no processor."""
    return [process for process in slots(agent) if process.cpu_times().user > 0.5]


def is_slot(process: psutil.Process) -> bool:
    try:
        return "mcgui_core.slots.slot_main" in process.cmdline()
    except psutil.Error:
        return False


def all_gone(processes: list[psutil.Process]) -> bool:
    """None of them runs any more; one that has ended and was not waited for by its parent is gone too."""
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def wait_until_gone(processes: list[psutil.Process], timeout: float = PATIENCE) -> None:
    def gone() -> bool:
        try:
            return all_gone(processes)
        except psutil.NoSuchProcess:
            return False  # ended between two looks: look again

    until(gone, timeout, f"the end of {processes}")


def kill(process: psutil.Process) -> None:
    """kill -9, and wait until it is gone."""
    process.kill()
    wait_until_gone([process])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def run_script(path: Path, source: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run source as a script of its own, from a file, as a user would."""
    path.write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=50, check=False, cwd=path.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}, **options,  # type: ignore[call-overload]
    )  # fmt: skip


def is_true(condition: Callable[[], object]) -> Callable[[], bool]:
    """`condition`, with an error taken for no: for what a master that is not back yet cannot be asked."""

    def asked() -> bool:
        try:
            return bool(condition())
        except ConnectionError:
            return False

    return asked
