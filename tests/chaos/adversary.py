"""Carries out the schedule: kills, stops, spoils connections, fills the disk, and starts again what is meant to run."""

from __future__ import annotations

import heapq
import itertools
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil

from tests.chaos.disk import Disk
from tests.chaos.network import Network
from tests.chaos.processes import Command, slots
from tests.chaos.schedule import Act

#: Seconds before an act that has no victim at present is tried again, and before a server is that could not start.
AGAIN = 0.2
#: Acts without a victim that may be put off before no other one is begun: one that waits for a minute, as for an agent
#: that hangs, is not to keep all others from what is over by then.
MOST_PUT_OFF = 8
#: Seconds that a connection is late when it is delayed.
DELAY = 0.15
#: Seconds within which a process ends that is told to; acts may stop it meanwhile.
ENDS_WITHIN = 60.0
#: Pieces that are corrupted in one act.
PIECES = 2


class Adversary:
    """All in the thread of whoever calls `step`."""

    def __init__(
        self,
        server: Command,
        agents: list[Command],
        client: Command,
        networks: list[Network],
        disk: Disk,
        acts: Iterator[Act],
    ) -> None:
        """One network for each agent, in their order, and one for the client."""
        self._server, self._agents, self._client = server, agents, client
        self._networks, self._disk, self._acts = networks, disk, acts
        self.done: Counter[str] = Counter()  # acts by kind
        self.last = ""  # the last act, in words
        self.killed_slots: list[int] = []  # process ids
        self.faults: list[str] = []  # processes that ended by themselves
        self.killed_by_tasks = 0  # agents
        self._hung = 0  # agents and slots that hang now: never all of them
        self._put_off: list[Act] = []  # acts that had no victim when it was their turn, the oldest first
        self.refused_starts = 0  # of the server, because the disk was full
        self.read_to_its_end = False  # the client has
        self._full = False
        self._was_full = False  # since the server was started
        self._later: list[tuple[float, int, Callable[[], None]]] = []  # what ends the acts: time, order, what
        self._order = itertools.count()
        self._away: set[str] = set()  # commands that are to be started again later
        self._next = next(self._acts)
        self._since = time.monotonic()

    @property
    def acts(self) -> int:
        """How many were done."""
        return sum(self.done.values())

    def step(self, may_wait: bool, rest: bool = False) -> None:
        """Do what is due now; without `may_wait`, the next act at once. To `rest` is to begin no other act."""
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            heapq.heappop(self._later)[2]()
        self._look_after()
        if not rest and (not may_wait or now >= self._since + self._next.pause):
            self._since = now
            if not self._act():
                self._since += AGAIN - self._next.pause

    def has_done(self, acts: int) -> bool:
        """So many of the schedule, from its beginning, are done."""
        return self._next.number >= acts and all(act.number >= acts for act in self._put_off)

    def heal(self) -> None:
        """Undo all that lasts, and start what is away. To be called again until all is well: some of it takes time."""
        due, self._later = sorted(self._later), []
        for _, _, do in due:
            do()
        self._look_after()

    # --- acts ---------------------------------------------------------------------------------------------------

    def _act(self) -> bool:
        """Do the oldest act that was put off and has a victim by now, else the next one. False: neither has."""
        for act in self._put_off:
            if self._do(act):
                self._put_off.remove(act)
                return True
        if len(self._put_off) == MOST_PUT_OFF:
            return False
        act, self._next = self._next, next(self._acts)
        if not self._do(act):
            self._put_off.append(act)
            return False
        return True

    def _do(self, act: Act) -> bool:
        """False where there is no such victim now."""
        verb, noun = act.kind.split()
        done: bool = getattr(self, f"_{verb}_{noun}")(act)
        if done:
            self.done[act.kind] += 1
            self.last = f"{act.kind} ({act.seconds:.1f} s)"
        return done

    def _kill_slot(self, act: Act) -> bool:
        slot = self._slot(act)
        if slot is None:
            return False
        with suppress(psutil.NoSuchProcess):
            slot.kill()
            self.killed_slots.append(slot.pid)
            return True
        return False

    def _stop_slot(self, act: Act) -> bool:
        slot = self._slot(act)
        if slot is None:
            return False
        with suppress(psutil.NoSuchProcess):
            slot.suspend()
            self._after(act.seconds, lambda: _resume(slot))
            return True
        return False

    def _hang_slot(self, act: Act) -> bool:
        return not self._hung and self._hanging(self._stop_slot(act), act)

    def _hang_agent(self, act: Act) -> bool:
        return not self._hung and self._hanging(self._stop_agent(act), act)

    def _hanging(self, done: bool, act: Act) -> bool:
        """One at a time: where all hang, nothing can go on, and that is nobody's fault."""
        if done:
            self._hung += 1
            self._after(act.seconds, lambda: setattr(self, "_hung", self._hung - 1))
        return done

    def _kill_agent(self, act: Act) -> bool:
        agent = self._agent(act)
        running = slots([agent])
        if not self._kill(agent, act):
            return False
        self.killed_slots += [slot.pid for slot in running]
        return True

    def _kill_server(self, act: Act) -> bool:
        return self._kill(self._server, act)

    def _kill_client(self, act: Act) -> bool:
        return self._reader() and self._kill(self._client, act)

    def _end_agent(self, act: Act) -> bool:
        return self._terminate(self._agent(act), act)

    def _end_server(self, act: Act) -> bool:
        return self._terminate(self._server, act)

    def _stop_agent(self, act: Act) -> bool:
        return self._stop(self._agent(act), act)

    def _stop_server(self, act: Act) -> bool:
        return self._stop(self._server, act)

    def _stop_client(self, act: Act) -> bool:
        return self._reader() and self._stop(self._client, act)

    def _drop_connections(self, act: Act) -> bool:
        network = self._network(act)
        return network.open > 0 and network.drop() is None

    def _reset_connections(self, act: Act) -> bool:
        network = self._network(act)
        return network.open > 0 and network.reset() is None

    def _delay_connections(self, act: Act) -> bool:
        network = self._network(act)
        network.delay = DELAY
        self._after(act.seconds, lambda: setattr(network, "delay", 0.0))
        return True

    def _freeze_connections(self, act: Act) -> bool:
        network = self._network(act)
        network.freeze()
        self._after(act.seconds, network.thaw)
        return True

    def _corrupt_connections(self, act: Act) -> bool:
        network = self._network(act)
        if not network.open:
            return False
        network.to_corrupt += PIECES
        return True

    def _fill_disk(self, act: Act) -> bool:
        if self._full or self._server.pid is None or not self._disk.fill(self._server.pid):
            return False
        self._full = self._was_full = True

        def free() -> None:
            self._disk.free(self._server.pid)
            self._full = False

        self._after(act.seconds, free)
        return True

    # --- victims ------------------------------------------------------------------------------------------------

    def _slot(self, act: Act) -> psutil.Process | None:
        there = slots(self._agents)
        return there[int(act.aim * len(there))] if there else None

    def _reader(self) -> bool:
        """There is a client: one that has read all starts again."""
        if self.read_to_its_end:
            self.read_to_its_end = False
            self._client.start()
        return True

    def _agent(self, act: Act) -> Command:
        return self._agents[int(act.aim * len(self._agents))]

    def _network(self, act: Act) -> Network:
        network = self._networks[int(act.aim * len(self._networks))]
        if network is self._networks[-1]:
            self._reader()  # where he is gone, there is never a connection of his to be cut
        return network

    def _kill(self, command: Command, act: Act) -> bool:
        if command.pid is None:
            return False
        command.kill()
        self._restart(command, act.seconds / 2)
        return True

    def _terminate(self, command: Command, act: Act) -> bool:
        if not command.runs or command.name in self._away:
            return False
        command.terminate()
        self._away.add(command.name)
        deadline = time.monotonic() + ENDS_WITHIN
        self._after(0.0, lambda: self._once_ended(command, act.seconds / 2, deadline))
        return True

    def _once_ended(self, command: Command, pause: float, deadline: float) -> None:
        if command.pid is not None and time.monotonic() < deadline:
            self._after(AGAIN, lambda: self._once_ended(command, pause, deadline))
            return
        if command.pid is not None:
            self.faults.append(f"{command.name} goes on {ENDS_WITHIN:.0f} s after it was told to end")
            command.kill()
        # By SIGTERM itself: so early that it could not hear it yet.
        if command.exit_code not in (0, -signal.SIGKILL, -signal.SIGTERM):
            self.faults.append(f"{command.name} ended with code {command.exit_code} when it was told to end")
        self._restart(command, pause)

    def _stop(self, command: Command, act: Act) -> bool:
        if not command.runs or command.name in self._away:  # one that is told to end could not, while it is stopped
            return False
        command.stop()
        pid = command.pid

        def go_on() -> None:
            if command.pid == pid:  # else it was killed, and another one runs
                command.go_on()

        self._after(act.seconds, go_on)
        return True

    # --- what is meant to run -----------------------------------------------------------------------------------

    def _restart(self, command: Command, pause: float) -> None:
        self._away.add(command.name)
        self._after(pause, lambda: self._start(command))

    def _start(self, command: Command) -> None:
        self._away.discard(command.name)
        if command.pid is None:
            if command is self._server:
                self._was_full = self._full
            command.start()

    def _look_after(self) -> None:
        """Start what ended by itself; only the client, once it is done, and a server without a disk may do that."""
        for command in (self._server, *self._agents, self._client):
            if command.pid is not None or command.name in self._away:
                continue
            if command is self._client and command.exit_code == 0:
                self.read_to_its_end = True
                continue
            if command is self._server and self._was_full:
                self.refused_starts += 1
            elif command in self._agents and command.exit_code == -signal.SIGKILL:
                self.killed_by_tasks += 1  # whatever the adversary kills is away
            else:
                self.faults.append(f"{command.name} ended by itself, with code {command.exit_code}")
            self._restart(command, AGAIN)

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._order), do))


def _resume(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.resume()
