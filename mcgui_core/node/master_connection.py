"""How a node talks to its master: it joins, hears orders, reports, takes leases, and comes back whenever it is lost.

Threads of the agent run in here, each with a connection of its own:
    attend           joins; then heartbeats, whose answers bring the master's orders
    exchange         hands over reports and takes leases; never waits at the master for work
    bring_results    hands over large results, for which nothing else is to wait
    fetch_arguments  fetches what leases only named (content_fetch.py)
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace

from mcgui_core.base.clock import OnTheWall, elapsed
from mcgui_core.errors import (
    BadInput,
    ConnectionFailed,
    KeyRefused,
    McguiError,
    SentAway,
    VersionMismatch,
    WrongMaster,
)
from mcgui_core.node.answer_watch import AnswerWatch
from mcgui_core.node.connected_node import ConnectedNode
from mcgui_core.node.content_fetch import ContentFetch
from mcgui_core.node.retry_pause import REFUSED_FIRST, REFUSED_MOST, RetryPause
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol import codec
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import Lease, Orders, Report, Welcome
from mcgui_core.protocol.reasons import Reason
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.values.local_store import LocalStore

#: Seconds between two heartbeats, at most.
HEARTBEAT = 1.0
#: Seconds for which the next heartbeat waits for what comes of a small job that came along with the last one: it would
#: take processors from the slots, and whoever brought that job most often waits for it before he brings another.
SMALL_JOB = 0.004


class MasterConnection:
    """One node's. What threads run until `stop`: `attend`, `exchange`, `bring_results`, `fetch.fetch_arguments`."""

    def __init__(self, link: JoinLink, id: str, work: Workload, node: ConnectedNode) -> None:
        """`id` is the node's, and stays the same however often it joins."""
        self._link, self._id, self._work, self._node = link, id, work, node
        self.stopped = threading.Event()
        self.refused = False  # who answers at the master's address does not take us, or is not the master
        self.problem = ""  # why it is not connected, or why a report was not taken, as a sentence
        self._remote: RpcClient | None = None  # while we have joined
        self._parting: RpcClient | None = None  # by which we say that we leave
        # Held while the master's idea of what we hold changes together with ours: a lease that was granted before we
        # joined anew must not be taken for one that was granted after.
        self._leases_lock = threading.Lock()
        self._visit = 0  # how often we have joined
        self._store = LocalStore(lambda: ("", "", ""))  # the master's, where it is on this computer
        self._journal = ""  # the master's, as far as we have met one
        self._ordered = False  # the master has work for us
        self._exchanges = 0
        self._since = OnTheWall(0.0)
        self._answers = AnswerWatch()  # to heartbeats
        self.fetch = ContentFetch(id, work, self.stopped, self._remote_when_joined, lambda: self._link.address)

    @property
    def silent(self) -> bool:
        """The master has not answered for longer than it should take."""
        return self.joined and self._answers.silent

    def look(self) -> None:
        """To be called every LOOK_INTERVAL: the thread that waits for an answer cannot say that there is none."""
        self._answers.look(time.monotonic())

    @property
    def joined(self) -> bool:
        return self._remote is not None

    @property
    def since(self) -> float:
        """When it joined, in seconds since the epoch, by the clock on the wall as it is now; 0.0 while it has not."""
        return self._since.shown(elapsed(), time.time()) if self.joined else 0.0

    def use(self, link: JoinLink) -> None:
        """Join by this link from the next time on."""
        self._link = link

    def look_for_work(self) -> None:
        """Ask the master for work now, whatever it last said."""
        with self._work.lock:
            self._ordered = True
            self._work.wake()

    def stop(self) -> bool:
        """End all threads, soon. False where somebody has done so before."""
        with self._work.lock:
            if self.stopped.is_set():
                return False
            self.stopped.set()
            self._parting, self._remote = self._remote, None
            self._work.wake()
            return True

    def say_farewell(self, reason: Reason, patience: float) -> None:
        """Tell the master that the node leaves, if it has joined. After `stop`. Given up after `patience` seconds."""
        if self._parting is None:
            return
        late = threading.Timer(patience, self._parting.close)
        late.start()
        try:
            self._parting.call("leave", self._id, reason.text, reason.code)
        except McguiError:
            self.problem = ""  # it notices by itself that we are gone
        late.cancel()
        late.join()
        self._parting.close()

    def _remote_when_joined(self) -> RpcClient | None:
        """Waited for as long as a heartbeat takes."""
        with self._work.lock:
            self._work.changed.wait_for(lambda: self._remote is not None or self.stopped.is_set(), HEARTBEAT)
            return self._remote

    # --- attend -------------------------------------------------------------------------------------------------

    def attend(self) -> None:
        """Join, and hear what the master wants; come back whenever it is lost. Until `stop`.

        Who refuses us may be anybody who has the master's port for the moment: that ends nothing. It is tried again,
        slowly, since most often somebody has to mend something first.
        """
        soon, later = RetryPause(), RetryPause(REFUSED_FIRST, REFUSED_MOST)
        while not self.stopped.is_set():
            remote = RpcClient(self._link, "node")
            try:
                self._join(remote)
                soon.reset()
                later.reset()
                self._stay(remote)
            except (KeyRefused, VersionMismatch, WrongMaster) as error:
                self._fail(error)
                self.refused = True
            except SentAway as error:
                self._fail(error)
                self.refused = True
                self._forget_work()
            except McguiError as error:
                self._fail(error)
            except Exception as error:  # noqa: BLE001
                self._stumble(error)
            finally:
                self._lose(remote)
                if remote is not self._parting:  # it is needed for one more call, then
                    remote.close()
            if not self.stopped.is_set():
                self._node.tell()
                self.stopped.wait((later if self.refused else soon).after_failure())

    def _join(self, remote: RpcClient) -> None:
        self._answers.over()
        with self._leases_lock:
            self._visit += 1
            store = LocalStore(lambda: remote.call("store"))
            secret = store.secret if self._node.use_store(store) else ""
            held = self._work.still_held() if self._journal else ()
            welcome: Welcome = remote.call("join", replace(self._node.info(self._visit), store=secret), held)
            self._store = store
            same = welcome.journal == self._journal
            self._work.start_over(keep_reports=same, kept=welcome.kept)
        if not same:
            self._node.another_master()
        self._journal = welcome.journal
        self.refused = False
        self._since, self.problem = OnTheWall(elapsed()), ""
        self._set_remote(remote)
        self._node.tell()

    def _stay(self, remote: RpcClient) -> None:
        while not self.stopped.is_set() and self._remote is remote:
            # Nothing is to come along while there is something to report: a master that has just been started anew
            # would give out what is done here already.
            report, want = self._node.report(), 0.0 if self._work.unreported else self._node.seconds_wanted
            self._answers.asks(time.monotonic())
            self._work.beats()
            orders: Orders = remote.call("attend", self._id, report, HEARTBEAT, self._visit, want, wait=HEARTBEAT)
            self._answers.over()
            if not orders.known:
                self._join(remote)
                continue
            self._node.obey(orders)
            if orders.lease is not None:
                before = self._exchanges
                self._work.accept(self._opened(orders.lease), along=True)
                self._wait_for_exchange(before, SMALL_JOB)
                if not self._node.seconds_wanted:  # it was paused meanwhile, or is to leave
                    self._work.give_back()
            elif orders.work:
                self._fetch()
            self._node.heartbeat_over()

    def _fetch(self) -> None:
        """Let the exchange take what the master has, before the master is asked again whether it has something."""
        with self._work.lock:
            before = self._exchanges
            self._ordered = True
            self._work.news.notify_all()
        self._wait_for_exchange(before, HEARTBEAT)

    def _wait_for_exchange(self, before: int, seconds: float) -> None:
        """Until there have been others than those before, for so many seconds at most."""
        with self._work.lock:
            self._work.answered.wait_for(lambda: self._exchanges != before or self.stopped.is_set(), seconds)

    def _set_remote(self, remote: RpcClient | None) -> None:
        with self._work.lock:
            self._remote = remote
            self._ordered = remote is not None
            self._work.wake()

    def _lose(self, remote: RpcClient) -> None:
        """Its connections are broken. By the time that the last call notices, we may have joined by another one."""
        with self._work.lock:
            if self._remote is remote:
                self._set_remote(None)

    # --- exchange -----------------------------------------------------------------------------------------------

    def exchange(self) -> None:
        """Report, and take leases, whenever there is something to report or the master has work. Until `stop`."""
        while True:
            with self._work.lock:
                self._work.news.wait_for(self._has_to_exchange)
                # Plenty queued: let some reports gather. A slot that runs dry, a job's end, or an order ends the wait.
                while not self._urgent() and (left := self._work.timing.due(self._node.nprocs) - time.monotonic()) > 0:
                    self._work.news.wait(left)
                remote = self._remote
                if not self._has_to_exchange():
                    continue  # what was to be told has changed
                self._ordered = False
            if self.stopped.is_set():
                return
            if remote is None:
                continue
            self._leases_lock.acquire()
            if not self._exchange_by(remote):
                self.stopped.wait(HEARTBEAT)

    def deliver(self) -> None:
        """A slot has told what came of all that it was given, and this is its thread: it brings that to the master
        itself, where that is not to gather and nobody is at it. To wake the other thread takes longer than to tell it.
        """
        work = self._work
        with work.lock:
            remote = self._remote
            is_due = remote is not None and not work.queued and work.to_report and self._urgent()
            if remote is None or not is_due or not self._leases_lock.acquire(blocking=False):
                work.news.notify_all()
                return
            self._ordered = False
        if not self._exchange_by(remote):
            with work.lock:
                work.news.notify_all()

    def bring_results(self) -> None:
        """Report large results, while `exchange` goes on. Until `stop`."""
        while not self.stopped.is_set():
            try:
                with self._work.lock:
                    self._work.outgoing.wait_for(self._has_large)
                    remote = self._remote
                if remote is not None and not self._hand_over(remote, self._bring_once):
                    self.stopped.wait(HEARTBEAT)
            except Exception as error:  # noqa: BLE001
                self._stumble(error)
                self.stopped.wait(HEARTBEAT)

    def _exchange_by(self, remote: RpcClient) -> bool:
        """One exchange, by who holds the lock of the leases, which is let go of. As `_hand_over`."""
        try:
            return self._hand_over(remote, self._exchange_once)
        finally:
            self._leases_lock.release()

    def _hand_over(self, remote: RpcClient, once: Callable[[RpcClient], None]) -> bool:
        """False where the master could not take the report (a full disk, say): it is kept here, to be offered again."""
        try:
            once(remote)
        except ConnectionFailed as error:
            self._break_off(remote, error)
        except BadInput as error:
            # It takes that for what cannot be, and will again: so the report goes, and what it was about runs anew.
            self._break_off(remote, error, forget=True)
        except McguiError as error:
            self.problem = str(error)
            return False
        except Exception as error:  # noqa: BLE001
            self._stumble(error)
            remote.close()
            self._lose(remote)
        return True

    def _break_off(self, remote: RpcClient, error: McguiError, *, forget: bool = False) -> None:
        """Ends the heartbeat too, whose thread then connects anew; unless it has done so already, by another one."""
        with self._work.lock:
            if self._remote is remote:
                self._fail(error)
                self._journal = "" if forget else self._journal
        remote.close()
        self._lose(remote)

    def _exchange_once(self, remote: RpcClient) -> None:
        report, numbers = self._work.next_report(self._node.nprocs)
        lease = remote.call("exchange", self._id, _for_wire(report), self._node.seconds_wanted, self._visit)
        self._work.acknowledge(report, numbers)
        self._work.accept(self._opened(lease))
        with self._work.lock:
            self._exchanges += 1
            self._work.answered.notify_all()

    def _bring_once(self, remote: RpcClient) -> None:
        with self._work.lock:
            found, master = self._work.bring_next(), self._work.master
        if found is None:
            return  # nobody wants it any more
        remote.call("exchange", self._id, _for_wire(found[0]), 0.0, self._visit)
        with self._leases_lock:
            self._work.brought(*found, master)

    def _opened(self, lease: Lease) -> Lease:
        """With what lies in the store as slices of its files."""
        if not lease.blocks and not lease.specs:
            return lease
        specs = tuple((job, self._store.opened(spec, "pickled_function", mapped=True)) for job, spec in lease.specs)
        blocks = tuple((job, self._store.opened(block, "data", mapped=True)) for job, block in lease.blocks)
        return replace(lease, specs=specs, blocks=blocks)

    def _has_to_exchange(self) -> bool:
        return self.stopped.is_set() or (self._remote is not None and (self._work.to_report or self._ordered))

    def _has_large(self) -> bool:
        return self.stopped.is_set() or (self._remote is not None and self._work.next_large() is not None)

    def _urgent(self) -> bool:
        return self.stopped.is_set() or self._ordered or self._work.timing.is_urgent(self._node.nprocs)

    # --- what goes wrong ----------------------------------------------------------------------------------------

    def _forget_work(self) -> None:
        """The master wants nothing of what we hold."""
        with self._leases_lock:
            self._work.start_over(keep_reports=False)
        self._node.another_master()

    def _fail(self, error: McguiError) -> None:
        """Said of a connection that breaks; once we have stopped, it breaks because we wanted it to."""
        self.refused = False
        self.problem = str(error) if not self.stopped.is_set() else ""

    def _stumble(self, error: Exception) -> None:
        """An error of our own making: where, is for the log. To join anew is better than to fall silent for good."""
        traceback.print_exception(error)
        self.problem = f"{type(error).__name__}: {error}"


def _for_wire(report: Report) -> Report:
    """With large values as buffers of its frame."""
    return replace(report, outcomes=tuple(codec.with_large(o, "values") for o in report.outcomes))
