"""The environment's source, made into a module: the only place that runs it.

Kept apart from environment_source.py, and light, because every slot imports it when it starts.
"""

from __future__ import annotations

import hashlib
import linecache
import sys
from types import ModuleType

#: Hexadecimal digits of the source's digest in the name of its module: 48 bits, and the name stays readable.
DIGITS_IN_NAME = 12


def source_digest(source: str) -> str:
    """The SHA-256 of the source as 64 hexadecimal digits: what tells one environment from another."""
    # A lone surrogate has no UTF-8; such a source does not compile, but it has a digest like any other.
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def module_name(source: str) -> str:
    """The name of the module that this source becomes. The same on every computer, so its classes can be pickled."""
    return f"mcgui_environment_{source_digest(source)[:DIGITS_IN_NAME]}"


def load_module(source: str, filename: str = "<environment>") -> ModuleType:
    """Run the source in a fresh module, which is in `sys.modules` from then on.

    Two loads of one source give two modules with one name, and the name leads to the younger. Who keeps several has
    to put the right one back with `activate` before it pickles or unpickles instances of the environment's classes.
    Tracebacks show the source's lines, whether or not there is such a file. `if __name__ == "__main__"` is false in it.

    Raises SyntaxError (ValueError for null bytes, before Python 3.12) where the source does not compile, and
    whatever the source itself raises while it runs; nothing of it stays behind then.
    """
    source = source.removeprefix("\ufeff")
    filename = _remember(source, filename)
    code = compile(source, filename, "exec", dont_inherit=True)
    module = ModuleType(module_name(source))
    before = sys.modules.get(module.__name__)
    # Before it runs, not after: a dataclass looks its own module up there while it is being made.
    sys.modules[module.__name__] = module
    try:
        exec(code, module.__dict__)  # noqa: S102 - running what the user wrote is what slots are for
    except BaseException:
        _restore(module.__name__, before)
        raise
    return module


def activate(module: ModuleType) -> None:
    """Let the module's name lead to this module again, where the same source was loaded more than once."""
    sys.modules[module.__name__] = module


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
