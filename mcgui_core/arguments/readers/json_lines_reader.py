"""Arguments from a JSON Lines file: each line is one value, and where the values are objects, keyword arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mcgui_core.arguments.readers.json_reader import elements
from mcgui_core.arguments.readers.json_values import JsonRows
from mcgui_core.arguments.readers.row_reader import Bad
from mcgui_core.arguments.readers.text_reader import text_lines
from mcgui_core.errors import ArgumentsInvalid

#: How a line ends behind which an array goes on.
_GOES_ON = ("[", "{", ",")


class JsonLinesReader(JsonRows):
    """Each line of the file is one value. Empty lines are left out. A file that is an array as a whole, under the name
    of such lines, is read as what it is: its elements are the values."""

    def _rows(self) -> Iterator[Any]:
        if self._is_array():
            for start, value in elements(self._path, self.encoding):
                yield self._row(value, f"The element in line {start}")
            return
        number = 0
        for number, line in enumerate(text_lines(self._path, self.encoding), 1):
            if line.isspace():
                continue
            try:
                value = json.loads(line.rstrip())
            except (ValueError, RecursionError) as error:
                yield Bad(f"Line {number} of {self._path.name} is not JSON: {_reason(error)}.")
            else:
                yield self._row(value, f"Line {number}")
        if not number:
            raise ArgumentsInvalid(f"{self._path.name} is empty.", "Each of its lines has to hold one JSON value.")

    def _is_array(self) -> bool:
        """Whether its first line begins an array that goes on in the next, or is its only one and holds an array of
        objects or arrays. An only line of numbers is a value as good as any."""
        lines = (line for line in text_lines(self._path, self.encoding) if not line.isspace())
        first = next(lines, "").strip()
        if not first.startswith("["):
            return False
        try:
            value = json.loads(first)
        except (ValueError, RecursionError):
            return first.endswith(_GOES_ON)
        only = next(lines, None) is None
        return only and bool(value) and all(isinstance(one, dict | list) for one in value)


def _reason(error: Exception) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return f"{error.msg[0].lower()}{error.msg[1:]} at character {error.colno}"
