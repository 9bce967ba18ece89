"""One axis of a sweep: its values as a person writes them ("1, 2, 5", "0 to 1 in 11", "log 1 to 1000"), read lazily.

red, green, 7             these values: numbers, text, None, True, False, tuples
1 to 10                   1, 2, 3 ... 10: the end is one of them
0 to 1 step 0.25          0.0, 0.25, 0.5, 0.75, 1.0
0 to 1 in 11              11 values at equal distances, both ends among them
log 1 to 1000             1, 10, 100, 1000: each ten times the one before
log 1 to 256 step 2       1, 2, 4 ... 256: each twice the one before
log 0.1 to 10 in 5        5 values at equal ratios, both ends among them
"""

from __future__ import annotations

import ast
import csv
import math
import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, overload

from mcgui_core.arguments.cell_values import converted
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.values.text import short

#: Values that an axis may have: as many as a list may have items on every computer that we know.
MOST = 2**62
#: Significant digits to which the values of a logarithmic axis are rounded: its steps are no exact fractions.
LOG_DIGITS = 12
_FORMS = "Write values (1, 2, 5), a range (0 to 10 step 2, 0 to 1 in 11), or a logarithmic one (log 1 to 1000 in 4)."
_NUMBER = r"[-+]?(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(
    rf"(?P<log>log\s+)?(?P<start>{_NUMBER})\s*(?:to|\.\.\.?|…)\s*(?P<stop>{_NUMBER})"
    rf"(?:\s*,?\s*(?P<how>step|by|in)\s+(?P<number>{_NUMBER})(?:\s+(?:steps|values))?)?",
    re.IGNORECASE,
)

#: What begins as a range does, or as Python's and NumPy's, and is none: as text it would be what nobody meant.
_ALMOST = re.compile(
    rf"log\s|{_NUMBER}\s*(?:to(?![^\W\d_])|\.\.|…)|(?:[\w.]*\.)?(?:a?range|(?:lin|log|geom)space)\(", re.IGNORECASE
)


class Computed(Sequence[int | float]):
    """Values that do not exist before they are asked for."""

    __slots__ = ()
    length: int

    @abstractmethod
    def at(self, index: int) -> int | float:
        """The value of an index from 0 to `length - 1`."""

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> int | float: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int | float]: ...
    def __getitem__(self, index: int | slice) -> int | float | Sequence[int | float]:
        if isinstance(index, slice):
            return [self.at(i) for i in range(*index.indices(self.length))]
        if not -self.length <= index < self.length:
            raise IndexError(index)
        return self.at(index % self.length)


@dataclass(frozen=True, slots=True)
class Linear(Computed):
    """Equal distances: `start + i * step`, by fractions, so that 0.1 three times over is 0.3."""

    start: Fraction
    step: Fraction
    length: int
    whole: bool  # int, not float

    def at(self, index: int) -> int | float:
        value = self.start + index * self.step
        return int(value) if self.whole else float(value)


@dataclass(frozen=True, slots=True)
class Logarithmic(Computed):
    """Equal ratios: `start * ratio ** i`, rounded to twelve digits."""

    start: float
    log_ratio: float
    length: int
    whole: bool  # int, not float

    def at(self, index: int) -> int | float:
        exact = self.start * math.exp(index * self.log_ratio)
        value = float(f"{exact:.{LOG_DIGITS}g}") if index else self.start
        return round(value) if self.whole else value


def axis_values(text: str) -> Sequence[Any]:
    """The values that are written so. Raises ArgumentsInvalid."""
    text = text.strip()
    if not text:
        raise ArgumentsInvalid("It has no values yet.", _FORMS)
    match = _RANGE.fullmatch(text)
    if match is not None:
        return _logarithmic(match) if match["log"] else _linear(match)
    if _ALMOST.match(text):
        raise ArgumentsInvalid(f"{text!r} is no range.", f"{_FORMS} Text stands in quotation marks.")
    return _listed(text)


def written(value: Any) -> str:
    """A value or a list of values as `axis_values` reads it."""
    if isinstance(value, list):
        return ", ".join(map(repr, value)) if len(value) != 1 else f"{value[0]!r},"
    return str(value)


def _listed(text: str) -> tuple[Any, ...]:
    try:
        values = ast.literal_eval(f"({text},)" if not text.endswith(",") else f"({text})")
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        cells = next(csv.reader([text], skipinitialspace=True), [])
        values = tuple(_word(cell.strip()) for cell in cells if cell.strip())
    if not values:
        raise ArgumentsInvalid("It has no values yet.", _FORMS)
    return tuple(values)


def _word(cell: str) -> Any:
    return {"true": True, "false": False, "none": None}.get(cell.lower(), converted(cell))


def _linear(match: re.Match[str]) -> Linear:
    start, stop = Fraction(match["start"]), Fraction(match["stop"])
    written_whole = all(_is_whole(match[part]) for part in ("start", "stop"))
    if match["how"] and match["how"].lower() == "in":
        count = _count(match["number"])
        step = (stop - start) / (count - 1) if count > 1 else Fraction(0)
        return Linear(start, step, count, written_whole and step.denominator == 1)
    step = Fraction(match["number"]) if match["number"] else Fraction(1 if stop >= start else -1)
    if not step:
        raise ArgumentsInvalid("A step of 0 leads nowhere.", _FORMS)
    if (stop - start) / step < 0:
        raise ArgumentsInvalid(
            f"From {match['start']} a step of {match['number']} never leads to {match['stop']}.",
            f"Write {'-' if step > 0 else ''}{abs(step)!s} as the step, or swap the ends.",
        )
    count = _not_too_many((stop - start) // step + 1)
    return Linear(start, step, count, written_whole and step.denominator == 1)


def _logarithmic(match: re.Match[str]) -> Logarithmic:
    start, stop = float(match["start"]), float(match["stop"])
    if not (start > 0 and stop > 0 and math.isfinite(start) and math.isfinite(stop)):
        raise ArgumentsInvalid("The ends of a logarithmic range have to be more than 0.", _FORMS)
    span = math.log(stop) - math.log(start)
    whole = all(_is_whole(match[part]) for part in ("start", "stop"))
    if match["how"] and match["how"].lower() == "in":
        count = _count(match["number"])
        ratio = span / (count - 1) if count > 1 else 0.0
        made = Logarithmic(start, ratio, count, whole=False)
        return Logarithmic(start, ratio, count, whole and _all_whole(made))
    factor = float(match["number"] or 10)
    if not (factor > 0 and factor != 1 and math.isfinite(factor)):
        raise ArgumentsInvalid("The step of a logarithmic range is a factor, above 0 and other than 1.", _FORMS)
    ratio = math.log(factor) if (span >= 0) == (factor > 1) else -math.log(factor)
    count = math.floor(span / ratio + 1e-9) + 1
    return Logarithmic(start, ratio, _not_too_many(count), whole and factor.is_integer() and ratio > 0)


def _all_whole(values: Logarithmic) -> bool:
    """Whether powers were meant: 1, 10, 100. Only short ranges are looked at."""
    return len(values) <= 64 and all(float(value).is_integer() for value in values)


def _is_whole(text: str) -> bool:
    return text.lstrip("+-").replace("_", "").isdigit()


def _count(text: str) -> int:
    if not _is_whole(text) or int(text) < 1:
        raise ArgumentsInvalid(f"'in {text}' is no number of values.", "Write a whole number: 0 to 1 in 11.")
    return _not_too_many(int(text))


def _not_too_many(count: int) -> int:
    if count > MOST:
        raise ArgumentsInvalid("These are more values than any computer can count.", _FORMS)
    return count


def described(values: Sequence[Any], most: int = 4) -> str:
    """The first and the last values, such as "1, 10, 100 … 1000"."""
    if len(values) <= most:
        return ", ".join(map(short, values))
    return f"{', '.join(short(values[i]) for i in range(most - 1))} … {short(values[-1])}"
