"""Bad input, each with its clear message, and nothing lost by it: the master serves on, and leaves nothing behind."""

from __future__ import annotations

import copy
import re
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from mcgui_core import Cluster, Job, Master
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.errors import (
    AddressUnavailable,
    ArgumentsInvalid,
    BadInput,
    EnvironmentInvalid,
    FunctionNotFound,
    JobFailed,
    JournalUnusable,
    KeyRefused,
    LinkInvalid,
    MasterUnreachable,
    McguiError,
    NotAllowed,
    NprocsInvalid,
)
from mcgui_core.node.agent import Agent
from mcgui_core.protocol.agent_events import AgentEvent
from mcgui_core.protocol.join_link import JoinLink, new_key
from mcgui_core.protocol.messages import JobSpec
from tests.support import descendants, free_port, joined, slots
from tests.waiting import until

SQUARE = "def square(x): return x * x"
SPEC = JobSpec("squares", SQUARE, "square")


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """A master without workers: no bad input gets as far as needing one."""
    with Master() as master:
        yield master


@pytest.fixture(autouse=True)
def nothing_was_started(master: Master) -> Iterator[None]:
    """Bad input starts no job, or none that is not over."""
    before = {job.id for job in master.jobs()}
    yield
    assert all(job.status.state == "cancelled" for job in master.jobs() if job.id not in before)


# --- what is to be run ----------------------------------------------------------------------------------------------


def test_an_environment_that_does_not_compile_is_refused_with_its_line(master: Master) -> None:
    with pytest.raises(EnvironmentInvalid) as caught:
        master.submit("def f(x):\n    return (x\n\ndef g(): pass", "f", range(3))
    assert "line 2" in str(caught.value)
    assert "return (x" in str(caught.value)
    assert "Nothing was sent" in str(caught.value)


def test_the_seeds_second_example_as_printed_is_refused_with_its_line(master: Master) -> None:
    """Its README lacks the closing quotes."""
    source = "envir_statements = '''\ndef factorize_naive(n):\n    return [n]\n"
    with pytest.raises(EnvironmentInvalid, match=r"unterminated triple-quoted string[\s\S]*line 1"):
        master.submit(source, "factorize_naive", range(3))


@pytest.mark.parametrize("source", ["def f(x): return x\0", "\ud800", "return 3", "await f()", "x = 10**", "  x = 1"])
def test_odd_sources_are_refused_too(master: Master, source: str) -> None:
    with pytest.raises(EnvironmentInvalid):
        master.submit(source, "f", range(3))


def test_a_function_that_is_not_there_is_named_with_those_that_are(master: Master) -> None:
    with pytest.raises(FunctionNotFound, match=r"no function 'cube' in the environment\. It defines: square, twice"):
        master.submit(f"{SQUARE}\ndef twice(x): return 2 * x", "cube", range(3))
    with pytest.raises(FunctionNotFound, match="defines none"):
        master.submit("x = 1", "f", range(3))


def test_a_reduce_function_that_is_not_there_is_named_before_anything_runs(master: Master) -> None:
    with pytest.raises(FunctionNotFound, match="no function 'total'"):
        master.submit(SQUARE, "square", range(3), reduce="total")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"call": "star"}, "call must be one of single, args, kwargs, not 'star'"),
        ({"on_error": "ignore"}, "on_error must be one of continue, stop, not 'ignore'"),
        ({"retries": -1}, "retries must be a whole number from 0 to 1,000,000, not -1"),
        ({"retries": "3"}, "retries must be a whole number from 0 to 1,000,000, not '3'"),
        ({"retries": True}, "retries must be a whole number from 0 to 1,000,000, not True"),
        ({"retries": 10**5000}, "retries must be a whole number from 0 to 1,000,000, not what was given"),
        ({"timeout": 0}, "timeout must be a number of seconds from 0.000001 to 1,000,000,000 or None, not 0"),
        ({"timeout": float("nan")}, "timeout must be a number of seconds .* not nan"),
        ({"timeout": float("inf")}, "timeout must be a number of seconds .* not inf"),
        ({"timeout": 10**400}, "timeout must be a number of seconds .* not 1000"),
        ({"backoff": -1}, "backoff must be a number of seconds from 0 to 1,000,000,000, not -1"),
        ({"chunksize": 0}, "chunksize must be a whole number from 1 to 1,000,000,000 or None, not 0"),
        ({"chunksize": 1.5}, "chunksize must be a whole number from 1 to 1,000,000,000 or None, not 1.5"),
        ({"priority": "high"}, "priority must be a whole number from -1,000,000 to 1,000,000, not 'high'"),
        (
            {"priority": 2**70},
            "priority must be a whole number from -1,000,000 to 1,000,000, not 1180591620717411303424",
        ),
        ({"memory": "a lot"}, "memory must be an amount of memory such as .* not 'a lot'"),
        ({"memory": -5}, "memory must be an amount of memory such as .* not -5"),
        ({"hedge": 1}, "hedge must be True or False, not 1"),
    ],
)
def test_options_out_of_range_are_refused(master: Master, options: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        master.submit(SQUARE, "square", range(3), **options)


@pytest.mark.parametrize(
    "wrong", [{"priority": "high"}, {"retries": "3"}, {"chunksize": 1.5}, {"timeout": float("nan")}]
)
def test_a_program_that_checks_nothing_is_refused_by_the_master(master: Master, wrong: dict[str, Any]) -> None:
    before = master.jobs()
    with pytest.raises(BadInput, match=f"{next(iter(wrong))} must be"):
        master.submit_spec(replace(SPEC, **wrong), range(3))
    assert len(master.jobs()) == len(before)


def test_neither_or_both_of_environment_and_callable_are_refused(master: Master) -> None:
    with pytest.raises(BadInput, match="needs an environment and the name of a function in it, or a callable"):
        master.submit(args=range(3))
    with pytest.raises(BadInput, match="not both"):
        master.submit(SQUARE, len, range(3))


def test_an_environment_file_that_is_not_there_or_no_text_is_named(master: Master, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.py cannot be read"):
        master.submit(tmp_path / "nowhere.py", "f", range(3))
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(BadInput, match=r"binary\.py cannot be read"):
        master.submit(tmp_path / "binary.py", "f", range(3))
    for encoding in ("utf-16", "cp037", "rot13"):  # in which the declaration itself is another text, or none
        (tmp_path / "odd.py").write_text(f"# coding: {encoding}\ndef f(x): ...\n", encoding="ascii")
        with pytest.raises(BadInput, match=rf"odd\.py cannot be read: encoding problem: {encoding}"):
            master.submit(tmp_path / "odd.py", "f", range(3))


def test_the_name_of_a_file_that_is_not_there_is_not_taken_for_source(
    master: Master, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"no file 'SIR\.PY' in .*, and as source text that defines no function"):
        master.submit("SIR.PY", "sir", range(3))
    with pytest.raises(BadInput, match=r"no file 'sir\.py' in .*, and as source text that defines no function"):
        master.submit("sir.py", "sir", range(3))
    (tmp_path / "sir").write_text("def sir(x): ...")
    with pytest.raises(BadInput, match=r"'sir' was taken for source text\. Give Path\('sir'\) for the file"):
        master.submit("sir", "sir", range(3))


def test_a_callable_with_too_much_beside_it_is_refused(master: Master) -> None:
    for function, args in (("f", ()), (range(3), [1]), (abs, range(3))):
        with pytest.raises(BadInput, match=r"a callable and its arguments, submit\(f, args\)"):
            master.submit(abs, function, args)
    with pytest.raises(BadInput, match="function must be the name of a function"):
        master.submit(SQUARE, 3)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="environment must be source text, the Path of a file, or a callable"):
        master.submit(b"def f(x): ...", "f")  # type: ignore[arg-type]


def test_one_text_as_all_arguments_is_refused_with_the_two_things_that_it_may_mean(master: Master) -> None:
    with pytest.raises(
        BadInput, match=r"are one text, 'abc'\. Give submit\(f, \[text\]\) .* submit\(f, list\(text\)\)"
    ):
        master.submit(ord, "abc")


def test_a_function_with_too_much_in_its_closure_is_refused_before_it_is_copied(master: Master) -> None:
    table = np.zeros(80 << 20)  # of which no page is touched
    with pytest.raises(BadInput, match=r"function <lambda> takes more than 536,870,912 bytes with all that it refers"):
        master.submit(lambda x: table[x], range(3))


def test_a_callable_that_does_not_pickle_is_refused(master: Master) -> None:
    numbers = (number for number in [1])
    with pytest.raises(BadInput, match="The function <lambda> cannot be pickled"):
        master.submit(function=lambda x: (numbers, x), args=range(3))


def test_whoever_refers_to_a_cluster_or_a_job_is_told_how_to_reach_it_elsewhere(master: Master) -> None:
    job = Job(master._remote, 1, SPEC, master._store)
    for held, words in ((master, "a Master belongs to"), (job, "a Job belongs to")):
        with pytest.raises(BadInput, match=rf"cannot be pickled: {words}.*Cluster.connect"):
            master.submit(partial(lambda h, x: (h, x), held), [1])
        with pytest.raises(ArgumentsInvalid, match=rf"{words}.*Cluster.connect"):
            master.submit(abs, [held])
        with pytest.raises(TypeError, match=words):
            copy.deepcopy(held)


# --- arguments ------------------------------------------------------------------------------------------------------


def test_arguments_that_were_forgotten_are_no_job_of_nothing(master: Master) -> None:
    """Perhaps what was to make them returned nothing."""
    for call in (partial(master.submit, abs), partial(master.submit, SQUARE, "square")):
        for given in ({}, {"args": None}):
            with pytest.raises(ArgumentsInvalid, match=r"There are no arguments\."):
                call(**given)


def test_a_range_that_is_too_long_to_be_counted_is_refused(master: Master) -> None:
    for args in (range(2**62 + 1), range(2**63), range(-(2**70), 2**70)):
        with pytest.raises(ArgumentsInvalid, match=r"has more items than a job may have tasks"):
            master.submit(abs, args)


def test_the_first_argument_that_does_not_pickle_is_named(master: Master) -> None:
    with pytest.raises(ArgumentsInvalid, match=r"Argument 2, a lock, cannot be pickled[\s\S]*plain values"):
        master.submit(SQUARE, "square", [0, 1, threading.Lock(), 3, threading.Lock()])


def test_a_late_argument_that_does_not_pickle_is_named_too_and_its_job_is_over(master: Master) -> None:
    with pytest.raises(ArgumentsInvalid, match="Argument 200000, a lock, cannot be pickled"):
        master.submit(SQUARE, "square", [*range(200_000), threading.Lock()])


@pytest.mark.parametrize(
    "given", [7, np.float64(3), np.array(3), np.datetime64("2026-01-31"), re.match("a", "a")], ids=repr
)
def test_what_cannot_be_iterated_is_refused(master: Master, given: Any) -> None:
    """Also what looks as if it could be indexed."""
    with pytest.raises(ArgumentsInvalid, match=rf"An? {type(given).__name__} holds no arguments[\s\S]*Give a list"):
        master.submit(SQUARE, "square", given)


def test_arguments_that_raise_while_they_are_read_raise_the_same_here(master: Master) -> None:
    class Broken(list[int]):
        def __iter__(self) -> Iterator[int]:
            yield 1
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        master.submit(SQUARE, "square", Broken([1, 2]))


# --- processors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nprocs", [0, -1, "many", "", 1.5, True])
def test_a_number_of_processors_that_is_none_is_refused(master: Master, nprocs: Any) -> None:
    with pytest.raises(NprocsInvalid, match="nprocs must be a whole number of processors, 1 or more, not"):
        master.add_local_worker(nprocs)
    with pytest.raises(NprocsInvalid):
        AgentProcess(master.worker_link, nprocs)
    assert master.nodes() == []


@pytest.mark.parametrize("nprocs", [0, -1, "many", 2.5])
def test_a_worker_cannot_be_resized_to_nonsense_and_goes_on(nprocs: Any) -> None:
    with Master() as master:
        agent = master.add_local_worker(1)
        until(lambda: joined(master))
        with pytest.raises(NprocsInvalid):
            agent.set_nprocs(nprocs)
        assert master.submit(SQUARE, "square", range(9)).results() == [x * x for x in range(9)]
        assert len(slots(agent)) <= 2  # with one that is ready for another environment


# --- links and addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("", "it is empty"),
        ("http://127.0.0.1:1#k", "does not start with mcgui://"),
        ("mcgui://127.0.0.1#k", "names no port"),
        ("mcgui://127.0.0.1:99999#k", "not a number from 1 to 65535"),
        ("mcgui://:80#k", "names no host"),
        ("mcgui://127.0.0.1:80", "its key, the part after #, is missing"),
    ],
)
def test_what_is_no_link_is_told_why(link: str, message: str) -> None:
    with pytest.raises(LinkInvalid, match=message):
        Cluster.connect(link)
    with pytest.raises(LinkInvalid, match=message):
        AgentProcess(link)


def test_a_master_that_is_not_there_is_said_to_be(master: Master) -> None:
    port = free_port()
    with pytest.raises(MasterUnreachable, match=f"No master answers at 127.0.0.1:{port} .connection refused"):
        Cluster.connect(f"mcgui://127.0.0.1:{port}#{new_key('console')}")


def test_a_host_that_is_not_there_is_said_to_be() -> None:
    with pytest.raises(MasterUnreachable, match="there is no computer of that name"):
        Cluster.connect("mcgui://no-such-host.invalid:8888#k")


def test_something_else_that_listens_there_is_no_master() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            sock, _ = server.accept()
            with sock:
                sock.recv(1000)
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(MasterUnreachable, match="what answers there is no mcgui master"):
            Cluster.connect(f"mcgui://127.0.0.1:{server.getsockname()[1]}#k")
        thread.join()


def test_a_wrong_key_is_refused_for_a_console_and_for_a_worker(master: Master) -> None:
    wrong = str(JoinLink("127.0.0.1", JoinLink.parse(master.worker_link).port, new_key("console")))
    with pytest.raises(KeyRefused, match=f"The master at {master.address} does not accept this key"):
        Cluster.connect(wrong)
    agent = AgentProcess(wrong, 1)
    until(lambda: agent.last_event.state == "refused", what="the refusal of a worker")
    assert "does not accept this key" in agent.last_event.message
    assert agent.alive  # somebody may mend it
    agent.leave()
    assert master.nodes() == []


def test_a_worker_that_is_refused_says_why_until_it_is_told_to_end(master: Master) -> None:
    events: list[AgentEvent] = []
    wrong = JoinLink("127.0.0.1", JoinLink.parse(master.worker_link).port, new_key("worker"))
    agent = Agent(wrong, 1, on_event=events.append)
    agent.start()
    until(lambda: events[-1].state == "refused", what="the refusal")
    assert "does not accept this key" in events[-1].message
    agent.leave()
    agent.pause("too late")
    assert [event.state for event in events[-2:]] == ["refused", "ended"]


def test_the_key_of_another_master_is_wrong_too(master: Master) -> None:
    """Also where both listen on the same port, one after the other."""
    with Master() as other:
        key = JoinLink.parse(other.console_link).key
    with pytest.raises(KeyRefused):
        Cluster.connect(f"mcgui://{master.address}#{key}")


def test_a_worker_link_opens_no_console(master: Master) -> None:
    before = len(psutil.Process().net_connections())
    with pytest.raises(NotAllowed, match="A worker link does not permit"):
        Cluster.connect(master.worker_link)
    assert len(psutil.Process().net_connections()) == before


def test_a_port_in_use_is_said_to_be(master: Master) -> None:
    port = int(master.address.rpartition(":")[2])
    before = len(descendants(psutil.Process().pid))
    with pytest.raises(AddressUnavailable, match=f"cannot listen on 127.0.0.1:{port}: address already in use"):
        Master(port=port)
    assert len(descendants(psutil.Process().pid)) == before
    assert master.jobs() is not None


@pytest.mark.parametrize("where", [{"host": "no-such-host.invalid"}, {"host": "192.0.2.1"}])
def test_an_address_that_is_not_ours_is_refused(where: dict[str, Any]) -> None:
    with pytest.raises(AddressUnavailable, match="The master cannot listen on"):
        Master(**where)


# --- journals -------------------------------------------------------------------------------------------------------


def test_a_journal_in_use_is_refused_and_its_master_goes_on(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as first:
        first.submit(SQUARE, "square", range(3), name="here")
        with pytest.raises(JournalUnusable, match="another master has it open"):
            Master(journal=tmp_path / "journal")
        assert [job.spec.name for job in first.jobs()] == ["here"]


def test_what_is_no_journal_is_left_as_it_is(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Buy milk.\n" * 100, encoding="utf-8")
    with pytest.raises(JournalUnusable, match="it is not a journal"):
        Master(journal=text)
    assert text.read_text(encoding="utf-8") == "Buy milk.\n" * 100

    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE milk (litres)")
    db.close()
    before = other.read_bytes()
    with pytest.raises(JournalUnusable, match="it is a database of another program"):
        Master(journal=other)
    assert other.read_bytes() == before

    with pytest.raises(JournalUnusable, match="Is a directory|Permission denied"):
        Master(journal=tmp_path)


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Master(journal=path) as master:
        master.submit(SQUARE, "square", range(3))
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(JournalUnusable, match="it is of format 99"):
        Master(journal=path)


def test_a_damaged_journal_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Master(journal=path) as master:
        master.submit(SQUARE, "square", [b"x" * 100_000] * 50)
    data = bytearray(path.read_bytes())
    data[5000:20_000] = b"\x5a" * 15_000
    path.write_bytes(data)
    with pytest.raises(JournalUnusable, match="damaged|malformed"):
        Master(journal=path)
    assert path.read_bytes() == data


def test_every_message_is_whole_sentences() -> None:
    """Whatever goes wrong, a person reads what happened, and what to do."""
    errors: list[McguiError] = [
        AddressUnavailable("127.0.0.1:80", "permission denied"), ArgumentsInvalid("A 7 holds no arguments."),
        EnvironmentInvalid("invalid syntax", "pi.py", 3, "x = ="), FunctionNotFound("f", ("g",)),
        JournalUnusable("j", "it is damaged"), KeyRefused("a:1"), LinkInvalid("it is empty"),
        MasterUnreachable("a:1", "timed out"), NotAllowed("submitting jobs"), NprocsInvalid("0"),
    ]  # fmt: skip
    for error in errors:
        text = str(error)
        assert text[0].isupper() or text.startswith("nprocs"), text
        assert text.rstrip().endswith((".", "?")), text


def test_a_job_in_a_journal_that_cannot_be_read_is_shown_with_the_reason_and_the_others_run(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Master(journal=path) as master:
        bad, good = (master.submit_spec(SPEC, range(3)).id for _ in range(2))
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            'UPDATE jobs SET spec = replace(spec, \'"priority": 0\', \'"priority": "high"\') WHERE id = ?', (bad,)
        )
        db.commit()
    with Master(journal=path) as master:
        master.add_local_worker(1)
        assert master.job(good).results() == [0, 1, 4]
        assert master.submit_spec(SPEC, range(3)).results() == [0, 1, 4]
        aside = master.job(bad)
        assert aside.wait(0).state == "stopped"
        with pytest.raises(JobFailed, match='could not be read from the journal: its priority is "high"'):
            aside.results()
        assert aside.arguments(0, 3) == [0, 1, 2]
        with pytest.raises(BadInput, match="can only be looked at, or deleted"):
            aside.retry_failed()
        again = master.run_again(bad)
        assert again.results() == [0, 1, 4]
        aside.forget()
        assert [job.id for job in master.jobs()] == [good, good + 1, again.id]
