"""The files of a project, laid out in a folder as they lay at home."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from mcgui_core.environment.environment_loader import alias_source
from mcgui_core.errors import BadInput
from mcgui_core.protocol.job_check import is_relative
from mcgui_core.protocol.messages import JobSpec, ProjectFile


def lay_out(spec: JobSpec, folder: Path, copy: Callable[[ProjectFile, Path], None]) -> None:
    """Make the folder of a job's project; `copy(file, target)` puts the content of a file where it belongs.

    Raises BadInput, OSError, and what `copy` raises.
    """
    shutil.rmtree(folder, ignore_errors=True)  # an earlier try may have failed half-way
    folder.mkdir(parents=True)
    for file in spec.files:
        target = folder / file.path
        if not is_relative(file.path) or not target.is_relative_to(folder):
            raise BadInput(f"{file.path} does not lie in the folder of its project.")
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(file, target)
    if spec.main not in ("", "."):
        name, text = alias_source(spec.main, spec.environment)
        (folder / name).write_text(text, encoding="utf-8")
