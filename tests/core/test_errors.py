"""The tree of errors, and what they say."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

from mcgui_core import errors
from mcgui_core.errors import (
    AddressUnavailable,
    ArgumentsInvalid,
    ConnectionLost,
    DaskInvalid,
    DocumentInvalid,
    EnvironmentInvalid,
    ExecutorBroken,
    ExportStopped,
    FileUnwritable,
    FilterInvalid,
    FrameInvalid,
    FunctionNotFound,
    InstallationFailed,
    JobFailed,
    JobUnknown,
    JournalFull,
    JournalUnusable,
    KeyRefused,
    LimitsInvalid,
    LinkFileInvalid,
    LinkInvalid,
    LinkNotWhole,
    MasterAway,
    MasterUnreachable,
    McguiError,
    NodeUnknown,
    NoMaster,
    NotAllowed,
    NprocsInvalid,
    RemoteTraceback,
    RequirementsUnmet,
    ResultNotOpened,
    ResultsDoNotFit,
    SentAway,
    ServerFailed,
    SlotsUnavailable,
    TaskError,
    VersionMismatch,
    WorkbenchFailed,
    WrongMaster,
)
from mcgui_core.protocol.messages import TaskFailure

FAILURE = TaskFailure(3, "raised", "ValueError", "bad", "Traceback ...\nValueError: bad", "'x'", "lab-3")

#: One of each that makes its own sentence, with words that it has to contain.
EXAMPLES: list[tuple[McguiError, list[str]]] = [
    (EnvironmentInvalid("invalid syntax", "pi.py", 3, "  def f(:"), ["line 3 of pi.py", "invalid syntax", "def f(:"]),
    (EnvironmentInvalid("invalid syntax"), ["in <environment>.", "Nothing was sent"]),
    (ExecutorBroken("job 3, which made its calls, was cancelled"), ["job 3", "was cancelled. Start another"]),
    (RemoteTraceback("Traceback ...\nValueError: bad\n"), ['"""\nTraceback ...', 'ValueError: bad\n"""']),
    (InstallationFailed("scipy>=1.9", "Collecting\nNo matching distribution"), ["scipy>=1.9 could not", "No matching"]),
    (RequirementsUnmet(("Lacks scipy>=1.9",), "Its owner does not allow it."), ["Lacks scipy>=1.9.", "Its owner"]),
    (FileUnwritable("out.csv", "permission denied"), ["out.csv cannot be written", "permission denied"]),
    (FilterInvalid("there is no column lef", 0, 3), ["This filter is not understood", "there is no column lef."]),
    (FunctionNotFound("g", ("f", "h")), ["'g'", "f, h"]),
    (FunctionNotFound("g"), ["'g'", "defines none"]),
    (FunctionNotFound("f", reason="it is a generator"), ["'f' cannot be run", "generator"]),
    (ArgumentsInvalid("Line 3 has 2 columns.", "Give it 3."), ["Line 3", "Give it 3."]),
    (LinkInvalid("it is empty"), ["it is empty", "mcgui://HOST:PORT#KEY"]),
    (LinkFileInvalid("links.json", "it is empty"), ["no link to be had from links.json", "it is empty."]),
    (LinkNotWhole(), ["This link is not whole", "Copy it again"]),
    (NprocsInvalid("'many'"), ["'many'", "1 or more"]),
    (DaskInvalid("http//x", "it is no address"), ["'http//x'", "it is no address"]),
    (DocumentInvalid("a.mcjob", "it names no function"), ["a.mcjob", "names no function"]),
    (
        ResultsDoNotFit("o.npy", "'x' is a list", "o.pickle", 3),
        ["o.npy", "'x' is a list", "all 3 rows are in o.pickle"],
    ),
    (LimitsInvalid("limits.toml", "it is no table"), ["limits.toml", "it is no table"]),
    (SlotsUnavailable("The Dask cluster has gone."), ["The Dask cluster has gone."]),
    (MasterUnreachable("lab:8888", "connection refused"), ["lab:8888", "connection refused", "firewall"]),
    (KeyRefused("lab:8888"), ["lab:8888", "Copy the link"]),
    (WrongMaster("lab:8888"), ["lab:8888", "nothing was said to it", "Copy the link"]),
    (WrongMaster("lab:8888", "known_masters"), ["lab:8888", "delete its line in known_masters"]),
    (SentAway(), ["sent away", "allows it"]),
    (VersionMismatch("lab:8888", 1, 2), ["protocol 1", "this computer 2", "same version"]),
    (
        MasterAway("lab:1", "it fell silent", 7, "Cluster.connect(link)"),
        ["lab:1 is away", "Cluster.connect(link).job(7)"],
    ),
    (MasterAway("lab:1", "it fell silent", 7, ""), ["lab:1 is away", "job 7 is lost"]),
    (
        NoMaster(("The links in x open nothing.",)),
        ["No master of yours", "The links in x open nothing.", "with -, ", "--link-file"],
    ),
    (NoMaster((), "--connect FILE", "--connect -"), ["with --connect -, or its link file with --connect FILE"]),
    (ConnectionLost("lab:8888", "no word for 30 s"), ["lab:8888", "no word for 30 s"]),
    (FrameInvalid("it claims too much"), ["it claims too much"]),
    (AddressUnavailable("0.0.0.0:80", "permission denied"), ["0.0.0.0:80", "permission denied", "Choose another port"]),
    (NotAllowed("cancel"), ["cancel", "console link"]),
    (JobUnknown(7), ["7"]),
    (NodeUnknown("ab12"), ["ab12", "gone"]),
    (JournalFull("j.sqlite", None, "disk full", True), ["j.sqlite", "disk full", "go on by themselves"]),
    (JournalFull("j.sqlite", 2_000_000, "kein Platz", True), ["reached its limit of 2 MB", "go on by themselves"]),
    (JournalFull("j.sqlite", 2_000_000, "full of errors"), ["(full of errors)", "go on by themselves"]),
    (JobFailed(7, 2, 1000, (FAILURE,), "It was cancelled."), ["Job 7", "2 of 1,000", "cancelled", "Task 3", "bad"]),
    (JobFailed(7, 2, 1000), ["Job 7: 2 of 1,000 tasks failed."]),
    (TaskError(FAILURE), ["Task 3 ('x') failed on lab-3: ValueError: bad", "Traceback"]),
    (TaskError(TaskFailure(0, "died", "", "its process ended by SIGKILL", "")), ["its process ended by SIGKILL"]),
    (ResultNotOpened(FAILURE, "torch.Tensor"), ["Task 3 ('x') failed on lab-3"]),
    (JournalUnusable("j.sqlite", "it is damaged"), ["j.sqlite", "it is damaged", "left as it is"]),
    (JournalUnusable("j.sqlite", "another master has it open", True), ["open. Ask that master, or end it; or choose"]),
    (ExportStopped(), ["stopped", "No file was written"]),
    (ServerFailed("the disk is full"), ["the disk is full"]),
    (WorkbenchFailed("it ended"), ["it ended"]),
]


def classes() -> set[type[McguiError]]:
    return {found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, McguiError)}


def tree(text: str) -> dict[str, tuple[str | None, str]]:
    """Name -> its parent's name and its description, from the indented lines of the docstring."""
    found: dict[str, tuple[str | None, str]] = {}
    above: list[str] = []
    for indent, name, rest in re.findall(r"^( *)([A-Z]\w+)(?:  +(.+))?$", text, re.MULTILINE):
        depth = len(indent) // 2
        del above[depth:]
        found[name] = (above[-1] if above else None, rest)
        above.append(name)
    return found


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    documented = tree(errors.__doc__ or "")
    assert documented.keys() == {kind.__name__ for kind in classes()}
    for kind in classes() - {McguiError}:
        parent, description = documented[kind.__name__]
        assert kind.__bases__[0].__name__ == parent
        assert description, f"{kind.__name__} is not described"


def test_errors_are_also_what_the_docstring_says_of_them() -> None:
    import builtins

    for name, (_, description) in tree(errors.__doc__ or "").items():
        kind = getattr(errors, name)
        named = [getattr(builtins, word) for word in re.findall(r"\(also an? (\w+)\)", description)]
        standard = [base for base in kind.__bases__ if not issubclass(base, McguiError) and base is not Exception]
        assert standard == named


def test_every_class_says_what_it_is_for() -> None:
    for kind in classes():
        assert kind.__doc__, kind
        assert kind.__doc__.rstrip().endswith("."), kind


def test_there_is_an_example_of_every_class_that_is_raised() -> None:
    bases = {kind.__bases__[0] for kind in classes()} - {
        ConnectionLost,
        LinkInvalid,
        TaskError,
        RequirementsUnmet,
    }  # which are raised themselves, too
    assert {type(error) for error, _ in EXAMPLES} == classes() - bases


@pytest.mark.parametrize(("error", "words"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_each_message_is_a_sentence_that_says_what_happened(error: McguiError, words: list[str]) -> None:
    text = str(error)
    for word in words:
        assert word in text
    first = text.splitlines()[0]
    assert first[0].isupper() or first[0] in "'\"" or first.startswith(("nprocs", str(error.args[0])))
    assert "  " not in first
    assert ".." not in first.replace("...", "")
    assert "None" not in text


@pytest.mark.parametrize(("error", "words"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_each_error_survives_a_pickle(error: McguiError, words: list[str]) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NprocsInvalid("0"), ValueError),
        (LinkInvalid("it is empty"), ValueError),
        (MasterUnreachable("a:1", "x"), ConnectionError),
        (ConnectionLost("a:1", "x"), OSError),
        (AddressUnavailable("a:1", "x"), OSError),
        (JobUnknown(3), KeyError),
    ],
)
def test_who_knows_only_the_standard_errors_catches_them(error: McguiError, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        raise error
    assert str(caught.value) == str(error)


def test_a_key_error_of_ours_is_not_quoted() -> None:
    assert str(JobUnknown(7)) == "The master has no job 7."


def test_an_os_error_of_ours_keeps_its_own_fields() -> None:
    """OSError takes two arguments for errno and strerror, and rewrites its message with them."""
    errors_of_ours: list[Any] = [AddressUnavailable("a:1", "in use"), MasterUnreachable("a:1", "in use")]
    for error in errors_of_ours:
        assert (error.address, error.reason) == ("a:1", "in use")
        assert "a:1" in str(error)
        assert not str(error).startswith("[Errno")
