"""Why nothing of a job runs: in a sentence, told once to whoever waits."""

from __future__ import annotations

import io
import logging
import threading
from dataclasses import replace
from typing import Any

import pytest

from mcgui_core import Master
from mcgui_core.cli import job_progress
from mcgui_core.cli.ending_signals import EndingSignals
from mcgui_core.client.waiting import idle_reason
from mcgui_core.client.waiting.idle_reason import IN_A_SCRIPT, why_nothing_runs
from mcgui_core.protocol.messages import JobStatus, NodeStatus, Snapshot
from tests.waiting import until

JOB = JobStatus(3, "Pi", "f", "waiting", 10, True, 0, 0, 0, 0.0, None, None)
NODE = NodeStatus("a", "lab-1", "idle", 2, 0, 2, 0.0, 0, 0, 0, 0.0, None, 0.0, 0.0, "", "3.12", "Linux", 1)
OTHER = replace(JOB, id=1, name="Long", state="running", running=4)


def said(job: dict[str, Any], *nodes: dict[str, Any], others: tuple[JobStatus, ...] = ()) -> str:
    here = tuple(replace(NODE, **{"id": str(number), **node}) for number, node in enumerate(nodes))
    return why_nothing_runs(Snapshot(1, 0.0, (replace(JOB, **job), *others), here, ()), 3, "HOW.", "RESUME.")


@pytest.mark.parametrize(
    ("job", "nodes", "others", "sentence"),
    [
        ({}, [], (), "Job 3 waits: no worker is there. HOW."),
        ({}, [{"state": "left"}], (), "Job 3 waits: no worker is there. HOW."),
        ({}, [{"state": "paused", "reason": "On battery."}], (), "Job 3 waits: the only worker, lab-1, is paused (lab-1: On battery). HOW."),
        ({}, [{"state": "paused"}, {"state": "silent", "name": "b"}], (), "Job 3 waits: all 2 workers are paused or silent. HOW."),
        ({"reason": "Its environment does not load."}, [{}], (), "Job 3: Its environment does not load."),
        ({}, [{"state": "working"}], (OTHER,), "Job 3 waits: the only worker, lab-1, is at work for other jobs (1 Long)."),
        ({}, [{"state": "working"}, {}], (OTHER,), ""),
        ({"state": "paused"}, [{}], (), "Job 3 is paused. RESUME."),
        ({"state": "paused", "reason": "Held.", "reason_code": "held"}, [], (), "Job 3 is paused. Held. RESUME."),
        ({"state": "paused", "reason": "Full.", "reason_code": "journal full"}, [], (), "Job 3 is paused. Full."),
        ({}, [{}], (), ""),
        ({"running": 1}, [], (), ""),
        ({"state": "cancelled"}, [], (), ""),
    ],
)  # fmt: skip
def test_the_reason_is_one_sentence(
    job: dict[str, Any], nodes: list[dict[str, Any]], others: tuple[JobStatus, ...], sentence: str
) -> None:
    assert said(job, *nodes, others=others) == sentence


def test_a_script_without_a_worker_is_told_so_once_and_may_switch_that_off(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(idle_reason, "SOON", 0.02)
    logger = logging.getLogger("mcgui_core")
    with Master() as master:
        job = master.submit("def f(x): return x", "f", [1])
        for level, told in ((logging.NOTSET, [f"Job 1 waits: no worker is there. {IN_A_SCRIPT}"]), (logging.ERROR, [])):
            caplog.clear()
            logger.setLevel(level)
            try:
                for _ in range(3):
                    with pytest.raises(TimeoutError):
                        job.wait(0.03)
            finally:
                logger.setLevel(logging.NOTSET)
            assert [record.getMessage() for record in caplog.records] == told
            job = master.job(1)  # which has told nobody anything yet


def test_nobody_is_told_while_a_worker_that_was_started_here_is_on_its_way(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(idle_reason, "SOON", 0.0)
    with Master() as master:
        master.add_local_worker(1)
        assert master.submit("def f(x): return x", "f", [1]).results() == [1]
        assert not master.worker_is_coming()
    assert caplog.records == []


def test_a_terminal_that_waits_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle_reason, "SOON", 0.02)
    monkeypatch.setattr(job_progress, "PROGRESS_SECONDS", 0.02)
    errors = io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    with Master() as master:
        job = master.submit("def f(x): return x", "f", [1])
        waiting = threading.Thread(target=job_progress.follow, args=(master, job, EndingSignals()))
        waiting.start()
        until(lambda: errors.getvalue())
        job.cancel()
        waiting.join()
    assert errors.getvalue().startswith("mcgui-core: Job 1 waits: no worker is there. `mcgui-core worker` lets this")
    assert errors.getvalue().count("\n") == 1
