"""Arguments from a JSON file: the elements of its array, read one by one however long it is; or an object's rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from mcgui_core.arguments.readers.json_columns import HINT, ObjectTable, table_of_object
from mcgui_core.arguments.readers.json_values import JsonRows, kind_of_value
from mcgui_core.arguments.readers.text_encoding import not_text, opened
from mcgui_core.arguments.readers.text_reader import unreadable
from mcgui_core.errors import ArgumentsInvalid

#: Characters that are read at a time; more where a single element is longer.
CHUNK = 1 << 16
#: An error that lies so close to the end of what was read may only mean that there is more to read.
_CUT = 16
#: What may stand behind a value of the array.
_BEHIND = (",", "]", " ", "\t", "\r", "\n")
_SPACE = re.compile(r"[ \t\r\n]*")


class JsonReader(JsonRows):
    """Each element of the file's array is one value; of a file that is one object, each row of its table."""

    def _rows(self) -> Iterator[Any]:
        for line, value in elements(self._path, self.encoding):
            if isinstance(value, ObjectTable):
                self.note = value.note
                yield from value.rows
            else:
                yield self._row(value, f"The element in line {line}")


def elements(path: Path, encoding: str) -> Iterator[tuple[int, Any]]:
    """Each element of the file's array with the line that it starts in; of an object, its table."""
    try:
        with opened(path, encoding) as file:
            yield from _Reader(file, path.name).elements()
    except UnicodeError as error:
        raise not_text(path, encoding) from error
    except OSError as error:
        raise unreadable(path, error) from error


class _Reader:
    """Reads one value after the other from a text that is never held as a whole."""

    def __init__(self, file: IO[str], name: str) -> None:
        self._file, self._name = file, name
        self._decode = json.JSONDecoder().raw_decode
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._size = CHUNK

    def elements(self) -> Iterator[tuple[int, Any]]:
        if not self._next_sign():
            raise ArgumentsInvalid(f"{self._name} is empty.", HINT)
        if self._text[self._at] != "[":
            yield self._line, self._table()
            return
        self._at += 1
        if self._next_sign() != "]":
            while True:
                self._next_sign()
                yield self._line, self._value()
                if self._next_sign() == ",":
                    self._at += 1
                    continue
                if self._next_sign() == "]":
                    break
                raise self._wrong("a comma or the end of the array was expected", self._line)
        self._at += 1
        if self._next_sign():
            raise self._wrong("there is more behind the end of the array", self._line)

    def _value(self) -> Any:
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                surely = error.pos < len(self._text) - _CUT and not error.msg.startswith("Unterminated")
                if self._ended or surely:
                    line = self._line + self._text.count("\n", self._at, error.pos)
                    raise self._wrong(f"{error.msg[0].lower()}{error.msg[1:]}", line) from error
            except RecursionError as error:
                raise self._wrong("it is nested too deeply", self._line) from error
            else:
                # At the end of what was read a number may go on: "0" may be the beginning of "0.5" or of "0e1".
                if self._ended or end < len(self._text) - _CUT or self._text[end : end + 1] in _BEHIND:
                    self._line += self._text.count("\n", self._at, end)
                    self._at, self._size = end, CHUNK
                    return value
            self._more()
            self._size *= 2

    def _next_sign(self) -> str:
        """The next character that is no space, where the reader then stands; "" at the end of the file."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None, "it matches nothing at all, too"
            self._line += match[0].count("\n")
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more()

    def _more(self) -> None:
        chunk = self._file.read(self._size)
        self._ended = not chunk
        self._text, self._at = self._text[self._at :] + chunk, 0

    def _table(self) -> ObjectTable:
        value = self._value()
        if self._next_sign():
            raise ArgumentsInvalid(f"{self._name} holds more than one value.", "Is it a JSON Lines file?")
        if isinstance(value, dict):
            return table_of_object(value, self._name)
        raise ArgumentsInvalid(f"{self._name} holds {kind_of_value(value)}, not an array.", HINT)

    def _wrong(self, what: str, line: int) -> ArgumentsInvalid:
        return ArgumentsInvalid(f"Line {line} of {self._name} is not JSON: {what}.")
