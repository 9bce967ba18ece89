"""How long tasks take on a node, as far as it has seen: by that it cuts what its slots are given at a time."""

from __future__ import annotations

import hashlib

from mcgui_core.protocol.messages import JobSpec, Outcome

#: Weight of the newest outcome in the moving mean of a task's duration.
NEWEST = 0.2
#: Functions that are remembered; and tasks that have to be told as one for that, since only of many quick ones it
#: matters that they are quick.
REMEMBERED, MANY = 16, 16


class TaskDurations:
    """Means, in seconds: of the tasks of each job, and of those of the functions of jobs before. Who runs 10,000 quick
    tasks once more has them shared out at once, and not after a look at how quick they are. Not thread-safe."""

    def __init__(self) -> None:
        self._of_job: dict[int, float] = {}
        self._of_function: dict[str, float] = {}
        self._functions: dict[int, str] = {}  # of jobs
        self._key: tuple[JobSpec | None, str] = None, ""  # a spec, and what its function is known by
        self._guessed: set[int] = set()  # jobs none of whose own tasks has ended yet

    def begin(self, job: int, spec: JobSpec) -> None:
        """A job has come."""
        if spec is not self._key[0]:
            self._key = spec, _key(spec)
        key = self._functions[job] = self._key[1]
        if job not in self._of_job and key in self._of_function:
            self._of_job[job] = self._of_function[key]
            self._guessed.add(job)

    def get(self, job: int) -> float | None:
        """Of a job's tasks; None where nothing is known."""
        return self._of_job.get(job)

    def count(self, outcome: Outcome) -> None:
        """Tasks of a job have ended."""
        job, count = outcome.job, outcome.stop - outcome.start
        key = self._functions.get(job)
        if key is None:
            return  # it is over
        # The arguments may be others than before: the job's own first tasks say more than all those of the last.
        before = None if job in self._guessed else self._of_job.get(job)
        self._guessed.discard(job)
        mean = outcome.seconds / count
        self._of_job[job] = mean = mean if before is None else before + NEWEST * (mean - before)
        if count >= MANY or key in self._of_function:
            self._of_function.pop(key, None)  # so that it is the youngest
            self._of_function[key] = mean
            if len(self._of_function) > REMEMBERED:
                del self._of_function[next(iter(self._of_function))]

    def forget(self, job: int) -> None:
        """A job is over."""
        self._of_job.pop(job, None)
        self._functions.pop(job, None)
        self._guessed.discard(job)

    def another_master(self) -> None:
        """The numbers of jobs are given anew; functions stay what they were."""
        self._of_job.clear()
        self._functions.clear()
        self._guessed.clear()


def _key(spec: JobSpec) -> str:
    """What a function is known by: a digest, since a project may have thousands of files, and each outcome asks."""
    called = spec.environment, spec.function, spec.pickled_function, spec.function_content, spec.call
    files = [(file.path, file.sha256) for file in spec.files]
    said = repr((called, files, spec.shared, spec.setup))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
