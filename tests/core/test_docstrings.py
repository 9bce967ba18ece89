"""What a package of the core shows to the others says what it is, so that nobody has to read how it does it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.core.test_borders import SHOW_NAMES, packages

CORE = sorted(name for name in packages() - SHOW_NAMES if name.startswith("mcgui_core."))


def shown(package: str) -> list[ModuleType]:
    return [importlib.import_module(f"{package}.{name}") for name in importlib.import_module(package).__all__]


def own(module: ModuleType) -> Iterator[tuple[str, object]]:
    """The classes and functions that are written in the module and named for others."""
    for name, thing in vars(module).items():
        written_here = not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__
        if written_here and (inspect.isclass(thing) or inspect.isfunction(thing)):
            yield name, thing


def methods(kind: type) -> Iterator[tuple[str, object]]:
    """The methods and properties that are written in the class and named for others."""
    for name, thing in vars(kind).items():
        code = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
        if not name.startswith("_") and inspect.isfunction(code):
            yield (
                name,
                thing if isinstance(thing, property) else getattr(kind, name),
            )  # of which the doc may be inherited


def described_by_an_interface() -> set[str]:
    """Names of methods that a Protocol of the core asks for: they are described there, once."""
    kinds = [thing for package in CORE for module in shown(package) for _, thing in own(module)]
    protocols = [kind for kind in kinds if inspect.isclass(kind) and getattr(kind, "_is_protocol", False)]
    return {name for kind in protocols for name, method in methods(kind) if inspect.getdoc(method)}


@pytest.mark.parametrize("package", CORE)
def test_what_a_package_shows_says_what_it_is(package: str) -> None:
    elsewhere = described_by_an_interface()
    silent = []
    for module in shown(package):
        for name, thing in own(module):
            silent += [f"{module.__name__}.{name}"] if not inspect.getdoc(thing) else []
            for method, code in methods(thing) if inspect.isclass(thing) else ():
                if not inspect.getdoc(code) and method not in elsewhere:
                    silent.append(f"{module.__name__}.{name}.{method}")
    assert silent == []
