"""What readers of JSON have in common: values one after the other, and if they are objects, their keys as columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcgui_core.arguments.readers.row_reader import Bad, RowArguments, columns_of
from mcgui_core.arguments.readers.text_reader import file_encoding

#: What JSON's values are called in messages.
KINDS = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}


def kind_of_value(value: Any) -> str:
    """Such as "an object"."""
    return KINDS.get(type(value), "a number")


class JsonRows(RowArguments):
    """Each value is one argument. Where the first is an object, all have to be: their keys name keyword arguments."""

    def __init__(self, path: Path, skip_bad: bool = False, encoding: str = "") -> None:
        """Looks at the first values; `encoding` "" is found. Raises ArgumentsInvalid where nothing can be read."""
        super().__init__(skip_bad)
        self._path, self.encoding = path, file_encoding(path, encoding)
        columns = columns_of(self._rows())
        if columns:
            self.columns, self.call = columns, "kwargs"

    def _row(self, value: Any, place: str) -> Any:
        """The value as an argument, or as a `Bad`; `place` is where it stands, and begins a sentence."""
        if self.call == "kwargs" and not isinstance(value, dict):
            return Bad(f"{place} of {self._path.name} holds {kind_of_value(value)}, and the first one an object.")
        return value
