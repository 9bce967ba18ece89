"""What a console hears when it looks closer: frozen dataclasses, as in messages/, which may cross the wire too."""

from __future__ import annotations

from typing import Literal

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages import FailureKind, Picture, TaskOutput


@message
class TaskDetail:
    """One task with all that is known of it, as text that may be long."""

    index: int
    argument: str
    state: Literal["waiting", "done", "failed"]
    value: str  # the result; of a failure the traceback
    node: str
    picture: Picture | None = None  # of a result that is an array of two or three dimensions
    output: str = ""  # what it printed
    image: bytes = b""  # of a result that is the content of a PNG or JPEG file


@message
class TableColumn:
    """A column of the table of results. `drawn`: "number", "date", "category", or "" where it is nothing to plot."""

    title: str
    right: bool  # its cells stand on the right
    drawn: str
    words: tuple[str, ...] = ()  # what stands in it most often, where few texts do
    within: bool = False  # it is a part of what another column shows: for filters and plots


@message
class TableState:
    """How the table of a job's tasks stands, as far as it was read."""

    columns: tuple[TableColumn, ...]
    view: int  # of the rows that were asked for; 0: all tasks as they are
    count: int  # rows of it
    read: int  # tasks with an outcome that were read
    total: int
    complete: bool  # all that there is at the moment has been read
    refused: int = 0  # results that were not opened, because that may run code of the worker that sent them


@message
class TableRow:
    """One task in the table of results: the texts of its cells, by the titles of their columns."""

    index: int
    state: str  # "waiting", "done" or "failed"
    cells: dict[str, str]


@message
class CopiedRows:
    """Rows as text for the clipboard. `changed`: an apostrophe stands before what a spreadsheet would run."""

    text: str
    count: int  # without the line of titles
    changed: bool


@message
class Series:
    """Columns for a plot: 64-bit floats (nan where there is none), with the task of each place as 64-bit integer."""

    tasks: bytes
    columns: tuple[bytes, ...]
    kinds: tuple[str, ...]  # as of a TableColumn
    words: tuple[tuple[str, ...], ...]  # of a category: what its numbers mean
    stride: int  # every how manieth row is here


@message
class ComparedTask:
    """One argument in two jobs: its tasks (-1: it is not in that job), and what became of it, as text."""

    argument: str
    one: int
    other: int
    before: str
    after: str
    kind: Literal["differs", "same", "only"]
    difference: str = ""
    amount: float | None = None  # of numbers: how much more the second is


@message
class Comparison:
    """The outcomes of two jobs: some arguments, those with differences first, and how many there are of each kind."""

    rows: tuple[ComparedTask, ...]
    differ: int
    same: int
    only_one: int
    only_other: int


@message
class Exported:
    """A file of results: how many rows it has, where it is, and what whoever reads it has to know, in sentences.

    No rows: there was nothing to write, and an earlier file was left as it was.
    """

    rows: int
    path: str
    notes: tuple[str, ...] = ()


@message
class FailureGroup:
    """Failures of one kind that were raised at the same place, counted."""

    kind: FailureKind
    type: str
    traceback: int | None  # the journal's number for the traceback that they share
    count: int
    first: int  # the lowest task among them
    message: str  # of that one


@message
class OutputQuery:
    """Which of what tasks printed is wanted; empty fields mean all. `text` may also be a part of the node's name."""

    text: str = ""
    node: str = ""
    stream: str = ""
    job: int | None = None
    task: int | None = None  # of that job

    def fits(self, piece: TaskOutput) -> bool:
        """Whether this is wanted."""
        return (
            (self.job is None or piece.job == self.job)
            and (self.task is None or piece.index == self.task)
            and (not self.node or piece.node == self.node)
            and (not self.stream or piece.stream == self.stream)
            and (self.text.casefold() in piece.text.casefold() or self.text.casefold() in piece.node.casefold())
        )
