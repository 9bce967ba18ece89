"""All that a console shows, at one moment."""

from __future__ import annotations

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages.job_messages import JobStatus
from mcgui_core.protocol.messages.node_messages import NodeStatus
from mcgui_core.protocol.messages.task_messages import TaskStatus

#: Seconds that one Sample stands for. Short enough that a job of three seconds has a shape in a plot.
SAMPLE_SECONDS = 0.5


@message
class Sample:
    """Tasks that one node completed within SAMPLE_SECONDS."""

    time: float  # when that began, seconds since the epoch: a multiple of SAMPLE_SECONDS
    node: str  # id
    done: int
    failed: int


@message
class Snapshot:
    """Everything that a console shows, at one moment. `version` is what to ask the next one after."""

    version: int
    time: float
    jobs: tuple[JobStatus, ...]
    nodes: tuple[NodeStatus, ...]
    samples: tuple[Sample, ...]  # those that are new since the version asked for
    tasks: tuple[TaskStatus, ...] = ()  # what tasks that run now say of themselves
    failed_proofs: int = 0  # how often somebody did not prove a key, since the master started
