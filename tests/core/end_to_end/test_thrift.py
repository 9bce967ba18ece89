"""What a node does not do: ask the master too often, start processes that it has no need of, lose count of arguments.

Figures that hold on a computer that is busy with other things, where times say nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from mcgui_core import Master
from mcgui_core.errors import JobFailed
from mcgui_core.node.agent import Agent
from mcgui_core.node.master_connection import HEARTBEAT
from mcgui_core.node.workload.report_timing import GATHER
from mcgui_core.protocol.agent_events import AgentEvent
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.rpc_client import RpcClient
from tests.support import cluster, joined, slots
from tests.waiting import until

SQUARE = "def square(x): return x * x"
SOME_TIME = "import time\ndef f(x):\n    time.sleep(0.02)\n    return x"


def test_a_node_that_has_plenty_to_do_reports_a_few_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()
    call = RpcClient.call

    def counted(self: RpcClient, method: str, *args: Any, wait: float = 0.0) -> Any:
        calls[method] += 1
        return call(self, method, *args, wait=wait)

    with Master() as master:
        agent = Agent(JoinLink.parse(master.worker_link), 2, "counted")
        agent.start()
        try:
            until(lambda: joined(master))
            # Chunks of one task: without patience there would be a report for each.
            job = master.submit(SOME_TIME, "f", range(250), chunksize=1)
            until(lambda: job.status.done, what="the first results")
            monkeypatch.setattr(RpcClient, "call", counted)
            began = time.monotonic()
            assert job.results() == list(range(250))
            passed = time.monotonic() - began
            monkeypatch.undo()
        finally:
            agent.leave()
    # The last ones go at once, and a few while it had but one chunk for each slot.
    assert calls["exchange"] <= passed / GATHER + 40
    assert calls["attend"] <= passed / HEARTBEAT + 20


def test_small_jobs_go_to_slots_that_have_a_process() -> None:
    with Master() as master:
        agent = master.add_local_worker(8)
        until(lambda: joined(master))
        for number in range(30):
            assert master.submit(SQUARE, "square", [number]).results() == [number * number]
        # One, if no result is ever faster than the word that its slot is free again.
        assert len(slots(agent)) <= 4


def test_arguments_of_a_job_that_does_not_load_are_no_trouble_for_those_of_others() -> None:
    """They come along with the order to load it, and are ignored."""
    with cluster(1) as master:
        for number in range(3):
            with pytest.raises(JobFailed, match="no luck"):
                master.submit("raise ValueError('no luck')\ndef f(x): pass", "f", [number] * 3000).results()
            job = master.submit(SQUARE, "square", list(range(5000)))
            assert job.results() == [x * x for x in range(5000)]


@pytest.mark.parametrize(
    "args", [[1], list(range(10_000)), list(range(40_000)), range(10**6)], ids=["1", "10,000", "40,000", "a range"]
)
def test_a_list_or_range_travels_with_its_job_in_one_call(args: Sequence[int], monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    call = RpcClient.call

    def noted(self: RpcClient, method: str, *args: Any, wait: float = 0.0) -> Any:
        calls.append(method)
        return call(self, method, *args, wait=wait)

    with Master() as master:
        master.submit(SQUARE, "square", []).results()
        monkeypatch.setattr(RpcClient, "call", noted)
        master.submit(SQUARE, "square", args)
        monkeypatch.undo()
    assert calls == ["submit"]


@pytest.mark.parametrize(
    ("before", "after", "age", "told"),
    [
        (AgentEvent("idle", cpu=1.0, memory=100), AgentEvent("idle", cpu=1.4, memory=102), 9.0, False),
        (AgentEvent("idle", cpu=87.0), AgentEvent("idle", cpu=0.1), 1.0, True),
        (AgentEvent("paused", cpu=87.0), AgentEvent("paused", cpu=0.1), 1.0, True),
        (AgentEvent("paused", memory=2_000), AgentEvent("paused", memory=27), 1.0, True),
        (AgentEvent("working", done=1), AgentEvent("working", done=2), 0.1, False),
        (AgentEvent("working", done=1), AgentEvent("working", done=1), 0.3, True),
        (AgentEvent("working", done=1), AgentEvent("idle", done=2), 0.1, False),
        (AgentEvent("working", done=1), AgentEvent("idle", done=2), 0.3, True),
        (AgentEvent("working"), AgentEvent("paused"), 0.1, True),
        (AgentEvent("working"), AgentEvent("working", nprocs=3), 0.1, True),
        (AgentEvent("idle"), AgentEvent("ended"), 0.0, True),
    ],
)
def test_an_agent_tells_at_once_what_changes_and_now_and_then_what_only_counts_on(
    before: AgentEvent, after: AgentEvent, age: float, told: bool
) -> None:
    assert after.says_more_than(before, age) is told
