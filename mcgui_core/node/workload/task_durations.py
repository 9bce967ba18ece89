"""How long tasks take on a node, as far as it has seen: by that it cuts what its slots are given at a time."""

from __future__ import annotations

from mcgui_core.protocol.messages import JobSpec, Outcome

#: Weight of the newest outcome in the moving mean of a task's duration.
NEWEST = 0.2
#: Functions that are remembered; and tasks that have to be told as one for that, since only of many quick ones it
#: matters that they are quick.
REMEMBERED, MANY = 16, 64

#: What a function is known by.
_Key = tuple[object, ...]


class TaskDurations:
    """Means, in seconds: of the tasks of each job, and of those of the functions of jobs before. Who runs 10,000 quick
    tasks once more has them shared out at once, and not after a look at how quick they are. Not thread-safe."""

    def __init__(self) -> None:
        self._of_job: dict[int, float] = {}
        self._of_function: dict[_Key, float] = {}
        self._functions: dict[int, _Key] = {}  # of jobs

    def begin(self, job: int, spec: JobSpec) -> None:
        """A job has come."""
        key = self._functions[job] = _key(spec)
        if job not in self._of_job and key in self._of_function:
            self._of_job[job] = self._of_function[key]

    def get(self, job: int) -> float | None:
        """Of a job's tasks; None where nothing is known."""
        return self._of_job.get(job)

    def count(self, outcome: Outcome) -> None:
        """Tasks of a job have ended."""
        count = outcome.stop - outcome.start
        mean, before = outcome.seconds / count, self._of_job.get(outcome.job)
        self._of_job[outcome.job] = mean = mean if before is None else before + NEWEST * (mean - before)
        key = self._functions.get(outcome.job)
        if key is not None and (count >= MANY or key in self._of_function):
            self._of_function.pop(key, None)  # so that it is the youngest
            self._of_function[key] = mean
            if len(self._of_function) > REMEMBERED:
                del self._of_function[next(iter(self._of_function))]

    def forget(self, job: int) -> None:
        """A job is over."""
        self._of_job.pop(job, None)
        self._functions.pop(job, None)


def _key(spec: JobSpec) -> _Key:
    called = spec.environment, spec.function, spec.pickled_function, spec.function_content, spec.call
    return *called, spec.files, spec.shared, spec.setup
