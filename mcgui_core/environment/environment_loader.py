"""The environment's source, made into a module: the only place that runs it.

Kept apart from environment_source.py, and light, because every slot imports it when it starts.
"""

from __future__ import annotations

import hashlib
import importlib
import linecache
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, chdir, nullcontext
from functools import lru_cache
from types import CodeType, ModuleType

from mcgui_core.environment.import_path import import_from, importing, sources_in, user_modules

#: Hexadecimal digits of the source's digest in the name of its module: 48 bits, and the name stays readable.
DIGITS_IN_NAME = 12
#: How the names of modules begin that hold an environment (values/pickling.py knows them by it).
PREFIX = "mcgui_environment_"
BYTE_ORDER_MARK = "\ufeff"


def source_digest(source: str) -> str:
    """The SHA-256 of the source as 64 hexadecimal digits: what tells one environment from another."""
    # A lone surrogate has no UTF-8; such a source does not compile, but it has a digest like any other.
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def module_name(source: str) -> str:
    """The name of the module that this source becomes. The same on every computer, so its classes can be pickled."""
    return f"{PREFIX}{source_digest(source)[:DIGITS_IN_NAME]}"


def load_module(source: str, filename: str = "<environment>", folder: str = "", main: str = "") -> ModuleType:
    """Run the source in a fresh module, which is in `sys.modules` from then on.

    Two loads of one source give two modules with one name, and the name leads to the younger. Who keeps several has
    to put the right one back with `activate` before it pickles or unpickles instances of the environment's classes.
    Tracebacks show the source's lines, whether or not there is such a file. `if __name__ == "__main__"` is false in it.

    Where it is the file `main` of a project that lies in `folder`, it has a `__file__`, may import what lies beside it,
    and can be imported by its file's name too, unless that is taken.

    Raises SyntaxError (ValueError for null bytes, before Python 3.12) where the source does not compile, and
    whatever the source itself raises while it runs; nothing of it stays behind then.
    """
    source = source.removeprefix(BYTE_ORDER_MARK)
    filename = _remember(source, filename)
    code = _compiled(source, filename)
    module = ModuleType(module_name(source))
    before = sys.modules.get(module.__name__)
    # Before it runs, not after: a dataclass looks its own module up there while it is being made.
    sys.modules[module.__name__] = module
    try:
        if main not in ("", "."):
            _settle(module, folder, main)
        exec(code, module.__dict__)  # noqa: S102 - running what the user wrote is what slots are for
    except BaseException:
        _restore(module.__name__, before)
        raise
    return module


@lru_cache(maxsize=1)
def _compiled(source: str, filename: str) -> CodeType:
    """A process serves one environment, and perhaps many jobs of it."""
    return compile(source, filename, "exec", dont_inherit=True)


def know_sources(sources: Mapping[str, str]) -> None:
    """Give the lines of files that are elsewhere, by their names, to tracebacks and to whoever asks for source."""
    for name, text in sources.items():
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


def load_in_place(source: str, filename: str) -> ModuleType:
    """As `load_module`; where `filename` is a file, with what lies beside it, as that is now, and in its folder."""
    if not os.path.isfile(filename):  # noqa: PTH113 - a slot starts without pathlib
        return load_module(source, filename)
    folder, main = project_place(filename)
    with importing:
        for name, file in user_modules():
            if file.startswith(folder + os.sep):
                del sys.modules[name]
        _import_project(folder)
        with beside(filename):
            return load_module(source, filename, folder, main)


def beside(filename: str) -> AbstractContextManager[None]:
    """For the time of a block, be where an environment's file lies, as on a worker; stay where it is none."""
    if not os.path.isfile(filename):  # noqa: PTH113
        return nullcontext()
    return chdir(os.path.dirname(os.path.realpath(filename)))  # noqa: PTH120


def project_place(filename: str) -> tuple[str, str]:
    """The folder of the project whose main file this is, and the file's path in there, with "/"."""
    path = os.path.realpath(filename)
    folder = os.path.dirname(path)  # noqa: PTH120
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:  # noqa: PTH113, PTH118, PTH120
        folder = os.path.dirname(folder)  # noqa: PTH120
    return folder, os.path.relpath(path, folder).replace(os.sep, "/")


def activate(module: ModuleType) -> None:
    """Let the module's name lead to this module again, where the same source was loaded more than once."""
    sys.modules[module.__name__] = module
    _name_by_file(module)


def enter_project(folder: str, main: str) -> None:
    """Have this process work where the file `main` of a project lies in `folder`, and import from there.

    Without one ("", of a callable's modules) it works where it is; with "." in the folder itself.

    What lies in the project's folder goes before all else, as with a script. The folder of a package's file comes last:
    a `queue.py` in there is the package's, and takes the place of no other.
    """
    home = os.path.dirname(os.path.join(folder, *main.split("/")))  # noqa: PTH118, PTH120 - a slot starts without pathlib
    if main:
        os.chdir(home)
    _import_project(folder)
    if home != folder:
        import_from(home, before_all=False)


def _import_project(folder: str) -> None:
    import_from(folder)  # a script has its own folder there already, and what lies in that goes first
    if sources := sources_in(folder):
        import_from(sources, behind=folder)


def alias_source(main: str, source: str) -> tuple[str, str]:
    """A file (its path, and its text) by which processes that a task starts find the environment under its own name."""
    name = ".".join(_importable_parts(main))
    text = f"import importlib\nimport sys\n\nsys.modules[__name__] = importlib.import_module({name!r})\n"
    return f"{module_name(source.removeprefix(BYTE_ORDER_MARK))}.py", text


def text_module(source: str) -> tuple[str, str]:
    """The same for an environment that is only text: the file has all of it."""
    source = source.removeprefix(BYTE_ORDER_MARK)
    return f"{module_name(source)}.py", source


def _importable_parts(main: str) -> list[str]:
    parts = main.rpartition(".")[0].split("/")
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def _settle(module: ModuleType, folder: str, main: str) -> None:
    """Tell a module where it is, before it runs."""
    parts = _importable_parts(main)
    module.__file__ = os.path.join(folder, *main.split("/"))  # noqa: PTH118
    is_package = main.endswith("/__init__.py")
    module.__package__ = ".".join(parts if is_package else parts[:-1])
    if is_package:
        module.__path__ = [os.path.dirname(module.__file__)]  # noqa: PTH120
    if len(parts) > 1:
        importlib.import_module(".".join(parts[:-1]))
    _name_by_file(module)


def _name_by_file(module: ModuleType) -> None:
    """Let the name of its file lead to a module of a project too, unless something else has that name."""
    file = getattr(module, "__file__", None)
    if file is None:
        return
    stem = os.path.basename(file).rpartition(".")[0]  # noqa: PTH119
    name = module.__package__ if stem == "__init__" else ".".join(filter(None, (module.__package__, stem)))
    known = sys.modules.get(name or "")
    if name and (known is None or known.__name__.startswith(PREFIX)):
        sys.modules[name] = module
        home, _, last = name.rpartition(".")
        if home in sys.modules:
            setattr(sys.modules[home], last, module)  # as the import of a package's module does


def _restore(name: str, module: ModuleType | None) -> None:
    if module is None:
        sys.modules.pop(name, None)
    else:
        sys.modules[name] = module


def _remember(source: str, filename: str) -> str:
    """Give the source's lines to tracebacks; returns the name under which they find them.

    That name is `filename`, unless other source is known by it already (the same file, edited since): tracebacks of
    both may come, so the newcomer's name says which it is.
    """
    lines = source.splitlines(keepends=True)
    known = linecache.cache.get(filename)
    if known is not None and len(known) == 4 and known[2] != lines:
        filename = f"{filename} [{source_digest(source)[:6]}]"
    # No modification time: linecache then never looks for the file on disk, which may not exist or differ.
    linecache.cache[filename] = (len(source), None, lines, filename)
    return filename
