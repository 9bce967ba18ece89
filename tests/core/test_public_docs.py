"""What the docstrings of the public names say is true: their examples run, on the real thing."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

import mcgui_core
from mcgui_core import Cluster
from mcgui_core.protocol.run_options import OPTIONS

PUBLIC = [name for name in mcgui_core.__all__ if not name.startswith("__")]


def own_methods(name: str) -> Iterator[Any]:
    """The public methods and properties that a public class defines itself."""
    found = getattr(mcgui_core, name)
    for attribute, value in vars(found).items() if inspect.isclass(found) else ():
        if not attribute.startswith("_"):
            yield value


@pytest.mark.parametrize("name", PUBLIC)
def test_the_examples_of_a_public_name_run(name: str) -> None:
    found = getattr(mcgui_core, name)
    finder = doctest.DocTestFinder(recurse=True)
    tests = [test for test in finder.find(found, name, module=inspect.getmodule(found)) if test.examples]
    assert tests, f"{name} has no example"
    for test in tests:
        runner = doctest.DocTestRunner()
        said: list[str] = []
        runner.run(test, out=said.append, clear_globs=True)
        assert not runner.failures, "".join(said)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_says_what_it_does(name: str) -> None:
    assert inspect.getdoc(getattr(mcgui_core, name))
    silent = [value for value in own_methods(name) if not inspect.getdoc(value)]
    assert not silent


def test_submit_explains_every_parameter() -> None:
    said = inspect.getdoc(Cluster.submit) or ""
    for name in inspect.signature(Cluster.submit).parameters:
        assert name == "self" or f"\n{name}: " in said, name
    assert set(OPTIONS) <= set(inspect.signature(Cluster.submit).parameters)
