"""Tasks of a job that there was, run once more through the workbench; and arguments as somebody would type them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core import Master
from mcgui_core.errors import BadInput, FilterInvalid, FunctionNotFound
from mcgui_core.workbench.argument_text import MOST, as_expression
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE

WORK = "def f(x):\n    return 1 / (x % 4)\n"
_MENDED = "import helper\ndef f(x):\n    return helper.mended(x)\n"


def test_failed_tasks_run_in_their_job_with_text_that_is_not_saved_and_its_project(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(WORK)
    (tmp_path / "helper.py").write_text("def mended(x):\n    return -x * int(open('one.txt').read())\n")
    (tmp_path / "one.txt").write_text("1")
    with Master() as master, Workbench(master.console_link) as bench:
        master.add_local_worker(nprocs=1)
        job = master.submit(path, "f", range(6), files=["one.txt"], requirements=["pytest"])  # they go with other code
        assert job.wait(PATIENCE).failed == 2
        with pytest.raises(FunctionNotFound):
            bench.retry_failed(job.id, ("def g(x): return x", str(path), None))
        bench.retry_failed(job.id, (_MENDED, str(path), None))
        assert job.results() == [0, 1.0, 0.5, pytest.approx(1 / 3), -4, 1.0]
        assert master.job(job.id).spec.requirements == ("pytest",)
        assert path.read_text() == WORK


def test_a_new_job_has_the_tasks_that_are_named_or_that_a_filter_keeps() -> None:
    with Master() as master, Workbench(master.console_link) as bench:
        master.add_local_worker(nprocs=1)
        job = master.submit(WORK, "f", range(40))
        job.wait(PATIENCE)
        named = master.job(bench.run_tasks(job.id, [(1, 4), (9, 10)]))
        assert named.wait(PATIENCE).note == "4 tasks of job 1."
        assert named.arguments(0, 4) == [1, 2, 3, 9]
        kept = master.job(bench.run_tasks(job.id, where="failed and # > 20", code=("def f(x): return x", "<a>", None)))
        assert kept.results() == [24, 28, 32, 36]
        assert kept.status.note == "4 tasks of job 1, with other code."
        assert bench.tasks_where(job.id, "failed", 10) == (10, tuple((at, at + 1) for at in range(0, 40, 4)))
        assert bench.tasks_where(job.id, "failed", 9) == (10, ())
        with pytest.raises(FilterInvalid):
            bench.tasks_where(job.id, "(", 9)
        with pytest.raises(BadInput):
            bench.run_tasks(job.id, [(39, 41)])


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@given(_VALUES)
def test_an_argument_as_text_gives_the_same_argument_or_is_none(value: object) -> None:
    text = as_expression(value)
    assert not text or repr(eval(text, {"__builtins__": {}})) == repr(value)


def test_numbers_of_numpy_are_pythons_and_what_has_no_literal_is_none() -> None:
    assert as_expression({"left": np.float64(2.5), "n": np.int32(3)}) == "{'left': 2.5, 'n': 3}"
    assert as_expression((1, "a", None)) == "(1, 'a', None)"
    for value in (float("inf"), [float("nan")], np.zeros(3), object(), int, "x" * (MOST + 1)):
        assert as_expression(value) == ""
