"""What to do about a file that a task does not find: most often it lies beside the environment, and did not travel."""

from __future__ import annotations

from pathlib import Path

from mcgui_core.environment.import_path import InstalledFirst
from mcgui_core.values.text import error_text

#: A line of advice, about one name.
ADVICE = (
    "If {name} lies beside the environment at home, it travels along where it is named: in the console, Travels with "
    "this job, Add; or files = [{name!r}] in the environment's [tool.mcgui] table, --files, or "
    "submit(files=[{name!r}])."
)


def advice(error: BaseException) -> str:
    """What to do, where `error` says that a file is missing which could travel with its job; "" where it does not."""
    name = error.filename if isinstance(error, FileNotFoundError) else None
    if not isinstance(name, str) or not name:
        return ""
    path = Path(name)
    if path.is_absolute():  # then it is one beside a module
        try:
            homes = [Path.cwd(), *map(Path, filter(None, InstalledFirst.folders))]
            path = max((path.relative_to(home) for home in homes if path.is_relative_to(home)), key=_depth)
        except (OSError, ValueError):
            return ""
    if ".." in path.parts or path == Path():
        return ""
    return ADVICE.format(name=path.as_posix())


def _depth(path: Path) -> int:
    return len(path.parts)


def error_with_advice(error: BaseException, *files: str) -> tuple[str, str, str]:
    """As `error_text`, whose message also says what to do."""
    kind, message, trace = error_text(error, *files)
    try:
        more = advice(error)
    except BaseException:  # noqa: BLE001 - an exception of the user's own may have any `filename`
        more = ""
    return kind, f"{message.removesuffix('.')}. {more}" if more else message, trace
