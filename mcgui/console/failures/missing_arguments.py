"""Failures without an argument: a task that killed its process could not say what it was given; the journal knows."""

from __future__ import annotations

from dataclasses import replace

from mcgui_core.protocol.messages import TaskFailure
from mcgui_core.workbench.workbench import Workbench


def with_missing_arguments(bench: Workbench, job: int, failures: tuple[TaskFailure, ...]) -> tuple[TaskFailure, ...]:
    """The failures of a job, each with its argument as text. Blocks while the workbench reads. Raises McguiError."""
    silent = tuple(failure.index for failure in failures if not failure.argument)
    if not silent:
        return failures
    said = {row.index: row.argument for row in bench.rows_of(job, silent)}
    return tuple(replace(one, argument=one.argument or said.get(one.index, "")) for one in failures)
