"""Values that say the same are the same, whatever was made anew; one number in the middle of a long one is not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mcgui_core.workbench.same_value import same_value

CODE = """
import dataclasses
@dataclasses.dataclass
class Record:
    text: str
class Plain:
    def __init__(self, x): self.x = x
class Told(Plain):
    def __repr__(self): return "told"
class Undecided(Told):
    def equals(self, other): return None  # as Expr of sympy
class Loose(Plain):
    def __repr__(self): return f"Loose({self.x})"
    def equals(self, other): return True  # as shapes of shapely, by what they cover
"""
MIDDLE = "x" * 300


def made(expression: str) -> Any:
    """The value, of a module of its own, as the code of a job is loaded anew each time."""
    module: dict[str, Any] = {"np": np, "pd": pd, "pa": pa, "math": math, "MIDDLE": MIDDLE, "__name__": "code"}
    exec(CODE, module)
    return eval(expression, module)


def long(number: str) -> list[str]:
    """Values with a number in the middle, where they are not shown."""
    return [
        f"MIDDLE + '{number}' + MIDDLE",
        f"MIDDLE.encode() + b'{number}' + MIDDLE.encode()",
        f"[0] * 500 + [{number}] + [0] * 500",
        f"(0,) * 500 + ({number},) + (0,) * 500",
        f"set(range(500)) | {{1000 + {number}}}",
        f"{{'k%d' % i: i for i in range(50)}} | {{'z': [MIDDLE + '{number}' + MIDDLE]}}",
        f"10 ** 500 + {number} * 10 ** 250",
        f"np.concatenate([np.zeros(2000), [{number}], np.zeros(2000)])",
        f"np.array([None] * 2000 + [{number}] + [None] * 2000)",
        f"Record(MIDDLE + '{number}' + MIDDLE)",
        f"Plain([Record('{number}')])",
        f"[Plain({number})]",
        f"pd.DataFrame({{'x': [0] * 500 + [{number}] + [0] * 500, 'text': 'a'}})",
        f"{{'frame': pd.Series([math.nan] * 500 + [{number}] + [math.nan] * 500)}}",
        f"pa.table({{'x': [0] * 500 + [{number}] + [0] * 500}})",
    ]


@pytest.mark.parametrize(("one", "other"), list(zip(long("1"), long("2"), strict=True)))
def test_each_place_of_a_long_value_counts(one: str, other: str) -> None:
    assert same_value(made(one), made(one))
    assert not same_value(made(one), made(other))


@pytest.mark.parametrize(
    "text",
    [
        "float('nan')",
        "[math.nan, {'a': [math.nan] * 50}]",
        "np.full(5000, math.nan)",
        "[np.float64(2.5), slice(1, 2), max, 1 + 2j]",
        "Told(3)",
        "Undecided(lambda: 3)",
        "[range(5), Record, None]",
        "(lambda items: (items.append(items), items)[1])([1])",
    ],
)
def test_what_was_made_anew_is_the_same(text: str) -> None:
    assert same_value(made(text), made(text))


def test_sets_and_dicts_are_the_same_in_whatever_order_they_were_filled() -> None:
    assert same_value([{0, 8}], [{8, 0}])
    assert same_value({"a": 1, "b": 2}, {"b": 2, "a": 1})


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), ([1], (1,)), ("1", 1), (0.0, -0.0), (None, False)])
def test_what_is_equal_and_shown_otherwise_differs(one: object, other: object) -> None:
    assert not same_value(one, other)
    assert not same_value([one], [other])


def test_what_has_an_equals_of_its_own_kind_is_compared_as_it_is_shown() -> None:
    assert not same_value(made("Loose(1)"), made("Loose(2)"))
