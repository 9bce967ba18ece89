"""The API of *minimalcluster* over this package: its scripts run with only the import changed.

Names, parameters, return values and printed outcome are the seed's. What is better underneath: a task that raises
costs only itself, workers may come, go and die at any time, connections are encrypted, and the key is not printed.
"""

from __future__ import annotations

import datetime as dt
import socket
import sys
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from mcgui_core.client import call_arguments as given
from mcgui_core.client.access.link_files import default_certificate_file
from mcgui_core.client.agent_process import AgentEvent, AgentProcess
from mcgui_core.client.master import Master
from mcgui_core.environment.environment_source import Environment
from mcgui_core.environment.source_encoding import decode_source
from mcgui_core.errors import BadInput, JobFailed, LinkInvalid, TaskError
from mcgui_core.node.agent import Agent
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.option_kinds import shown

#: Failed tasks that `execute` prints in full.
FAILURES_PRINTED = 3
#: Seconds that this computer has to join its own master.
JOIN_TIMEOUT = 30.0


class MasterNode:
    """A master, as *minimalcluster* has it.

    >>> from mcgui_core import MasterNode
    >>> master = MasterNode(HOST="127.0.0.1", PORT=0, AUTHKEY="a long secret of your own")
    >>> master.start_master_server()  # doctest: +ELLIPSIS
    [...] Server started at port ...
    >>> master.load_envir("def f(x): return x ** 2", from_file=False)
    >>> master.register_target_function("f")
    >>> master.load_args(range(4))
    >>> master.execute()  # doctest: +ELLIPSIS
    [...] Assigning jobs to worker nodes.
    [...] Aggregating on Master node...
    {0: 0, 1: 1, 2: 4, 3: 9}
    >>> master.shutdown()
    """

    def __init__(
        self,
        HOST: str = "127.0.0.1",
        PORT: int = 8888,
        AUTHKEY: str | None = None,
        chunksize: int | None = None,
    ) -> None:
        """Nothing is started yet.

        HOST: `str`, the address to listen on. PORT: `int`; 0 takes any free one. AUTHKEY: `str`; None takes a random
        one. chunksize: `int`, tasks that travel together; None sizes them by time, which is nearly always best.
        """
        self.HOST, self.PORT, self.chunksize = HOST, PORT, chunksize
        self.AUTHKEY = None if AUTHKEY is None else given.text("AUTHKEY", AUTHKEY).encode()
        self.server_status = "Not started"
        self.envir_statements = ""
        self.target_fun: str | None = None
        self.args_to_share_to_workers: Sequence[Any] = []
        self._filename = "<environment>"
        self._master: Master | None = None
        self._own_worker: AgentProcess | None = None

    @property
    def worker_link(self) -> str:
        """What another computer joins with: `mcgui-core worker` and `mcgui-worker` take it."""
        return self._started().worker_link

    def start_master_server(self, if_join_as_worker: bool = True) -> None:
        """Start the server; this computer works too, if so asked. Raises AddressUnavailable."""
        authkey = self.AUTHKEY.decode() if self.AUTHKEY is not None else None
        # Workers know HOST, PORT and AUTHKEY, and remember the certificate: a script that is run again keeps it.
        self._master = Master(self.HOST, self.PORT, authkey=authkey, certificate=default_certificate_file())
        link = JoinLink.parse(self._master.worker_link)
        self.PORT = link.port
        self.AUTHKEY = link.key.encode()
        self.server_status = "Started"
        print(f"[{_now()}] Server started at port {self.PORT}.")
        if if_join_as_worker:
            self.join_as_worker()

    def join_as_worker(self) -> None:
        """Let this computer work, with all its processors."""
        if self._own_worker is not None:
            print("[WARNING] This node has already joined the cluster as a worker node.")
            return
        joined = threading.Event()

        def hear(event: AgentEvent) -> None:
            if event.state in ("idle", "working", "refused", "ended"):
                joined.set()

        self._own_worker = self._started().add_local_worker(name=socket.getfqdn(), on_event=hear)
        joined.wait(JOIN_TIMEOUT)

    def stop_as_worker(self) -> None:
        """Let this computer work no more; what it was at goes back to the master."""
        if self._own_worker is None:
            print("[WARNING] This node has not joined the cluster as a worker node.")
            return
        self._own_worker.leave()
        self._own_worker = None

    def list_workers(self) -> list[tuple[str, int, int, int]]:
        """(host name, number of processors, process id, 1 if it works now else 0) of each worker that is there."""
        return [
            (node.name, node.nprocs, node.pid, int(node.busy > 0))
            for node in self._started().nodes()
            if node.state not in ("lost", "left")
        ]

    def load_envir(self, source: str, from_file: bool = True) -> None:
        """The environment: the path of a Python file, or (`from_file=False`) its text."""
        if from_file:
            self._filename = source
            self.envir_statements = decode_source(Path(source).read_bytes())
        else:
            self._filename = "<environment>"
            self.envir_statements = source

    def register_target_function(self, fun_name: str) -> None:
        """The name of the function in the environment that is run."""
        self.target_fun = fun_name

    def load_args(self, args: Sequence[Any]) -> None:
        """A list or a range of unique, hashable arguments: the results are a dict by them."""
        self.args_to_share_to_workers = args

    def execute(self) -> dict[Any, Any] | None:
        """Run the function on every argument. Returns {argument: result}, or None where nothing could be run.

        Tasks that fail are printed and left out; the others' results stand.
        """
        problem = self._problem()
        if problem:
            print(problem)
            return None
        print(f"[{_now()}] Assigning jobs to worker nodes.")
        arguments = self.args_to_share_to_workers
        job = self._started().submit(
            Path(self._filename) if self._filename != "<environment>" else self.envir_statements,
            self.target_fun,
            arguments,
            chunksize=self.chunksize,
        )
        results = job.results(return_exceptions=True)
        print(f"[{_now()}] Aggregating on Master node...")
        if job.status.state != "finished":
            print(JobFailed(job.id, job.status.failed, job.status.total, (), job.status.reason))
            return None
        failures = [error for error in results if isinstance(error, TaskError)]
        for error in failures[:FAILURES_PRINTED]:
            print(f"Running error occurred in remote worker node:\n{error}")
        if len(failures) > FAILURES_PRINTED:
            more = len(failures) - FAILURES_PRINTED
            print(f"... and {more:,} more {'task' if more == 1 else 'tasks'} failed.")
        return {a: r for a, r in zip(arguments, results, strict=True) if not isinstance(r, TaskError)}

    def shutdown(self) -> None:
        """End the server, and this computer's work for it."""
        if self._master is not None:
            self._master.shutdown()
            self._master = self._own_worker = None
            self.server_status = "Shutdown"

    def _problem(self) -> str:
        if self.target_fun is None:
            return "Target function is not registered yet."
        try:
            Environment.parse(self.envir_statements, self._filename).check(self.target_fun)
        except BadInput as error:
            return str(error)
        if not isinstance(self.args_to_share_to_workers, Collection):
            return f"MasterNode.load_args() takes a list of arguments, not {shown(self.args_to_share_to_workers)}."
        try:
            unique = len(set(self.args_to_share_to_workers)) == len(self.args_to_share_to_workers)
        except TypeError as error:
            return (
                f"The arguments cannot be the keys of a dict of results: {error}. Use tuples instead of lists, or "
                "Master.submit of mcgui_core, which takes any arguments."
            )
        if not unique:
            return (
                "The arguments to share with worker nodes are not unique. Please check the data you passed to "
                "MasterNode.load_args()."
            )
        if not self.list_workers():
            return "No worker node is available. Can't proceed to execute"
        return ""

    def _started(self) -> Master:
        if self._master is None:
            raise BadInput("The master is not started. Call start_master_server() first.")
        return self._master


class WorkerNode:
    """A worker, as *minimalcluster* has it. It runs in this process's threads; its slots are processes of their own.

    >>> from mcgui_core import WorkerNode
    >>> WorkerNode("127.0.0.1", 9, "a long secret of your own", nprocs=1).join_cluster()  # doctest: +ELLIPSIS
    [...] Building connection to 127.0.0.1:9
    No connection could be made. No master answers at 127.0.0.1:9 ...
    """

    def __init__(self, IP: str, PORT: int, AUTHKEY: str, nprocs: int, quiet: bool = False) -> None:
        """Nothing is started yet.

        IP: `str`, PORT: `int` and AUTHKEY: `str` are the master's. nprocs: `int`; above the number of processors, or
        below 1, it becomes that number, with a warning. quiet: `bool`; True prints nothing.

        Raises LinkInvalid without an AUTHKEY, BadInput where nprocs is no whole number.
        """
        if AUTHKEY is None:
            raise LinkInvalid("AUTHKEY can't be None")
        if isinstance(nprocs, bool) or not isinstance(nprocs, int):
            raise BadInput(f"'nprocs' must be an integer, not {nprocs!r}.")
        self.IP, self.PORT, self.quiet = given.text("IP", IP), given.port(PORT), quiet
        self.AUTHKEY = given.text("AUTHKEY", AUTHKEY).encode()
        self.nprocs = self._possible(nprocs)
        self.worker_hostname = socket.getfqdn()
        self.connected = False

    def join_cluster(self) -> None:
        """Work for the master until it is gone. Exits with status 1 then, as the seed does; Ctrl+C leaves in order."""
        self._say(f"Building connection to {self.IP}:{self.PORT}")
        ended = threading.Event()
        last: list[AgentEvent] = []

        def hear(event: AgentEvent) -> None:
            last[:] = [event]
            if event.state in ("idle", "working") and not self.connected:
                self.connected = True
                self._say(f"Listening to Master node {self.IP}:{self.PORT}")
            elif event.state == "refused" or (event.state == "connecting" and event.message):
                ended.set()

        link = JoinLink(self.IP, self.PORT, self.AUTHKEY.decode())
        agent = Agent(link, self.nprocs, self.worker_hostname, hear)
        agent.start()
        try:
            while not ended.wait(0.5):  # a Ctrl+C that another thread has caught is noticed only when this one wakes
                continue
        except KeyboardInterrupt:
            self._say("Leaving the cluster.")
            return
        finally:
            agent.leave()
        if self.connected:
            self.connected = False
            self._say("Lost connection with Master node.")
            sys.exit(1)
        print(f"No connection could be made. {last[0].message if last else ''}".rstrip())

    def _possible(self, nprocs: int) -> int:
        cores = cpu_count()
        if 1 <= nprocs <= cores:
            return nprocs
        what = "more than the # of cores of this node" if nprocs > cores else "not valid"
        print(f"[WARNING] nprocs specified is {what}. Using the # of cores ({cores}) instead.")
        return cores

    def _say(self, text: str) -> None:
        if not self.quiet:
            print(f"[{_now()}] {text}")


def _now() -> str:
    return str(dt.datetime.now().astimezone().replace(tzinfo=None))
