"""From where a process of ours imports what is the user's, and whether that has changed since.

Light, because every slot imports it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from itertools import compress
from operator import is_not
from types import ModuleType
from typing import ClassVar

#: Packages of ours, which are no project of the user's, wherever they lie.
KEPT = ("mcgui", "mcgui_core")

_HOME = os.path.dirname(os.__file__)  # noqa: PTH120 - a slot starts without pathlib


#: What we import ourselves, some of it late.
_OURS = ("cloudpickle", "cryptography", "msgspec", "packaging", "platformdirs", "psutil")


#: Held by whoever changes for a while what names of modules lead to, and by who imports the user's meanwhile.
importing = threading.RLock()


def is_kept(package: str) -> bool:
    """Whether this name leads to a package of the standard library, or of ours, whatever the user's are called."""
    return package in sys.stdlib_module_names or package in KEPT or package in _OURS


def is_source(path: str) -> bool:
    """Whether Python imports a file of this name as source on this system. Where it compares names without regard to
    case (Windows, macOS), it takes an ending in capitals too."""
    any_case = sys.platform.startswith(("win", "cygwin", "darwin"))
    return (path.lower() if any_case else path).endswith(".py")


class InstalledFirst:
    """A finder: a `random.py` of the user's takes the place of no module that we, or the standard library, import."""

    folders: ClassVar[set[str]] = {""}  # the user's own; "" is where we work, if PYTHONPATH has it

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module of the standard library, or one that we need, from where it is installed; None for all others."""
        if path is not None:
            return None
        if name in sys.stdlib_module_names:
            return PathFinder.find_spec(name, [entry for entry in sys.path if _is_of_python(entry)], target)
        if name in _OURS:
            elsewhere = [entry for entry in sys.path if entry not in cls.folders]
            return PathFinder.find_spec(name, elsewhere, target)
        return None


def import_from(folder: str, before_all: bool = True, behind: str = "") -> None:
    """Have this process import from that folder too: before all else but the standard library, or after all else.

    Or right behind another that it imports from. A folder that it imports from already keeps its place.
    """
    InstalledFirst.folders.add(folder)
    if InstalledFirst not in sys.meta_path:
        sys.meta_path.insert(0, InstalledFirst)
    if folder not in sys.path:
        place = sys.path.index(behind) + 1 if behind else 0 if before_all else len(sys.path)
        sys.path.insert(place, folder)


def sources_in(folder: str) -> str:
    """The folder `src` of a project, in which its packages lie where it is laid out so; "" where it has none.

    A `src` that is a package itself is imported under that name, as any other.
    """
    sources = os.path.join(folder, "src")  # noqa: PTH118
    is_package = os.path.isfile(os.path.join(sources, "__init__.py"))  # noqa: PTH113, PTH118
    return sources if os.path.isdir(sources) and not is_package else ""  # noqa: PTH112


def import_packages(folder: str) -> None:
    """Have this process, and those that it starts, import packages from that folder before those that are installed."""
    import site

    before = list(sys.path)
    site.addsitedir(folder)
    sys.path[:] = [entry for entry in sys.path if entry not in before] + before
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH", ""))))


#: Modules that are installed, or Python's, by their names: looked at once, since a slot asks for the user's among all
#: before each job that it loads.
_installed: dict[str, ModuleType] = {}


def user_modules() -> list[tuple[str, str]]:
    """Names and files of the modules that are neither installed nor ours."""
    found: list[tuple[str, str]] = []
    modules = sys.modules.copy()
    unknown = map(is_not, modules.values(), map(_installed.get, modules))
    for name, module in compress(modules.items(), unknown):
        file = getattr(module, "__file__", None)
        if type(file) is not str:
            if name.partition(".")[0] in sys.stdlib_module_names:  # built in, or made by one of these
                _installed[name] = module
        elif _is_users(name, file):
            found.append((name, file))
        elif name != "__main__" and os.path.isabs(file):  # noqa: PTH117 - which is not made of text, nor by a task
            _installed[name] = module
    return found


def _is_users(name: str, file: str) -> bool:
    # What is imported has its whole path; libraries that make modules out of text give those a relative one.
    if name == "__main__" or name.partition(".")[0] in KEPT or not os.path.isabs(file):  # noqa: PTH117
        return False
    return "site-packages" not in file and "dist-packages" not in file and not _is_of_python(file)


def changed_since(when: float) -> str:
    """The file of a module of the user's that was imported here, and written or removed since then; "" where none was.

    `when` is in seconds since the epoch.
    """
    for _, file in user_modules():
        if file.endswith(".py") and not _is_as_then(file, when):
            return file
    return ""


def _is_as_then(file: str, when: float) -> bool:
    try:
        return os.stat(file).st_mtime <= when  # noqa: PTH116
    except OSError:  # removed, or it lies in an archive
        folder = os.path.dirname(file)  # noqa: PTH120
        return not os.path.isdir(folder) and folder != file and _is_as_then(folder, when)  # noqa: PTH112


def _is_of_python(path: str) -> bool:
    return (path.startswith(_HOME) and "site-packages" not in path) or path.startswith(_DYNAMIC) or path == _ZIP


#: Where modules of the standard library are that are written in C, on Windows.
_ZIP = next((entry for entry in sys.path if entry.endswith(".zip")), "")  # where it may be, on some systems
_DYNAMIC = os.path.join(sys.base_prefix, "DLLs")  # noqa: PTH118
