"""What the window is in when the pictures are taken: full, empty, or in error."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, get_args

from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.snapshots import NOW, job, node, room, samples, snapshot
from tests.pictures.stage import Stage

Situation = Literal["full", "empty", "error"]
SITUATIONS: Final[tuple[Situation, ...]] = get_args(Situation)

PI: Final = '''\
from random import random


def throw(_):
    """One throw at the unit square: did it hit the circle?"""
    x, y = random(), random()
    return int(x * x + y * y < 1)


def estimate(hits):
    """Pi from all throws."""
    return 4 * sum(hits) / len(hits)
'''
BROKEN: Final = '''\
from random import random


def throw(_):
    """One throw at the unit square: did it hit the circle?"""
    x, y = random(), random(
    return int(x * x + y * y < 1)
'''
_LOST: Final = "The master at 192.168.1.20:8888 does not answer."


def stage(window: Stage, situation: Situation) -> None:
    """Bring the window into this situation."""
    {"full": _full, "empty": _empty, "error": _error}[situation](window)
    window.settle()


def _empty(stage: Stage) -> None:
    stage.session.tell("starting")
    stage.session.tell("serving")
    stage.session.snapshot_arrived.emit(snapshot(jobs=(), nodes=(), samples=()))


def _full(stage: Stage) -> None:
    stage.session.tell("serving")
    _write(stage, PI, "range(1_000_000)")
    form = stage.window.parts.form
    stage.wait(lambda: form.request is not None)
    before = tuple(
        replace(
            job(number, name=name, function=function, state=state, total=total, done=done - failed, failed=failed),
            running=0,
            created=NOW - 4000 + 900 * number,
            started=NOW - 3990 + 900 * number,
            finished=NOW - 3800 + 900 * number,
            rate=0.0,
        )
        for number, (name, function, state, total, done, failed) in enumerate(
            (
                ("Mandelbrot", "row", "finished", 600, 600, 0),
                ("Pendulum", "swing", "finished", 2400, 2400, 12),
                ("Factorization", "factors", "cancelled", 50_000, 18_204, 0),
            ),
            1,
        )
    )
    stage.session.snapshot_arrived.emit(snapshot(version=1, jobs=before))
    running = job(4, created=NOW - 30, started=NOW - 29)
    for ago in range(12, -1, -1):  # what is told of the time left comes from how it went
        at = replace(running, done=running.done - 26_270 * ago)
        stage.clock = 12.0 - ago
        told = snapshot(version=14 - ago, time=NOW - ago, jobs=(*before, at))
        stage.session.snapshot_arrived.emit(told)
        stage.window.parts.controller.show_job(4)
    stage.window.parts.tabs.bring(stage.window.parts.tabs.results)


def _error(stage: Stage) -> None:
    stage.session.tell("serving")
    environment, form = stage.window.parts.environment, stage.window.parts.form
    environment.set_source(BROKEN)
    environment.look_through()
    form.arguments.set_source(ArgumentSource("expression", text="[1, 2, 1 / 0]"), "single")
    stage.wait(lambda: not form.arguments.waiting)
    nodes = (
        *(replace(one, state="lost", reason="it does not answer", rate=0.0, busy=0) for one in room()[:2]),
        node("studio-1", state="lost", reason="40 tasks given back", busy=0, cpu=0.0, rate=0.0, contact=NOW - 95),
    )
    stopped = job(1, state="stopped", done=1012, failed=3, total=5000, running=0, rate=0.0, finished=NOW - 2)
    stopped = replace(stopped, reason="task 1013 failed: ValueError: sample 1013 is outside of the square")
    stage.session.snapshot_arrived.emit(snapshot(nodes=room(), jobs=(replace(stopped, state="running"),)))
    stage.session.snapshot_arrived.emit(snapshot(version=2, nodes=nodes, jobs=(stopped,), samples=_failing()))
    stage.settle()
    stage.session.tell("lost", _LOST)
    stage.window.on_fault("KeyError: 'lab-3'", "Traceback (most recent call last):\n  ...\nKeyError: 'lab-3'")


def lose_results(stage: Stage) -> None:
    """Show a job whose results cannot be fetched. Last of all: the window goes on asking, and saying so."""
    stage.script.problem = "it does not answer."
    other = job(2, name="Pi again")
    stage.session.snapshot_arrived.emit(snapshot(version=3, nodes=(), jobs=(other,), samples=()))
    stage.window.parts.controller.show_job(2)


def _failing() -> tuple[object, ...]:
    return tuple(replace(one, done=one.done // 40, failed=int(one.time) % 5) for one in samples())


def _write(stage: Stage, source: str, arguments: str) -> None:
    parts = stage.window.parts
    parts.environment.set_source(source)
    parts.environment.look_through()
    parts.form.function.choose("throw")
    parts.form.reduce.choose("estimate")
    parts.form.arguments.set_source(ArgumentSource("expression", text=arguments), "single")
