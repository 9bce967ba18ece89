"""The borders of the house: who may import whom, and what `import mcgui_core` costs.

The floors of the packages are a contract of import-linter (pyproject.toml). What it does not see is here: circles between
modules, what a package shows to the others, and imports of what is not ours.
"""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import mcgui_core
from mcgui_core.protocol import messages

ROOT = Path(__file__).parents[2]
CORE = ROOT / "mcgui_core"
GUI = ROOT / "mcgui"
#: Modules that a folder may hold before nobody finds anything in it.
MOST_MODULES = 20

#: Packages that show classes and functions, which are the names in their `__all__`; the others show modules.
SHOW_NAMES = {"mcgui_core", "mcgui_core.protocol.messages", "mcgui.console.actions"}

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
HEAVY = {
    "PySide6",
    "asyncio",
    "cloudpickle",
    "cryptography",
    "msgspec",
    "numpy",
    "psutil",
    "pyqtgraph",
    "sqlite3",
    "ssl",
}


def sources(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.py"))
    assert found, f"no source in {folder}"
    return found


@cache
def modules() -> dict[str, Path]:
    """All of ours, by name; a package is its `__init__`."""
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in [*sources(CORE), *sources(GUI)]}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def packages() -> set[str]:
    return {name for name, path in modules().items() if path.name == "__init__.py"}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that the file imports when it is run, anywhere in it, with the line. `from a import b` is `a.b`."""
    for node in running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports here are absolute"
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of a syntax tree, but for what only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from running(node)


@cache
def imported(path: Path) -> set[str]:
    """The modules of ours that the file imports."""
    ours = modules()
    found = {name if name in ours else name.rpartition(".")[0] for name, _ in imports(path)}
    return found & ours.keys()


def named(path: Path) -> set[str]:
    """The modules of ours that it starts as commands, or imports by their name as text."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } & modules().keys()


@cache
def users() -> dict[str, set[str]]:
    """Who uses each of our modules."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for user, path in modules().items():
        for name in imported(path) | named(path):
            found[name].add(user)
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


def test_no_modules_import_each_other_in_a_circle_not_even_lazily() -> None:
    graph = {name: imported(path) - {name} for name, path in modules().items() if path.name != "__init__.py"}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")


def test_no_packages_of_the_core_import_each_other_in_a_circle() -> None:
    graph: defaultdict[str, set[str]] = defaultdict(set)
    for name, path in modules().items():
        if name.startswith("mcgui_core."):
            package = name.split(".")[1]
            graph[package] |= {other.split(".")[1] for other in imported(path) if other != "mcgui_core"} - {package}
    TopologicalSorter(graph).prepare()


def test_no_folder_has_more_modules_than_one_can_look_through() -> None:
    counts = {
        folder: len(list(folder.glob("*.py"))) for top in (CORE, GUI) for folder in {p.parent for p in sources(top)}
    }
    assert {str(folder.relative_to(ROOT)): count for folder, count in counts.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("package", sorted(packages() - SHOW_NAMES))
def test_a_package_lists_the_modules_that_others_use(package: str) -> None:
    """So that `__all__` tells what may not change without a look at the rest of the house."""
    used = {
        name.rpartition(".")[2]
        for name, by in users().items()
        if name.rpartition(".")[0] == package
        and any(user != package and not user.startswith(f"{package}.") for user in by)
    }
    assert used - {name.rpartition(".")[2] for name in packages()} == set(importlib.import_module(package).__all__)


def test_every_package_is_in_the_wheel() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert {name for name in listed if not name.startswith("mcgui_resources")} == packages()


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
            assert name.split(".")[0] not in OUTSIDE_WORLD, f"{path.name}:{line}: imports {name}"
        waiting += [modules()[name] for name in imported(path)]


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


def test_a_slot_starts_without_the_messages_that_it_neither_sends_nor_hears() -> None:
    """To make their classes takes a quarter of its start, and they are started by the dozen."""
    code = "import json, sys, mcgui_core.slots.slot_main; print(json.dumps(sorted(sys.modules)))"
    loaded = in_a_fresh_interpreter(code)
    assert isinstance(loaded, list)
    assert {
        f"mcgui_core.protocol.messages.{kind}_messages" for kind in ("job", "lease", "node", "snapshot")
    }.isdisjoint(loaded)


def test_every_message_can_be_had_by_name() -> None:
    assert all(hasattr(messages, name) for name in messages.__all__)
    assert not hasattr(messages, "Nonsense")


def test_every_public_name_of_the_core_can_be_had() -> None:
    for name in mcgui_core.__all__:
        assert getattr(mcgui_core, name) is not None
