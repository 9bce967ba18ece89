"""Every error that mcgui raises, in one tree.

McguiError
  BadInput                   what the user gave cannot be used (also a ValueError)
    FilterInvalid            a filter of rows that cannot be understood
    FileUnwritable           a file cannot be written where the user wants it
    EnvironmentInvalid       the environment does not compile
    FunctionNotFound         the function is not in the environment
    ArgumentsInvalid         the arguments cannot be read, evaluated or pickled
    LinkInvalid              a join link that is none
      LinkNotWhole           a join link of which a part is missing, or was changed
      LinkFileInvalid        a file that holds no join link
    NprocsInvalid            a number of processors that is none
    DaskInvalid              no address of a Dask scheduler, or no Dask here
    DocumentInvalid          a job document that cannot be read
    LimitsInvalid            a file with an owner's limits that cannot be read
    ResultsDoNotFit          results that a format of files cannot hold; they were written in another one
  ConnectionFailed           no word from the other side (also a ConnectionError)
    MasterUnreachable        nothing answers at that address
    KeyRefused               the key is not this master's
    WrongMaster              who answers is not the master that the link names
    VersionMismatch          the other side speaks another version of the protocol
    ConnectionLost           an established connection broke or fell silent
      MasterAway             whoever waited for a job waits no longer for its master
    NoMaster                 no master of this user runs on this computer
    FrameInvalid             what arrived is no message of ours
  AddressUnavailable         the master cannot listen there (also an OSError)
  NotAllowed                 the link that was used does not permit this
  SentAway                   the master keeps this node away
  JobUnknown                 the master has no such job (also a KeyError)
  NodeUnknown                the master has no such node, or it has gone (also a KeyError)
  JobFailed                  some tasks of a job have no result
  TaskError                  one task has no result
    ResultNotOpened          a result that was not opened, because that may run code of the worker that sent it
  ExecutorBroken             a ClusterExecutor makes no more calls
  RemoteTraceback            where an error was raised elsewhere: the cause of one that a ClusterExecutor raises
  RequirementsUnmet          this computer lacks what a job requires
    InstallationFailed       what a job requires could not be installed
  SlotsUnavailable           what a node's slots run on (an executor, a Dask cluster) cannot be used now
  JournalUnusable            a journal that is damaged, newer than this program, or in use
  JournalFull                the journal cannot be written: the disk is full, or its limit is reached
  ExportStopped              a file of results that nobody wants any more was not written
  ServerFailed               the master's process ended or answered with an error of its own
  WorkbenchFailed            the process that runs the user's expressions ended, or failed by itself

Each takes plain, positional, picklable data and makes its own sentence of it, so that an error that crosses the wire
says the same on both sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mcgui_core.protocol.messages import TaskFailure


#: Functions that are named where there are many.
NAMED: Final = 12


class McguiError(Exception):
    """The root of all errors of mcgui."""


class BadInput(McguiError, ValueError):
    """What the user gave cannot be used; the message says what, why, and what to do."""


class FilterInvalid(BadInput):
    """A filter of rows cannot be understood. `start` and `stop` are the part of its text that is wrong."""

    def __init__(self, reason: str, start: int, stop: int) -> None:
        super().__init__(reason, start, stop)
        self.reason, self.start, self.stop = reason, start, stop

    def __str__(self) -> str:
        return f"This filter is not understood: {self.reason.rstrip('.')}{'' if self.reason.endswith('?') else '.'}"


class FileUnwritable(BadInput):
    """A file cannot be written where the user wants it."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path} cannot be written: {self.reason}."


class EnvironmentInvalid(BadInput):
    """The environment does not compile."""

    def __init__(self, problem: str, filename: str = "<environment>", line: int | None = None, text: str = "") -> None:
        super().__init__(problem, filename, line, text)
        self.problem, self.filename, self.line, self.text = problem, filename, line, text

    def __str__(self) -> str:
        where = f"line {self.line} of {self.filename}" if self.line else self.filename
        shown = f"\n    {self.text.strip()}" if self.text.strip() else ""
        return f"The environment does not compile: {self.problem} in {where}.{shown}\nNothing was sent. Mend it and run again."


class FunctionNotFound(BadInput):
    """The function is not in the environment."""

    def __init__(self, name: str, available: tuple[str, ...] = (), reason: str = "") -> None:
        super().__init__(name, available, reason)
        self.name, self.available, self.reason = name, available, reason

    def __str__(self) -> str:
        if self.reason:
            return f"{self.name!r} cannot be run: {self.reason}."
        if not self.available:
            return f"There is no function {self.name!r}: the environment defines none at its top level."
        more = len(self.available) - NAMED
        some = ", ".join(self.available[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
        return f"There is no function {self.name!r} in the environment. It defines: {some}."


class RequirementsUnmet(McguiError):
    """This computer lacks what a job requires: each of `lacking`, with what there is instead."""

    def __init__(self, lacking: tuple[str, ...], hint: str = "") -> None:
        super().__init__(lacking, hint)
        self.lacking, self.hint = lacking, hint

    def __str__(self) -> str:
        return f"{', '.join(self.lacking)}. {self.hint}".strip()


class InstallationFailed(RequirementsUnmet):
    """What a job requires could not be installed; `printed` is all that the installer said."""

    def __init__(self, wanted: str, printed: str) -> None:
        McguiError.__init__(self, wanted, printed)
        self.lacking, self.hint, self.printed = (wanted,), "", printed

    def __str__(self) -> str:
        last = next((line for line in reversed(self.printed.splitlines()) if line.strip()), "It printed nothing.")
        return f"{self.lacking[0]} could not be installed. {last.strip()}"


class ArgumentsInvalid(BadInput):
    """The arguments cannot be read, evaluated or pickled. `encoding` is one that their text turned out not to have."""

    def __init__(self, problem: str, hint: str = "", encoding: str = "") -> None:
        super().__init__(problem, hint, encoding)
        self.problem, self.hint, self.encoding = problem, hint, encoding

    def __str__(self) -> str:
        return f"{self.problem} {self.hint}".strip()


class LinkInvalid(BadInput):
    """A join link that is none."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"This is not a join link: {self.reason}. A link looks like mcgui://HOST:PORT#KEY; copy it whole from the console."


class LinkNotWhole(LinkInvalid):
    """A join link of which a part is missing, or was changed."""

    def __init__(self, reason: str = "a part of it is missing or was changed") -> None:
        super().__init__(reason)

    def __str__(self) -> str:
        return (
            f"This link is not whole: {self.reason}. Copy it again, from its first character to its last; the console "
            "has a button for that, and the command mcgui-core link prints it."
        )


class LinkFileInvalid(LinkInvalid):
    """A file that holds no join link, or not the one that is needed."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.args = (path, reason)
        self.path = path

    def __str__(self) -> str:
        return f"There is no link to be had from {self.path}: {self.reason.rstrip('.')}."


class NprocsInvalid(BadInput):
    """A number of processors that is none."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given

    def __str__(self) -> str:
        return f"nprocs must be a whole number of processors, 1 or more, not {self.given}."


class ResultsDoNotFit(BadInput):
    """Results that a format of files cannot hold. What was to be written is in `kept`, a pickle, and not in `name`."""

    def __init__(self, name: str, problem: str, kept: str, rows: int) -> None:
        super().__init__(name, problem, kept, rows)
        self.name, self.problem, self.kept, self.rows = name, problem, kept, rows

    def __str__(self) -> str:
        rows = "the row is" if self.rows == 1 else f"all {self.rows:,} rows are"
        return (
            f"{self.name} was not written: {self.problem}. Export as pickle, which takes anything: that was done, and "
            f"{rows} in {self.kept}."
        )


class LimitsInvalid(BadInput):
    """A file with an owner's limits that cannot be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"The limits in {self.path} cannot be used: {self.reason}."


class DocumentInvalid(BadInput):
    """A job document (*.mcjob) that cannot be read."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem

    def __str__(self) -> str:
        return f"{self.path} is not a job document that can be used: {self.problem}."


class ConnectionFailed(McguiError, ConnectionError):
    """No word from the other side."""


class MasterUnreachable(ConnectionFailed):
    """Nothing answers at that address."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address, self.reason = address, reason

    def __str__(self) -> str:
        return (
            f"No master answers at {self.address} ({self.reason}). Is it running there, does this computer reach "
            "that address, and does a firewall let the port through?"
        )


class KeyRefused(ConnectionFailed):
    """The key is not this master's, or the master is not the one that the key is for."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return f"The master at {self.address} does not accept this key. Copy the link from its console again: it changes when it is renewed or revoked there, and when a master without a journal starts anew."


class WrongMaster(ConnectionFailed):
    """Who answers shows another certificate than the master that the link names; or, with `file`, than the one that was
    first met at that address, as the file says."""

    def __init__(self, address: str, file: str = "") -> None:
        super().__init__(address, file)
        self.address, self.file = address, file

    def __str__(self) -> str:
        if self.file:
            return (
                f"The master that answers at {self.address} is not the one that was there before: its certificate is "
                "another one, so nothing was said to it. If it was set up anew, delete its line in "
                f"{self.file}, or use its join link, which names it."
            )
        return (
            f"Who answers at {self.address} is not the master that this link names: its certificate is another one, so "
            "nothing was said to it. Copy the link from the master's console again: it changes when a master without a "
            "journal starts anew."
        )


class VersionMismatch(ConnectionFailed):
    """The other side speaks another version of the protocol."""

    def __init__(self, address: str, theirs: int, ours: int) -> None:
        super().__init__(address, theirs, ours)
        self.address, self.theirs, self.ours = address, theirs, ours

    def __str__(self) -> str:
        return f"The master at {self.address} speaks protocol {self.theirs}, this computer {self.ours}. Install the same version of mcgui on both."


class ConnectionLost(ConnectionFailed):
    """An established connection broke or fell silent."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address, self.reason = address, reason

    def __str__(self) -> str:
        return f"The connection to the master at {self.address} is lost: {self.reason}."


class MasterAway(ConnectionLost):
    """Whoever waited for a job waits no longer for its master. `again` is the Python that reaches it when it runs
    again; "" where nothing is left of it."""

    def __init__(self, address: str, reason: str, job: int, again: str) -> None:
        super().__init__(address, reason)
        self.args = (address, reason, job, again)
        self.job, self.again = job, again

    def __str__(self) -> str:
        head = f"The master at {self.address} is away: {self.reason.rstrip('.')}."
        if not self.again:
            return f"{head} Its journal was a temporary one, so job {self.job} is lost with it: Master(journal=PATH) keeps one."
        return f"{head} When one runs on its journal again, {self.again}.job({self.job}) goes on with the job."


class NoMaster(ConnectionFailed):
    """No master of this user runs on this computer. `tried` says of those that there were why it is none of them;
    `option` is by which the program that says it takes a link file, and `piped` by which it reads a link."""

    def __init__(self, tried: tuple[str, ...] = (), option: str = "--link-file", piped: str = "-") -> None:
        super().__init__(tried, option, piped)
        self.tried, self.option, self.piped = tried, option, piped

    def __str__(self) -> str:
        given = f"on standard input with {self.piped}, or its link file with {self.option}"
        named = f"by its link in the variable MCGUI_LINK, {given}"
        what_to_do = f"Start one (mcgui, or mcgui-core master), or name one that runs elsewhere: {named}."
        return " ".join(("No master of yours runs on this computer.", *self.tried, what_to_do))


class FrameInvalid(ConnectionFailed):
    """What arrived is no message of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"A message was refused: {self.reason}."


class AddressUnavailable(McguiError, OSError):
    """The master cannot listen there."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address, self.reason = address, reason

    def __str__(self) -> str:
        return f"The master cannot listen on {self.address}: {self.reason.rstrip('.')}. Choose another port (0 takes any free one), or stop the program that holds it."


class NotAllowed(McguiError):
    """The link that was used does not permit this."""

    def __init__(self, what: str, kind: str = "worker") -> None:
        super().__init__(what, kind)
        self.what, self.kind = what, kind

    def __str__(self) -> str:
        return f"A {self.kind} link does not permit {self.what}. Use the console link for that."


class SentAway(McguiError):
    """The master keeps this node away."""

    def __str__(self) -> str:
        return (
            "This computer was sent away from the master's console. It is let in again once somebody there allows it."
        )


class JobUnknown(McguiError, KeyError):
    """The master has no such job."""

    def __init__(self, job: int) -> None:
        super().__init__(job)
        self.job = job

    def __str__(self) -> str:
        return f"The master has no job {self.job}."


class NodeUnknown(McguiError, KeyError):
    """The master has no such node, or it has gone."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.node = node

    def __str__(self) -> str:
        return f"The master has no node {self.node}, or it has gone."


class TaskError(McguiError):
    """One task has no result. `failure` says why; `str()` ends with the remote traceback."""

    def __init__(self, failure: TaskFailure) -> None:
        super().__init__(failure)
        self.failure = failure

    def __str__(self) -> str:
        failure = self.failure
        what = f"{failure.type}: {failure.message}" if failure.type else failure.message
        where = f" on {failure.node}" if failure.node else ""
        which = f"Task {failure.index} ({failure.argument})" if failure.argument else f"Task {failure.index}"
        head = f"{which} failed{where}: {what}"
        return f"{head}\n\n{failure.traceback}" if failure.traceback else head


class ResultNotOpened(TaskError):
    """A result was not opened, because that may run code of the worker that sent it. `kind` is its class."""

    def __init__(self, failure: TaskFailure, kind: str) -> None:
        super().__init__(failure)
        self.args = (failure, kind)
        self.kind = kind


class ExecutorBroken(McguiError):
    """A ClusterExecutor makes no more calls, and has lost those that were not over. Start another one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"This executor makes no more calls: {self.reason.rstrip('.')}. Start another one."


class RemoteTraceback(McguiError):
    """Where an error was raised elsewhere, as `text`. It is the cause of that error, and so is shown with it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f'"""\n{self.text.rstrip()}\n"""'


class JobFailed(McguiError):
    """Some tasks of a job have no result. `failures` holds the first of them; the others are in the journal."""

    def __init__(
        self, job: int, failed: int, total: int, failures: tuple[TaskFailure, ...] = (), reason: str = ""
    ) -> None:
        super().__init__(job, failed, total, failures, reason)
        self.job, self.failed, self.total, self.failures, self.reason = job, failed, total, failures, reason

    def __str__(self) -> str:
        head = f"Job {self.job}: {self.failed:,} of {self.total:,} tasks failed."
        if self.reason:
            head += f" {self.reason}"
        if self.failures:
            head += f" The first: {TaskError(self.failures[0])}"
        return head


class JournalUnusable(McguiError):
    """A journal that is damaged, newer than this program, or in use by another master: then it is `open_elsewhere`."""

    def __init__(self, path: str, reason: str, open_elsewhere: bool = False) -> None:
        super().__init__(path, reason, open_elsewhere)
        self.path, self.reason, self.open_elsewhere = path, reason, open_elsewhere

    def __str__(self) -> str:
        head = f"The journal {self.path} cannot be used: {self.reason}."
        if self.open_elsewhere:  # moved away, it would take what that master still writes along
            return f"{head} Ask that master, or end it; or choose another file."
        return f"{head} It was left as it is; choose another file, or move it away."


class DaskInvalid(BadInput):
    """An address of a Dask scheduler that is none, or a computer that has no Dask."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(given, reason)
        self.given, self.reason = given, reason

    def __str__(self) -> str:
        return f"The Dask cluster at {self.given!r} cannot be added: {self.reason}."


class SlotsUnavailable(McguiError):
    """What a node's slots run on cannot be used now, and perhaps later. The message is whole sentences."""


class JournalFull(McguiError):
    """The journal cannot be written at present. `limit` is the number of bytes that it may have, None for no limit;
    `full` tells that there is no room for more, rather than that the disk cannot be written for another reason."""

    def __init__(self, path: str, limit: int | None, reason: str, full: bool = False) -> None:
        super().__init__(path, limit, reason, full)
        self.path, self.limit, self.reason, self.full = path, limit, reason, full

    def __str__(self) -> str:
        if self.limit is not None and self.full:
            return (
                f"The journal {self.path} has reached its limit of {self.limit / 1e6:,.0f} MB, or its disk is full. "
                "Delete old runs, or free some space; the jobs then go on by themselves."
            )
        return (
            f"The journal {self.path} cannot be written ({self.reason}). Is the disk full? "
            "Free some space; the jobs then go on by themselves."
        )


class ServerFailed(McguiError):
    """The master's process ended, or answered with an error of its own."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"The master failed: {self.reason}"


class ExportStopped(McguiError):
    """Whoever wanted a file of results does not want it any more."""

    def __str__(self) -> str:
        return "The export was stopped. No file was written."


class WorkbenchFailed(McguiError):
    """The process that evaluates the user's expressions and opens results ended, or failed by itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"The workbench, which evaluates expressions and opens results, failed: {self.reason}"
