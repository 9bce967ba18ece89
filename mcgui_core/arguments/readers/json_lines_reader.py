"""Arguments from a JSON Lines file: each line is one value, and where the values are objects, keyword arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mcgui_core.arguments.readers.json_values import JsonRows
from mcgui_core.arguments.readers.row_reader import Bad
from mcgui_core.arguments.readers.text_reader import text_lines
from mcgui_core.errors import ArgumentsInvalid


class JsonLinesReader(JsonRows):
    """Each line of the file is one value. Empty lines are left out."""

    def _rows(self) -> Iterator[Any]:
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


def _reason(error: Exception) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return f"{error.msg[0].lower()}{error.msg[1:]} at character {error.colno}"
