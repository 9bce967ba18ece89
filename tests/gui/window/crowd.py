"""A window with as much in it, and with names as long, as a person may ever have."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.snapshots import NOW, job, node, samples, snapshot
from tests.pictures.stage import Stage

#: As long as a file's name may be, without a place at which it could be broken, and with letters of other alphabets.
LONG: Final = "Überströmungsgeschwindigkeitsmessung_ß_🌊_" + "sehr_" * 32
WORDS: Final = "Größenordnungsabschätzung für die Überströmung 🌊 " * 4
_ENVIRONMENT: Final = f'''\
def {"f" * 200}(value):
    """{WORDS}"""
    return value


def {"estimate_" * 22}(results):
    return results
'''


def crowd(stage: Stage) -> None:
    """Bring the window into this situation."""
    stage.session.tell("serving")
    parts = stage.window.parts
    parts.environment.set_source(_ENVIRONMENT)
    parts.environment.look_through()
    parts.form.function.choose("f" * 200)
    parts.form.reduce.choose("estimate_" * 22)
    parts.form.arguments.set_source(ArgumentSource("expression", text=f"[{LONG!r}, ({LONG!r}, 2)] * 5"), "single")
    parts.form.options.set_options(
        replace(
            parts.form.options.options, name=WORDS, retries=7, timeout=86_399.5, memory=999_999_999_999, priority=-999
        )
    )
    stage.wait(lambda: not parts.form.arguments.waiting)
    names = [LONG, WORDS, *(f"pool-{number:03}.math.example.org" for number in range(300))]
    nodes = tuple(
        replace(
            node(name, nprocs=256, busy=256, cpus=256, done=1_234_567_890, failed=1_234_567, rate=9_876_543.0),
            memory=1_999_000_000_000,
            cpu=100.0,
            state="paused" if number % 7 == 1 else "working",
            reason=WORDS if number % 7 == 1 else "",
        )
        for number, name in enumerate(names)
    )
    jobs = tuple(
        replace(
            job(
                number, name=LONG if number % 3 else WORDS, function="f" * 200, total=1_234_567_890, done=1_034_567_890
            ),
            failed=1_234_567,
            state="running" if number > 296 else "finished",
            note=WORDS if number % 2 else "",
            created=NOW - 90 * 86_400 + number,
            started=NOW - 89 * 86_400,
            finished=None if number > 296 else NOW - 3600,
            priority=-1000,
        )
        for number in range(1, 301)
    )
    ids = {f"id-{name}": one.id for name, one in zip(("lab-3", "lab-4", "this computer"), nodes, strict=False)}
    work = tuple(replace(sample, node=ids.get(sample.node, sample.node)) for sample in samples())
    stage.session.snapshot_arrived.emit(snapshot(version=1, nodes=nodes, jobs=jobs, samples=work))
    parts.controller.show_job(300)
    stage.settle()
