"""Two workers of one host name are told apart: in the list, in what they did, and when one comes back."""

from __future__ import annotations

from mcgui_core import Master
from mcgui_core.master.access.node_names import name_of
from mcgui_core.protocol.messages import NodeInfo
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler.node_state import NodeRecord
from tests.support import PATIENCE
from tests.waiting import until

WORK = """
import time
def f(x):
    print("seen")
    time.sleep(0.05)
    if x % 10 == 3:
        raise ValueError(x)
    return x
"""


def info(id: str, name: str = "lab-3") -> NodeInfo:
    return NodeInfo(id, name, 1, 1, "3.11.7", "Linux", 1)


def test_workers_of_one_name_have_numbers_while_both_are_here() -> None:
    nodes: dict[str, NodeRecord] = {}

    def join(id: str, name: str = "lab-3") -> str:
        found = name_of(info(id, name), nodes)
        nodes[id] = NodeRecord(info(id, found), "10.0.0.1", 0.0)
        return found

    assert [join("a"), join("b"), join("c"), join("d", "lab-4")] == ["lab-3", "lab-3 (2)", "lab-3 (3)", "lab-4"]
    assert join("b") == "lab-3 (2)"  # it comes back
    nodes["a"].depart("left", NO_REASON)
    assert join("e") == "lab-3"
    assert join("a") == "lab-3 (4)"
    assert join("c") == "lab-3 (3)"


def test_what_they_did_names_the_one_that_did_it() -> None:
    with Master() as master:
        for _ in range(2):
            master.add_local_worker(nprocs=1, name="lab-3")
        until(lambda: len(master.nodes()) == 2, PATIENCE, "both workers")
        assert sorted(node.name for node in master.nodes()) == ["lab-3", "lab-3 (2)"]
        job = master.submit(WORK, "f", range(40))
        job.wait(PATIENCE)
        outcomes, _ = job.outcomes()
        assert {outcome.node for outcome in outcomes if outcome.values} == {"lab-3", "lab-3 (2)"}
        done = {node.name: node.failed for node in master.nodes()}
        failed = [failure.node for failure in job.failures()]
        assert {name: failed.count(name) for name in done} == done
