"""What is wrong with the options of a job is said before it runs."""

from __future__ import annotations

import pytest

from mcgui.console.form.option_problems import problem_of_seed, problem_of_setup, problem_of_shared
from mcgui_core.arguments.shared_expressions import read_shared
from mcgui_core.environment.environment_source import Environment

SOURCE = "def f(x, table, *, scale=1): return x\ndef load(): return 1\nlog = print\nnumber = 5\ndef g(**any): ...\n"
ENVIRONMENT = Environment.parse(SOURCE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("table = load()", ""),
        ("table = [y for y in map(lambda z: z, range(3))]", ""),
        ("table = math.pi + len(str(log))", ""),
        ("tabel = load()", "f has no parameter tabel. It takes: x, table, scale."),
        ("table = lode()", "table = lode() uses lode, which the environment does not define."),
        ("table = lode(" + "'a' + " * 20 + "'')", "table = lode('a' + 'a' + 'a' + 'a' + 'a' + 'a'… uses lode, which"),
        ("x = 1", "f takes its argument as x, its first parameter, so no shared value can have that name."),
        ("scale = 1", "Each task passes its argument as scale already, so no shared value can have that name."),
    ],
)
def test_shared_values_are_checked_against_function_environment_and_arguments(text: str, said: str) -> None:
    found = problem_of_shared(read_shared(text), ENVIRONMENT.function("f"), ENVIRONMENT, None, "single", ("scale",))
    assert found == said or (said and found.startswith(said))


def test_the_name_of_the_seed_is_taken() -> None:
    function = Environment.parse("def f(x, seed): ...").function("f")
    assert problem_of_shared((("seed", "1"),), function, None, None) == ""
    assert "seed" in problem_of_shared((("seed", "1"),), function, None, "7")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (None, ""),
        ("load", ""),
        ("log", ""),  # only running the source could tell
        ("lode", "Did you mean 'load'?"),
        ("number", "Set up by: "),
        ("f", "Set up by: f is called without arguments, and needs x, table."),
    ],
)
def test_who_sets_up_is_a_function_of_the_environment_that_needs_nothing(name: str | None, said: str) -> None:
    found = problem_of_setup(name, ENVIRONMENT)
    assert (said in found) if said else not found
    assert problem_of_setup(name, None) == ""  # which is not known while it does not compile


@pytest.mark.parametrize(
    ("seed", "function", "said"),
    [
        (None, "f", ""),
        ("7", "g", ""),
        ("1,2/0+3", "g", ""),
        ("often", "g", "Seed: often is no whole number of 0 or more."),
        ("-1", "g", "Seed: -1 is no whole number of 0 or more."),
        ("7", "f", "f has no parameter seed, by which each call is given its own. It takes: x, table, scale. "),
    ],
)
def test_a_seed_is_a_number_for_a_function_that_takes_one(seed: str | None, function: str, said: str) -> None:
    found = problem_of_seed(seed, ENVIRONMENT.function(function))
    assert found == said or (said and found.startswith(said))
