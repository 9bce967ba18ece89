"""What an option of a job may be: its name for people, one line about it, its values, and how it is read from text.

A kind checks a value and returns it as it is kept (a plain int, float, bool or str), or says in a sentence what it
should have been. Nothing is rounded on the way.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from typing import Any

from mcgui_core.base.sizes import parse_bytes
from mcgui_core.errors import BadInput

#: Characters of a wrong value that a message shows.
SHOWN = 60
#: Characters of the name of a function, and of a seed.
NAME_LENGTH, SEED_LENGTH = 1000, 1000
_SEED = re.compile(r"[0-9]+(,[0-9]+)*(/[0-9]+)*(\+[0-9]+)?")


class NoSuchValue(ValueError):
    """Not a value of this kind."""


@dataclass(frozen=True, slots=True)
class OptionKind:
    """What every option has."""

    title: str  # what a form calls it
    text: str  # one line that says what it does

    @property
    def expected(self) -> str:
        """What it has to be, as the end of "must be"."""
        raise NotImplementedError

    def checked(self, value: object) -> Any:
        """The value as it is kept. Raises NoSuchValue."""
        raise NotImplementedError

    def from_text(self, text: str) -> Any:
        """What somebody has typed, as a value that may still have to be checked. Raises NoSuchValue."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Choice(OptionKind):
    """One of a few words."""

    choices: tuple[str, ...]

    @property
    def expected(self) -> str:
        return f"one of {', '.join(self.choices)}"

    def checked(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise NoSuchValue
        return str(value)

    def from_text(self, text: str) -> str:
        return text.strip()


@dataclass(frozen=True, slots=True)
class YesNo(OptionKind):
    """True or False."""

    @property
    def expected(self) -> str:
        return "True or False"

    def checked(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise NoSuchValue
        return value

    def from_text(self, text: str) -> bool:
        known = {"true": True, "yes": True, "false": False, "no": False}
        if text.strip().lower() not in known:
            raise NoSuchValue
        return known[text.strip().lower()]


@dataclass(frozen=True, slots=True)
class WholeNumber(OptionKind):
    """A whole number from `least` to `most`; `none` says what None means, where that is allowed."""

    least: int
    most: int
    none: str = ""

    @property
    def expected(self) -> str:
        return f"a whole number from {self.least:,} to {self.most:,}" + (" or None" if self.none else "")

    def checked(self, value: object) -> int | None:
        if value is None and self.none:
            return None
        if isinstance(value, bool):
            raise NoSuchValue
        try:
            number = operator.index(value)  # type: ignore[arg-type]  # a number of NumPy too, but no float
        except TypeError as error:
            raise NoSuchValue from error
        if not self.least <= number <= self.most:
            raise NoSuchValue
        return number

    def from_text(self, text: str) -> int | None:
        return None if self.none and _says_none(text) else _number(int, text)


@dataclass(frozen=True, slots=True)
class Seconds(OptionKind):
    """A duration from `least` to `most` seconds; `none` says what None means, where that is allowed."""

    least: float
    most: float
    none: str = ""

    @property
    def expected(self) -> str:
        least = f"{self.least:f}".rstrip("0").rstrip(".")
        return f"a number of seconds from {least} to {self.most:,.0f}" + (" or None" if self.none else "")

    def checked(self, value: object) -> float | None:
        if value is None and self.none:
            return None
        if isinstance(value, bool) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
            raise NoSuchValue  # text, also text that says a number
        try:
            seconds = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError) as error:
            raise NoSuchValue from error
        if not math.isfinite(seconds) or not self.least <= seconds <= self.most:
            raise NoSuchValue
        return seconds

    def from_text(self, text: str) -> float | None:
        return None if self.none and _says_none(text) else _number(float, text)


@dataclass(frozen=True, slots=True)
class Bytes(OptionKind):
    """An amount of memory, up to `most` bytes; `none` says what None means."""

    most: int
    none: str

    @property
    def expected(self) -> str:
        return f'an amount of memory such as "2 GB", a number of bytes up to {self.most:,}, or None'

    def checked(self, value: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool):
            raise NoSuchValue
        try:
            size = parse_bytes(value if isinstance(value, str) else operator.index(value))  # type: ignore[arg-type]
        except (TypeError, BadInput) as error:
            raise NoSuchValue from error
        if size > self.most:
            raise NoSuchValue
        return size

    def from_text(self, text: str) -> str | None:
        return None if _says_none(text) else text


@dataclass(frozen=True, slots=True)
class FunctionName(OptionKind):
    """The name of a function of the environment; `none` says what None means."""

    none: str

    @property
    def expected(self) -> str:
        return "the name of a function or None"

    def checked(self, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or not value.isidentifier() or len(value) > NAME_LENGTH:
            raise NoSuchValue
        return str(value)

    def from_text(self, text: str) -> str | None:
        return None if _says_none(text) or not text.strip() else text.strip()


@dataclass(frozen=True, slots=True)
class Seed(OptionKind):
    """What random numbers begin with; `none` says what None means.

    A whole number, or a `numpy.random.SeedSequence`. It is kept as text: numbers of its entropy with commas, after
    slashes the numbers of its spawn key, after a plus how many children it has had: "5", "1,2/0+3".
    """

    none: str

    @property
    def expected(self) -> str:
        return "a whole number of 0 or more, a SeedSequence of NumPy, or None"

    def checked(self, value: object) -> str | None:
        if value is None or isinstance(value, bool):
            if value is None:
                return None
            raise NoSuchValue
        if isinstance(value, str):
            return self._checked_text(value)
        try:
            if hasattr(value, "entropy") and hasattr(value, "spawn_key"):
                return self._checked_text(_seed_text(value))
            return self._checked_text(_digits(value))
        except (TypeError, ValueError, AttributeError) as error:  # it is of anybody's class
            raise NoSuchValue from error

    def from_text(self, text: str) -> str | None:
        return None if _says_none(text) or not text.strip() else text.strip()

    def _checked_text(self, text: str) -> str:
        if len(text) > SEED_LENGTH or not _SEED.fullmatch(text):
            raise NoSuchValue
        return text


def _digits(number: Any) -> str:
    number = operator.index(number)
    if number < 0 or number.bit_length() > 1024:
        raise NoSuchValue
    return str(number)


def _seed_text(sequence: Any) -> str:
    entropy = sequence.entropy
    numbers = [entropy] if hasattr(entropy, "__index__") else list(entropy)
    text = "/".join([",".join(map(_digits, numbers)), *map(_digits, sequence.spawn_key)])
    return f"{text}+{sequence.n_children_spawned}" if sequence.n_children_spawned else text


def shown(value: object) -> str:
    """A wrong value in a message; there are some, such as numbers of 5,000 digits, that have no repr."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - it is a value of anybody's class
        return f"what was given, which is of type {type(value).__name__}"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _says_none(text: str) -> bool:
    return text.strip().lower() == "none"


def _number(kind: type, text: str) -> Any:
    try:
        return kind(text)
    except ValueError as error:
        raise NoSuchValue from error
