"""Trying one argument: what a worker would make of it, in a process that can be stopped."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.workbench.trial import Trial, TrialOutcome, TrialRequest, TrialState
from tests.support import PATIENCE
from tests.waiting import until


def request(source: str, arguments: str = "range(10)", index: int = 0, **options: Any) -> TrialRequest:
    return TrialRequest(
        JobSpec("job", source, "f", filename="mine.py", **options), ArgumentSource("expression", arguments), index
    )


def tried(source: str, arguments: str = "range(10)", index: int = 0, **options: Any) -> TrialOutcome:
    return Trial(request(source, arguments, index, **options)).run()


def test_a_short_function_is_timed_over_many_calls_and_prints_once() -> None:
    outcome = tried("def f(x):\n    print('called with', x)\n    return x + 1\n", index=3)
    assert (outcome.kind, outcome.argument, outcome.value) == ("done", "3", "4")
    assert outcome.output == "called with 3\n"
    assert outcome.calls > 100
    assert 0 < outcome.seconds < 0.01


def test_a_function_that_takes_long_is_called_once(tmp_path: Path) -> None:
    source = f"import time\ndef f(x):\n    open({str(tmp_path / 'calls')!r}, 'a').write('x')\n    time.sleep(0.3)\n"
    outcome = tried(source)
    assert (outcome.kind, outcome.value, outcome.calls) == ("done", "None", 1)
    assert 0.3 <= outcome.seconds < 5
    assert (tmp_path / "calls").read_text() == "x"


def test_every_call_gets_an_argument_of_its_own() -> None:
    outcome = tried("def f(x):\n    return x.pop()\n", "[[1, 2]]")
    assert (outcome.kind, outcome.value) == ("done", "2")
    assert outcome.calls > 10


def test_a_function_that_works_once_only_is_timed_by_that() -> None:
    outcome = tried("seen = set()\ndef f(x):\n    assert x not in seen\n    seen.add(x)\n    return x\n")
    assert (outcome.kind, outcome.value, outcome.calls) == ("done", "0", 1)


@pytest.mark.parametrize(
    ("call", "arguments", "value"),
    [("args", "[(1, 2)]", "(1, 2)"), ("kwargs", "[{'a': 1, 'b': 2}]", "(1, 2)")],
)
def test_the_argument_is_passed_as_in_the_job(call: Any, arguments: str, value: str) -> None:
    assert tried("def f(a, b):\n    return a, b\n", arguments, call=call).value == value


def test_shared_values_setup_and_seed_are_as_in_the_job(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    (tmp_path / "helper.py").write_text("import numpy as np\ndef load():\n    return np.arange(100_000)\n")
    source = (
        "import helper\nready = []\nload = helper.load\ndef begin():\n    ready.append(True)\n"
        "def f(x, table, seed):\n    return int(open('a.txt').read()) + table[x], table.flags.writeable, "
        "seed.spawn_key, ready\n"
    )
    main.write_text(source)
    (tmp_path / "a.txt").write_text("0")
    spec = JobSpec("job", source, "f", filename=str(main), setup="begin", seed="7")
    request = TrialRequest(spec, ArgumentSource("expression", "range(4)"), 3, shared=(("table", "load()"),))
    outcome = Trial(request).run()
    assert (outcome.kind, outcome.value) == ("done", "(3, False, (3,), [True])")


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        ("nothing", "The shared value table cannot be made: its expression raises NameError"),
        ("(i for i in ())", "The shared value table cannot be pickled"),
    ],
)
def test_a_shared_value_that_cannot_be_is_refused_in_words(shared: str, said: str) -> None:
    spec = JobSpec("job", "def f(x, table): ...\n", "f", filename="mine.py")
    outcome = Trial(TrialRequest(spec, ArgumentSource("expression", "[1]"), shared=(("table", shared),))).run()
    assert outcome.kind == "refused"
    assert said in outcome.message


def test_a_failure_brings_its_traceback_from_the_users_first_line_on() -> None:
    outcome = tried("def g(x):\n    return 1 / x\n\ndef f(x):\n    print('before')\n    return g(x)\n")
    assert (outcome.kind, outcome.type, outcome.message) == ("failed", "ZeroDivisionError", "division by zero")
    assert outcome.traceback.splitlines()[1] == '  File "mine.py", line 6, in f'
    assert "    return 1 / x" in outcome.traceback
    assert outcome.output == "before\n"


def test_an_environment_that_does_not_load_fails_at_its_own_line() -> None:
    outcome = tried("import no_such_package\ndef f(x): ...\n")
    assert (outcome.kind, outcome.type) == ("failed", "ModuleNotFoundError")
    assert outcome.traceback.splitlines()[1] == '  File "mine.py", line 1, in <module>'


@pytest.mark.parametrize(
    ("source", "arguments", "index", "problem"),
    [
        ("def g(x): ...", "[1]", 0, "no function 'f'"),
        ("def f(x): ...", "[]", 0, "There are no arguments."),
        ("def f(x): ...", "[1]", 4, "There is no argument 4: there are 1."),
        ("def f(x): ...", "(x for x in 'ab')", 4, "There is no argument 4: they end before it."),
        ("def f(x): ...", "1 / 0", 0, "ZeroDivisionError"),
        ("import threading\ndef f(x): ...", "[threading.Lock()]", 0, "a lock, cannot be pickled"),
    ],
)
def test_what_cannot_be_called_says_why(source: str, arguments: str, index: int, problem: str) -> None:
    outcome = tried(source, arguments, index)
    assert outcome.kind == "refused"
    assert problem in outcome.message


def test_a_result_that_cannot_travel_is_told_as_in_the_job() -> None:
    outcome = tried("import threading\ndef f(x): return threading.Lock()\n")
    assert outcome.kind == "failed"
    assert "the result, a _thread.lock, cannot be pickled" in outcome.message


def test_a_function_that_kills_its_process_is_told_with_what_it_printed() -> None:
    outcome = tried("import os\ndef f(x):\n    print('last words')\n    os._exit(3)\n")
    assert (outcome.kind, outcome.message) == ("died", "Its process ended with exit code 3.")
    assert outcome.output == "last words\n"


def test_a_crash_says_in_which_line() -> None:
    outcome = tried("import ctypes\ndef f(x):\n    ctypes.string_at(0)\n")
    assert outcome.kind == "died"
    assert 'File "mine.py", line 3 in f' in outcome.output


def test_very_much_output_is_cut_with_a_word_and_its_end_is_kept() -> None:
    outcome = tried("def f(x):\n    for n in range(30_000):\n        print('line', n)\n")
    assert outcome.kind == "done"
    assert len(outcome.output) < 80_000
    assert outcome.output.startswith("line 0\nline 1\n")
    assert "characters left out" in outcome.output
    assert outcome.output.endswith("line 29999\n")


def test_a_very_long_value_is_cut_with_a_word() -> None:
    outcome = tried("def f(x):\n    return 'a' * 10**6\n")
    assert len(outcome.value) < 101_000
    assert "900,002 characters left out" in outcome.value


def test_what_the_function_prints_and_reports_is_heard_while_it_runs_and_it_can_be_stopped() -> None:
    source = """
import subprocess, sys, threading
import mcgui_core
def f(x):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    print(child.pid, flush=True)
    mcgui_core.report("half way", 0.5)
    threading.Event().wait()
"""
    heard: list[TrialState] = []
    trial = Trial(request(source), heard.append)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(trial.run)
        try:
            until(lambda: heard and heard[-1].status and heard[-1].output, PATIENCE)
        finally:
            trial.stop()
        outcome = running.result(PATIENCE)
    assert (heard[-1].argument, heard[-1].status, heard[-1].fraction) == ("0", "half way", 0.5)
    assert (outcome.kind, outcome.message) == ("stopped", "It was stopped.")
    until(lambda: not psutil.pid_exists(int(outcome.output)), PATIENCE, "the end of what the function started")


def test_a_try_that_is_stopped_before_it_begins_never_does() -> None:
    trial = Trial(request("def f(x): ..."))
    trial.stop()
    assert trial.run().kind == "stopped"


def test_a_second_call_that_waits_for_ever_does_not_hold_up_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcgui_core.workbench.trial.REPEAT_TIMEOUT", 0.5)
    outcome = tried(
        "import threading\nonce = []\ndef f(x):\n    once and threading.Event().wait()\n    once.append(x)\n"
    )
    assert (outcome.kind, outcome.value, outcome.calls) == ("done", "None", 1)


def test_an_argument_of_a_job_is_tried_with_another_function_as_the_job_passes_it() -> None:
    with Master() as master:
        source = "import os\ndef f(x, y):\n    return x, y, os.getpid()\n"
        job = master.submit(source, "f", [(1, 2), (3, [4])], call="args")
        mended = JobSpec("", source.replace("x, y, os", "x, y, 'mended', os"), "f")
        outcome = Trial(TrialRequest(mended, index=1, job=job.id, link=master.console_link)).run()
    assert (outcome.kind, outcome.argument) == ("done", "(3, [4])")
    assert outcome.value.startswith("(3, [4], 'mended', ")
    assert str(os.getpid()) not in outcome.value


def test_two_tries_at_once_do_not_disturb_each_other() -> None:
    found: dict[int, TrialOutcome] = {}

    def one(index: int) -> None:
        found[index] = tried("def f(x): return x * 2", index=index)

    threads = [threading.Thread(target=one, args=(index,)) for index in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found[1].value, found[2].value) == ("2", "4")


# --- files that do not travel ---------------------------------------------------------------------------------------

_READS = """
from pathlib import Path
import os, helper
RATES = Path(__file__).with_name("rates.csv").read_text()
def f(x):
    here = [open(name).read() for name in ("named.csv", "picked.csv", "data/loose.csv")]
    Path("made.txt").write_text("x")
    return len(here), Path("made.txt").read_text(), open(os.devnull).read(), __import__("la" + "te").LATE
"""


def test_files_that_are_read_here_and_would_not_travel_are_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("rates.csv", "named.csv", "picked.csv", "data/loose.csv", "not_read.csv"):
        (tmp_path / name).write_text("1")
    (tmp_path / "helper.py").write_text("")
    (tmp_path / "late.py").write_text("LATE = 1\n")
    source = '# /// script\n# [tool.mcgui]\n# files = ["named.csv"]\n# ///\n' + _READS
    (tmp_path / "main.py").write_text(source)
    spec = JobSpec("job", source, "f", filename=str(tmp_path / "main.py"))
    numbers = ArgumentSource("expression", "[1]")
    outcome = Trial(TrialRequest(spec, numbers, files=("picked.csv",))).run()
    assert (outcome.kind, outcome.value) == ("done", "(3, 'x', '', 1)")
    assert outcome.staying == ("data/loose.csv", "late.py", "rates.csv")
    assert Trial(TrialRequest(spec, numbers, files=("*.csv", "data", "late.py"))).run().staying == ()


@pytest.mark.parametrize(
    ("kind", "said"), [("csv", {"path": "numbers.csv"}), ("expression", {"text": "[len(open('numbers.csv').read())]"})]
)
def test_the_file_of_the_arguments_need_not_travel(tmp_path: Path, kind: str, said: dict[str, str]) -> None:
    (tmp_path / "numbers.csv").write_text("x\n1\n")
    spec = JobSpec("job", "def f(x): return 7", "f", filename=str(tmp_path / "main.py"))
    Path(spec.filename).write_text(spec.environment)
    if "path" in said:
        spec, said = replace(spec, call="kwargs"), {"path": str(tmp_path / said["path"])}
    outcome = Trial(TrialRequest(spec, ArgumentSource(kind, **said))).run()
    assert (outcome.kind, outcome.value, outcome.staying) == ("done", "7", ())
