"""The node agent: joins a master, leases chunks, feeds its slots, reports, and comes back whenever the master is lost.

Threads, all over one Workload:
    attend    connects and joins; then heartbeats, whose answers bring the master's orders
    exchange  hands over reports and takes leases; never waits at the master for work
    and those of its slots (slot_feeder.py)

It runs in whatever process starts it: the command of agent_main.py, `mcgui-core worker`, or a script's WorkerNode.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Callable

from mcgui_core.errors import ConnectionFailed, KeyRefused, McguiError, SlotsUnavailable, VersionMismatch
from mcgui_core.node.resource_usage import ResourceUsage
from mcgui_core.node.slot_feeder import SlotFeeder
from mcgui_core.node.workload import Workload
from mcgui_core.protocol.agent_events import PAUSED_FROM_CONSOLE, AgentEvent, AgentState
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import NodeInfo, NodeReport, Orders
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import Slots

#: Seconds between two heartbeats, at most.
HEARTBEAT = 1.0
#: Seconds of work to hold for each slot. A round trip takes milliseconds, so this rides out a busy master or a slow
#: network, and is still little to lose with a node.
LEASE_SECONDS = 1.0
#: Seconds between two reports while the slots have plenty to do. Each costs agent and master some milliseconds, which
#: on a small computer are taken from the slots; and nobody sees the difference.
REPORT_INTERVAL = 0.2
#: Seconds before the first and before any later attempt to reach a master that is not there.
RETRY_FIRST, RETRY_MOST = 0.2, 4.0


class Agent:
    """One node. `start` it, steer it, `leave` it; `ended` is set once it is over."""

    def __init__(
        self,
        link: JoinLink,
        nprocs: int | None = None,
        name: str | None = None,
        on_event: Callable[[AgentEvent], None] = lambda _event: None,
        slots: Slots | None = None,
    ) -> None:
        """`slots` makes its slots: processes of this computer, if it is None."""
        self._link = link
        self._slots = slots or ProcessSlots()
        self._nprocs = nprocs or self._slots.site.cpus
        self.name = name or socket.gethostname()
        self.ended = threading.Event()
        self._on_event = on_event
        self._id = uuid.uuid4().hex
        self._journal = ""  # the master's, as far as we have met one
        self._work = Workload()
        self._usage = ResourceUsage()
        self._crew = SlotFeeder(self.name, self._work, self._spawn, self._slots)
        self._stop = threading.Event()
        self._remote: RpcClient | None = None  # while we have joined
        self._parting: RpcClient | None = None  # by which we say that we leave
        # Held while the master's idea of what we hold changes together with ours: a lease that was granted before we
        # joined anew must not be taken for one that was granted after.
        self._talking = threading.Lock()
        self._visit = 0  # how often we have joined
        self._ordered = False  # the master has work for us
        self._exchanges = 0
        self._since = 0.0
        self._problem = ""
        self._aside = ""  # what the master said of tasks that fail here
        self._threads: list[threading.Thread] = []
        self._told, self._told_at, self._telling = AgentEvent("connecting"), 0.0, threading.RLock()

    # --- steering, from any thread ------------------------------------------------------------------------------

    def start(self) -> None:
        """Join, and go on until `leave`."""
        self._spawn(self._attend, "attend")
        self._spawn(self._exchange, "exchange")
        self._crew.start(self._nprocs)
        self._tell()

    @property
    def nprocs(self) -> int:
        """The number of slots."""
        return self._nprocs

    def set_nprocs(self, nprocs: int) -> None:
        """Change the number of slots. One too many ends after the chunk it is at; no task is lost."""
        self._nprocs = nprocs
        self._crew.resize(nprocs)
        self._tell()

    def pause(self, reason: str = "", by: str = "owner") -> None:
        """Start no more tasks, and give back those that wait; those that run go on to their end.

        It lasts until everybody who paused it has resumed it: the master does not overrule this computer's owner.
        """
        self._crew.pause(reason, by)
        self._tell()

    def resume(self, by: str = "owner") -> None:
        self._crew.resume(by)
        with self._work.changed:
            self._ordered = True
            self._work.wake()
        self._tell()

    def hand_back(self) -> None:
        """Stop the tasks that run, and give them back to the master. Only where it is paused: else they start anew."""
        if self._crew.paused:
            self._crew.kill()

    @property
    def pids(self) -> list[int]:
        """Of the processes of its slots."""
        return self._crew.pids

    @property
    def memory(self) -> int:
        """Bytes that its processes used at the last heartbeat."""
        return self._usage.memory

    @property
    def tasks(self) -> tuple[tuple[int, int, int, int], ...]:
        """What its slots are at: slot, job, first task, and the one after the last."""
        return self._crew.tasks

    def drain(self) -> None:
        """Start no more tasks; leave when those that run are done and reported."""
        self._crew.drain()
        self._tell()

    def leave(self, reason: str = "left") -> None:
        """Go now: tasks that run are stopped, and go back to the master with all others."""
        with self._work.changed:
            if self._stop.is_set():
                return
            self._stop.set()
            self._parting, self._remote = self._remote, None
            self._work.wake()
        self._crew.stop()
        if self._parting is not None:
            try:
                self._parting.call("leave", self._id, reason)
            except McguiError:
                self._problem = ""  # it notices by itself that we are gone
            self._parting.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(5.0)
        self._slots.close()
        self._tell("ended")
        self.ended.set()

    # --- attend -------------------------------------------------------------------------------------------------

    def _attend(self) -> None:
        self._open_slots()
        pause = RETRY_FIRST
        while not self._stop.is_set():
            remote = RpcClient(self._link, "node")
            try:
                self._join(remote)
                pause = RETRY_FIRST
                self._stay(remote)
            except (KeyRefused, VersionMismatch) as error:
                self._problem = str(error)
                self._refused()
                return
            except McguiError as error:
                self._problem = str(error) if not self._stop.is_set() else ""
            except Exception as error:  # noqa: BLE001
                self._stumble(error)
            finally:
                self._lose(remote)
                if remote is not self._parting:  # it is needed for one more call, then
                    remote.close()
            if self._stop.is_set():
                return
            pause = self._rest(pause)

    def _open_slots(self) -> None:
        pause = RETRY_FIRST
        while not self._stop.is_set():
            try:
                self._slots.open(self)
                self._problem = ""
                return
            except SlotsUnavailable as error:
                self._problem = str(error)
            pause = self._rest(pause)

    def _rest(self, pause: float) -> float:
        """Tell how it is, and wait about so many seconds before another attempt. Returns how many for the next one."""
        self._tell()
        with self._work.changed:
            # Some randomness, or all nodes of a room come back to a restarted master in the same millisecond.
            self._work.changed.wait_for(self._stop.is_set, pause * random.uniform(0.5, 1.5))  # noqa: S311
        return min(2 * pause, RETRY_MOST)

    def _join(self, remote: RpcClient) -> None:
        site = self._slots.site
        info = NodeInfo(
            id=self._id,
            name=self.name,
            nprocs=self.nprocs,
            cpus=site.cpus,
            python=site.python,
            platform=site.platform,
            pid=os.getpid(),
            visit=self._visit + 1,
        )
        with self._talking:
            self._visit += 1
            journal = remote.call("join", info)
            same = journal == self._journal
            self._work.start_over(keep_reports=same)
        if not same:
            self._crew.kill()  # what runs is nobody's any more
            self._aside = ""
        self._journal = journal
        self._since, self._problem = time.time(), ""
        self._set_remote(remote)
        self._tell()

    def _stay(self, remote: RpcClient) -> None:
        while not self._stop.is_set() and self._remote is remote:
            report = self._report()
            orders: Orders = remote.call("attend", self._id, report, HEARTBEAT, self._visit, wait=HEARTBEAT)
            if not orders.known:
                self._join(remote)
                continue
            if orders.drop:
                self._drop(orders.drop, orders.before)
            if orders.recall:
                self._work.give_back(orders.recall)
            if orders.work:
                self._fetch()
            self._obey(orders)
            self._tell()
            if self._crew.draining and not self._crew.busy and not self._work.to_report and not self._work.queued:
                threading.Thread(target=self.leave, args=("finished and left",), name="mcgui-leave").start()
                self._stop.wait()  # until it has taken the connection over
                return

    def _obey(self, orders: Orders) -> None:
        """What a person at the master wants of this node."""
        if orders.nprocs:
            self.set_nprocs(orders.nprocs)
        if orders.pause is not None:
            if orders.pause:
                self.pause(PAUSED_FROM_CONSOLE, by="master")
            else:
                self.resume(by="master")
        self._aside = orders.aside or self._aside
        if orders.retire == "finish":
            self.drain()
        elif orders.retire == "now":
            threading.Thread(target=self.leave, args=("retired from the console",), name="mcgui-leave").start()
            self._stop.wait()  # until it has taken the connection over

    def _drop(self, jobs: tuple[int, ...], before: int) -> None:
        """Jobs that are over: stop and forget what was leased of them before the lease of that number."""
        with self._work.changed:
            self._work.drop(jobs, before)
            self._crew.stop_tasks(jobs, before)

    def _fetch(self) -> None:
        """Let the exchange take what the master has, before the master is asked again whether it has something."""
        with self._work.changed:
            before = self._exchanges
            self._ordered = True
            self._work.news.notify_all()
            self._work.news.wait_for(lambda: self._exchanges != before or self._stop.is_set(), HEARTBEAT)

    def _refused(self) -> None:
        self._tell("refused")
        threading.Thread(target=self.leave, args=("refused",), name="mcgui-leave").start()

    def _set_remote(self, remote: RpcClient | None) -> None:
        with self._work.changed:
            self._remote = remote
            self._ordered = remote is not None
            self._work.wake()

    def _lose(self, remote: RpcClient) -> None:
        """Its connections are broken. By the time that the last call notices, we may have joined by another one."""
        with self._work.changed:
            if self._remote is remote:
                self._set_remote(None)

    # --- exchange -----------------------------------------------------------------------------------------------

    def _exchange(self) -> None:
        last = 0.0
        while True:
            with self._work.changed:
                self._work.news.wait_for(self._has_to_exchange)
                # Plenty queued: let some reports gather. A slot that runs dry, a job's end, or an order ends the wait.
                self._work.news.wait_for(self._urgent, max(0.0, last + REPORT_INTERVAL - time.monotonic()))
                remote = self._remote
                self._ordered = False
            if self._stop.is_set():
                return
            if remote is None:
                continue
            last = time.monotonic()
            try:
                self._exchange_once(remote)
            except ConnectionFailed as error:
                self._problem = str(error) if not self._stop.is_set() else ""
                remote.close()  # ends the heartbeat too, whose thread then connects anew
                self._lose(remote)
            except McguiError as error:
                # The master could not take the report (a full disk, say): it is kept here, and offered again.
                self._problem = str(error)
                with self._work.changed:
                    self._work.changed.wait_for(self._stop.is_set, HEARTBEAT)
            except Exception as error:  # noqa: BLE001
                self._stumble(error)
                remote.close()
                self._lose(remote)

    def _exchange_once(self, remote: RpcClient) -> None:
        with self._talking:
            report, entries = self._work.next_report()
            lease = remote.call("exchange", self._id, report, self._want(), self._visit)
            self._work.acknowledge(report, entries)
            self._work.accept(lease)
        with self._work.changed:
            self._exchanges += 1
            self._work.news.notify_all()

    def _has_to_exchange(self) -> bool:
        return self._stop.is_set() or (self._remote is not None and (self._work.to_report or self._ordered))

    def _urgent(self) -> bool:
        return self._stop.is_set() or self._ordered or self._work.pressing or self._work.runs_dry(self.nprocs)

    def _want(self) -> float:
        return LEASE_SECONDS if self._crew.open else 0.0

    def _stumble(self, error: Exception) -> None:
        """An error of our own making: where, is for the log. To join anew is better than to fall silent for good."""
        traceback.print_exception(error)
        self._problem = f"{type(error).__name__}: {error}"

    # --- telling ------------------------------------------------------------------------------------------------

    def _report(self) -> NodeReport:
        if self._usage.is_old:
            self._usage.measure(self._crew.pids, *self._slots.usage())
        return self._crew.report(self.nprocs, self._usage.cpu, self._usage.memory)

    def _state(self) -> AgentState:
        if self._remote is None:
            return "connecting"
        if self._crew.draining:
            return "draining"
        if self._crew.paused:
            return "paused"
        return "working" if self._crew.busy or self._work.queued else "idle"

    def _tell(self, state: AgentState | None = None) -> None:
        event = AgentEvent(
            state=state or self._state(),
            message=self._problem or self._crew.why_paused,
            master=self._link.address,
            nprocs=self.nprocs,
            cpus=self._slots.site.cpus,
            busy=self._crew.busy,
            done=self._work.done,
            failed=self._work.failed,
            aside=self._aside,
            cpu=self._usage.cpu,
            memory=self._usage.memory,
            since=self._since if self._remote is not None else 0.0,
        )
        now = time.monotonic()
        with self._telling:
            if event.says_more_than(self._told, now - self._told_at):
                self._told, self._told_at = event, now
                self._on_event(event)

    def _spawn(self, target: Callable[..., None], name: str, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name=f"mcgui-{name}", daemon=True)
        self._threads = [t for t in self._threads if t.is_alive() or t.ident is None]
        self._threads.append(thread)
        thread.start()
