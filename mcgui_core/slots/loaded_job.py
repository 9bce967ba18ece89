"""A job as it is in a slot's process: its function, found and set up. Runs in the slot, and where one task is tried."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, Literal

from mcgui_core.environment.environment_loader import know_sources, load_module
from mcgui_core.slots.argument_blocks import opened_slice
from mcgui_core.slots.task_seeds import TaskSeeds
from mcgui_core.values import pickling
from mcgui_core.values.function_with_setup import FunctionWithSetup, FunctionWithSource
from mcgui_core.values.of_scripts import script_main


@dataclass(frozen=True, slots=True)
class LoadedJob:
    """What its tasks need."""

    function: Callable[..., Any]
    call: str
    module: ModuleType | None  # of the environment; None where the function came as an object
    seeds: TaskSeeds | None
    argv: tuple[str, ...] = ()


class LoadFailed(Exception):
    """A job cannot be loaded here; the cause is what the user's code raised."""

    def __init__(self, what: Literal["environment", "setup"], cause: BaseException) -> None:
        self.what, self.cause = what, cause
        super().__init__(what)


def load_job(
    source: str,
    filename: str,
    function: str,
    call: str,
    pickled: Any | None,
    setup: str | None,
    seed: str | None,
    folder: str = "",
    main: str = "",
    shared: tuple[tuple[str, Any], ...] = (),
    argv: tuple[str, ...] = (),
) -> LoadedJob:
    """Load it, as the file `main` of a project in `folder` if it is one, and run its setup. Raises LoadFailed.

    Its function is given the `shared` values by their names; arrays in those cannot be written to, since other
    processes have the same memory. `sys.argv` is `argv`, or the environment's file alone.
    """
    module, prepare = None, None
    argv = argv or (os.path.join(folder, *main.split("/")) if main not in ("", ".") else filename,)  # noqa: PTH118
    sys.argv[:] = argv
    try:
        seeds = TaskSeeds(seed) if seed is not None else None
        if pickled is not None:
            found = pickling.loads(opened_slice(pickled))
            if isinstance(found, FunctionWithSource):
                know_sources(found.sources)
                script_main.know(found.script or {})
            if isinstance(found, FunctionWithSource | FunctionWithSetup):
                prepare, found = found.setup, found.function
        else:
            module = load_module(source, filename, folder, main)
            found = getattr(module, function)
        if shared:
            found = partial(found, **{name: pickling.loads(opened_slice(value, fixed=True)) for name, value in shared})
    except BaseException as error:
        raise LoadFailed("environment", error) from error
    try:
        if module is not None and setup is not None:
            prepare = getattr(module, setup)
        if prepare is not None:
            prepare()
    except BaseException as error:
        raise LoadFailed("setup", error) from error
    return LoadedJob(found, call, module, seeds, argv)
