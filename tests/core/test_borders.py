"""The borders of the house: who may import whom, and what `import mcgui_core` costs.

import-linter holds some of these too (pyproject.toml), through chains of imports. What it cannot say is "nothing but":
a module that is added tomorrow is inside the border here from its first day.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import mcgui_core

ROOT = Path(__file__).parents[2]
CORE = ROOT / "mcgui_core"
GUI = ROOT / "mcgui"

#: All that the windows may use of the core, besides the public names that `mcgui_core` itself exports.
CLIENT_SIDE = {
    "arguments",
    "cli",
    "client",
    "environment",
    "errors",
    "owner",
    "processes",
    "protocol",
    "results.export_formats",
    "workbench",
}

#: What would give the scheduler a clock, a thread, a die, a file or a connection of its own.
OUTSIDE_WORLD = {
    "asyncio",
    "datetime",
    "io",
    "multiprocessing",
    "os",
    "pathlib",
    "queue",
    "random",
    "secrets",
    "select",
    "selectors",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
}

#: Packages that a slot must not wait for.
HEAVY = {"PySide6", "asyncio", "cloudpickle", "cryptography", "numpy", "psutil", "pyqtgraph", "sqlite3", "ssl"}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that the file imports, anywhere in it, with the line. `from a import b` counts as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports here are absolute"
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno


def sources(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.py"))
    assert found, f"no source in {folder}"
    return found


def offences(folder: Path, forbidden: set[str]) -> list[str]:
    """The lines under `folder` that import one of these packages."""
    return [
        f"{path.relative_to(ROOT)}:{line}: imports {name}"
        for path in sources(folder)
        for name, line in imports(path)
        if name.split(".")[0] in forbidden
    ]


def in_a_fresh_interpreter(code: str) -> object:
    """What `code`, run by a new Python that has only started, prints as JSON."""
    command = [sys.executable, "-c", code]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def test_the_core_imports_neither_qt_nor_the_windows() -> None:
    assert offences(CORE, {"PySide6", "shiboken6", "pyqtgraph", "pygments", "mcgui", "mcgui_resources"}) == []


def test_the_core_imports_no_asyncio() -> None:
    assert offences(CORE, {"asyncio"}) == []


def test_the_scheduler_has_no_clock_thread_or_file_of_its_own() -> None:
    """Nor have the modules of ours that it stands on."""
    waiting, seen = sources(CORE / "scheduler"), set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name, line in imports(path):
            first, *_ = name.split(".")
            assert first not in OUTSIDE_WORLD, f"{path.name}:{line}: imports {name}"
            module = ROOT.joinpath(*name.split(".")[:-1]).with_suffix(".py")
            if first == "mcgui_core" and module.exists():
                waiting.append(module)


def test_the_windows_touch_only_the_client_side_of_the_core() -> None:
    allowed = tuple(f"mcgui_core.{name}." for name in CLIENT_SIDE | set(mcgui_core.__all__))
    offending = [
        f"{path.relative_to(ROOT)}:{line}: imports {name}"
        for path in sources(GUI)
        for name, line in imports(path)
        if name.split(".")[0] == "mcgui_core" and name != "mcgui_core" and not f"{name}.".startswith(allowed)
    ]
    assert offending == []


@pytest.mark.parametrize(("one", "other"), [("console", "worker"), ("worker", "console")])
def test_console_and_tray_app_do_not_lean_on_each_other(one: str, other: str) -> None:
    assert [name for path in sources(GUI / one) for name, _ in imports(path) if name.startswith(f"mcgui.{other}")] == []


def test_what_the_windows_share_knows_neither_of_them() -> None:
    shared = [path for path in sources(GUI) if path.parent == GUI]
    offending = [
        f"{path.name}: imports {name}"
        for path in shared
        for name, _ in imports(path)
        if name.startswith(("mcgui.console", "mcgui.worker"))
    ]
    assert offending == []


def test_importing_the_core_loads_nothing_heavy() -> None:
    code = "import json, sys, mcgui_core; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    loaded = in_a_fresh_interpreter(code)
    assert isinstance(loaded, list)
    assert HEAVY.isdisjoint(loaded)


def test_importing_the_core_loads_a_handful_of_modules() -> None:
    """So that it takes milliseconds (a tenth of a second is what the design allows), on any machine."""
    code = "import json, sys; before = set(sys.modules); import mcgui_core; print(len(set(sys.modules) - before))"
    assert int(str(in_a_fresh_interpreter(code))) < 20


def test_every_public_name_of_the_core_can_be_had() -> None:
    for name in mcgui_core.__all__:
        assert getattr(mcgui_core, name) is not None
