"""Where the chunks of a node run: the seam between an agent, and what executes tasks for it.

`ProcessSlots` (process_slots.py) are processes of ours on this computer. In `executors/`, `ExecutorSlots` are any
executor of `concurrent.futures`, and `DaskSlots` a whole Dask cluster.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Outcome, SlotDeath, TaskOutput, TaskStatus, Unfit

#: Seconds after which a slot hands back what it has not started of a chunk. A chunk is meant to take 0.05; this is for
#: those whose tasks turned out to be slower than the ones before.
BUDGET = 0.25

#: What a slot reports; a chunk is a piece of its own that it has not run, although it has gone on behind it.
Event = Outcome | SlotDeath | Unfit | TaskOutput | TaskStatus | Chunk


@dataclass(frozen=True, slots=True)
class Site:
    """What a node says of the place where its slots are."""

    cpus: int  # processors there; also how many slots there should be, where nobody says
    python: str  # the version that runs the tasks
    platform: str


@dataclass(frozen=True, slots=True)
class WorkPlace:
    """What a job has on this computer: the folder of its project, packages that were installed for it, contents."""

    folder: str = ""  # "" where there is none
    main: str = ""  # the environment's file in there
    packages: str = ""  # the folder that they are imported from
    modules: str = ""  # the folder where processes that a task starts find an environment that is only text
    contents: tuple[tuple[str, str], ...] = ()  # by their SHA-256: files with what its spec names by content


NO_PLACE = WorkPlace()


class Steering(Protocol):
    """What the slots of a node may do with it (Agent, in node/agent.py)."""

    @property
    def nprocs(self) -> int:
        """Slots that the agent has now."""

    def set_nprocs(self, nprocs: int) -> None:
        """Have so many slots."""

    def pause(self, reason: str = "", by: str = ..., code: Literal["slots"] = ...) -> None:
        """Begin nothing more, for a reason in words."""

    def resume(self, by: str = ...) -> None:
        """Go on, as far as it was paused by the same."""

    def hand_back(self) -> None:
        """Give tasks back to the master that have not ended."""


class Slot(ABC):
    """Runs chunks, one at a time. `run` belongs to one thread; all else may come from any."""

    @abstractmethod
    def begin(self) -> None:
        """A chunk is about to be run: from now on a kill means that chunk, even while nothing runs yet."""

    @abstractmethod
    def run(
        self,
        chunk: Chunk,
        spec: JobSpec,
        blocks: Iterable[Block],
        known_jobs: Collection[int],
        report: Callable[[Event], None],
        place: WorkPlace = NO_PLACE,
    ) -> int:
        """Run a chunk; what comes of it goes to `report`. Returns the index of the first task that was not run.

        A slot that dies is reported too, with the tasks that it may have died of, and replaced at the next call.
        `blocks` hold the arguments, and what belongs to other than the `known_jobs` may be forgotten.
        """

    @abstractmethod
    def kill(self) -> None:
        """Abandon the chunk that runs, without a report; what was reported of it stands."""

    def stop_tasks(self) -> None:
        """As `kill`, if tasks may run; one that only has not yet said that all are done may be left alone."""
        self.kill()

    def close(self) -> None:
        """End it for good."""
        self.kill()

    @property
    def pid(self) -> int | None:
        """Its process on this computer, if there is one."""
        return None

    @property
    def warm(self) -> bool:
        """It has a process that has run something, and waits for more."""
        return False

    @property
    def pids(self) -> list[int]:
        """That process and all that it has started."""
        return [] if self.pid is None else [self.pid]

    @property
    def memory(self) -> int:
        """Bytes that all of them hold."""
        return 0

    def stop_too_large(self) -> bool:
        """Stop what runs, and report that it needs more memory than there is for it on this computer. False where tasks
        before it may be at fault: it is to begin anew."""
        self.kill()
        return False

    def suspend(self) -> None:  # noqa: B027 - what runs elsewhere goes on
        """Stop what runs where it is, in memory, until `resume`; when called again, what was started meanwhile."""

    def resume(self) -> None:  # noqa: B027
        """Let it go on."""

    @property
    def suspended(self) -> bool:
        """What it runs is stopped in memory now."""
        return False

    def check_memory(self) -> None:  # noqa: B027 - those without a limit have nothing to check
        """Stop what runs if it uses more memory than its job permits."""


class Slots(ABC):
    """Makes the slots of one node. Thread-safe."""

    #: The folder of the master's store, for those that `read_files`: None where they cannot use it.
    store: Path | None = None

    @property
    def read_files(self) -> bool:
        """They take values as slices of files, and can put large results into the store."""
        return False

    @property
    @abstractmethod
    def site(self) -> Site:
        """Where they are, as far as it is known before `open`, and for certain after it."""

    @abstractmethod
    def new(self, node_name: str) -> Slot:
        """One more slot."""

    @property
    def take_folders(self) -> bool:
        """Whether what they run is on this computer, where a project has its folder."""
        return False

    def open(self, node: Steering) -> None:  # noqa: B027 - most are there at once
        """The node is about to join. Raises SlotsUnavailable where that is no use now, and may be later."""

    def lower_priority(self) -> None:  # noqa: B027 - those elsewhere are not ours to lower
        """Whatever is started from now on comes after other programs of this computer."""

    def usage(self) -> tuple[float, int]:
        """Per cent of the site's processors used since the last call, and bytes of memory, by processes elsewhere."""
        return 0.0, 0

    @property
    def spare_pids(self) -> list[int]:
        """Processes on this computer that are ready, and belong to no slot now."""
        return []

    def forget_jobs(self) -> None:  # noqa: B027 - most keep nothing of a job beside their slots
        """The node has another master: jobs of these numbers are others now."""

    def close(self) -> None:  # noqa: B027 - most have nothing that outlives their slots
        """The node has left, and all slots are closed. Returns when what they leave behind has ended."""
