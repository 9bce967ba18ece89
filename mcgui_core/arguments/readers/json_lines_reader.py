"""Arguments from a JSON Lines file: each line is one value, and where the values are objects, keyword arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from mcgui_core.arguments.readers.json_reader import elements
from mcgui_core.arguments.readers.json_values import JsonRows
from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS, Bad
from mcgui_core.arguments.readers.text_reader import text_lines
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview

#: How a line ends behind which an array goes on.
_GOES_ON = ("[", "{", ",")


class JsonLinesReader(JsonRows):
    """Each line of the file is one value. Empty lines are left out. An array over several lines, under the name of such
    a file, is read as what it is: its elements are the values."""

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:
        """As of all readers. Of an array that is the only line it is noted how its elements are had."""
        preview = super().preview(n, seconds)
        only = next(self._rows(), None) if preview.count == 1 and not preview.problem else None
        if not isinstance(only, list) or not only or self._is_array():
            return preview
        items = "1 element" if len(only) == 1 else f"{len(only):,} elements"
        note = f"{self._path.name} is one line, an array of {items}, and so one argument."
        return replace(preview, note=f"{note} Read it as JSON if each element is to be one.")

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
        """Whether its first line begins an array that goes on in the next. Where that is a value by itself, the first
        line may be a broken one, and it is an array only if it has an end."""
        lines = (line for line in text_lines(self._path, self.encoding) if not line.isspace())
        first, second = [*(line.strip() for line in islice(lines, 2)), "", ""][:2]
        if not first.startswith("[") or not first.endswith(_GOES_ON) or _is_value(first):
            return False
        return not _is_value(second) or self._has_an_end()

    def _has_an_end(self) -> bool:
        try:
            for _ in elements(self._path, self.encoding):
                pass
        except ArgumentsInvalid:
            return False
        return True


def _is_value(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _reason(error: Exception) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return f"{error.msg[0].lower()}{error.msg[1:]} at character {error.colno}"
