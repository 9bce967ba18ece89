"""A job that is opened again reads its arguments anew, and says where they are not what they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcgui.console.jobs.argument_check import ArgumentCheck
from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.consoles import Opened
from tests.gui.jobs.test_remembered_jobs import ends, press


@pytest.mark.timeout(120)
def test_arguments_that_were_changed_since_are_said_to_be_so_and_can_be_had_as_they_were(
    opened: Opened, tmp_path: Path
) -> None:
    parts = opened.window.parts
    table = tmp_path / "rows.csv"
    table.write_text("x,y\n1,2\n3,4\n")
    parts.environment.set_source("def f(x, y): return x + y")
    parts.environment.look_through()
    parts.form.function.choose("f")
    parts.form.arguments.fields.set_source(ArgumentSource("csv", path=str(table)))
    opened.wait(lambda: parts.form.request is not None and parts.form.request.count == 2)
    first = opened.run()
    parts.actions["open_job"].trigger()
    opened.settle()
    assert "read anew" not in opened.messages()  # they are the same
    table.write_text("x,y\n1,2\n3,40\n")
    parts.actions["open_job"].trigger()
    opened.wait(lambda: "That of task 1 is {'x': 3, 'y': 40}, and was {'x': 3, 'y': 4}." in opened.messages())
    parts.form.arguments.fields.set_source(ArgumentSource("expression", text="range(9)"))
    opened.wait(lambda: "read anew" not in opened.messages())  # it is not about these
    table.unlink()
    parts.actions["open_job"].trigger()
    opened.wait(lambda: "cannot be read any more. There is no file" in opened.messages())
    press(opened, f"Take those of job {first.id}")
    opened.wait(lambda: parts.form.request is not None and parts.form.request.count == 2)
    assert "read anew" not in opened.messages()
    parts.actions["run"].trigger()
    second = ends(opened, first.id)
    assert opened.session.cluster.job(second.id).results() == [3, 7]


def test_where_they_could_not_be_compared_nothing_is_said_of_the_arguments(opened: Opened) -> None:
    opened.write("def f(x): return x", "range(3)", "f")
    check = opened.window.findChild(ArgumentCheck)
    check.check(99, opened.window.parts.form.arguments.source, lambda: None)
    opened.wait(
        lambda: (
            "read anew, and could not be compared with what they were. The master has no job 99" in opened.messages()
        )
    )
