"""Arguments from a JSON Lines file: each line is one value, and where the values are objects, keyword arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mcgui_core.arguments.row_reader import Bad, RowArguments, columns_of
from mcgui_core.arguments.text_reader import text_lines
from mcgui_core.errors import ArgumentsInvalid

#: What JSON's values are called in messages.
KINDS = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}


def kind_of_value(value: Any) -> str:
    """Such as "an object"."""
    return KINDS.get(type(value), "a number")


class JsonLinesReader(RowArguments):
    """Each line of the file is one argument. Empty lines are left out.

    Where the first one holds an object, all have to: their keys are the names of keyword arguments.
    """

    def __init__(self, path: Path, skip_bad: bool = False) -> None:
        """Looks at the first lines. Raises ArgumentsInvalid where nothing can be read."""
        super().__init__(skip_bad)
        self._path = path
        columns = columns_of(self._rows())
        if columns:
            self.columns, self.call = columns, "kwargs"

    def _rows(self) -> Iterator[Any]:
        objects = self.call == "kwargs"
        number = 0
        for number, line in enumerate(text_lines(self._path), 1):
            if line.isspace():
                continue
            try:
                value = json.loads(line.rstrip())
            except (ValueError, RecursionError) as error:
                yield Bad(f"Line {number} of {self._path.name} is not JSON: {_reason(error)}.")
                continue
            if objects and not isinstance(value, dict):
                what = kind_of_value(value)
                yield Bad(f"Line {number} of {self._path.name} holds {what}, and the first one an object.")
            else:
                yield value
        if not number:
            raise ArgumentsInvalid(f"{self._path.name} is empty.", "Each of its lines has to hold one JSON value.")


def _reason(error: Exception) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return f"{error.msg[0].lower()}{error.msg[1:]} at character {error.colno}"
