"""Which expressions need the environment, and so have it run."""

from __future__ import annotations

import pytest

from mcgui.console.arguments.expression_names import needs_environment
from mcgui_core.environment.environment_source import Environment

ENVIRONMENT = Environment.parse("def make_nums(n): ...\ndef sum(x): ...\n")


@pytest.mark.parametrize(
    "expression",
    [
        "range(1_000_000)",
        "[x * x for x in range(10) if x]",
        "[(a, b) for a, b in zip(range(3), range(3))]",
        "list(map(lambda x: x + 1, range(3)))",
        "[y := 1, y]",
        "[math.sin(x) for x in range(3)]",
        "['make_nums']",
        "",
        "range(",
    ],
)
def test_an_expression_of_python_alone_needs_none(expression: str) -> None:
    assert not needs_environment(expression, ENVIRONMENT)


@pytest.mark.parametrize("expression", ["make_nums(5000)", "[f(x) for x in range(3)]", "[sum(x) for x in 'ab']"])
def test_a_name_of_the_environment_needs_it(expression: str) -> None:
    assert needs_environment(expression, ENVIRONMENT)


def test_an_unknown_name_needs_the_environment_even_while_that_does_not_compile() -> None:
    assert needs_environment("make_nums(3)", None)
    assert not needs_environment("range(3)", None)
