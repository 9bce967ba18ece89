"""CPython's own tests of executors, as they stand, on a ClusterExecutor.

Where Python has brought them (up to 3.11 they are one file). Those that are left out start a program that imports the
executor's class from concurrent.futures, which has no ClusterExecutor: `test_a_program_that_forgets_its_end...` in
test_cluster_executor.py is ours. The executors of all tests use one cluster, since CPython starts one for each test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mcgui_core import Cluster, ClusterExecutor, Master
from tests.support import cluster

suite = pytest.importorskip("test.test_concurrent_futures", exc_type=ImportError)
support = pytest.importorskip("test.support", exc_type=ImportError)

#: They import the class by its name from concurrent.futures; and one that is about seconds, which it takes.
LEFT_OUT = {
    "test_interpreter_shutdown",
    "test_submit_after_interpreter_shutdown",
    "test_hang_gh83386",
    "test_map_timeout",
}


class Shared:
    """The cluster of all tests, as the one that runs has it."""

    cluster: Cluster | None = None


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(2) as found:
        yield found


@pytest.fixture(autouse=True)
def one_cluster(master: Master) -> Iterator[None]:
    with Cluster.connect(master.console_link) as Shared.cluster:
        yield
    Shared.cluster = None


def executor_type(**settings: Any) -> ClusterExecutor:
    return ClusterExecutor(cluster=Shared.cluster, **settings)


def mixins() -> dict[str, Any]:
    """By name, from a file or a package."""
    if not hasattr(suite, "__path__"):
        return vars(suite)
    from importlib import import_module

    found: dict[str, Any] = {}
    for part in ("util", "executor", "test_wait", "test_as_completed", "test_shutdown", "test_init"):
        found |= vars(import_module(f"{suite.__name__}.{part}"))
    return found


def cases() -> Iterator[type]:
    there = mixins()
    base, executor = there["BaseTestCase"], there["ExecutorMixin"]
    ours = type("ClusterMixin", (executor,), {"executor_type": staticmethod(executor_type)})
    for name in ("ExecutorTest", "WaitTests", "AsCompletedTests", "ExecutorShutdownTest"):
        yield type(f"Cluster{name}", (there[name], ours, base), dict.fromkeys(LEFT_OUT))
    for name in ("InitializerMixin", "FailingInitializerMixin"):
        yield type(f"Cluster{name}", (there[name], ours, base), {})


for case in cases():
    case.__module__ = __name__
    globals()[f"Test{case.__name__}"] = case
del case
