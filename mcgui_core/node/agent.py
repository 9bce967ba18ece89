"""The node agent: steers the slots of one node, and keeps it joined to its master.

Threads, all over one Workload: two of its connection (master_connection.py), those of its slots (slot_feeder.py), one
that measures what they use, and one that looks whether the master is silent, which waits for none of the others.

It runs in whatever process starts it: the command of agent_main.py, `mcgui-core worker`, or a script's WorkerNode.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress

import psutil

from mcgui_core.errors import SlotsUnavailable
from mcgui_core.node.answer_watch import LOOK_INTERVAL
from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.master_connection import MasterConnection
from mcgui_core.node.parent_events import EventPublisher
from mcgui_core.node.requirement_check import RequirementCheck
from mcgui_core.node.resource_usage import ResourceUsage
from mcgui_core.node.retry_pause import RetryPause
from mcgui_core.node.slot_feeder import SlotFeeder
from mcgui_core.node.work_places import WorkPlaces
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.processes.process_priority import lower_priority
from mcgui_core.protocol.agent_events import INTERVAL, AgentEvent, AgentState
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import NodeInfo, NodeReport, Orders
from mcgui_core.protocol.reasons import NO_REASON, Reason, ReasonCode
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import Slots
from mcgui_core.values.local_store import LocalStore

#: Seconds of work to hold for each slot. A round trip takes milliseconds, so this rides out a busy master or a slow
#: network, and is still little to lose with a node.
LEASE_SECONDS = 1.0
#: Seconds that a master has to answer when the node says that it leaves. What ends a computer does not wait for long,
#: and a master that has not heard it notices by itself.
FAREWELL_SECONDS = 10.0
#: Seconds that `leave` waits for the agent's threads then.
LEAVE_SECONDS = 5.0
#: Seconds without work after which it is idle. Between two leases, and two small jobs, there are moments without any.
IDLE_AFTER = 2.0

_DRAINED = Reason("drained", "finished and left")
_RETIRED = Reason("console", "retired from the console")


class Agent:
    """One node. `start` it, steer it, `leave` it; `ended` is set once it is over."""

    def __init__(
        self,
        link: JoinLink,
        nprocs: int | None = None,
        name: str | None = None,
        on_event: Callable[[AgentEvent], None] = lambda _event: None,
        slots: Slots | None = None,
        own_folders: bool = False,
    ) -> None:
        """`nprocs` is the number of slots (None: as many as the site has processors), `name` what people see of it
        (None: the name of this computer). `on_event` is called in threads of the agent. `slots` makes its slots:
        processes of this computer, if it is None. With `own_folders` each job works in a folder of its own, in place of
        where the agent is.
        """
        self._link = link
        self._slots = slots or ProcessSlots()
        self._nprocs = nprocs or self._slots.site.cpus
        self.name = name or socket.gethostname()
        self.ended = threading.Event()
        self._id = uuid.uuid4().hex
        self._work = Workload()
        self._usage = ResourceUsage()
        self._master = MasterConnection(link, self._id, self._work, self)
        self._places = WorkPlaces(ContentCache(self._master.fetch.content_piece), RequirementCheck(), own_folders)
        self._feeder = SlotFeeder(self.name, self._work, self._spawn, self._slots, self._places, self._master.deliver)
        self._publisher = EventPublisher(on_event)
        self._slots_problem = ""  # why there are no slots yet
        self._worked = float("-inf")  # when there was work last
        self._aside = ""  # what the master said of tasks that fail here
        self._threads: list[threading.Thread] = []

    # --- steering, from any thread ------------------------------------------------------------------------------

    def start(self) -> None:
        """Join, and go on until `leave`."""
        self._spawn(self._attend, "attend")
        self._spawn(self._master.exchange, "exchange")
        self._spawn(self._master.bring_results, "results")
        self._spawn(self._master.fetch.fetch_arguments, "arguments")
        self._spawn(self._measure, "measure")
        self._spawn(self._look_at_master, "look")
        self._feeder.start(self._nprocs)
        self.tell()

    @property
    def nprocs(self) -> int:
        """The number of slots."""
        return self._nprocs

    @property
    def cpus(self) -> int:
        """Processors where its slots are."""
        return self._slots.site.cpus

    def set_nprocs(self, nprocs: int) -> None:
        """Change the number of slots. One too many ends after the chunk it is at; no task is lost."""
        self._nprocs = nprocs
        self._feeder.resize(nprocs)
        self.tell()

    def pause(self, reason: str = "", by: str = "owner", code: ReasonCode = "") -> None:
        """Start no more tasks, and give back those that wait; those that run go on to their end.

        It lasts until everybody who paused it has resumed it: the master does not overrule this computer's owner.
        """
        self._feeder.pause(Reason(code, reason), by)
        self.tell()

    def resume(self, by: str = "owner") -> None:
        """Take back the pause of the same `by`."""
        self._feeder.resume(by)
        self._master.look_for_work()
        self.tell()

    def hand_back(self) -> None:
        """Stop the tasks that run, and give them back to the master. Only where it is paused: else they start anew."""
        if self._feeder.paused:
            self._feeder.kill()

    @property
    def pids(self) -> list[int]:
        """Of the processes of its slots."""
        return self._feeder.pids

    def allow_installation(self, allowed: bool) -> None:
        """Whether what jobs require, and this computer lacks, is installed for them, in folders of their own."""
        self._places.requirements.may_install = allowed

    def lower_priority(self) -> None:
        """Its slots, all that they start, and slots to come, are given what nobody else wants of this computer."""
        self._slots.lower_priority()
        lower_priority(self._feeder.pids)

    def stop_largest(self, ceiling: int) -> str | None:
        """Stop the tasks that hold the most memory, where all hold more than `ceiling` bytes. Says what was stopped
        where one slot does so alone, of which the master hears; None where that may be due to tasks before; else ""."""
        return self._feeder.stop_largest(ceiling)

    def limit_disk(self, ceiling: int | None) -> str:
        """Let jobs write no more than `ceiling` bytes into their folders, None for any number: the job that has written
        most is stopped here above that, and comes no more. Says what was stopped, "" where nothing was."""
        job = self._places.refuse_above(ceiling)
        if job is None:
            return ""
        self._feeder.kill_job(job)
        return f"Tasks of job {job} wrote too much"

    @property
    def written(self) -> int:
        """Bytes in the folders of jobs, at the last look."""
        return self._places.written

    def hand_back_surplus(self) -> None:
        """Stop what runs in slots beyond `nprocs`: it begins anew in others."""
        self._feeder.kill_surplus()

    def suspend(self, keep: int = 0) -> None:
        """Stop what runs in memory, where it is, but in the first `keep` slots; `wake` lets it go on."""
        self._feeder.suspend(keep)
        self.tell()

    def wake(self, keep: int) -> None:
        """Let what runs in the first `keep` slots go on."""
        if self._feeder.suspended:
            self._feeder.wake(keep)
            self.tell()

    @property
    def memory(self) -> int:
        """Bytes that its processes used at the last look, with all that they have started."""
        return self._usage.memory

    @property
    def cpu(self) -> float:
        """Per cent of this computer's processors that they used then."""
        return self._usage.cpu

    @property
    def tasks(self) -> tuple[tuple[int, int, int, int], ...]:
        """What its slots are at: slot, job, first task, and the one after the last."""
        return self._feeder.tasks

    def use(self, link: JoinLink) -> None:
        """Join by this link when it joins next: the master has renewed the one of before."""
        self._link = link
        self._master.use(link)

    def drain(self) -> None:
        """Start no more tasks; leave when those that run are done and reported."""
        self._feeder.drain()
        self.tell()

    def leave(self, reason: Reason = NO_REASON) -> None:
        """Go now: tasks that run are stopped, and go back to the master with all others."""
        if not self._master.stop():
            return
        self._feeder.stop()
        self._master.say_farewell(reason, FAREWELL_SECONDS)
        deadline = time.monotonic() + LEAVE_SECONDS
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))
        self._slots.close()
        self._places.close()
        self.tell("ended")
        self.ended.set()

    # --- for its connection (ConnectedNode) ---------------------------------------------------------------------

    @property
    def seconds_wanted(self) -> float:
        """Seconds for which it asks the master for work; 0.0 where it takes none now."""
        takes_more = self._feeder.open and not self._feeder.held_up
        return self._work.timing.wanted(LEASE_SECONDS if takes_more else 0.0)

    def info(self, visit: int) -> NodeInfo:
        """What it tells of itself as it joins for the `visit`-th time."""
        site = self._slots.site
        return NodeInfo(
            id=self._id,
            name=self.name,
            nprocs=self.nprocs,
            cpus=site.cpus,
            python=site.python,
            platform=site.platform,
            pid=os.getpid(),
            visit=visit,
        )

    def use_store(self, store: LocalStore) -> bool:
        """Values may go by the files of this store, whose secret the node has read."""
        if not self._slots.read_files:
            return False
        self._slots.store = store.folder
        self._places.contents.use_store(store.folder)
        return store.folder is not None

    def report(self) -> NodeReport:
        """What it tells with a heartbeat: slots, how many are busy; and processor and memory of all that runs here, as
        they were at the last look."""
        return self._feeder.report(self.nprocs, self._usage.cpu, self._usage.memory)

    def obey(self, orders: Orders) -> None:
        """Do what came with an answer of the master's."""
        if orders.drop:
            with self._work.lock:
                self._work.drop(orders.drop, orders.before)
                self._feeder.stop_tasks(orders.drop, orders.before)
        if orders.recall_jobs:
            self._work.give_back_jobs(orders.recall_jobs)
        if orders.recall:
            self._work.give_back(orders.recall)
        if orders.nprocs:
            self.set_nprocs(orders.nprocs)
        if orders.pause is not None:
            if orders.pause:
                self.pause("paused from the console", by="master", code="console")
            else:
                self.resume(by="master")
        if orders.aside:
            self._aside = orders.aside
            self.tell()
        if orders.retire == "finish":
            self.drain()
        elif orders.retire == "now":
            self._leave_soon(_RETIRED)
            self._master.stopped.wait()  # until it has taken the connection over

    def heartbeat_over(self) -> None:
        """A heartbeat was answered: tell the parent, and leave where the last task has ended meanwhile."""
        if self._publisher.age >= INTERVAL:  # each small job is a heartbeat
            self.tell()
        idle = not self._feeder.busy and not self._work.unreported and not self._work.queued
        drained = self._feeder.draining and idle
        if drained and not self._master.stopped.is_set():
            self._leave_soon(_DRAINED)
            self._master.stopped.wait()  # until it has taken the connection over

    def another_master(self) -> None:
        """The master that answers is not the one that gave out the work: end all of it."""
        self._feeder.kill()
        self._places.forget()
        self._aside = ""

    def tell(self, state: AgentState | None = None) -> None:
        """Tell whoever started us how we are, if that says more than the last time."""
        problem, why = self._slots_problem or self._master.problem, self._feeder.why_paused
        if not problem and self._master.silent:
            problem = f"{self._link.address} does not answer."
        event = AgentEvent(
            state=state or self._state(),
            message=problem or why.text,
            message_code="" if problem else why.code,
            master=self._link.address,
            nprocs=self.nprocs,
            cpus=self._slots.site.cpus,
            busy=self._feeder.busy,
            suspended=self._feeder.suspended,
            done=self._work.done,
            failed=self._work.failed,
            aside=self._aside,
            cpu=self._usage.cpu,
            memory=self._usage.memory,
            since=self._master.since,
        )
        self._publisher.publish(event)

    # --- inside -------------------------------------------------------------------------------------------------

    def _attend(self) -> None:
        self._open_slots()
        self._master.attend()

    def _measure(self) -> None:
        """In a thread of its own: a look at the processes takes milliseconds, in which work may have come, and seconds
        where they are many, in which the master may fall silent."""
        while not self._master.stopped.is_set():
            with suppress(OSError, psutil.Error):  # what it used then is not known; the next look may be better
                self._usage.measure(self._feeder.families, *self._slots.usage())
            self._master.stopped.wait(LOOK_INTERVAL)

    def _look_at_master(self) -> None:
        silent = False
        while not self._master.stopped.wait(LOOK_INTERVAL):
            self._master.look()
            self._feeder.give_back_if_held_up()
            if silent != (silent := self._master.silent):
                self.tell()

    def _open_slots(self) -> None:
        pause = RetryPause()
        while not self._master.stopped.is_set():
            try:
                self._slots.open(self)
                self._slots_problem = ""
                return
            except SlotsUnavailable as error:
                self._slots_problem = str(error)
            self.tell()
            self._master.stopped.wait(pause.after_failure())

    def _leave_soon(self, reason: Reason) -> None:
        """For a thread that `leave` waits for."""
        threading.Thread(target=self.leave, args=(reason,), name="mcgui-leave").start()

    def _state(self) -> AgentState:
        if not self._master.joined or self._master.silent:
            return "refused" if self._master.refused else "connecting"
        if self._feeder.draining:
            return "draining"
        if self._feeder.paused:
            return "paused"
        now = time.monotonic()
        if self._feeder.busy or self._work.queued:
            self._worked = now
        return "working" if now - self._worked < IDLE_AFTER else "idle"

    def _spawn(self, target: Callable[..., None], name: str, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name=f"mcgui-{name}", daemon=True)
        self._threads = [t for t in self._threads if t.is_alive() or t.ident is None]
        self._threads.append(thread)
        thread.start()
