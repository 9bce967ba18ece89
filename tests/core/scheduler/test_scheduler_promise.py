"""The promise: every task of a job ends with exactly one outcome, whatever goes wrong on the way.

Hypothesis invents the adversity: nodes that come, go, fall silent, lose answers, repeat themselves, talk nonsense and
disobey; slots that die; a disk that fills up; a master that is killed at any of its writes. After each step
`World.check` looks at everything. In the end the adversity stops, and what is left to do has to be done soon.

MCGUI_LONG=1 runs more than 10,000 sequences of steps.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mcgui_core.protocol.messages import Chunk, Report, SlotDeath, TaskFailure, Unfit
from mcgui_core.scheduler import set_aside_threshold
from mcgui_core.scheduler.job_state import JobRecord
from tests.core.world import Node, World, spec

#: How many sequences of steps a part runs, and how many parts.
SEQUENCES, PARTS = (100, 120) if os.environ.get("MCGUI_LONG") else (100, 1)
SMALL = st.integers(0, 7)
PICK = st.integers(0, 5)
OFFSETS = st.frozensets(st.integers(0, 3), max_size=2)
FATES = st.sampled_from(["arrives"] * 4 + ["answer lost", "answer delayed", "request lost", "request delayed"])
SPECS = st.fixed_dictionaries(
    {"retries": st.integers(0, 2)},
    optional={
        "on_error": st.just("stop"),
        "chunksize": st.sampled_from([1, 3, 3]),
        "timeout": st.just(1.0),
        "priority": st.integers(-1, 1),
        "backoff": st.sampled_from([0.0, 0.0, 0.3, 20.0]),
        "hedge": st.booleans(),
        "python": st.just("3.11"),
    },
)
SPANS = st.tuples(st.integers(-2, 9), st.integers(0, 4))


def there_is(what: str) -> Callable[[Any], Any]:
    """For steps that need a node which is so."""
    return precondition(lambda self: getattr(self, what))


class Promise(RuleBasedStateMachine):
    """One life of a master's journal. Most steps pick among the nodes for which they mean something."""

    kept = False

    @initialize(count=SMALL, options=SPECS)
    def begin(self, count: int, options: dict[str, Any]) -> None:
        self.world = World()
        self.submit(count, True, options)
        for how in (1, 0):
            self.come_or_go(how, "arrive", True)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.journal.fault = ""
            if self.kept:  # not on top of another failure
                if self.world.serial % 2:
                    all_is_well(self.world)
                everybody_is_replaced(self.world)
        finally:
            self.world.close()

    @invariant()
    def the_promise_is_kept(self) -> None:
        if hasattr(self, "world"):
            self.kept = False
            self.world.check()
            self.kept = True

    # --- who there is -------------------------------------------------------------------------------------------

    @property
    def jobs(self) -> list[JobRecord]:
        return list(self.world.jobs.values())

    @property
    def with_work(self) -> list[Node]:
        return [node for node in self.world.nodes if node.work.queued and len(node.running) < node.report.nprocs]

    @property
    def running(self) -> list[Node]:
        return [node for node in self.world.nodes if node.running]

    def connected(self, pick: int) -> Node:
        """One of the nodes, which comes back if it is away."""
        node: Node = one_of(self.world.nodes, pick)
        if node.connection is None:
            node.join(self.world.hub)
        return node

    # --- jobs ---------------------------------------------------------------------------------------------------

    @rule(count=SMALL, sealed=st.booleans(), options=SPECS)
    def submit(self, count: int, sealed: bool, options: dict[str, Any]) -> None:
        """A new job, or more arguments for one that waits for them."""
        world, growing = self.world, [job for job in self.jobs if not job.sealed]
        if growing:
            id = growing[0].id
            world.ask(world.hub.jobs.extend, id, world.block(id, count), sealed)
        elif len(self.jobs) < 3:
            world.ask(world.hub.jobs.submit, spec(**options), world.block(-1, count), sealed)

    @precondition(lambda self: self.jobs)
    @rule()
    def lose_the_readers(self) -> None:
        """The programs that bring arguments are gone."""
        self.world.ask(self.world.hub.jobs.connection_ended, None)

    @precondition(lambda self: self.jobs)
    @rule(pick=PICK, what=st.sampled_from(["pause", "resume", "resume", "cancel", "retry", "retry", "retry", "forget"]))
    def steer(self, pick: int, what: str) -> None:
        job = one_of(self.jobs, pick)
        if what == "retry":
            self.world.retry(job.id)
        elif what == "forget":
            if job.final:
                self.world.forget(job.id)
        else:
            self.world.ask(getattr(self.world.hub.jobs, what), job.id)

    # --- nodes that come and go ---------------------------------------------------------------------------------

    @rule(
        pick=PICK, how=st.sampled_from(["arrive", "leave", "break", "break", "notice", "forget"]), noticed=st.booleans()
    )
    def come_or_go(self, pick: int, how: str, noticed: bool) -> None:
        world = self.world
        if how == "arrive" and len(world.nodes) < 3:
            world.nodes.append(Node(f"node{len(world.nodes)}", 1 + pick % 3, "3.11.7" if noticed else "3.12.1"))
            world.nodes[-1].join(world.hub)
            return
        node = one_of(world.nodes, pick)
        if how == "leave" and node.connection is not None:
            world.hub.nodes.leave(node.id, "left")
            world.disconnect(node, noticed=True)
        elif how == "notice":
            world.deliver()
            world.notice()
        elif how == "forget":
            if node.id in world.hub.state.scheduler.nodes:
                world.ask(world.hub.nodes.forget_node, node.id)
        else:
            world.disconnect(node, noticed)

    @rule(pick=PICK, noticed=st.booleans(), seconds=st.sampled_from([0.0, 0.0, 0.5, 2.0]), which=st.integers(0, 3))
    def come_back(self, pick: int, noticed: bool, seconds: float, which: int) -> None:
        """After a break, with what it holds, or as though some of that was gone."""
        world, node = self.world, one_of(self.world.nodes, pick)
        world.disconnect(node, noticed)
        world.pass_time(seconds)
        node.join(
            world.hub, lambda held: tuple(chunk for n, chunk in enumerate(held) if which == 0 or n % 3 != which - 1)
        )

    @rule(pick=PICK, lease=st.integers(0, 5), spans=st.lists(SPANS, max_size=3), noticed=st.booleans())
    def come_back_and_lie(self, pick: int, lease: int, spans: list[tuple[int, int]], noticed: bool) -> None:
        """With what others hold, and with leases that it had long ago, or never. What it is believed it does not have:
        so it is started anew."""
        world, node = self.world, one_of(self.world.nodes, pick)
        world.disconnect(node, noticed)
        ids, jobs = sorted(world.leases) or [5], sorted(world.jobs) or [1]
        old = tuple(
            world.as_leased(
                node.id, Chunk(one_of([*ids, ids[-1] + 1000], lease + n), one_of(jobs, n), start, start + count)
            )
            for n, (start, count) in enumerate(spans)
            if start >= 0
        )
        theirs = tuple(chunk for other in world.nodes if other is not node for chunk in other.work._held)
        others = {task for task, (id, _) in world.leased().items() if id != node.id}
        node.join(world.hub, lambda held: (*theirs, *old, *held, *held))
        mine = {task for task, (id, _) in world.leased().items() if id == node.id}
        assert not mine & others, "it was given what others hold"
        node.start_anew()
        node.join(world.hub)

    @rule(seconds=st.sampled_from([1.0, 4.0, 6.0]), asleep=st.booleans())
    def wait(self, seconds: float, asleep: bool) -> None:
        if asleep:
            self.world.sleep(seconds)
        else:
            self.world.pass_time(seconds)

    @rule(seconds=st.integers(2, 8))
    def take_long(self, seconds: int) -> None:
        """Nothing is heard but heartbeats: what is leased becomes late, and whoever has nothing to do may repeat it."""
        for node in self.world.nodes:
            if node.connection is not None:
                self.world.exchange(node, 1.0)
                node.hear()
        for _ in range(seconds):
            self.world.pass_time(1.0)
            for node in self.world.nodes:
                if node.connection is not None:
                    self.world.heartbeat(node)
                    if node.called and node.connection is not None:
                        self.world.exchange(node, 1.0)

    @rule(
        pick=PICK, nprocs=st.integers(1, 3), off=st.sampled_from(["", "", "paused", "draining"]), obedient=st.booleans()
    )
    def give_more_or_less(self, pick: int, nprocs: int, off: str, obedient: bool) -> None:
        node = self.connected(pick)
        node.report = replace(node.report, nprocs=nprocs, paused=off == "paused", draining=off == "draining")
        if off:
            node.work.give_back()
        self.world.heartbeat(node, obedient)

    @rule(pick=PICK, at_once=st.booleans())
    def heartbeat(self, pick: int, at_once: bool) -> None:
        node = self.connected(pick)
        self.world.heartbeat(node)
        if at_once:
            node.obey()

    # --- work ---------------------------------------------------------------------------------------------------

    @rule(pick=PICK, want=st.sampled_from([0.0, 1.0, 1.0, 1.0]), fate=FATES)
    def exchange(self, pick: int, want: float, fate: str) -> None:
        self.world.exchange(self.connected(pick), want, fate)

    @rule(pick=PICK, failing=OFFSETS, fate=FATES)
    def work(self, pick: int, failing: frozenset[int], fate: str) -> None:
        """Take what there is, run it, report it."""
        node = self.connected(pick)
        self.world.exchange(node, 1.0)
        while len(node.running) < node.report.nprocs and node.work.queued:
            node.take()
        while node.running:
            self.world.part(node, 0, 12, failing)
        if node.connection is not None:
            self.world.exchange(node, 1.0, fate)

    @rule(pick=PICK, after=st.sampled_from(["died", "died", "died", "memory", "timeout", "unfit"]), fate=FATES)
    def fail(self, pick: int, after: str, fate: str) -> None:
        """Take a chunk, do not survive it, report that."""
        node = self.connected(pick)
        self.world.exchange(node, 1.0)
        if node in self.with_work:
            node.take()
            self.abandon(node, -1, after)
        if node.connection is not None:
            self.world.exchange(node, 0.0, fate)

    @there_is("with_work")
    @rule(pick=PICK)
    def start(self, pick: int) -> None:
        one_of(self.with_work, pick).take()

    @there_is("running")
    @rule(pick=PICK, which=PICK, count=st.integers(1, 6), failing=OFFSETS, unpicklable=st.booleans())
    def complete_a_part(self, pick: int, which: int, count: int, failing: frozenset[int], unpicklable: bool) -> None:
        node = one_of(self.running, pick)
        self.world.part(node, which % len(node.running), count, failing, unpicklable)

    @there_is("running")
    @rule(pick=PICK, which=PICK, after=st.sampled_from(["budget", "died", "memory", "timeout", "unfit"]))
    def abandon_a_chunk(self, pick: int, which: int, after: str) -> None:
        node = one_of(self.running, pick)
        self.abandon(node, which % len(node.running), after)

    def abandon(self, node: Node, which: int, after: str) -> None:
        """As ProcessSlot does: put back what was not started, and say what the slot died of."""
        chunk, master = node.running.pop(which)
        first = chunk.start + 1 if chunk.careful else chunk.stop
        if after == "unfit":
            node.work.report(Unfit(chunk.job, "ImportError", "no numpy", ""), master)
        elif after == "budget" or (after == "timeout" and not chunk.careful):
            node.work.put_back(chunk)
        else:
            kind: Any = after
            node.work.report(
                SlotDeath(chunk.lease, chunk.job, chunk.start, first, kind, "it died", chunk.token), master
            )
            if first < chunk.stop:
                node.work.put_back(replace(chunk, start=first))

    # --- nonsense -----------------------------------------------------------------------------------------------

    @precondition(lambda self: any(node.sent for node in self.world.nodes))
    @rule(pick=PICK, which=st.integers(0, 3), by_another=st.booleans())
    def repeat_a_report(self, pick: int, which: int, by_another: bool) -> None:
        """One of the last few, twice over."""
        node = one_of([node for node in self.world.nodes if node.sent], pick)
        report = node.sent[-1 - which % len(node.sent)]
        twice = replace(report, outcomes=report.outcomes * 2, deaths=report.deaths * 2)
        sender = one_of(self.world.nodes, pick + by_another)
        if sender is node:
            self.world.hand_over(node.id, twice, 0.0)
        else:  # which never had that leased
            self.world.hand_over_nonsense(sender.id, twice)

    @rule(pick=PICK, job=st.integers(1, 3), spans=st.lists(SPANS, min_size=1, max_size=3), failing=OFFSETS)
    def talk_nonsense(self, pick: int, job: int, spans: list[tuple[int, int]], failing: frozenset[int]) -> None:
        """Of leases that the node does not hold, of tasks that there are not, of other jobs."""
        world, node = self.world, one_of(self.world.nodes, pick)
        chunks = [
            world.as_leased(node.id, Chunk(5 + n, job, start, start + count)) for n, (start, count) in enumerate(spans)
        ]
        outcomes = [world.outcome(node.id, chunk, failing) for chunk in chunks]
        deaths = [SlotDeath(c.lease, c.job, c.start, c.stop, "died", "", c.token) for c in chunks]
        world.hand_over_nonsense(node.id, Report(tuple(outcomes), tuple(deaths), tuple(chunks)))

    @precondition(lambda self: self.world.leased())
    @rule(pick=PICK, failing=OFFSETS, missing=OFFSETS)
    def contradict_oneself(self, pick: int, failing: frozenset[int], missing: frozenset[int]) -> None:
        """An outcome of a lease that the node does hold, but whose failures are not those that are missing.

        Whoever talks like that is not to be trusted with what it holds itself: it is started anew.
        """
        world = self.world
        id, number = one_of(sorted(set(world.leased().values())), pick)
        chunk = world.as_leased(id, world.hub.state.scheduler.nodes[id].leases[number].chunk)
        failed = [chunk.start + n for n in sorted(failing)] * 2
        failures = tuple(TaskFailure(index, "raised", "E", "", "", "", id) for index in failed)
        world.hand_over_nonsense(id, Report((replace(world.outcome(id, chunk, missing), failures=failures),)))
        node = next(node for node in world.nodes if node.id == id)
        node.start_anew()
        node.join(world.hub)

    # --- the master's own troubles ------------------------------------------------------------------------------

    @rule(what=st.sampled_from(["full", "killed", "killed", "now", "now, to be held"]), writes=st.integers(0, 2))
    def trouble(self, what: str, writes: int) -> None:
        """The disk will be full, or the process killed, at one of the next writes; or it is killed now, and the next
        one holds its jobs until they are resumed."""
        if what.startswith("now"):
            self.world.crash(hold=what != "now")
        else:
            self.world.journal.fault, self.world.journal.writes_left = what, writes


def one_of(found: list[Any], pick: int) -> Any:
    return found[pick % len(found)]


def serve(world: World, nodes: list[Node]) -> None:
    """One round of honest work."""
    world.pass_time(0.5)
    for node in nodes:
        node.report = replace(node.report, paused=False, draining=False)
        world.heartbeat(node)
        node.obey()
        node.hear()
        while len(node.running) < node.report.nprocs and node.work.queued:
            node.take()
        while node.running:
            world.part(node, 0, 12, frozenset())
        if node.called or node.work.to_report:
            world.exchange(node, 1.0)
    world.hub.tick()
    world.check()


def must_end(world: World, nodes: list[Node]) -> list[int]:
    """The jobs that have no reason not to end."""
    infos = [world.hub.state.scheduler.nodes[node.id] for node in nodes]
    return [
        job.id
        for job in world.jobs.values()
        if job.no_more_come
        and not job.final
        and job.state != "paused"
        and any(world.hub.state.scheduler.fits(n, job) for n in infos)
    ]


def go_on(world: World, nodes: list[Node]) -> None:
    """Honest work until all is done, which must take no more rounds than there are tasks, a few, and those in which
    tasks wait for their next try."""
    rounds = 10 + sum(job.total for job in world.jobs.values())
    while rounds:
        rounds -= not any(job.postponed or job.avoiding for job in world.jobs.values())
        serve(world, nodes)
        if not must_end(world, nodes):
            return
    states = [job.status(world.now) for job in world.jobs.values()]
    raise AssertionError(f"{must_end(world, nodes)} do not end: {states}")


def all_is_well(world: World) -> None:
    """Those that are connected go on with what they hold; nobody is replaced."""
    world.deliver()
    world.notice()
    nodes = [node for node in world.nodes if node.connection is not None]
    if nodes:
        go_on(world, nodes)


def everybody_is_replaced(world: World) -> None:
    """All nodes fall silent; a healthy one comes, and all arguments arrive."""
    for job in list(world.jobs.values()):
        if not job.final and not job.sealed:
            world.hub.jobs.extend(job.id, (), True)
        world.hub.jobs.resume(job.id)
    for node in world.nodes:
        node.connection = None
    world.pass_time(6.0)
    healthy = Node("healthy", 2, "3.11.7")
    world.nodes.append(healthy)
    healthy.join(world.hub)
    go_on(world, [healthy])
    left = [job.id for job in world.jobs.values() if not job.final]
    assert not left, f"{left} have not ended"


# Longer than the minute of any other test: the five that hypothesis may take to make a failure small are worth waiting for.
@pytest.mark.timeout(320)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_task_ends_with_exactly_one_outcome_whatever_goes_wrong(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside_threshold, "LEAST_FAILURES", 1)  # jobs of a few tasks would hardly ever come to it
    sequences = settings(
        max_examples=SEQUENCES, stateful_step_count=50, deadline=None, suppress_health_check=HealthCheck
    )
    run_state_machine_as_test(Promise, settings=sequences)
