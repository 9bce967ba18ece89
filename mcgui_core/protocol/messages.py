"""What travels between client, server and nodes: frozen dataclasses, and nothing that runs.

Every class here may cross the wire, so fields hold only builtins, bytes, or other classes of this module; and states
are plain strings, since an enum would have to be looked up by name, which `codec.py` refuses.
"""

from __future__ import annotations

from typing import Literal

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.reasons import ReasonCode
from mcgui_core.protocol.run_options import CallStyle, RunOptions

JobState = Literal["waiting", "running", "paused", "finished", "stopped", "cancelled"]
#: States in which a job's tasks never run again (unless somebody asks for a retry).
FINAL_STATES: frozenset[str] = frozenset({"finished", "stopped", "cancelled"})

NodeState = Literal["idle", "working", "paused", "draining", "silent", "lost", "left"]
#: States of a node that is not there any more.
DEPARTED_STATES: frozenset[str] = frozenset({"lost", "left"})
FailureKind = Literal["raised", "died", "timeout", "memory", "unpicklable"]


@message
class ProjectFile:
    """A file that a job's environment needs beside it, by its content."""

    path: str  # relative to the project's folder, with "/"
    size: int  # bytes
    sha256: str  # hexadecimal


@message
class Stored:
    """Bytes that lie in a file of the master's store: for who can read that, in the place of the bytes themselves."""

    name: str  # of the file
    start: int
    size: int

    def __len__(self) -> int:
        return self.size


@message
class Content:
    """Bytes that are known by what they are: the master has them once, and each node, however many jobs need them."""

    sha256: str  # hexadecimal
    size: int

    def __len__(self) -> int:
        return self.size


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
class Chunk:
    """Consecutive tasks of a job that a node has leased: indices `start` to `stop`, `stop` excluded.

    They are for all slots of the node, which takes `each` of them at a time for a slot; 0: all for one slot.
    """

    lease: int  # unique over the life of a journal, so a late report is known for what it is
    job: int
    start: int
    stop: int
    careful: bool = False  # the slot announces each task before it starts: one of them killed a slot, or has a limit
    each: int = 0
    token: bytes = b""  # proves to the master that it was leased; comes back with whatever is reported of it

    @property
    def count(self) -> int:
        """Tasks in it."""
        return self.stop - self.start

    @property
    def pieces(self) -> int:
        """How many slots can take some of it at a time."""
        return -(-(self.stop - self.start) // self.each) if self.each else 1


@message
class TaskFailure:
    """Why one task has no result."""

    index: int
    kind: FailureKind
    type: str  # "ValueError", "zlib.error"; "" where no exception was raised
    message: str
    traceback: str  # the whole remote traceback as text; "" where there is none
    argument: str = ""  # repr, shortened
    node: str = ""  # name of the node


@message
class Outcome:
    """What became of the tasks `start` to `stop` of a job.

    `values` is the pickled list of the results of those that succeeded, in the order of their indices: all but the
    `missing`. `failures` says why those failed. `accepted` are the index ranges in which this report's results count;
    what else it holds was reported by somebody before. (`outcome_values.py` reads this; nobody else has to.)
    """

    job: int
    start: int
    stop: int
    values: bytes | Stored
    failures: tuple[TaskFailure, ...]
    seconds: float  # spent in the function, all of these tasks together
    node: str = ""
    lease: int = 0
    missing: tuple[int, ...] = ()  # indices of those that have no result here, ascending
    accepted: tuple[tuple[int, int], ...] = ()
    seq: int = 0  # order of arrival in the journal; what a reader continues from
    token: bytes = b""  # of the chunk
    home: bool = False  # from a worker of whoever started the master, as the master knows by its key


@message
class SlotDeath:
    """A slot died (or was killed) while it ran these tasks of a chunk."""

    lease: int
    job: int
    start: int
    stop: int
    kind: Literal["died", "timeout", "memory"]
    reason: str
    token: bytes = b""  # of the chunk


@message
class Unfit:
    """This node cannot run this job at all: its environment does not load here, say."""

    job: int
    type: str  # of the exception; "" where the slot died of it
    message: str
    traceback: str
    what: Literal["environment", "setup", "arguments", "requirements", "disk"] = "environment"  # what fails here


@message
class NodeInfo:
    """What a node says of itself when it joins."""

    id: str  # chosen by the node, kept over reconnections
    name: str
    nprocs: int
    cpus: int
    python: str
    platform: str
    pid: int
    visit: int = 0  # how often it has joined: what it asked during an earlier visit is not answered with work
    store: str = ""  # the secret that lies in the master's store, where the node can read that


@message
class NodeReport:
    """What a node says of itself with each heartbeat."""

    nprocs: int
    busy: int
    cpu: float  # per cent of the whole machine, used by this node's processes
    memory: int  # bytes, resident, of the agent and its slots together
    paused: bool = False
    draining: bool = False
    reason: str = ""  # why it is paused or draining
    jobs: tuple[int, ...] = ()  # whose tasks its slots are at
    reason_code: ReasonCode = ""  # of `reason`


@message
class TaskOutput:
    """What a task printed."""

    job: int
    index: int
    stream: Literal["out", "err"]
    text: str
    time: float  # by the node's clock
    node: str = ""  # name
    seq: int = 0  # order of arrival in the journal; what a reader continues from


@message
class TaskStatus:
    """How far a task is, in its own words (`mcgui_core.report`)."""

    job: int
    index: int
    text: str
    fraction: float | None  # 0.0 to 1.0
    node: str = ""  # name


@message
class Report:
    """What a node hands over in one exchange."""

    outcomes: tuple[Outcome, ...] = ()
    deaths: tuple[SlotDeath, ...] = ()
    returned: tuple[Chunk, ...] = ()  # given back unstarted
    unfit: tuple[Unfit, ...] = ()
    output: tuple[TaskOutput, ...] = ()
    statuses: tuple[TaskStatus, ...] = ()


@message
class Lease:
    """What a node receives in one exchange: chunks, and what it needs to run them and does not have.

    Its next reports may gather for `gather` seconds, unless somebody waits for them.
    """

    chunks: tuple[Chunk, ...] = ()
    specs: tuple[tuple[int, JobSpec], ...] = ()
    blocks: tuple[tuple[int, Block], ...] = ()
    gather: float = 0.2


@message
class Orders:
    """What the master wants of a node, in answer to a heartbeat."""

    work: bool = False  # there is something to lease
    recall: int = 0  # give back this many tasks that have not started
    drop: tuple[int, ...] = ()  # jobs whose tasks are to be stopped and forgotten
    before: int = 0  # ... but for leases from this number on, which are newer than this order: the job was retried
    nprocs: int = 0  # have so many slots from now on; 0: as it has
    pause: bool | None = None  # start no more tasks; False: start some again; None: as it is
    retire: Literal["", "finish", "now"] = ""  # leave, once the tasks that run are done, or now
    aside: str = ""  # tasks of a job are kept from it, because it fails what others do; why
    known: bool = True  # False: the master does not know this node (any more); it has to join again


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
    idle: float = 0.0  # seconds in which it was over, before somebody had it go on

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


@message
class NodeStatus:
    """One node, as the master knows it. Times are seconds since the epoch."""

    id: str
    name: str
    state: NodeState
    nprocs: int
    busy: int  # slots that run a task now
    cpus: int
    cpu: float  # per cent
    memory: int  # bytes
    done: int
    failed: int
    rate: float  # tasks a second over the last seconds
    task_seconds: float | None
    contact: float  # time of the last word from it
    joined: float
    address: str
    python: str
    platform: str
    pid: int  # of its agent
    reason: str = ""  # why it is in this state, where there is something to say
    reason_code: ReasonCode = ""  # of `reason`: what to decide by, where the other is to be shown


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
class FailedProof:
    """Somebody who did not prove a key."""

    address: str  # without a port; of IPv6, the network
    count: int
    last: float  # when that was last, seconds since the epoch


@message
class AccessReport:
    """Who may come in to a master, and who may not."""

    links: tuple[tuple[str, bool], ...]  # each kind, and whether there is a link of it
    given: bool  # the key was given (AUTHKEY): the links of worker and console cannot be changed
    failed_proofs: int  # since the master started
    latest: tuple[FailedProof, ...]  # by address, the latest first
    sent_away: tuple[tuple[str, str], ...]  # id and name of each node that is kept away


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


@message
class ResultRow:
    """One task with its outcome, as text for a table."""

    index: int
    argument: str
    state: Literal["waiting", "done", "failed"]
    value: str  # repr of the result, or the failure in one line
    node: str


@message
class ArgumentsPreview:
    """What an argument source holds, without holding it."""

    count: int | None  # None: not known before it has been read to its end
    first: tuple[str, ...]  # reprs of the first few
    columns: tuple[str, ...] = ()  # of a table, as they are passed
    call: CallStyle = "single"  # how such arguments are best passed
    problem: str = ""  # the first bad row, named with its line; "" where all is well
    fields: tuple[str, ...] = ()  # of a table: its columns as the file names them
    rows: tuple[tuple[str, ...], ...] = ()  # of a table: the first rows, by `fields`, as reprs; "" where there is none
    widths: tuple[int, ...] = ()  # items of each of the first few, where all of those are tuples or lists
    keys: tuple[str, ...] = ()  # of the first, where that is a dict with nothing but strings for keys
    types: tuple[str, ...] = ()  # of a table of text: what each of `fields` is read as
    encoding: str = ""  # of a file of text


@message
class Picture:
    """A result that is a picture: rows of 8-bit pixels, from the top."""

    width: int
    height: int
    channels: int  # 1 grey, 3 RGB, 4 RGBA
    pixels: bytes


@message
class Reduced:
    """What a reduce function made of all results."""

    text: str  # repr, shortened; or the traceback where it failed
    failed: bool = False
    picture: Picture | None = None
