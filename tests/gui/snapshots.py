"""Snapshots made by hand for the tests of models and panels: the dataclasses are the contract between core and GUI."""

from __future__ import annotations

from typing import Any

from mcgui_core.protocol.messages import JobStatus, NodeStatus, Sample, Snapshot

#: The moment of all of them, seconds since the epoch.
NOW = 1_790_000_000.0


def node(name: str = "lab-3", **changes: Any) -> NodeStatus:
    """A node at work, but for what is said."""
    values: dict[str, Any] = {
        "id": f"id-{name}",
        "name": name,
        "state": "working",
        "nprocs": 8,
        "busy": 8,
        "cpus": 8,
        "cpu": 97.0,
        "memory": 1_200_000_000,
        "done": 312_410,
        "failed": 0,
        "rate": 9840.0,
        "task_seconds": 0.0008,
        "contact": NOW - 0.4,
        "joined": NOW - 600,
        "address": "192.168.1.23",
        "python": "3.11.7",
        "platform": "Linux",
        "pid": 4242,
    }
    return NodeStatus(**(values | changes))


def job(id: int = 1, **changes: Any) -> JobStatus:
    """A job that runs, but for what is said."""
    values: dict[str, Any] = {
        "id": id,
        "name": "Pi",
        "function": "throw",
        "state": "running",
        "total": 1_000_000,
        "sealed": True,
        "done": 712_000,
        "failed": 3,
        "running": 20_000,
        "created": NOW - 30,
        "started": NOW - 29,
        "finished": None,
        "reduce": "estimate",
        "rate": 26_270.0,
        "task_seconds": 0.0008,
    }
    return JobStatus(**(values | changes))


def room() -> tuple[NodeStatus, ...]:
    """The five workers of the drawing."""
    return (
        node("lab-3"),
        node(
            "lab-4", nprocs=12, busy=12, cpus=12, cpu=95.0, memory=1_900_000_000, done=371_022, failed=2, rate=14_120.0
        ),
        node(
            "laptop",
            state="paused",
            reason="in use until 14:00",
            nprocs=4,
            busy=0,
            cpu=12.0,
            memory=300_000_000,
            done=10_020,
            rate=0.0,
            contact=NOW - 0.6,
        ),
        node(
            "this computer", nprocs=2, busy=2, cpus=2, cpu=88.0, memory=200_000_000, done=28_551, failed=1, rate=2310.0
        ),
        node(
            "studio-1",
            state="lost",
            reason="40 tasks given back",
            busy=0,
            cpu=0.0,
            memory=0,
            done=8004,
            rate=0.0,
            contact=NOW - 95,
        ),
    )


def samples(seconds: int = 60, now: float = NOW) -> tuple[Sample, ...]:
    """A minute of three nodes that start up and then run, with the small ups and downs that real ones have."""
    made = []
    last = int(now) - 1
    for ago in range(seconds - 1, -1, -1):
        ramp = min((seconds - ago) / 7, 1.0)
        for number, (name, mean) in enumerate((("this computer", 2310), ("lab-3", 9840), ("lab-4", 14_120))):
            wobble = ((ago * 7919 + number * 104_729) % 97) / 97 - 0.5
            made.append(Sample(last - ago, f"id-{name}", int(mean * ramp * (1 + 0.12 * wobble)), 0))
    return tuple(made)


def snapshot(version: int = 1, **changes: Any) -> Snapshot:
    values: dict[str, Any] = {"version": version, "time": NOW, "jobs": (job(),), "nodes": room(), "samples": samples()}
    return Snapshot(**(values | changes))
