"""A job: how it is described, its arguments, and how it stands."""

from __future__ import annotations

from typing import Literal

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages.stored_bytes import Content, Stored
from mcgui_core.protocol.reasons import ReasonCode
from mcgui_core.protocol.run_options import RunOptions

JobState = Literal["waiting", "running", "paused", "finished", "stopped", "cancelled"]
#: States in which a job's tasks never run again (unless somebody asks for a retry).
FINAL_STATES: frozenset[str] = frozenset({"finished", "stopped", "cancelled"})


@message
class ProjectFile:
    """A file that a job's environment needs beside it, by its content."""

    path: str  # relative to the project's folder, with "/"
    size: int  # bytes
    sha256: str  # hexadecimal


@message
class JobSpec(RunOptions):
    """One function to be mapped over many arguments, as its submitter describes it, with its options.

    `environment` is source text. A function that was given as an object instead travels in `pickled_function`
    (cloudpickle), and `python` then names the minor version, such as "3.11", that its nodes must run.
    """

    name: str
    environment: str
    function: str
    reduce: str | None = None  # a function of the environment, given the list of all results
    filename: str = "<environment>"  # what tracebacks call the environment
    pickled_function: bytes | Stored | None = None
    function_content: Content | None = None  # such a function, where it is large
    python: str | None = None
    main: str = ""  # the path of the environment among `files`; "" where it is only text
    files: tuple[ProjectFile, ...] = ()
    shared: tuple[tuple[str, Content], ...] = ()  # values that each call is given by name, pickled
    requirements: tuple[str, ...] = ()  # packages, such as "numpy>=2"
    requires_python: str = ""  # its versions, such as ">=3.12"
    expected: int | None = None  # arguments that there will be, where that is known before they have all arrived
    note: str = ""  # what a person wrote about it
    interpreter: tuple[str, ...] = ()  # options of the Python that runs it, such as "-O": see INTERPRETER_OPTION
    argv: tuple[str, ...] = ()  # what its tasks find as sys.argv; (): the environment's file
    source: str = ""  # where its arguments come from, as a job document says it; "" where a program brought them

    @property
    def is_object(self) -> bool:
        """Its function came as an object, and not by source."""
        return self.pickled_function is not None or self.function_content is not None

    @property
    def contents(self) -> tuple[Content, ...]:
        """What nodes need of it beside its files."""
        function = () if self.function_content is None else (self.function_content,)
        return (*function, *(content for _, content in self.shared))

    @property
    def digests(self) -> tuple[str, ...]:
        """By which the master has its files and contents."""
        return (*(file.sha256 for file in self.files), *(content.sha256 for content in self.contents))


@message
class Block:
    """Consecutive arguments of a job, pickled as one sequence (a list, or a range, which stays small)."""

    start: int  # index of the first of them in the job
    count: int
    data: bytes | Stored


@message
class JobStatus:
    """One job, as it stands. Times are seconds since the epoch; counts are tasks."""

    id: int
    name: str
    function: str
    state: JobState
    total: int  # grows while `sealed` is False
    sealed: bool  # all arguments have arrived; a job that is over without that was never whole
    done: int  # succeeded
    failed: int
    running: int  # leased by nodes
    created: float
    started: float | None
    finished: float | None
    priority: int = 0
    reduce: str | None = None
    reason: str = ""  # why it stopped or waits, where there is something to say
    rate: float = 0.0  # tasks a second over the last seconds
    task_seconds: float | None = None  # mean time in the function
    reason_code: ReasonCode = ""  # of `reason`: what to decide by, where the other is to be shown
    expected: int | None = None  # what `total` will be, where that is known already
    note: str = ""  # what a person wrote about it
    idle: float = 0.0  # seconds in which it was over, paused, or without a master

    def took(self, now: float) -> float | None:
        """Seconds that it took, or has been at it at that time; None where it has not begun."""
        if self.started is None:
            return None
        return max((now if self.finished is None else self.finished) - self.started - self.idle, 0.0)

    @property
    def whole(self) -> int | None:
        """How many tasks it will have had in the end; None while nobody knows."""
        return self.total if self.sealed else self.expected

    @property
    def remaining(self) -> int:
        """Tasks that are not settled, of those that are known."""
        return (self.total if self.whole is None else self.whole) - self.done - self.failed

    @property
    def final(self) -> bool:
        """Whether nothing of it will run any more."""
        return self.state in FINAL_STATES
