"""Why nothing of a job runs, for whoever waits for it: in a sentence, and told once by Python's logging."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from mcgui_core.protocol.messages import DEPARTED_STATES, JobStatus, NodeStatus, Snapshot

#: Seconds in which a worker may well be on its way.
SOON = 5.0
#: Names of workers or jobs in one sentence.
_NAMED = 3
#: States in which a worker begins nothing, in words.
_AT_REST = {"paused": "paused", "draining": "about to leave", "silent": "silent"}
#: How to add a worker, for a script.
IN_A_SCRIPT = "add_local_worker() lets this computer work; other computers join by the worker_link."
#: How to let a paused job go on, for a script.
RESUME_IN_A_SCRIPT = "Its resume() lets it go on."


def tell(sentence: str) -> None:
    """Say it by the logger "mcgui_core": on standard error, unless the program has said otherwise.

    `logging.getLogger("mcgui_core").setLevel("ERROR")` switches it off.
    """
    logging.getLogger("mcgui_core").warning("%s", sentence)


class IdleWatch:
    """For one job that is waited for: tells why nothing of it runs, once it has been so for a while."""

    def __init__(self, look: Callable[[], Snapshot], id: int, worker_is_coming: Callable[[], bool]) -> None:
        self._look, self._id, self._worker_is_coming = look, id, worker_is_coming
        self._since: float | None = None
        self._told = ""

    def seconds(self, most: float) -> float:
        """For how long to wait for news, before `nothing_new` is called."""
        now = time.monotonic()
        self._since = self._since or now
        return min(most, max(self._since + SOON - now, 0.0) or most)

    def news(self) -> None:
        """Something of it has run."""
        self._since = None

    def nothing_new(self, status: JobStatus) -> None:
        """Nothing has ended, as it stands so."""
        if (status.running and status.state != "paused") or self._worker_is_coming():
            self.news()
        elif self._since is not None and time.monotonic() - self._since >= SOON:
            sentence = why_nothing_runs(self._look(), self._id, IN_A_SCRIPT, RESUME_IN_A_SCRIPT)
            if sentence and sentence != self._told:
                self._told = sentence
                tell(sentence)


def why_nothing_runs(snapshot: Snapshot, id: int, how_to_add: str, how_to_resume: str) -> str:
    """One line; "" where something of the job runs, it is over, or nobody knows.

    `how_to_add` says how whoever reads it adds a worker, `how_to_resume` how a job that is paused goes on.
    """
    job = next((job for job in snapshot.jobs if job.id == id), None)
    if job is None or job.final:
        return ""
    if job.state == "paused":
        by_itself = job.reason_code == "journal full"  # as soon as there is room
        return " ".join(filter(None, [f"Job {id} is paused.", job.reason, "" if by_itself else how_to_resume]))
    if job.running:
        return ""
    here = [node for node in snapshot.nodes if node.state not in DEPARTED_STATES]
    if not here:
        return f"Job {id} waits: no worker is there. {how_to_add}"
    if all(node.state in _AT_REST for node in here):
        return f"Job {id} waits: {_all_are(here)}. {how_to_add}"
    if job.reason:
        return f"Job {id}: {job.reason}"
    others = [other for other in snapshot.jobs if other.id != id and other.running]
    if others and not any(node.state == "idle" for node in here):
        return f"Job {id} waits: {_workers(here)} at work for other jobs ({_named([_title(job) for job in others])})."
    return ""


def _all_are(nodes: list[NodeStatus]) -> str:
    """What keeps all of them from working, with the reasons that there are."""
    why = _named([f"{node.name}: {node.reason.rstrip('.')}" for node in nodes if node.reason])
    states = " or ".join(dict.fromkeys(_AT_REST[node.state] for node in nodes))
    return f"{_workers(nodes)} {states}{f' ({why})' if why else ''}"


def _workers(nodes: list[NodeStatus]) -> str:
    return f"the only worker, {nodes[0].name}, is" if len(nodes) == 1 else f"all {len(nodes):,} workers are"


def _title(job: JobStatus) -> str:
    return f"{job.id} {job.name}"


def _named(texts: list[str]) -> str:
    more = f" and {len(texts) - _NAMED:,} more" if len(texts) > _NAMED else ""
    return ", ".join(texts[:_NAMED]) + more
